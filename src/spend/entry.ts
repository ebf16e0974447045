/** One try of a call, as the spend log keeps it. */
export interface SpendAttempt {
  readonly provider: string;
  readonly model: string;
  readonly deployment: string;
  readonly reason: "first" | "retry" | "fallback" | "hedge";
  readonly outcome: "success" | "failure" | "aborted";
  readonly startedAt: number;
  readonly durationMs?: number;
  readonly firstEventMs?: number;
  /** The code of its error. */
  readonly error?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly nanoUsd?: number;
  readonly estimated?: boolean;
}

/** One call in the spend log. What is unknown is absent; token counts and `nanoUsd` are those of all attempts together. */
export interface SpendEntry {
  /** Unique. */
  readonly id: string;
  /** When the call began: milliseconds since 1970. */
  readonly time: number;
  /** The name that was asked for. */
  readonly model: string;
  readonly outcome: "success" | "failure" | "aborted";
  /** Who answered; absent when nobody did. */
  readonly provider?: string;
  readonly deployment?: string;
  readonly user?: string;
  readonly team?: string;
  readonly project?: string;
  readonly session?: string;
  /** The name of the caller's key, where there are keys. */
  readonly key?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly inputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
  /** Billionths of a US dollar; absent when a price is unknown, 0 when it was free. */
  readonly nanoUsd?: number;
  /** The tokens or the cost were estimated. */
  readonly estimated?: boolean;
  readonly durationMs: number;
  readonly firstEventMs?: number;
  /** The code of the error that ended it. */
  readonly error?: string;
  readonly attempts: readonly SpendAttempt[];
}

/** The fields of an entry that hold one word. */
export const ENTRY_FIELDS = ["user", "team", "project", "session", "key", "model", "provider", "deployment", "outcome", "error"] as const;
export type EntryField = (typeof ENTRY_FIELDS)[number];

/** The sums of a group: of every entry's field of that name. */
export const SUMMED_TOKENS = ["inputTokens", "cacheReadTokens", "cacheWriteTokens", "outputTokens", "reasoningTokens"] as const;
export type SummedTokens = (typeof SUMMED_TOKENS)[number];

/**
 * What entries are grouped by. `tag`: an entry counts in the group of each of its tags. `hour`, `day`, `month`: in UTC, as
 * `2026-11-16T09`, `2026-11-16`, `2026-11`. `metadata.<key>`: the value under that key.
 */
export type SpendDimension = EntryField | "tag" | "hour" | "day" | "month" | `metadata.${string}`;

/** Entries that match in every field named; a list matches any of its words, and `tag` any of the entry's tags. */
export interface SpendFilter extends Readonly<Partial<Record<EntryField | "tag", string | readonly string[]>>> {
  readonly metadata?: Readonly<Record<string, string>>;
}

interface SpendRange {
  readonly filter?: SpendFilter;
  /** First moment that counts, milliseconds since 1970. */
  readonly from?: number;
  /** First moment that counts no more. */
  readonly to?: number;
  /** Most items of a page; from 1 to 10,000. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly cursor?: string;
}

export type SpendRowsQuery = SpendRange;

export interface SpendSumQuery extends SpendRange {
  readonly groupBy?: readonly SpendDimension[];
  /**
   * Default `cost`. `cost`, `calls` and `tokens` (input and output together): largest first; `group`: the names in `groupBy` order,
   * ascending by code point, those that are absent last. Equal ones follow in the order of `group`.
   */
  readonly orderBy?: "cost" | "calls" | "tokens" | "group";
}

/** A group of entries. */
export interface SpendGroup extends Readonly<Record<SummedTokens, bigint>> {
  /** The value of each dimension, in the order of `groupBy`; `undefined` where an entry has none. */
  readonly group: readonly (string | undefined)[];
  readonly calls: number;
  /** Calls that did not succeed. */
  readonly failures: number;
  /** Billionths of a US dollar, of the calls whose cost is known. */
  readonly nanoUsd: bigint;
  /** Calls whose cost is not known. */
  readonly unpriced: number;
  /** Calls whose tokens or cost were estimated. */
  readonly estimated: number;
}

export interface SpendPage<T> {
  readonly items: readonly T[];
  /** Asks for the next page; absent at the end. Opaque. */
  readonly cursor?: string;
}
