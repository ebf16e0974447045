import type { Disagreement, Field } from "./outcome.ts";

/** A disagreement that is meant. It covers the fields it names of the cases that match, and only where `holds`. */
export interface Difference {
  /** Names of recordings. */
  readonly recordings: RegExp;
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
];

/** What the list says of a disagreement. */
export function differenceFor(name: string, { field, ours, theirs }: Disagreement): Difference | undefined {
  return DIFFERENCES.find(
    ({ recordings, fields, holds }) => recordings.test(name) && fields.includes(field) && holds(ours as never, theirs as never),
  );
}
