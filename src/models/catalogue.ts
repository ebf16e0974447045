import type { ModelTraits } from "../ir/target.ts";
import { DATE, HAND_DATE, MODELS, SOURCE } from "./catalogue.gen.ts";
import type { Price } from "./price.ts";
import { type CatalogueRow, readRows } from "./row.ts";
import { withTariffs } from "./tariffs.ts";
import { modelTraits } from "./traits.ts";

/** What is known of a model besides its name. */
export interface ModelFacts {
  /** Absent when unknown. */
  readonly price?: Price;
  /** Tokens. */
  readonly contextWindow?: number;
  readonly maxOutput?: number;
  /** What it takes beside text; the catalogue knows of images only. */
  readonly input?: readonly "image"[];
  readonly reasoning?: boolean;
  /** Where the price comes from. */
  readonly source: "catalogue" | "override";
  /** The day it was read, `YYYY-MM-DD`. */
  readonly date?: string;
}

/** Generated lines by provider, newline-separated. */
export interface CatalogueData {
  readonly models: Readonly<Record<string, string>>;
  readonly source: string;
  readonly date: string;
  readonly handDate: string;
}

export type Prices = Readonly<Record<string, Price>>;

export interface Catalogue {
  /**
   * Finds a model by its provider and name: as it is, without vendor path, region, date, revision or `-latest`. A price of `overrides`
   * (by `provider/model` or bare model name) wins over the catalogue's. `undefined` when nothing is known.
   */
  lookup(provider: string, model: string, overrides?: Prices): ModelFacts | undefined;
  /** The models that are listed by name, as `provider/model`. */
  list(): readonly string[];
}

/** Provider ids whose models and prices are another's. */
const SAME: Readonly<Record<string, string>> = {
  "openai-chat": "openai",
  "openai-responses": "openai",
  azure: "openai",
  "azure-openai": "openai",
  gemini: "google",
  vertex: "google",
  "google-vertex": "google",
  "x-ai": "xai",
  mistralai: "mistral",
};

/** Nothing else is cut off a name: a fine-tune or a variant has its own price. */
const DATED = /[-@](?:\d{4}-\d{2}-\d{2}|\d{8}|latest|default|0|001|v\d+(?::\d+)?)$/;

const CACHE_LIMIT = 2000;
/** Longer names are no model's; they are looked up but not remembered. */
const LONGEST = 200;

/** A catalogue over generated data; a later one answers before the earlier. */
export function createCatalogue(...sources: readonly CatalogueData[]): Catalogue {
  const rows = new Map<string, Map<string, ModelFacts>>();
  const found = new Map<string, ModelFacts | null>();

  function rowsOf(provider: string): Map<string, ModelFacts> {
    let known = rows.get(provider);
    if (known !== undefined) return known;
    known = new Map();
    for (const data of sources) {
      if (!Object.hasOwn(data.models, provider)) continue;
      for (const row of readRows(data.models[provider]!)) known.set(row.id, factsOf(provider, row, data));
    }
    if (known.size > 0) rows.set(provider, known);
    return known;
  }

  function find(provider: string, model: string): ModelFacts | undefined {
    const key = `${provider}/${model}`;
    let facts = found.get(key);
    if (facts === undefined) {
      const known = rowsOf(Object.hasOwn(SAME, provider) ? SAME[provider]! : provider);
      facts =
        namesOf(model)
          .map((name) => known.get(name))
          .find((one) => one !== undefined) ?? null;
      if (found.size >= CACHE_LIMIT) found.clear();
      if (key.length <= LONGEST) found.set(key, facts);
    }
    return facts ?? undefined;
  }

  return {
    lookup(provider, model, overrides) {
      const facts = find(provider, model);
      const price = overrides && overridden(overrides, provider, model);
      if (price === undefined) return facts;
      const { date: _, ...rest } = facts ?? {};
      return { ...rest, price, source: "override", ...(price.date !== undefined && { date: price.date }) };
    },
    list() {
      const providers = new Set(sources.flatMap(({ models }) => Object.keys(models)));
      return [...providers].flatMap((provider) => [...rowsOf(provider).keys()].map((id) => `${provider}/${id}`));
    },
  };
}

function factsOf(provider: string, row: CatalogueRow, data: CatalogueData): ModelFacts {
  const { id, price, byHand, ...rest } = row;
  const date = byHand === true ? data.handDate : data.date;
  const source = byHand === true ? "the provider's price page" : data.source;
  return { ...rest, ...(price && { price: { ...withTariffs(provider, id, price), source, date } }), source: "catalogue", date };
}

function overridden(overrides: Prices, provider: string, model: string): Price | undefined {
  for (const name of namesOf(model)) {
    for (const key of [`${provider}/${name}`, name]) if (Object.hasOwn(overrides, key)) return overrides[key];
  }
  return undefined;
}

const names = new Map<string, readonly string[]>();

/** The names to try, the exact one first. */
function namesOf(model: string): readonly string[] {
  let known = names.get(model);
  if (known !== undefined) return known;
  const bare = model.slice(-LONGEST).toLowerCase();
  const name = bare.replace(/^.*\/(?!ft:)/, "").replace(/^(?:[a-z-]+\.)+(?=[a-z])/, "");
  const tries = new Set([model, bare, name, name.replace(/^(claude-.*\d)\.(?=\d)/, "$1-"), `${name}-latest`]);
  for (let one of tries) if (DATED.test(one) && one !== `${name}-latest`) tries.add((one = one.replace(DATED, "")));
  known = [...tries];
  if (names.size >= CACHE_LIMIT) names.clear();
  if (model.length <= LONGEST) names.set(model, known);
  return known;
}

/** The built-in catalogue: first-party providers and the hosts most used. */
export const catalogue: Catalogue = createCatalogue({ models: MODELS, source: SOURCE, date: DATE, handDate: HAND_DATE });

const composed = new WeakMap<ModelFacts, WeakMap<ModelTraits, ModelTraits>>();

/** The traits of a model, with the limits that the catalogue knows. */
export function traitsFor(provider: string, model: string, from: Catalogue = catalogue): ModelTraits {
  const traits = modelTraits(model, provider);
  const facts = from.lookup(provider, model);
  if (facts === undefined) return traits;
  let known = composed.get(facts);
  if (known === undefined) composed.set(facts, (known = new WeakMap()));
  let whole = known.get(traits);
  if (whole === undefined) {
    const { contextWindow, maxOutput, input, reasoning } = facts;
    whole = {
      ...(reasoning !== undefined && { reasoning }),
      ...(input?.length === 0 && { input: [] }),
      ...traits,
      ...(contextWindow !== undefined && { contextWindow }),
      ...(maxOutput !== undefined && { maxOutput }),
    };
    known.set(traits, whole);
  }
  return whole;
}
