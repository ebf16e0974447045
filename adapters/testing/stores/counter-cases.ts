import { deepEqual, equal, ok } from "node:assert/strict";
import type { Hold, Store } from "crosspoint";
import { shared, single, T, type StoreCase } from "./case.ts";

const HOUR = 3_600_000;
const hold = (key: string, amount: number, limit?: number, more: Partial<Hold> = {}): Hold => ({
  key,
  bucket: T,
  from: T,
  bucketEnd: T + HOUR,
  amount,
  ...(limit === undefined ? undefined : { limit }),
  ...more,
});
const lease = (id: string, ms = 60_000) => ({ id, expiresAt: T + ms });
const state = async (store: Store, key: string, now = T, from = T) => {
  const [{ used, reserved } = { used: -1, reserved: -1 }] = await store.counters([{ key, from }], now);
  return [used, reserved];
};

export const counterCases: readonly StoreCase[] = [
  single("counters: an unknown counter is zero; answers keep the order of the question", async (store) => {
    await store.reserve(lease("a"), [hold("x", 7)], T);
    const from = T;
    const states = await store.counters([{ key: "y", from }, { key: "x", from }, { key: "__proto__", from }], T); // oxfmt-ignore
    deepEqual(
      states.map(({ used, reserved }) => [used, reserved]),
      [
        [0, 0],
        [0, 7],
        [0, 0],
      ],
    );
    deepEqual(await store.counters([], T), []);
  }),
  shared("reserve, settle: the reservation ends and the true amount counts, below or above it", async (store, other) => {
    deepEqual(await store.reserve(lease("a"), [hold("x", 10, 100), hold("y", 1, 1)], T), { granted: true });
    deepEqual(await state(other, "x"), [0, 10]);
    await other.settle("a", [{ key: "x", amount: 4 }, { key: "y", amount: 3 }], T); // oxfmt-ignore
    deepEqual(await state(store, "x"), [4, 0]);
    deepEqual(await state(store, "y"), [3, 0]);
  }),
  single("settle: twice is once; unknown leases and keys are passed over", async (store) => {
    await store.reserve(lease("a"), [hold("x", 10)], T);
    for (let turn = 0; turn < 3; turn++) await store.settle("a", [{ key: "x", amount: 4 }], T);
    await store.settle("none", [{ key: "x", amount: 9 }], T);
    await store.reserve(lease("b"), [hold("x", 5)], T);
    await store.settle("b", [{ key: "other", amount: 9 }], T);
    deepEqual(await state(store, "x"), [4, 5]);
    deepEqual(await state(store, "other"), [0, 0]);
    await store.settle("b", [], T);
    deepEqual(await state(store, "x"), [4, 5]);
  }),
  single("settle: holds that are not named stay until they are settled or released", async (store) => {
    await store.reserve(lease("a"), [hold("usd", 10), hold("parallel", 1, 2, { bucket: 0, from: 0 })], T);
    await store.settle("a", [{ key: "usd", amount: 3 }], T);
    deepEqual(await state(store, "usd"), [3, 0]);
    deepEqual(await state(store, "parallel", T, 0), [0, 1]);
    await store.release("a", T);
    deepEqual(await state(store, "parallel", T, 0), [0, 0]);
    await store.settle("a", [{ key: "parallel", amount: 9 }], T);
    deepEqual(await state(store, "parallel", T, 0), [0, 0], "a released hold is gone");
  }),
  shared("release: nothing is added; again, or of an unknown lease, changes nothing", async (store, other) => {
    await store.reserve(lease("a"), [hold("x", 10)], T);
    await other.release("a", T);
    await other.release("a", T);
    await store.release("none", T);
    deepEqual(await state(store, "x"), [0, 0]);
  }),
  single("reserve: up to the limit and not above it; a refusal takes nothing", async (store) => {
    equal((await store.reserve(lease("a"), [hold("x", 60, 100)], T)).granted, true);
    equal((await store.reserve(lease("b"), [hold("x", 40, 100)], T)).granted, true);
    const refused = await store.reserve(lease("c"), [hold("free", 5), hold("y", 5, 100), hold("x", 1, 100)], T);
    deepEqual(refused, { granted: false, index: 2, reserved: 100, buckets: [] });
    deepEqual(await state(store, "y"), [0, 0]);
    deepEqual(await state(store, "free"), [0, 0]);
    equal((await store.reserve(lease("d"), [hold("x", 0, 100)], T)).granted, true, "nothing fits a full budget");
    await store.settle("a", [{ key: "x", amount: 60 }], T);
    deepEqual(await store.reserve(lease("e"), [hold("x", 1, 100)], T), {
      granted: false,
      index: 0,
      reserved: 40,
      buckets: [[T, 60]],
    });
    await store.settle("b", [{ key: "x", amount: 45 }], T);
    equal((await store.reserve(lease("f"), [hold("x", 0, 100)], T)).granted, false, "an overdrawn budget refuses even what is free");
  }),
  single("reserve: without holds it is granted; the first hold that does not fit is named", async (store) => {
    deepEqual(await store.reserve(lease("a"), [], T), { granted: true });
    const refused = await store.reserve(lease("b"), [hold("x", 2, 1), hold("y", 2, 1)], T);
    ok(!refused.granted);
    equal(refused.index, 0);
  }),
  single("reserve: a hold without limit counts and is never refused", async (store) => {
    for (const id of ["a", "b"]) equal((await store.reserve(lease(id), [hold("x", 4e15)], T)).granted, true);
    deepEqual(await state(store, "x"), [0, 8e15]);
    await store.settle("a", [{ key: "x", amount: 4e15 }], T);
    await store.settle("b", [{ key: "x", amount: 4e15 + 1 }], T);
    deepEqual(await state(store, "x"), [8e15 + 1, 0], "exact up to 2^53");
  }),
  single("windows: a bucket counts where it begins at `from` or later", async (store) => {
    const minute = 60_000;
    const at = (start: number, id: string, amount: number) => {
      const bucket = T + start * minute;
      const rolling = { bucket, from: bucket - 4 * minute, bucketEnd: bucket + 5 * minute };
      return store.reserve({ id, expiresAt: bucket + minute }, [hold("x", amount, 10, rolling)], bucket);
    };
    for (const [index, amount] of [3, 0, 4].entries()) {
      const id = `r${index}`;
      equal((await at(index, id, amount)).granted, true);
      await store.settle(id, [{ key: "x", amount }], T + index * minute);
    }
    const refused = await at(4, "r4", 4);
    ok(!refused.granted);
    deepEqual(refused.buckets.filter(([, amount]) => amount > 0), [[T, 3], [T + 2 * minute, 4]]); // oxfmt-ignore
    equal((await at(5, "r5", 4)).granted, true, "the oldest bucket has left the window");
    deepEqual(await state(store, "x", T + 5 * minute, T + minute), [4, 4]);
    deepEqual(await state(store, "x", T + 5 * minute, T + 3 * minute), [0, 4]);
  }),
  single("windows: an amount goes to the bucket that was held, however late it is settled", async (store) => {
    await store.reserve(lease("a", 3 * HOUR), [hold("x", 5, 10)], T);
    const later = { bucket: T + HOUR, from: T + HOUR, bucketEnd: T + 2 * HOUR };
    equal((await store.reserve(lease("b", 3 * HOUR), [hold("x", 10, 10, later)], T + HOUR)).granted, true);
    await store.settle("a", [{ key: "x", amount: 5 }], T + HOUR + 1);
    deepEqual(await state(store, "x", T + HOUR + 1, T + HOUR), [0, 10]);
  }),
  shared("leases: one that is over reserves nothing, and can still be settled once", async (store, other) => {
    await store.reserve(lease("a", 1_000), [hold("x", 10, 10, { bucketEnd: T + 90 * HOUR })], T);
    equal((await other.reserve(lease("b"), [hold("x", 1, 10)], T + 999)).granted, false);
    deepEqual(await state(other, "x", T + 1_000), [0, 0]);
    const long = { bucketEnd: T + 90 * HOUR };
    equal((await other.reserve(lease("b", 48 * HOUR), [hold("x", 1, 10, long)], T + 1_000)).granted, true);
    for (let turn = 0; turn < 2; turn++) await store.settle("a", [{ key: "x", amount: 8 }], T + 23 * HOUR);
    deepEqual(await state(other, "x", T + 23 * HOUR), [8, 1]);
  }),
  shared("leases: renewed ones run on; those that are over do not come back", async (store, other) => {
    await store.reserve(lease("a", 1_000), [hold("x", 1)], T);
    await store.reserve(lease("b", 1_000), [hold("x", 2)], T);
    await store.reserve(lease("c", 3_000), [hold("x", 4)], T);
    await other.renew(["a", "c", "none"], T + 2_000, T + 500);
    deepEqual(await state(store, "x", T + 1_500), [0, 5]);
    await store.renew(["b"], T + 9_000, T + 1_500);
    deepEqual(await state(other, "x", T + 1_999), [0, 5]);
    deepEqual(await state(other, "x", T + 2_500), [0, 4], "a lease is never shortened");
    await store.renew([], T + 9_000, T + 1_500);
  }),
  shared("concurrency: many callers together never pass the limit, and nothing is lost", async (store, other) => {
    const grants = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const each = index % 2 === 0 ? store : other;
        const id = `c${index}`;
        const holds = index % 3 === 0 ? [hold("x", 5, 100), hold("z", 1)] : [hold("z", 1), hold("x", 5, 100)];
        return (await each.reserve(lease(id), holds, T)).granted ? id : undefined;
      }),
    );
    const held = grants.filter((id) => id !== undefined);
    equal(held.length, 20);
    deepEqual(await state(store, "x"), [0, 100]);
    deepEqual(await state(store, "z"), [0, 20]);
    const charges = [{ key: "x", amount: 3 }, { key: "z", amount: 1 }]; // oxfmt-ignore
    await Promise.all(held.map(async (id, index) => (index % 2 === 0 ? other : store).settle(id, charges, T)));
    deepEqual(await state(other, "x"), [60, 0]);
    deepEqual(await state(other, "z"), [20, 0]);
  }),
  single("keys are taken literally", async (store) => {
    const keys = ["a", "A", "a ", "{a}", "a:b", "__proto__", "constructor", "'; drop table x; --", "é", "\u0001", "ключ".repeat(125)];
    await store.reserve(lease("it's {a}:*"), keys.map((key, index) => hold(key, index + 1)), T); // oxfmt-ignore
    for (const [index, key] of keys.entries()) deepEqual(await state(store, key), [0, index + 1], key);
    await store.release("it's {a}:*", T);
    for (const key of keys) deepEqual(await state(store, key), [0, 0], key);
  }),
  single("a closed store may be closed again", async (store) => {
    await store.close();
  }),
];
