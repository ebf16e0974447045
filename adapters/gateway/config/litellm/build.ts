import type { CrosspointOptions, DeploymentOption, ModelGroupOption, TelemetryOptions } from "crosspoint";
import type { GatewayConfig } from "../config.ts";
import type { Trail } from "../report.ts";
import { finishDeployment } from "./deployment.ts";
import type { Draft, EntryDraft, FallbackDraft, FallbackKind, Mutable } from "./draft.ts";
import type { At } from "./rule.ts";
import { warnOfMixed } from "./mixed.ts";

type Option = Exclude<DeploymentOption, string>;
type Group = Mutable<Omit<ModelGroupOption, "deployments">> & { readonly deployments: Mutable<Option>[] };

const KINDS: readonly FallbackKind[] = ["fallbacks", "contextWindowFallbacks", "contentPolicyFallbacks"];

/** What was read, as options of ours. */
export function build(draft: Draft, root: At): Omit<GatewayConfig, "files"> {
  /** Where what an option of ours says stands in the file. */
  const places = new Map<string, Trail>();
  const groups = new Map<string, Group>();
  const hidden: string[] = [];
  for (const entry of draft.entries) addDeployment(entry, draft, groups, places);
  for (const [name, group] of groups) {
    warnOfMixed(
      name,
      draft.entries.filter((entry) => entry.name === name),
    );
    spread(group, draft.options.strategy);
  }
  for (const kind of KINDS) for (const each of draft.fallbacks[kind]) addFallbacks(kind, each, draft, groups, places);
  for (const name of idsNamed(draft, groups)) {
    const entry = draft.entries.find(({ deployment }) => deployment.id === name)!;
    const group = groups.get(entry.name)!;
    groups.set(name, { deployments: group.deployments.filter(({ id }) => id === name) });
    hidden.push(name);
  }
  const models: Record<string, string | ModelGroupOption> = Object.fromEntries(groups);
  for (const [name, { to, hidden: isHidden, at }] of draft.aliases) {
    if (groups.has(name)) at.warn("names a model_name of model_list, which wins");
    else models[name] = to;
    places.set(`models.${name}`, at.trail);
    if (isHidden) hidden.push(name);
  }
  const options: CrosspointOptions = { ...optionsOf(draft, root, places), models, ...(hidden.length > 0 && { hidden }), env: draft.env };
  const store = storeOf(draft);
  return {
    dialect: "litellm",
    options,
    warnings: [],
    locate: (param) => locate(param, places, root),
    ...(draft.masterKey === undefined ? undefined : { masterKey: draft.masterKey }),
    ...(store === undefined ? undefined : { store }),
  };
}

function addDeployment({ name, deployment, at }: EntryDraft, draft: Draft, groups: Map<string, Group>, places: Map<string, Trail>): void {
  const found = finishDeployment(name, deployment, draft, at);
  if (found === undefined) return;
  let group = groups.get(name);
  if (group === undefined) {
    groups.set(name, (group = { deployments: [] }));
    places.set(`models.${name}`, at.in("model_name").trail);
  }
  const tries = Math.max(deployment.retries ?? -1, draft.retries.get(name) ?? -1, group.retries ?? -1);
  if (tries >= 0) group.retries = tries;
  const option = draft.parallel === undefined ? found : { maxParallelRequests: draft.parallel, ...found };
  const param = `models.${name}.deployments[${group.deployments.length}]`;
  places.set(param, at.in("litellm_params").trail);
  for (const [field, key] of [
    ["model", "model"],
    ["provider", "api_base"],
    ["apiKey", "api_key"],
  ] as const) {
    places.set(`${param}.${field}`, at.in("litellm_params", key).trail);
  }
  group.deployments.push(option);
}

/** Without weights, LiteLLM spreads calls by the limits. */
function spread({ deployments }: Group, strategy: CrosspointOptions["strategy"]): void {
  const isShuffle = strategy === undefined || strategy === "simple-shuffle" || strategy === "shuffle";
  if (!isShuffle || deployments.length < 2 || deployments.some(({ weight }) => weight !== undefined)) return;
  const by = (["rpm", "tpm"] as const).find((limit) => deployments.every((each) => each[limit] !== undefined));
  if (by !== undefined) for (const each of deployments) each.weight = each[by]!;
}

function addFallbacks(
  kind: FallbackKind,
  { from, to, at }: FallbackDraft,
  draft: Draft,
  groups: Map<string, Group>,
  places: Map<string, Trail>,
): void {
  const told = (param: string): void => to.forEach((_, index) => places.set(`${param}[${index}]`, [...at.trail, index]));
  if (from === "*") {
    if (kind === "fallbacks") {
      draft.options.fallbacks = to;
      return told("fallbacks");
    }
    for (const group of groups.values()) group[kind] ??= to;
    return;
  }
  const group = groups.get(from) ?? byPattern(from, groups);
  if (group === undefined) return at.warn("names no model_name of model_list, so that nothing comes of it");
  groups.set(from, group);
  group[kind] = to;
  told(`models.${from}.${kind}`);
}

/** A group of its own for a name that a pattern meets. */
function byPattern(name: string, groups: ReadonlyMap<string, Group>): Group | undefined {
  const literals = (pattern: string): number => pattern.replaceAll("*", "").length;
  for (const [pattern, group] of [...groups].sort(([a], [b]) => literals(b) - literals(a))) {
    const [, ...met] = pattern.includes("*")
      ? (new RegExp(`^${pattern.replace(/[^\w*]/g, "\\$&").replaceAll("*", "(.*)")}$`).exec(name) ?? [])
      : [];
    if (met.length === 0) continue;
    const fill = (text: string, index = 0): string => text.replaceAll("*", () => met[Math.min(index++, met.length - 1)]!);
    const filled = ({ baseModel, ...rest }: Option): Option => ({
      ...rest,
      model: fill(rest.model),
      ...(baseModel !== undefined && { baseModel: fill(baseModel) }),
    });
    return { ...group, deployments: group.deployments.map(filled) };
  }
  return undefined;
}

/** The ids of deployments that fallbacks name in place of groups. */
function idsNamed({ entries, fallbacks }: Draft, groups: ReadonlyMap<string, Group>): readonly string[] {
  const ids = new Set(entries.flatMap(({ deployment }) => (deployment.id === undefined ? [] : [deployment.id])));
  const named = KINDS.flatMap((kind) => fallbacks[kind].flatMap(({ to }) => to));
  return [...new Set(named)].filter((name) => ids.has(name) && !groups.has(name));
}

function optionsOf(draft: Draft, root: At, places: Map<string, Trail>): CrosspointOptions {
  const { options, budget, endUserBudget, presets } = draft;
  const budgets = [...draft.budgets];
  const tries = draft.retries.get("*");
  if (tries !== undefined) options.retries = Math.max(tries, options.retries ?? 0);
  if (budget.limit !== undefined) {
    places.set(`budgets[${budgets.length}]`, budget.at!.trail);
    budgets.push({ id: "max_budget", limit: budget.limit, window: budget.window ?? "lifetime", unknownPrice: "allow" });
  }
  if (endUserBudget.limit !== undefined) {
    const window = endUserBudget.window ?? "lifetime";
    budgets.push({ id: "max_end_user_budget", scope: { user: "*" }, limit: endUserBudget.limit, window, unknownPrice: "allow" });
  }
  if (options.firstEventTimeout === undefined && options.timeout !== undefined) options.firstEventTimeout = options.timeout;
  if (presets.size > 0) {
    const telemetry: TelemetryOptions = { ...(options.telemetry || undefined), presets: [...presets] };
    options.telemetry = telemetry;
    if (telemetry.captureContent === undefined) {
      root.in("litellm_settings").warn("sends no prompts and answers to the tools of its callbacks; turn_off_message_logging: false does");
    }
  }
  if (!draft.tagsRoute && draft.entries.some(({ deployment }) => deployment.option.tags !== undefined)) {
    root.in("router_settings").warn("lacks enable_tag_filtering: true, so that the tags of deployments do not route");
  }
  return {
    ...options,
    ...(Object.keys(draft.providers).length > 0 && { providers: draft.providers }),
    ...(budgets.length > 0 && { budgets }),
    ...(draft.limits.length > 0 && { limits: draft.limits }),
  };
}

function storeOf({ redis: { url, host, port = "6379", password, db } }: Draft): string | undefined {
  if (url !== undefined) return url;
  if (host === undefined) return undefined;
  const secret = password === undefined ? "" : `:${encodeURIComponent(password)}@`;
  return `redis://${secret}${host}:${port}${db === undefined ? "" : `/${db}`}`;
}

/** The place of the longest beginning of an option's name that is known. */
function locate(param: string, places: ReadonlyMap<string, Trail>, root: At): string {
  const known = [...places.keys()].filter((each) => param === each || (param.startsWith(each) && /^[.[]/.test(param.slice(each.length))));
  const trail = places.get(known.sort((a, b) => b.length - a.length)[0] ?? "") ?? [];
  return root.place(trail);
}
