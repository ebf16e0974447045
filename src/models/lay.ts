import { borrowed, type Catalogue, type LoadedFacts, type ModelFacts } from "./catalogue.ts";
import type { ListedModel, PriceList, RefusedPrice } from "./formats/list.ts";
import { doubtsOf, movesOf } from "./gates.ts";
import { listOf, listsOf } from "./lists.ts";
import type { Price, Rates } from "./price.ts";

export interface Laid {
  readonly facts: LoadedFacts;
  /** Models that the list has a price for and that are in force. */
  readonly priced: number;
  readonly refused: readonly RefusedPrice[];
}

/**
 * Checks a list against what is known, and puts what passes over it. A refused entry, and one that vanished from the list that was in force
 * before (`last`), stays as it was.
 */
export function layOver(
  known: Catalogue,
  list: PriceList,
  {
    from,
    day,
    nameOf,
    last,
  }: { readonly from: string; readonly day: string; readonly nameOf: (id: string) => string; readonly last?: LoadedFacts },
): Laid {
  const facts = new Map<string, Map<string, ModelFacts>>();
  const refused = [...list.refused];
  const seen = new Set(refused.map(({ model }) => model));
  const date = list.date ?? day;
  let priced = 0;
  const put = (name: string, id: string, one: ModelFacts): void => {
    let rows = facts.get(name);
    if (rows === undefined) facts.set(name, (rows = new Map()));
    rows.set(id, one);
  };
  for (const model of list.models) {
    const name = listOf(nameOf(model.provider));
    const label = `${name}/${model.id}`;
    // Another spelling of a name that was there already says nothing new.
    if (seen.has(label)) continue;
    seen.add(label);
    const [own, ...behind] = listsOf(name).map((each) => known.rows(each).get(model.id));
    const other = behind.find((one) => one !== undefined);
    const before = own ?? (other && borrowed(other));
    const reasons = model.price === undefined ? [] : [...doubtsOf(model.price), ...movesOf(before?.price, model.price)];
    if (reasons.length > 0) {
      refused.push({ model: label, reason: reasons.join("; ") });
      const old = last?.get(name)?.get(model.id);
      if (old !== undefined) put(name, model.id, old);
      continue;
    }
    if (model.price !== undefined) priced++;
    put(name, model.id, merge(before, model, list.format === "litellm", { source: from, date }));
  }
  for (const [name, rows] of last ?? []) {
    for (const [id, one] of rows) {
      if (facts.get(name)?.has(id) === true) continue;
      if (!seen.has(`${name}/${id}`)) refused.push({ model: `${name}/${id}`, reason: "vanished" });
      put(name, id, one);
    }
  }
  return { facts, priced, refused };
}

/** LiteLLM counts the input alone as the window (`inputOnly`): it only tells where nothing else does. */
function merge(
  before: ModelFacts | undefined,
  { provider: _provider, id: _id, price, contextWindow, ...rest }: ListedModel,
  inputOnly: boolean,
  origin: { readonly source: string; readonly date: string },
): ModelFacts {
  const window = inputOnly ? (before?.contextWindow ?? contextWindow) : (contextWindow ?? before?.contextWindow);
  const facts = { ...before, ...rest, ...(window !== undefined && { contextWindow: window }) };
  if (price === undefined) return { source: "refresh", date: origin.date, ...facts };
  const { source = origin.source, date = origin.date } = price;
  return { ...facts, price: { ...completed(before?.price, price), source, date }, source: "refresh", date };
}

/**
 * What a list leaves out of a price stays as long as it agrees with what it names: no cache price in the list does not make one unknown. Once
 * it names other rates, only what is no rate stays: fees of tools, factors of service tiers and regions.
 */
function completed(before: Price | undefined, price: Price): Price {
  if (before === undefined) return price;
  const same = Object.entries(price).every(([name, rate]) => typeof rate !== "number" || before[name as keyof Rates] === rate);
  if (same) return { ...before, ...price };
  const { tools, regions, serviceTiers = {} } = before;
  const factors = Object.fromEntries(Object.entries(serviceTiers).filter(([, tier]) => typeof tier === "number"));
  const tiers = { ...factors, ...price.serviceTiers };
  return {
    ...(tools && { tools }),
    ...(regions && { regions }),
    ...price,
    ...(Object.keys(tiers).length > 0 && { serviceTiers: tiers }),
  };
}
