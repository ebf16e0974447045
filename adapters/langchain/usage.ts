import type { UsageMetadata } from "@langchain/core/messages";
import type { Cost, ModelResponse, Usage } from "crosspoint";

type Details = Record<string, number>;

/**
 * Tokens as LangChain counts them: input and output include their shares. The dollars beside them are what LangSmith reads; joining
 * chunks loses them, `response_metadata.cost` stays.
 */
export function toUsageMetadata(usage: Usage, cost?: Cost): UsageMetadata | undefined {
  const { input, output } = usage;
  if (input.total === undefined && output.total === undefined) return undefined;
  const inputDetails = defined({
    cache_read: input.cacheRead,
    cache_creation: input.cacheWrite,
    audio: input.audio,
    image: input.image,
    video: input.video,
  });
  const outputDetails = defined({ reasoning: output.reasoning, audio: output.audio, image: output.image });
  return {
    input_tokens: input.total ?? 0,
    output_tokens: output.total ?? 0,
    total_tokens: usage.total ?? (input.total ?? 0) + (output.total ?? 0),
    ...(inputDetails === undefined ? undefined : { input_token_details: inputDetails }),
    ...(outputDetails === undefined ? undefined : { output_token_details: outputDetails }),
    ...(cost === undefined ? undefined : { total_cost: cost.total }),
  };
}

/** The field of a message. Core types it by the message's structure, which holds no usage. */
export function usageField(usage: UsageMetadata | undefined): { readonly usage_metadata?: never } {
  return usage === undefined ? {} : { usage_metadata: usage as never };
}

function defined(details: Readonly<Record<string, number | undefined>>): Details | undefined {
  const known = Object.entries(details).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** OpenAI's words for why an answer ended, which most LangChain code knows. */
const FINISH: Readonly<Record<ModelResponse["finishReason"]["unified"], string>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_calls",
  "content-filter": "content_filter",
  error: "error",
  other: "other",
};

/** Who answered, why it ended, and what it cost. It belongs on one chunk only: joining adds numbers and strings up. */
export function toResponseMetadata(response: ModelResponse): Record<string, unknown> {
  const { attempts, cost, finishReason, id, model, provider, deployment, requestId, serviceTier, usage, warnings, providerMetadata } =
    response;
  const failed = attempts.filter((each) => each.outcome === "failure");
  const fingerprint = Object.values(providerMetadata ?? {}).find((each) => typeof each["system_fingerprint"] === "string")?.[
    "system_fingerprint"
  ];
  return {
    model,
    model_name: model,
    model_provider: "crosspoint",
    provider,
    deployment,
    finish_reason: FINISH[finishReason.unified],
    ...(finishReason.raw === undefined ? undefined : { raw_finish_reason: finishReason.raw }),
    ...(finishReason.stopSequence === undefined ? undefined : { stop_sequence: finishReason.stopSequence }),
    ...(id === undefined ? undefined : { id }),
    ...(requestId === undefined ? undefined : { request_id: requestId }),
    ...(serviceTier === undefined ? undefined : { service_tier: serviceTier }),
    ...(fingerprint === undefined ? undefined : { system_fingerprint: fingerprint }),
    ...(cost === undefined ? undefined : { cost: cost.total, cost_details: cost }),
    usage: { ...usage.raw, ...(cost === undefined ? undefined : { cost: cost.total }) },
    attempts: attempts.map((each) => ({
      deployment: each.deployment,
      reason: each.reason,
      outcome: each.outcome,
      ...(each.error === undefined ? undefined : { error: each.error.code }),
    })),
    ...(failed[0] === undefined || failed[0].deployment === deployment ? undefined : { fallback_from: failed[0].deployment }),
    ...(warnings.length === 0 ? undefined : { warnings }),
  };
}
