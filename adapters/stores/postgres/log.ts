import type { Store } from "crosspoint";
import { COLUMNS } from "../sql/columns.ts";
import { readRows, readSums, rowsQuery, sumsQuery, type Dialect } from "../sql/log.ts";
import type { RunQuery } from "./connect.ts";

const DIALECT: Dialect = {
  parameter: (position) => `$${position}`,
  words: (parameter) => `select jsonb_array_elements_text(${parameter}::jsonb)`,
  tags: (alias) => `jsonb_array_elements_text(s.tags) as ${alias}(value)`,
  tag: (alias) => `${alias}.value collate "C"`,
  metadata: (key) => `(s.metadata ->> ${key}::text) collate "C"`,
  period: (length) => `left(to_char(to_timestamp(s.time / 1000) at time zone 'UTC', 'YYYY-MM-DD"T"HH24'), ${length}) collate "C"`,
};

const ARRAYS = { text: "text[]", bigint: "bigint[]", json: "text[]" } as const;
const INSERT = `
  insert into crosspoint_spend (${COLUMNS.map(({ name }) => name).join(", ")})
  select ${COLUMNS.map(({ type }, index) => (type === "json" ? `c${index}::jsonb` : `c${index}`)).join(", ")}
  from unnest(${COLUMNS.map(({ type }, index) => `$${index + 1}::${ARRAYS[type]}`).join(", ")})
    as entries(${COLUMNS.map((_, index) => `c${index}`).join(", ")})
  order by 1 on conflict (id) do nothing`;

/** The spend log: one table, a row a call. */
export function createLog(query: RunQuery): Pick<Store, "append" | "rows" | "sums" | "prune"> {
  return {
    async append(entries) {
      if (entries.length === 0) return;
      await query(INSERT, COLUMNS.map(({ read }) => entries.map(read))); // oxfmt-ignore
    },
    async rows(asked) {
      const { text, values } = rowsQuery(DIALECT, asked);
      return readRows(asked, await query(text, values));
    },
    async sums(asked) {
      const { text, values } = sumsQuery(DIALECT, asked);
      return readSums(asked, await query(text, values));
    },
    async prune(before) {
      const text = "with gone as (delete from crosspoint_spend where time < $1 returning 1) select count(*) as gone from gone";
      const [row] = await query(text, [Math.ceil(before)]);
      return Number(row?.["gone"]);
    },
  };
}
