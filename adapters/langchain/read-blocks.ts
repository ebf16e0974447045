import type { CacheHint, Citation, CodecId, JSONObject, Opaque, Part, ReasoningPart, TextPart } from "crosspoint";
import { readFile } from "./read-files.ts";
import { isRecord, text } from "./schema.ts";
import { KEY, readPart, readState, toCitation } from "./state.ts";

type Block = Readonly<Record<string, unknown>>;

/** Who made the message that a block is of, as far as it tells. */
export interface Origin {
  readonly family?: string;
  readonly model?: string;
}

/** A block that stands for a tool call: the calls themselves are in `tool_calls`. */
export interface CallPlace {
  readonly type: "call";
  readonly block: Block;
}

/** The wires whose blocks stand in the messages of LangChain's own models. */
const WIRES: Readonly<Record<string, CodecId>> = { anthropic: "anthropic-messages", openai: "openai-responses", google: "gemini" };

const CALLS = new Set([
  "tool_call",
  "tool_use",
  "tool_call_chunk",
  "invalid_tool_call",
  "function_call",
  "functionCall",
  "custom_tool_call",
  "input_json_delta",
  "toolUse",
]);

/** The parts of a content, and the places of its tool calls. */
export function readContent(content: unknown, origin: Origin): readonly (Part | CallPlace)[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  if (!Array.isArray(content)) return [];
  const parts: (Part | CallPlace)[] = [];
  for (const block of content as readonly unknown[]) {
    if (typeof block === "string") parts.push({ type: "text", text: block });
    else if (isRecord(block)) pushBlock(block, origin, parts);
  }
  return parts;
}

function pushBlock(block: Block, origin: Origin, parts: (Part | CallPlace)[]): void {
  const { type } = block;
  if (CALLS.has(type as string) || isRecord(block["functionCall"])) {
    parts.push({ type: "call", block });
    return;
  }
  const part = readBlock(block, origin);
  if (part === undefined) return;
  const last = parts.at(-1);
  // A stream that began as plain text brings what belongs to the text in an empty block at its end.
  if (part.type === "text" && part.text === "" && last?.type === "text" && last.opaque === undefined)
    parts[parts.length - 1] = { ...part, ...last };
  else parts.push(part);
}

function readBlock(block: Block, origin: Origin): Part | undefined {
  const { type } = block;
  const shared = { ...readState(block[KEY]), ...cacheOf(block), ...signatureOf(block, origin) };
  switch (type) {
    case "text":
    case "text_delta":
    case "output_text":
    case "input_text":
      return { type: "text", text: text(block["text"]) ?? "", ...citationsOf(block, origin), ...shared } as TextPart;
    case "reasoning":
    case "thinking":
    case "redacted_thinking":
    case "reasoning_content":
    case "reasoningContent":
      return { ...readReasoning(block, origin), ...shared };
    case "refusal":
      return { type: "refusal", text: text(block["refusal"]) ?? "" };
    case "non_standard": {
      const value = block["value"];
      if (!isRecord(value)) return undefined;
      return readPart(value[KEY]) ?? readBlock(value, origin) ?? foreign(value, origin);
    }
    default: {
      const whole = isRecord(block[KEY]) ? readPart(block[KEY]["part"]) : undefined;
      if (whole !== undefined) return whole;
      const file = readFile(block, origin.family);
      if (file !== undefined) return { ...file, ...shared } as Part;
      if (type === undefined && typeof block["text"] === "string") return { type: "text", text: block["text"], ...shared } as TextPart;
      return foreign(block, origin);
    }
  }
}

/** A block of one provider, to be replayed to it alone. */
function foreign(block: Block, { family }: Origin): Part | undefined {
  const codec = family === undefined || !Object.hasOwn(WIRES, family) ? undefined : WIRES[family];
  if (codec === undefined || /^(?:server_tool_call|server_tool_call_chunk|server_tool_call_result)$/.test(text(block["type"]) ?? ""))
    return undefined;
  const { index: _index, ...raw } = block;
  return { type: "provider", family: family!, codec, raw: raw as JSONObject };
}

function readReasoning(block: Block, { family, model }: Origin): ReasoningPart {
  const state = (kind: string, data: unknown, from: string): readonly Opaque[] =>
    typeof data === "string" && data !== ""
      ? [{ family: family ?? from, ...(model === undefined ? undefined : { model }), kind, data }]
      : [];
  const inner = isRecord(block["reasoningText"]) ? block["reasoningText"] : block;
  const summary = Array.isArray(block["summary"])
    ? block["summary"].map((each: unknown) => (isRecord(each) ? (text(each["text"]) ?? "") : "")).join("\n\n")
    : undefined;
  const opaque = [
    ...state("signature", block["signature"] ?? inner["signature"], "anthropic"),
    ...(block["type"] === "redacted_thinking" ? state("redacted", block["data"], "anthropic") : []),
    ...state("encrypted-content", block["encrypted_content"], "openai"),
  ];
  const shown =
    text(block["reasoning"]) ?? text(block["thinking"]) ?? text(inner["text"]) ?? text(block["reasoning_content"]) ?? summary ?? "";
  const form = block["type"] === "redacted_thinking" ? "redacted" : summary === undefined ? undefined : "summary";
  return {
    type: "reasoning",
    text: shown,
    ...(form === undefined ? undefined : { form }),
    ...(opaque.length === 0 ? undefined : { opaque }),
    ...(family === "openai" && typeof block["id"] === "string" && block["id"].startsWith("rs_") ? { itemId: block["id"] } : undefined),
  };
}

/** The reasoning of an OpenAI Responses item, as `ChatOpenAI` keeps it beside the content. */
export function readReasoningItem(item: unknown, origin: Origin): ReasoningPart | undefined {
  return isRecord(item) ? readReasoning({ ...item, type: "reasoning" }, { ...origin, family: origin.family ?? "openai" }) : undefined;
}

/** Gemini's signature, which may stand on any part. */
export function signatureOf(block: Block, { model }: Origin): { readonly opaque: readonly Opaque[] } | undefined {
  const data = block["thoughtSignature"] ?? block["thought_signature"];
  if (typeof data !== "string" || data === "") return undefined;
  return { opaque: [{ family: "google", ...(model === undefined ? undefined : { model }), kind: "thought-signature", data }] };
}

export function cacheOf(block: Block): { readonly cache: CacheHint } | undefined {
  const hint = block["cache_control"];
  if (!isRecord(hint)) return undefined;
  return { cache: hint["ttl"] === "1h" ? { ttl: "1h" } : hint["ttl"] === "5m" ? { ttl: "5m" } : {} };
}

function citationsOf(block: Block, { family }: Origin): { readonly citations: readonly Citation[] } | undefined {
  const notes = Array.isArray(block["annotations"]) ? block["annotations"] : block["citations"];
  if (!Array.isArray(notes)) return undefined;
  const citations = notes.map((note) => toCitation(note, family)).filter((each) => each !== undefined);
  return citations.length === 0 ? undefined : { citations };
}
