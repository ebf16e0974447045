import { labelsOf } from "../attribution.ts";
import { costShares } from "../cost.ts";
import type { InferenceFacts, SpanFacts } from "../facts.ts";
import type { Attributes } from "../otel.ts";

/** OpenInference: Phoenix and Arize. Token counts include their shares. */
export function openinference(attributes: Attributes, facts: SpanFacts): void {
  const { attribution } = facts;
  if (facts.kind === "route") attributes["openinference.span.kind"] = "CHAIN";
  else inference(attributes, facts);
  if (attribution === undefined) return;
  if (attribution.tags !== undefined) attributes["tag.tags"] = attribution.tags;
  const labels = labelsOf(attribution);
  if (Object.keys(labels).length > 0) attributes["metadata"] = JSON.stringify(labels);
}

function inference(attributes: Attributes, { operation, provider, model, responseModel, usage, cost }: InferenceFacts): void {
  const embeds = operation === "embeddings";
  attributes["openinference.span.kind"] = embeds ? "EMBEDDING" : "LLM";
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
    const { prompt, completion, cacheRead, cacheWrite, reasoning } = costShares(cost);
    if (prompt !== undefined) attributes["llm.cost.prompt"] = prompt;
    if (completion !== undefined) attributes["llm.cost.completion"] = completion;
    if (cacheRead !== undefined) attributes["llm.cost.prompt_details.cache_read"] = cacheRead;
    if (cacheWrite !== undefined) attributes["llm.cost.prompt_details.cache_write"] = cacheWrite;
    if (reasoning !== undefined) attributes["llm.cost.completion_details.reasoning"] = reasoning;
  }
}
