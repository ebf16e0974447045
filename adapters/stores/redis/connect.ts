import { createHash } from "node:crypto";
import { CrosspointError } from "crosspoint";
import { loadPeer } from "../load-peer.ts";

/** What the store asks of a connection: a client of `redis` has it; with `ioredis`, `{ sendCommand: ([name, ...rest]) => redis.call(name, ...rest) }`. */
export interface RedisClient {
  sendCommand(words: readonly string[]): Promise<unknown>;
}

export interface RedisStoreOptions {
  /** `redis://user:password@host:6379/0`, or `rediss:`; needs the package `redis`. */
  readonly url?: string;
  /** Default `crosspoint`. Stores of one prefix share their data. */
  readonly prefix?: string;
  /** Milliseconds after which a connection that does not answer is given up. Default 10,000. */
  readonly timeout?: number;
  /** Used instead of `url`; closing the store leaves it open. */
  readonly client?: RedisClient;
}

/** A Lua script and its name on the server. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

export interface Redis {
  /** What every key begins with. */
  readonly prefix: string;
  readonly send: (words: readonly string[]) => Promise<unknown>;
  /** Runs a script, whose `ARGV[1]` is the prefix. */
  readonly run: (script: Script, words: readonly string[]) => Promise<unknown>;
}

interface OpenClient {
  readonly client: RedisClient;
  readonly end?: () => Promise<void>;
}

export function defineScript(text: string): Script {
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}

export function connect(options: RedisStoreOptions): { readonly redis: Redis; readonly close: () => Promise<void> } {
  const { client, url } = options;
  if (client === undefined && (typeof url !== "string" || url === "")) {
    throw new CrosspointError("INVALID_OPTIONS", "redisStore needs a url or a client", { param: "url" });
  }
  const prefix = `{${options.prefix ?? "crosspoint"}}:`;
  let opened: Promise<OpenClient> | undefined;
  let closed = false;
  const open = (): Promise<OpenClient> =>
    openClient(options).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
  const send: Redis["send"] = async (words) => {
    if (closed) throw new Error("the Redis store is closed");
    return (client ?? (await (opened ??= open())).client).sendCommand(words);
  };
  const run: Redis["run"] = async ({ text, sha }, words) => {
    // One key is named, to lead to the right node; the others share its hash tag.
    const rest = ["1", `${prefix}leases`, prefix, ...words];
    try {
      return await send(["EVALSHA", sha, ...rest]);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return send(["EVAL", text, ...rest]);
    }
  };
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await (await opened?.catch(() => undefined))?.end?.();
  };
  return { redis: { prefix, send, run }, close };
}

async function openClient({ url, timeout = 10_000 }: RedisStoreOptions): Promise<OpenClient> {
  const { createClient } = await loadPeer("redisStore", "redis", () => import("redis"));
  let connected = false;
  const client = createClient({
    ...(url === undefined ? undefined : { url }),
    // A call does not wait for a server that is away.
    disableOfflineQueue: true,
    pingInterval: Math.ceil(timeout / 3),
    socket: {
      connectTimeout: timeout,
      socketTimeout: timeout,
      reconnectStrategy: (retries, cause) => (connected ? Math.min(50 * 2 ** retries, 2_000) : cause),
    },
  });
  // Failures reach the calls; unheard, the event would end the process.
  client.on("error", () => {});
  await client.connect();
  connected = true;
  return { client, end: async () => (client.isReady ? client.close() : client.destroy()) };
}
