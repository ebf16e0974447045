import type { GatewayConfig } from "../config.ts";
import { hint } from "../nearest.ts";
import type { Report, Trail } from "../report.ts";
import type { Source } from "../source.ts";
import { fillVariables, type Env } from "../variables.ts";
import { build } from "./build.ts";
import { createDraft, type DeploymentDraft, type Draft } from "./draft.ts";
import { LITELLM_PARAMS, MODEL_INFO, rateRule } from "./deployment-rules.ts";
import { ROUTER_SETTINGS } from "./router-rules.ts";
import { applyRules, createAt, type At, type Rules } from "./rule.ts";
import { GENERAL_SETTINGS, LITELLM_SETTINGS, readCredentials, TOP_LEVEL } from "./settings-rules.ts";
import { toMapping, toText } from "./values.ts";

type Mapping = Readonly<Record<string, unknown>>;

/** The keys by which LiteLLM's files are known. */
const MARKS = ["model_list", "litellm_settings", "router_settings", "general_settings"];

export function isLiteLLM({ value }: Source): boolean {
  return value !== undefined && MARKS.some((mark) => Object.hasOwn(value, mark));
}

/** A file of LiteLLM with those that it includes. What it says that has no meaning here goes to the report, key by key. */
export function readLiteLLM(sources: readonly Source[], env: Env, report: Report): GatewayConfig {
  const { value, locate } = merge(sources);
  const root = createAt([], locate, report);
  const own = environmentOf(value["environment_variables"], env, root.in("environment_variables"));
  const filled = fillVariables(value, own, (trail, name) => missing(trail, name, createAt(trail, locate, report)), true) as Mapping;
  for (const key of Object.keys(filled)) {
    const rule = Object.hasOwn(TOP_LEVEL, key) ? TOP_LEVEL[key]! : undefined;
    if (rule === undefined) root.in(key).warn(`is unknown${hint(key, Object.keys(TOP_LEVEL))}`);
    else if ("none" in rule) root.in(key).warn(`has no meaning here: ${rule.none}`);
  }
  const draft = createDraft(own);
  readCredentials(filled["credential_list"], draft, root.in("credential_list"));
  // What stands in two sections is the router's.
  applyRules(filled["litellm_settings"], LITELLM_SETTINGS, draft, root.in("litellm_settings"));
  applyRules(filled["general_settings"], GENERAL_SETTINGS, draft, root.in("general_settings"));
  applyRules(filled["router_settings"], ROUTER_SETTINGS, draft, root.in("router_settings"));
  readModels(filled["model_list"], draft, root.in("model_list"));
  return { ...build(draft, root), files: sources.map(({ path }) => path) };
}

function readModels(value: unknown, draft: Draft, at: At): void {
  if (value === undefined || value === null) return at.error("is missing or empty: it names the models");
  if (!Array.isArray(value)) return at.error("must be a list");
  if (value.length === 0) return at.error("is missing or empty: it names the models");
  for (const [index, each] of value.entries()) {
    const here = at.in(index);
    const entry = toMapping(each, here);
    if (entry === undefined) continue;
    const { model_name, litellm_params, model_info, ...others } = entry;
    for (const key of Object.keys(others)) {
      here.in(key).warn(`is unknown${hint(key, ["model_name", "litellm_params", "model_info"])}`);
    }
    const name = toText(model_name, here.in("model_name"));
    const params = toMapping(litellm_params, here.in("litellm_params"));
    if (name === undefined || params === undefined) continue;
    const deployment: DeploymentDraft = { option: {}, provider: {}, params: {}, defaults: {}, body: {}, rates: new Map() };
    const all = { ...draft.deploymentDefaults, ...credentialOf(params, draft, here), ...params };
    applyRules(all, withRates(LITELLM_PARAMS, all), deployment, here.in("litellm_params"));
    applyRules(model_info, withRates(MODEL_INFO, model_info ?? {}), deployment, here.in("model_info"));
    draft.entries.push({ name, deployment, at: here });
  }
}

function withRates(rules: Rules<DeploymentDraft>, section: unknown): Rules<DeploymentDraft> {
  const more = Object.keys(section as object).flatMap((key) => {
    const rule = Object.hasOwn(rules, key) ? undefined : rateRule(key);
    return rule === undefined ? [] : [[key, rule] as const];
  });
  return more.length === 0 ? rules : { ...rules, ...Object.fromEntries(more) };
}

function credentialOf(params: Mapping, { credentials }: Draft, at: At): Mapping {
  const name = params["litellm_credential_name"];
  if (typeof name !== "string") return {};
  const found = credentials.get(name);
  if (found === undefined) {
    at.in("litellm_params", "litellm_credential_name").error(`"${name}" is not in credential_list${hint(name, credentials.keys())}`);
  }
  return found ?? {};
}

/** The environment with what the file sets in it. */
function environmentOf(value: unknown, env: Env, at: At): Env {
  if (value === undefined || value === null) return env;
  const own: Record<string, string> = {};
  for (const [name, each] of Object.entries(toMapping(value, at) ?? {})) {
    const here = at.in(name);
    const filled = fillVariables(each, env, (_, wanted) => here.warn(`needs the environment variable ${wanted}, which is not set`), true);
    if (typeof filled === "string" || typeof filled === "number" || typeof filled === "boolean") own[name] = String(filled);
  }
  return { ...env, ...own };
}

/** Where a variable must be set; elsewhere what needs it is left out with a warning, as LiteLLM does. */
const NEEDED = ["master_key", "model", "api_base", "base_url", "redis_password", "redis_host", "redis_url"];

function missing(trail: Trail, name: string, at: At): undefined {
  const section = trail[0];
  const key = String(trail.at(-1));
  const problem = `needs the environment variable ${name}, which is not set`;
  if (section === "environment_variables" || section === "include") return undefined;
  const rules: Mapping = section === "general_settings" ? GENERAL_SETTINGS : section === "litellm_settings" ? LITELLM_SETTINGS : {};
  const rule = rules[key];
  // What has no meaning here needs no value.
  if (typeof rule === "object" && rule !== null && "none" in rule) return undefined;
  return NEEDED.includes(key) ? at.error(problem) : at.warn(`${problem}: the setting is left out`);
}

interface Merged {
  readonly value: Mapping;
  readonly locate: (trail: Trail) => string;
}

/** Lists of included files are added, mappings laid over. */
function merge(sources: readonly Source[]): Merged {
  const value: Record<string, unknown> = {};
  /** Where each item of a list was, and each key. */
  const origins = new Map<string, { readonly source: Source; readonly trail: Trail }>();
  for (const source of sources) {
    for (const [key, each] of Object.entries(source.value ?? {})) {
      const before = value[key];
      if (Array.isArray(each)) {
        const list = Array.isArray(before) ? (before as readonly unknown[]) : [];
        each.forEach((_, index) => origins.set(`${key}.${list.length + index}`, { source, trail: [key, index] }));
        value[key] = [...list, ...(each as readonly unknown[])];
      } else if (typeof each === "object" && each !== null) {
        for (const inner of Object.keys(each)) origins.set(`${key}.${inner}`, { source, trail: [key, inner] });
        value[key] = { ...(typeof before === "object" ? before : undefined), ...each };
      } else value[key] = each;
      if (!origins.has(key)) origins.set(key, { source, trail: [key] });
    }
  }
  return {
    value,
    locate(trail) {
      const [first = "", second] = trail;
      const inner = second === undefined ? undefined : origins.get(`${first}.${second}`);
      const found = inner ?? origins.get(String(first));
      if (found === undefined) return sources[0]!.locate(trail);
      return found.source.locate([...found.trail, ...trail.slice(inner === undefined ? 1 : 2)]);
    },
  };
}
