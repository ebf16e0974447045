import fc from "../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { createResponseStore, type KeptResponse, type ResponseStore } from "../../src/endpoints/response-store.ts";

const ITEM = "msg_0123456789abcdef";

function createTimed(options: Parameters<typeof createResponseStore>[0] = {}): { store: ResponseStore; pass: (ms: number) => void } {
  let time = 1_800_000_000_000;
  const store = createResponseStore(options, { now: () => time, after: () => () => {} });
  return { store, pass: (ms) => void (time += ms) };
}

function response(id: string, previous?: KeptResponse, items: readonly string[] = []): KeptResponse {
  return { id, body: { id, output: items.map((item) => ({ id: item, type: "message" })) }, input: [], previous };
}

/** Bytes that a response of this many characters counts. */
const bytesOf = (length: number): number => length * 2 + 1024;

describe("the response store", () => {
  test("gives back what it was given, until it is deleted", () => {
    const { store } = createTimed();
    const kept = response("a", undefined, [ITEM]);
    store.keep(kept, 10);
    expect(store.get("a")!.body).toBe(kept.body);
    expect(store.item(ITEM)).toBe((kept.body["output"] as unknown[])[0]);
    expect(store.delete("a")).toBe(true);
    expect(store.delete("a")).toBe(false);
    expect(store.get("a")).toBeUndefined();
    expect(store.item(ITEM)).toBeUndefined();
    expect(store.get("__proto__")).toBeUndefined();
  });

  test("lets go of what was used longest ago", () => {
    const { store } = createTimed({ maxEntries: 2 });
    store.keep(response("a"), 1);
    store.keep(response("b"), 1);
    store.get("a");
    store.keep(response("c"), 1);
    expect(["a", "b", "c"].map((id) => store.get(id) !== undefined)).toEqual([true, false, true]);
  });

  test("lets go of what is past its time since its last use", () => {
    const { store, pass } = createTimed({ ttl: 1000 });
    store.keep(response("a", undefined, [ITEM]), 1);
    pass(900);
    expect(store.get("a")).toBeDefined();
    pass(900);
    expect(store.item(ITEM)).toBeDefined();
    pass(100);
    expect(store.item(ITEM)).toBeUndefined();
    expect(store.get("a")).toBeUndefined();
  });

  test("counts a conversation's turns as long as any turn after them is kept", () => {
    const { store } = createTimed({ maxBytes: 3 * bytesOf(100) });
    store.keep(response("a1"), 100);
    store.keep(response("a2", store.get("a1")), 100);
    store.keep(response("a3", store.get("a2")), 100);
    store.delete("a1");
    expect(store.get("a3")!.previous!.previous!.id).toBe("a1");
    // Nothing is freed by forgetting the middle of a conversation, so that all of it goes.
    store.keep(response("b"), 100);
    expect(["a1", "a2", "a3", "b"].filter((id) => store.get(id) !== undefined)).toEqual(["b"]);
    store.keep(response("c"), 100);
    store.keep(response("d"), 100);
    expect(["b", "c", "d"].filter((id) => store.get(id) !== undefined)).toEqual(["b", "c", "d"]);
  });

  test("keeps nothing that is larger than all of it", () => {
    const { store } = createTimed({ maxBytes: bytesOf(100) });
    store.keep(response("a"), 101);
    expect(store.get("a")).toBeUndefined();
    store.keep(response("b"), 100);
    expect(store.get("b")).toBeDefined();
  });

  test("counts a turn again that was let go while its answer was under way", () => {
    const { store } = createTimed({ maxBytes: 2 * bytesOf(100) });
    store.keep(response("a"), 100);
    const before = store.get("a")!;
    store.delete("a");
    store.keep(response("b", before), 100);
    expect(store.get("b")).toBeDefined();
    store.keep(response("c"), 100);
    expect(store.get("b")).toBeUndefined();
    expect(store.get("c")).toBeDefined();
  });

  test("finds items by ids that are long and stand for one item", () => {
    const { store } = createTimed();
    store.keep(response("a", undefined, ["msg_1", ITEM]), 1);
    expect(store.item("msg_1")).toBeUndefined();
    store.keep(response("b", undefined, [ITEM]), 1);
    expect(store.item(ITEM)).toBeUndefined();
  });

  test("stays within its bounds whatever happens", () => {
    const step = fc.record({
      kind: fc.constantFrom("keep", "keep", "keep", "get", "delete", "pass"),
      id: fc.nat(12),
      parent: fc.nat(12),
      length: fc.nat(300),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const [maxEntries, maxBytes] = [6, 5 * bytesOf(150)];
        const { store, pass } = createTimed({ maxEntries, maxBytes, ttl: 1000 });
        const lengths = new Map<KeptResponse["body"], number>();
        for (const { kind, id, parent, length } of steps) {
          if (kind === "keep") {
            const made = response(`r${id}`, store.get(`r${parent}`));
            lengths.set(made.body, length);
            store.keep(made, length);
          } else if (kind === "get") store.get(`r${id}`);
          else if (kind === "delete") store.delete(`r${id}`);
          else pass(length * 2);
        }
        const reached = new Set<KeptResponse["body"]>();
        let found = 0;
        for (let id = 0; id <= 12; id += 1) {
          let each = store.get(`r${id}`);
          if (each !== undefined) found += 1;
          for (; each !== undefined; each = each.previous) reached.add(each.body);
        }
        let bytes = 0;
        for (const body of reached) bytes += bytesOf(lengths.get(body)!);
        expect(found).toBeLessThanOrEqual(maxEntries);
        expect(bytes).toBeLessThanOrEqual(maxBytes);
        // All that was counted is let go of again.
        for (let id = 0; id <= 12; id += 1) store.delete(`r${id}`);
        store.keep(response("last"), maxBytes / 2 - 512);
        expect(store.get("last")).toBeDefined();
      }),
    );
  });
});
