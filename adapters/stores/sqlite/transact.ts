import type { DatabaseSync } from "node:sqlite";

/** Runs a body in a transaction that writes: all of it or, when it throws, none. */
export type Transact = <T>(body: () => T) => T;

export function createTransactions(database: DatabaseSync): Transact {
  const begin = database.prepare("begin immediate");
  const commit = database.prepare("commit");
  return (body) => {
    begin.run();
    try {
      const result = body();
      commit.run();
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec("rollback");
      throw error;
    }
  };
}
