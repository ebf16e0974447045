import { access } from "node:fs/promises";
import { CrosspointError, type Store } from "crosspoint";

const EXAMPLES = "sqlite:spend.db, postgresql://user@host/database or redis://host:6379";

/**
 * Opens the store that a text names: `sqlite:` and a path, or the URL of PostgreSQL or Redis (`?prefix=` for another prefix of keys).
 * A file that is not there is an error, because an empty one would look like no spend.
 */
export async function openStore(name: string | undefined): Promise<Store> {
  if (name === undefined || name === "") throw invalid(`--store is missing: it names the spend log, as ${EXAMPLES}`);
  const [, scheme = "", rest = ""] = /^([a-z]+):(.*)$/s.exec(name) ?? [];
  switch (scheme) {
    case "sqlite": {
      if (rest === "") throw invalid("--store sqlite: needs a path, as sqlite:spend.db");
      await access(rest).catch((cause: unknown) => {
        throw invalid(`--store: there is no file ${rest}; it is the path that sqliteStore was given`, cause);
      });
      return (await import("crosspoint/sqlite")).sqliteStore({ path: rest });
    }
    case "postgres":
    case "postgresql":
      return (await import("crosspoint/postgres")).postgresStore({ url: name, maxConnections: 1 });
    case "redis":
    case "rediss": {
      const url = URL.parse(name);
      if (url === null) throw invalid("--store: this is no URL of Redis; one looks like redis://host:6379");
      const prefix = url.searchParams.get("prefix");
      url.search = "";
      return (await import("crosspoint/redis")).redisStore({ url: url.href, ...(prefix !== null && { prefix }) });
    }
    default:
      throw invalid(`--store must be ${EXAMPLES}`);
  }
}

function invalid(message: string, cause?: unknown): CrosspointError {
  return new CrosspointError("INVALID_OPTIONS", message, { param: "store", ...(cause !== undefined && { cause }) });
}
