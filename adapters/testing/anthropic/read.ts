import { list, number, object, objects, text, type Json, type JsonObject } from "../core/json.ts";
import { describeBase64, MEDIA_TOKENS } from "../core/media.ts";
import type { Segment, ToolOffer, Turn, WireContext } from "../core/turn.ts";

/** Content as blocks: a string is one text block. */
export function blocks(content: Json | undefined): readonly JsonObject[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : objects(content);
}

/** What a Messages request asks for. */
export function readAnthropic(body: JsonObject, context: WireContext): Turn {
  const messages = objects(body["messages"]);
  const lastAssistant = messages.findLastIndex((message) => message["role"] === "assistant");
  const asked = messages.findLastIndex((message) => message["role"] === "user" && textOf(blocks(message["content"])) !== "");
  const names = new Map(
    messages
      .flatMap((message) => blocks(message["content"]))
      .filter((block) => block["type"] === "tool_use")
      .map((block) => [text(block["id"]), text(block["name"])]),
  );
  const latest = messages.slice(lastAssistant + 1).flatMap((message) => blocks(message["content"]));
  const results = latest.filter((block) => block["type"] === "tool_result");
  const choice = object(body["tool_choice"]);
  const output = object(object(body["output_config"])["format"]);
  return {
    wire: "anthropic-messages",
    model: text(body["model"]),
    stream: context.stream,
    text: textOf(blocks(messages[asked]?.["content"])),
    media: [...latest, ...results.flatMap((block) => blocks(block["content"]))].flatMap(describeMedia),
    tools: objects(body["tools"]).map((tool): ToolOffer => ({
      name: text(tool["name"]),
      ...(tool["input_schema"] === undefined ? {} : { schema: tool["input_schema"] }),
    })),
    choice: readChoice(choice),
    parallel: choice["disable_parallel_tool_use"] !== true,
    toolResults: results.map((block) => ({
      name: names.get(text(block["tool_use_id"])) ?? "tool",
      text: textOf(blocks(block["content"])),
    })),
    called: messages
      .slice(asked + 1)
      .flatMap((message) => blocks(message["content"]))
      .filter((block) => block["type"] === "tool_use")
      .map((block) => text(block["name"])),
    ...(output["type"] === "json_schema" ? { output: output["schema"] ?? true } : {}),
    reasoning: ["enabled", "adaptive"].includes(text(object(body["thinking"])["type"])),
    ...(typeof body["max_tokens"] === "number" ? { maxTokens: number(body["max_tokens"]) ?? 0 } : {}),
    stop: list(body["stop_sequences"]).map(text),
    count: 1,
    prompt: readPrompt(body, messages),
    cache: "marked",
  };
}

function readChoice(choice: JsonObject): Turn["choice"] {
  if (choice["type"] === "none") return { mode: "none" };
  if (choice["type"] === "any") return { mode: "required" };
  return choice["type"] === "tool" ? { mode: "required", names: [text(choice["name"])] } : { mode: "auto" };
}

function textOf(content: readonly JsonObject[]): string {
  return content
    .filter((block) => block["type"] === "text")
    .map((block) => text(block["text"]))
    .join("\n");
}

function describeMedia(block: JsonObject): readonly string[] {
  if (block["type"] !== "image" && block["type"] !== "document") return [];
  const source = object(block["source"]);
  const fallback = block["type"] === "image" ? "image" : "application/pdf";
  if (source["type"] === "base64") return [describeBase64(text(source["media_type"]), text(source["data"]))];
  if (source["type"] === "text") return [`text/plain ${new TextEncoder().encode(text(source["data"])).length} bytes`];
  return [`${fallback} ${text(source["url"] ?? source["file_id"] ?? "content")}`];
}

function readPrompt(body: JsonObject, messages: readonly JsonObject[]): readonly Segment[] {
  const segments = [
    ...objects(body["tools"]).map((tool) => segment(tool, JSON.stringify(without(tool)))),
    ...blocks(body["system"]).map((block) => segment(block, text(block["text"]))),
    ...messages.flatMap((message) => blocks(message["content"]).map((block) => blockSegment(block, text(message["role"])))),
  ];
  const last = segments.at(-1);
  return object(body["cache_control"])["type"] === "ephemeral" && last !== undefined
    ? [...segments.slice(0, -1), { ...last, breakpoint: true }]
    : segments;
}

function blockSegment(block: JsonObject, role: string): Segment {
  const media = describeMedia(block);
  if (media.length > 0) return { ...segment(block, `${role}: ${JSON.stringify(without(block))}`), tokens: MEDIA_TOKENS };
  return segment(block, block["type"] === "text" ? `${role}: ${text(block["text"])}` : `${role}: ${JSON.stringify(without(block))}`);
}

function without(block: JsonObject): JsonObject {
  const { cache_control: _, ...rest } = block;
  return rest;
}

function segment(block: JsonObject, source: string): Segment {
  return { text: source, ...(block["cache_control"] === undefined || block["cache_control"] === null ? {} : { breakpoint: true }) };
}
