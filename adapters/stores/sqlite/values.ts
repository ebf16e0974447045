import type { DatabaseSync } from "node:sqlite";
import type { Store } from "crosspoint";

/** Shared state: a table of texts that may expire. */
export function createValues(database: DatabaseSync): Pick<Store, "get" | "getMany" | "set" | "delete"> {
  const read = database.prepare("select value from crosspoint_values where key = ? and (expires_at is null or expires_at > ?)");
  const readMany = database.prepare(`select key, value from crosspoint_values
    where key in (select value from json_each(?)) and (expires_at is null or expires_at > ?)`);
  const upsert =
    "insert into crosspoint_values (key, value, expires_at) values (:key, :value, :until) on conflict (key) do update set value = :value, expires_at = :until";
  const replace = database.prepare(upsert);
  const setOnce = database.prepare(`${upsert} where expires_at <= :now`);
  const remove = database.prepare("delete from crosspoint_values where key = ?");
  return {
    get: (key, now) => read.get(key, now)?.["value"] as string | undefined,
    getMany(keys, now) {
      const found = new Map(readMany.all(JSON.stringify(keys), now).map(({ key, value }) => [key, value as string]));
      return keys.map((key) => found.get(key));
    },
    set(key, value, { expiresAt, ifAbsent = false }, now) {
      const row = { key, value, until: expiresAt ?? null };
      return (ifAbsent ? setOnce.run({ ...row, now }) : replace.run(row)).changes > 0;
    },
    delete: (key) => void remove.run(key),
  };
}
