import { toBase64 } from "../base64.ts";
import type { FilePart } from "../../ir/content.ts";
import { CrosspointError } from "../../ir/error.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { Target } from "../../ir/target.ts";
import type { DecodeContext } from "../codec.ts";
import { asObject, asText, CODEC, compact, type Wire } from "./wire.ts";

/** Ids of files and sounds that stand in a client's message are OpenAI's by the convention of this wire. */
export const ID_FAMILY = "openai";

const AUDIO_FORMATS: Readonly<Record<string, string>> = { wav: "wav", "x-wav": "wav", wave: "wav", mpeg: "mp3", mp3: "mp3" };

/** How base64 of the common images begins. */
const MAGIC: readonly (readonly [string, string])[] = [
  ["iVBOR", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"],
];

/** A content part for the file; throws UNSUPPORTED for what the wire cannot hold. `index` counts parts of its message. */
export function encodeFile(part: FilePart, target: Target, index: number, path: string): Wire {
  const refuse = (what: string): never => {
    throw new CrosspointError("UNSUPPORTED", `${path}: ${target.provider}/${target.model} cannot take ${what}`, { param: path });
  };
  const { data, mediaType } = part;
  const [kind = "", subtype = ""] = mediaType.split("/");
  if (data.type === "id") {
    if (data.family !== target.family && data.family !== CODEC) return refuse(`a file id of ${data.family}`);
    return { type: "file", file: { file_id: data.id } };
  }
  const textual = kind === "text" || /^application\/(json|xml|yaml|x-yaml)$|\+(json|xml)$/.test(mediaType);
  if (data.type === "text") return { type: "text", text: data.text };
  if (data.type !== "url" && textual && part.providerOptions?.[CODEC]?.["raw"] !== true) {
    return { type: "text", text: new TextDecoder().decode(data.type === "bytes" ? data.bytes : fromBase64(data.base64)) };
  }
  if (target.quirks.files === "images" && kind !== "image") return refuse(`files of type ${mediaType}: it takes images alone`);
  const base64 = data.type === "bytes" ? toBase64(data.bytes) : data.type === "base64" ? data.base64 : undefined;
  const url = (type: string): string => (data.type === "url" ? data.url : `data:${type};base64,${base64}`);
  if (kind === "image") {
    const type = subtype !== "*" && subtype !== "" ? mediaType : MAGIC.find(([magic]) => base64?.startsWith(magic))?.[1];
    if (type === undefined && base64 !== undefined) return refuse("an image of unknown type");
    return { type: "image_url", image_url: compact<Wire>({ url: url(type ?? mediaType), detail: part.detail }) };
  }
  if (kind === "audio") {
    const format = AUDIO_FORMATS[subtype];
    if (format === undefined || base64 === undefined) return refuse(base64 === undefined ? "sound by URL" : mediaType);
    return { type: "input_audio", input_audio: { data: base64, format } };
  }
  if (kind === "video") return { type: "video_url", video_url: { url: url(mediaType) } };
  if (target.quirks.documentUrl === true && mediaType === "application/pdf") return { type: "document_url", document_url: url(mediaType) };
  if (kind !== "application" && kind !== "text") return refuse(`files of type ${mediaType || "unknown"}`);
  if (base64 === undefined) return refuse("documents by URL");
  const extension = mediaType === "application/pdf" ? "pdf" : "bin";
  return { type: "file", file: { filename: part.filename ?? `part-${index}.${extension}`, file_data: url(mediaType) } };
}

/** The file that a content part of the wire holds; `undefined` when it holds none. */
export function decodeFile(entry: JSONObject): FilePart | undefined {
  const type = asText(entry["type"]);
  if (type === "image_url") return imageFile(entry);
  if (type === "video_url" || type === "document_url") {
    const url = asText(entry[type]) ?? asText(asObject(entry[type])?.["url"]);
    return url === undefined ? undefined : fileAt(url, type === "video_url" ? "video/*" : "application/pdf");
  }
  if (type === "input_audio") {
    const sound = asObject(entry["input_audio"]);
    const base64 = asText(sound?.["data"]);
    const format = asText(sound?.["format"]) ?? "wav";
    return base64 === undefined
      ? undefined
      : { type: "file", mediaType: format === "mp3" ? "audio/mpeg" : `audio/${format}`, data: { type: "base64", base64 } };
  }
  const file = type === "file" ? asObject(entry["file"]) : undefined;
  if (file === undefined) return undefined;
  const id = asText(file["file_id"]);
  const data = asText(file["file_data"]);
  const filename = asText(file["filename"]);
  if (id !== undefined)
    return compact<FilePart>({ type: "file", mediaType: "application/*", data: { type: "id", id, family: ID_FAMILY }, filename });
  return data === undefined ? undefined : compact<FilePart>({ ...fileAt(data, "application/pdf"), filename });
}

export function imageFile(entry: JSONObject): FilePart | undefined {
  const image = asObject(entry["image_url"]);
  const url = asText(entry["image_url"]) ?? asText(image?.["url"]);
  if (url === undefined) return undefined;
  const detail = asText(image?.["detail"]) as FilePart["detail"];
  return compact<FilePart>({ ...fileAt(url, "image/*"), detail });
}

/** A file by URL; a data URL gives its bytes and its own media type. */
function fileAt(url: string, mediaType: string): FilePart {
  if (!url.startsWith("data:")) {
    return /^[a-z][a-z+.-]*:/i.test(url)
      ? { type: "file", mediaType, data: { type: "url", url } }
      : { type: "file", mediaType, data: { type: "base64", base64: url } };
  }
  const comma = url.indexOf(",");
  const [declared, ...flags] = url.slice(5, Math.max(comma, 5)).split(";");
  const body = url.slice(comma + 1);
  const own = { type: "file", mediaType: declared || mediaType } as const;
  if (flags.includes("base64")) return { ...own, data: { type: "base64", base64: body } };
  try {
    return { ...own, data: { type: "text", text: decodeURIComponent(body) } };
  } catch {
    return { ...own, data: { type: "text", text: body } };
  }
}

interface Sound {
  readonly id?: string;
  readonly data: string;
  readonly transcript: string;
  readonly expires?: number;
}

/** Generated sound. Its format is told only by the request. */
export function audioPart(sound: Sound, { target, request }: DecodeContext): FilePart {
  const format = asText(asObject(target.optionKeys.map((key) => request.providerOptions?.[key]?.["audio"]).findLast(asObject))?.["format"]);
  const { id, data, transcript, expires } = sound;
  return compact<FilePart>({
    type: "file",
    mediaType: format === undefined ? "audio/*" : format === "mp3" ? "audio/mpeg" : `audio/${format}`,
    data: { type: "base64", base64: data },
    transcript: asText(transcript),
    itemId: id,
    opaque: id === undefined ? undefined : [{ family: target.family, model: target.model, kind: "audio", data: id }],
    providerOptions: expires === undefined ? undefined : { [CODEC]: { expires_at: expires } },
  });
}

/** Base64 pieces as one; padded pieces are decoded first. */
export function joinBase64(pieces: readonly string[]): string {
  const joined = pieces.join("");
  const padding = joined.indexOf("=");
  if (padding < 0 || padding >= joined.length - 2) return joined;
  try {
    return btoa(pieces.map((piece) => atob(piece)).join(""));
  } catch {
    return joined;
  }
}

function fromBase64(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  } catch {
    throw new CrosspointError("BAD_REQUEST", "the file is no valid base64");
  }
}
