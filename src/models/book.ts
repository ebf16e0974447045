import type { ModelTraits } from "../ir/target.ts";
import {
  catalogue,
  type Catalogue,
  loadWhole,
  type LoadedFacts,
  createCatalogue,
  type ModelFacts,
  MORE,
  type Prices,
  traitsFor,
} from "./catalogue.ts";
import { listsOf } from "./lists.ts";

/** What one layer knows of models: the catalogue as far as it is loaded, the `prices` option, and a list that was loaded at run time. */
export interface Book {
  /** What is in force; another one after each change. */
  readonly catalogue: Catalogue;
  /** All that the package knows is loaded. */
  readonly whole: boolean;
  lookup(provider: string, model: string): ModelFacts | undefined;
  traits(provider: string, model: string): ModelTraits;
  /** Whether what is not loaded yet may know a model that is not known. */
  lacks(provider: string, model: string): boolean;
  /** Loads the whole catalogue. Never rejects: where it cannot be loaded, what is there has to do. */
  load(): Promise<void>;
  /** Puts a list over the catalogue, in place of the one before. */
  lay(facts: LoadedFacts): Promise<void>;
}

/** `onChange` is called after each change, before anyone can ask. */
export function createBook(prices: Prices, onChange: () => void): Book {
  let current = catalogue;
  let settled = false;
  let loading: Promise<void> | undefined;
  const change = (next: Catalogue): void => {
    current = next;
    settled = true;
    onChange();
  };
  return {
    get catalogue() {
      return current;
    },
    get whole() {
      return settled;
    },
    lookup: (provider, model) => current.lookup(provider, model, prices),
    traits: (provider, model) => traitsFor(provider, model, current),
    lacks: (provider, model) =>
      !settled && listsOf(provider).some((list) => MORE.has(list)) && current.lookup(provider, model) === undefined,
    load: () =>
      (loading ??= loadWhole().then(
        (whole) => settled || change(whole.catalogue),
        () => change(current),
      ) as Promise<void>),
    async lay(facts) {
      const { sources } = await loadWhole();
      change(createCatalogue(...sources, facts));
    },
  };
}
