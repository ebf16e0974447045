import { labelsOf } from "../attribution.ts";
import { costShares } from "../cost.ts";
import type { InferenceFacts, SpanFacts } from "../facts.ts";
import type { Attributes } from "../otel.ts";

/** LangSmith. */
export function langsmith(attributes: Attributes, facts: SpanFacts): void {
  const { attribution } = facts;
  if (facts.kind === "route") attributes["langsmith.span.kind"] = "chain";
  else inference(attributes, facts);
  if (attribution === undefined) return;
  if (attribution.tags !== undefined) attributes["langsmith.span.tags"] = attribution.tags.join(", ");
  for (const [name, value] of Object.entries(labelsOf(attribution))) attributes[`langsmith.metadata.${name}`] = value;
}

function inference(attributes: Attributes, { operation, usage, cost }: InferenceFacts): void {
  attributes["langsmith.span.kind"] = operation === "embeddings" ? "embedding" : "llm";
  if (usage?.total === undefined) return;
  const { input, output, total } = usage;
  const shares = cost === undefined ? undefined : costShares(cost);
  attributes["langsmith.usage_metadata"] = JSON.stringify({
    input_tokens: input.total,
    output_tokens: output.total,
    total_tokens: total,
    input_token_details: { cache_read: input.cacheRead, cache_creation: input.cacheWrite },
    output_token_details: { reasoning: output.reasoning },
    input_cost: shares?.prompt,
    output_cost: shares?.completion,
    total_cost: cost?.total,
  });
}
