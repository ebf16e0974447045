import { randomUUID } from "node:crypto";
import { Pool } from "pg";
import { createClient } from "redis";

/** Real servers to test against; `bash scripts/with-servers.sh` starts them. */
export const POSTGRES_URL = process.env["CROSSPOINT_POSTGRES_URL"];
export const REDIS_URL = process.env["CROSSPOINT_REDIS_URL"];

export interface Schema {
  /** Connects into the schema. */
  readonly url: string;
  readonly pool: Pool;
  readonly drop: () => Promise<void>;
}

/** A schema of the server, empty and nobody else's. */
export async function createSchema(server: string): Promise<Schema> {
  const name = `crosspoint_test_${randomUUID().slice(0, 8)}`;
  const address = new URL(server);
  address.searchParams.set("options", `-c search_path=${name}`);
  const url = address.href;
  const pool = new Pool({ connectionString: url });
  await pool.query(`create schema ${name}`);
  return {
    url,
    pool,
    async drop() {
      await pool.query(`drop schema ${name} cascade`);
      await pool.end();
    },
  };
}

/** Removes what a store of this prefix left. */
export async function dropPrefix(server: string, prefix: string): Promise<void> {
  const client = await createClient({ url: server }).connect();
  const keys = await client.keys(`{${prefix}*`);
  if (keys.length > 0) await client.del(keys);
  await client.close();
}
