import type { Part } from "../ir/content.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { ModelTraits } from "../ir/target.ts";
import { estimateTokens } from "../models/estimate.ts";

export type Media = NonNullable<ModelTraits["input"]>[number];

const KINDS: readonly (readonly [prefix: string, kind: Media])[] = [
  ["image/", "image"],
  ["audio/", "audio"],
  ["video/", "video"],
  ["application/pdf", "pdf"],
];

/** Estimates are up to a third too high: only what is longer by so much is sure not to fit. */
const MARGIN = 1.35;

/** What a request asks of a model; each figure is found out when it is first wanted. */
export interface Needs {
  readonly request: ModelRequest;
  media: ReadonlySet<Media> | undefined;
  tokens: number | undefined;
  characters: number | undefined;
}

export function needsOf(request: ModelRequest): Needs {
  return { request, media: undefined, tokens: undefined, characters: undefined };
}

/** Input tokens, estimated. */
export function tokensOf(needs: Needs): number {
  return (needs.tokens ??= estimateTokens(needs.request));
}

/** Why a model cannot take a request; `undefined` when it can, or when that is not known. */
export function misfit(traits: ModelTraits, request: ModelRequest, needs: Needs): string | undefined {
  const { input, jsonSchema, tools } = traits;
  if (input !== undefined && input.length < KINDS.length) {
    for (const kind of (needs.media ??= mediaOf(request))) if (!input.includes(kind)) return `takes no ${kind}`;
  }
  if (jsonSchema === false && request.output?.type === "json" && request.output.schema !== undefined) return "enforces no schema";
  if (tools === false && request.tools !== undefined && request.tools.length > 0) return "takes no tools";
  return fits(traits, request, needs, 1) ? undefined : "the conversation is too long for it";
}

/** Whether the conversation and its answer have room; `margin` above 1 is lenient towards the estimate. */
function fits({ contextWindow }: ModelTraits, request: ModelRequest, needs: Needs, margin: number): boolean {
  if (contextWindow === undefined) return true;
  const answer = request.maxOutputTokens ?? 0;
  // A token is seldom less than a character: short conversations need no closer look.
  if ((needs.characters ??= charactersOf(request)) * 1.2 + answer < contextWindow) return true;
  return tokensOf(needs) / margin + (margin === 1 ? answer : 0) <= contextWindow;
}

/** Whether the conversation is too long for sure: sending it would only bring the provider's refusal. */
export function overflows(traits: ModelTraits, request: ModelRequest, needs: Needs): boolean {
  return !fits(traits, request, needs, MARGIN);
}

/** The kinds of media that a request holds, in tool results too. */
export function mediaOf(request: ModelRequest): ReadonlySet<Media> {
  const found = new Set<Media>();
  const visit = (parts: readonly Part[]): void => {
    for (const part of parts) {
      if (part.type === "file") {
        for (const [prefix, kind] of KINDS) if (part.mediaType.startsWith(prefix)) found.add(kind);
      } else if (part.type === "tool-result" && typeof part.output === "object" && part.output.type === "content") visit(part.output.parts);
    }
  };
  for (const { content } of request.messages) if (typeof content !== "string") visit(content);
  return found;
}

/** Tokens that media of any kind may be. */
const MEDIA_CHARACTERS = 4_000;

function charactersOf({ messages, tools, output }: ModelRequest): number {
  // Schemas are not looked into: a tool counts as one that is long.
  let total = (tools?.length ?? 0) * 4_000 + (output?.type === "json" ? 4_000 : 0);
  const visit = (parts: readonly Part[]): void => {
    for (const part of parts) {
      total += 20;
      if ("text" in part) total += part.text.length;
      else if (part.type === "tool-call") total += part.arguments.length;
      else if (part.type === "tool-result") {
        const { output: result } = part;
        if (typeof result === "string") total += result.length;
        else if (result.type === "content") visit(result.parts);
        else if (result.type === "text") total += result.text.length;
        else if (result.type === "json") total += JSON.stringify(result.value).length;
      } else if (part.type === "provider") total += JSON.stringify(part.raw).length;
      else total += part.type === "file" && part.data.type === "text" ? part.data.text.length : MEDIA_CHARACTERS;
    }
  };
  for (const { content } of messages) {
    if (typeof content === "string") total += content.length + 10;
    else visit(content);
  }
  return total;
}
