import { CrosspointError, type SpendDimension, type SpendEntry, type SpendFilter, type SpendGroup, type SpendPage } from "crosspoint";
import type { SpendRowsQuery, SpendSumQuery } from "crosspoint";
import { entryPage, readCursor, readPosition } from "../cursor.ts";
import { TOKEN_COLUMNS, wordColumn } from "./columns.ts";

/** Where two databases differ. `s` is the spend log. */
export interface Dialect {
  /** The parameter that was added last, which is the `position`th. */
  parameter(position: number): string;
  /** A query for the words of a JSON list. */
  words(parameter: string): string;
  /** A source of the entry's tags, one row each. */
  tags(alias: string): string;
  tag(alias: string): string;
  metadata(key: string): string;
  /** `time` as `2026-11-16T09`, cut to a length. */
  period(length: number): string;
}

export interface Query {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

type Row = Readonly<Record<string, unknown>>;

const PERIODS: Readonly<Record<string, number>> = { hour: 13, day: 10, month: 7 };
const METADATA = "metadata.";

/** The query for a page of entries, and one more. */
export function rowsQuery(dialect: Dialect, { limit, cursor, ...range }: SpendRowsQuery): Query {
  const values: (string | number)[] = [];
  const bind = binder(dialect, values);
  const where = conditions(dialect, range, bind);
  if (cursor !== undefined) {
    const { time, id } = readCursor(cursor);
    where.push(`(s.time, s.id) < (${bind(time)}, ${bind(id)})`);
  }
  const text = `select s.entry from crosspoint_spend s${whereClause(where)} order by s.time desc, s.id desc limit ${bind(limit + 1)}`;
  return { text, values };
}

export function readRows({ limit }: SpendRowsQuery, rows: readonly Row[]): SpendPage<SpendEntry> {
  return entryPage(rows.map(({ entry }) => JSON.parse(entry as string) as SpendEntry), limit); // oxfmt-ignore
}

/** The query for a page of sums, and one more; every number comes as text. */
export function sumsQuery(dialect: Dialect, { groupBy = [], orderBy = "cost", limit, cursor, ...range }: SpendSumQuery): Query {
  const values: (string | number)[] = [];
  const bind = binder(dialect, values);
  const groups = groupBy.map((dimension, index) => groupOf(dialect, dimension, `t${index}`, bind));
  const joins = groupBy.map((dimension, index) => (dimension === "tag" ? ` left join ${dialect.tags(`t${index}`)} on true` : ""));
  const where = whereClause(conditions(dialect, range, bind));
  const ordinals = groupBy.map((_, index) => index + 1);
  const selected = [...groups.map((group, index) => `${group} as g${index}`), ...SUMS];
  const order = [...ORDERS[orderBy], ...ordinals.map((ordinal) => `${ordinal} asc nulls last`)];
  const page = `limit ${bind(limit + 1)} offset ${bind(cursor === undefined ? 0 : readPosition(cursor))}`;
  const text =
    `select ${selected.join(", ")} from crosspoint_spend s${joins.join("")}${where}` +
    `${ordinals.length === 0 ? "" : ` group by ${ordinals.join(", ")}`}${order.length === 0 ? "" : ` order by ${order.join(", ")}`} ${page}`;
  return { text, values };
}

export function readSums({ groupBy = [], limit, cursor = "0" }: SpendSumQuery, rows: readonly Row[]): SpendPage<SpendGroup> {
  const big = (row: Row, name: string): bigint => BigInt(row[name] as string);
  const items = rows.slice(0, limit).map((row): SpendGroup => ({
    group: groupBy.map((_, index) => (row[`g${index}`] as string | null) ?? undefined),
    calls: Number(row["calls"]),
    failures: Number(row["failures"]),
    inputTokens: big(row, TOKEN_COLUMNS.inputTokens),
    cacheReadTokens: big(row, TOKEN_COLUMNS.cacheReadTokens),
    cacheWriteTokens: big(row, TOKEN_COLUMNS.cacheWriteTokens),
    outputTokens: big(row, TOKEN_COLUMNS.outputTokens),
    reasoningTokens: big(row, TOKEN_COLUMNS.reasoningTokens),
    nanoUsd: big(row, "nano_usd"),
    unpriced: Number(row["unpriced"]),
    estimated: Number(row["estimated"]),
  }));
  return rows.length > limit ? { items, cursor: String(Number(cursor) + limit) } : { items };
}

const sum = (column: string): string => `coalesce(sum(s.${column}), 0)`;
const SUMS: readonly string[] = [
  "count(*) as calls",
  `count(*) filter (where s."outcome" <> 'success') as failures`,
  ...[...Object.values(TOKEN_COLUMNS), "nano_usd"].map((column) => `cast(${sum(column)} as text) as ${column}`),
  "count(*) filter (where s.nano_usd is null) as unpriced",
  "count(*) filter (where s.estimated = 1) as estimated",
];
const ORDERS: Readonly<Record<NonNullable<SpendSumQuery["orderBy"]>, readonly string[]>> = {
  cost: [`${sum("nano_usd")} desc`],
  calls: ["count(*) desc"],
  tokens: [`${sum(TOKEN_COLUMNS.inputTokens)} + ${sum(TOKEN_COLUMNS.outputTokens)} desc`],
  group: [],
};

type Bind = (value: string | number) => string;

function binder(dialect: Dialect, values: (string | number)[]): Bind {
  return (value) => dialect.parameter(values.push(value));
}

interface Range {
  readonly filter?: SpendFilter;
  readonly from?: number;
  readonly to?: number;
}

function conditions(dialect: Dialect, { filter = {}, from, to }: Range, bind: Bind): string[] {
  const where: string[] = [];
  if (from !== undefined) where.push(`s.time >= ${bind(Math.ceil(from))}`);
  if (to !== undefined) where.push(`s.time < ${bind(Math.ceil(to))}`);
  const { metadata = {}, tag, ...fields } = filter;
  for (const [field, wanted] of Object.entries(fields)) {
    if (wanted !== undefined) where.push(`s.${columnOf(field)} in (${dialect.words(bind(wordList(wanted)))})`);
  }
  if (tag !== undefined) {
    where.push(`exists (select 1 from ${dialect.tags("t")} where ${dialect.tag("t")} in (${dialect.words(bind(wordList(tag)))}))`);
  }
  for (const [key, value] of Object.entries(metadata)) where.push(`${dialect.metadata(bind(key))} = ${bind(value)}`);
  return where;
}

function whereClause(conditions: readonly string[]): string {
  return conditions.length === 0 ? "" : ` where ${conditions.join(" and ")}`;
}

function groupOf(dialect: Dialect, dimension: SpendDimension, alias: string, bind: Bind): string {
  if (dimension === "tag") return dialect.tag(alias);
  const length = Object.hasOwn(PERIODS, dimension) ? PERIODS[dimension] : undefined;
  if (length !== undefined) return dialect.period(length);
  if (dimension.startsWith(METADATA)) return dialect.metadata(bind(dimension.slice(METADATA.length)));
  return `s.${columnOf(dimension)}`;
}

function columnOf(field: string): string {
  const column = wordColumn(field);
  if (column === undefined) throw new CrosspointError("BAD_REQUEST", `the spend log has no field "${field}"`, { param: field });
  return column;
}

function wordList(wanted: string | readonly string[]): string {
  const list = typeof wanted === "string" ? [wanted] : wanted;
  return JSON.stringify(list.map((each) => each.toWellFormed()));
}
