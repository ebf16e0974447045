import type { FilePart, Part, ToolResultPart } from "../ir/content.ts";
import type { ModelRequest } from "../ir/request.ts";

/** Tokens of media whose size is not looked at. */
const IMAGE = 1000;
/** About ten pages, or ten seconds of film, or half a minute of sound. */
const OTHER_MEDIA = 3000;
const PER_MESSAGE = 4;
const PER_TOOL = 12;

/**
 * A rough count of a request's input tokens, for checks before the call; it needs no tokeniser and costs a few nanoseconds per
 * character. Against OpenAI's `o200k_base`, English, source code and JSON come within 20 %, texts in other scripts within 35 %, dense
 * tables of numbers up to 40 % too low; other vendors' tokenisers count up to 40 % more. An image counts as 1,000, other media as
 * 3,000, whatever their size.
 */
export function estimateTokens(request: ModelRequest): number {
  let tokens = 0;
  for (const { content } of request.messages) {
    tokens += PER_MESSAGE + (typeof content === "string" ? textTokens(content) : sum(content, partTokens));
  }
  for (const tool of request.tools ?? []) tokens += PER_TOOL + textTokens(JSON.stringify(tool));
  if (request.output?.type === "json" && request.output.schema) tokens += textTokens(JSON.stringify(request.output.schema));
  return Math.ceil(tokens);
}

function sum<T>(list: readonly T[], of: (item: T) => number): number {
  let total = 0;
  for (const item of list) total += of(item);
  return total;
}

function partTokens(part: Part): number {
  switch (part.type) {
    case "text":
    case "refusal":
      return textTokens(part.text);
    case "reasoning":
      return textTokens(part.text) + sum(part.opaque ?? [], ({ data }) => data.length / 8);
    case "file":
      return fileTokens(part);
    case "tool-call":
      return PER_TOOL + textTokens(part.name) + textTokens(part.arguments);
    case "tool-result":
      return PER_TOOL + resultTokens(part.output);
    case "source":
      return textTokens(part.source.title ?? "") + textTokens(part.source.url ?? "");
    case "provider":
      return textTokens(JSON.stringify(part.raw));
    default:
      return part satisfies never;
  }
}

function fileTokens({ data, mediaType }: FilePart): number {
  if (data.type === "text") return textTokens(data.text);
  return mediaType.startsWith("image/") ? IMAGE : OTHER_MEDIA;
}

function resultTokens(output: ToolResultPart["output"]): number {
  if (typeof output === "string") return textTokens(output);
  switch (output.type) {
    case "text":
      return textTokens(output.text);
    case "json":
      return textTokens(JSON.stringify(output.value));
    case "content":
      return sum(output.parts, partTokens);
    case "denied":
      return textTokens(output.reason ?? "");
    default:
      return output satisfies never;
  }
}

/** What a character weighs: runs of letters are cheap, digits and signs cost more, CJK signs about one token each. */
function textTokens(text: string): number {
  let tokens = 0;
  let spaces = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code <= 32) {
      spaces++;
      continue;
    }
    // A single space belongs to the word that follows; a longer run is a token of its own.
    if (spaces > 1) tokens += 0.5 + spaces / 16;
    else if (spaces === 1) tokens += 0.08;
    spaces = 0;
    tokens += weight(code);
  }
  return tokens + (spaces > 0 ? 0.5 : 0);
}

function weight(code: number): number {
  if (code < 128) {
    const letter = code | 32;
    if (letter >= 97 && letter <= 122) return 0.22;
    return code >= 48 && code <= 57 ? 0.45 : 0.5;
  }
  if (code < 0x0250) return 0.4;
  // Half of a surrogate pair: emoji and rare signs take two tokens or so.
  if (code >= 0xd800 && code <= 0xdfff) return 1;
  return code < 0x2e80 ? 0.24 : 0.66;
}
