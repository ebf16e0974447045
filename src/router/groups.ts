import { CrosspointError } from "../ir/error.ts";
import type { Target, UnsupportedPolicy } from "../ir/index.ts";
import { catalogue, traitsFor } from "../models/catalogue.ts";
import type { Price } from "../models/price.ts";
import type { ResolvedProvider } from "../providers/provider.ts";
import type { Registry } from "../providers/registry.ts";
import type { Deployment } from "./deployment.ts";

/** A deployment as users write it: a model string, or one with settings of its own. */
export type DeploymentOption =
  | string
  | {
      /** `provider/model`. */
      readonly model: string;
      readonly apiKey?: string;
      /** Share of the group's calls. Default 1. */
      readonly weight?: number;
      /** Names the deployment in records; default `provider/model`. */
      readonly id?: string;
    };

/** A name that code asks for, and the deployments that answer to it. */
export interface ModelGroupOption {
  readonly deployments: readonly DeploymentOption[];
  /** Models or groups to try when this one fails. */
  readonly fallbacks?: readonly string[];
  /** The same, when the conversation does not fit; default `fallbacks`. */
  readonly contextWindowFallbacks?: readonly string[];
}

export interface ModelGroup {
  readonly name: string;
  readonly deployments: readonly Deployment[];
  readonly fallbacks: readonly string[];
  readonly contextWindowFallbacks: readonly string[] | undefined;
}

export interface GroupOptions {
  readonly registry: Registry;
  readonly models: Readonly<Record<string, string | ModelGroupOption>>;
  readonly prices: Readonly<Record<string, Price>>;
  readonly unsupported: UnsupportedPolicy;
  readonly defaultModel: string | undefined;
}

export interface Groups {
  /** The group of that name, or the group of one that a model string makes. Throws MODEL_NOT_FOUND. */
  get(name: string): ModelGroup;
  names(): readonly string[];
}

const MAX_CACHED = 1_000;

/** Resolves what users ask for to deployments; each is resolved once. */
export function createGroups({ registry, models, prices, unsupported, defaultModel }: GroupOptions): Groups {
  const configured = new Map(Object.entries(models));
  const cache = new Map<string, ModelGroup>();

  const toDeployment = (option: DeploymentOption, index: number, taken: Set<string>): Deployment => {
    const given = typeof option === "string" ? { model: option } : option;
    const { provider, model } = registry.resolve(given.model, [...configured.keys()]);
    let id = given.id ?? `${provider.id}/${model}`;
    if (taken.has(id)) id = `${id}#${index + 1}`;
    taken.add(id);
    const facts = catalogue.lookup(provider.id, model, prices);
    return {
      id,
      provider,
      model,
      target: toTarget(provider, model, unsupported),
      weight: given.weight ?? 1,
      ...(given.apiKey === undefined ? undefined : { apiKey: given.apiKey }),
      ...(facts?.price === undefined ? undefined : { price: facts.price, priceSource: facts.source }),
    };
  };

  const buildFromString = (name: string): ModelGroup => {
    try {
      return { name, deployments: [toDeployment(name, 0, new Set())], fallbacks: [], contextWindowFallbacks: undefined };
    } catch (error) {
      if (defaultModel === undefined || name === defaultModel || !CrosspointError.is(error, "MODEL_NOT_FOUND")) throw error;
      return { ...get(defaultModel, [name]), name };
    }
  };
  const build = (name: string, resolving: readonly string[]): ModelGroup => {
    const option = configured.get(name);
    if (option === undefined) return buildFromString(name);
    if (typeof option === "string") {
      if (resolving.includes(name))
        throw new CrosspointError("INVALID_OPTIONS", `models.${name} names itself: ${[...resolving, name].join(" → ")}`);
      return { ...(option === name ? build(option, [...resolving, name]) : get(option, [...resolving, name])), name };
    }
    if (!Array.isArray(option.deployments) || option.deployments.length === 0) {
      throw new CrosspointError("INVALID_OPTIONS", `models.${name}.deployments must list at least one model`, {
        param: `models.${name}.deployments`,
      });
    }
    const taken = new Set<string>();
    return {
      name,
      deployments: option.deployments.map((each, index) => toDeployment(each, index, taken)),
      fallbacks: option.fallbacks ?? [],
      contextWindowFallbacks: option.contextWindowFallbacks,
    };
  };

  const get = (name: string, resolving: readonly string[] = []): ModelGroup => {
    const known = cache.get(name);
    if (known !== undefined) return known;
    const group = build(name, resolving);
    if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value!);
    cache.set(name, group);
    return group;
  };

  return { get: (name) => get(name), names: () => [...configured.keys()] };
}

function toTarget(provider: ResolvedProvider, model: string, unsupported: UnsupportedPolicy): Target {
  return {
    codec: provider.codec,
    provider: provider.id,
    family: provider.family,
    model,
    quirks: provider.quirks,
    traits: { ...traitsFor(provider.id, model), ...provider.modelTraits?.(model) },
    optionKeys: provider.optionKeys,
    unsupported,
  };
}
