import fc from "../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { createCrosspoint } from "../../src/index.ts";
import { costOf } from "../../src/models/cost.ts";
import { doubtsOf, movesOf } from "../../src/models/gates.ts";
import { amountOf, decimal } from "../../src/models/price.ts";
import { makeUsage } from "../../src/ir/usage.ts";

const price = { input: 1, output: 2 };

describe("amounts", () => {
  /** A decimal of up to twelve digits, written in one of the ways that lists have. */
  const written = fc
    .tuple(fc.bigInt({ min: 0n, max: 999_999_999_999n }), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 2 }))
    .map(([n, digits, form]) => {
      const padded = String(n).padStart(digits + 1, "0");
      const plain = digits === 0 ? padded : `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
      return { n, digits, text: form === 0 ? plain : form === 1 ? `${n}e-${digits}` : `${n}E-${String(digits).padStart(2, "0")}` };
    });

  test("a price for one token becomes that for a million without an error of doubles", () => {
    fc.assert(
      fc.property(written, ({ n, digits, text }) => {
        for (const value of [text, Number(text)]) {
          const { n: found, digits: places } = decimal(amountOf(value, 6))!;
          // n / 10^digits · 10^6 = found / 10^places, in whole numbers.
          expect(found * 10n ** BigInt(digits)).toBe(n * 10n ** BigInt(6 + places));
        }
      }),
    );
  });

  test.each([
    [1.5e-7, 0.15],
    ["1.5e-7", 0.15],
    [" 0.00000015 ", 0.15],
    [1.5000000000000002e-7, 0.15],
    ["2.9999999999999997e-7", 0.3],
    [0, 0],
    [3, 3_000_000],
  ])("%j for one token is %d for a million", (value, amount) => {
    expect(amountOf(value, 6)).toBe(amount);
  });

  test.each([-1, Number.NaN, Infinity, "", "1,5", "-0.1", "0x10", "1e999", "abc", null, undefined, true, {}, [1]])(
    "%j is no amount",
    (value) => {
      expect(amountOf(value, 6)).toBeUndefined();
    },
  );

  test("what is read costs what a bill in whole numbers says", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 0, max: 5_000_000 }), (tenths, count) => {
        const rate = amountOf(`${tenths}e-10`, 6)!; // so many ten-billionths of a dollar for a token
        const usage = makeUsage({ input: { total: count }, output: { total: 0 } });
        const exact = (BigInt(tenths) * BigInt(count) + 5n) / 10n;
        expect(costOf({ price: { input: rate, output: 0 }, usage })?.nanoUsd).toBe(Number(exact));
      }),
    );
  });
});

describe("the prices option", () => {
  test.each<[unknown, string]>([
    [{ input: 1 }, 'prices["m"].output is missing'],
    [{ ...price, input: -1 }, 'prices["m"].input must be a number of at least 0, not -1'],
    [{ ...price, output: "2" }, 'prices["m"].output must be a number of at least 0, not "2"'],
    [{ ...price, cacheRead: Number.NaN }, 'prices["m"].cacheRead must be a number'],
    [{ ...price, cachedRead: 1 }, 'prices["m"].cachedRead is unknown; there are: input, output, cacheRead'],
    [{ ...price, currency: "EUR" }, 'prices["m"].currency must be "USD"'],
    [{ ...price, tiers: { above: 1 } }, 'prices["m"].tiers must be a list'],
    [{ ...price, tiers: [{ input: 1 }] }, 'prices["m"].tiers[0].above is missing'],
    [{ ...price, tiers: [{ above: 1, inputs: 1 }] }, 'prices["m"].tiers[0].inputs is unknown'],
    [{ ...price, serviceTiers: { flex: "half" } }, 'prices["m"].serviceTiers["flex"] must be a number'],
    [{ ...price, serviceTiers: { flex: { input: -1 } } }, 'prices["m"].serviceTiers["flex"].input must be a number'],
    [{ ...price, tools: { web_search: "1" } }, 'prices["m"].tools["web_search"] must be a number'],
    [5, 'prices["m"] must be an object'],
    [null, 'prices["m"] must be an object'],
  ])("%j: %s", (wrong, message) => {
    expect(() => createCrosspoint({ prices: { m: wrong as never } })).toThrow(message);
  });

  test("takes every field of a price", () => {
    const whole = {
      ...price,
      cacheRead: 0.1,
      cacheWrite: 1,
      cacheWrite1h: 2,
      audioInput: 3,
      audioCacheRead: 1,
      audioOutput: 4,
      imageInput: 1,
      imageOutput: 5,
      reasoning: 2,
      tools: { web_search: 0.01 },
      regions: { us: 1.1 },
      source: "mine",
      date: "2026-11-20",
      currency: "USD",
      tiers: [{ above: 200_000, input: 2 }],
      serviceTiers: { flex: 0.5, priority: { input: 2, output: 4, tiers: [{ above: 200_000, input: 4 }] } },
    } as const;
    expect(() => createCrosspoint({ prices: { m: whole } })).not.toThrow();
  });

  test("an option that is no price list is named", () => {
    for (const [catalogue, message] of [
      [{}, "catalogue must have one of url, file and data"],
      [{ url: "https://x.example/p.json", data: {} }, "catalogue must have one of url, file and data"],
      [{ file: 5 }, "catalogue.file must be a path"],
      [{ url: "file:///p.json" }, "catalogue.url must be an http(s) URL"],
      [{ url: "https://x.example/p.json", format: "yaml" }, "catalogue.format must be one of crosspoint, litellm, models.dev"],
      [{ data: {}, refreshMs: 5 }, "catalogue.refreshMs must be a number of milliseconds, 1000 at least"],
      [{ uri: "https://x.example" }, "catalogue.uri is unknown; there are: url, file, data, format, refreshMs"],
    ] as const) {
      expect(() => createCrosspoint({ catalogue: catalogue as never })).toThrow(message);
    }
  });

  test("what looks like the price of one token is told, and holds", async () => {
    const lines: object[] = [];
    const logger = { debug: () => {}, warn: (fields: object) => void lines.push(fields) };
    const mine = { "openai/gpt-5": { input: 1.25e-6, output: 1e-5 }, "openai/gpt-4o": price };
    const crosspoint = createCrosspoint({ prices: mine, logger });
    const { doubts } = await crosspoint.catalogue();
    expect(doubts).toEqual([{ model: "openai/gpt-5", reason: expect.stringContaining("as if it were for one") }]);
    await expect.poll(() => lines).toEqual(doubts);
    const usage = makeUsage({ input: { total: 1_000_000 }, output: { total: 0 } });
    expect(crosspoint.cost({ model: "openai/gpt-5", usage })?.nanoUsd).toBe(1_250);
  });
});

describe("gates", () => {
  test.each<[object, readonly string[]]>([
    [{}, []],
    [{ cacheRead: 1 }, []],
    [{ input: 0, output: 0 }, []],
    [{ cacheRead: 1.5 }, ["a cache read is dearer than input"]],
    [{ tiers: [{ above: 1, cacheRead: 1.5 }] }, ["a cache read is dearer than input"]],
    [{ tiers: [{ above: 1, input: 2, cacheRead: 1.5 }] }, []],
    [{ input: 0.0004, output: 0.001 }, [expect.stringContaining("as if it were for one")]],
    [{ output: 20_000 }, ["output is 20000 dollars for a million tokens"]],
    [{ output: -1 }, ["output is no amount"]],
    [{ output: Number.NaN }, ["output is no amount"]],
  ])("%j", (change, doubts) => {
    expect(doubtsOf({ ...price, ...change })).toEqual(doubts);
  });

  test("a price that moves tenfold, either way, or goes", () => {
    expect(movesOf(price, { input: 9.9, output: 0.21 })).toEqual([]);
    expect(movesOf(price, { input: 10, output: 0.2 })).toEqual(["input went from 1 to 10", "output went from 2 to 0.2"]);
    expect(movesOf({ input: 0, output: 0 }, { input: 0, output: 1 })).toEqual(["output went from 0 to 1"]);
    expect(movesOf(price, undefined)).toEqual(["lost its price"]);
    expect(movesOf(undefined, price)).toEqual([]);
  });
});
