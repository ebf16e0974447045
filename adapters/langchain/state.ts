import type { Citation, FilePart, JSONObject, Opaque, Part, ReasoningPart, TextPart, ToolCallPart } from "crosspoint";
import { isRecord } from "./schema.ts";

/** The key under which the layer keeps on a block, and in `additional_kwargs`, what LangChain has no field for. */
export const KEY = "crosspoint";

/** What a part is besides its visible content: reasoning state, item ids and the like. */
export type PartState = Readonly<Record<string, unknown>>;

/** Shown in fields of their own, or of no use in a conversation. */
const SHOWN = new Set(["type", "text", "arguments", "id", "name", "citations", "logprobs", "mediaType", "data"]);

/** The state of a part for `KEY`; `undefined` when it has none. */
export function stateOf(part: object): PartState | undefined {
  let state: Record<string, unknown> | undefined;
  for (const key in part) {
    if (SHOWN.has(key)) continue;
    const value = (part as Record<string, unknown>)[key];
    if (value !== undefined) (state ??= {})[key] = value;
  }
  return state;
}

/** The state of a text: the id of its item is needed by nobody, and plain text shall stay a plain string. */
export function textState(part: object): PartState | undefined {
  const state = stateOf(part);
  if (state?.["itemId"] === undefined) return state;
  const { itemId: _itemId, ...rest } = state;
  return Object.keys(rest).length === 0 ? undefined : rest;
}

const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  itemId: isText,
  namespace: isText,
  filename: isText,
  title: isText,
  context: isText,
  transcript: isText,
  detail: isText,
  form: isText,
  phase: isText,
  custom: isFlag,
  citable: isFlag,
  cache: isRecord,
  providerOptions: isRecord,
  opaque: (value) => Array.isArray(value) && value.every(isOpaque),
};

/** What a state may hold, whatever part it is of. */
export type ReadState = Partial<
  Pick<TextPart, "itemId" | "cache" | "opaque" | "providerOptions" | "phase"> &
    Pick<FilePart, "filename" | "title" | "context" | "transcript" | "detail" | "citable"> &
    Pick<ReasoningPart, "form"> &
    Pick<ToolCallPart, "custom" | "namespace">
>;

/** Reads a state back. It may have been through a store or a browser: what is not as it should be is left out. */
export function readState(state: unknown): ReadState {
  const read: Record<string, unknown> = {};
  if (isRecord(state)) {
    for (const [key, is] of Object.entries(KINDS)) if (Object.hasOwn(state, key) && is(state[key])) read[key] = state[key];
  }
  return read;
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isFlag(value: unknown): boolean {
  return typeof value === "boolean";
}

function isOpaque(value: unknown): value is Opaque {
  return isRecord(value) && isText(value["family"]) && isText(value["kind"]) && isText(value["data"]);
}

/** A part that no standard block holds, whole. */
export function readPart(value: unknown): Part | undefined {
  if (!isRecord(value)) return undefined;
  if (value["type"] === "source" && isRecord(value["source"])) return value as unknown as Part;
  const isProvider = value["type"] === "provider" && isText(value["family"]) && isText(value["codec"]) && isRecord(value["raw"]);
  return isProvider ? (value as unknown as Part) : undefined;
}

/** A citation as a standard annotation; what has no field there rides along under `KEY`. */
export function toAnnotation(citation: Citation): { readonly type: "citation" } & Record<string, unknown> {
  const { source, answerStart, answerEnd, citedText, raw } = citation;
  const more = raw !== undefined || source.fileId !== undefined || source.filename !== undefined || source.mediaType !== undefined;
  return {
    type: "citation",
    ...(source.url === undefined ? undefined : { url: source.url }),
    ...(source.title === undefined ? undefined : { title: source.title }),
    ...(source.id === undefined && source.fileId === undefined ? undefined : { source: source.id ?? source.fileId }),
    ...(answerStart === undefined ? undefined : { startIndex: answerStart }),
    ...(answerEnd === undefined ? undefined : { endIndex: answerEnd }),
    ...(citedText === undefined ? undefined : { citedText }),
    ...(more ? { [KEY]: { source, ...(raw === undefined ? undefined : { raw }) } } : undefined),
  };
}

/** A citation from a standard annotation, or from the annotation of OpenAI or Anthropic; `undefined` for anything else. */
export function toCitation(note: unknown, family: string | undefined): Citation | undefined {
  if (!isRecord(note)) return undefined;
  const own = isRecord(note[KEY]) ? note[KEY] : undefined;
  const inner = isRecord(note["url_citation"]) ? note["url_citation"] : note;
  const texts = {
    url: inner["url"],
    title: inner["title"] ?? inner["document_title"],
    id: note["source"],
    fileId: inner["file_id"],
    filename: inner["filename"],
  };
  const source = { ...definedTexts(texts), ...(isRecord(own?.["source"]) ? own["source"] : undefined) };
  if (Object.keys(source).length === 0) return undefined;
  const start = inner["startIndex"] ?? inner["start_index"];
  const end = inner["endIndex"] ?? inner["end_index"];
  const cited = inner["citedText"] ?? inner["cited_text"];
  const raw = own?.["raw"] ?? (family !== undefined && note["type"] !== "citation" ? { family, value: note as JSONObject } : undefined);
  return {
    source,
    ...(typeof start === "number" ? { answerStart: start } : undefined),
    ...(typeof end === "number" ? { answerEnd: end } : undefined),
    ...(typeof cited === "string" ? { citedText: cited } : undefined),
    ...(isRecord(raw) && isText(raw["family"]) && isRecord(raw["value"])
      ? { raw: raw as unknown as NonNullable<Citation["raw"]> }
      : undefined),
  };
}

function definedTexts(texts: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
