import type { FinishReason } from "../../ir/response.ts";

/** The wire's stop reasons, from the Messages API's `stop_reason`. */
const STOP_REASONS = {
  end_turn: "stop",
  stop_sequence: "stop",
  pause_turn: "stop",
  tool_use: "tool-calls",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  refusal: "content-filter",
  compaction: "other",
} as const satisfies Record<string, FinishReason["unified"]>;

const UNIFIED: Readonly<Record<FinishReason["unified"], string>> = {
  stop: "end_turn",
  length: "max_tokens",
  "tool-calls": "tool_use",
  "content-filter": "refusal",
  error: "end_turn",
  other: "end_turn",
};

const unify = (raw: string): FinishReason["unified"] =>
  Object.hasOwn(STOP_REASONS, raw) ? STOP_REASONS[raw as keyof typeof STOP_REASONS] : "other";

export function decodeFinishReason(raw: string | undefined, stopSequence: string | undefined): FinishReason {
  if (raw === undefined) return { unified: "other" };
  return { unified: unify(raw), raw, ...(stopSequence === undefined ? undefined : { stopSequence }) };
}

/** The provider's own word when it is one of this wire and still says the same, else the nearest. */
export function encodeFinishReason({ unified, raw, stopSequence }: FinishReason): string {
  if (raw !== undefined && Object.hasOwn(STOP_REASONS, raw) && unify(raw) === unified) return raw;
  return unified === "stop" && stopSequence !== undefined ? "stop_sequence" : UNIFIED[unified];
}
