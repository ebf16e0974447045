import { CrosspointError, type SpendEntry, type SpendPage } from "crosspoint";

/** Where a page of entries ended. */
export interface EntryCursor {
  readonly time: number;
  readonly id: string;
}

/** @throws `BAD_REQUEST` for a text that is no cursor. */
export function readCursor(cursor: string): EntryCursor {
  const colon = cursor.indexOf(":");
  return { time: readPosition(cursor.slice(0, Math.max(colon, 0))), id: cursor.slice(colon + 1) };
}

/** @throws `BAD_REQUEST` for a text that is no whole number. */
export function readPosition(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CrosspointError("BAD_REQUEST", "the cursor is not one that this store gave", { param: "cursor" });
}

/** A page of entries of which one more was asked for than it holds. */
export function entryPage(entries: readonly SpendEntry[], limit: number): SpendPage<SpendEntry> {
  const items = entries.slice(0, limit);
  const last = items.at(-1);
  return entries.length > limit && last !== undefined ? { items, cursor: `${Math.floor(last.time)}:${last.id}` } : { items };
}
