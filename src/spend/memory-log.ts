import { SUMMED_TOKENS, type SpendDimension, type SpendEntry, type SpendFilter, type SpendGroup, type SpendSumQuery } from "./entry.ts";
import type { Store } from "./store.ts";

type Sums = { -readonly [K in keyof SpendGroup]: SpendGroup[K] };

/** A spend log in memory that keeps its newest entries. */
export function createMemoryLog(maxEntries: number): Pick<Store, "append" | "rows" | "sums" | "prune"> {
  let log: SpendEntry[] = [];
  /** Ids are compared when the log is read: that is seldom, and every call adds one. */
  const newest = (): readonly SpendEntry[] => {
    const byId = new Map<string, SpendEntry>();
    for (const entry of log) if (!byId.has(entry.id)) byId.set(entry.id, entry);
    if (byId.size < log.length) log = [...byId.values()];
    return log.slice(-maxEntries);
  };
  return {
    append(entries) {
      log.push(...entries);
      // Cut now and then, because cutting an array costs as much as it is long.
      if (log.length >= maxEntries * 2) log = log.slice(-maxEntries);
    },
    rows({ cursor, limit, ...range }) {
      const [time, id] = cursor === undefined ? [Infinity, ""] : splitCursor(cursor);
      const found = newest()
        .filter((entry) => matches(entry, range) && (entry.time < time || (entry.time === time && compareText(entry.id, id) < 0)))
        .sort((a, b) => b.time - a.time || compareText(b.id, a.id));
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return found.length > limit && last !== undefined ? { items, cursor: `${last.time}:${last.id}` } : { items };
    },
    sums({ groupBy = [], orderBy = "cost", cursor, limit, ...range }) {
      const groups = new Map<string, Sums>();
      if (groupBy.length === 0) groups.set("[]", emptyGroup([]));
      for (const entry of newest()) {
        if (!matches(entry, range)) continue;
        for (const group of groupsOf(entry, groupBy)) {
          const key = JSON.stringify(group.map((each) => each ?? null));
          let sums = groups.get(key);
          if (sums === undefined) groups.set(key, (sums = emptyGroup(group)));
          add(sums, entry);
        }
      }
      const start = cursor === undefined ? 0 : Number(cursor);
      const sorted = [...groups.values()].sort((a, b) => order(a, b, orderBy) || compareGroups(a.group, b.group));
      const items = sorted.slice(start, start + limit);
      return start + limit < sorted.length ? { items, cursor: String(start + limit) } : { items };
    },
    prune(before) {
      const kept = newest().filter(({ time }) => time >= before);
      const gone = Math.min(log.length, maxEntries) - kept.length;
      log = [...kept];
      return gone;
    },
  };
}

function splitCursor(cursor: string): readonly [time: number, id: string] {
  const colon = cursor.indexOf(":");
  return [Number(cursor.slice(0, colon)), cursor.slice(colon + 1)];
}

function matches(entry: SpendEntry, range: { readonly filter?: SpendFilter; readonly from?: number; readonly to?: number }): boolean {
  const { filter = {}, from = -Infinity, to = Infinity } = range;
  if (entry.time < from || entry.time >= to) return false;
  const { metadata, tag, ...fields } = filter;
  for (const [field, wanted] of Object.entries(fields)) {
    const value = entry[field as keyof typeof fields];
    if (value === undefined || !(typeof wanted === "string" ? wanted === value : wanted.includes(value))) return false;
  }
  if (tag !== undefined && entry.tags?.some((each) => (typeof tag === "string" ? tag === each : tag.includes(each))) !== true) return false;
  return Object.entries(metadata ?? {}).every(([key, value]) => metadataOf(entry, key) === value);
}

function metadataOf({ metadata }: SpendEntry, key: string): string | undefined {
  return metadata !== undefined && Object.hasOwn(metadata, key) ? metadata[key] : undefined;
}

type Group = readonly (string | undefined)[];

function groupsOf(entry: SpendEntry, dimensions: readonly SpendDimension[]): readonly Group[] {
  let groups: readonly Group[] = [[]];
  for (const dimension of dimensions) {
    const values = valuesOf(entry, dimension);
    groups = groups.flatMap((group) => values.map((value) => [...group, value]));
  }
  return groups;
}

const TIME_LENGTH = { hour: 13, day: 10, month: 7 } as const;

function valuesOf(entry: SpendEntry, dimension: SpendDimension): readonly (string | undefined)[] {
  if (dimension === "tag") return entry.tags === undefined || entry.tags.length === 0 ? [undefined] : [...new Set(entry.tags)];
  if (dimension === "hour" || dimension === "day" || dimension === "month") {
    return [new Date(entry.time).toISOString().slice(0, TIME_LENGTH[dimension])];
  }
  if (dimension.startsWith("metadata.")) return [metadataOf(entry, dimension.slice("metadata.".length))];
  return [entry[dimension as keyof SpendEntry] as string | undefined];
}

function emptyGroup(group: Group): Sums {
  const tokens = { inputTokens: 0n, cacheReadTokens: 0n, cacheWriteTokens: 0n, outputTokens: 0n, reasoningTokens: 0n };
  return { group, calls: 0, failures: 0, ...tokens, nanoUsd: 0n, unpriced: 0, estimated: 0 };
}

function add(sums: Sums, entry: SpendEntry): void {
  sums.calls += 1;
  if (entry.outcome !== "success") sums.failures += 1;
  for (const field of SUMMED_TOKENS) sums[field] += BigInt(entry[field] ?? 0);
  if (entry.nanoUsd === undefined) sums.unpriced += 1;
  else sums.nanoUsd += BigInt(entry.nanoUsd);
  if (entry.estimated === true) sums.estimated += 1;
}

function order(a: SpendGroup, b: SpendGroup, by: NonNullable<SpendSumQuery["orderBy"]>): number {
  switch (by) {
    case "cost":
      return Number(b.nanoUsd - a.nanoUsd);
    case "calls":
      return b.calls - a.calls;
    case "tokens":
      return Number(b.inputTokens + b.outputTokens - a.inputTokens - a.outputTokens);
    case "group":
      return 0;
    default:
      return by satisfies never;
  }
}

function compareGroups(a: Group, b: Group): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (left === right) continue;
    if (left === undefined || right === undefined) return left === undefined ? 1 : -1;
    return compareText(left, right);
  }
  return 0;
}

/** By code point, as databases compare bytes of UTF-8; `<` would order by UTF-16 units. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return lift(left) - lift(right);
  }
  return a.length - b.length;
}

/** Halves of a pair stand for code points above every single unit. */
function lift(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
