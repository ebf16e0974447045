import type { ClientRequest, ClientRoute } from "../codec.ts";
import type { CacheHint, Message, Opaque, Part, TextPart, ToolResultPart } from "../../ir/content.ts";
import { CrosspointError } from "../../ir/error.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { ModelRequest } from "../../ir/request.ts";
import type { Tool } from "../../ir/tool.ts";
import { decodeCitation } from "./citations.ts";
import { decodeThinking } from "./thinking.ts";
import { decodeToolChoice, isFunctionField } from "./tools.ts";
import { badRequest, CODEC, FAMILY, fromInput, isObject, put, rest, text, VERSION, type Block, type Draft } from "./wire.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Fields that the IR has; every other one is kept for this wire. */
const FIELDS = new Set(
  "model messages system max_tokens stream tools tool_choice thinking output_config temperature top_p top_k stop_sequences metadata service_tier cache_control thread".split(
    " ",
  ),
);

const CONFIG = new Set(["format", "effort"]);

/** Numbers and their IR names. */
const NUMBERS = { max_tokens: "maxOutputTokens", temperature: "temperature", top_p: "topP", top_k: "topK" } as const;

/** Fields of the blocks that become parts, by type; others of theirs are kept with the part. */
const BLOCK_FIELDS: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries({
    text: "text citations",
    image: "source",
    document: "source title context citations",
    thinking: "thinking signature",
    redacted_thinking: "data",
    tool_use: "id name input",
    tool_result: "tool_use_id content is_error",
  }).map(([type, fields]) => [type, new Set(["type", "cache_control", ...fields.split(" ")])]),
);

export function decodeRequest(body: unknown, route: ClientRoute): ClientRequest {
  if (!isObject(body)) throw badRequest("body", "an object");
  const model = field(body, "model", "string", "") ?? route.model;
  if (model === undefined) throw badRequest("model", "a string");
  if (object(body, "thread")?.["type"] === "continue") throw threadLost();
  const messages: Message[] = [];
  if (body["system"] !== undefined && body["system"] !== null)
    messages.push({ role: "system", content: decodeContent(body["system"], "system", "system") });
  for (const [index, message] of array(body["messages"], "messages").entries()) decodeMessage(message, `messages[${index}]`, messages);

  const request: Mutable<ModelRequest> = { model, messages };
  const kept: Draft = { ...rest(body, FIELDS) };
  for (const key of Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]) {
    const value = field(body, key, "number", "");
    if (value !== undefined) request[NUMBERS[key]] = value;
  }
  if (present(body, "stop_sequences"))
    request.stop = array(body["stop_sequences"], "stop_sequences").map((each, index) => string(each, `stop_sequences[${index}]`));
  if (present(body, "tools")) request.tools = array(body["tools"], "tools").map(decodeTool);

  const choice = object(body, "tool_choice");
  if (choice !== undefined) {
    const toolChoice = decodeToolChoice(choice);
    if (toolChoice === undefined) throw badRequest("tool_choice", "auto, any, none or a tool with its name");
    request.toolChoice = toolChoice;
    const alone = field(choice, "disable_parallel_tool_use", "boolean", "tool_choice.");
    if (alone !== undefined) request.parallelToolCalls = !alone;
  }

  const outputConfig = object(body, "output_config") ?? {};
  const { format } = outputConfig;
  const config: Draft = { ...rest(outputConfig, CONFIG) };
  const { reasoning, thinking, effort } = decodeThinking(object(body, "thinking"), outputConfig);
  if (reasoning !== undefined) request.reasoning = reasoning;
  put(kept, "thinking", thinking);
  if (isObject(format) && format["type"] === "json_schema" && isObject(format["schema"]))
    request.output = { type: "json", schema: format["schema"] };
  else if (format !== undefined && format !== null) config["format"] = format;
  put(config, "effort", effort);
  if (Object.keys(config).length > 0) kept["output_config"] = config;

  const { user_id, ...metadata } = object(body, "metadata") ?? {};
  if (typeof user_id === "string") request.user = user_id;
  if (Object.keys(metadata).length > 0) kept["metadata"] = { ...metadata, ...(typeof user_id === "string" && { user_id }) };
  const tier = field(body, "service_tier", "string", "");
  if (tier !== undefined) request.serviceTier = tier;
  Object.assign(request, cacheOf(body, ""));

  const version = route.headers?.get("anthropic-version");
  if (version && version !== VERSION) kept["anthropic-version"] = version;
  const betas = route.headers?.get("anthropic-beta");
  if (betas) kept["anthropic-beta"] = betas;
  if (Object.keys(kept).length > 0) request.providerOptions = { [CODEC]: kept };
  return { request, stream: field(body, "stream", "boolean", "") ?? route.stream ?? false, warnings: [] };
}

/** The provider that holds a thread may not be the one that answers next. Clients that hear this send the whole conversation instead. */
function threadLost(): CrosspointError {
  return new CrosspointError("NOT_FOUND", "thread: conversations are not held here; send all messages", {
    param: "thread",
    providerCode: "thread_not_found",
  });
}

/** Tool results of a user turn become messages of their own, in the order of the blocks. */
function decodeMessage(message: unknown, param: string, out: Message[]): void {
  if (!isObject(message)) throw badRequest(param, "an object");
  const { role } = message;
  if (role !== "user" && role !== "assistant" && role !== "system") throw badRequest(`${param}.role`, "user, assistant or system");
  const content = decodeContent(message["content"], role, `${param}.content`);
  if (typeof content === "string" || role !== "user") return void out.push({ role, content });
  let group: Part[] = [];
  let current: Message["role"] | undefined;
  for (const part of content) {
    const owner = part.type === "tool-result" ? "tool" : "user";
    if (owner !== current) out.push({ role: (current = owner), content: (group = []) });
    group.push(part);
  }
  if (content.length === 0) out.push({ role, content });
}

function decodeContent(content: unknown, role: Message["role"], param: string): string | Part[] {
  if (typeof content === "string") return content;
  return array(content, param).map((block, index) => decodeBlock(block, role, `${param}[${index}]`));
}

function decodeBlock(value: unknown, role: Message["role"], param: string): Part {
  if (!isObject(value) || typeof value["type"] !== "string") throw badRequest(param, "a block with a type");
  const block = value as Block;
  const { type } = block;
  const part = Object.hasOwn(BLOCK_FIELDS, type) ? decodeKnown(block, role, param) : undefined;
  if (part === undefined) return { type: "provider", family: FAMILY, codec: CODEC, raw: block };
  const caller = block["caller"];
  const direct = isObject(caller) && caller["type"] === "direct";
  const more = rest(direct ? { ...block, caller: null } : block, BLOCK_FIELDS[type]!);
  return { ...part, ...cacheOf(block, `${param}.`), ...(more !== undefined && { providerOptions: { [CODEC]: more } }) };
}

/** `undefined` for a block that only this wire knows. */
function decodeKnown(block: Block, role: Message["role"], param: string): Part | undefined {
  const need = (key: string): string => string(block[key], `${param}.${key}`);
  switch (block.type) {
    case "text":
      return decodeText(block, need("text"), role);
    case "thinking": {
      const opaque = decodeState("signature", text(block["signature"]));
      return { type: "reasoning", text: need("thinking"), ...(opaque !== undefined && { opaque }) };
    }
    case "redacted_thinking": {
      const opaque = decodeState("redacted", need("data"));
      return { type: "reasoning", text: "", form: "redacted", ...(opaque !== undefined && { opaque }) };
    }
    case "tool_use":
      return { type: "tool-call", id: need("id"), name: need("name"), arguments: fromInput(block["input"]) };
    case "tool_result":
      return decodeResult(block, need("tool_use_id"), param);
    default:
      return decodeFile(block, param);
  }
}

function decodeText(block: Block, words: string, role: Message["role"]): TextPart {
  const citations = role === "assistant" && Array.isArray(block["citations"]) ? block["citations"].filter(isObject) : [];
  return { type: "text", text: words, ...(citations.length > 0 && { citations: citations.map((each) => decodeCitation(each, FAMILY)) }) };
}

/** A carrier holds either this family's own state or an envelope with another's. */
function decodeState(kind: string, data: string | undefined): readonly Opaque[] | undefined {
  if (data === undefined || data === "") return undefined;
  return [data.startsWith("xp1.") ? { family: "sealed", kind: "sealed", data } : { family: FAMILY, kind, data }];
}

function decodeResult(block: Block, callId: string, param: string): ToolResultPart {
  const isError = field(block, "is_error", "boolean", `${param}.`);
  const content = block["content"] ?? "";
  const output =
    typeof content === "string"
      ? content
      : ({
          type: "content",
          parts: array(content, `${param}.content`).map((each, index) => {
            const part = decodeBlock(each, "tool", `${param}.content[${index}]`);
            if (part.type !== "text" && part.type !== "file" && part.type !== "provider")
              throw badRequest(`${param}.content[${index}]`, "text, an image or a document");
            return part;
          }),
        } as const);
  return { type: "tool-result", callId, output, ...(isError !== undefined && { isError }) };
}

function decodeFile(block: Block, param: string): Part | undefined {
  const image = block.type === "image";
  const source = object(block, "source", `${param}.`);
  if (source === undefined) throw badRequest(`${param}.source`, "an object");
  const need = (key: string): string => string(source[key], `${param}.source.${key}`);
  const unnamed = image ? "image/*" : "application/pdf";
  const documentFields = (): object => {
    const title = text(block["title"]);
    const context = text(block["context"]);
    const citations = block["citations"];
    const citable = isObject(citations) ? citations["enabled"] : undefined;
    return {
      ...(title !== undefined && { title }),
      ...(context !== undefined && { context }),
      ...(typeof citable === "boolean" && { citable }),
    };
  };
  const file = { type: "file", ...(!image && documentFields()) } as const;
  switch (source["type"]) {
    case "base64":
      return { ...file, mediaType: need("media_type"), data: { type: "base64", base64: need("data") } };
    case "url":
      return { ...file, mediaType: unnamed, data: { type: "url", url: need("url") } };
    case "file":
      return { ...file, mediaType: unnamed, data: { type: "id", id: need("file_id"), family: FAMILY } };
    case "text":
      return { ...file, mediaType: "text/plain", data: { type: "text", text: need("data") } };
    default:
      return undefined;
  }
}

function decodeTool(value: unknown, index: number): Tool {
  const param = `tools[${index}]`;
  if (!isObject(value)) throw badRequest(param, "an object");
  if (typeof value["type"] === "string" && value["type"] !== "custom") return { type: "provider", family: FAMILY, raw: value };
  const description = field(value, "description", "string", `${param}.`);
  const inputSchema = object(value, "input_schema", `${param}.`);
  const strict = field(value, "strict", "boolean", `${param}.`);
  const examples = present(value, "input_examples")
    ? array(value["input_examples"], `${param}.input_examples`).filter(isObject)
    : undefined;
  const more: Draft = {};
  for (const [key, each] of Object.entries(value)) if (!isFunctionField(key) && key !== "__proto__") put(more, key, each);
  return {
    name: string(value["name"], `${param}.name`),
    ...(description !== undefined && { description }),
    ...(inputSchema !== undefined && { inputSchema }),
    ...(strict !== undefined && { strict }),
    ...(examples !== undefined && { inputExamples: examples }),
    ...cacheOf(value, `${param}.`),
    ...(Object.keys(more).length > 0 && { providerOptions: { [CODEC]: more } }),
  };
}

function cacheOf(value: JSONObject, prefix: string): { cache?: CacheHint } | undefined {
  const control = object(value, "cache_control", prefix);
  if (control === undefined) return undefined;
  const { ttl } = control;
  return { cache: ttl === "5m" || ttl === "1h" ? { ttl } : {} };
}

const present = (value: JSONObject, key: string): boolean => value[key] !== undefined && value[key] !== null;

function array(value: unknown, param: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badRequest(param, "an array");
  return value;
}

function string(value: unknown, param: string): string {
  if (typeof value !== "string") throw badRequest(param, "a string");
  return value;
}

function object(value: JSONObject, key: string, prefix = ""): JSONObject | undefined {
  const found = value[key];
  if (found === undefined || found === null) return undefined;
  if (!isObject(found)) throw badRequest(prefix + key, "an object");
  return found;
}

/** An optional field of one primitive type; null counts as absent. */
function field(value: JSONObject, key: string, type: "string", prefix: string): string | undefined;
function field(value: JSONObject, key: string, type: "number", prefix: string): number | undefined;
function field(value: JSONObject, key: string, type: "boolean", prefix: string): boolean | undefined;
function field(value: JSONObject, key: string, type: "string" | "number" | "boolean", prefix: string): unknown {
  const found = value[key];
  if (found === undefined || found === null) return undefined;
  if (typeof found !== type) throw badRequest(prefix + key, `a ${type}`);
  return found;
}
