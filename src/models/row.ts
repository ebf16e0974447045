import type { LongContextRates, Price } from "./price.ts";

/** What a catalogue knows of a model. */
export interface CatalogueRow {
  readonly id: string;
  readonly price?: Price;
  /** Tokens. */
  readonly contextWindow?: number;
  readonly maxOutput?: number;
  /** What it takes beside text, as far as the source tells (it tells images only). */
  readonly input: readonly "image"[];
  readonly reasoning: boolean;
  /** Not from the generator's source but read off the provider's own page. */
  readonly byHand?: boolean;
}

const RATES = ["input", "output", "cacheRead", "cacheWrite", "cacheWrite1h"] as const;

type Rate = (typeof RATES)[number];

/**
 * The lines of a generated catalogue: `ids rates context output flags tiers…`. Ids, comma-separated, share what follows. Rates are
 * `in/out/read/write/write1h` in US dollars per million tokens, empty where there is none, `-` when the price is unknown; a tier is
 * `above:rates`. Flags: `r` reasoning, `i` images, `h` by hand.
 */
export function readRows(text: string): readonly CatalogueRow[] {
  return text.split("\n").flatMap((line) => {
    const [ids = "", rates = "-", context, output, flags = "", ...tiers] = line.split(" ");
    const price = readRates(rates);
    const facts = {
      ...(price && { price: tiers.length === 0 ? price : { ...price, tiers: tiers.map(readTier) } }),
      ...(Number(context) > 0 && { contextWindow: Number(context) }),
      ...(Number(output) > 0 && { maxOutput: Number(output) }),
      input: flags.includes("i") ? (["image"] as const) : [],
      reasoning: flags.includes("r"),
      ...(flags.includes("h") && { byHand: true }),
    };
    return ids.split(",").map((id) => ({ id, ...facts }));
  });
}

function readRates(text: string): Price | undefined {
  if (text === "-") return undefined;
  const rates: Partial<Record<Rate, number>> = {};
  for (const [index, rate] of text.split("/").entries()) if (rate !== "") rates[RATES[index]!] = Number(rate);
  return rates as Price;
}

function readTier(text: string): LongContextRates {
  const [above, rates = ""] = text.split(":");
  return { above: Number(above), ...readRates(rates) };
}
