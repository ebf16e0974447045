import type { DatabaseSync } from "node:sqlite";
import type { CounterState, Granted, Hold, Refused, Store } from "crosspoint";
import { LATE, SWEEP_EVERY } from "../sql/schema.ts";
import type { Transact } from "./transact.ts";

const GRANTED: Granted = { granted: true };

/** Counters: what is settled in buckets, what is held in holds. */
export function createCounters(
  database: DatabaseSync,
  transact: Transact,
): Pick<Store, "reserve" | "settle" | "release" | "renew" | "counters"> {
  const readState = database.prepare(`select
    (select sum(used) from crosspoint_buckets where key = :key and start >= :from) as used,
    (select sum(amount) from crosspoint_holds where key = :key and bucket >= :from and expires_at > :now) as reserved`);
  readState.setReadBigInts(true);
  const readBuckets = database.prepare(
    "select start, used from crosspoint_buckets where key = ? and start >= ? and used > 0 order by start",
  );
  readBuckets.setReadBigInts(true);
  const takeHold = database.prepare(
    "insert into crosspoint_holds (lease, key, bucket, ends, amount, expires_at) values (?, ?, ?, ?, ?, ?)",
  );
  const endHold = database.prepare("delete from crosspoint_holds where lease = ? and key = ? and expires_at > ? returning bucket, ends");
  const addUsed = database.prepare(`insert into crosspoint_buckets (key, start, ends, used) values (?, ?, ?, ?)
    on conflict (key, start) do update set used = used + excluded.used, ends = excluded.ends`);
  const endLease = database.prepare("delete from crosspoint_holds where lease = ?");
  const renewLease = database.prepare(
    "update crosspoint_holds set expires_at = :until where lease = :lease and expires_at > :now and expires_at < :until",
  );
  const forget = [
    ["delete from crosspoint_buckets where ends <= ?", 0],
    ["delete from crosspoint_holds where expires_at <= ?", LATE],
    ["delete from crosspoint_values where expires_at <= ?", 0],
  ].map(([text, late]) => ({ statement: database.prepare(text as string), late: late as number }));
  let sweepAt = 0;

  const stateOf = (key: string, from: number, now: number): CounterState => {
    const row = readState.get({ key, from, now });
    return { used: Number(row?.["used"] ?? 0), reserved: Number(row?.["reserved"] ?? 0) };
  };
  const refusal = ({ key, from }: Hold, index: number, reserved: number): Refused => ({
    granted: false,
    index,
    reserved,
    buckets: readBuckets.all(key, from).map(({ start, used }) => [Number(start), Number(used)] as const),
  });

  return {
    reserve({ id, expiresAt }, holds, now) {
      if (holds.length === 0) return GRANTED;
      return transact(() => {
        if (now >= sweepAt) {
          sweepAt = now + SWEEP_EVERY;
          for (const { statement, late } of forget) statement.run(now - late);
        }
        for (const [index, hold] of holds.entries()) {
          if (hold.limit === undefined) continue;
          const { used, reserved } = stateOf(hold.key, hold.from, now);
          if (used + reserved + hold.amount > hold.limit) return refusal(hold, index, reserved);
        }
        for (const { key, bucket, bucketEnd, amount } of holds) takeHold.run(id, key, bucket, bucketEnd ?? null, amount, expiresAt);
        return GRANTED;
      });
    },
    settle(leaseId, charges, now) {
      if (charges.length === 0) return;
      transact(() => {
        for (const { key, amount } of charges) {
          const hold = endHold.get(leaseId, key, now - LATE);
          if (hold !== undefined) addUsed.run(key, hold["bucket"]!, hold["ends"]!, amount);
        }
      });
    },
    release: (leaseId) => void endLease.run(leaseId),
    renew(leaseIds, until, now) {
      if (leaseIds.length === 0) return;
      transact(() => {
        for (const lease of leaseIds) renewLease.run({ lease, until, now });
      });
    },
    counters: (queries, now) => queries.map(({ key, from }) => stateOf(key, from, now)),
  };
}
