import type { FilePart, JSONObject, Message, Part, ProviderOptions, ToolResultPart } from "crosspoint";
import { isJSON } from "../prompt.ts";
import { isObject } from "../part-state.ts";
import type { FileDataInput, PromptMessage, PromptPart, ToolContentPart, ToolOutputInput } from "../types.ts";
import { STATE, type AISDKModel, type Origin } from "./model.ts";

type Version = AISDKModel["specificationVersion"];

/** The conversation as a model of the AI SDK takes it. */
export function writePrompt(messages: readonly Message[], version: Version, origin: Origin): PromptMessage[] {
  const names = new Map<string, string>();
  return messages.map(({ role, content, cache, providerOptions }): PromptMessage => {
    const options = optionsOf({ ...(cache && { cache }), ...(providerOptions && { providerOptions }) }, origin);
    if (role === "system") {
      const text = typeof content === "string" ? content : content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
      return { role, content: text, ...options };
    }
    const parts: readonly Part[] = typeof content === "string" ? [{ type: "text", text: content }] : content;
    return { role, content: parts.flatMap((part) => writePart(part, { version, origin, names })), ...options };
  });
}

interface Writing {
  readonly version: Version;
  readonly origin: Origin;
  /** Tool names by call id: results name their tool. */
  readonly names: Map<string, string>;
}

function writePart(part: Part, writing: Writing): PromptPart | PromptPart[] {
  const options = optionsOf(part, writing.origin);
  switch (part.type) {
    case "text":
    case "refusal":
      return { type: "text", text: part.text, ...options };
    case "reasoning":
      return { type: "reasoning", text: part.text, ...options };
    case "file":
      return { type: "file", ...writeFile(part, writing), ...options };
    case "tool-call":
      writing.names.set(part.id, part.name);
      return { type: "tool-call", toolCallId: part.id, toolName: part.name, input: readInput(part.arguments, part.custom), ...options };
    case "tool-result":
      return {
        type: "tool-result",
        toolCallId: part.callId,
        toolName: part.name ?? writing.names.get(part.callId) ?? "unknown",
        output: writeOutput(part, writing),
        ...options,
      };
    case "provider":
      return replay(part.raw);
    case "source":
      return [];
    default:
      return part satisfies never;
  }
}

/** A part of the AI SDK that the layer kept as it was: answers have it in one form, prompts in another. */
function replay(raw: JSONObject): PromptPart | PromptPart[] {
  const { type, toolCallId, toolName, input, result, isError, kind, providerMetadata } = raw;
  const options = isObject(providerMetadata) ? { providerOptions: providerMetadata as ProviderOptions } : undefined;
  if (typeof toolCallId === "string" && typeof toolName === "string") {
    if (type === "tool-call" && typeof input === "string") {
      return { type, toolCallId, toolName, input: readInput(input, false), providerExecuted: true, ...options };
    }
    if (type === "tool-result") {
      return { type, toolCallId, toolName, output: { type: isError === true ? "error-json" : "json", value: result ?? null }, ...options };
    }
  }
  return type === "custom" && typeof kind === "string" ? { type, kind, ...options } : [];
}

function readInput(text: string, custom: boolean | undefined): unknown {
  if (custom === true) return text;
  if (text.trim() === "") return {};
  return isJSON(text) ? JSON.parse(text) : text;
}

function writeOutput(part: ToolResultPart, writing: Writing): ToolOutputInput {
  const { output, isError } = part;
  const failed = isError === true;
  if (typeof output === "string") return { type: failed ? "error-text" : "text", value: output };
  switch (output.type) {
    case "text":
      return { type: failed ? "error-text" : "text", value: output.text };
    case "json":
      return { type: failed ? "error-json" : "json", value: output.value };
    case "denied":
      if (writing.version === "v2") return { type: "error-text", value: output.reason ?? "Tool execution was denied." };
      return { type: "execution-denied", ...(output.reason === undefined ? undefined : { reason: output.reason }) };
    case "content":
      return {
        type: "content",
        value: output.parts.flatMap((each): ToolContentPart | ToolContentPart[] =>
          each.type === "text" ? { type: "text", text: each.text } : each.type === "file" ? writeToolFile(each, writing) : [],
        ),
      };
    default:
      return output satisfies never;
  }
}

/** V4 has one form for files in results, V3 several, V2 only bytes. */
function writeToolFile(part: FilePart, writing: Writing): ToolContentPart | ToolContentPart[] {
  if (writing.version === "v4") return { type: "file", ...writeFile(part, writing) };
  const { mediaType, data, filename } = part;
  const image = mediaType.startsWith("image/");
  if (data.type === "url") return writing.version === "v3" ? { type: image ? "image-url" : "file-url", url: data.url } : [];
  if (data.type === "id") return writing.version === "v3" ? { type: image ? "image-file-id" : "file-id", fileId: data.id } : [];
  const base64 = data.type === "base64" ? data.base64 : toBase64(data.type === "bytes" ? data.bytes : new TextEncoder().encode(data.text));
  if (writing.version === "v2") return { type: "media", data: base64, mediaType };
  return { type: image ? "image-data" : "file-data", data: base64, mediaType, ...(filename === undefined ? undefined : { filename }) };
}

interface WrittenFile {
  readonly data: FileDataInput;
  readonly mediaType: string;
  readonly filename?: string;
}

function writeFile({ data, mediaType, filename }: FilePart, { version, origin }: Writing): WrittenFile {
  const shared = { mediaType, ...(filename === undefined ? undefined : { filename }) };
  const tagged = (): FileDataInput => {
    switch (data.type) {
      case "base64":
        return { type: "data", data: data.base64 };
      case "bytes":
        return { type: "data", data: data.bytes };
      case "text":
        return { type: "text", text: data.text };
      case "url":
        return { type: "url", url: new URL(data.url) };
      case "id":
        return { type: "reference", reference: { [origin.family]: data.id } };
      default:
        return data satisfies never;
    }
  };
  const written = tagged();
  if (version === "v4" || typeof written === "string" || written instanceof Uint8Array || written instanceof URL) {
    return { data: written, ...shared };
  }
  switch (written.type) {
    case "data":
      return { data: written.data, ...shared };
    case "url":
      return { data: written.url, ...shared };
    case "text":
      return { data: new TextEncoder().encode(written.text), ...shared };
    case "reference":
      return { data: Object.values(written.reference)[0]!, ...shared };
    default:
      return written satisfies never;
  }
}

/** Where the AI SDK's providers keep the state that the layer knows by these kinds. */
const NATIVE: Readonly<Record<string, readonly [key: string, field: string]>> = {
  signature: ["anthropic", "signature"],
  redacted: ["anthropic", "redactedData"],
  "encrypted-content": ["openai", "reasoningEncryptedContent"],
  "thought-signature": ["google", "thoughtSignature"],
};

function optionsOf(
  { itemId, opaque, cache, providerOptions }: Pick<Part, "itemId" | "opaque" | "cache" | "providerOptions">,
  { family }: Origin,
): { providerOptions: ProviderOptions } | undefined {
  let options: Record<string, JSONObject> | undefined = providerOptions === undefined ? undefined : { ...providerOptions };
  const add = (key: string, fields: JSONObject): void => {
    options = { ...options, [key]: { ...options?.[key], ...fields } };
  };
  const whole = opaque?.find(({ kind }) => kind === STATE);
  if (whole !== undefined && isJSON(whole.data)) {
    const state: unknown = JSON.parse(whole.data);
    if (isObject(state)) for (const [key, fields] of Object.entries(state)) if (isObject(fields)) add(key, fields);
  } else {
    for (const { kind, data } of opaque ?? []) {
      const place = Object.hasOwn(NATIVE, kind) ? NATIVE[kind] : undefined;
      if (place !== undefined) add(place[0], { [place[1]]: data });
    }
    if (itemId !== undefined && family === "openai") add("openai", { itemId });
  }
  if (cache !== undefined && family === "anthropic") {
    add("anthropic", { cacheControl: { type: "ephemeral", ...(cache.ttl === undefined ? undefined : { ttl: cache.ttl }) } });
  }
  return options === undefined ? undefined : { providerOptions: options };
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
