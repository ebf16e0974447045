import { migrations } from "../sql/schema.ts";

/**
 * Checks and takes in one statement of its own, behind locks of its counters: within the function each query sees what others committed
 * before the locks were given, which one query could not. Answers null, or what did not fit as JSON.
 */
const RESERVE = `
  create function crosspoint_reserve(p_lease text, p_expires bigint, p_keys text[], p_buckets bigint[], p_froms bigint[], p_ends bigint[],
    p_amounts bigint[], p_limits numeric[], p_now bigint) returns text language plpgsql as $body$
  declare
    lock_id bigint; used_sum numeric; held_sum numeric;
  begin
    for lock_id in select distinct hashtextextended(k, 7237) as h from unnest(p_keys) k order by h loop
      perform pg_advisory_xact_lock(lock_id);
    end loop;
    for i in 1 .. cardinality(p_keys) loop
      continue when p_limits[i] is null;
      select
        coalesce((select sum(used) from crosspoint_buckets where key = p_keys[i] and start >= p_froms[i]), 0),
        coalesce((select sum(amount) from crosspoint_holds where key = p_keys[i] and bucket >= p_froms[i] and expires_at > p_now), 0)
        into used_sum, held_sum;
      if used_sum + held_sum + p_amounts[i] > p_limits[i] then
        return json_build_object('index', i - 1, 'reserved', held_sum, 'buckets', coalesce((
          select json_agg(json_build_array(start, used) order by start) from crosspoint_buckets
          where key = p_keys[i] and start >= p_froms[i] and used > 0), '[]'))::text;
      end if;
    end loop;
    insert into crosspoint_holds (lease, key, bucket, ends, amount, expires_at)
      select p_lease, h.key, h.bucket, h.ends, h.amount, p_expires
      from unnest(p_keys, p_buckets, p_ends, p_amounts) as h(key, bucket, ends, amount);
    return null;
  end $body$;
`;

const [TABLES = "", ...LATER] = migrations({ text: 'text collate "C"', json: "jsonb" });
const STEPS = [TABLES + RESERVE, ...LATER];

/** Brings a database to this version's tables: one statement, so that it is whole or nothing on any kind of connection, one at a time. */
export const MIGRATE = `do $do$ begin
  perform pg_advisory_xact_lock(7237001);
  if to_regclass('crosspoint_migrations') is null then
    create table crosspoint_migrations (version int primary key);
  end if;
  ${STEPS.map(
    (step, version) => `
  if not exists (select from crosspoint_migrations where version = ${version + 1}) then
    execute $step$${step}$step$;
    insert into crosspoint_migrations values (${version + 1});
  end if;`,
  ).join("")}
end $do$`;
