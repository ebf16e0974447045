import type { DatabaseSync } from "node:sqlite";
import type { Store } from "crosspoint";
import { COLUMNS } from "../sql/columns.ts";
import { readRows, readSums, rowsQuery, sumsQuery, type Dialect } from "../sql/log.ts";
import type { Transact } from "./transact.ts";

const DIALECT: Dialect = {
  parameter: () => "?",
  words: (parameter) => `select value from json_each(${parameter})`,
  tags: (alias) => `json_each(s.tags) as ${alias}`,
  tag: (alias) => `${alias}.value`,
  metadata: (key) => `(select value from json_each(s.metadata) where key = ${key})`,
  period: (length) => `substr(strftime('%Y-%m-%dT%H', s.time / 1000, 'unixepoch'), 1, ${length})`,
};

/** The spend log: one table, a row a call. */
export function createLog(database: DatabaseSync, transact: Transact): Pick<Store, "append" | "rows" | "sums" | "prune"> {
  const names = COLUMNS.map(({ name }) => name).join(", ");
  const insert = database.prepare(
    `insert into crosspoint_spend (${names}) values (${COLUMNS.map(() => "?").join(", ")}) on conflict (id) do nothing`,
  );
  const remove = database.prepare("delete from crosspoint_spend where time < ?");
  return {
    append(entries) {
      if (entries.length === 0) return;
      transact(() => {
        for (const entry of entries) insert.run(...COLUMNS.map(({ read }) => read(entry)));
      });
    },
    rows(query) {
      const { text, values } = rowsQuery(DIALECT, query);
      return readRows(query, database.prepare(text).all(...values));
    },
    sums(query) {
      const { text, values } = sumsQuery(DIALECT, query);
      return readSums(query, database.prepare(text).all(...values));
    },
    prune: (before) => Number(remove.run(Math.ceil(before)).changes),
  };
}
