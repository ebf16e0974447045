import fc from "../support/fast-check.ts";
import type { Hold, Store } from "crosspoint";
import { expect, test } from "vitest";
import { memoryStore } from "../../src/spend/memory.ts";

const KEYS = ["a", "b", "c"] as const;
const START = 1_700_000_000_000;

const key = fc.constantFrom(...KEYS);
const lease = fc.nat(11);
const amounts = fc.uniqueArray(fc.record({ key, amount: fc.nat(20) }), { selector: (each) => each.key, maxLength: 3 });
const step = fc.oneof(
  fc.record({ kind: fc.constant("reserve" as const), holds: amounts, limit: fc.option(fc.nat(60), { nil: undefined }), length: fc.integer({ min: 1, max: 300 }) }), // oxfmt-ignore
  fc.record({ kind: fc.constant("settle" as const), lease, charges: amounts }),
  fc.record({ kind: fc.constant("release" as const), lease }),
  fc.record({ kind: fc.constant("renew" as const), leases: fc.array(lease, { maxLength: 3 }), length: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ kind: fc.constant("wait" as const), length: fc.oneof(fc.nat(150), fc.constant(86_400_000 - 100)) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Whatever is done in whatever order, a store's counters are those of the store in memory. */
export function agreesWithMemory(open: () => Promise<Store>, numRuns: number): void {
  test("any sequence of calls leaves the counters that the store in memory has", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        const store = await open();
        try {
          expect(await trace(store, steps)).toEqual(await trace(memoryStore(), steps));
        } finally {
          await store.close();
        }
      }),
      { numRuns },
    );
  });
}

async function trace(store: Store, steps: readonly Step[]): Promise<unknown[]> {
  const seen: unknown[] = [];
  let now = START;
  let leases = 0;
  for (const each of steps) {
    const bucket = Math.floor(now / 100) * 100;
    switch (each.kind) {
      case "reserve": {
        const holds = each.holds.map(({ key, amount }): Hold => ({
          key,
          amount,
          bucket,
          from: bucket - 200,
          bucketEnd: bucket + 1e12,
          ...(each.limit === undefined ? undefined : { limit: each.limit }),
        }));
        seen.push(await store.reserve({ id: `l${leases++}`, expiresAt: now + each.length }, holds, now));
        break;
      }
      case "settle":
        await store.settle(`l${each.lease}`, each.charges, now);
        break;
      case "release":
        await store.release(`l${each.lease}`, now);
        break;
      case "renew":
        await store.renew(each.leases.map((index) => `l${index}`), now + each.length, now); // oxfmt-ignore
        break;
      case "wait":
        now += each.length;
        break;
      default:
        each satisfies never;
    }
    const from = Math.floor(now / 100) * 100 - 200;
    seen.push(await store.counters(KEYS.map((key) => ({ key, from })), now)); // oxfmt-ignore
  }
  return seen;
}
