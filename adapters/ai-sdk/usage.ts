import type { FinishReason, Usage, Warning } from "crosspoint";
import type { CallWarning, FinishReasonPart, JsonObject, TokenUsage } from "./types.ts";

/** The counts in the AI SDK's buckets; what is unknown stays `undefined`. */
export function toTokenUsage(usage: Usage | undefined): TokenUsage {
  const { input, output, raw } = usage ?? { input: {}, output: {}, raw: undefined };
  return {
    inputTokens: { total: input.total, noCache: input.uncached, cacheRead: input.cacheRead, cacheWrite: input.cacheWrite },
    outputTokens: { total: output.total, text: output.text, reasoning: output.reasoning },
    ...(raw === undefined ? undefined : { raw: raw as JsonObject }),
  };
}

export function toFinishReason({ unified, raw }: FinishReason): FinishReasonPart {
  return { unified, raw };
}

export function toCallWarning({ type, feature, details }: Warning): CallWarning {
  if (type === "other") return { type, message: details === undefined ? feature : `${feature}: ${details}` };
  return { type, feature, ...(details === undefined ? undefined : { details }) };
}
