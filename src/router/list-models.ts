import type { ModelTraits } from "../ir/target.ts";
import type { Book } from "../models/book.ts";
import { catalogue } from "../models/catalogue.ts";
import { listOf } from "../models/lists.ts";
import type { Price } from "../models/price.ts";
import type { ProviderInfo } from "../providers/provider.ts";
import type { Registry } from "../providers/registry.ts";
import type { Groups } from "./groups.ts";

/** A model that can be asked for. */
export interface ModelInfo {
  /** What to ask for: a name of the `models` option, or `provider/model`. */
  readonly id: string;
  /** Absent for a group. */
  readonly provider?: string;
  /** The deployments of a group. */
  readonly deployments?: readonly string[];
  /** Tokens. */
  readonly contextWindow?: number;
  readonly maxOutput?: number;
  readonly reasoning?: boolean;
  /** US dollars per million tokens; absent when unknown. */
  readonly price?: Price;
  /** False when the provider's address was not confirmed by a second source. */
  readonly verified?: boolean;
}

/** One of the places that answer for a model name. */
export interface DeploymentInfo {
  readonly id: string;
  readonly provider: string;
  /** The model in the provider's own words. */
  readonly model: string;
  /** The providers that understand each other's opaque state and file ids. */
  readonly family: string;
  readonly traits: ModelTraits;
  /** Where it is asked. */
  readonly baseURL: string;
  /** Where its key comes from (never the key), as `OPENAI_API_KEY`; absent: there is none. */
  readonly keyFrom?: string;
  /** The environment variables in which a key is looked for. */
  readonly keyEnv: readonly string[];
  /** It answers without a key too. */
  readonly keyOptional: boolean;
}

/** Where a model name leads. */
export function listDeployments(groups: Groups, model: string): readonly DeploymentInfo[] {
  return groups
    .get(model)
    .deployments.map(
      ({ id, apiKey, provider: { baseURL, keyEnv, keyOptional, secret, auth }, target: { provider, model, family, traits } }) => {
        const keyFrom = apiKey === undefined ? secret()?.from : "the deployment";
        return {
          id,
          provider,
          model,
          family,
          traits,
          baseURL,
          keyEnv,
          keyOptional: keyOptional || auth === "none",
          ...(keyFrom !== undefined && { keyFrom }),
        };
      },
    );
}

/** The groups first, then the catalogue's models: those that are always there of the providers that have a key, or all that is loaded. */
export function listModels(registry: Registry, groups: Groups, book: Book, all = false): readonly ModelInfo[] {
  const named = groups.listed().map((id): ModelInfo => ({ id, deployments: groups.get(id).deployments.map((each) => each.id) }));
  const providers = new Map<string, ProviderInfo>();
  for (const info of registry.list()) if (!providers.has(listOf(info.id))) providers.set(listOf(info.id), info);
  const from = all ? book.catalogue : catalogue;
  const known = from.lists().flatMap((list) => {
    const info = providers.get(list);
    if (!all && info?.configured !== true) return [];
    const provider = info?.id ?? list;
    return [...from.rows(list).keys()].map((name): ModelInfo => {
      const facts = book.lookup(provider, name);
      return {
        id: `${provider}/${name}`,
        provider,
        ...(facts?.contextWindow === undefined ? undefined : { contextWindow: facts.contextWindow }),
        ...(facts?.maxOutput === undefined ? undefined : { maxOutput: facts.maxOutput }),
        ...(facts?.reasoning === undefined ? undefined : { reasoning: facts.reasoning }),
        ...(facts?.price === undefined ? undefined : { price: facts.price }),
        ...(info?.verified === false ? { verified: false } : undefined),
      };
    });
  });
  return [...named, ...known];
}
