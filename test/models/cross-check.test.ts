import { calcPrice } from "@pydantic/genai-prices";
import { expect, test } from "vitest";
import type { Usage } from "../../src/ir/usage.ts";
import * as full from "../../src/models/catalogue-full.gen.ts";
import * as small from "../../src/models/catalogue.gen.ts";
import { costOf, createCatalogue } from "../../src/models/index.ts";
import { PRICE_DIFFERENCES } from "./price-differences.ts";
import { RESELLER_DIFFERENCES } from "./reseller-differences.ts";
import { randomUsage, seeded, traitsOf } from "./random-usage.ts";

/** Providers that set their own prices, by their id here and there. Those that sell for others are compared by rates, below. */
const PROVIDERS = {
  "amazon-bedrock": "aws",
  anthropic: "anthropic",
  baseten: "baseten",
  cerebras: "cerebras",
  "cloudflare-workers-ai": "cloudflare",
  deepseek: "deepseek",
  fireworks: "fireworks",
  google: "google",
  groq: "groq",
  minimax: "minimax",
  mistral: "mistral",
  moonshotai: "moonshotai",
  openai: "openai",
  xai: "x-ai",
  zai: "zai",
} as const;

const USAGES = 2_000;
const AT = new Date("2026-11-20T12:00:00Z");
/** Their sums are doubles. */
const ROUNDING = 1;

const catalogue = createCatalogue(
  ...[full, small].map(({ MODELS, SOURCE, DATE, HAND_DATE }) => ({ models: MODELS, source: SOURCE, date: DATE, handDate: HAND_DATE })),
);

function theirCost(provider: keyof typeof PROVIDERS, model: string, { input, output, serverTools }: Usage): number | undefined {
  const counts = {
    input_tokens: input.total,
    cache_read_tokens: input.cacheRead,
    cache_write_tokens: input.cacheWrite,
    cache_write_1h_tokens: input.cacheWriteByTtl?.["1h"] ?? 0,
    input_audio_tokens: (input.audio ?? 0) + (input.cachedAudio ?? 0),
    cache_audio_read_tokens: input.cachedAudio ?? 0,
    output_tokens: output.total,
    ...(serverTools && { web_searches: serverTools["web_search"] }),
  };
  const price = calcPrice(counts, model, { providerId: PROVIDERS[provider], timestamp: AT })?.total_price;
  return price === undefined ? undefined : price * 1e9;
}

/** The models that both sides have a price for. */
const COMMON = catalogue.list().flatMap((name) => {
  const slash = name.indexOf("/");
  const [id, model] = [name.slice(0, slash), name.slice(slash + 1)];
  if (!Object.hasOwn(PROVIDERS, id)) return [];
  const provider = id as keyof typeof PROVIDERS;
  const price = catalogue.lookup(provider, model)?.price;
  const known = theirCost(provider, model, { input: { total: 1 }, output: { total: 1 } }) !== undefined;
  return price === undefined || !known ? [] : [{ name, provider, model, price }];
});

test("every provider has models in common", () => {
  expect(new Set(COMMON.map(({ provider }) => provider))).toEqual(new Set(Object.keys(PROVIDERS)));
});

test.each(RESELLER_DIFFERENCES)("$list: the models whose rates differ are listed", ({ list, theirs, models }) => {
  const rate = (model: string, side: "input" | "output"): number | undefined => {
    const counts = { input_tokens: side === "input" ? 1e6 : 0, output_tokens: side === "output" ? 1e6 : 0 };
    return calcPrice(counts, model, { providerId: theirs, timestamp: AT })?.total_price;
  };
  const differing: string[] = [];
  let equal = 0;
  for (const [model, { price }] of catalogue.rows(list)) {
    const their = price && { input: rate(model, "input"), output: rate(model, "output") };
    if (their?.input === undefined || their.output === undefined) continue;
    // A million tokens are a long context.
    const { input, output } = { ...price!, ...(price!.tiers?.length ? { input: their.input } : undefined) };
    const same = Math.abs(input - their.input) < 1e-9 && Math.abs(output - their.output) < 1e-9;
    if (same) equal++;
    else differing.push(model);
  }
  expect(differing.sort()).toEqual(models.trim().split(/\s+/).sort());
  if (list === "openrouter") expect(equal).toBeGreaterThan(100);
});

test(`${USAGES} usages cost what @pydantic/genai-prices says, or the reason is listed`, () => {
  const random = seeded(20_261_120);
  const unlisted: unknown[] = [];
  const seen = new Set<unknown>();
  let equal = 0;
  for (let run = 0; run < USAGES; run++) {
    const { name, provider, model, price } = COMMON[run % COMMON.length]!;
    const usage = randomUsage(random, {
      writes: price.cacheWrite !== undefined,
      audio: provider === "google" || price.audioInput !== undefined,
      tools: price.tools?.["web_search"] !== undefined,
      output: !model.includes("embed"),
    });
    const ours = costOf({ price, usage })?.nanoUsd ?? Number.NaN;
    const theirs = theirCost(provider, model, usage) ?? Number.NaN;
    if (Math.abs(ours - theirs) <= ROUNDING) {
      equal++;
      continue;
    }
    const traits = traitsOf(usage);
    const side = ours > theirs ? "more" : "less";
    const listed = PRICE_DIFFERENCES.filter((one) => one.ours === side && one.models.test(name) && traits.has(one.when ?? "any"));
    for (const one of listed) seen.add(one);
    if (listed.length === 0) unlisted.push({ name, ours, theirs, traits: [...traits].join(" "), usage });
  }
  expect(unlisted).toEqual([]);
  expect(PRICE_DIFFERENCES.filter((one) => !seen.has(one)).map(({ ours, reason }) => [ours, reason])).toEqual([]);
  expect(equal).toBeGreaterThan(USAGES * 0.6);
});
