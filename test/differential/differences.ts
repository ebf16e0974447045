import type { Disagreement, Field } from "./outcome.ts";

/** A disagreement that is meant. It covers the fields it names of the cases that match, and only where `holds`. */
export interface Difference {
  /** Names of recordings; absent: all. */
  readonly recordings?: RegExp;
  /** Set where only mutants differ: what was done to them. */
  readonly mutations?: RegExp;
  readonly fields: readonly Field[];
  readonly ours: string;
  readonly theirs: string;
  readonly holds: (ours: never, theirs: never) => boolean;
  /** Why ours is right, in one sentence. */
  readonly why: string;
}

type Source = { readonly url?: string; readonly title?: string };
type Failure = { readonly message: string };

export const DIFFERENCES: readonly Difference[] = [
  {
    recordings: /^anthropic-messages\//,
    fields: ["usage.output.text"],
    ours: "all output tokens",
    theirs: "nothing",
    holds: (ours: unknown, theirs: unknown) => typeof ours === "number" && theirs === undefined,
    why: "Where the provider does not split its output, the buckets still add up to the total, so that every token is billed once.",
  },
  {
    recordings: /anthropic-compaction/,
    fields: ["text"],
    ours: "the answer",
    theirs: "the answer with the summary of the conversation before it",
    holds: (ours: string, theirs: string) => theirs.endsWith(ours) && theirs.length > ours.length,
    why: "A compaction block is state that goes back to the provider and no part of what the model says to the user, so it is a block of its own.",
  },
  {
    recordings: /spliced-message-start/,
    fields: ["error"],
    ours: "a second answer began before the first had ended",
    theirs: "the same failure in other words",
    holds: (ours: Failure, theirs: Failure) => /a second answer began/.test(ours.message) && /Received message_start/.test(theirs.message),
    why: "Both refuse a stream into which a second answer is spliced; the provider sent no message for it, so each side has words of its own.",
  },
  {
    recordings: /openai-compatible\/xai-/,
    fields: ["usage.output.total", "usage.output.text"],
    ours: "the completion tokens and the reasoning tokens, of which the completion tokens are text",
    theirs: "the completion tokens alone, less the reasoning tokens, never below 0",
    holds: (ours: number, theirs: number) => ours > theirs,
    why: "This host counts reasoning beside the completion tokens, as its own total of all tokens shows, and it bills both.",
  },
  {
    recordings: /openai-(apply-patch-tool|client-tool-search\.1|shell-tool|shell-container\.1)/,
    fields: ["calls", "arguments", "arguments.parsed"],
    ours: "none: the call is a block of the provider, as it was sent",
    theirs: "a tool call with arguments that the AI SDK makes up from the block's fields",
    holds: (ours: readonly unknown[], theirs: readonly unknown[]) => ours.length === 0 && theirs.length === 1,
    why: "A typed tool's call has fields of its own and no JSON arguments, and its result goes back as a typed item, so it is kept as it was sent.",
  },
  {
    recordings: /parallel-tool-call-wrapper\.1\.chunks/,
    fields: ["error"],
    ours: "the stream ended before the answer did",
    theirs: "JSON parsing failed",
    holds: (ours: Failure, theirs: Failure) =>
      /ended before the answer/.test(ours.message) && theirs.message.startsWith("JSON parsing failed"),
    why: "The file's frames are cut, so both fail; a frame that is no JSON is skipped, and what then fails is that the answer has no end.",
  },
  {
    recordings: /xai\/xai-(web|x)-search/,
    fields: ["sources"],
    ours: "sources without a title",
    theirs: "sources with the URL as the title",
    holds: (ours: readonly Source[], theirs: readonly Source[]) =>
      ours.length === theirs.length &&
      ours.every(({ url, title }, at) => title === undefined && theirs[at]!.url === url && theirs[at]!.title === url),
    why: "The provider sent no titles, and a URL is none.",
  },
  {
    mutations: /usage/i,
    fields: ["usage.input.total", "usage.input.uncached", "usage.output.total", "usage.output.text"],
    ours: "unknown",
    theirs: "0, null or less than nothing",
    holds: (ours: unknown, theirs: unknown) => ours === undefined && (theirs === null || (theirs as number) <= 0),
    why: "A count that the provider does not send is unknown, and a 0 in its place would be taken for its word.",
  },
  {
    mutations: /(finish_reason|finishReason|candidates)$/,
    fields: ["outcome"],
    ours: "a failure",
    theirs: "an answer",
    holds: (ours: Failure, theirs: unknown) =>
      /without a finish reason|before the answer began|neither candidates/.test(ours.message) && theirs === "answer",
    why: "A stream without its finish reason was cut, an answer without candidates says nothing, and neither may pass for a whole answer.",
  },
  {
    mutations: /(finish_reason|finishReason)$/,
    fields: ["finish"],
    ours: "tool-calls",
    theirs: "other",
    holds: (ours: unknown, theirs: unknown) => ours === "tool-calls" && theirs === "other",
    why: "A whole answer that calls tools waits for them, whether it says so or not.",
  },
  {
    mutations: /arguments$/,
    fields: ["arguments"],
    ours: "{}",
    theirs: "the empty text",
    holds: (ours: readonly string[], theirs: readonly string[]) =>
      ours.every((each, at) => each === theirs[at] || (each === "{}" && theirs[at] === "")),
    why: "The empty text is no JSON, so a call without arguments has those of an empty object.",
  },
  {
    recordings: /^anthropic-messages/,
    mutations: /^null message\.content\[\]\.input$/,
    fields: ["text", "arguments", "arguments.parsed"],
    ours: "{}",
    theirs: "null",
    holds: (ours: unknown, theirs: unknown) => JSON.stringify(ours).includes("{}") && JSON.stringify(theirs).includes("null"),
    why: "A tool's arguments are an object on this wire, so a call whose input is null has those of an empty one.",
  },
  {
    recordings: /spliced-message-start/,
    mutations: /message_start\.message\.id$/,
    fields: ["calls", "arguments", "arguments.parsed"],
    ours: "the calls of both answers",
    theirs: "the call of the second answer",
    holds: (ours: readonly unknown[], theirs: readonly unknown[]) => ours.length === 2 && theirs.length === 1,
    why: "Without ids nothing tells that the stream holds two answers, and then no call may be lost.",
  },
  {
    recordings: /\/deepseek\//,
    mutations: /prompt_cache_hit_tokens$/,
    fields: ["usage.input.uncached", "usage.input.cacheRead"],
    ours: "cached tokens as `prompt_tokens_details` tells them",
    theirs: "no cached tokens",
    holds: (ours: number, theirs: number) => ours !== theirs,
    why: "The provider tells its cached tokens in two places, and either may be missing.",
  },
  {
    recordings: /\/groq\//,
    mutations: /usage|x_groq/,
    fields: ["usage.input.total", "usage.input.uncached", "usage.output.total", "usage.output.text"],
    ours: "the counts of `usage`",
    theirs: "the counts of `x_groq.usage`",
    holds: (ours: unknown, theirs: unknown) => Number(Boolean(ours)) + Number(Boolean(theirs)) === 1,
    why: "The provider tells its usage twice, and the documented place counts, the other only where that one is missing.",
  },
  {
    recordings: /xai\/xai-(web|x)-search/,
    mutations: /content\[\]\.text$/,
    fields: ["sources"],
    ours: "no sources",
    theirs: "sources of a text part that has no text",
    holds: (ours: readonly Source[], theirs: readonly Source[]) => ours.length === 0 && theirs.length > 0,
    why: "The annotations of a part say what its text rests on, and there is no text.",
  },
];

/** What the list says of a disagreement. */
export function differenceFor(name: string, { field, ours, theirs }: Disagreement, mutation?: string): Difference | undefined {
  return DIFFERENCES.find(
    ({ recordings = /^/, mutations, fields, holds }) =>
      fields.includes(field) &&
      recordings.test(name) &&
      (mutations === undefined || (mutation !== undefined && mutations.test(mutation))) &&
      holds(ours as never, theirs as never),
  );
}
