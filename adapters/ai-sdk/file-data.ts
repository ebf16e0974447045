import { CrosspointError, type FileData } from "crosspoint";
import { onlyProvider, type Addressee } from "./addressee.ts";
import type { FileDataInput, FilePartV4 } from "./types.ts";

/** The families under whose names uploaded files are known. */
const FAMILIES: Readonly<Record<string, string>> = { azure: "openai", vertex: "google", gemini: "google" };

export function familyOf(provider: string): string {
  return Object.hasOwn(FAMILIES, provider) ? FAMILIES[provider]! : provider;
}

/** A file as the prompt has it: tagged (V4), or bare (V2, V3). A reference to uploads is read for the provider that answers. */
export function readFileData(data: FileDataInput, to: Addressee): FileData {
  if (typeof data === "string") return fromText(data);
  if (data instanceof Uint8Array) return { type: "bytes", bytes: data };
  if (data instanceof URL) return fromText(data.href);
  switch (data.type) {
    case "data":
      return data.data instanceof Uint8Array ? { type: "bytes", bytes: data.data } : fromText(data.data);
    case "url":
      return fromText(String(data.url));
    case "text":
      return { type: "text", text: data.text };
    case "reference":
      return fromReference(data.reference, to);
    default:
      data satisfies never;
      throw new CrosspointError("BAD_REQUEST", "a file has no data that is known", { param: "prompt" });
  }
}

/** An upload's id by provider: the one of the provider that answers, else the first. */
export function fromReference(reference: Readonly<Record<string, string>>, to: Addressee): FileData {
  const wanted = onlyProvider(to, "family");
  const entries = Object.entries(reference);
  const found = entries.find(([provider]) => familyOf(provider) === wanted) ?? entries[0];
  if (found === undefined) throw new CrosspointError("BAD_REQUEST", "a file reference is empty", { param: "prompt" });
  return { type: "id", family: familyOf(found[0]), id: found[1] };
}

/** Base64, a data URL or a web address; the first two are told apart by how they begin. */
function fromText(text: string): FileData {
  if (/^https?:|^gs:/i.test(text)) return { type: "url", url: text };
  const comma = text.startsWith("data:") ? text.indexOf(",") : -1;
  if (comma < 0) return { type: "base64", base64: text };
  const body = text.slice(comma + 1);
  return text.slice(0, comma).endsWith(";base64") ? { type: "base64", base64: body } : { type: "text", text: decodeURIComponent(body) };
}

/** `image` alone stands for an image of unknown type. */
export function mediaTypeOf(mediaType: string): string {
  return mediaType.includes("/") ? mediaType : `${mediaType}/*`;
}

/** A file of an answer; `undefined` for one that only its provider can open. */
export function writeFileData(data: FileData): FilePartV4["data"] | undefined {
  switch (data.type) {
    case "base64":
      return { type: "data", data: data.base64 };
    case "bytes":
      return { type: "data", data: data.bytes };
    case "text":
      return { type: "data", data: new TextEncoder().encode(data.text) };
    case "url":
      return URL.canParse(data.url) ? { type: "url", url: new URL(data.url) } : undefined;
    case "id":
      return undefined;
    default:
      return data satisfies never;
  }
}
