import type { Price } from "crosspoint";

type RateName = (typeof RATES)[keyof typeof RATES];
type Rates = { [K in RateName]?: number };

/** LiteLLM's names for rates, in US dollars a token, and ours, in dollars a million tokens. */
export const RATES = {
  input_cost_per_token: "input",
  output_cost_per_token: "output",
  cache_read_input_token_cost: "cacheRead",
  cache_creation_input_token_cost: "cacheWrite",
  cache_creation_input_token_cost_above_1hr: "cacheWrite1h",
  input_cost_per_audio_token: "audioInput",
  output_cost_per_audio_token: "audioOutput",
  input_cost_per_image_token: "imageInput",
  output_cost_per_image_token: "imageOutput",
  output_cost_per_reasoning_token: "reasoning",
} as const satisfies Record<string, keyof Price>;

/** Endings for long prompts (`_above_200k_tokens`) and service tiers. */
const LONG = /_above_(\d+)k_tokens$/;
const TIER = /_(flex|priority|batches)$/;
const TIER_NAMES: Readonly<Record<string, string>> = { flex: "flex", priority: "priority", batches: "batch" };

/** Whether a key of LiteLLM is the rate of a token. */
export function isRate(key: string): boolean {
  return Object.hasOwn(RATES, key.replace(TIER, "").replace(LONG, ""));
}

/** A price of rates a token. `undefined` unless input and output are there. */
export function toPrice(rates: ReadonlyMap<string, number>): Price | undefined {
  const plain: Rates = {};
  const tiers = new Map<number, Rates>();
  const services = new Map<string, Rates>();
  for (const [key, rate] of rates) {
    const tier = TIER.exec(key)?.[1];
    const base = key.replace(TIER, "");
    const above = LONG.exec(base)?.[1];
    const name = RATES[base.replace(LONG, "") as keyof typeof RATES];
    // Prices of a service tier for long prompts have no place in a file; the tier's plain rates hold.
    if (tier !== undefined && above !== undefined) continue;
    const target =
      tier !== undefined ? entry(services, TIER_NAMES[tier]!) : above !== undefined ? entry(tiers, Number(above) * 1000) : plain;
    target[name] = perMillion(rate);
  }
  const { input, output } = plain;
  if (input === undefined || output === undefined) return undefined;
  return {
    ...plain,
    input,
    output,
    ...(tiers.size > 0 && { tiers: [...tiers].map(([above, each]) => ({ above, ...each })) }),
    ...(services.size > 0 && { serviceTiers: Object.fromEntries(services) }),
  };
}

function entry<Key>(map: Map<Key, Rates>, key: Key): Rates {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = {}));
  return found;
}

/** 0.00000015 is 0.15 exactly, whatever binary fractions make of it. */
function perMillion(rate: number): number {
  return Number((rate * 1_000_000).toPrecision(12));
}
