import type { Store } from "crosspoint";
import { connect, type RedisStoreOptions } from "./connect.ts";
import { createCounters } from "./counters.ts";
import { createLog } from "./log.ts";
import { createValues } from "./values.ts";

export type { RedisClient, RedisStoreOptions } from "./connect.ts";

/**
 * Keeps everything in Redis 6.2 or later, under keys that begin with `{prefix}:` and so lie on one node of a cluster. Connects at the
 * first use; what fails then rejects that call, and the next one tries again.
 *
 * @throws `INVALID_OPTIONS` without `url` or `client`.
 */
export function redisStore(options: RedisStoreOptions): Store {
  const { redis, close } = connect(options);
  return { ...createCounters(redis), ...createLog(redis), ...createValues(redis), close };
}
