import { perList, type Strategy } from "./strategy.ts";

/** Chance, by weight. */
export function createShuffle(): Strategy {
  const sumsOf = perList((candidates) => {
    const sums = new Float64Array(candidates.length);
    let total = 0;
    for (const [index, { weight }] of candidates.entries()) sums[index] = total += weight;
    return sums;
  });
  return {
    name: "shuffle",
    pick(candidates, { random }) {
      const sums = sumsOf(candidates);
      const total = sums[sums.length - 1]!;
      if (total === 0) return candidates[Math.floor(random() * candidates.length)]!;
      const point = random() * total;
      // The first one whose sum is above the point has a weight, whatever it is.
      let low = 0;
      for (let high = sums.length - 1; low < high;) {
        const middle = (low + high) >> 1;
        if (sums[middle]! > point) high = middle;
        else low = middle + 1;
      }
      return candidates[low]!;
    },
  };
}
