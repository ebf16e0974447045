import type { Granted, Refused, Store } from "crosspoint";
import { LATE, SWEEP_EVERY } from "../sql/schema.ts";
import type { RunQuery } from "./connect.ts";

const GRANTED: Granted = { granted: true };

const RESERVE = `select crosspoint_reserve($1, $2, $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::numeric[], $9) as refusal`;

/** Buckets are locked in one order, so that two settlements never wait for each other. */
const SETTLE = `
  with charges as (select * from unnest($2::text[], $3::bigint[]) as c(key, amount)),
  ended as (
    delete from crosspoint_holds h using charges c where h.lease = $1 and h.key = c.key and h.expires_at > $4
    returning h.key, h.bucket, h.ends, c.amount)
  insert into crosspoint_buckets as b (key, start, ends, used) select key, bucket, ends, amount from ended order by key, bucket
  on conflict (key, start) do update set used = b.used + excluded.used, ends = excluded.ends`;

/** What another statement has locked is being ended, and is passed over rather than waited for. */
const RENEW = `
  update crosspoint_holds h set expires_at = $2 from (
    select lease, key from crosspoint_holds where lease = any($1::text[]) and expires_at > $3 and expires_at < $2 for update skip locked) r
  where h.lease = r.lease and h.key = r.key`;

const COUNTERS = `
  select
    coalesce((select sum(b.used) from crosspoint_buckets b where b.key = q.key and b.start >= q.start), 0)::text as used,
    coalesce((select sum(h.amount) from crosspoint_holds h
      where h.key = q.key and h.bucket >= q.start and h.expires_at > $3), 0)::text as reserved
  from unnest($1::text[], $2::bigint[]) with ordinality as q(key, start, position) order by q.position`;

const FORGET = `
  with buckets as (delete from crosspoint_buckets where (key, start) in (
    select key, start from crosspoint_buckets where ends <= $1 for update skip locked)),
  holds as (delete from crosspoint_holds where (lease, key) in (
    select lease, key from crosspoint_holds where expires_at <= $2 for update skip locked))
  delete from crosspoint_values where key in (select key from crosspoint_values where expires_at <= $1 for update skip locked)`;

/** Counters: what is settled in buckets, what is held in holds. */
export function createCounters(query: RunQuery): Pick<Store, "reserve" | "settle" | "release" | "renew" | "counters"> {
  let sweepAt = 0;
  return {
    async reserve({ id, expiresAt }, holds, now) {
      if (holds.length === 0) return GRANTED;
      if (now >= sweepAt) {
        sweepAt = now + SWEEP_EVERY;
        await query(FORGET, [now, now - LATE]);
      }
      const [row] = await query(RESERVE, [
        id,
        expiresAt,
        holds.map(({ key }) => key),
        holds.map(({ bucket }) => bucket),
        holds.map(({ from }) => from),
        holds.map(({ bucketEnd }) => bucketEnd ?? null),
        holds.map(({ amount }) => amount),
        holds.map(({ limit = Infinity }) => (limit === Infinity ? null : limit)),
        now,
      ]);
      const refusal = row?.["refusal"];
      return typeof refusal === "string" ? { granted: false, ...(JSON.parse(refusal) as Omit<Refused, "granted">) } : GRANTED;
    },
    async settle(leaseId, charges, now) {
      if (charges.length === 0) return;
      await query(SETTLE, [leaseId, charges.map(({ key }) => key), charges.map(({ amount }) => amount), now - LATE]);
    },
    async release(leaseId) {
      await query("delete from crosspoint_holds where lease = $1", [leaseId]);
    },
    async renew(leaseIds, until, now) {
      if (leaseIds.length > 0) await query(RENEW, [leaseIds, until, now]);
    },
    async counters(queries, now) {
      const rows = await query(COUNTERS, [queries.map(({ key }) => key), queries.map(({ from }) => from), now]);
      return rows.map(({ used, reserved }) => ({ used: Number(used), reserved: Number(reserved) }));
    },
  };
}
