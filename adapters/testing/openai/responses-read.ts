import { list, object, objects, text, type Json, type JsonObject } from "../core/json.ts";
import { describeUrl, MEDIA_TOKENS } from "../core/media.ts";
import type { Failure, Segment, ToolOffer, Turn, WireContext } from "../core/turn.ts";
import { readChoice } from "./chat-read.ts";
import { invalidRequest } from "./errors.ts";

/** The input as items: a string is one user message. */
export function inputItems(body: JsonObject): readonly JsonObject[] {
  return typeof body["input"] === "string" ? [{ type: "message", role: "user", content: body["input"] }] : objects(body["input"]);
}

export function itemType(item: JsonObject): string {
  return typeof item["type"] === "string" ? item["type"] : "message";
}

/** The item of this id in any conversation that was kept. */
export function findStored(context: WireContext, id: Json | undefined): JsonObject | undefined {
  for (const { items } of context.stored.values()) {
    const found = items.find((item) => item["id"] === id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The refusal of a reference to an item that was not kept. */
export function unknownItem(id: string): Failure {
  return {
    status: 404,
    message: `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`,
    type: "invalid_request_error",
    param: "input",
    code: null,
  };
}

/** Puts stored conversation before the input and stored items in the place of references. */
export function expandResponses(body: JsonObject, context: WireContext): { readonly body: JsonObject } | { readonly failure: Failure } {
  const previous = body["previous_response_id"];
  const stored = typeof previous === "string" ? context.stored.get(previous) : undefined;
  if (typeof previous === "string" && stored === undefined) {
    return {
      failure: invalidRequest(`Previous response with id '${previous}' not found.`, "previous_response_id", "previous_response_not_found"),
    };
  }
  if (typeof body["input"] !== "string" && !Array.isArray(body["input"])) return { body };
  const items: Json[] = [...(stored?.items ?? [])];
  for (const item of typeof body["input"] === "string" ? inputItems(body) : list(body["input"])) {
    const { type, id } = object(item);
    const kept = type === "item_reference" ? findStored(context, id) : item;
    if (kept === undefined) return { failure: unknownItem(text(id)) };
    items.push(kept);
  }
  return { body: { ...body, input: items } };
}

const CALLS = new Set(["function_call", "custom_tool_call"]);
const OUTPUTS = new Set(["function_call_output", "custom_tool_call_output"]);

/** What a Responses request asks for. */
export function readResponses(body: JsonObject, context: WireContext): Turn {
  const items = inputItems(body);
  const lastModel = items.findLastIndex(
    (item) => CALLS.has(itemType(item)) || itemType(item) === "reasoning" || item["role"] === "assistant",
  );
  const asked = items.findLastIndex((item) => itemType(item) === "message" && item["role"] === "user");
  const names = new Map(items.filter((item) => CALLS.has(itemType(item))).map((item) => [text(item["call_id"]), text(item["name"])]));
  const latest = items.slice(lastModel + 1);
  const format = object(object(body["text"])["format"]);
  const reasoning = object(body["reasoning"]);
  return {
    wire: "openai-responses",
    model: text(body["model"]),
    stream: context.stream,
    text: partsText(items[asked]?.["content"]),
    media: latest.flatMap((item) => [...partsMedia(item["content"]), ...partsMedia(item["output"])]),
    tools: objects(body["tools"]).flatMap(readTool),
    choice: readChoice(body["tool_choice"]),
    parallel: body["parallel_tool_calls"] !== false,
    toolResults: latest
      .filter((item) => OUTPUTS.has(itemType(item)))
      .map((item) => ({ name: names.get(text(item["call_id"])) ?? "tool", text: partsText(item["output"]) })),
    called: items
      .slice(asked + 1)
      .filter((item) => CALLS.has(itemType(item)))
      .map((item) => text(item["name"])),
    ...(format["type"] === "json_schema" ? { output: format["schema"] ?? true } : format["type"] === "json_object" ? { output: true } : {}),
    reasoning: (typeof reasoning["effort"] === "string" && reasoning["effort"] !== "none") || typeof reasoning["summary"] === "string",
    ...(typeof body["max_output_tokens"] === "number" ? { maxTokens: body["max_output_tokens"] } : {}),
    stop: [],
    count: 1,
    ...(wants(body, "message.output_text.logprobs")
      ? { logprobs: typeof body["top_logprobs"] === "number" ? body["top_logprobs"] : 0 }
      : {}),
    prompt: readPrompt(body, items),
    cache: "automatic",
  };
}

/** Whether `include` names this. */
export function wants(body: JsonObject, name: string): boolean {
  return Array.isArray(body["include"]) && body["include"].includes(name);
}

function readTool(tool: JsonObject): readonly ToolOffer[] {
  if (tool["type"] === "function")
    return [
      {
        name: text(tool["name"]),
        ...(tool["parameters"] === undefined || tool["parameters"] === null ? {} : { schema: tool["parameters"] }),
      },
    ];
  return tool["type"] === "custom" ? [{ name: text(tool["name"]), freeform: true }] : [];
}

function partsText(content: Json | undefined): string {
  if (typeof content === "string") return content;
  return objects(content)
    .map((part) => text(part["text"] ?? part["refusal"]))
    .filter((item) => item !== "")
    .join("\n");
}

function partsMedia(content: Json | undefined): readonly string[] {
  return objects(content).flatMap((part) => {
    if (part["type"] === "input_image")
      return [part["image_url"] === undefined ? `image ${text(part["file_id"])}` : describeUrl(text(part["image_url"]), "image")];
    if (part["type"] !== "input_file") return [];
    const source = part["file_data"] ?? part["file_url"];
    return [source === undefined ? `file ${text(part["file_id"])}` : describeUrl(text(source), "application/pdf")];
  });
}

function readPrompt(body: JsonObject, items: readonly JsonObject[]): readonly Segment[] {
  const tools = body["tools"] === undefined ? [] : [{ text: JSON.stringify(body["tools"]) }];
  const instructions = typeof body["instructions"] === "string" ? [{ text: body["instructions"] }] : [];
  const turns = items.flatMap((item): readonly Segment[] => {
    const media = [...partsMedia(item["content"]), ...partsMedia(item["output"])].map((found) => ({ text: found, tokens: MEDIA_TOKENS }));
    const said = itemType(item) === "message" ? `${text(item["role"])}: ${partsText(item["content"])}` : callText(item);
    return [{ text: said }, ...media];
  });
  return [...tools, ...instructions, ...turns];
}

function callText(item: JsonObject): string {
  return `${itemType(item)}: ${text(item["name"])}${text(item["arguments"] ?? item["input"])}${partsText(item["output"])}`;
}
