import fc from "../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { createWindow } from "../../src/spend/window.ts";

const at = (iso: string): number => Date.parse(iso);
const span = (option: Parameters<typeof createWindow>[0], iso: string): unknown => {
  const { bucket, bucketEnd } = createWindow(option).at(at(iso));
  return [new Date(bucket).toISOString(), new Date(bucketEnd!).toISOString()];
};

describe("calendar windows", () => {
  test.each([
    ["minute", "2026-11-16T09:41:59.999Z", "2026-11-16T09:41:00.000Z", "2026-11-16T09:42:00.000Z"],
    ["hour", "2026-11-16T09:41:00Z", "2026-11-16T09:00:00.000Z", "2026-11-16T10:00:00.000Z"],
    ["day", "2024-02-29T23:59:59Z", "2024-02-29T00:00:00.000Z", "2024-03-01T00:00:00.000Z"],
    ["week", "2026-11-15T12:00:00Z", "2026-11-09T00:00:00.000Z", "2026-11-16T00:00:00.000Z"],
    ["week", "2026-11-16T00:00:00Z", "2026-11-16T00:00:00.000Z", "2026-11-23T00:00:00.000Z"],
    ["month", "2026-12-31T12:00:00Z", "2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
  ] as const)("%s of %s", (unit, moment, from, to) => {
    expect(span(unit, moment)).toEqual([from, to]);
  });

  test.each([
    // Clocks in Berlin go forward on 29 March and back on 25 October 2026: 23 and 25 hours.
    ["day", "Europe/Berlin", "2026-03-29T10:00:00Z", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"],
    ["day", "Europe/Berlin", "2026-10-25T10:00:00Z", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"],
    // In Cairo clocks skip the hour after midnight of 24 April, and have that before midnight of 29 October twice; Havana has the hour after it twice.
    ["day", "Africa/Cairo", "2026-04-23T21:30:00Z", "2026-04-22T22:00:00.000Z", "2026-04-23T22:00:00.000Z"],
    ["day", "Africa/Cairo", "2026-04-24T10:00:00Z", "2026-04-23T22:00:00.000Z", "2026-04-24T21:00:00.000Z"],
    ["day", "Africa/Cairo", "2026-10-29T21:30:00Z", "2026-10-28T21:00:00.000Z", "2026-10-29T22:00:00.000Z"],
    ["day", "America/Havana", "2026-11-01T04:30:00Z", "2026-11-01T04:00:00.000Z", "2026-11-02T05:00:00.000Z"],
    ["day", "America/Sao_Paulo", "2018-11-04T02:30:00Z", "2018-11-03T03:00:00.000Z", "2018-11-04T03:00:00.000Z"],
    ["day", "Pacific/Apia", "2011-12-30T09:00:00Z", "2011-12-29T10:00:00.000Z", "2011-12-30T10:00:00.000Z"],
    ["month", "America/New_York", "2026-11-01T03:00:00Z", "2026-10-01T04:00:00.000Z", "2026-11-01T04:00:00.000Z"],
    ["hour", "Asia/Kolkata", "2026-11-16T09:41:00Z", "2026-11-16T09:30:00.000Z", "2026-11-16T10:30:00.000Z"],
    ["week", "Pacific/Auckland", "2026-11-15T12:00:00Z", "2026-11-15T11:00:00.000Z", "2026-11-22T11:00:00.000Z"],
  ] as const)("%s in %s", (every, timeZone, moment, from, to) => {
    expect(span({ every, timeZone }, moment)).toEqual([from, to]);
  });

  test("windows follow one another without gap or overlap, in every zone", () => {
    const zones = ["UTC", "Europe/Berlin", "America/Sao_Paulo", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu"];
    const units = ["minute", "hour", "day", "week", "month"] as const;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom(...zones), fc.constantFrom(...units), (now, timeZone, every) => {
        const window = createWindow({ every, timeZone });
        const { bucket, bucketEnd } = window.at(now);
        expect(bucket).toBeLessThanOrEqual(now);
        expect(bucketEnd).toBeGreaterThan(now);
        expect(window.at(bucketEnd!).bucket).toBe(bucketEnd);
        expect(window.at(bucketEnd! - 1).bucket).toBe(bucket);
      }),
    );
  });
});

test("a rolling window holds all that happened within it, and nothing older than a sixtieth more", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000, max: 1e10 }),
      fc.integer({ min: 1e12, max: 2e12 }),
      fc.integer({ min: 0, max: 2e10 }),
      (rolling, then, later) => {
        const window = createWindow({ rolling });
        const { bucket, bucketEnd } = window.at(then);
        const { from } = window.at(then + later);
        if (later < rolling) expect(bucket).toBeGreaterThanOrEqual(from);
        if (later > rolling + 2 * Math.ceil(rolling / 60)) expect(bucket).toBeLessThan(from);
        if (bucket >= from) expect(bucketEnd).toBeGreaterThan(then + later);
      },
    ),
  );
});

test("a rolling window tells when there is room: then the amount fits, a moment before it does not", () => {
  const amounts = fc.array(fc.tuple(fc.integer({ min: 0, max: 59_999 }), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(amounts, fc.integer({ min: 1, max: 10 }), (spent, amount) => {
      const start = 1_700_000_000_000;
      const now = start + 60_000;
      const window = createWindow({ rolling: "minute" });
      const buckets = new Map<number, number>();
      for (const [when, each] of spent) {
        const { bucket } = window.at(start + when);
        if (bucket >= window.at(now).from) buckets.set(bucket, (buckets.get(bucket) ?? 0) + each);
      }
      const sorted = [...buckets].sort((a, b) => a[0] - b[0]);
      const used = (time: number): number =>
        sorted.filter(([bucket]) => bucket >= window.at(time).from).reduce((sum, [, each]) => sum + each, 0);
      const limit = 10;
      fc.pre(used(now) + amount > limit);
      const room = window.fits({ granted: false, index: 0, reserved: 0, buckets: sorted }, amount, limit, now)!;
      expect(used(room) + amount).toBeLessThanOrEqual(limit);
      expect(used(room - 1) + amount).toBeGreaterThan(limit);
    }),
  );
});
