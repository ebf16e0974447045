import { expect, test } from "vitest";
import { CrosspointError, makeUsage, type InferenceFacts, type RouteFacts } from "../../src/index.ts";
import { costOf } from "../../src/models/cost.ts";
import { presetsOf } from "../../src/telemetry/presets/index.ts";
import type { Fill } from "../../src/telemetry/facts.ts";
import type { PresetName } from "../../src/telemetry/options.ts";
import type { Attributes } from "../../src/telemetry/otel.ts";

const usage = makeUsage({ input: { total: 100, cacheRead: 60, cacheWrite: 10 }, output: { total: 50, reasoning: 20 } });
const cost = costOf({ price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 }, usage })!;
const attribution = { user: "u1", team: "search", project: "bot", session: "s1", key: "ci", tags: ["a", "b"], metadata: { tier: "gold" } };
const facts: InferenceFacts = {
  kind: "inference",
  operation: "chat",
  provider: "anthropic",
  model: "claude",
  responseModel: "claude-1",
  stream: true,
  firstEventAt: 1_700_000_000_250,
  firstEventMs: 250,
  usage,
  cost,
  attribution,
  cancelled: false,
};
const route: RouteFacts = { kind: "route", attribution };

function presetAttributes(presets: readonly Fill[], of: InferenceFacts | RouteFacts): Attributes {
  const attributes: Attributes = {};
  for (const preset of presets) preset(attributes, of);
  return attributes;
}

function attributesOf(name: PresetName, of: InferenceFacts | RouteFacts = facts): Record<string, unknown> {
  return presetAttributes(presetsOf([name]), of);
}

test("the cost is what the rows below expect", () => {
  // 30 uncached at 3, 60 read at 0.3, 10 written at 3.75, 50 out at 15 USD a million.
  expect(cost.nanoUsd).toBe(90_000 + 18_000 + 37_500 + 750_000);
});

test("langfuse", () => {
  const { "langfuse.observation.usage_details": tokens, "langfuse.observation.cost_details": costs, ...rest } = attributesOf("langfuse");
  expect(JSON.parse(tokens as string)).toEqual({
    input: 30,
    input_cached_tokens: 60,
    input_cache_creation: 10,
    output: 30,
    output_reasoning_tokens: 20,
    total: 150,
  });
  expect(JSON.parse(costs as string)).toEqual({
    input: 0.00009,
    input_cached_tokens: 0.000018,
    input_cache_creation: 0.0000375,
    output: 0.00045,
    output_reasoning_tokens: 0.0003,
    total: 0.0008955,
  });
  expect(rest).toEqual({
    "langfuse.observation.type": "generation",
    "langfuse.observation.completion_start_time": "2023-11-14T22:13:20.250Z",
    "langfuse.trace.tags": ["a", "b"],
    "langfuse.trace.metadata.team": "search",
    "langfuse.trace.metadata.project": "bot",
    "langfuse.trace.metadata.key": "ci",
    "langfuse.trace.metadata.tier": "gold",
  });
});

test("langfuse: what failed before it used anything says that it cost nothing", () => {
  const { usage: _usage, cost: _cost, ...rest } = facts;
  const failed = attributesOf("langfuse", { ...rest, error: new CrosspointError("SERVER", "no") });
  expect(failed).toMatchObject({ "langfuse.observation.usage_details": "{}", "langfuse.observation.cost_details": '{"total":0}' });
  expect(attributesOf("langfuse", rest)).not.toHaveProperty(["langfuse.observation.cost_details"]);
});

test("openinference", () => {
  const { metadata, ...rest } = attributesOf("openinference");
  expect(JSON.parse(metadata as string)).toEqual({ tier: "gold", user_id: "u1", session_id: "s1", team: "search", project: "bot" });
  expect(rest).toEqual({
    "openinference.span.kind": "LLM",
    "llm.model_name": "claude-1",
    "llm.provider": "anthropic",
    "llm.system": "anthropic",
    "llm.token_count.prompt": 100,
    "llm.token_count.completion": 50,
    "llm.token_count.total": 150,
    "llm.token_count.prompt_details.cache_read": 60,
    "llm.token_count.prompt_details.cache_write": 10,
    "llm.token_count.completion_details.reasoning": 20,
    "llm.cost.prompt": 0.0001455,
    "llm.cost.completion": 0.00075,
    "llm.cost.total": 0.0008955,
    "llm.cost.prompt_details.cache_read": 0.000018,
    "llm.cost.prompt_details.cache_write": 0.0000375,
    "llm.cost.completion_details.reasoning": 0.0003,
    "tag.tags": ["a", "b"],
  });
});

test("langsmith", () => {
  const { "langsmith.usage_metadata": metadata, ...rest } = attributesOf("langsmith");
  expect(JSON.parse(metadata as string)).toEqual({
    input_tokens: 100,
    output_tokens: 50,
    total_tokens: 150,
    input_token_details: { cache_read: 60, cache_creation: 10 },
    output_token_details: { reasoning: 20 },
    input_cost: 0.0001455,
    output_cost: 0.00075,
    total_cost: 0.0008955,
  });
  expect(rest).toEqual({
    "langsmith.span.kind": "llm",
    "langsmith.span.tags": "a, b",
    "langsmith.metadata.tier": "gold",
    "langsmith.metadata.user_id": "u1",
    "langsmith.metadata.session_id": "s1",
    "langsmith.metadata.team": "search",
    "langsmith.metadata.project": "bot",
  });
});

test("sentry, openlit, signoz, litellm", () => {
  expect(attributesOf("sentry")).toEqual({
    "gen_ai.usage.total_tokens": 150,
    "gen_ai.cost.total_tokens": 0.0008955,
    "gen_ai.cost.input_tokens": 0.0001455,
    "gen_ai.cost.output_tokens": 0.00075,
  });
  expect(attributesOf("openlit")).toEqual({
    "gen_ai.system": "anthropic",
    "gen_ai.request.is_stream": true,
    "gen_ai.client.token.usage": 150,
  });
  expect(attributesOf("signoz")).toEqual({ "gen_ai.server.ttft": 0.25 });
  expect(attributesOf("litellm")).toEqual({
    "metadata.tier": "gold",
    "metadata.user_api_key_user_id": "u1",
    "metadata.user_api_key_team_id": "search",
    "metadata.user_api_key_project_id": "bot",
    "metadata.user_api_key_alias": "ci",
    "gen_ai.system": "anthropic",
    "llm.request.type": "completion",
    "llm.is_streaming": "true",
    "llm.user": "u1",
    "gen_ai.cost.total_cost": 0.0008955,
    "gen_ai.cost.input_cost": 0.0001455,
    "gen_ai.cost.output_cost": 0.00075,
    "gen_ai.cost.reasoning_cost": 0.0003,
  });
});

test.each(["langfuse", "openinference", "langsmith", "sentry", "openlit", "signoz", "litellm"] as const)(
  "%s: a span around attempts carries no model, tokens or cost, and an unknown price none either",
  (name) => {
    expect(Object.keys(attributesOf(name, route)).filter((key) => /model|usage|cost|token|gen_ai/.test(key))).toEqual([]);
    const { cost: _cost, ...unpriced } = facts;
    expect(JSON.stringify(attributesOf(name, unpriced))).not.toMatch(/cost/);
  },
);

test("later presets win over earlier ones", () => {
  const presets = presetsOf(["signoz", () => ({ "gen_ai.server.ttft": 1, mine: "x" })]);
  expect(presetAttributes(presets, facts)).toEqual({ "gen_ai.server.ttft": 1, mine: "x" });
});
