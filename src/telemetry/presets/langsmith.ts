import { labelsOf } from "../attribution.ts";
import { costShares } from "../cost.ts";
import type { InferenceFacts, SpanFacts } from "../facts.ts";
import type { Attributes } from "../otel.ts";
import { sum } from "./openinference.ts";

/** LangSmith. */
export function langsmith(facts: SpanFacts): Attributes {
  const { attribution } = facts;
  const attributes: Attributes = facts.kind === "route" ? { "langsmith.span.kind": "chain" } : inference(facts);
  if (attribution === undefined) return attributes;
  if (attribution.tags !== undefined) attributes["langsmith.span.tags"] = attribution.tags.join(", ");
  for (const [name, value] of Object.entries(labelsOf(attribution))) attributes[`langsmith.metadata.${name}`] = value;
  return attributes;
}

function inference({ operation, usage, cost }: InferenceFacts): Attributes {
  const attributes: Attributes = { "langsmith.span.kind": operation === "embeddings" ? "embedding" : "llm" };
  if (usage?.total === undefined) return attributes;
  const { input, output, total } = usage;
  const shares = cost === undefined ? undefined : costShares(cost);
  attributes["langsmith.usage_metadata"] = JSON.stringify({
    input_tokens: input.total,
    output_tokens: output.total,
    total_tokens: total,
    input_token_details: { cache_read: input.cacheRead, cache_creation: input.cacheWrite },
    output_token_details: { reasoning: output.reasoning },
    input_cost: shares === undefined ? undefined : sum(shares.input, shares.cacheRead, shares.cacheWrite),
    output_cost: shares === undefined ? undefined : sum(shares.output, shares.reasoning),
    total_cost: cost?.total,
  });
  return attributes;
}
