import type { ModelRequest } from "../ir/request.ts";
import { estimateTokens } from "../models/estimate.ts";
import type { Price, Rates } from "../models/price.ts";

/** Tokenisers count up to so many times what `estimateTokens` says. */
const MARGIN = 2;
const ASSUMED_OUTPUT = 8_192;

/** The most that a call's input can count as. */
export function worstInput(request: ModelRequest): number {
  return estimateTokens(request) * MARGIN;
}

/** The most that a call can write: what it asks for, else what is expected, else what its model can. */
export function worstOutput(request: ModelRequest, expected: number | undefined, maxOutput: number | undefined): number {
  const most = request.maxOutputTokens ?? expected ?? maxOutput ?? ASSUMED_OUTPUT;
  return Math.ceil(most * Math.max(1, request.n ?? 1));
}

interface WorstRates {
  readonly input: number;
  readonly output: number;
}

const known = new WeakMap<Price, Map<string | number, WorstRates>>();

/**
 * Billionths of a US dollar that so many tokens cost at most: no cache read is counted on, every write to it, and the dearest region. The service
 * tier is the one asked for; where a provider's own options may choose one, the dearest.
 */
export function worstCost(price: Price, input: number, output: number, { serviceTier, providerOptions }: ModelRequest): number {
  const tier = serviceTier ?? (providerOptions === undefined ? undefined : ANY);
  const rates = ratesFor(price, input, tier);
  // A dollar per million tokens is a thousand billionths for one.
  return Math.ceil((input * rates.input + output * rates.output) * 1_000);
}

const ANY = "*";

function ratesFor(price: Price, input: number, tier: string | undefined): WorstRates {
  let plans = known.get(price);
  if (plans === undefined) known.set(price, (plans = new Map()));
  let above = -1;
  for (const each of price.tiers ?? []) if (input > each.above && each.above > above) above = each.above;
  const key = tier === undefined ? above : `${above} ${tier}`;
  let rates = plans.get(key);
  if (rates === undefined) {
    if (plans.size > 100) plans.clear();
    plans.set(key, (rates = findRates(price, above, tier)));
  }
  return rates;
}

function findRates(price: Price, above: number, tier: string | undefined): WorstRates {
  const region = Math.max(1, ...Object.values(price.regions ?? {}));
  const tiers = Object.entries(price.serviceTiers ?? {}).filter(([name]) => tier === ANY || name === tier);
  const plain = worstOf({ ...price, ...price.tiers?.find((each) => each.above === above) });
  let { input, output } = plain;
  for (const [, own] of tiers) {
    const factor = typeof own === "number" ? own : 1;
    // Rates of its own at any length: the dearest of its lengths.
    const rates = typeof own === "number" ? [plain] : [own, ...(own.tiers ?? [])].map((each) => worstOf({ ...price, ...own, ...each }));
    input = Math.max(input, ...rates.map((each) => each.input * factor));
    output = Math.max(output, ...rates.map((each) => each.output * factor));
  }
  return { input: input * region, output: output * region };
}

function worstOf(rates: Rates): WorstRates {
  const { input, cacheWrite = 0, cacheWrite1h = 0, imageInput = 0, output, reasoning = 0, imageOutput = 0 } = rates;
  return { input: Math.max(input, cacheWrite, cacheWrite1h, imageInput), output: Math.max(output, reasoning, imageOutput) };
}
