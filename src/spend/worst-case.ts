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

/** Billionths of a US dollar that so many tokens cost at most: no cache read is counted on, and every write to it. */
export function worstCost(price: Price, input: number, output: number, request: ModelRequest): number {
  const rates = ratesFor(price, input, request.serviceTier);
  // A dollar per million tokens is a thousand billionths for one.
  return Math.ceil((input * rates.input + output * rates.output) * 1_000);
}

function ratesFor(price: Price, input: number, service: string | undefined): WorstRates {
  let above = -1;
  for (const tier of price.tiers ?? []) if (input > tier.above && tier.above > above) above = tier.above;
  const key = service === undefined ? above : `${above} ${service}`;
  let plans = known.get(price);
  if (plans === undefined) known.set(price, (plans = new Map()));
  let rates = plans.get(key);
  if (rates === undefined) {
    if (plans.size > 100) plans.clear();
    plans.set(key, (rates = findRates(price, above, service)));
  }
  return rates;
}

function findRates(price: Price, above: number, service: string | undefined): WorstRates {
  const tiers = price.serviceTiers ?? {};
  const tier = service !== undefined && Object.hasOwn(tiers, service) ? tiers[service] : undefined;
  const own = typeof tier === "object" ? tier : undefined;
  const rates: Rates = { ...price, ...own, ...(own ?? price).tiers?.find((each) => each.above === above) };
  const factor = typeof tier === "number" ? Math.max(1, tier) : 1;
  const { input, cacheWrite = 0, cacheWrite1h = 0, imageInput = 0, output, reasoning = 0, imageOutput = 0 } = rates;
  return {
    input: Math.max(input, cacheWrite, cacheWrite1h, imageInput) * factor,
    output: Math.max(output, reasoning, imageOutput) * factor,
  };
}
