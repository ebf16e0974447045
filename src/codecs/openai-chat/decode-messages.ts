import type { CacheHint, Citation, Message, Opaque, Part, ProviderPart, TextPart, ToolResultPart } from "../../ir/content.ts";
import type { JSONObject } from "../../ir/json.ts";
import { decodeFile, ID_FAMILY } from "./content.ts";
import { decodeReasoning, stateOfCall } from "./carriers.ts";
import { asArray, asObject, asText, CODEC, compact, demand, restOf } from "./wire.ts";

const ROLES: Readonly<Record<string, Message["role"]>> = {
  system: "system",
  developer: "system",
  user: "user",
  assistant: "assistant",
  tool: "tool",
  function: "tool",
};

const ROLE_WORDS = `one of ${Object.keys(ROLES).join(", ")}`;

/** Fields of a message that are read, or that only answers have and clients send back with them. */
const MESSAGE_FIELDS = new Set(
  "role content name tool_call_id tool_calls function_call refusal audio reasoning_content reasoning reasoning_details annotations parsed images".split(
    " ",
  ),
);
/** Besides a text's own fields those of its message, which OpenAI's agents copy onto it. */
const TEXT_FIELDS = new Set(
  "type text cache_control prompt_cache_breakpoint annotations role refusal audio reasoning reasoning_content reasoning_details".split(" "),
);
const FILE_FIELDS = new Set([
  "type",
  "image_url",
  "input_audio",
  "file",
  "video_url",
  "document_url",
  "cache_control",
  "prompt_cache_breakpoint",
]);
const CALL_FIELDS = new Set(["id", "type", "function", "custom", "index", "extra_content"]);

export function decodeMessages(value: unknown): readonly Message[] {
  demand(Array.isArray(value), "messages", "an array");
  let legacyCall = "";
  return asArray(value).map((each, index): Message => {
    const at = `messages[${index}]`;
    const wire = asObject(each);
    demand(wire !== undefined, at, "an object");
    const message = wire!;
    const { role, content, name } = message;
    demand(typeof role === "string" && Object.hasOwn(ROLES, role), `${at}.role`, ROLE_WORDS);
    demand(name == null || typeof name === "string", `${at}.name`, "a string");
    const to = ROLES[role as string]!;
    if (to === "assistant" && message["function_call"] != null) legacyCall = `call_${index}`;
    const shared = { ...(asText(name) === undefined ? undefined : { name: name as string }), ...restOf(message, MESSAGE_FIELDS) };
    if (to === "tool") {
      const callId = role === "function" ? legacyCall : message["tool_call_id"];
      demand(typeof callId === "string", `${at}.tool_call_id`, "a string");
      return { role: to, content: [decodeResult(content, callId as string, shared, at)] };
    }
    if (to === "assistant") return { role: to, content: decodeAssistant(message, at, legacyCall), ...shared };
    return {
      role: to,
      content: typeof content === "string" ? content : decodeParts(content, `${at}.content`),
      ...(role === "developer" ? { developer: true } : undefined),
      ...shared,
    };
  });
}

function decodeResult(content: unknown, callId: string, shared: object, at: string): ToolResultPart {
  const output =
    typeof content === "string"
      ? content
      : { type: "content" as const, parts: content == null ? [] : decodeParts(content, `${at}.content`) };
  return { type: "tool-result", callId, output: output as ToolResultPart["output"], ...shared };
}

function decodeParts(value: unknown, at: string): Part[] {
  demand(Array.isArray(value), at, "a string or an array");
  const parts: Part[] = [];
  for (const [index, each] of asArray(value).entries()) {
    const entry = asObject(each);
    demand(entry !== undefined && typeof entry["type"] === "string", `${at}[${index}].type`, "a string");
    const part = decodePart(entry!, `${at}[${index}]`);
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

function decodePart(entry: JSONObject, at: string): Part | undefined {
  const type = entry["type"] as string;
  if (type === "text" || type === "input_text" || type === "output_text") {
    demand(typeof entry["text"] === "string", `${at}.text`, "a string");
    return compact<TextPart>({ type: "text", text: entry["text"] as string, cache: cacheOf(entry), ...restOf(entry, TEXT_FIELDS) });
  }
  if (type === "refusal") {
    demand(typeof entry["refusal"] === "string", `${at}.refusal`, "a string");
    return { type: "refusal", text: entry["refusal"] as string };
  }
  if (type === "thinking") {
    const inner = entry["thinking"];
    return {
      type: "reasoning",
      text:
        asText(inner) ??
        asArray(inner)
          .map((each) => asText(asObject(each)?.["text"]) ?? "")
          .join(""),
    };
  }
  const file = decodeFile(entry);
  if (file !== undefined) return compact({ ...file, cache: cacheOf(entry), ...restOf(entry, FILE_FIELDS) });
  demand(!FILE_FIELDS.has(type), `${at}.${type}`, "complete");
  return { type: "provider", family: CODEC, codec: CODEC, raw: entry } satisfies ProviderPart;
}

const TTLS: Readonly<Record<string, CacheHint["ttl"]>> = { "5m": "5m", "30m": "30m", "1h": "1h", "12h": "12h" };

function cacheOf(entry: JSONObject): CacheHint | undefined {
  const mark = asObject(entry["prompt_cache_breakpoint"] ?? entry["cache_control"]);
  if (mark === undefined) return undefined;
  const ttl = TTLS[asText(mark["ttl"]) ?? ""];
  return ttl === undefined ? {} : { ttl };
}

function decodeAssistant(message: JSONObject, at: string, legacyCall: string): string | readonly Part[] {
  const { content, refusal } = message;
  const parts: Part[] = decodeReasoning(message);
  if (typeof content === "string") {
    const citations = decodeAnnotations(message["annotations"]);
    if (content !== "" || parts.length > 0) parts.push(compact<TextPart>({ type: "text", text: content, citations }));
  } else if (content != null) parts.push(...decodeParts(content, `${at}.content`));
  if (asText(refusal) !== undefined) parts.push({ type: "refusal", text: refusal as string });
  const sound = asObject(message["audio"]);
  if (asText(sound?.["id"]) !== undefined) {
    parts.push({ type: "file", mediaType: "audio/*", data: { type: "id", id: sound!["id"] as string, family: ID_FAMILY } });
  }
  const calls = message["tool_calls"];
  demand(calls == null || Array.isArray(calls), `${at}.tool_calls`, "an array");
  asArray(calls).forEach((each, index) => parts.push(decodeCall(asObject(each), `${at}.tool_calls[${index}]`)));
  const legacy = message["function_call"];
  if (legacy != null) parts.push(decodeCall({ id: legacyCall, function: legacy }, `${at}.function_call`));
  const only = parts[0];
  return parts.length === 0
    ? ""
    : parts.length === 1 && typeof content === "string" && only!.type === "text" && only!.citations === undefined
      ? content
      : parts;
}

function decodeCall(entry: JSONObject | undefined, at: string): Part {
  demand(entry !== undefined, at, "an object");
  const { id, type } = entry!;
  const custom = type === "custom";
  const body = asObject(entry![custom ? "custom" : "function"]);
  const input = custom ? body?.["input"] : body?.["arguments"];
  demand(typeof id === "string", `${at}.id`, "a string");
  demand(asText(body?.["name"]) !== undefined, `${at}.${custom ? "custom" : "function"}.name`, "a non-empty string");
  const text = typeof input === "string" ? input : input == null ? "" : JSON.stringify(input);
  const opaque: readonly Opaque[] | undefined = stateOfCall(entry!);
  return {
    type: "tool-call",
    id: id as string,
    name: body!["name"] as string,
    arguments: text === "" && !custom ? "{}" : text,
    ...(custom ? { custom } : undefined),
    ...(opaque === undefined ? undefined : { opaque }),
    ...restOf(entry!, CALL_FIELDS),
  };
}

function decodeAnnotations(value: unknown): readonly Citation[] | undefined {
  const found = asArray(value).flatMap((each): Citation[] => {
    const cited = asObject(asObject(each)?.["url_citation"]);
    const url = asText(cited?.["url"]);
    const title = asText(cited?.["title"]);
    return url === undefined ? [] : [{ source: title === undefined ? { url } : { url, title } }];
  });
  return found.length === 0 ? undefined : found;
}
