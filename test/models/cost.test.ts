import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeUsage, type Usage, type UsageCounts } from "../../src/ir/usage.ts";
import { catalogue, costOf, type Price } from "../../src/models/index.ts";

function priceOf(name: string): Price {
  const slash = name.indexOf("/");
  const price = catalogue.lookup(name.slice(0, slash), name.slice(slash + 1))?.price;
  if (price === undefined) throw new Error(`${name} has no price`);
  return price;
}

function nano(price: Price | undefined, counts: UsageCounts): number | undefined {
  return costOf({ price, usage: makeUsage(counts) })?.nanoUsd;
}

const M = 1_000_000;
const GPT5: Price = { input: 1.25, output: 10, cacheRead: 0.125 };
const SONNET: Price = {
  input: 3,
  output: 15,
  cacheRead: 0.3,
  cacheWrite: 3.75,
  cacheWrite1h: 6,
  tools: { web_search: 0.01, web_fetch: 0 },
};
const LONG: Price = { input: 1.25, output: 10, cacheRead: 0.125, tiers: [{ above: 200_000, input: 2.5, output: 15, cacheRead: 0.25 }] };
const FLASH: Price = { input: 0.3, output: 2.5, cacheRead: 0.03, audioInput: 1, audioCacheRead: 0.1 };
const VOICE: Price = { input: 2.5, output: 10, audioInput: 40, audioOutput: 80 };
const TIERED: Price = { ...GPT5, serviceTiers: { flex: 0.5, priority: { input: 2.5, output: 20, cacheRead: 0.25 }, odd: 1.75 } };

describe("invoices computed by hand", () => {
  const invoices: readonly (readonly [title: string, price: Price, counts: UsageCounts, nanoUsd: number])[] = [
    ["plain text", GPT5, { input: { total: 1000 }, output: { total: 500 } }, 6_250_000],
    ["half a million cached, a million written", GPT5, { input: { total: M, cacheRead: 500_000 }, output: { total: M } }, 10_687_500_000],
    ["one token in", GPT5, { input: { total: 1 }, output: { total: 0 } }, 1250],
    ["one token out", GPT5, { input: { total: 0 }, output: { total: 1 } }, 10_000],
    ["one cached token", GPT5, { input: { total: 1, cacheRead: 1 }, output: { total: 0 } }, 125],
    ["nothing at all", GPT5, { input: { total: 0 }, output: { total: 0 } }, 0],
    ["a fraction of a billionth is rounded half up", { input: 0.0005, output: 0 }, { input: { total: 1 }, output: { total: 0 } }, 1],
    ["below a half it is rounded down", { input: 0.00049, output: 0 }, { input: { total: 1 }, output: { total: 0 } }, 0],
    ["the sum is rounded, not its terms", { input: 0.0004, output: 0.0004 }, { input: { total: 1 }, output: { total: 1 } }, 1],
    ["0.15 is fifteen hundredths", { input: 0.15, output: 0.6 }, { input: { total: 3 }, output: { total: 7 } }, 4650],
    ["0.1 thrice", { input: 0.1, output: 0 }, { input: { total: 3 }, output: { total: 0 } }, 300],
    ["a price written as 1e-7", { input: 1e-7, output: 0 }, { input: { total: 100 * M }, output: { total: 0 } }, 10_000],
    ["reasoning at the output price", GPT5, { input: { total: 0 }, output: { total: 1000, reasoning: 800 } }, 10_000_000],
    ["reasoning at its own", { ...GPT5, reasoning: 3 }, { input: { total: 0 }, output: { total: 1000, reasoning: 800 } }, 4_400_000],
    ["a five-minute write", SONNET, { input: { total: 10_000, cacheWrite: 8000 }, output: { total: 100 } }, 37_500_000],
    [
      "an hour's write",
      SONNET,
      { input: { total: 8000, cacheWrite: 8000, cacheWriteByTtl: { "1h": 8000 } }, output: { total: 0 } },
      48_000_000,
    ],
    [
      "both lifetimes",
      SONNET,
      { input: { total: 3000, cacheWrite: 3000, cacheWriteByTtl: { "5m": 2000, "1h": 1000 } }, output: { total: 0 } },
      13_500_000,
    ],
    [
      "lifetimes that cost no more",
      SONNET,
      { input: { total: 1000, cacheWrite: 1000, cacheWriteByTtl: { "30m": 500, "12h": 500 } }, output: { total: 0 } },
      3_750_000,
    ],
    [
      "everything in the cache",
      SONNET,
      { input: { total: 12_000, cacheRead: 10_000, cacheWrite: 1500 }, output: { total: 300 } },
      1_500_000 + 3_000_000 + 5_625_000 + 4_500_000,
    ],
    ["three searches", SONNET, { input: { total: 0 }, output: { total: 0 }, serverTools: { web_search: 3 } }, 30_000_000],
    ["a tool that is free", SONNET, { input: { total: 0 }, output: { total: 0 }, serverTools: { web_fetch: 3 } }, 0],
    ["at the threshold", LONG, { input: { total: 200_000 }, output: { total: 0 } }, 250_000_000],
    ["above it all tokens cost more", LONG, { input: { total: 200_001 }, output: { total: 1000 } }, 500_002_500 + 15_000_000],
    [
      "cached tokens count towards the threshold",
      LONG,
      { input: { total: 300_000, cacheRead: 299_000 }, output: { total: 0 } },
      2_500_000 + 74_750_000,
    ],
    [
      "the highest threshold that is passed",
      {
        input: 1,
        output: 0,
        tiers: [
          { above: 256_000, input: 3 },
          { above: 128_000, input: 2 },
        ],
      },
      { input: { total: 300_000 }, output: { total: 0 } },
      900_000_000,
    ],
    [
      "a tier without an output price keeps it",
      { input: 1, output: 5, tiers: [{ above: 10, input: 2 }] },
      { input: { total: 11 }, output: { total: 1 } },
      27_000,
    ],
    ["sound by the minute", FLASH, { input: { total: 5000, audio: 4000 }, output: { total: 0 } }, 4_300_000],
    ["sound from the cache", FLASH, { input: { total: 4000, cacheRead: 4000, cachedAudio: 1000 }, output: { total: 0 } }, 190_000],
    [
      "spoken answers",
      VOICE,
      { input: { total: 600, audio: 500 }, output: { total: 420, audio: 400 } },
      250_000 + 20_000_000 + 200_000 + 32_000_000,
    ],
    ["images at the text price", GPT5, { input: { total: 1000, image: 700 }, output: { total: 0 } }, 1_250_000],
    ["images at their own", { ...GPT5, imageInput: 5 }, { input: { total: 1000, image: 700 }, output: { total: 0 } }, 3_875_000],
    ["drawn answers", { ...GPT5, imageOutput: 30 }, { input: { total: 0 }, output: { total: 1290, image: 1290 } }, 38_700_000],
    ["flex", TIERED, { input: { total: 1000 }, output: { total: 500 }, serviceTier: "flex" }, 3_125_000],
    [
      "flex, a token",
      { input: 0.075, output: 0, serviceTiers: { flex: 0.5 } },
      { input: { total: 1 }, output: { total: 0 }, serviceTier: "flex" },
      38,
    ],
    [
      "priority, by its own prices",
      TIERED,
      { input: { total: 1000, cacheRead: 400 }, output: { total: 500 }, serviceTier: "priority" },
      11_600_000,
    ],
    ["a factor that is no power of two", TIERED, { input: { total: 1 }, output: { total: 1 }, serviceTier: "odd" }, 19_688],
    ["the default tier", TIERED, { input: { total: 1000 }, output: { total: 500 }, serviceTier: "default" }, 6_250_000],
    ["free of charge", { input: 0, output: 0 }, { input: { total: 5 * M }, output: { total: M } }, 0],
    ["ten billion tokens", { input: 75, output: 600 }, { input: { total: 10_000 * M }, output: { total: 0 } }, 750_000_000_000_000],
  ];
  it.each(invoices)("%s", (_, price, counts, expected) => {
    expect(nano(price, counts)).toBe(expected);
  });

  const listed: readonly (readonly [model: string, counts: UsageCounts, usd: number])[] = [
    ["openai/gpt-5", { input: { total: M, cacheRead: 500_000 }, output: { total: M } }, 10.6875],
    ["openai/gpt-5-mini", { input: { total: M }, output: { total: M }, serviceTier: "priority" }, 4.05],
    ["openai/gpt-5.6-sol", { input: { total: M, cacheWrite: M }, output: { total: 0 } }, 10],
    ["openai/gpt-5.4", { input: { total: 300_000 }, output: { total: 10_000 } }, 1.725],
    ["openai/gpt-4o-audio-preview", { input: { total: M, audio: M }, output: { total: 0 } }, 40],
    ["anthropic/claude-opus-4-6", { input: { total: M }, output: { total: M }, serviceTier: "fast" }, 180],
    ["anthropic/claude-opus-4-6", { input: { total: M }, output: { total: M }, region: "us" }, 33],
    ["anthropic/claude-opus-4-6", { input: { total: M }, output: { total: M }, serviceTier: "fast", region: "us" }, 198],
    ["anthropic/claude-opus-4-6", { input: { total: M }, output: { total: M }, region: "global" }, 30],
    ["anthropic/claude-sonnet-4-5", { input: { total: M }, output: { total: M }, region: "us" }, 18],
    ["anthropic/claude-haiku-5-5", { input: { total: 100_001 }, output: { total: 0 } }, 0.0500005],
    ["anthropic/claude-sonnet-4-5", { input: { total: M, cacheWrite: M, cacheWriteByTtl: { "1h": M } }, output: { total: 0 } }, 6],
    ["google/gemini-2.5-pro", { input: { total: 250_000, cacheRead: 50_000 }, output: { total: 1000, reasoning: 600 } }, 0.5275],
    ["google/gemini-2.5-flash", { input: { total: 2000, audio: 1000 }, output: { total: 100 }, serviceTier: "batch" }, 0.000775],
    ["groq/openai/gpt-oss-120b", { input: { total: M }, output: { total: M }, serviceTier: "flex" }, 0.75],
  ];
  it.each(listed)("C01–C04 %s from the catalogue", (model, counts, usd) => {
    const cost = costOf({ price: priceOf(model), usage: makeUsage(counts), source: "catalogue" });
    expect(cost).toMatchObject({ total: usd, source: "catalogue" });
    expect(cost?.estimated).toBeUndefined();
    expect(cost?.date).toMatch(/^2026-\d\d-\d\d$/);
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

  it("never falls when more is used", () => {
    fc.assert(
      fc.property(tokens, tokens, tokens, (read, text, more) => {
        const at = (uncached: number): number => nano(LONG, { input: { uncached, cacheRead: read }, output: { text } })!;
        expect(at(more + 1)).toBeGreaterThanOrEqual(at(more));
      }),
    );
  });
});
