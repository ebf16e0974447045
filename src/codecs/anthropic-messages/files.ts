import { toBase64 } from "../base64.ts";
import type { FilePart } from "../../ir/content.ts";
import { CrosspointError } from "../../ir/error.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { Target } from "../../ir/target.ts";
import { put, type Block, type Draft } from "./wire.ts";

const PDF = "application/pdf";

/** The image types that the API reads, by how their base64 begins. */
const IMAGES: readonly (readonly [start: string, mediaType: string])[] = [
  ["/9j/", "image/jpeg"],
  ["iVBORw0KGgo", "image/png"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"],
];

const TEXT = /^text\/|[/+](json|xml|yaml|javascript|x-yaml)$/;

/** An `image` or `document` block. Throws UNSUPPORTED for what this wire has no form for. */
export function encodeFile(part: FilePart, feature: string, target: Target): Block & Draft {
  const { data, mediaType } = part;
  const image = mediaType.startsWith("image/");
  const refuse = (what: string): CrosspointError =>
    new CrosspointError("UNSUPPORTED", `${target.provider}/${target.model} cannot take ${feature}: ${what}`, {
      provider: target.provider,
      model: target.model,
      param: feature,
    });
  let source: JSONObject;
  if (data.type === "id") {
    if (data.family !== target.family) throw refuse(`a file that was uploaded to ${data.family}`);
    source = { type: "file", file_id: data.id };
  } else if (data.type === "text") {
    if (image) throw refuse(`${mediaType} as text`);
    source = { type: "text", media_type: "text/plain", data: data.text };
  } else if (data.type === "url") {
    if (!image && mediaType !== PDF) throw refuse(`a URL of type ${mediaType}`);
    source = { type: "url", url: data.url };
  } else {
    const pdf = mediaType === PDF;
    if (!image && !pdf && TEXT.test(mediaType)) {
      source = {
        type: "text",
        media_type: "text/plain",
        data: new TextDecoder().decode(data.type === "bytes" ? data.bytes : fromBase64(data.base64)),
      };
    } else {
      const base64 = data.type === "bytes" ? toBase64(data.bytes) : data.base64;
      // The API refuses an image that is not what it claims to be; its first bytes tell.
      const type = (image ? IMAGES.find(([start]) => base64.startsWith(start))?.[1] : undefined) ?? mediaType;
      if (!pdf && !IMAGES.some(([, known]) => known === type)) throw refuse(`files of type ${mediaType}`);
      source = { type: "base64", media_type: type, data: base64 };
    }
  }
  if (image) return { type: "image", source };
  const block: Block & Draft = { type: "document", source };
  put(block, "title", part.title ?? part.filename);
  put(block, "context", part.context);
  if (part.citable !== undefined) block["citations"] = { enabled: part.citable };
  return block;
}

function fromBase64(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    throw new CrosspointError("BAD_REQUEST", "a file's base64 is malformed");
  }
}
