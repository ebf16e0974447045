import { labelsOf } from "../attribution.ts";
import { costShares } from "../cost.ts";
import type { InferenceFacts, SpanFacts } from "../facts.ts";
import type { Attributes } from "../otel.ts";

/** OpenInference: Phoenix and Arize. Token counts include their shares. */
export function openinference(facts: SpanFacts): Attributes {
  const { attribution } = facts;
  const attributes: Attributes = facts.kind === "route" ? { "openinference.span.kind": "CHAIN" } : inference(facts);
  if (attribution === undefined) return attributes;
  if (attribution.tags !== undefined) attributes["tag.tags"] = attribution.tags;
  const labels = labelsOf(attribution);
  if (Object.keys(labels).length > 0) attributes["metadata"] = JSON.stringify(labels);
  return attributes;
}

function inference({ operation, provider, model, responseModel, usage, cost }: InferenceFacts): Attributes {
  const embeds = operation === "embeddings";
  const attributes: Attributes = { "openinference.span.kind": embeds ? "EMBEDDING" : "LLM" };
  attributes[embeds ? "embedding.model_name" : "llm.model_name"] = responseModel ?? model;
  attributes["llm.provider"] = provider;
  attributes["llm.system"] = provider;
  if (usage !== undefined) {
    const { input, output, total } = usage;
    if (input.total !== undefined) attributes["llm.token_count.prompt"] = input.total;
    if (output.total !== undefined) attributes["llm.token_count.completion"] = output.total;
    if (total !== undefined) attributes["llm.token_count.total"] = total;
    if (input.cacheRead !== undefined) attributes["llm.token_count.prompt_details.cache_read"] = input.cacheRead;
    if (input.cacheWrite !== undefined) attributes["llm.token_count.prompt_details.cache_write"] = input.cacheWrite;
    if (output.reasoning !== undefined) attributes["llm.token_count.completion_details.reasoning"] = output.reasoning;
  }
  if (cost !== undefined) {
    attributes["llm.cost.total"] = cost.total;
    const { input, cacheRead, cacheWrite, output, reasoning } = costShares(cost);
    const prompt = sum(input, cacheRead, cacheWrite);
    const completion = sum(output, reasoning);
    if (prompt !== undefined) attributes["llm.cost.prompt"] = prompt;
    if (completion !== undefined) attributes["llm.cost.completion"] = completion;
    if (cacheRead !== undefined) attributes["llm.cost.prompt_details.cache_read"] = cacheRead;
    if (cacheWrite !== undefined) attributes["llm.cost.prompt_details.cache_write"] = cacheWrite;
    if (reasoning !== undefined) attributes["llm.cost.completion_details.reasoning"] = reasoning;
  }
  return attributes;
}

/** US dollars, added up in billionths. */
export function sum(...amounts: (number | undefined)[]): number | undefined {
  const known = amounts.filter((amount) => amount !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, amount) => total + Math.round(amount * 1e9), 0) / 1e9;
}
