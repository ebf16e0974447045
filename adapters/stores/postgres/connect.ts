import { CrosspointError } from "crosspoint";
import { loadPeer } from "../load-peer.ts";
import { MIGRATE } from "./migrate.ts";

/** What the store asks of a connection: a `Pool` or `Client` of `pg`, and PGlite, have it. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

export interface PostgresStoreOptions {
  /** `postgresql://user:password@host:5432/database`; needs the package `pg`. */
  readonly url?: string;
  /** Most connections that are open at once. Default 10. */
  readonly maxConnections?: number;
  /** Milliseconds after which a connection or a query that has not answered fails. Default 30,000. */
  readonly timeout?: number;
  /** Used instead of `url`; closing the store leaves it open. */
  readonly client?: PostgresClient;
}

export type Row = Readonly<Record<string, unknown>>;
/** Runs one statement. */
export type RunQuery = (text: string, values: readonly unknown[]) => Promise<readonly Row[]>;

interface OpenClient {
  readonly client: PostgresClient;
  readonly end?: () => Promise<void>;
}

export function connect(options: PostgresStoreOptions): { readonly query: RunQuery; readonly close: () => Promise<void> } {
  const { client, url } = options;
  if (client === undefined && (typeof url !== "string" || url === "")) {
    throw new CrosspointError("INVALID_OPTIONS", "postgresStore needs a url or a client", { param: "url" });
  }
  let opened: Promise<OpenClient> | undefined;
  let closed = false;
  const open = async (): Promise<OpenClient> => {
    const made = client === undefined ? await openPool(options) : { client };
    try {
      await made.client.query(MIGRATE);
      return made;
    } catch (error) {
      opened = undefined;
      await made.end?.();
      throw error;
    }
  };
  return {
    async query(text, values) {
      if (closed) throw new Error("the PostgreSQL store is closed");
      const { rows } = await (await (opened ??= open())).client.query(text, [...values]);
      return rows as readonly Row[];
    },
    async close() {
      if (closed) return;
      closed = true;
      const made = await opened?.catch(() => undefined);
      await made?.end?.();
    },
  };
}

async function openPool({ url, maxConnections = 10, timeout = 30_000 }: PostgresStoreOptions): Promise<OpenClient> {
  const { Pool } = (await loadPeer("postgresStore", "pg", () => import("pg"))).default;
  const pool = new Pool({
    ...(url === undefined ? undefined : { connectionString: url }),
    max: maxConnections,
    connectionTimeoutMillis: timeout,
    query_timeout: timeout,
    allowExitOnIdle: true,
  });
  // A connection that breaks while nobody uses it is replaced; unheard, the event would end the process.
  pool.on("error", () => {});
  return { client: pool, end: () => pool.end() };
}
