import type {
  BudgetOption,
  CrosspointOptions,
  DeploymentOption,
  LimitOption,
  PresetName,
  RequestDefaults,
  ProviderSettings,
} from "crosspoint";
import type { Env } from "../variables.ts";
import type { At } from "./rule.ts";

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A deployment while its keys are read. */
export interface DeploymentDraft {
  readonly option: Mutable<Partial<Exclude<DeploymentOption, string>>>;
  readonly provider: Mutable<ProviderSettings>;
  readonly params: Record<string, string>;
  readonly defaults: Mutable<RequestDefaults>;
  /** Fields for the body of requests, in the provider's own words. */
  readonly body: Record<string, unknown>;
  /** LiteLLM's fields about prices, and where they stand. */
  readonly rates: Map<string, { readonly value: unknown; readonly at: At }>;
  retries?: number;
  /** `provider/model` in LiteLLM's words. */
  model?: string;
  prefix?: string;
  apiBase?: string;
  baseModel?: string;
  maxBudget?: number;
  window?: BudgetOption["window"];
  /** `model_info.id`: fallbacks may name it. */
  id?: string;
}

export interface EntryDraft {
  readonly name: string;
  readonly deployment: DeploymentDraft;
  readonly at: At;
}

/** A fallback list of the file. */
export interface FallbackDraft {
  readonly from: string;
  readonly to: readonly string[];
  readonly at: At;
}

export interface Draft {
  readonly env: Env;
  readonly entries: EntryDraft[];
  readonly options: Mutable<CrosspointOptions>;
  readonly budgets: BudgetOption[];
  readonly limits: LimitOption[];
  readonly fallbacks: Readonly<Record<FallbackKind, FallbackDraft[]>>;
  readonly aliases: Map<string, { readonly to: string; readonly hidden: boolean; readonly at: At }>;
  /** What every deployment has that does not say otherwise: `router_settings.default_litellm_params`. */
  /** Further tries by `model_name`; `*`: of all. */
  readonly retries: Map<string, number>;
  deploymentDefaults: Readonly<Record<string, unknown>>;
  readonly credentials: Map<string, Readonly<Record<string, unknown>>>;
  /** Providers that the deployments need and the package has not. */
  readonly providers: Record<string, ProviderSettings>;
  readonly presets: Set<PresetName>;
  readonly redis: { host?: string; port?: string; password?: string; url?: string; db?: string };
  budget: { limit?: number; window?: BudgetOption["window"]; at?: At };
  endUserBudget: { limit?: number; window?: BudgetOption["window"] };
  tagsRoute: boolean;
  parallel?: number;
  masterKey?: string;
}

export type FallbackKind = "fallbacks" | "contextWindowFallbacks" | "contentPolicyFallbacks";

export function createDraft(env: Env): Draft {
  return {
    env,
    entries: [],
    options: {},
    budgets: [],
    limits: [],
    fallbacks: { fallbacks: [], contextWindowFallbacks: [], contentPolicyFallbacks: [] },
    aliases: new Map(),
    retries: new Map(),
    deploymentDefaults: {},
    credentials: new Map(),
    providers: {},
    presets: new Set(),
    redis: {},
    budget: {},
    endUserBudget: {},
    tagsRoute: false,
  };
}
