import type { Strategy } from "./strategy.ts";

/** Chance, by weight. */
export function createShuffle(): Strategy {
  return {
    name: "shuffle",
    pick(candidates, { random }) {
      let total = 0;
      for (const { weight } of candidates) total += weight;
      if (total === 0) return candidates[Math.floor(random() * candidates.length)]!;
      let point = random() * total;
      for (const each of candidates) if ((point -= each.weight) < 0) return each;
      return candidates.findLast(({ weight }) => weight > 0)!;
    },
  };
}
