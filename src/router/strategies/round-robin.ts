import type { Deployment } from "../deployment.ts";
import type { Strategy } from "./strategy.ts";

/** By turns, as often as their weights say, those of one deployment spread over the round. */
export function createRoundRobin(): Strategy {
  const credit = new Map<Deployment, number>();
  const even = new WeakMap<readonly Deployment[], boolean>();
  const isEven = (list: readonly Deployment[]): boolean => {
    let known = even.get(list);
    if (known === undefined) even.set(list, (known = list.every(({ weight }) => weight === list[0]!.weight)));
    return known;
  };
  let turn = 0;
  return {
    name: "round-robin",
    pick(candidates, { dry }) {
      // Without weights to keep, a long list need not be gone through.
      if (isEven(candidates)) return candidates[(dry === true ? turn : turn++) % candidates.length]!;
      let total = 0;
      let next = candidates[0]!;
      let most = -Infinity;
      for (const each of candidates) {
        const weight = each.weight === 0 ? 1e-9 : each.weight;
        const own = (credit.get(each) ?? 0) + weight;
        if (dry !== true) credit.set(each, own);
        total += weight;
        if (own > most) [next, most] = [each, own];
      }
      if (dry !== true) credit.set(next, most - total);
      return next;
    },
  };
}
