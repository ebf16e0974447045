import { labelsOf } from "../attribution.ts";
import { costShares } from "../cost.ts";
import type { Fill } from "../facts.ts";

/** Sentry: a total that is given stops its own estimate. */
export const sentry: Fill = function sentry(attributes, facts) {
  if (facts.kind === "route") return;
  if (facts.usage?.total !== undefined) attributes["gen_ai.usage.total_tokens"] = facts.usage.total;
  if (facts.cost === undefined) return;
  const { prompt, completion } = costShares(facts.cost);
  attributes["gen_ai.cost.total_tokens"] = facts.cost.total;
  if (prompt !== undefined) attributes["gen_ai.cost.input_tokens"] = prompt;
  if (completion !== undefined) attributes["gen_ai.cost.output_tokens"] = completion;
};

/** OpenLIT's dashboards. */
export const openlit: Fill = function openlit(attributes, facts) {
  if (facts.kind === "route") return;
  const { usage, stream, provider } = facts;
  attributes["gen_ai.system"] = provider;
  attributes["gen_ai.request.is_stream"] = stream;
  if (usage?.total !== undefined) attributes["gen_ai.client.token.usage"] = usage.total;
};

/** SigNoz: its name for the time to the first token, in seconds. */
export const signoz: Fill = function signoz(attributes, facts) {
  if (facts.kind !== "route" && facts.stream && facts.firstEventMs !== undefined) {
    attributes["gen_ai.server.ttft"] = facts.firstEventMs / 1_000;
  }
};

/** The names of LiteLLM's spans, for dashboards that were made for them. */
export const litellm: Fill = function litellm(attributes, facts) {
  const { attribution } = facts;
  if (attribution !== undefined) {
    const { user, team, project, key, metadata } = attribution;
    const { user_id: _user, team: _team, project: _project, ...rest } = labelsOf({ metadata: metadata ?? {} });
    for (const [name, value] of Object.entries(rest)) attributes[`metadata.${name}`] = value;
    if (user !== undefined) attributes["metadata.user_api_key_user_id"] = user;
    if (team !== undefined) attributes["metadata.user_api_key_team_id"] = team;
    if (project !== undefined) attributes["metadata.user_api_key_project_id"] = project;
    if (key !== undefined) attributes["metadata.user_api_key_alias"] = key;
  }
  if (facts.kind === "route") return;
  attributes["gen_ai.system"] = facts.provider;
  attributes["llm.request.type"] = facts.operation === "embeddings" ? "embedding" : "completion";
  attributes["llm.is_streaming"] = String(facts.stream);
  if (attribution?.user !== undefined) attributes["llm.user"] = attribution.user;
  if (facts.cost === undefined) return;
  const { prompt, completion, reasoning, tools } = costShares(facts.cost);
  attributes["gen_ai.cost.total_cost"] = facts.cost.total;
  if (prompt !== undefined) attributes["gen_ai.cost.input_cost"] = prompt;
  if (completion !== undefined) attributes["gen_ai.cost.output_cost"] = completion;
  if (reasoning !== undefined) attributes["gen_ai.cost.reasoning_cost"] = reasoning;
  if (tools !== undefined) attributes["gen_ai.cost.tool_usage_cost"] = tools;
};
