import { addMetadata } from "../attribution.ts";
import { costShares, tokenShares } from "../cost.ts";
import type { InferenceFacts, SpanFacts } from "../facts.ts";
import type { Attributes } from "../otel.ts";

/**
 * Langfuse. It takes cost and tokens from the two JSON attributes before anything else; both need their `total`, or it adds up whatever it
 * finds. A call that used nothing says so, because Langfuse else counts the tokens of its text.
 */
export function langfuse(attributes: Attributes, facts: SpanFacts): void {
  const { attribution } = facts;
  if (facts.kind === "route") attributes["langfuse.observation.type"] = "chain";
  else inference(attributes, facts);
  if (attribution === undefined) return;
  const { team, project, key, tags } = attribution;
  if (tags !== undefined) attributes["langfuse.trace.tags"] = tags;
  if (team !== undefined) attributes["langfuse.trace.metadata.team"] = team;
  if (project !== undefined) attributes["langfuse.trace.metadata.project"] = project;
  if (key !== undefined) attributes["langfuse.trace.metadata.key"] = key;
  addMetadata(attributes, "langfuse.trace.metadata.", attribution);
}

function inference(attributes: Attributes, facts: InferenceFacts): void {
  const { operation, usage, cost, firstEventAt, stream, error, cancelled, relayed } = facts;
  attributes["langfuse.observation.type"] = operation === "embeddings" ? "embedding" : "generation";
  const tokens = usage === undefined ? undefined : tokenShares(usage);
  if (tokens !== undefined) {
    attributes["langfuse.observation.usage_details"] = json({
      input: tokens.input,
      input_cached_tokens: tokens.cacheRead,
      input_cache_creation: tokens.cacheWrite,
      output: tokens.output,
      output_reasoning_tokens: tokens.reasoning,
      total: tokens.total,
    });
  }
  if (cost !== undefined) {
    const shares = costShares(cost);
    attributes["langfuse.observation.cost_details"] = json({
      input: shares.input,
      input_cached_tokens: shares.cacheRead,
      input_cache_creation: shares.cacheWrite,
      output: shares.output,
      output_reasoning_tokens: shares.reasoning,
      tools: shares.tools,
      total: cost.total,
    });
  } else if (usage === undefined && (error !== undefined || cancelled || relayed === true)) {
    attributes["langfuse.observation.usage_details"] = "{}";
    attributes["langfuse.observation.cost_details"] = '{"total":0}';
  }
  if (stream && firstEventAt !== undefined) {
    attributes["langfuse.observation.completion_start_time"] = isoTime(firstEventAt);
  }
}

let second = NaN;
let untilSecond = "";

/** What `toISOString` says, in a part of its time: all but the milliseconds is kept from the last time. */
function isoTime(ms: number): string {
  const thousandth = ms % 1_000;
  if (ms - thousandth !== second) {
    second = ms - thousandth;
    untilSecond = new Date(second).toISOString().slice(0, -4);
  }
  return `${untilSecond}${String(Math.trunc(thousandth)).padStart(3, "0")}Z`;
}

/** What `JSON.stringify` says of known numbers, in a third of its time. */
function json(numbers: Readonly<Record<string, number | undefined>>): string {
  let text = "";
  for (const name in numbers) {
    const value = numbers[name];
    if (value !== undefined) text += `${text === "" ? "{" : ","}"${name}":${value}`;
  }
  return `${text === "" ? "{" : text}}`;
}
