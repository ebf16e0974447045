import type { Draft, FallbackKind } from "./draft.ts";
import { hint } from "../nearest.ts";
import { toWindow } from "./duration.ts";
import type { At, Rule, Rules } from "./rule.ts";
import { toFlag, toMapping, toMs, toNumber, toText, toTexts } from "./values.ts";

type DraftRule = Rule<Draft>;

/** LiteLLM's strategies and our own; the router knows both. */
const STRATEGIES = (
  "simple-shuffle least-busy usage-based-routing usage-based-routing-v2 latency-based-routing cost-based-routing " +
  "shuffle round-robin latency usage cost cache-affinity"
).split(" ");

const fallbackRule = (kind: FallbackKind): DraftRule => ({
  to: `${kind} of the groups; "*": of all that have none`,
  set(value, draft, at) {
    if (!Array.isArray(value)) return at.error('must be a list, as [{"gpt-4": ["claude"]}]');
    for (const [index, each] of value.entries()) {
      for (const [from, to] of Object.entries(toMapping(each, at.in(index)) ?? {})) {
        const here = at.in(index, from);
        const names = toTexts(to, here);
        if (names !== undefined) draft.fallbacks[kind].push({ from, to: names, at: here });
      }
    }
  },
});

export const retries: DraftRule = {
  to: "retries",
  set(value, { options }, at) {
    const found = toNumber(value, at);
    if (found !== undefined) options.retries = found;
  },
};

/** The longest that a call may last, when it is longer than the default. */
const DEADLINE = 600_000;

export const timeout: DraftRule = {
  to: "timeout; firstEventTimeout unless stream_timeout says it; deadline when it is longer than ten minutes",
  set(value, { options }, at) {
    const ms = toMs(value, at);
    if (ms === undefined) return;
    options.timeout = ms;
    if (ms > DEADLINE) options.deadline = ms;
  },
};

export const defaultFallbacks: DraftRule = {
  to: "fallbacks",
  set(value, draft, at) {
    const names = toTexts(value, at);
    if (names !== undefined) draft.fallbacks.fallbacks.push({ from: "*", to: names, at });
  },
};

export const fallbackRules: Rules<Draft> = {
  fallbacks: fallbackRule("fallbacks"),
  context_window_fallbacks: fallbackRule("contextWindowFallbacks"),
  content_policy_fallbacks: fallbackRule("contentPolicyFallbacks"),
  default_fallbacks: defaultFallbacks,
};

export const allowedFails: DraftRule = {
  to: "cooldown.failures, one more",
  set(value, { options }, at) {
    const found = toNumber(value, at);
    if (found !== undefined) options.cooldown = { ...options.cooldown, failures: found + 1 };
  },
};

const redis = (key: keyof Draft["redis"]): DraftRule => ({
  to: "store, as redis://…",
  set(value, draft, at) {
    const found = toText(value, at);
    if (found !== undefined) draft.redis[key] = found;
  },
});

const BY_KIND = "what is tried again, and what takes a deployment out, is known of each kind of failure";
const PROBES = "health is learnt from the calls themselves";
const CACHE = "answers are not cached";

export const ROUTER_SETTINGS: Rules<Draft> = {
  routing_strategy: {
    to: "strategy",
    set(value, { options }, at) {
      if (!STRATEGIES.includes(String(value))) return at.error(`must be one of ${STRATEGIES.join(", ")}`);
      options.strategy = value as NonNullable<Draft["options"]["strategy"]>;
    },
  },
  num_retries: retries,
  max_retries: retries,
  timeout,
  stream_timeout: {
    to: "firstEventTimeout",
    set(value, { options }, at) {
      const ms = toMs(value, at);
      if (ms !== undefined) options.firstEventTimeout = ms;
    },
  },
  ...fallbackRules,
  allowed_fails: allowedFails,
  cooldown_time: {
    to: "cooldown.ms",
    set(value, { options }, at) {
      const ms = toMs(value, at);
      if (ms !== undefined) options.cooldown = { ...options.cooldown, ms };
    },
  },
  disable_cooldowns: {
    to: "cooldown.ms, as 0",
    set(value, { options }, at) {
      if (toFlag(value, at) === true) options.cooldown = { ...options.cooldown, ms: 0 };
    },
  },
  model_group_alias: {
    to: "models, as a name for a name; hidden ones in hidden",
    set(value, { aliases }, at) {
      for (const [name, target] of Object.entries(toMapping(value, at) ?? {})) {
        const here = at.in(name);
        const { model, hidden = false } = typeof target === "string" ? { model: target } : ((target ?? {}) as Record<string, unknown>);
        const to = toText(model, here);
        if (to !== undefined) aliases.set(name, { to, hidden: hidden === true, at: here });
      }
    },
  },
  enable_pre_call_checks: {
    to: "nothing when true, which is how it is",
    set(value, _, at) {
      if (toFlag(value, at) === false) at.warn("has no meaning here: what cannot take a call is always passed over");
    },
  },
  enable_tag_filtering: {
    to: "tags of the deployments; without it they do not route",
    set(value, draft, at) {
      draft.tagsRoute = toFlag(value, at) ?? false;
    },
  },
  default_max_parallel_requests: {
    to: "maxParallelRequests of the deployments that say none",
    set(value, draft, at) {
      const found = toNumber(value, at);
      if (found !== undefined) draft.parallel = found;
    },
  },
  default_litellm_params: {
    to: "litellm_params of all deployments",
    set(value, draft, at) {
      draft.deploymentDefaults = toMapping(value, at) ?? {};
    },
  },
  provider_budget_config: { to: "budgets, each for a provider", set: setProviderBudgets },
  redis_url: redis("url"),
  redis_host: redis("host"),
  redis_port: redis("port"),
  redis_password: redis("password"),
  redis_db: redis("db"),
  routing_strategy_args: { none: "the strategies have nothing to set" },
  routing_groups: { none: "the strategy is one for all groups" },
  retry_policy: {
    to: "retries, the highest of its numbers: what is tried again is known of each kind of failure",
    set(value, { retries: of }, at) {
      const found = mostTries(value, at);
      if (found !== undefined) of.set("*", found);
    },
  },
  model_group_retry_policy: {
    to: "retries of the model_name, likewise",
    set(value, { retries: of }, at) {
      for (const [name, policy] of Object.entries(toMapping(value, at) ?? {})) {
        const found = mostTries(policy, at.in(name));
        if (found !== undefined) of.set(name, found);
      }
    },
  },
  allowed_fails_policy: { none: BY_KIND },
  retry_after: { none: "waits grow by themselves, and what a provider asks for is obeyed" },
  max_fallbacks: { none: "each fallback is tried once" },
  optional_pre_call_checks: { none: "limits, budgets and cached prefixes are always looked at" },
  tag_filtering_match_any: { none: "one tag in common is enough" },
  cache_responses: { none: CACHE },
  cache_kwargs: { none: CACHE },
  caching_groups: { none: CACHE },
  client_ttl: { none: "connections are kept as long as they are used" },
  debug_level: { none: "crosspoint serve --log debug" },
  set_verbose: { none: "crosspoint serve --log debug" },
  default_priority: { none: "calls have no priority" },
  polling_interval: { none: "calls have no priority" },
  assistants_config: { none: "there are no assistants" },
  alerting_config: { none: "alerts are told in code: onAlert" },
  router_general_settings: { none: "there is nothing of the kind" },
  deployment_affinity_ttl_seconds: { none: "strategy cache-affinity finds the same deployment without a memory" },
  enable_health_check_routing: { none: PROBES },
  health_check_staleness_threshold: { none: PROBES },
  health_check_ignore_transient_errors: { none: PROBES },
  ignore_invalid_deployments: { none: "a mistake keeps the gateway from starting" },
};

const KINDS = "BadRequestError AuthenticationError TimeoutError RateLimitError ContentPolicyViolationError InternalServerError".split(" ");

/** LiteLLM counts for each kind of failure; a call of ours has one number. */
function mostTries(policy: unknown, at: At): number | undefined {
  const counts: number[] = [];
  for (const [key, value] of Object.entries(toMapping(policy, at) ?? {})) {
    const here = at.in(key);
    const kind = key.replace(/Retries$/, "");
    if (!KINDS.includes(kind))
      here.warn(
        `is unknown${hint(
          key,
          KINDS.map((each) => `${each}Retries`),
        )}`,
      );
    else if (value !== null) {
      const found = toNumber(value, here);
      // These are not tried again where they failed, whatever is said.
      if (found !== undefined && !/^(BadRequest|ContentPolicy)/.test(kind)) counts.push(found);
    }
  }
  if (counts.length === 0) return undefined;
  const most = Math.max(...counts);
  if (counts.some((each) => each !== most)) at.warn(`counts for all kinds of failures together: ${most} further tries`);
  return most;
}

function setProviderBudgets(value: unknown, { budgets }: Draft, at: At): void {
  for (const [provider, each] of Object.entries(toMapping(value, at) ?? {})) {
    const here = at.in(provider);
    const config = toMapping(each, here) ?? {};
    const limit = toNumber(config["budget_limit"] ?? config["max_budget"], here);
    const span = config["time_period"] ?? config["budget_duration"];
    const window = span === undefined ? "lifetime" : toWindow(span, here);
    if (limit !== undefined && window !== undefined) budgets.push({ scope: { provider }, limit, window, unknownPrice: "allow" });
  }
}
