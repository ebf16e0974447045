import type { BudgetWindow } from "crosspoint";
import type { At } from "./rule.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, mo: 2_592_000_000 };

/** The spans that are the calendar's here, as LiteLLM resets them too; months are the calendar's, also when they are written as 30 days. */
const WINDOWS: Readonly<Record<string, BudgetWindow>> = {
  "1m": "minute",
  "60s": "minute",
  "1h": "hour",
  "60m": "hour",
  hourly: "hour",
  "1d": "day",
  "24h": "day",
  daily: "day",
  day: "day",
  "7d": "week",
  "1w": "week",
  weekly: "week",
  week: "week",
  "30d": "month",
  "1mo": "month",
  monthly: "month",
  month: "month",
};

/** `30d`, `1mo`, `monthly` as the window of a budget; other spans roll. */
export function toWindow(value: unknown, at: At): BudgetWindow | undefined {
  const word = String(value).trim().toLowerCase();
  if (Object.hasOwn(WINDOWS, word)) return WINDOWS[word]!;
  const rolling = toSpan(value, at);
  return rolling === undefined ? undefined : { rolling };
}

/** `30s`, `30m`, `30h`, `30d`, `1mo` in milliseconds. */
export function toSpan(value: unknown, at: At): number | undefined {
  const [, count, unit] = /^(\d+)\s*(s|m|h|d|w|mo)$/.exec(String(value).trim().toLowerCase()) ?? [];
  if (unit === undefined || Number(count) === 0) {
    return at.error(`must be a span such as 30s, 30m, 30h, 30d or 1mo, or daily, weekly or monthly, not ${JSON.stringify(value)}`);
  }
  return Number(count) * UNITS[unit]!;
}
