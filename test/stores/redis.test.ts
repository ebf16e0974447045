import { randomUUID } from "node:crypto";
import type { Store } from "crosspoint";
import { redisStore } from "crosspoint/redis";
import { storeCases } from "crosspoint/testing";
import { createClient } from "redis";
import { afterAll, describe, expect, test } from "vitest";
import { edges } from "./edges.ts";
import { agreesWithMemory } from "./model.ts";
import { dropPrefix, REDIS_URL } from "./servers.ts";

if (REDIS_URL === undefined) {
  test.skip("on a server: CROSSPOINT_REDIS_URL is not set", () => {});
  console.info("Redis server tests are skipped, CROSSPOINT_REDIS_URL is not set; bash scripts/with-servers.sh npm test runs them");
} else {
  const url = REDIS_URL;
  describe("on a server", () => {
    const run = `crosspoint-test-${randomUUID()}`;
    afterAll(() => dropPrefix(url, run));

    test.each(storeCases)("$name", (each) => {
      const prefix = `${run}-${randomUUID()}`;
      return each.run(() =>
        Promise.resolve({ store: redisStore({ url, prefix }), another: () => Promise.resolve(redisStore({ url, prefix })) }),
      );
    });

    const openEmpty = (): Promise<Store> => Promise.resolve(redisStore({ url, prefix: `${run}-${randomUUID()}` }));
    edges(openEmpty);
    agreesWithMemory(openEmpty, 30);

    test("a client that was handed in stays open, and every key has the hash tag", async () => {
      const client = await createClient({ url }).connect();
      const prefix = `${run}-tag`;
      const store = redisStore({ client, prefix });
      await store.reserve({ id: "l", expiresAt: 9 }, [{ key: "}x{", bucket: 0, from: 0, amount: 1, bucketEnd: 9 }], 0);
      await store.append([{ id: "e", time: 1, model: "m", outcome: "success", durationMs: 1, attempts: [] }]);
      await store.set("k", "v", {}, 0);
      await store.close();
      await expect(store.get("k", 0)).rejects.toThrow("closed");
      const keys = await client.keys(`*${prefix}*`);
      expect(keys.length).toBe(7);
      for (const key of keys) expect(key).toMatch(new RegExp(`^\\{${prefix}\\}:`));
      await client.close();
    });

    test("nothing is left of what is over", async () => {
      const prefix = `${run}-over`;
      const store = redisStore({ url, prefix });
      const hold = { key: "x", bucket: 0, from: 0, amount: 1, bucketEnd: 100 };
      for (const id of ["a", "b", "c"]) await store.reserve({ id, expiresAt: 50 }, [hold], 0);
      await store.settle("a", [{ key: "x", amount: 1 }], 60);
      await store.release("b", 1);
      await store.counters([], 0);
      await store.counters([{ key: "x", from: 0 }], 2 * 86_400_000);
      await store.close();
      const client = await createClient({ url }).connect();
      expect(await client.keys(`*${prefix}*`)).toEqual([]);
      await client.close();
    });
  });
}

test("a server that is not there fails the call, and options that say nothing fail at once", async () => {
  const store = redisStore({ url: "redis://127.0.0.1:1" });
  await expect(store.get("k", 0)).rejects.toThrow("ECONNREFUSED");
  await store.close();
  expect(() => redisStore({})).toThrow("needs a url or a client");
});
