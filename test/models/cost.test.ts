import fc from "../support/fast-check.ts";
import { describe, expect, it } from "vitest";
import { makeUsage, type Usage, type UsageCounts } from "../../src/ir/usage.ts";
import * as full from "../../src/models/catalogue-full.gen.ts";
import * as small from "../../src/models/catalogue.gen.ts";
import { costOf, createCatalogue, type Price } from "../../src/models/index.ts";
import { GPT5, INVOICES, LONG, M, SONNET } from "./invoices.ts";

const catalogue = createCatalogue(
  ...[full, small].map(({ MODELS, SOURCE, DATE, HAND_DATE }) => ({ models: MODELS, source: SOURCE, date: DATE, handDate: HAND_DATE })),
);

function priceOf(name: string): Price {
  const slash = name.indexOf("/");
  const price = catalogue.lookup(name.slice(0, slash), name.slice(slash + 1))?.price;
  if (price === undefined) throw new Error(`${name} has no price`);
  return price;
}

function nano(price: Price | undefined, counts: UsageCounts): number | undefined {
  return costOf({ price, usage: makeUsage(counts) })?.nanoUsd;
}

describe("invoices computed by hand", () => {
  const titled = INVOICES.map(
    (invoice) => [typeof invoice[1] === "string" ? `${invoice[1]}: ${invoice[0]}` : invoice[0], invoice] as const,
  );
  it.each(titled)("C01–C04 %s", (_, [, priced, counts, nanoUsd]) => {
    const listed = typeof priced === "string";
    const cost = costOf({ price: listed ? priceOf(priced) : priced, usage: makeUsage(counts), source: listed ? "catalogue" : "override" });
    expect(cost).toMatchObject({ nanoUsd, total: nanoUsd / 1e9, source: listed ? "catalogue" : "override" });
    expect(cost?.items.reduce((sum, { amount }) => sum + Math.round(amount * 1e9), 0)).toBe(nanoUsd);
    expect(cost?.estimated).toBeUndefined();
    if (listed) expect(cost?.date).toMatch(/^2026-\d\d-\d\d$/);
  });

  it("itemises", () => {
    const counts: UsageCounts = {
      input: { total: 12_000, cacheRead: 9000, cacheWrite: 2000, cacheWriteByTtl: { "1h": 500 } },
      output: { total: 700, reasoning: 200 },
      serverTools: { web_search: 2 },
    };
    expect(costOf({ price: SONNET, usage: makeUsage(counts) })?.items).toEqual([
      { kind: "input", quantity: 1000, unitPrice: 3, amount: 0.003 },
      { kind: "cacheRead", quantity: 9000, unitPrice: 0.3, amount: 0.0027 },
      { kind: "cacheWrite", quantity: 1500, unitPrice: 3.75, amount: 0.005625 },
      { kind: "cacheWrite1h", quantity: 500, unitPrice: 6, amount: 0.003 },
      { kind: "output", quantity: 500, unitPrice: 15, amount: 0.0075 },
      { kind: "reasoning", quantity: 200, unitPrice: 15, amount: 0.003 },
      { kind: "tool:web_search", quantity: 2, unitPrice: 10_000, amount: 0.02 },
    ]);
  });
});

describe("what is not known", () => {
  const usage = makeUsage({ input: { total: 10 }, output: { total: 10 } });

  it("is never 0: no price, no counts, an invalid rate", () => {
    expect(costOf({ usage })).toBeUndefined();
    expect(costOf({ price: GPT5, usage: makeUsage({}) })).toBeUndefined();
    expect(nano(GPT5, { input: { total: 5 } })).toBeUndefined();
    expect(nano(GPT5, { output: { total: 5 } })).toBeUndefined();
    for (const bad of [Number.NaN, -1, Number.POSITIVE_INFINITY, "1" as unknown as number, null as unknown as number]) {
      expect(costOf({ price: { input: bad, output: 1 }, usage })).toBeUndefined();
      expect(costOf({ price: { ...GPT5, tools: { x: bad } }, usage })).toBeUndefined();
    }
  });

  it("a factor that is no amount", () => {
    for (const bad of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
      expect(costOf({ price: { ...GPT5, serviceTiers: { x: bad } }, usage: { ...usage, serviceTier: "x" } })).toBeUndefined();
    }
  });

  it("is not needed where it costs nothing", () => {
    expect(nano({ input: 0.02, output: 0 }, { input: { total: M } })).toBe(20_000_000);
    expect(nano({ input: 0, output: 0 }, {})).toBe(0);
  });

  it("is stood in for, and says so", () => {
    const stoodIn: readonly (readonly [Price, UsageCounts, number])[] = [
      [{ input: 2, output: 8 }, { input: { total: 10, cacheRead: 10 }, output: { total: 0 } }, 20_000],
      [{ input: 2, output: 8 }, { input: { total: 10, cacheWrite: 10 }, output: { total: 0 } }, 20_000],
      [
        { input: 2, output: 8, cacheWrite: 3 },
        { input: { total: 10, cacheWrite: 10, cacheWriteByTtl: { "1h": 10 } }, output: { total: 0 } },
        30_000,
      ],
      [{ input: 2, output: 8 }, { input: { total: 10, audio: 10 }, output: { total: 0 } }, 20_000],
      [{ input: 2, output: 8 }, { input: { total: 0 }, output: { total: 10, audio: 10 } }, 80_000],
      [GPT5, { input: { total: 1000 }, output: { total: 500 }, serviceTier: "turbo" }, 6_250_000],
      [GPT5, { input: { total: 1000 }, output: { total: 500 }, serviceTier: "constructor" }, 6_250_000],
      [GPT5, { input: { total: 1000 }, output: { total: 500 }, serverTools: { toString: 2 } }, 6_250_000],
    ];
    for (const [price, counts, nanoUsd] of stoodIn) {
      expect(costOf({ price, usage: makeUsage(counts) })).toMatchObject({ nanoUsd, estimated: true });
    }
    expect(costOf({ price: GPT5, usage: { ...usage, estimated: true } })?.estimated).toBe(true);
    expect(costOf({ price: GPT5, usage })).not.toHaveProperty("estimated");
  });

  it("stays harmless when the counts are hostile", () => {
    const usages = [
      { input: { total: 10, cacheRead: 50, audio: 99 }, output: { total: 3, reasoning: 9 } },
      { input: { total: Number.NaN }, output: { total: 1 } },
      { input: { uncached: -5, cacheRead: 1.5 }, output: { text: 2.4 } },
      { input: { total: 1e300 }, output: { total: 1e300 } },
      { input: { total: 1 }, output: { total: 1 }, serviceTier: 7 as unknown as string },
    ] satisfies Usage[];
    for (const one of usages) expect(costOf({ price: SONNET, usage: one })?.nanoUsd ?? 0).toBeGreaterThanOrEqual(0);
    expect(costOf({ price: SONNET, usage: usages[1]! })).toBeUndefined();
  });
});

describe("C04 what the provider reports", () => {
  const usage = makeUsage({ input: { total: 1000 }, output: { total: 1000 } });

  it.each([
    [0.0123456, 12_345_600],
    [0, 0],
    [5e-10, 1],
    [4.9e-10, 0],
    [1.0000000005, 1_000_000_001],
  ])("%d USD wins over the table", (reportedCost, nanoUsd) => {
    const cost = costOf({ price: GPT5, usage: { ...usage, reportedCost } });
    expect(cost).toMatchObject({ nanoUsd, total: nanoUsd / 1e9, source: "provider" });
    expect(cost?.items).toMatchObject([{ kind: "reported", quantity: 1, amount: nanoUsd / 1e9 }]);
    expect(costOf({ usage: { ...usage, reportedCost } })).toEqual(cost);
  });

  it("C01 is estimated beside an advisor, whose model has a bill of its own", () => {
    const price = priceOf("anthropic/claude-opus-4-6");
    expect(costOf({ price, usage: { ...usage, serverTools: { advisor: 1 } } })?.estimated).toBe(true);
    expect(costOf({ price, usage: { ...usage, serverTools: { web_search: 1 } } })).not.toHaveProperty("estimated");
  });

  it("is ignored when it is no amount", () => {
    for (const reportedCost of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(costOf({ price: GPT5, usage: { ...usage, reportedCost } })).toMatchObject({ nanoUsd: 11_250_000, source: "override" });
    }
  });
});

describe("properties", () => {
  /** A rate with its exact value: `n / 10^digits`. */
  const rate = fc
    .tuple(fc.nat(99_999), fc.integer({ min: 0, max: 6 }))
    .map(([n, digits]) => ({ n, digits, value: Number(`${n}e-${digits}`) }));
  const tokens = fc.oneof(fc.nat(2000), fc.nat(5_000_000));
  const cases = fc.record({
    rates: fc.record({ input: rate, output: rate, cacheRead: rate, cacheWrite: rate, cacheWrite1h: rate, reasoning: rate }),
    factor: fc.constantFrom({ n: 1, digits: 0 }, { n: 5, digits: 1 }, { n: 175, digits: 2 }, { n: 18, digits: 1 }),
    fee: rate,
    uncached: tokens,
    read: tokens,
    write: tokens,
    hour: tokens,
    text: tokens,
    reasoning: tokens,
    calls: fc.nat(20),
  });

  it("agrees with exact fractions, and its lines add up", () => {
    fc.assert(
      fc.property(cases, ({ rates, factor, fee, ...given }) => {
        const price: Price = {
          input: rates.input.value,
          output: rates.output.value,
          cacheRead: rates.cacheRead.value,
          cacheWrite: rates.cacheWrite.value,
          cacheWrite1h: rates.cacheWrite1h.value,
          reasoning: rates.reasoning.value,
          tools: { search: fee.value },
          serviceTiers: { special: Number(`${factor.n}e-${factor.digits}`) },
        };
        const usage = makeUsage({
          input: {
            uncached: given.uncached,
            cacheRead: given.read,
            cacheWrite: given.write + given.hour,
            cacheWriteByTtl: { "5m": given.write, "1h": given.hour },
          },
          output: { text: given.text, reasoning: given.reasoning },
          serverTools: { search: given.calls },
          serviceTier: "special",
        });
        // In units of 10^-30 dollars, so that every term is a whole number.
        const term = (count: number, one: { n: number; digits: number }, times: { n: number; digits: number }, perMillion = 6): bigint =>
          BigInt(count) * BigInt(one.n) * BigInt(times.n) * 10n ** BigInt(30 - perMillion - one.digits - times.digits);
        const exact =
          term(given.uncached, rates.input, factor) +
          term(given.read, rates.cacheRead, factor) +
          term(given.write, rates.cacheWrite, factor) +
          term(given.hour, rates.cacheWrite1h, factor) +
          term(given.text, rates.output, factor) +
          term(given.reasoning, rates.reasoning, factor) +
          term(given.calls, fee, { n: 1, digits: 0 }, 0);
        const unit = 10n ** 21n;
        const cost = costOf({ price, usage });
        expect(cost?.nanoUsd).toBe(Number((exact * 2n + unit) / (unit * 2n)));
        expect(cost?.items.reduce((sum, { amount }) => sum + Math.round(amount * 1e9), 0)).toBe(cost?.nanoUsd);
        expect(cost?.estimated).toBeUndefined();
        for (const { quantity, unitPrice, amount } of cost?.items ?? []) {
          expect(Math.abs((quantity * unitPrice) / 1e6 - amount)).toBeLessThan(1.01e-9 + amount * 1e-12);
        }
      }),
    );
  });

  it("is exact about the largest integers that plain numbers hold, and beyond them", () => {
    const near = fc.record({
      one: rate,
      other: rate,
      times: fc.constantFrom(0.5, 1, 3, 1000),
      off: fc.integer({ min: -3, max: 3 }),
      text: tokens,
    });
    fc.assert(
      fc.property(near, ({ one, other, times, off, text }) => {
        const digits = Math.max(3, one.digits, other.digits);
        const scaled = ({ n, digits: own }: typeof one): bigint => BigInt(n) * 10n ** BigInt(digits - own);
        const most = Math.floor((Number.MAX_SAFE_INTEGER / Number(scaled(one) + 1n)) * times);
        const read = Math.min(Math.max(0, most + off), Number.MAX_SAFE_INTEGER);
        const cost = costOf({
          price: { input: one.value, output: other.value },
          usage: makeUsage({ input: { total: read }, output: { total: text } }),
        });
        const [unit, exact] = [10n ** BigInt(digits - 3), BigInt(read) * scaled(one) + BigInt(text) * scaled(other)];
        expect(cost?.nanoUsd).toBe(Number((exact * 2n + unit) / (unit * 2n)));
      }),
    );
  });

  it("never falls when more is used", () => {
    fc.assert(
      fc.property(tokens, tokens, tokens, (read, text, more) => {
        const at = (uncached: number): number => nano(LONG, { input: { uncached, cacheRead: read }, output: { text } })!;
        expect(at(more + 1)).toBeGreaterThanOrEqual(at(more));
      }),
    );
  });
});
