import type { Granted, Store } from "crosspoint";
import type { Redis } from "./connect.ts";
import { COUNTERS, RELEASE, RENEW, RESERVE, SETTLE } from "./scripts.ts";

const GRANTED: Granted = { granted: true };

/** Counters: one script a call, which Redis runs alone. */
export function createCounters({ run }: Redis): Pick<Store, "reserve" | "settle" | "release" | "renew" | "counters"> {
  return {
    async reserve({ id, expiresAt }, holds, now) {
      if (holds.length === 0) return GRANTED;
      const words = holds.flatMap(({ key, bucket, from, bucketEnd = "", amount, limit = "" }) =>
        [key, bucket, from, bucketEnd, amount, limit === Infinity ? "" : limit].map(String),
      );
      const [index, reserved, ...amounts] = (await run(RESERVE, [String(now), id, String(expiresAt), ...words])) as readonly string[];
      if (index === undefined) return GRANTED;
      const buckets: (readonly [number, number])[] = [];
      for (let at = 0; at < amounts.length; at += 2) buckets.push([Number(amounts[at]), Number(amounts[at + 1])]);
      return { granted: false, index: Number(index), reserved: Number(reserved), buckets: buckets.sort(([a], [b]) => a - b) };
    },
    async settle(leaseId, charges, now) {
      if (charges.length === 0) return;
      await run(SETTLE, [String(now), leaseId, ...charges.flatMap(({ key, amount }) => [key, String(amount)])]);
    },
    async release(leaseId, now) {
      await run(RELEASE, [String(now), leaseId]);
    },
    async renew(leaseIds, until, now) {
      if (leaseIds.length > 0) await run(RENEW, [String(now), String(until), ...leaseIds]);
    },
    async counters(queries, now) {
      if (queries.length === 0) return [];
      const words = queries.flatMap(({ key, from }) => [key, String(from)]);
      const sums = (await run(COUNTERS, [String(now), ...words])) as readonly string[];
      return queries.map((_, index) => ({ used: Number(sums[index * 2]), reserved: Number(sums[index * 2 + 1]) }));
    },
  };
}
