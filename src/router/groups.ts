import { CrosspointError } from "../ir/error.ts";
import type { UnsupportedPolicy } from "../ir/index.ts";
import type { ModelTraits, Target } from "../ir/target.ts";
import type { Book } from "../models/book.ts";
import type { Price } from "../models/price.ts";
import type { ProviderSettings, ResolvedProvider } from "../providers/provider.ts";
import type { Registry } from "../providers/registry.ts";
import type { RequestDefaults } from "./defaults.ts";
import type { Deployment, DeploymentTerms } from "./deployment.ts";
import { wrong, type CooldownOption } from "./options.ts";
import { fillIn, literals, metBy } from "./pattern.ts";
import type { StrategyOption } from "./strategies/names.ts";

/** A deployment as users write it: a model string, or one with settings of its own. */
export type DeploymentOption =
  | string
  | (DeploymentTerms & {
      /** `provider/model`. In a group whose name has a `*`, a `*` here stands for what that one met; of several, each for its own, in their order. */
      readonly model: string;
      /** Several keys make as many deployments, which share the weight. */
      readonly apiKey?: string | readonly string[];
      /** Names the deployment in records; default `provider/model`. */
      readonly id?: string;
      /**
       * The model behind a name that does not tell it (a deployment of Azure, a fine-tune, a server of one's own), as `gpt-5-mini` or
       * `openai/gpt-5-mini`: price, limits and abilities are looked up under it. A `*` is filled as in `model`. What is sent stays `model`.
       */
      readonly baseModel?: string;
      /** Replaces what the `prices` option and the catalogue say. */
      readonly price?: Price;
      /** Tokens that fit, where the catalogue does not know. */
      readonly contextWindow?: number;
      /**
       * Settings of its provider for this deployment alone, as `{ baseURL, headers }`. With a `baseURL` here the provider's own key is not sent:
       * give `apiKey`.
       */
      readonly provider?: ProviderSettings;
      /** Settings of requests that the call does not give, as `{ temperature: 0, maxOutputTokens: 1000 }`. Embeddings have none. */
      readonly defaults?: RequestDefaults;
      /** What takes this deployment out, where it is not as the option `cooldown` of the layer says. */
      readonly cooldown?: CooldownOption;
    });

/** A name that code asks for, and the deployments that answer to it. */
export interface ModelGroupOption {
  readonly deployments: readonly DeploymentOption[];
  /** How calls are spread. Default: as the option `strategy` of the layer says. */
  readonly strategy?: StrategyOption;
  /** For `cost`: the least `quality` of a deployment. */
  readonly minQuality?: number;
  /** Models or groups to try when this one fails. Default: as the option `fallbacks` of the layer says. */
  readonly fallbacks?: readonly string[];
  /** The same, when the conversation does not fit; default `fallbacks`. */
  readonly contextWindowFallbacks?: readonly string[];
  /** The same, when the provider refuses the content. Default: none, the refusal is told. */
  readonly contentPolicyFallbacks?: readonly string[];
  /** Further tries of a call that asks for it. Default: as the option `retries` of the layer says; that of a call wins. */
  readonly retries?: number;
  /** Lets fallbacks answer that cannot take all of a request (its images, its schema). Default false. */
  readonly degrade?: boolean;
}

export interface ModelGroup {
  readonly name: string;
  readonly deployments: readonly Deployment[];
  /** Those with a weight; the same list where all have one, or none. The others are asked where none of these can take a call. */
  readonly regular: readonly Deployment[];
  /** All that these say is their weight: while they are well, any of them can take any call. */
  readonly plain: boolean;
  /** Their models differ in what they take. */
  readonly mixed: boolean;
  readonly strategy: StrategyOption | undefined;
  readonly minQuality: number | undefined;
  readonly fallbacks: readonly string[];
  readonly contextWindowFallbacks: readonly string[] | undefined;
  readonly contentPolicyFallbacks: readonly string[];
  readonly degrade: boolean;
  readonly retries: number | undefined;
}

export interface GroupOptions {
  readonly registry: Registry;
  readonly models: Readonly<Record<string, string | ModelGroupOption>>;
  /** What is known of models. */
  readonly book: Book;
  readonly unsupported: UnsupportedPolicy;
  readonly defaultModel: string | undefined;
  /** Names that any call may be sent to besides its own fallbacks. */
  readonly besides?: readonly string[];
  /** What groups do that say nothing. */
  readonly strategy: StrategyOption | undefined;
  readonly fallbacks: readonly string[];
  /** Names that lists leave out. */
  readonly hidden?: readonly string[];
}

export interface Groups {
  /** The group of that name, or the group of one that a model string makes. Throws MODEL_NOT_FOUND. */
  get(name: string): ModelGroup;
  /** Throws as `get` does, and keeps nothing. */
  check(name: string): void;
  /** The names without a `*`. */
  names(): readonly string[];
  /** The same without those that are hidden. */
  listed(): readonly string[];
  /** The deployments of what was looked up so far. */
  asked(): readonly Deployment[];
  /** Whether all is known of the models that a call of that name, with fallbacks of its own, may lead to. */
  isKnown(name: string, fallbacks?: readonly string[]): boolean;
  /** Resolves everything anew when it is next asked for: more is known of the models. */
  reset(): void;
}

const MAX_CACHED = 1_000;

/** An entry of `models` on the way from a name to its deployments, and the name that it was met by. */
interface Step {
  readonly key: string;
  readonly name: string;
}

/** Resolves what users ask for to deployments; each is resolved once. */
export function createGroups(options: GroupOptions): Groups {
  const { models, defaultModel } = options;
  const configured = new Map(Object.entries(models));
  const patterns = [...configured.keys()].filter((name) => name.includes("*")).sort((a, b) => literals(b) - literals(a));
  const names = [...configured.keys()].filter((name) => !name.includes("*"));
  const cache = new Map<string, ModelGroup>();

  const group = (
    name: string,
    own: Partial<ModelGroup> & Pick<ModelGroup, "deployments">,
    regular = regularOf(own.deployments),
  ): ModelGroup => ({
    name,
    regular,
    plain:
      regular.every(({ terms, order }) => terms === undefined && order === regular[0]!.order) &&
      own.deployments.every(({ terms }) => terms?.tags === undefined),
    mixed: new Set(own.deployments.map(abilitiesOf)).size > 1,
    strategy: options.strategy,
    minQuality: undefined,
    fallbacks: options.fallbacks,
    contextWindowFallbacks: undefined,
    contentPolicyFallbacks: [],
    degrade: false,
    retries: undefined,
    ...own,
  });
  const fromString = (name: string): ModelGroup => {
    try {
      return group(name, { deployments: toDeployments(name, new Set(), options, names) });
    } catch (error) {
      if (defaultModel === undefined || name === defaultModel || !CrosspointError.is(error, "MODEL_NOT_FOUND")) throw error;
      return { ...get(defaultModel, [{ key: name, name }]), name };
    }
  };
  const build = (name: string, resolving: readonly Step[]): ModelGroup => {
    const exact = configured.has(name) && !name.includes("*");
    const isOpen = (key: string): boolean => !resolving.some((step) => step.key === key);
    const circle = (): CrosspointError =>
      wrong(`models.${resolving[0]?.key ?? name}`, `names itself: ${[...resolving.map((step) => step.name), name].join(" → ")}`);
    const pattern = exact ? undefined : patterns.find((each) => isOpen(each) && metBy(each, name) !== undefined);
    const key = pattern ?? name;
    const option = exact || pattern !== undefined ? configured.get(key) : undefined;
    if (option === undefined) {
      try {
        return fromString(name);
      } catch (error) {
        throw resolving.some((step) => step.name === name) ? circle() : error;
      }
    }
    const met = pattern === undefined ? undefined : metBy(pattern, name);
    const fill = (text: string): string => (met === undefined ? text : fillIn(text, met));
    if (typeof option === "string") {
      const to = fill(option);
      if (!isOpen(key)) throw circle();
      const on = [...resolving, { key, name }];
      return { ...(to === name ? build(to, on) : get(to, on)), name };
    }
    if (!Array.isArray(option.deployments) || option.deployments.length === 0)
      throw wrong(`models.${key}.deployments`, "must list at least one model");
    const { deployments, fallbacks, ...settings } = option;
    const taken = new Set<string>();
    return group(name, {
      ...settings,
      deployments: deployments.flatMap((each) =>
        toDeployments(typeof each === "string" ? fill(each) : filled(each, fill), taken, options, names),
      ),
      ...(fallbacks === undefined ? undefined : { fallbacks: fallbacks.map(fill) }),
    });
  };

  const get = (name: string, resolving: readonly Step[] = []): ModelGroup => {
    const known = cache.get(name);
    if (known !== undefined && resolving.length === 0) return known;
    const built = build(name, resolving);
    // What is found on the way may depend on where one came from.
    if (resolving.length > 0) return built;
    if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value!);
    cache.set(name, built);
    return built;
  };

  const knownNames = new Set<string>();
  const isKnown = (name: string, own?: readonly string[]): boolean => {
    if (options.book.whole || (own === undefined && knownNames.has(name))) return true;
    const reach = new Set([name, ...(own ?? []), ...(options.besides ?? [])]);
    for (const each of reach) {
      // A pattern whose fallback is met by itself leads to ever more names.
      if (reach.size > MAX_CACHED) return false;
      let found: ModelGroup;
      try {
        found = get(each);
      } catch {
        continue; // the call will say what is wrong
      }
      if (found.deployments.some(({ pending }) => pending)) return false;
      const { fallbacks, contextWindowFallbacks = [], contentPolicyFallbacks } = found;
      for (const next of [...fallbacks, ...contextWindowFallbacks, ...contentPolicyFallbacks]) reach.add(next);
    }
    if (knownNames.size >= MAX_CACHED) knownNames.clear();
    if (own === undefined) knownNames.add(name);
    return true;
  };

  return {
    get: (name) => get(name),
    check: (name) => void build(name, []),
    names: () => names,
    listed: () => names.filter((name) => options.hidden?.includes(name) !== true),
    asked: () => [...cache.values()].flatMap(({ deployments }) => deployments),
    isKnown,
    reset: () => cache.clear(),
  };
}

function filled(option: Exclude<DeploymentOption, string>, fill: (text: string) => string): DeploymentOption {
  const { baseModel } = option;
  return { ...option, model: fill(option.model), ...(baseModel !== undefined && { baseModel: fill(baseModel) }) };
}

function regularOf(deployments: readonly Deployment[]): readonly Deployment[] {
  const found = deployments.filter(({ weight }) => weight > 0);
  return found.length === 0 || found.length === deployments.length ? deployments : found;
}

/** What `misfit` looks at, in one text. */
function abilitiesOf({ target: { traits } }: Deployment): string {
  return [traits.input, traits.jsonSchema, traits.tools, traits.contextWindow].join(";");
}

const TERMS = [
  "rpm",
  "tpm",
  "maxParallelRequests",
  "region",
  "tags",
  "enabled",
  "quality",
  "timeout",
  "firstEventTimeout",
  "idleTimeout",
] as const;

/** What an option makes: one deployment, or one for each key. */
function toDeployments(
  option: DeploymentOption,
  taken: Set<string>,
  { registry, book, unsupported }: GroupOptions,
  names: readonly string[],
): readonly Deployment[] {
  const given = typeof option === "string" ? { model: option } : option;
  const { provider, model } = registry.resolve(given.model, names, given.provider);
  const { apiKey, weight = 1, order = 1, contextWindow, defaults, cooldown } = given;
  const keys = typeof apiKey === "object" ? apiKey : [apiKey];
  const [owner, known] = given.baseModel === undefined ? [provider.id, model] : identify(provider.id, given.baseModel, book);
  const facts = book.lookup(owner, known);
  const pending = book.lacks(owner, known);
  const price = given.price ?? facts?.price;
  const terms: DeploymentTerms | undefined = TERMS.some((term) => given[term] !== undefined) ? given : undefined;
  const traits = { ...book.traits(owner, known), ...provider.modelTraits?.(model), ...(contextWindow !== undefined && { contextWindow }) };
  const target = toTarget(provider, model, traits, unsupported);
  return keys.map((key, index) => {
    const base = given.id ?? `${provider.id}/${model}`;
    let id = keys.length > 1 ? `${base}#${index + 1}` : base;
    for (let number = 2; taken.has(id); number++) id = `${base}#${number}`;
    taken.add(id);
    return {
      id,
      provider,
      model,
      target,
      weight: weight / keys.length,
      order,
      ...(terms === undefined ? undefined : { terms }),
      ...(key === undefined ? undefined : { apiKey: key }),
      ...(defaults === undefined ? undefined : { defaults }),
      ...(cooldown === undefined ? undefined : { cooldown }),
      ...(pending ? { pending } : undefined),
      ...(price === undefined ? undefined : { price, priceSource: given.price === undefined ? facts!.source : "override" }),
    };
  });
}

/** Whose list names a model: the provider's own, or that of the provider which a base model names before its slash. */
function identify(provider: string, model: string, book: Book): readonly [provider: string, model: string] {
  const slash = model.indexOf("/");
  if (slash < 0 || book.lookup(provider, model) !== undefined) return [provider, model];
  const other = [model.slice(0, slash), model.slice(slash + 1)] as const;
  return book.lookup(...other) === undefined && !book.lacks(...other) ? [provider, model] : other;
}

function toTarget(provider: ResolvedProvider, model: string, traits: ModelTraits, unsupported: UnsupportedPolicy): Target {
  return {
    codec: provider.codec,
    provider: provider.id,
    family: provider.family,
    model,
    quirks: provider.quirks,
    traits,
    optionKeys: provider.optionKeys,
    unsupported,
  };
}
