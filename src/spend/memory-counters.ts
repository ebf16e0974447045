import type { Charge, CounterQuery, CounterState, Granted, Hold, Lease, Refused, Store } from "./store.ts";

interface Bucket {
  readonly start: number;
  readonly end: number;
  used: number;
  reserved: number;
}

interface Held {
  readonly key: string;
  readonly amount: number;
  readonly bucket: Bucket;
}

interface OpenLease {
  expiresAt: number;
  /** False once it is over: its holds no longer count as reserved. */
  live: boolean;
  readonly holds: Held[];
}

/** How long the holds of a lease that is over can still be settled. */
const LATE = 24 * 3_600_000;
const GRANTED: Granted = { granted: true };
const NONE: readonly Bucket[] = [];

/** Counters and leases in this process's memory. */
export function createMemoryCounters(): Pick<Store, "reserve" | "settle" | "release" | "renew" | "counters"> {
  const counters = new Map<string, Bucket[]>();
  const leases = new Map<string, OpenLease>();
  /** Nothing ends before this. */
  let nextEnd = Infinity;
  let sweepAt = 1_024;

  /** Ends the leases that are over. */
  const expire = (now: number): void => {
    nextEnd = Infinity;
    for (const [id, lease] of leases) {
      if (lease.live && lease.expiresAt <= now) {
        lease.live = false;
        for (const { bucket, amount } of lease.holds) bucket.reserved -= amount;
      }
      const end = lease.live ? lease.expiresAt : lease.expiresAt + LATE;
      if (end <= now) leases.delete(id);
      else if (end < nextEnd) nextEnd = end;
    }
  };
  const bucketOf = (hold: Hold, now: number): Bucket => {
    let buckets = counters.get(hold.key);
    if (buckets === undefined) {
      if (counters.size >= sweepAt) sweep(counters, now);
      sweepAt = Math.max(1_024, sweepAt, counters.size * 2);
      counters.set(hold.key, (buckets = []));
    } else dropEnded(buckets, now);
    let index = buckets.length;
    while (index > 0 && buckets[index - 1]!.start > hold.bucket) index--;
    const found = buckets[index - 1];
    if (found?.start === hold.bucket) return found;
    const bucket = { start: hold.bucket, end: hold.bucketEnd ?? Infinity, used: 0, reserved: 0 };
    buckets.splice(index, 0, bucket);
    return bucket;
  };

  return {
    reserve({ id, expiresAt }: Lease, holds: readonly Hold[], now: number): Granted | Refused {
      if (nextEnd <= now) expire(now);
      for (let index = 0; index < holds.length; index++) {
        const { key, from, limit, amount } = holds[index]!;
        if (limit === undefined) continue;
        const buckets = counters.get(key) ?? NONE;
        const { used, reserved } = stateOf(buckets, from);
        if (used + reserved + amount > limit) {
          const counted = buckets.filter((each) => each.start >= from && each.used > 0);
          return { granted: false, index, reserved, buckets: counted.map((each) => [each.start, each.used]) };
        }
      }
      if (holds.length === 0) return GRANTED;
      const held: Held[] = [];
      for (const hold of holds) {
        const bucket = bucketOf(hold, now);
        bucket.reserved += hold.amount;
        held.push({ key: hold.key, amount: hold.amount, bucket });
      }
      leases.set(id, { expiresAt, live: true, holds: held });
      if (expiresAt < nextEnd) nextEnd = expiresAt;
      return GRANTED;
    },
    settle(leaseId: string, charges: readonly Charge[], now: number): void {
      if (nextEnd <= now) expire(now);
      const lease = leases.get(leaseId);
      if (lease === undefined) return;
      const { holds, live } = lease;
      for (const { key, amount } of charges) {
        let index = holds.length - 1;
        while (index >= 0 && holds[index]!.key !== key) index--;
        if (index < 0) continue;
        const held = holds[index]!;
        if (live) held.bucket.reserved -= held.amount;
        held.bucket.used += amount;
        holds[index] = holds[holds.length - 1]!;
        holds.pop();
      }
      if (holds.length === 0) leases.delete(leaseId);
    },
    release(leaseId: string, now: number): void {
      if (nextEnd <= now) expire(now);
      const lease = leases.get(leaseId);
      if (lease === undefined) return;
      if (lease.live) for (const { bucket, amount } of lease.holds) bucket.reserved -= amount;
      leases.delete(leaseId);
    },
    renew(leaseIds: readonly string[], expiresAt: number, now: number): void {
      if (nextEnd <= now) expire(now);
      for (const id of leaseIds) {
        const lease = leases.get(id);
        if (lease?.live === true && lease.expiresAt < expiresAt) lease.expiresAt = expiresAt;
      }
    },
    counters(queries: readonly CounterQuery[], now: number): readonly CounterState[] {
      if (nextEnd <= now) expire(now);
      return queries.map(({ key, from }) => stateOf(counters.get(key) ?? NONE, from));
    },
  };
}

function stateOf(buckets: readonly Bucket[], from: number): CounterState {
  let used = 0;
  let reserved = 0;
  for (const bucket of buckets) {
    if (bucket.start < from) continue;
    used += bucket.used;
    reserved += bucket.reserved;
  }
  return { used, reserved };
}

function dropEnded(buckets: Bucket[], now: number): void {
  let ended = 0;
  while (ended < buckets.length && buckets[ended]!.end <= now) ended++;
  if (ended > 0) buckets.splice(0, ended);
}

/** Forgets the counters whose every bucket is over. */
function sweep(counters: Map<string, Bucket[]>, now: number): void {
  for (const [key, buckets] of counters) {
    dropEnded(buckets, now);
    if (buckets.length === 0) counters.delete(key);
  }
}
