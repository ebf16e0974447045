import type { SpendEntry, SpendGroup, SpendPage, SpendRowsQuery, SpendSumQuery } from "./entry.ts";

/** A value or the promise of one: a store in memory answers at once, and costs no promise. */
export type Awaitable<T> = T | Promise<T>;

/** What one call takes from one counter. */
export interface Hold {
  /** Names the counter: a budget or limit together with whom it counts for. Up to 500 characters of any kind. */
  readonly key: string;
  /** The bucket that takes the amount: the time (milliseconds since 1970) at which it begins; 0 for a counter without a window. */
  readonly bucket: number;
  /** The first bucket that counts against `limit`; equal to `bucket` unless the window rolls. */
  readonly from: number;
  /** When the bucket may be forgotten; absent: never. */
  readonly bucketEnd?: number;
  /** Worst case: a whole number of at least 0 (billionths of a US dollar, tokens, requests, calls that run). */
  readonly amount: number;
  /** Most that used and reserved amounts may come to; absent: the counter counts and refuses nothing. */
  readonly limit?: number;
}

/** Who holds. A process that dies holds nothing any more once its leases are over. */
export interface Lease {
  /** Unique; up to 200 characters. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What a held amount came to in truth. */
export interface Charge {
  readonly key: string;
  /** A whole number of at least 0; it may be above what was held. */
  readonly amount: number;
}

export interface Granted {
  readonly granted: true;
}

/** No hold was taken; this one did not fit. */
export interface Refused {
  readonly granted: false;
  /** The position in `holds` of the first one that does not fit. */
  readonly index: number;
  /** The settled amount of each bucket that counts against the limit, oldest first; empty buckets may be left out. */
  readonly buckets: readonly (readonly [start: number, amount: number])[];
  /** Held by leases that run. */
  readonly reserved: number;
}

/** A counter to read. */
export interface CounterQuery {
  readonly key: string;
  readonly from: number;
}

export interface CounterState {
  /** Settled in buckets that begin at `from` or later. */
  readonly used: number;
  /** Held in such buckets by leases that run. */
  readonly reserved: number;
}

/**
 * Where counters, the spend log and shared state are kept; one per layer, or shared by many processes. Every time comes from the caller
 * as `now`, in milliseconds since 1970: a store never reads a clock, so what it lets its server expire must be given as a duration
 * (`bucketEnd - now`), and what has expired by `now` must not be seen even where the server still has it. Texts never hold U+0000. A store says what failed by
 * throwing or rejecting. `storeCases` of `crosspoint/testing` holds every store to this text.
 */
export interface Store {
  /**
   * Takes all holds or none, atomically with every other caller of the same data. A hold fits when `used + reserved + amount <= limit`, where
   * used and reserved are those of `counters` before this call; two holds of one call never name the same key. A lease id is used once.
   * Without holds it is granted.
   */
  reserve(lease: Lease, holds: readonly Hold[], now: number): Awaitable<Granted | Refused>;
  /**
   * Ends the named holds of a lease and adds the true amounts to the buckets that the holds named. Holds that are not named stay. A hold
   * that is settled or released already is passed over, so that settling twice changes nothing. One whose lease is over still counts for
   * at least a day after.
   */
  settle(leaseId: string, charges: readonly Charge[], now: number): Awaitable<void>;
  /** Ends every hold that the lease has left; nothing is added. */
  release(leaseId: string, now: number): Awaitable<void>;
  /** Gives leases a later end, never an earlier one; those that are over, or have no hold left, stay as they are. */
  renew(leaseIds: readonly string[], expiresAt: number, now: number): Awaitable<void>;
  /** The state of counters, in the order of the question; of an unknown one, zeros. */
  counters(queries: readonly CounterQuery[], now: number): Awaitable<readonly CounterState[]>;

  /** Adds to the spend log, all or nothing. An id that is there already is passed over. */
  append(entries: readonly SpendEntry[]): Awaitable<void>;
  /** Entries, newest first, those of one millisecond by descending id. */
  rows(query: SpendRowsQuery): Awaitable<SpendPage<SpendEntry>>;
  /** Sums of groups of entries, exact. Without `groupBy` one group of all, also when there is no entry. */
  sums(query: SpendSumQuery): Awaitable<SpendPage<SpendGroup>>;
  /** Removes the entries that began before `before`; how many. */
  prune(before: number): Awaitable<number>;

  /** Shared state under a key; `undefined` when there is none or it has expired. */
  get(key: string, now: number): Awaitable<string | undefined>;
  /** The same for several keys, in their order and in one round trip; up to 5,000 of them. */
  getMany(keys: readonly string[], now: number): Awaitable<readonly (string | undefined)[]>;
  /** Keeps a value until `expiresAt` (absent: for ever). With `ifAbsent` only where there is none; false when there was one. */
  set(key: string, value: string, options: SetOptions, now: number): Awaitable<boolean>;
  delete(key: string): Awaitable<void>;

  /** Ends connections; later calls fail. Idempotent. */
  close(): Awaitable<void>;
}

export interface SetOptions {
  readonly expiresAt?: number;
  readonly ifAbsent?: boolean;
}
