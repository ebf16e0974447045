import type { ReadableSpan } from "@opentelemetry/sdk-trace";

/** What a tool shows for a trace, by its own rules. */
export interface Shown {
  readonly tokens: number;
  readonly nanoUsd: number;
  /** Spans whose tokens or cost the tool makes up, because nothing tells them. */
  readonly guessed: readonly string[];
}

const SKIPPED = new Set<unknown>(["invoke_agent", "agent_step"]);
const MODEL_KEYS = ["langfuse.observation.model.name", "gen_ai.response.model", "ai.model.id", "gen_ai.request.model", "llm.response.model", "llm.model_name", "model"]; // oxfmt-ignore
const ERROR = 2;

/** Langfuse: its own two JSON attributes first, else whatever stands under `gen_ai.usage.` and `llm.token_count.`, unknown names as further buckets. */
export function langfuseShows(spans: readonly ReadableSpan[]): Shown {
  let [tokens, nanoUsd] = [0, 0];
  const guessed: string[] = [];
  for (const { name, attributes, status } of spans) {
    if (SKIPPED.has(attributes["gen_ai.operation.name"])) continue;
    const type = attributes["langfuse.observation.type"];
    const isCall = type === "generation" || type === "embedding" || (type === undefined && MODEL_KEYS.some((key) => key in attributes));
    const details = attributes["langfuse.observation.usage_details"];
    const usage = typeof details === "string" ? (JSON.parse(details) as Record<string, number>) : usageOf(attributes);
    const buckets = Object.entries(usage);
    tokens += usage["total"] ?? buckets.reduce((sum, [, count]) => sum + count, 0);
    const costs = attributes["langfuse.observation.cost_details"];
    const cost = typeof costs === "string" ? (JSON.parse(costs) as { total?: number }).total : (attributes["gen_ai.usage.cost"] ?? attributes["llm.cost.total"]); // oxfmt-ignore
    if (typeof cost === "number") nanoUsd += Math.round(cost * 1e9);
    else if (isCall && status.code !== ERROR) guessed.push(name);
  }
  return { tokens, nanoUsd, guessed };
}

function usageOf(attributes: ReadableSpan["attributes"]): Record<string, number> {
  const usage: Record<string, number> = {};
  for (const [key, value] of Object.entries(attributes)) {
    const bucket = /^gen_ai\.usage\.(.+)$/.exec(key)?.[1] ?? /^llm\.token_count\.(.+)$/.exec(key)?.[1];
    if (bucket === undefined || bucket === "cost" || typeof value !== "number") continue;
    const known: Record<string, string> = {
      input_tokens: "input",
      prompt: "input",
      output_tokens: "output",
      completion: "output",
      "cache_read.input_tokens": "input_cached_tokens",
      "prompt_details.cache_read": "input_cached_tokens",
      "cache_creation.input_tokens": "input_cache_creation",
      "reasoning.output_tokens": "output_reasoning_tokens",
      "completion_details.reasoning": "output_reasoning_tokens",
    };
    usage[known[bucket] ?? bucket] ??= value;
  }
  if (usage["input"] !== undefined) usage["input"] -= (usage["input_cached_tokens"] ?? 0) + (usage["input_cache_creation"] ?? 0);
  if (usage["output"] !== undefined) usage["output"] -= usage["output_reasoning_tokens"] ?? 0;
  return usage;
}

/** Phoenix: its own names, else those of the conventions; it counts what is of kind LLM or EMBEDDING, and prices it itself. */
export function phoenixShows(spans: readonly ReadableSpan[]): Pick<Shown, "tokens"> {
  let tokens = 0;
  for (const { attributes } of spans) {
    // Agents repeat what their calls used.
    const kind = attributes["openinference.span.kind"] ?? (SKIPPED.has(attributes["gen_ai.operation.name"]) ? "AGENT" : "LLM");
    if (kind !== "LLM" && kind !== "EMBEDDING") continue;
    const prompt = attributes["llm.token_count.prompt"] ?? attributes["gen_ai.usage.input_tokens"];
    const completion = attributes["llm.token_count.completion"] ?? attributes["gen_ai.usage.output_tokens"];
    tokens += Number(prompt ?? 0) + Number(completion ?? 0);
  }
  return { tokens };
}

/** SigNoz: a span with a requested model is a call, unless it is an agent's; its tokens are those of the conventions. */
export function signozShows(spans: readonly ReadableSpan[]): { readonly calls: number; readonly tokens: number } {
  const counted = spans.filter(({ attributes }) => !SKIPPED.has(attributes["gen_ai.operation.name"]));
  const calls = counted.filter(({ attributes }) => attributes["gen_ai.request.model"] !== undefined);
  const of = (key: string): number => counted.reduce((sum, { attributes }) => sum + Number(attributes[key] ?? 0), 0);
  return { calls: calls.length, tokens: of("gen_ai.usage.input_tokens") + of("gen_ai.usage.output_tokens") };
}
