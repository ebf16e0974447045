import { COLUMNS } from "./columns.ts";

/** How a database names the types of columns. Texts must compare by code point. */
export interface ColumnTypes {
  readonly text: string;
  readonly json: string;
}

/**
 * The tables, one step a version; steps are added, never changed. A counter's settled amounts are its buckets; its reservations are the
 * holds whose lease runs, so that nothing has to be undone when a process dies.
 */
export function migrations({ text, json }: ColumnTypes): readonly string[] {
  const types = { text, json, bigint: "bigint" };
  const spend = COLUMNS.map(({ name, type }) => `${name} ${types[type]}${NEEDED.has(name) ? " not null" : ""}`);
  return [
    `
    create table crosspoint_buckets (
      key ${text} not null, start bigint not null, ends bigint, used bigint not null,
      primary key (key, start));
    create index crosspoint_buckets_ends on crosspoint_buckets (ends);
    create table crosspoint_holds (
      lease ${text} not null, key ${text} not null, bucket bigint not null, ends bigint, amount bigint not null, expires_at bigint not null,
      primary key (lease, key));
    create index crosspoint_holds_key on crosspoint_holds (key, expires_at);
    create table crosspoint_values (key ${text} primary key, value ${text} not null, expires_at bigint);
    create table crosspoint_spend (${spend.join(", ")}, primary key (id));
    create index crosspoint_spend_time on crosspoint_spend (time);
    `,
  ];
}

const NEEDED: ReadonlySet<string> = new Set(["id", "time", '"model"', '"outcome"', "entry"]);

/** How long the holds of a lease that is over can still be settled, milliseconds. */
export const LATE = 86_400_000;
/** How often a store forgets what is over, milliseconds. */
export const SWEEP_EVERY = 600_000;
