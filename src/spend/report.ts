import { CrosspointError } from "../ir/error.ts";
import { ENTRY_FIELDS, SUMMED_TOKENS, type SpendDimension, type SpendEntry, type SpendFilter, type SummedTokens } from "./entry.ts";
import type { SpendSumQuery } from "./entry.ts";
import type { Store } from "./store.ts";

/** Milliseconds since 1970, a date, or its ISO text. */
export type Moment = number | Date | string;

export interface SpendLogQuery {
  readonly filter?: SpendFilter;
  /** First moment that counts; calls count when they began. */
  readonly from?: Moment;
  /** First moment that counts no more. */
  readonly to?: Moment;
  /** Items of a page, up to 10,000. Default 1,000. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface SpendQuery extends SpendLogQuery {
  readonly groupBy?: readonly SpendDimension[];
  /** Default `cost`, largest first. */
  readonly orderBy?: NonNullable<SpendSumQuery["orderBy"]>;
}

/** What a group of calls used and cost. */
export interface SpendLine extends Readonly<Record<SummedTokens, number>> {
  /** The value of each dimension of `groupBy`; absent where the calls have none. */
  readonly group: Readonly<Partial<Record<SpendDimension, string>>>;
  readonly calls: number;
  readonly failures: number;
  /** In the option `currency`, else in US dollars; of the calls whose cost is known. */
  readonly cost: number;
  readonly currency: string;
  /** Billionths of a US dollar, exact. In JSON it is text. */
  readonly nanoUsd: bigint;
  /** Calls whose cost is not known. */
  readonly unpriced: number;
  /** Calls whose tokens or cost were estimated. */
  readonly estimated: number;
}

export interface SpendReport {
  readonly lines: readonly SpendLine[];
  /** Asks for the next page; absent at the end. */
  readonly cursor?: string;
}

export interface SpendLogPage {
  readonly entries: readonly SpendEntry[];
  readonly cursor?: string;
}

export interface Currency {
  readonly code: string;
  readonly rate: number;
}

/** The sums of a query, in the currency asked for. */
export async function report(store: Store, query: SpendQuery, currency: Currency): Promise<SpendReport> {
  checkFields(query, SUM_FIELDS);
  const { groupBy = [], orderBy } = query;
  if (!Array.isArray(groupBy) || !groupBy.every(isDimension))
    throw invalid("groupBy", `a list of ${DIMENSIONS.join(", ")}, metadata.<key>`);
  if (orderBy !== undefined && !ORDERS.includes(orderBy)) throw invalid("orderBy", `one of ${ORDERS.join(", ")}`);
  const page = await store.sums({ ...rangeOf(query), groupBy, ...(orderBy === undefined ? undefined : { orderBy }) });
  const lines = page.items.map(({ group: values, calls, failures, nanoUsd, unpriced, estimated, ...tokens }): SpendLine => {
    const named = groupBy.flatMap((dimension, index) => (values[index] === undefined ? [] : [[dimension, values[index]] as const]));
    const group: SpendLine["group"] = Object.fromEntries(named);
    const counts = Object.fromEntries(SUMMED_TOKENS.map((field) => [field, Number(tokens[field])])) as Record<SummedTokens, number>;
    const cost = (Number(nanoUsd) * currency.rate) / 1e9;
    const line = { group, calls, failures, ...counts, cost, currency: currency.code, nanoUsd, unpriced, estimated };
    return Object.defineProperty(line, "toJSON", { value: () => ({ ...line, nanoUsd: String(nanoUsd) }) });
  });
  return { lines, ...(page.cursor === undefined ? undefined : { cursor: page.cursor }) };
}

/** Calls, newest first. */
export async function readLog(store: Store, query: SpendLogQuery): Promise<SpendLogPage> {
  checkFields(query, LOG_FIELDS);
  const { items, cursor } = await store.rows(rangeOf(query));
  return { entries: items, ...(cursor === undefined ? undefined : { cursor }) };
}

const DIMENSIONS: readonly string[] = [...ENTRY_FIELDS, "tag", "hour", "day", "month"];
const ORDERS: readonly unknown[] = ["cost", "calls", "tokens", "group"];
const FILTERS = new Set<string>([...ENTRY_FIELDS, "tag", "metadata"]);
const LOG_FIELDS = ["filter", "from", "to", "limit", "cursor"];
const SUM_FIELDS = [...LOG_FIELDS, "groupBy", "orderBy"];
const MAX_PAGE = 10_000;

function checkFields(query: object, known: readonly string[]): void {
  const unknown = Object.keys(query).find((field) => !known.includes(field));
  if (unknown !== undefined) throw invalid(unknown, `one of ${known.join(", ")}`);
}

function isDimension(value: unknown): boolean {
  return typeof value === "string" && (DIMENSIONS.includes(value) || /^metadata\../s.test(value));
}

function rangeOf({ filter, from, to, limit = 1_000, cursor }: SpendLogQuery): Parameters<Store["rows"]>[0] {
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE)) throw invalid("limit", `a whole number from 1 to ${MAX_PAGE}`);
  if (cursor !== undefined && typeof cursor !== "string") throw invalid("cursor", "the cursor of a page");
  return {
    limit,
    ...(filter === undefined ? undefined : { filter: checkFilter(filter) }),
    ...(from === undefined ? undefined : { from: timeOf(from, "from") }),
    ...(to === undefined ? undefined : { to: timeOf(to, "to") }),
    ...(cursor === undefined ? undefined : { cursor }),
  };
}

function checkFilter(filter: SpendFilter): SpendFilter {
  if (typeof filter !== "object" || filter === null) throw invalid("filter", "an object");
  const entries = Object.entries(filter as Record<string, unknown>).filter(([, value]) => value !== undefined);
  for (const [field, value] of entries) {
    const words = Array.isArray(value) ? value : field === "metadata" ? Object.values(value as object) : [value];
    if (!FILTERS.has(field)) throw invalid(`filter.${field}`, `one of ${[...FILTERS].join(", ")}`);
    if (!words.every((word) => typeof word === "string")) throw invalid(`filter.${field}`, "a text or a list of texts");
  }
  return Object.fromEntries(entries);
}

function timeOf(moment: Moment, param: string): number {
  const time = typeof moment === "number" ? moment : new Date(moment).getTime();
  if (!Number.isFinite(time)) throw invalid(param, "milliseconds since 1970, a date, or its ISO text");
  return time;
}

function invalid(param: string, expected: string): CrosspointError {
  return new CrosspointError("BAD_REQUEST", `${param} must be ${expected}`, { param });
}
