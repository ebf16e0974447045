import fc from "../support/fast-check.ts";
import { expect, test } from "vitest";
import { makeUsage } from "../../src/ir/usage.ts";
import { costOf } from "../../src/models/cost.ts";
import type { Price } from "../../src/models/price.ts";
import { worstCost } from "../../src/spend/worst-case.ts";

const rate = fc.integer({ min: 0, max: 5_000 }).map((cents) => cents / 100);
const rates = { input: rate, output: rate, cacheRead: rate, cacheWrite: rate, cacheWrite1h: rate, reasoning: rate };
const tiers = fc.array(
  fc.record({ above: fc.constantFrom(100, 1_000), input: rate, output: rate, cacheWrite: rate }, { requiredKeys: ["above"] }),
  {
    maxLength: 2,
  },
);
const prices = fc.record(
  {
    ...rates,
    tiers,
    serviceTiers: fc.record({
      flex: fc.constant(0.5),
      priority: fc.oneof(fc.constant(2.5), fc.record({ input: rate, output: rate, tiers })),
    }),
    regions: fc.record({ us: fc.constant(1.1) }),
  },
  { requiredKeys: ["input", "output"] },
) as fc.Arbitrary<Price>;

test("no usage within the bounds costs more than the worst case", () => {
  const count = fc.nat(2_000);
  const buckets = fc.tuple(count, count, count, count, count, count);
  const tier = fc.constantFrom(undefined, "priority", "flex");
  fc.assert(
    fc.property(
      prices,
      buckets,
      tier,
      fc.boolean(),
      fc.boolean(),
      (price, [uncached, read, write, hour, text, reasoning], asked, us, hidden) => {
        // Cache reads that cost more than input are no provider's.
        fc.pre((price.cacheRead ?? 0) <= price.input);
        const usage = {
          ...makeUsage({
            input: { uncached, cacheRead: read, cacheWrite: write + hour, cacheWriteByTtl: { "1h": hour } },
            output: { text, reasoning },
            ...(asked === undefined ? undefined : { serviceTier: asked }),
          }),
          ...(us ? { region: "us" } : undefined),
        };
        const service = hidden ? { providerOptions: {} } : asked === undefined ? {} : { serviceTier: asked };
        const input = uncached + read + write + hour;
        const lower = (price.tiers ?? []).some((each) => (each.input ?? price.input) < (price.cacheRead ?? 0));
        fc.pre(!lower);
        const worst = worstCost(price, input, text + reasoning, { model: "m", messages: [], ...service });
        expect(worst).toBeGreaterThanOrEqual(costOf({ price, usage })!.nanoUsd);
      },
    ),
    { numRuns: 500 },
  );
});
