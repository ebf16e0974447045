import type { Book } from "../models/book.ts";
import { DATE, SOURCE } from "../models/catalogue.gen.ts";
import { doubtsOf } from "../models/gates.ts";
import type { RefusedPrice } from "../models/formats/list.ts";
import type { Prices } from "../models/catalogue.ts";
import type { Refresh, RefreshState } from "./refresh.ts";

/** What is known of prices, and where it comes from. */
export interface CatalogueState {
  /** What the package brings was read here, that day. */
  readonly source: string;
  readonly date: string;
  /** Models that are known, and those among them that have a price. */
  readonly models: number;
  readonly priced: number;
  /** Prices of the `prices` option that look like a mistake; they hold all the same. */
  readonly doubts: readonly RefusedPrice[];
  /** The list of the `catalogue` option. */
  readonly refresh?: RefreshState;
}

/** Counts what is in force. */
export function catalogueState({ catalogue }: Book, prices: Prices, refresh: Refresh | undefined): CatalogueState {
  const rows = catalogue.lists().flatMap((list) => [...catalogue.rows(list).values()]);
  return {
    source: SOURCE,
    date: DATE,
    models: rows.length,
    priced: rows.filter(({ price }) => price !== undefined).length,
    doubts: doubtful(prices),
    ...(refresh !== undefined && { refresh: refresh.state() }),
  };
}

/** The prices of the `prices` option that look like a mistake. */
export function doubtful(prices: Prices): readonly RefusedPrice[] {
  return Object.entries(prices).flatMap(([model, price]) => doubtsOf(price).map((reason) => ({ model, reason })));
}
