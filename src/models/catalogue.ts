import type { ModelTraits } from "../ir/target.ts";
import { DATE, HAND_DATE, MODELS, REST, SOURCE } from "./catalogue.gen.ts";
import { listOf, listsOf } from "./lists.ts";
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
  /** Where the price comes from: what the package brings, the `prices` option, or the list that the `catalogue` option loads. */
  readonly source: "catalogue" | "override" | "refresh";
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

/** Facts by provider and name, as a price list that was loaded gives them. */
export type LoadedFacts = ReadonlyMap<string, ReadonlyMap<string, ModelFacts>>;

export type Prices = Readonly<Record<string, Price>>;

export interface Catalogue {
  /**
   * Finds a model by its provider and name: as it is, without vendor path, region, date, revision or `-latest`. A price of `overrides`
   * (by `provider/model` or bare model name) wins over the catalogue's. `undefined` when nothing is known.
   */
  lookup(provider: string, model: string, overrides?: Prices): ModelFacts | undefined;
  /** The models of one list by their exact names. */
  rows(list: string): ReadonlyMap<string, ModelFacts>;
  /** The names of the lists. */
  lists(): readonly string[];
  /** The models that are listed by name, as `list/model`. */
  list(): readonly string[];
}

/** Nothing else is cut off a name: a fine-tune or a variant has its own price. */
const DATED = /[-@](?:\d{4}-\d{2}-\d{2}|\d{8}|latest|default|0|001|v\d+(?::\d+)?)$/;

const CACHE_LIMIT = 2000;
/** Longer names are no model's; they are looked up but not remembered. */
const LONGEST = 200;

/** A catalogue over generated data and lists that were loaded; a later one answers before the earlier. */
export function createCatalogue(...sources: readonly (CatalogueData | LoadedFacts)[]): Catalogue {
  const lists = new Map<string, ReadonlyMap<string, ModelFacts>>();
  const found = new Map<string, ModelFacts | null>();

  function rows(list: string): ReadonlyMap<string, ModelFacts> {
    let known = lists.get(list);
    if (known === undefined) {
      known = new Map(sources.flatMap((source) => [...rowsOf(source, list)]));
      if (known.size > 0) lists.set(list, known);
    }
    return known;
  }

  function find(provider: string, model: string): ModelFacts | undefined {
    const key = `${provider}/${model}`;
    let facts = found.get(key);
    if (facts === undefined) {
      facts = search(provider, model) ?? null;
      if (found.size >= CACHE_LIMIT) found.clear();
      if (key.length <= LONGEST) found.set(key, facts);
    }
    return facts ?? undefined;
  }

  function search(provider: string, model: string): ModelFacts | undefined {
    for (const list of listsOf(provider)) {
      const known = rows(list);
      const name = known.size === 0 ? undefined : namesOf(model).find((each) => known.has(each));
      if (name !== undefined) return list === listOf(provider) ? known.get(name) : borrowed(known.get(name)!);
    }
    return undefined;
  }

  const allLists = (): readonly string[] => [
    ...new Set(sources.flatMap((source) => ("models" in source ? Object.keys(source.models) : [...source.keys()]))),
  ];
  return {
    lookup(provider, model, overrides) {
      const facts = find(provider, model);
      const price = overrides && overridden(overrides, provider, model);
      if (price === undefined) return facts;
      const { date: _, ...rest } = facts ?? {};
      return { ...rest, price, source: "override", ...(price.date !== undefined && { date: price.date }) };
    },
    rows,
    lists: allLists,
    list: () => allLists().flatMap((list) => [...rows(list).keys()].map((id) => `${list}/${id}`)),
  };
}

/** What another provider's list tells. What that one gives away, this one may sell. */
export function borrowed(facts: ModelFacts): ModelFacts {
  if (facts.price?.input !== 0 || facts.price.output !== 0) return facts;
  const { price: _, ...rest } = facts;
  return rest;
}

function rowsOf(source: CatalogueData | LoadedFacts, list: string): Iterable<readonly [string, ModelFacts]> {
  if (!("models" in source)) return source.get(list) ?? [];
  return Object.hasOwn(source.models, list) ? readRows(source.models[list]!).map((row) => [row.id, factsOf(list, row, source)]) : [];
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

const SMALL: CatalogueData = { models: MODELS, source: SOURCE, date: DATE, handDate: HAND_DATE };

/** The part of the catalogue that is always there: first-party providers and the hosts most used. */
export const catalogue: Catalogue = createCatalogue(SMALL);

/** The lists of which the whole catalogue knows more models. */
export const MORE: ReadonlySet<string> = new Set(REST.split(" "));

let whole: Promise<{ readonly catalogue: Catalogue; readonly sources: readonly CatalogueData[] }> | undefined;

/** The whole catalogue; loaded once for all layers of a program. */
export function loadWhole(): NonNullable<typeof whole> {
  whole ??= import("./catalogue-full.gen.ts").then((full) => {
    const rest: CatalogueData = { models: full.MODELS, source: full.SOURCE, date: full.DATE, handDate: full.HAND_DATE };
    return { catalogue: createCatalogue(rest, SMALL), sources: [rest, SMALL] };
  });
  whole.catch(() => (whole = undefined)); // the next caller tries again
  return whole;
}

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
