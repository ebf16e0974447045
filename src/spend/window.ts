import type { Refused } from "./store.ts";

export type WindowUnit = "minute" | "hour" | "day" | "week" | "month";

/**
 * How long amounts count. A unit: by the calendar, in UTC; weeks begin on Monday. `every` with a `timeZone`: by the calendar there.
 * `rolling`: the last so long, a unit (a month is 30 days) or milliseconds, exact to a sixtieth. `lifetime`: for ever.
 */
export type BudgetWindow =
  | WindowUnit
  | "lifetime"
  | { readonly every: WindowUnit; readonly timeZone?: string }
  | { readonly rolling: WindowUnit | number };

/** Where a moment lies in a window. */
export interface WindowAt {
  readonly bucket: number;
  readonly from: number;
  readonly bucketEnd?: number;
}

export interface Window {
  /** Part of the counters' keys. */
  readonly name: string;
  readonly at: (now: number) => WindowAt;
  /** The moment from which a refused amount fits, as far as settled amounts tell; absent: never. */
  readonly fits: (refused: Refused, amount: number, limit: number, now: number) => number | undefined;
}

const LENGTHS = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000, month: 2_592_000_000 } as const;

export function createWindow(option: BudgetWindow): Window {
  if (option === "lifetime") return { name: "lifetime", at: () => ({ bucket: 0, from: 0 }), fits: () => undefined };
  if (typeof option === "string") return calendarWindow(option, undefined);
  if ("every" in option) return calendarWindow(option.every, option.timeZone);
  return rollingWindow(typeof option.rolling === "number" ? option.rolling : LENGTHS[option.rolling]);
}

function rollingWindow(length: number): Window {
  const size = Math.ceil(length / 60);
  return {
    name: `rolling-${length}`,
    at(now) {
      const bucket = Math.floor(now / size) * size;
      return { bucket, from: Math.floor((now - length) / size) * size, bucketEnd: bucket + length + 2 * size };
    },
    fits({ buckets, reserved }, amount, limit, now) {
      let left = reserved + amount;
      for (const [, used] of buckets) left += used;
      for (const [start, used] of buckets) {
        if (left <= limit) break;
        left -= used;
        now = start + size + length;
      }
      return left <= limit ? now : undefined;
    },
  };
}

function calendarWindow(every: WindowUnit, timeZone: string | undefined): Window {
  const offset = timeZone === undefined ? () => 0 : offsetOf(timeZone);
  let start = 0;
  let end = 0;
  let known: WindowAt = { bucket: 0, from: 0 };
  const find = (now: number): WindowAt => {
    if (now >= start && now < end) return known;
    [start, end] = every === "minute" || every === "hour" ? stretch(now, LENGTHS[every], offset) : days(now, every, offset);
    known = { bucket: start, from: start, bucketEnd: end };
    return known;
  };
  return {
    name: timeZone === undefined ? every : `${every}@${timeZone}`,
    at: find,
    fits: (_, amount, limit, now) => (amount > limit ? undefined : find(now).bucketEnd),
  };
}

type Offset = (time: number) => number;

function stretch(now: number, length: number, offset: Offset): readonly [start: number, end: number] {
  const shift = offset(now);
  const start = Math.floor((now + shift) / length) * length - shift;
  return [start, start + length];
}

/** The day, week or month of a moment; a day has as many hours as its zone gives it. */
function days(now: number, every: "day" | "week" | "month", offset: Offset): readonly [start: number, end: number] {
  const local = new Date(now + offset(now));
  const month = local.getUTCMonth();
  const day = every === "month" ? 1 : local.getUTCDate() - (every === "week" ? (local.getUTCDay() + 6) % 7 : 0);
  const midnight = (monthsOn: number, daysOn: number): number => {
    const wall = Date.UTC(local.getUTCFullYear(), month + monthsOn, day + daysOn);
    // By the clocks before and after: the first of two midnights, and where clocks skip it the moment at which they do.
    const [early, late] = [wall - offset(wall - LENGTHS.day), wall - offset(wall + LENGTHS.day)].sort((a, b) => a - b) as [number, number];
    return early + offset(early) === wall ? early : late;
  };
  return [midnight(0, 0), every === "month" ? midnight(1, 0) : midnight(0, every === "week" ? 7 : 1)];
}

/** Milliseconds that a zone's clocks are ahead of UTC. */
function offsetOf(timeZone: string): Offset {
  const fields = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
  const format = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", calendar: "gregory", numberingSystem: "latn", ...fields });
  return (time) => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(time)) part[type] = Number(value);
    const wall = Date.UTC(part["year"]!, part["month"]! - 1, part["day"], part["hour"], part["minute"], part["second"]);
    return wall - Math.floor(time / 1000) * 1000;
  };
}
