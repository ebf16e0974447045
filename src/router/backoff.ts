import type { CrosspointError } from "../ir/error.ts";

const BASE_MS = 500;
const MAX_MS = 8_000;
/** A provider that asks for more than this is not waited for. */
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * Milliseconds before the next try: what the provider asked for, else exponential with full jitter (0.5 s doubling to 8 s).
 * `undefined` when the provider asks for more than a minute.
 */
export function backoff(error: CrosspointError, tries: number, random: () => number): number | undefined {
  if (error.retryAfter !== undefined) return error.retryAfter > MAX_RETRY_AFTER_MS ? undefined : error.retryAfter;
  return Math.round(random() * Math.min(MAX_MS, BASE_MS * 2 ** tries));
}
