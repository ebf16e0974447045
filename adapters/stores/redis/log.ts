import type { SpendEntry, SpendFilter, SpendRowsQuery, Store } from "crosspoint";
import { entryPage, readCursor } from "../cursor.ts";
import { sqliteStore } from "../sqlite/index.ts";
import type { Redis } from "./connect.ts";
import { APPEND, PRUNE } from "./scripts.ts";

/** How many entries are read or removed at once. */
const CHUNK = 1_000;
const TIME_DIGITS = 15;

/**
 * The spend log: entries by id, and their places in time. Redis cannot ask questions of them, so that the entries of the time in
 * question are read, and SQLite in memory answers.
 */
export function createLog({ prefix, send, run }: Redis): Pick<Store, "append" | "rows" | "sums" | "prune"> {
  /** Entries of a range, newest first, in chunks. */
  async function* read({ from, to, cursor }: Omit<SpendRowsQuery, "limit">, size: number): AsyncGenerator<readonly SpendEntry[]> {
    const first = from === undefined ? "-" : `[${timePlace(from)}`;
    const end = to === undefined ? "+" : `(${timePlace(to)}`;
    let last = end;
    if (cursor !== undefined) last = `(${placeOf(readCursor(cursor))}`;
    if (end !== "+" && end < last) last = end;
    for (;;) {
      const places = (await send(["ZRANGE", `${prefix}log`, last, first, "BYLEX", "REV", "LIMIT", "0", String(size)])) as readonly string[];
      if (places.length === 0) return;
      const ids = places.map((place) => place.slice(TIME_DIGITS + 1));
      const texts = (await send(["HMGET", `${prefix}entries`, ...ids])) as readonly (string | null)[];
      yield texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as SpendEntry]));
      if (places.length < size) return;
      last = `(${places.at(-1)}`;
    }
  }
  return {
    async append(entries) {
      if (entries.length > 0) await run(APPEND, entries.flatMap((entry) => [placeOf(entry), entry.id, JSON.stringify(entry)])); // oxfmt-ignore
    },
    async rows(query) {
      const { filter, limit } = query;
      const found: SpendEntry[] = [];
      for await (const chunk of read(query, filter === undefined ? limit + 1 : CHUNK)) {
        found.push(...(filter === undefined ? chunk : await matching(chunk, filter)));
        if (found.length > limit) break;
      }
      return entryPage(found, limit);
    },
    async sums(query) {
      const store = sqliteStore({ path: ":memory:" });
      try {
        const { cursor: _, ...range } = query;
        for await (const chunk of read(range, CHUNK)) await store.append(chunk.map((entry) => ({ ...entry, attempts: [] })));
        return await store.sums(query);
      } finally {
        await store.close();
      }
    },
    async prune(before) {
      for (let removed = 0; ;) {
        const count = (await run(PRUNE, [timePlace(before), String(CHUNK), String(TIME_DIGITS + 2)])) as number;
        removed += count;
        if (count < CHUNK) return removed;
      }
    },
  };
}

async function matching(entries: readonly SpendEntry[], filter: SpendFilter): Promise<readonly SpendEntry[]> {
  const store = sqliteStore({ path: ":memory:" });
  await store.append(entries);
  const { items } = await store.rows({ filter, limit: entries.length });
  await store.close();
  return items;
}

/** Places sort as texts, by time and then by id. */
function placeOf({ time, id }: { readonly time: number; readonly id: string }): string {
  return `${String(Math.floor(time)).padStart(TIME_DIGITS, "0")}:${id}`;
}

/** Stands before every place of that time. */
function timePlace(time: number): string {
  return String(Math.max(0, Math.ceil(time))).padStart(TIME_DIGITS, "0");
}
