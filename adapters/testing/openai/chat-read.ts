import { list, number, object, objects, string, text, type Json, type JsonObject } from "../core/json.ts";
import { describeBase64, describeUrl, MEDIA_TOKENS } from "../core/media.ts";
import type { Segment, ToolOffer, Turn, WireContext } from "../core/turn.ts";

/** What a Chat Completions request asks for. */
export function readChat(body: JsonObject, context: WireContext): Turn {
  const messages = objects(body["messages"]);
  const lastUser = messages.findLastIndex((message) => message["role"] === "user");
  const lastAssistant = messages.findLastIndex((message) => message["role"] === "assistant");
  const since = messages.slice(lastUser + 1);
  const names = new Map(messages.flatMap((message) => objects(message["tool_calls"])).map((call) => [text(call["id"]), callName(call)]));
  const results = messages.slice(lastAssistant + 1).filter((message) => message["role"] === "tool");
  const fresh = lastUser > lastAssistant || lastAssistant < 0;
  return {
    wire: "openai-chat",
    model: text(body["model"]),
    stream: context.stream,
    text: contentText(messages[lastUser]?.["content"]),
    media: messages.slice(Math.max(0, lastAssistant + 1)).flatMap((message) => contentMedia(message["content"])),
    tools: readTools(body),
    choice: readChoice(body["tool_choice"]),
    parallel: body["parallel_tool_calls"] !== false,
    toolResults:
      fresh && results.length === 0
        ? []
        : results.map((message) => ({ name: names.get(text(message["tool_call_id"])) ?? "tool", text: contentText(message["content"]) })),
    called: since.flatMap((message) => objects(message["tool_calls"])).map(callName),
    ...readFormat(object(body["response_format"])),
    reasoning: body["reasoning_effort"] !== undefined && body["reasoning_effort"] !== "none" && body["reasoning_effort"] !== null,
    ...maximum(body["max_completion_tokens"] ?? body["max_tokens"]),
    stop: typeof body["stop"] === "string" ? [body["stop"]] : list(body["stop"]).map(text),
    count: number(body["n"]) ?? 1,
    ...(body["logprobs"] === true ? { logprobs: number(body["top_logprobs"]) ?? 0 } : {}),
    prompt: readPrompt(body, messages),
    cache: "automatic",
  };
}

function maximum(value: Json | undefined): Pick<Turn, "maxTokens"> {
  return typeof value === "number" ? { maxTokens: value } : {};
}

function callName(call: JsonObject): string {
  return text(object(call["function"] ?? call["custom"])["name"]);
}

export function contentText(content: Json | undefined): string {
  if (typeof content === "string") return content;
  return objects(content)
    .map((part) => text(part["text"] ?? part["refusal"]))
    .filter((item) => item !== "")
    .join("\n");
}

function contentMedia(content: Json | undefined): readonly string[] {
  return objects(content).flatMap((part) => {
    if (part["type"] === "image_url") return [describeUrl(text(object(part["image_url"])["url"]), "image")];
    if (part["type"] === "input_audio") {
      const audio = object(part["input_audio"]);
      return [describeBase64(`audio/${text(audio["format"])}`, text(audio["data"]))];
    }
    if (part["type"] !== "file") return [];
    const file = object(part["file"]);
    return [file["file_data"] === undefined ? `file ${text(file["file_id"])}` : describeUrl(text(file["file_data"]), "application/pdf")];
  });
}

function readTools(body: JsonObject): readonly ToolOffer[] {
  const modern = objects(body["tools"]).map((tool): ToolOffer => {
    const spec = object(tool["function"] ?? tool["custom"]);
    return {
      name: text(spec["name"]),
      ...(spec["parameters"] === undefined ? {} : { schema: spec["parameters"] }),
      ...(tool["type"] === "custom" ? { freeform: true } : {}),
    };
  });
  return modern;
}

/** `tool_choice` of both OpenAI APIs: the function's name stands beside or inside. */
export function readChoice(choice: Json | undefined): Turn["choice"] {
  if (choice === "none" || choice === "required") return { mode: choice };
  const spec = object(choice);
  if (spec["type"] === "allowed_tools") {
    const allowed = object(spec["allowed_tools"] ?? spec);
    return { mode: allowed["mode"] === "required" ? "required" : "auto", names: objects(allowed["tools"]).map(toolName) };
  }
  if (spec["type"] === "function" || spec["type"] === "custom") return { mode: "required", names: [toolName(spec)] };
  return { mode: "auto" };
}

function toolName(spec: JsonObject): string {
  return string(spec["name"]) ?? text(object(spec["function"] ?? spec["custom"])["name"]);
}

function readFormat(format: JsonObject): Pick<Turn, "output"> {
  if (format["type"] === "json_object") return { output: true };
  return format["type"] === "json_schema" ? { output: object(format["json_schema"])["schema"] ?? true } : {};
}

function readPrompt(body: JsonObject, messages: readonly JsonObject[]): readonly Segment[] {
  const tools = body["tools"] === undefined ? [] : [{ text: JSON.stringify(body["tools"]) }];
  return [...tools, ...messages.flatMap((message) => [...messageSegments(message)])];
}

function* messageSegments(message: JsonObject): Generator<Segment> {
  const calls = objects(message["tool_calls"]).map((call) => JSON.stringify(call["function"] ?? call["custom"]));
  yield { text: `${text(message["role"])}: ${contentText(message["content"])}${calls.join("")}` };
  for (const item of contentMedia(message["content"])) yield { text: item, tokens: MEDIA_TOKENS };
}
