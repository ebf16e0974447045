import { access } from "node:fs/promises";
import { CrosspointError, type Store } from "crosspoint";

const EXAMPLES = "sqlite:spend.db, postgresql://user@host/database or redis://host:6379";

/**
 * Opens the store that a text names: `sqlite:` and a path, or the URL of PostgreSQL or Redis (`?prefix=` for another prefix of keys).
 * To be read, a file must be there, because an empty one would look like no spend; to `serve` from, it is made.
 */
export async function openStore(name: string | undefined, use: "read" | "serve" = "read"): Promise<Store> {
  const option = use === "read" ? "--store" : "store";
  if (name === undefined || name === "") throw invalid(`${option} is missing: it names the spend log, as ${EXAMPLES}`);
  const [, scheme = "", rest = ""] = /^([a-z]+):(.*)$/s.exec(name) ?? [];
  switch (scheme) {
    case "sqlite": {
      if (rest === "") throw invalid(`${option} sqlite: needs a path, as sqlite:spend.db`);
      if (use === "read")
        await access(rest).catch((cause: unknown) => {
          throw invalid(`${option}: there is no file ${rest}; it is the path that sqliteStore was given`, cause);
        });
      return (await import("crosspoint/sqlite")).sqliteStore({ path: rest });
    }
    case "postgres":
    case "postgresql":
      return (await import("crosspoint/postgres")).postgresStore({ url: name, ...(use === "read" && { maxConnections: 1 }) });
    case "redis":
    case "rediss": {
      const url = URL.parse(name);
      if (url === null) throw invalid(`${option}: this is no URL of Redis; one looks like redis://host:6379`);
      const prefix = url.searchParams.get("prefix");
      url.search = "";
      return (await import("crosspoint/redis")).redisStore({ url: url.href, ...(prefix !== null && { prefix }) });
    }
    default:
      throw invalid(`${option} must be ${EXAMPLES}`);
  }
}

function invalid(message: string, cause?: unknown): CrosspointError {
  return new CrosspointError("INVALID_OPTIONS", message, { param: "store", ...(cause !== undefined && { cause }) });
}
