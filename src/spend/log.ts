import type { Clock } from "../transport/clock.ts";
import type { SpendEntry } from "./entry.ts";
import { inTime } from "./in-time.ts";
import type { SpendAlert } from "./options.ts";
import type { Awaitable, Store } from "./store.ts";

/** What a crash can lose of the spend log: the calls of this many milliseconds. */
const FLUSH_EVERY = 100;
const BATCH = 100;
/** How long a store that failed is left in peace. */
const RETRY_AFTER = 1_000;
/** Entries that wait for a store that fails; the oldest are given up. */
const MAX_WAITING = 10_000;
const PRUNE_EVERY = 3_600_000;

export interface SpendLogOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly retention: number | undefined;
  readonly tell: (alert: SpendAlert) => void;
}

/** Writes entries in batches: after 100 ms, or when 100 wait. A batch that fails is tried again with the next, or after a second. */
export interface SpendLog {
  add(entry: SpendEntry): void;
  flush(): Promise<void>;
  /** Writes what waits, and tries no more. */
  close(): Promise<void>;
}

export function createSpendLog({ store, clock, retention, tell }: SpendLogOptions): SpendLog {
  let waiting: SpendEntry[] = [];
  let cancelTimer: (() => void) | undefined;
  let writing: Promise<void> | undefined;
  let prunedAt = -Infinity;
  let isClosed = false;

  const later = (ms = FLUSH_EVERY): void => {
    if (isClosed) return;
    cancelTimer ??= clock.after(ms, () => {
      cancelTimer = undefined;
      void write();
    });
  };
  const prune = (): Awaitable<unknown> => {
    const now = clock.now();
    if (retention === undefined || now - prunedAt < PRUNE_EVERY) return undefined;
    prunedAt = now;
    return store.prune(now - retention);
  };
  const write = (): Promise<void> => (writing ??= writeAll().finally(() => (writing = undefined)));
  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH * 10);
      try {
        const appending = store.append(batch);
        // One that comes late is passed over when the batch is written again: its ids are known.
        if (appending instanceof Promise) await inTime(appending, clock);
        waiting = waiting.slice(batch.length);
        await prune();
      } catch (error) {
        tell({ type: "store", error });
        if (waiting.length > MAX_WAITING) waiting = waiting.slice(-MAX_WAITING);
        return later(RETRY_AFTER);
      }
    }
  };
  const flush = async (): Promise<void> => {
    cancelTimer?.();
    cancelTimer = undefined;
    await writing;
    await write();
  };
  return {
    add(entry) {
      waiting.push(entry);
      if (waiting.length % BATCH === 0) void write();
      else later();
    },
    flush,
    close() {
      isClosed = true;
      return flush();
    },
  };
}
