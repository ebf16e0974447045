import { deepEqual, equal, ok } from "node:assert/strict";
import type { SpendEntry, SpendSumQuery, Store } from "crosspoint";
import { shared, single, T, type StoreCase } from "./case.ts";

const DAY = 86_400_000;
const entry = (id: string, more: Partial<SpendEntry> = {}): SpendEntry => ({
  id,
  time: T,
  model: "fast",
  outcome: "success",
  durationMs: 12,
  attempts: [],
  ...more,
});

/** Every field, with texts that need care. */
const FULL: SpendEntry = entry("full", {
  time: T + 1,
  provider: "openai",
  deployment: "openai/gpt-5-mini",
  user: "O'Brien; --",
  team: "søk",
  project: "p%_",
  session: "s\n1",
  key: "k",
  tags: ["b", "a", 'q"uote'],
  metadata: { "a.b": "1", "with space": "✓", constructor: "x" },
  inputTokens: 10,
  cacheReadTokens: 3,
  cacheWriteTokens: 2,
  outputTokens: 5,
  reasoningTokens: 1,
  nanoUsd: 9_007_199_254_740_991,
  estimated: true,
  firstEventMs: 3,
  error: "TIMEOUT",
  outcome: "failure",
  attempts: [
    { provider: "openai", model: "gpt-5", deployment: "openai/gpt-5", reason: "first", outcome: "failure", startedAt: T, error: "TIMEOUT" },
  ],
});

const ids = async (store: Store, query: Parameters<Store["rows"]>[0]): Promise<string[]> =>
  (await store.rows(query)).items.map(({ id }) => id);
const groups = async (store: Store, query: Omit<SpendSumQuery, "limit">): Promise<unknown[]> =>
  (await store.sums({ limit: 100, ...query })).items.map(({ group, calls, nanoUsd }) => [...group, calls, nanoUsd]);

const MIXED: readonly SpendEntry[] = [
  entry("1", { team: "a", tags: ["x", "y"], nanoUsd: 5, inputTokens: 100, provider: "openai", time: T }),
  entry("2", { team: "a", tags: ["x"], nanoUsd: 7, outputTokens: 1, metadata: { env: "prod" }, time: T + DAY }),
  entry("3", { team: "b", model: "smart", nanoUsd: 6, metadata: { env: "dev" }, time: T + DAY, outcome: "failure", error: "SERVER" }),
  entry("4", { model: "smart", outcome: "aborted", estimated: true, time: T + 40 * DAY }),
];

export const logCases: readonly StoreCase[] = [
  shared("log: an entry comes back as it went in", async (store, other) => {
    await store.append([FULL, entry("bare")]);
    deepEqual((await other.rows({ limit: 10 })).items, [FULL, entry("bare")]);
  }),
  shared("log: an id counts once; an empty batch is none", async (store, other) => {
    await store.append([]);
    await store.append([entry("1", { nanoUsd: 5 }), entry("2")]);
    await other.append([entry("3"), entry("1", { nanoUsd: 9 })]);
    deepEqual(await ids(store, { limit: 10 }), ["3", "2", "1"]);
    equal((await store.sums({ limit: 1 })).items[0]?.nanoUsd, 5n);
  }),
  single("log: a large batch is kept whole", async (store) => {
    await store.append(Array.from({ length: 1_200 }, (_, index) => entry(`e${index}`, { nanoUsd: index, tags: [`t${index % 3}`] })));
    const [all] = (await store.sums({ limit: 1 })).items;
    deepEqual([all?.calls, all?.nanoUsd], [1_200, 719_400n]);
  }),
  single("log: pages are newest first, each entry once, also while others are written", async (store) => {
    const written = Array.from({ length: 25 }, (_, index) =>
      entry(`p${String(index).padStart(2, "0")}`, { time: T + Math.floor(index / 4) }),
    );
    await store.append(written);
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 10; page++) {
      const result = await store.rows({ limit: 7, ...(cursor === undefined ? undefined : { cursor }) });
      ok(result.items.length <= 7);
      seen.push(...result.items.map(({ id }) => id));
      cursor = result.cursor;
      if (cursor === undefined) break;
      await store.append([entry(`late${page}`, { time: T + 1_000 + page })]);
    }
    deepEqual(seen, written.map(({ id }) => id).reverse()); // oxfmt-ignore
    equal((await store.rows({ limit: 25, to: T + 1_000 })).cursor, undefined, "a page that holds the last entry has no cursor");
  }),
  single("log: filters match every field named, any word of a list, and the range [from, to)", async (store) => {
    await store.append(MIXED);
    const find = (filter: SpendSumQuery["filter"], more: { from?: number; to?: number } = {}) =>
      ids(store, { limit: 10, ...(filter === undefined ? undefined : { filter }), ...more });
    deepEqual(await find({ team: "a" }), ["2", "1"]);
    deepEqual(await find({ team: ["a", "b"], model: "fast" }), ["2", "1"]);
    deepEqual(await find({ tag: "y" }), ["1"]);
    deepEqual(await find({ tag: ["y", "x"] }), ["2", "1"]);
    deepEqual(await find({ outcome: ["failure", "aborted"] }), ["4", "3"]);
    deepEqual(await find({ error: "SERVER" }), ["3"]);
    deepEqual(await find({ metadata: { env: "prod" } }), ["2"]);
    deepEqual(await find({ metadata: { env: "prod", none: "x" } }), []);
    deepEqual(await find({ team: [] }), []);
    deepEqual(await find({ user: "" }), []);
    deepEqual(await find(undefined, { from: T + DAY, to: T + 40 * DAY }), ["3", "2"]);
  }),
  single("log: sums by every kind of dimension", async (store) => {
    await store.append(MIXED);
    const by = (...groupBy: NonNullable<SpendSumQuery["groupBy"]>) => groups(store, { groupBy, orderBy: "group" });
    deepEqual(await by("team"), [["a", 2, 12n], ["b", 1, 6n], [undefined, 1, 0n]]); // oxfmt-ignore
    deepEqual(await by("tag"), [["x", 2, 12n], ["y", 1, 5n], [undefined, 2, 6n]]); // oxfmt-ignore
    deepEqual(await by("model", "team"), [["fast", "a", 2, 12n], ["smart", "b", 1, 6n], ["smart", undefined, 1, 0n]]); // oxfmt-ignore
    deepEqual(await by("metadata.env"), [["dev", 1, 6n], ["prod", 1, 7n], [undefined, 2, 5n]]); // oxfmt-ignore
    deepEqual(await by("day"), [["2023-11-14", 1, 5n], ["2023-11-15", 2, 13n], ["2023-12-24", 1, 0n]]); // oxfmt-ignore
    deepEqual(await by("month"), [["2023-11", 3, 18n], ["2023-12", 1, 0n]]); // oxfmt-ignore
    deepEqual(await by("hour"), [["2023-11-14T22", 1, 5n], ["2023-11-15T22", 2, 13n], ["2023-12-24T22", 1, 0n]]); // oxfmt-ignore
    deepEqual(await groups(store, { groupBy: ["outcome"], filter: { model: "smart" }, orderBy: "group" }), [["aborted", 1, 0n], ["failure", 1, 6n]]); // oxfmt-ignore
    deepEqual(await groups(store, { groupBy: ["tag"], filter: { tag: "y" }, orderBy: "group" }), [["x", 1, 5n], ["y", 1, 5n]]); // oxfmt-ignore
  }),
  single("log: every sum of a group, also of none", async (store) => {
    const zero = { inputTokens: 0n, cacheReadTokens: 0n, cacheWriteTokens: 0n, outputTokens: 0n, reasoningTokens: 0n };
    const none = { group: [], calls: 0, failures: 0, ...zero, nanoUsd: 0n, unpriced: 0, estimated: 0 };
    deepEqual((await store.sums({ limit: 10 })).items, [none]);
    deepEqual((await store.sums({ limit: 10, groupBy: ["team"] })).items, []);
    await store.append([FULL, entry("more", { inputTokens: 1, nanoUsd: 2, team: "søk" }), entry("free", { nanoUsd: 0 }), entry("unknown")]);
    deepEqual((await store.sums({ limit: 10, filter: { team: "søk" }, groupBy: ["team"] })).items, [
      {
        group: ["søk"],
        calls: 2,
        failures: 1,
        inputTokens: 11n,
        cacheReadTokens: 3n,
        cacheWriteTokens: 2n,
        outputTokens: 5n,
        reasoningTokens: 1n,
        nanoUsd: 9_007_199_254_740_993n,
        unpriced: 0,
        estimated: 1,
      },
    ]);
    const [all] = (await store.sums({ limit: 10 })).items;
    deepEqual([all?.calls, all?.unpriced], [4, 1]);
  }),
  single("log: sums are ordered, and paged in that order", async (store) => {
    await store.append(MIXED);
    const names = async (orderBy?: SpendSumQuery["orderBy"]) =>
      (await groups(store, { groupBy: ["team"], ...(orderBy && { orderBy }) })).map((group) => (group as unknown[])[0]);
    deepEqual(await names(), ["a", "b", undefined]);
    deepEqual(await names("calls"), ["a", "b", undefined]);
    deepEqual(await names("tokens"), ["a", "b", undefined]);
    await store.append([entry("5", { team: "b", nanoUsd: 100 }), entry("6", { outputTokens: 500, team: "Z" })]);
    deepEqual(await names("cost"), ["b", "a", "Z", undefined]);
    deepEqual(await names("tokens"), ["Z", "a", "b", undefined]);
    deepEqual(await names("group"), ["Z", "a", "b", undefined], "by code point: capitals first");
    const first = await store.sums({ limit: 3, groupBy: ["team"], orderBy: "group" });
    deepEqual(first.items.map(({ group }) => group[0]), ["Z", "a", "b"]); // oxfmt-ignore
    ok(first.cursor !== undefined);
    const second = await store.sums({ limit: 3, groupBy: ["team"], orderBy: "group", cursor: first.cursor });
    deepEqual(second.items.map(({ group }) => group[0]), [undefined]); // oxfmt-ignore
    equal(second.cursor, undefined);
  }),
  shared("log: prune removes what began before, and counters stay", async (store, other) => {
    await store.reserve({ id: "l", expiresAt: T + 1_000 }, [{ key: "x", bucket: 0, from: 0, amount: 1 }], T);
    await store.append(MIXED);
    equal(await other.prune(T + DAY), 1);
    deepEqual(await ids(store, { limit: 10 }), ["4", "3", "2"]);
    deepEqual(await groups(store, { groupBy: ["tag"], orderBy: "group" }), [["x", 1, 7n], [undefined, 2, 6n]]); // oxfmt-ignore
    deepEqual(await store.counters([{ key: "x", from: 0 }], T), [{ used: 0, reserved: 1 }]);
    equal(await other.prune(T), 0);
  }),
];
