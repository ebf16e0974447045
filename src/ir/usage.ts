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
  /** US dollars that the provider itself says the call cost. */
  readonly reportedCost?: number;
  /** True when counted from what was seen because the provider's own count never came. */
  readonly estimated?: boolean;
  /** The provider's own object, unknown fields included. */
  readonly raw?: JSONObject;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Inclusive or exclusive counts as a codec finds them; whichever of a total and its buckets is missing is derived. */
export interface UsageCounts {
  readonly input?: InputTokens;
  readonly output?: OutputTokens;
  readonly serverTools?: Readonly<Record<string, number>>;
  readonly serviceTier?: string;
  readonly reportedCost?: number;
  readonly raw?: JSONObject;
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
  if (counts.reportedCost !== undefined) usage.reportedCost = counts.reportedCost;
  if (counts.raw !== undefined) usage.raw = counts.raw;
  return usage;
}

function completeInput(given: InputTokens): InputTokens {
  const input: Mutable<InputTokens> = { ...given };
  for (const key of ["total", "uncached", "cacheRead", "cacheWrite"] as const) tidy(input, key);
  const read = input.cacheRead ?? 0;
  const write = input.cacheWrite ?? 0;
  if (input.total !== undefined) {
    if (read > input.total) input.cacheRead = input.total;
    const left = input.total - Math.min(read, input.total);
    if (write > left) input.cacheWrite = left;
    input.uncached = left - Math.min(write, left);
  } else if (input.uncached !== undefined) {
    input.total = input.uncached + read + write;
  }
  for (const key of ["audio", "image", "video"] as const) cap(input, key, input.uncached);
  for (const key of ["cachedAudio", "cachedImage"] as const) cap(input, key, input.cacheRead);
  return input;
}

function completeOutput(given: OutputTokens): OutputTokens {
  const output: Mutable<OutputTokens> = { ...given };
  for (const key of ["total", "text", "reasoning", "audio", "image"] as const) tidy(output, key);
  if (output.total !== undefined) {
    let left = output.total;
    for (const key of ["reasoning", "audio", "image"] as const) {
      const count = output[key];
      if (count === undefined) continue;
      output[key] = Math.min(count, left);
      left -= output[key];
    }
    output.text = left;
  } else if (output.text !== undefined) {
    output.total = output.text + (output.reasoning ?? 0) + (output.audio ?? 0) + (output.image ?? 0);
  }
  return output;
}

/** Drops what is no count, so that `null`, `NaN` and text from a provider become unknown. */
function tidy<T extends object>(counts: T, key: keyof T): void {
  const value: unknown = counts[key];
  if (typeof value !== "number" || !Number.isFinite(value)) delete counts[key];
  else counts[key] = Math.max(0, Math.round(value)) as T[keyof T];
}

function cap<T extends object>(counts: T, key: keyof T, bound: number | undefined): void {
  tidy(counts, key);
  const value: unknown = counts[key];
  if (typeof value === "number" && bound !== undefined && value > bound) counts[key] = bound as T[keyof T];
}
