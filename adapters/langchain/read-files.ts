import type { FileData, FilePart } from "crosspoint";
import { isRecord, text } from "./schema.ts";

type Block = Readonly<Record<string, unknown>>;

const ANY: Readonly<Record<string, string>> = {
  image: "image/*",
  audio: "audio/*",
  video: "video/*",
  file: "application/octet-stream",
  document: "application/pdf",
};
const AUDIO: Readonly<Record<string, string>> = { mp3: "audio/mpeg", wav: "audio/wav" };
const BY_ENDING: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  pdf: "application/pdf",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  html: "text/html",
  json: "application/json",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  mp4: "video/mp4",
};

/**
 * The file of a block: LangChain's standard and legacy data blocks, OpenAI's `image_url`, `input_audio` and `file`, Anthropic's `source`,
 * Gemini's `inlineData` and `fileData`. `undefined` when the block is none. A file id belongs to `metadata.provider`, else to `maker`.
 */
export function readFile(block: Block, maker: string | undefined): FilePart | undefined {
  const type = text(block["type"]) ?? "";
  const metadata = isRecord(block["metadata"]) ? block["metadata"] : {};
  const family = text(metadata["provider"]) ?? maker;
  const more = {
    ...named("filename", metadata["filename"] ?? metadata["name"] ?? block["filename"]),
    ...named("title", metadata["title"] ?? block["title"]),
    ...named("context", metadata["context"] ?? block["context"]),
    ...detail(metadata["detail"] ?? block["detail"]),
  };
  const make = (data: FileData | undefined, mediaType: unknown, extra?: object): FilePart | undefined =>
    data === undefined ? undefined : { type: "file", ...fitted(data, text(mediaType), type), ...more, ...extra };
  switch (type) {
    case "image_url": {
      const image = block["image_url"];
      const url = typeof image === "string" ? image : isRecord(image) ? image["url"] : undefined;
      return make(fromURL(url), "image/*", isRecord(image) ? detail(image["detail"]) : undefined);
    }
    case "input_image":
      return make(fromURL(block["image_url"]) ?? fromId(block["file_id"], family), "image/*");
    case "input_audio": {
      const audio = isRecord(block["input_audio"]) ? block["input_audio"] : {};
      return make(fromBytes(audio["data"]), AUDIO[String(audio["format"])] ?? "audio/wav");
    }
    case "input_file":
    case "file":
      if (type === "input_file" || isRecord(block["file"])) {
        const file = isRecord(block["file"]) ? block["file"] : block;
        const data = fromURL(file["file_data"] ?? file["file_url"]) ?? fromId(file["file_id"], family);
        return make(data, undefined, named("filename", file["filename"]));
      }
      break;
    case "media":
      return make(fromBytes(block["data"]) ?? fromURL(block["fileUri"]), block["mimeType"]);
    default:
  }
  const inline = block["inlineData"] ?? block["fileData"];
  if (isRecord(inline)) return make(fromBytes(inline["data"]) ?? fromURL(inline["fileUri"]), inline["mimeType"]);
  const source = block["source"];
  if (isRecord(source))
    return make(
      fromSource(source, family),
      source["media_type"],
      isRecord(block["citations"]) ? { citable: block["citations"]["enabled"] === true } : undefined,
    );
  if (!Object.hasOwn(ANY, type) && type !== "text-plain") return undefined;
  const mediaType = block["mimeType"] ?? block["mime_type"];
  const legacyId = block["source_type"] === "id" ? block["id"] : undefined;
  const plain = text(block["text"]);
  const data =
    plain !== undefined && block["url"] === undefined && block["data"] === undefined ? ({ type: "text", text: plain } as const) : undefined;
  return make(
    data ?? fromBytes(block["data"]) ?? fromURL(block["url"]) ?? fromId(block["fileId"] ?? legacyId, family),
    mediaType ?? (type === "text-plain" ? "text/plain" : undefined),
  );
}

function fromSource(source: Block, family: string | undefined): FileData | undefined {
  switch (source["type"]) {
    case "base64":
      return fromBytes(source["data"]);
    case "url":
      return fromURL(source["url"]);
    case "text":
      return typeof source["data"] === "string" ? { type: "text", text: source["data"] } : undefined;
    case "file":
      return fromId(source["file_id"], family ?? "anthropic");
    default:
      return undefined;
  }
}

function fromBytes(data: unknown): FileData | undefined {
  if (data instanceof Uint8Array) return { type: "bytes", bytes: data };
  if (typeof data !== "string") return undefined;
  return data.startsWith("data:") ? fromURL(data) : { type: "base64", base64: data };
}

function fromURL(url: unknown): FileData | undefined {
  return typeof url === "string" && url !== "" ? { type: "url", url } : undefined;
}

/** An id belongs to whoever made the message; without that it is taken for OpenAI's, whose ids LangChain shows most. */
function fromId(id: unknown, family = "openai"): FileData | undefined {
  return typeof id === "string" && id !== "" ? { type: "id", id, family } : undefined;
}

/** Opens data URLs, and finds the media type that a block does not tell. */
function fitted(data: FileData, mediaType: string | undefined, type: string): Pick<FilePart, "data" | "mediaType"> {
  if (data.type === "url" && data.url.startsWith("data:")) {
    const comma = data.url.indexOf(",");
    const [own, ...flags] = data.url.slice(5, comma).split(";");
    const body = data.url.slice(comma + 1);
    const told = own === undefined || own === "" ? (mediaType ?? "text/plain") : own;
    if (flags.includes("base64")) return { data: { type: "base64", base64: body }, mediaType: told };
    return { data: { type: "text", text: decode(body) }, mediaType: told };
  }
  const ending = data.type === "url" ? /\.(\w+)(?:[?#]|$)/.exec(data.url)?.[1]?.toLowerCase() : undefined;
  const byEnding = ending === undefined || !Object.hasOwn(BY_ENDING, ending) ? undefined : BY_ENDING[ending];
  const isVague = mediaType === undefined || mediaType.endsWith("/*");
  return {
    data,
    mediaType:
      (isVague ? (byEnding ?? mediaType) : mediaType) ?? (data.type === "text" ? "text/plain" : (ANY[type] ?? "application/octet-stream")),
  };
}

function decode(body: string): string {
  try {
    return decodeURIComponent(body);
  } catch {
    return body;
  }
}

function named<K extends string>(key: K, value: unknown): { readonly [key in K]?: string } | undefined {
  return typeof value === "string" ? ({ [key]: value } as { readonly [key in K]?: string }) : undefined;
}

function detail(value: unknown): Pick<FilePart, "detail"> | undefined {
  return value === "auto" || value === "low" || value === "high" || value === "original" ? { detail: value } : undefined;
}
