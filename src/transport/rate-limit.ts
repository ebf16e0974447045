import type { RateLimit } from "../ir/response.ts";

const SPAN = /(\d+(?:\.\d+)?)(ms|[hms])/g;
const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

export const RATE_LIMIT_PREFIXES = ["x-ratelimit-", "anthropic-ratelimit-"] as const;

/** Reads the headers that begin with `prefix`: the first is that of OpenAI and compatible hosts. `undefined` when they say nothing. */
export function readRateLimit(
  headers: ReadonlyMap<string, string>,
  prefix: (typeof RATE_LIMIT_PREFIXES)[number],
  now: number,
): RateLimit | undefined {
  const limit: Record<string, number> = {};
  for (const unit of ["Requests", "Tokens"] as const) {
    for (const field of ["limit", "remaining", "reset"] as const) {
      const noun = unit.toLowerCase();
      const value = headers.get(prefix + (prefix === "x-ratelimit-" ? `${field}-${noun}` : `${noun}-${field}`));
      if (value === undefined) continue;
      const number = field === "reset" ? resetMs(value, now) : Number(value);
      if (number !== undefined && Number.isFinite(number)) limit[field === "reset" ? `reset${unit}Ms` : `${field}${unit}`] = number;
    }
  }
  return Object.keys(limit).length === 0 ? undefined : limit;
}

/** `6m0s`, `12ms`, plain seconds, or an RFC 3339 date. */
function resetMs(value: string, now: number): number | undefined {
  const date = value.includes("-") ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(date)) return Math.max(0, date - now);
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  let total: number | undefined;
  for (const [, amount, unit] of value.matchAll(SPAN)) total = (total ?? 0) + Number(amount) * UNIT_MS[unit!]!;
  return total;
}
