import type { Store } from "crosspoint";
import type { RunQuery } from "./connect.ts";

const GET_MANY = "select key, value from crosspoint_values where key = any($1::text[]) and (expires_at is null or expires_at > $2)";
const REPLACE = `insert into crosspoint_values as v (key, value, expires_at) values ($1, $2, $3)
  on conflict (key) do update set value = excluded.value, expires_at = excluded.expires_at`;
const SET_ONCE = `${REPLACE} where v.expires_at <= $4 returning 1 as done`;

/** Shared state: a table of texts that may expire. */
export function createValues(query: RunQuery): Pick<Store, "get" | "getMany" | "set" | "delete"> {
  return {
    async get(key, now) {
      const text = "select value from crosspoint_values where key = $1 and (expires_at is null or expires_at > $2)";
      const [row] = await query(text, [key, now]);
      return row?.["value"] as string | undefined;
    },
    async getMany(keys, now) {
      if (keys.length === 0) return [];
      const rows = await query(GET_MANY, [[...new Set(keys)], now]);
      const found = new Map(rows.map(({ key, value }) => [key, value as string]));
      return keys.map((key) => found.get(key));
    },
    async set(key, value, { expiresAt, ifAbsent = false }, now) {
      const row = [key, value, expiresAt ?? null];
      if (ifAbsent) return (await query(SET_ONCE, [...row, now])).length > 0;
      await query(REPLACE, row);
      return true;
    },
    async delete(key) {
      await query("delete from crosspoint_values where key = $1", [key]);
    },
  };
}
