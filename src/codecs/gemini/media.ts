import { toBase64 } from "../base64.ts";
import { CrosspointError } from "../../ir/error.ts";
import type { FileData, FilePart } from "../../ir/content.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { Target } from "../../ir/target.ts";
import { GOOGLE } from "./wire.ts";

/** How the base64 of a file of each type begins, for files that are only known to be images or sounds. */
const BEGINNINGS: readonly (readonly [string, string])[] = [
  ["iVBORw", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["JVBERi", "application/pdf"],
  ["SUQz", "audio/mpeg"],
  ["T2dnUw", "audio/ogg"],
  ["ZkxhQw", "audio/flac"],
];

/** `inlineData` or `fileData`. Throws UNSUPPORTED for a file of another family and for a type that cannot be told. */
export function encodeFile(part: FilePart, target: Target, where: string): JSONObject {
  const data = inline(part.data);
  const fail = (why: string): never => {
    throw new CrosspointError("UNSUPPORTED", `${target.provider}/${target.model} cannot take ${where}: ${why}`, {
      provider: target.provider,
      model: target.model,
      param: where,
    });
  };
  const known = !part.mediaType.includes("*") && part.mediaType.includes("/");
  if (data.base64 !== undefined) {
    const mimeType = data.mediaType ?? (known ? part.mediaType : sniff(data.base64));
    return { inlineData: { mimeType: mimeType ?? fail(`the media type "${part.mediaType}" is not exact`), data: data.base64 } };
  }
  if (part.data.type === "id") {
    if (part.data.family !== target.family) fail(`the file "${part.data.id}" is kept by ${part.data.family}`);
    if (target.quirks.vertex === true) fail("Vertex AI takes no file references");
  }
  const mime = known && part.mediaType !== UNKNOWN_TYPE ? { mimeType: part.mediaType } : undefined;
  return { fileData: { ...mime, fileUri: data.uri! } };
}

/** What a file has whose type nobody told. */
const UNKNOWN_TYPE = "application/octet-stream";

function inline(data: FileData): { readonly base64?: string; readonly mediaType?: string; readonly uri?: string } {
  switch (data.type) {
    case "base64":
      return data;
    case "bytes":
      return { base64: toBase64(data.bytes) };
    case "text":
      return { base64: toBase64(new TextEncoder().encode(data.text)) };
    case "id":
      return { uri: data.id };
    case "url": {
      const url = /^data:([^;,]+)[^,]*;base64,/.exec(data.url.slice(0, 200));
      return url === null ? { uri: data.url } : { mediaType: url[1]!, base64: data.url.slice(url[0].length) };
    }
    default:
      return data satisfies never;
  }
}

function sniff(base64: string): string | undefined {
  if (base64.startsWith("UklGR")) return base64.slice(12, 16) === "RUJQ" ? "image/webp" : "audio/wav";
  return BEGINNINGS.find(([beginning]) => base64.startsWith(beginning))?.[1];
}

/** A file part from `inlineData` or `fileData`; `undefined` when its fields are not what they should be. */
export function decodeFile(inlineData: JSONObject | undefined, fileData: JSONObject | undefined): FilePart | undefined {
  const { mimeType, displayName } = inlineData ?? fileData ?? {};
  const data = inlineData?.data ?? fileData?.fileUri;
  if (typeof data !== "string") return undefined;
  return {
    type: "file",
    mediaType: typeof mimeType === "string" && mimeType !== "" ? mimeType : UNKNOWN_TYPE,
    data:
      inlineData !== undefined
        ? { type: "base64", base64: data }
        : isUpload(data)
          ? { type: "id", id: data, family: GOOGLE }
          : { type: "url", url: data },
    ...(typeof displayName === "string" ? { filename: displayName } : undefined),
  };
}

/** An address of the Files API, which only its own key can read. */
function isUpload(uri: string): boolean {
  return /^(https:\/\/generativelanguage\.googleapis\.com\/[\w/]*)?files\//.test(uri);
}

/** The bytes of a file that a client gets inline, or its address. */
export function encodeClientFile(part: FilePart): JSONObject {
  const { base64, mediaType, uri } = inline(part.data);
  if (base64 !== undefined) return { inlineData: { mimeType: mediaType ?? part.mediaType, data: base64 } };
  return { fileData: { mimeType: part.mediaType, fileUri: uri! } };
}
