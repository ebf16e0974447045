import type { FinishReason } from "../../ir/response.ts";

type Unified = FinishReason["unified"];

/** The wire's `finishReason` words. A reason that is not here is `other`. */
const REASONS: Readonly<Record<string, Unified>> = Object.fromEntries(
  (
    [
      ["stop", "STOP"],
      ["length", "MAX_TOKENS CONTINUATION"],
      ["error", "MALFORMED_FUNCTION_CALL"],
      [
        "content-filter",
        "SAFETY RECITATION LANGUAGE BLOCKLIST PROHIBITED_CONTENT SPII MODEL_ARMOR IMAGE_SAFETY IMAGE_PROHIBITED_CONTENT IMAGE_RECITATION",
      ],
      ["other", "OTHER UNEXPECTED_TOOL_CALL TOO_MANY_TOOL_CALLS NO_IMAGE IMAGE_OTHER"],
    ] as const
  ).flatMap(([unified, words]) => words.split(" ").map((word) => [word, unified] as const)),
);

const WORDS: Readonly<Record<Unified, string>> = {
  stop: "STOP",
  "tool-calls": "STOP",
  length: "MAX_TOKENS",
  "content-filter": "SAFETY",
  error: "OTHER",
  other: "OTHER",
};

/** The wire says STOP also when the model waits for a tool. */
export function decodeFinishReason(raw: string | undefined, calls: boolean): FinishReason {
  const known = raw !== undefined && Object.hasOwn(REASONS, raw) ? REASONS[raw]! : "other";
  const unified = calls && (known === "stop" || raw === undefined) ? "tool-calls" : known;
  return raw === undefined ? { unified } : { unified, raw };
}

/** The provider's own word where it is one of this wire, so that an answer of Gemini passes unchanged. */
export function encodeFinishReason({ unified, raw }: FinishReason): string {
  return raw !== undefined && Object.hasOwn(REASONS, raw) && (REASONS[raw] === unified || unified === "tool-calls") ? raw : WORDS[unified];
}
