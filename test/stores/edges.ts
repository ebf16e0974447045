import type { SpendEntry, Store } from "crosspoint";
import { expect, test } from "vitest";

const entry = (id: string, more: Partial<SpendEntry> = {}): SpendEntry => ({
  id,
  time: 1_700_000_000_000,
  model: "m",
  outcome: "success",
  durationMs: 1,
  attempts: [],
  ...more,
});

/** What stores that speak a query language must bear beyond the port's cases. */
export function edges(open: () => Promise<Store>): void {
  const withStore = (name: string, body: (store: Store) => Promise<void>): void =>
    test(name, async () => {
      const store = await open();
      try {
        await body(store);
      } finally {
        await store.close();
      }
    });

  withStore("edges: names that mean something in JSON paths are plain names", async (store) => {
    const names = ["$", "$.a", "[0]", "0", "a.b", 'q"', "'", "%", "*", "__proto__", ""];
    const metadata = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
    await store.append([entry("1", { metadata }), entry("2", { metadata: { a: "x" } })]);
    for (const name of names) {
      const { items } = await store.sums({ groupBy: [`metadata.${name}`], orderBy: "group", limit: 10 });
      expect(items.map(({ group }) => group[0])).toEqual([`<${name}>`, undefined]);
      expect((await store.rows({ filter: { metadata: { [name]: `<${name}>` } }, limit: 10 })).items.map(({ id }) => id)).toEqual(["1"]);
    }
  });

  withStore("edges: half a surrogate pair anywhere does not lose the batch", async (store) => {
    const half = "a\ud800";
    await store.append([entry("1", { team: half, tags: [half], metadata: { [half]: half }, nanoUsd: 1 }), entry("2", { nanoUsd: 2 })]);
    expect((await store.sums({ limit: 1 })).items[0]?.nanoUsd).toBe(3n);
    expect((await store.rows({ filter: { tag: half }, limit: 1 })).items.length).toBe(1);
  });

  withStore("edges: a tag that an entry names twice counts once", async (store) => {
    await store.append([entry("1", { tags: ["x", "x"], nanoUsd: 5 })]);
    const { items } = await store.sums({ groupBy: ["tag"], limit: 10 });
    expect(items.map(({ group, calls, nanoUsd }) => [group, calls, nanoUsd])).toEqual([[["x"], 1, 5n]]);
    expect((await store.rows({ limit: 1 })).items[0]?.tags).toEqual(["x", "x"]);
  });

  withStore("edges: two dimensions of tags, and metadata beside a filter, keep their parameters apart", async (store) => {
    await store.append([entry("1", { tags: ["x", "y"], team: "a", metadata: { env: "prod", zone: "eu" } }), entry("2", { team: "b" })]);
    const query = { filter: { team: ["a", "c"], tag: "x", metadata: { zone: "eu" } }, from: 1, to: 1_800_000_000_000 };
    const { items } = await store.sums({ groupBy: ["tag", "metadata.env", "tag"], orderBy: "group", limit: 2, ...query });
    expect(items.map(({ group }) => group)).toEqual([
      ["x", "prod", "x"],
      ["x", "prod", "y"],
    ]);
  });

  withStore("edges: a cursor or a field that nobody gave is the caller's mistake", async (store) => {
    await store.append([entry("1")]);
    for (const cursor of ["", "x", "-1", "1e9", "'; drop table x; --", "99999999999999999999"]) {
      await expect((async () => store.rows({ limit: 1, cursor }))(), cursor).rejects.toMatchObject({
        code: "BAD_REQUEST",
        param: "cursor",
      });
      await expect((async () => store.sums({ limit: 1, cursor }))(), cursor).rejects.toMatchObject({
        code: "BAD_REQUEST",
        param: "cursor",
      });
    }
    const field = 'team" or 1=1 --' as "team";
    await expect((async () => store.sums({ limit: 1, groupBy: [field] }))()).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect((async () => store.rows({ limit: 1, filter: { [field]: "x" } }))()).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });

  withStore("edges: counters forget what is over, and only that", async (store) => {
    const hold = { key: "x", bucket: 0, from: 0, amount: 1 };
    await store.reserve({ id: "a", expiresAt: 100 }, [{ ...hold, bucketEnd: 1_000 }, { ...hold, key: "y" }], 0); // oxfmt-ignore
    await store.settle("a", [{ key: "x", amount: 1 }, { key: "y", amount: 1 }], 1); // oxfmt-ignore
    await store.reserve({ id: "b", expiresAt: 1e10 }, [{ ...hold, key: "z" }], 1e9);
    const queries = ["x", "y", "z"].map((key) => ({ key, from: 0 }));
    expect(await store.counters(queries, 1e9)).toEqual([
      { used: 0, reserved: 0 },
      { used: 1, reserved: 0 },
      { used: 0, reserved: 1 },
    ]);
  });
}
