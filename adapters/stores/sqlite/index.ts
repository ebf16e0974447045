import { DatabaseSync } from "node:sqlite";
import { CrosspointError, type Store } from "crosspoint";
import { createCounters } from "./counters.ts";
import { createLog } from "./log.ts";
import { migrate } from "./migrate.ts";
import { createTransactions } from "./transact.ts";
import { createValues } from "./values.ts";

export interface SqliteStoreOptions {
  /** The file, made when it is not there; its folder must be. `:memory:` keeps everything in this process. */
  readonly path: string;
  /** How long to wait for another process that writes, in milliseconds. Default 5,000. */
  readonly busyTimeout?: number;
}

/**
 * Keeps everything in one SQLite file, which the processes of one machine share. What is written outlives the process at once, and a
 * loss of power by the next checkpoint.
 *
 * @throws `INVALID_OPTIONS` when the file cannot be opened.
 */
export function sqliteStore({ path, busyTimeout = 5_000 }: SqliteStoreOptions): Store {
  const database = open(path, busyTimeout);
  const transact = createTransactions(database);
  return {
    ...createCounters(database, transact),
    ...createLog(database, transact),
    ...createValues(database),
    close() {
      if (database.isOpen) database.close();
    },
  };
}

function open(path: string, busyTimeout: number): DatabaseSync {
  if (typeof path !== "string" || path === "") throw new CrosspointError("INVALID_OPTIONS", "path must name a file", { param: "path" });
  if (!Number.isSafeInteger(busyTimeout) || busyTimeout < 0) {
    throw new CrosspointError("INVALID_OPTIONS", "busyTimeout must be whole milliseconds", { param: "busyTimeout" });
  }
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec(`pragma busy_timeout = ${busyTimeout}`);
    migrate(database);
    return database;
  } catch (cause) {
    database?.close();
    throw new CrosspointError("INVALID_OPTIONS", `the SQLite file ${path} cannot be used: ${(cause as Error).message}`, {
      param: "path",
      cause,
    });
  }
}
