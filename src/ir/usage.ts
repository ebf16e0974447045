import type { JSONObject } from "./json.ts";

/**
 * Tokens read. `uncached + cacheRead + cacheWrite = total`. The media counts are shares of `uncached`, the `cached…` ones of
 * `cacheRead`; they are not added to it.
 */
export interface InputTokens {
  readonly total?: number;
  readonly uncached?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  /** `cacheWrite` by lifetime, where the provider tells. */
  readonly cacheWriteByTtl?: Readonly<Partial<Record<"5m" | "30m" | "1h" | "12h", number>>>;
  readonly audio?: number;
  readonly image?: number;
  readonly video?: number;
  readonly cachedAudio?: number;
  readonly cachedImage?: number;
}

/** Tokens written. `text + reasoning + audio + image = total`. */
export interface OutputTokens {
  readonly total?: number;
  readonly text?: number;
  readonly reasoning?: number;
  readonly audio?: number;
  readonly image?: number;
}

/** What a call used, in disjoint buckets. Unknown is `undefined`, never 0. */
export interface Usage {
  readonly input: InputTokens;
  readonly output: OutputTokens;
  /** `input.total + output.total`. */
  readonly total?: number;
  /** Uses of tools that the provider ran, by its name for them (`web_search`). */
  readonly serverTools?: Readonly<Record<string, number>>;
  /** The price class that answered, as the provider names it (`flex`, `priority`, `batch`, …). */
  readonly serviceTier?: string;
  /** Where the tokens were processed, as the provider names it, when that may change the price (`us`). */
  readonly region?: string;
  /** US dollars that the provider itself says the call cost. */
  readonly reportedCost?: number;
  /** True when counted from what was seen because the provider's own count never came. */
  readonly estimated?: boolean;
  /** The provider's own object, unknown fields included. */
  readonly raw?: JSONObject;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** What is unknown may be left out or be `undefined`; the result leaves it out. */
type Loose<T> = { [K in keyof T]?: T[K] | undefined };

/** Inclusive or exclusive counts as a codec finds them; whichever of a total and its buckets is missing is derived. */
export interface UsageCounts {
  readonly input?: Loose<InputTokens>;
  readonly output?: Loose<OutputTokens>;
  readonly serverTools?: Readonly<Record<string, number>> | undefined;
  readonly serviceTier?: string | undefined;
  readonly region?: string | undefined;
  readonly reportedCost?: number | undefined;
  readonly raw?: JSONObject | undefined;
}

/**
 * Builds a `Usage` whose invariants hold: buckets are non-negative integers that add up to their total. Give `total` (inclusive)
 * and the special buckets, or all buckets without `total`. A special bucket that exceeds its total is cut to it.
 */
export function makeUsage(counts: UsageCounts): Usage {
  const input = completeInput(counts.input ?? {});
  const output = completeOutput(counts.output ?? {});
  const usage: Mutable<Usage> = { input, output };
  if (input.total !== undefined && output.total !== undefined) usage.total = input.total + output.total;
  if (counts.serverTools !== undefined) usage.serverTools = counts.serverTools;
  if (counts.serviceTier !== undefined) usage.serviceTier = counts.serviceTier;
  if (counts.region !== undefined) usage.region = counts.region;
  if (counts.reportedCost !== undefined) usage.reportedCost = counts.reportedCost;
  if (counts.raw !== undefined) usage.raw = counts.raw;
  return usage;
}

function completeInput(given: Loose<InputTokens>): InputTokens {
  const input: Mutable<InputTokens> = {};
  if (given.cacheWriteByTtl !== undefined) input.cacheWriteByTtl = given.cacheWriteByTtl;
  const total = countOf(given.total);
  const read = countOf(given.cacheRead);
  const write = countOf(given.cacheWrite);
  let uncached = countOf(given.uncached);
  if (total !== undefined) {
    input.total = total;
    const unread = total - Math.min(read ?? 0, total);
    if (read !== undefined) input.cacheRead = total - unread;
    uncached = unread - Math.min(write ?? 0, unread);
    if (write !== undefined) input.cacheWrite = unread - uncached;
  } else {
    if (uncached !== undefined) input.total = uncached + (read ?? 0) + (write ?? 0);
    if (read !== undefined) input.cacheRead = read;
    if (write !== undefined) input.cacheWrite = write;
  }
  if (uncached !== undefined) input.uncached = uncached;
  for (const key of FRESH_MEDIA) share(input, key, given[key], uncached);
  for (const key of CACHED_MEDIA) share(input, key, given[key], input.cacheRead);
  return input;
}

function completeOutput(given: Loose<OutputTokens>): OutputTokens {
  const output: Mutable<OutputTokens> = {};
  const total = countOf(given.total);
  let left = total ?? Infinity;
  let special = 0;
  for (const key of SPECIAL_OUTPUT) {
    const count = countOf(given[key]);
    if (count === undefined) continue;
    output[key] = Math.min(count, left);
    left -= output[key];
    special += output[key];
  }
  const text = total === undefined ? countOf(given.text) : left;
  if (text === undefined) return output;
  output.text = text;
  output.total = total ?? text + special;
  return output;
}

const FRESH_MEDIA = ["audio", "image", "video"] as const;
const CACHED_MEDIA = ["cachedAudio", "cachedImage"] as const;
const SPECIAL_OUTPUT = ["reasoning", "audio", "image"] as const;

/** A count, or `undefined` for what is none: `null`, `NaN`, text and numbers beyond all counting from a provider count as unknown. */
function countOf(value: unknown): number | undefined {
  return typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? Math.max(0, Math.round(value)) : undefined;
}

function share<K extends string>(counts: { [key in K]?: number }, key: K, value: unknown, bound: number | undefined): void {
  const count = countOf(value);
  if (count !== undefined) counts[key] = bound === undefined ? count : Math.min(count, bound);
}
