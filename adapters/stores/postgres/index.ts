import type { Store } from "crosspoint";
import { connect, type PostgresStoreOptions } from "./connect.ts";
import { createCounters } from "./counters.ts";
import { createLog } from "./log.ts";
import { createValues } from "./values.ts";

export type { PostgresClient, PostgresStoreOptions } from "./connect.ts";

/**
 * Keeps everything in PostgreSQL 13 or later, in tables that begin with `crosspoint_` of the first schema on the search path. Connects,
 * and makes or updates the tables, at the first use; what fails then rejects that call, and the next one tries again.
 *
 * @throws `INVALID_OPTIONS` without `url` or `client`.
 */
export function postgresStore(options: PostgresStoreOptions): Store {
  const { query, close } = connect(options);
  return { ...createCounters(query), ...createLog(query), ...createValues(query), close };
}
