import { PGlite } from "@electric-sql/pglite";
import type { Store } from "crosspoint";
import { postgresStore, type PostgresClient } from "crosspoint/postgres";
import { storeCases } from "crosspoint/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { edges } from "./edges.ts";
import { agreesWithMemory } from "./model.ts";
import { createSchema, POSTGRES_URL, type Schema } from "./servers.ts";

if (POSTGRES_URL === undefined) {
  test.skip("on a server: CROSSPOINT_POSTGRES_URL is not set", () => {});
  console.info(
    "PostgreSQL server tests are skipped, CROSSPOINT_POSTGRES_URL is not set: PGlite plays it; bash scripts/with-servers.sh npm test runs them",
  );
  describe("on PGlite", () => {
    let client: PGlite;
    beforeAll(async () => {
      client = await PGlite.create();
    }, 60_000);
    afterAll(() => client.close());
    cases(() => ({ client }));
  });
} else {
  const server = POSTGRES_URL;
  describe("on a server", () => {
    let schema: Schema;
    beforeAll(async () => {
      schema = await createSchema(server);
    });
    afterAll(() => schema.drop());
    cases(() => ({ client: schema.pool, url: schema.url }));

    test("stores that open at once make the tables once", async () => {
      const fresh = await createSchema(server);
      const stores = Array.from({ length: 8 }, () => postgresStore({ url: fresh.url, maxConnections: 1 }));
      await Promise.all(stores.map(async (store, index) => store.set(`k${index}`, "v", {}, 0)));
      expect((await fresh.pool.query("select version from crosspoint_migrations")).rows).toEqual([{ version: 1 }]);
      await Promise.all(stores.map(async (store) => store.close()));
      await fresh.drop();
    });

    test("a pool that was handed in stays open", async () => {
      const store = postgresStore({ client: schema.pool });
      await store.set("k", "v", {}, 0);
      await store.close();
      await expect(store.get("k", 0)).rejects.toThrow("closed");
      expect((await schema.pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    });

    test("settlements in opposite orders, of the longest keys, do not wait for each other", async () => {
      const store = postgresStore({ url: schema.url });
      const keys = ["✓", "ü"].map((each) => each.repeat(500));
      const charges = keys.map((key) => ({ key, amount: 1 }));
      const holds = charges.map((charge) => ({ ...charge, bucket: 0, from: 0, limit: 1_000 }));
      await Promise.all(
        Array.from({ length: 100 }, async (_, index) => {
          const turn = <T>(list: readonly T[]): readonly T[] => (index % 2 === 0 ? list : list.toReversed());
          await store.reserve({ id: `l${index}`, expiresAt: 9_000 }, turn(holds), 0);
          await store.settle(`l${index}`, turn(charges), 0);
        }),
      );
      expect(await store.counters(keys.map((key) => ({ key, from: 0 })), 0)).toEqual([{ used: 100, reserved: 0 }, { used: 100, reserved: 0 }]); // oxfmt-ignore
      await store.close();
    });
  });
}

test("a server that is not there fails the call, and options that say nothing fail at once", async () => {
  const store = postgresStore({ url: "postgresql://crosspoint@127.0.0.1:1/none" });
  await expect(store.get("k", 0)).rejects.toThrow("ECONNREFUSED");
  await store.close();
  expect(() => postgresStore({})).toThrow("needs a url or a client");
});

/** The conformance cases, each on empty tables; with `url` over connections of their own. */
function cases(where: () => { readonly client: PostgresClient; readonly url?: string }): void {
  beforeAll(async () => {
    await postgresStore({ client: where().client }).get("none", 0);
  });
  const clear = (): Promise<unknown> =>
    where().client.query("truncate crosspoint_buckets, crosspoint_holds, crosspoint_values, crosspoint_spend");
  const open = (): Store => {
    const { client, url } = where();
    return postgresStore(url === undefined ? { client } : { url, maxConnections: 4 });
  };
  test.each(storeCases)("$name", ({ run }) =>
    run(async () => {
      await clear();
      return { store: open(), another: () => Promise.resolve(open()) };
    }),
  );
  const openEmpty = async (): Promise<Store> => {
    await clear();
    return open();
  };
  edges(openEmpty);
  agreesWithMemory(openEmpty, 10);
}
