import type { FinishReason } from "../ir/response.ts";

const WORDS: Readonly<Record<string, string>> = { "tool-calls": "tool_call", "content-filter": "content_filter" };

/** A finish reason in the conventions' words. */
export function finishWord({ unified, raw }: FinishReason): string {
  return unified === "other" ? (raw ?? unified) : (WORDS[unified] ?? unified);
}
