import fc from "../support/fast-check.ts";
import { expect, test } from "vitest";
import { makeUsage } from "../../src/ir/index.ts";

const count = fc.option(fc.oneof(fc.integer({ min: -5, max: 5000 }), fc.double()), { nil: undefined });

test("buckets are non-negative and add up to their totals, whatever a provider sends", () => {
  fc.assert(
    fc.property(
      fc.record({ total: count, uncached: count, cacheRead: count, cacheWrite: count, audio: count }),
      fc.record({ total: count, text: count, reasoning: count, audio: count }),
      (input, output) => {
        const usage = makeUsage({ input: input as object, output: output as object });
        const numbers = [...Object.values(usage.input), ...Object.values(usage.output)].filter((value) => typeof value === "number");
        expect(numbers.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
        if (usage.input.total !== undefined) {
          expect((usage.input.uncached ?? 0) + (usage.input.cacheRead ?? 0) + (usage.input.cacheWrite ?? 0)).toBe(usage.input.total);
        }
        if (usage.output.total !== undefined) {
          expect((usage.output.text ?? 0) + (usage.output.reasoning ?? 0) + (usage.output.audio ?? 0)).toBe(usage.output.total);
        }
      },
    ),
  );
});

test("unknown stays unknown", () => {
  expect(makeUsage({})).toEqual({ input: {}, output: {} });
});

test("a number beyond all counting is unknown, and so is what it would cost", () => {
  expect(makeUsage({ input: { total: 1e308 }, output: { total: 5 } })).toEqual({ input: {}, output: { total: 5, text: 5 } });
});
