import { deepEqual, equal } from "node:assert/strict";
import { shared, single, T, type StoreCase } from "./case.ts";

export const valueCases: readonly StoreCase[] = [
  shared("values: what one connection sets, another gets, replaces and deletes", async (store, other) => {
    equal(await store.get("health", T), undefined);
    equal(await store.set("health", "one", {}, T), true);
    equal(await other.get("health", T), "one");
    equal(await other.set("health", "two ✓ '\"\n", {}, T), true);
    equal(await store.get("health", T + 1e12), "two ✓ '\"\n");
    await store.delete("health");
    equal(await other.get("health", T), undefined);
    await store.delete("health");
  }),
  single("values: one that has expired is not there, by the caller's clock", async (store) => {
    await store.set("k", "v", { expiresAt: T + 1_000 }, T);
    equal(await store.get("k", T + 999), "v");
    equal(await store.get("k", T + 1_000), undefined);
    await store.set("k", "w", { expiresAt: T + 1_000 }, T);
    await store.set("k", "x", {}, T);
    equal(await store.get("k", T + 5_000), "x", "a value set anew lives as long as it was set for");
  }),
  shared("values: ifAbsent sets once until it expires", async (store, other) => {
    const set = (each: typeof store, value: string, now: number) => each.set("k", value, { ifAbsent: true, expiresAt: now + 100 }, now);
    const results = await Promise.all([set(store, "a", T), set(other, "b", T), set(store, "c", T), set(other, "d", T)]);
    equal(results.filter(Boolean).length, 1);
    const kept = await store.get("k", T);
    equal(await set(other, "e", T + 99), false);
    equal(await store.get("k", T + 99), kept);
    equal(await set(other, "f", T + 100), true);
    equal(await store.get("k", T + 100), "f");
  }),
  shared("values: several are read at once, in the order of the question", async (store, other) => {
    deepEqual([...(await store.getMany([], T))], []);
    await store.set("b", "two", {}, T);
    await other.set("a", "one ✓", { expiresAt: T + 100 }, T);
    await store.set("__proto__", "three", {}, T);
    const keys = ["a", "none", "b", "a", "__proto__", "constructor"];
    deepEqual([...(await store.getMany(keys, T))], ["one ✓", undefined, "two", "one ✓", "three", undefined]);
    deepEqual([...(await store.getMany(keys, T + 100))], [undefined, undefined, "two", undefined, "three", undefined]);
    await other.delete("b");
    const many = Array.from({ length: 5_000 }, (_, index) => `k${index}`);
    await store.set("k4999", "last", {}, T);
    const found = await store.getMany(many, T);
    equal(found.length, 5_000);
    equal(found.filter((each) => each !== undefined).length, 1);
    equal(found[4_999], "last");
    deepEqual([...(await store.getMany(["b"], T))], [undefined]);
  }),
  single("values: keys are taken literally", async (store) => {
    for (const key of ["__proto__", "a:b", "a b", "%", "{x}", "A", "a", "é", "x".repeat(500)]) await store.set(key, `<${key}>`, {}, T);
    for (const key of ["__proto__", "a:b", "a b", "%", "{x}", "A", "a", "é", "x".repeat(500)]) equal(await store.get(key, T), `<${key}>`);
    equal(await store.get("constructor", T), undefined);
  }),
];
