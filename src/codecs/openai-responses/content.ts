import { toBase64 } from "../base64.ts";
import type { CacheHint, Citation, FilePart, Part, Source, TextPart, TokenLogprob } from "../../ir/content.ts";
import { CrosspointError } from "../../ir/error.ts";
import type { JSONObject } from "../../ir/json.ts";
import { optionsFor, type Target } from "../../ir/target.ts";
import { badRequest, extras, isObject, maybe, NATIVE, number, objects, string } from "./wire.ts";

/** First characters of the base64 of image files. */
const SIGNATURES = [
  ["iVBOR", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"],
] as const;

/** The base64 of a file that is held in memory; `undefined` for one that is only pointed at. */
export function base64Of({ data }: FilePart): string | undefined {
  if (data.type === "base64") return data.base64;
  if (data.type === "bytes") return toBase64(data.bytes);
  return data.type === "text" ? toBase64(new TextEncoder().encode(data.text)) : undefined;
}

/**
 * A text or file part of a user message or a tool's output. Throws UNSUPPORTED for sound, video and another family's file ids.
 * A cache hint becomes a breakpoint only with a lifetime that OpenAI has (30m, 12h): all else is cached by itself.
 */
export function encodeContent(part: TextPart | FilePart, target: Target, feature: string): JSONObject {
  const options = optionsFor(part.providerOptions, target);
  const ttl = part.cache?.ttl;
  const breakpoint =
    target.family === NATIVE && (ttl === "30m" || ttl === "12h") ? { prompt_cache_breakpoint: { mode: "explicit", ttl } } : undefined;
  if (part.type === "text") return { type: "input_text", text: part.text, ...breakpoint, ...options };
  return { ...encodeFile(part, target, feature), ...breakpoint, ...options };
}

function encodeFile(part: FilePart, target: Target, feature: string): JSONObject {
  const { data, mediaType } = part;
  const kind = mediaType.split("/")[0]!;
  const refuse = (why: string): CrosspointError =>
    new CrosspointError("UNSUPPORTED", `${target.provider}/${target.model} cannot take ${feature}: ${why}`, { param: feature });
  if (kind === "audio" || kind === "video") throw refuse(`the Responses API has no input of type ${mediaType}`);
  if (data.type === "id" && data.family !== target.family) throw refuse(`the file id belongs to ${data.family}`);
  const base64 = base64Of(part);
  if (target.quirks.files === "linked" && kind !== "image" && base64 !== undefined) throw refuse("documents go by URL or file id alone");
  const dataUrl = (): string => {
    let type = mediaType;
    if (!/^[^/*]+\/[^/*]+$/.test(type)) {
      type = SIGNATURES.find(([start]) => base64!.startsWith(start))?.[1] ?? "";
      if (type === "") throw refuse(`"${mediaType}" is no full media type`);
    }
    return `data:${type};base64,${base64}`;
  };
  const id = data.type === "id" ? { file_id: data.id } : undefined;
  const url = data.type === "url" ? data.url : undefined;
  if (kind === "image") {
    return { type: "input_image", detail: part.detail ?? "auto", ...(id ?? { image_url: url ?? dataUrl() }) };
  }
  const held =
    base64 === undefined ? maybe("filename", part.filename) : { filename: part.filename ?? fileName(mediaType), file_data: dataUrl() };
  return { type: "input_file", ...maybe("detail", part.detail), ...id, ...maybe("file_url", url), ...held };
}

function fileName(mediaType: string): string {
  const subtype = mediaType.split("/")[1]!;
  return `file.${/^[a-z0-9]+$/.test(subtype) && subtype !== "plain" ? subtype : "txt"}`;
}

/** A content part of a client's message or tool output. */
export function decodeContent(wire: unknown, param: string): Part {
  if (!isObject(wire)) throw badRequest(param, "must be an object");
  const { type } = wire;
  const need = (key: string): string => {
    const value = wire[key];
    if (typeof value !== "string") throw badRequest(`${param}.${key}`, "must be a string");
    return value;
  };
  const breakpoint = wire["prompt_cache_breakpoint"];
  const ttl = isObject(breakpoint) ? breakpoint["ttl"] : undefined;
  const cache: { cache?: CacheHint } | undefined = isObject(breakpoint)
    ? { cache: ttl === "30m" || ttl === "12h" ? { ttl } : {} }
    : undefined;
  const filename = maybe("filename", string(wire["filename"]));
  const detail = maybe("detail", string(wire["detail"]) as NonNullable<FilePart["detail"]> | undefined);
  const file = (mediaType: string, data: FilePart["data"], known: string): Part => ({
    type: "file",
    mediaType,
    data,
    ...filename,
    ...detail,
    ...cache,
    ...extras(wire, known),
  });
  switch (type) {
    case "input_text":
    case "output_text":
    case "text": {
      const citations = decodeCitations(wire["annotations"], NATIVE);
      const logprobs = decodeLogprobs(wire["logprobs"]);
      const rest = extras(wire, "type text annotations logprobs");
      return { type: "text", text: need("text"), ...maybe("citations", citations), ...maybe("logprobs", logprobs), ...cache, ...rest };
    }
    case "refusal":
      return { type: "refusal", text: need("refusal"), ...extras(wire, "type refusal") };
    case "input_image": {
      const known = "type image_url file_id detail";
      const id = string(wire["file_id"]);
      if (id !== undefined) return file("image/*", { type: "id", id, family: NATIVE }, known);
      return file(...located(need("image_url"), "image/*"), known);
    }
    case "input_file": {
      const known = "type file_data file_id file_url filename detail";
      const id = string(wire["file_id"]);
      if (id !== undefined) return file("application/*", { type: "id", id, family: NATIVE }, known);
      if (typeof wire["file_url"] === "string") return file("application/pdf", { type: "url", url: wire["file_url"] }, known);
      const [mediaType, data] = located(need("file_data"), "application/pdf");
      return file(mediaType, data.type === "url" ? { type: "base64", base64: data.url } : data, known);
    }
    case "input_audio": {
      const audio = wire["input_audio"];
      if (!isObject(audio) || typeof audio["data"] !== "string") throw badRequest(`${param}.input_audio`, "must hold base64 data");
      return file(`audio/${string(audio["format"]) ?? "*"}`, { type: "base64", base64: audio["data"] }, "type input_audio");
    }
    default:
      throw badRequest(`${param}.type`, `unknown content type ${JSON.stringify(type)}`);
  }
}

/** A data URL taken apart, or a plain URL. */
function located(url: string, otherwise: string): [string, FilePart["data"]] {
  const comma = url.indexOf(",");
  const head = url.startsWith("data:") && comma > 0 ? url.slice(5, comma) : "";
  if (!head.endsWith(";base64")) return [otherwise, { type: "url", url }];
  return [head.split(";")[0] || otherwise, { type: "base64", base64: url.slice(comma + 1) }];
}

/** Annotations as citations; spans are taken over where the wire has both ends. */
export function decodeCitations(annotations: unknown, family: string): Citation[] | undefined {
  const citations = objects(annotations).map((value): Citation => {
    const source: Source = {
      ...maybe("url", string(value["url"])),
      ...maybe("title", string(value["title"])),
      ...maybe("fileId", string(value["file_id"])),
      ...maybe("filename", string(value["filename"])),
    };
    return {
      source,
      ...maybe("answerStart", number(value["start_index"])),
      ...maybe("answerEnd", number(value["end_index"])),
      raw: { family, value },
    };
  });
  return citations.length === 0 ? undefined : citations;
}

/** Citations as annotations with every field that the wire requires; one without URL and file is left out. */
export function encodeAnnotations(citations: readonly Citation[], family: string): JSONObject[] {
  const annotations: JSONObject[] = [];
  for (const { source, answerStart, answerEnd, raw } of citations) {
    const { url, title, fileId, filename } = source;
    const own = raw?.family === family && typeof raw.value["type"] === "string" && !("url_citation" in raw.value) ? raw.value : undefined;
    if (url !== undefined && (own === undefined || own["type"] === "url_citation")) {
      annotations.push({
        type: "url_citation",
        url,
        title: title ?? url,
        start_index: answerStart ?? 0,
        end_index: answerEnd ?? 0,
        ...own,
      });
    } else if (own !== undefined) annotations.push(own);
    else if (fileId !== undefined) {
      annotations.push({ type: "file_citation", file_id: fileId, filename: filename ?? fileId, index: answerEnd ?? 0 });
    }
  }
  return annotations;
}

export function decodeLogprobs(wire: unknown): TokenLogprob[] | undefined {
  if (!Array.isArray(wire) || wire.length === 0) return undefined;
  const one = (entry: JSONObject): TokenLogprob => ({
    token: string(entry["token"]) ?? "",
    logprob: number(entry["logprob"]) ?? 0,
    ...(Array.isArray(entry["bytes"]) && { bytes: entry["bytes"] as number[] }),
  });
  return objects(wire).map((entry) => {
    const top = objects(entry["top_logprobs"]);
    return { ...one(entry), ...(top.length > 0 && { top: top.map(one) }) };
  });
}

export function encodeLogprobs(logprobs: readonly TokenLogprob[] | undefined): JSONObject[] {
  const one = ({ token, logprob, bytes }: TokenLogprob): JSONObject => ({
    token,
    logprob,
    bytes: bytes ?? [...new TextEncoder().encode(token)],
  });
  return (logprobs ?? []).map((entry) => ({ ...one(entry), top_logprobs: (entry.top ?? []).map(one) }));
}
