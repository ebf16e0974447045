import type { UsageCounts } from "../../src/ir/usage.ts";
import type { Price } from "../../src/models/index.ts";

/** What was used at a price, or at the price that the catalogues have for a model, and what that comes to by hand. */
export type Invoice = readonly [title: string, price: Price | string, counts: UsageCounts, nanoUsd: number];

export const M = 1_000_000;
export const GPT5: Price = { input: 1.25, output: 10, cacheRead: 0.125 };
export const SONNET: Price = {
  input: 3,
  output: 15,
  cacheRead: 0.3,
  cacheWrite: 3.75,
  cacheWrite1h: 6,
  tools: { web_search: 0.01, web_fetch: 0 },
};
export const LONG: Price = {
  input: 1.25,
  output: 10,
  cacheRead: 0.125,
  tiers: [{ above: 200_000, input: 2.5, output: 15, cacheRead: 0.25 }],
};
const FLASH: Price = { input: 0.3, output: 2.5, cacheRead: 0.03, audioInput: 1, audioCacheRead: 0.1 };
const VOICE: Price = { input: 2.5, output: 10, audioInput: 40, audioOutput: 80 };
const TIERED: Price = { ...GPT5, serviceTiers: { flex: 0.5, priority: { input: 2.5, output: 20, cacheRead: 0.25 }, odd: 1.75 } };

/** The rules, one by one, at prices that are written out. */
const BY_PRICE: readonly Invoice[] = [
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

/** What the price pages say, by the catalogues. */
const BY_MODEL: readonly Invoice[] = [
  // https://developers.openai.com/api/docs/pricing
  ["half cached, a million out", "openai/gpt-5", { input: { total: M, cacheRead: 500_000 }, output: { total: M } }, 10_687_500_000],
  [
    "searches of the web and of files",
    "openai/gpt-5",
    { input: { total: 20_000 }, output: { total: 1000 }, serverTools: { web_search: 2, file_search: 4 } },
    25_000_000 + 10_000_000 + 20_000_000 + 10_000_000,
  ],
  ["priority", "openai/gpt-5-mini", { input: { total: M }, output: { total: M }, serviceTier: "priority" }, 4_050_000_000],
  ["priority at another factor", "openai/gpt-5.5", { input: { total: 1000 }, output: { total: 100 }, serviceTier: "priority" }, 20_000_000],
  ["priority of an older model", "openai/gpt-4o", { input: { total: 1000 }, output: { total: 1000 }, serviceTier: "priority" }, 21_250_000],
  [
    "batch, partly cached",
    "openai/gpt-4.1",
    { input: { total: 10_000, cacheRead: 4000 }, output: { total: 1000 }, serviceTier: "batch" },
    11_000_000,
  ],
  [
    "batch of one cached token: half of 5 is 3",
    "openai/gpt-5-nano",
    { input: { total: 1, cacheRead: 1 }, output: { total: 0 }, serviceTier: "batch" },
    3,
  ],
  [
    "flex with reasoning",
    "openai/o3",
    { input: { total: 1000 }, output: { total: 3000, reasoning: 2000 }, serviceTier: "flex" },
    13_000_000,
  ],
  ["a write that is billed", "openai/gpt-5.6-sol", { input: { total: M, cacheWrite: M }, output: { total: 0 } }, 10_000_000_000],
  [
    "writes and reads in a long context",
    "openai/gpt-5.6-sol",
    { input: { total: 300_000, cacheRead: 100_000, cacheWrite: 100_000 }, output: { total: 100 } },
    800_000_000 + 80_000_000 + 1_000_000_000 + 3_000_000,
  ],
  ["at the threshold", "openai/gpt-5.4", { input: { total: 272_000 }, output: { total: 0 } }, 680_000_000],
  [
    "a token above it",
    "openai/gpt-5.4",
    { input: { total: 272_001, cacheRead: 200_000 }, output: { total: 1000 } },
    360_005_000 + 100_000_000 + 22_500_000,
  ],
  [
    "the same as a batch",
    "openai/gpt-5.4",
    { input: { total: 272_001, cacheRead: 200_000 }, output: { total: 1000 }, serviceTier: "batch" },
    241_252_500,
  ],
  ["a long context", "openai/gpt-5.4", { input: { total: 300_000 }, output: { total: 10_000 } }, 1_725_000_000],
  ["sound in", "openai/gpt-4o-audio-preview", { input: { total: M, audio: M }, output: { total: 0 } }, 40_000_000_000],
  [
    "a spoken exchange",
    "openai/gpt-4o-audio-preview",
    { input: { total: 1200, audio: 1000 }, output: { total: 800, audio: 600 } },
    500_000 + 40_000_000 + 2_000_000 + 48_000_000,
  ],

  // https://platform.claude.com/docs/en/about-claude/pricing
  [
    "an hour's write",
    "anthropic/claude-sonnet-4-5",
    { input: { total: M, cacheWrite: M, cacheWriteByTtl: { "1h": M } }, output: { total: 0 } },
    6_000_000_000,
  ],
  [
    "a batch with an hour's cache",
    "anthropic/claude-sonnet-4-5",
    {
      input: { total: 26_000, cacheRead: 20_000, cacheWrite: 5000, cacheWriteByTtl: { "1h": 5000 } },
      output: { total: 500 },
      serviceTier: "batch",
    },
    23_250_000,
  ],
  [
    "an agent's hour, mostly cached",
    "anthropic/claude-opus-4-5",
    { input: { total: 50_000, cacheRead: 40_000 }, output: { total: 15_000 } },
    445_000_000,
  ],
  [
    "three searches",
    "anthropic/claude-haiku-4-5",
    { input: { total: 6039 }, output: { total: 931 }, serverTools: { web_search: 3 } },
    6_039_000 + 4_655_000 + 30_000_000,
  ],
  ["a dated name", "anthropic/claude-haiku-4-5-20251001", { input: { total: 7 }, output: { total: 3 } }, 22_000],
  ["fast mode", "anthropic/claude-opus-4-6", { input: { total: M }, output: { total: M }, serviceTier: "fast" }, 180_000_000_000],
  ["in the US", "anthropic/claude-opus-4-6", { input: { total: M }, output: { total: M }, region: "us" }, 33_000_000_000],
  [
    "fast in the US",
    "anthropic/claude-opus-4-6",
    { input: { total: M }, output: { total: M }, serviceTier: "fast", region: "us" },
    198_000_000_000,
  ],
  ["anywhere", "anthropic/claude-opus-4-6", { input: { total: M }, output: { total: M }, region: "global" }, 30_000_000_000],
  [
    "in the US, with a cache",
    "anthropic/claude-opus-5-5",
    { input: { total: 13_000, cacheRead: 10_000, cacheWrite: 2000 }, output: { total: 300 }, region: "us" },
    24_200_000,
  ],
  [
    "in the US, where that costs no more",
    "anthropic/claude-sonnet-4-5",
    { input: { total: M }, output: { total: M }, region: "us" },
    18_000_000_000,
  ],
  ["a token above the threshold", "anthropic/claude-haiku-5-5", { input: { total: 100_001 }, output: { total: 0 } }, 50_000_500],
  [
    "a long context from all caches",
    "anthropic/claude-haiku-5-5",
    { input: { total: 150_000, cacheRead: 90_000, cacheWrite: 10_000, cacheWriteByTtl: { "1h": 10_000 } }, output: { total: 2000 } },
    25_000_000 + 4_500_000 + 10_000_000 + 5_000_000,
  ],

  // https://ai.google.dev/gemini-api/docs/pricing
  [
    "a long context with thoughts",
    "google/gemini-2.5-pro",
    { input: { total: 250_000, cacheRead: 50_000 }, output: { total: 1000, reasoning: 600 } },
    527_500_000,
  ],
  ["a long batch", "google/gemini-2.5-pro", { input: { total: 250_000 }, output: { total: 1000 }, serviceTier: "batch" }, 320_000_000],
  [
    "a batch with sound",
    "google/gemini-2.5-flash",
    { input: { total: 2000, audio: 1000 }, output: { total: 100 }, serviceTier: "batch" },
    775_000,
  ],
  [
    "sound, fresh and cached",
    "google/gemini-3.1-flash-lite",
    { input: { total: 10_000, cacheRead: 4000, cachedAudio: 3000, audio: 5000 }, output: { total: 200 } },
    250_000 + 2_500_000 + 25_000 + 150_000 + 300_000,
  ],
  ["free weights", "google/gemma-4-31b-it", { input: { total: M }, output: { total: M } }, 0],

  // https://groq.com/pricing, https://mistral.ai/pricing, https://api-docs.deepseek.com/quick_start/pricing, https://docs.x.ai/docs/models
  ["flex at the plain price", "groq/openai/gpt-oss-120b", { input: { total: M }, output: { total: M }, serviceTier: "flex" }, 750_000_000],
  ["two decimals", "groq/llama-3.3-70b-versatile", { input: { total: 1234 }, output: { total: 567 } }, 728_060 + 447_930],
  [
    "partly cached",
    "mistral/mistral-small-latest",
    { input: { total: 1000, cacheRead: 900 }, output: { total: 10 } },
    15_000 + 13_500 + 6000,
  ],
  [
    "cache hits and misses",
    "deepseek/deepseek-v4-pro",
    { input: { total: 12_000, cacheRead: 10_000 }, output: { total: 3000 } },
    440_000 + 2_640_000 + 11_880_000,
  ],
  ["one token from the cache", "deepseek/deepseek-flash", { input: { total: 1, cacheRead: 1 }, output: { total: 0 } }, 6],
  [
    "a long context, half of it cached",
    "xai/grok-4.5",
    { input: { total: 200_001, cacheRead: 100_000 }, output: { total: 500 } },
    400_004_000 + 60_000_000 + 6_000_000,
  ],

  // https://aws.amazon.com/bedrock/pricing and what converts a price in yuan
  [
    "a regional profile",
    "amazon-bedrock/us.anthropic.claude-opus-5",
    { input: { total: 12_000, cacheRead: 10_000, cacheWrite: 1000 }, output: { total: 100 } },
    5_500_000 + 5_500_000 + 6_875_000 + 2_750_000,
  ],
  [
    "all caches",
    "amazon-bedrock/us.amazon.nova-2-lite-v1:0",
    { input: { total: 2777, cacheRead: 1000, cacheWrite: 1000 }, output: { total: 33 } },
    256_410 + 82_500 + 330_000 + 90_750,
  ],
  ["four decimals: 313.7 and 1254.9", "minimax-cn/MiniMax-M2.7", { input: { total: 1 }, output: { total: 1 } }, 1569],
];

export const INVOICES: readonly Invoice[] = [...BY_PRICE, ...BY_MODEL];
