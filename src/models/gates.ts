import type { LongContextRates, Price } from "./price.ts";

/** The least that a million tokens of any model cost, in dollars, if they cost anything: what is below was meant for one token. */
const LEAST = 0.001;
/** The most: what is above was meant for a million and multiplied again. */
const MOST = 10_000;
const WATCHED = ["input", "output", "cacheRead", "cacheWrite"] as const;

/** What cannot be right about a price. */
export function doubtsOf(price: Price): readonly string[] {
  const doubts = new Set<string>();
  const all: readonly (Price | LongContextRates)[] = [price, ...(price.tiers ?? [])];
  for (const rates of all) {
    if ((rates.cacheRead ?? 0) > (rates.input ?? price.input)) doubts.add("a cache read is dearer than input");
    for (const name of WATCHED) {
      const rate = rates[name] ?? 0;
      if (!(rate >= 0)) doubts.add(`${name} is no amount`);
      if (rate > MOST) doubts.add(`${name} is ${rate} dollars for a million tokens`);
    }
  }
  if (price.input > 0 && price.input < LEAST) doubts.add(`input is ${price.input} dollars for a million tokens, as if it were for one`);
  return [...doubts];
}

/** What changed more between two prices of a model than prices do. */
export function movesOf(before: Price | undefined, after: Price | undefined): readonly string[] {
  if (before === undefined) return [];
  if (after === undefined) return ["lost its price"];
  return WATCHED.flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    const moved = was !== undefined && is !== undefined && was !== is && (was >= is * 10 || is >= was * 10);
    return moved ? [`${name} went from ${was} to ${is}`] : [];
  });
}
