import type { Deployment } from "../deployment.ts";
import type { Strategy } from "./strategy.ts";

/** By turns, as often as their weights say, those of one deployment spread over the round. */
export function createRoundRobin(): Strategy {
  const credit = new Map<Deployment, number>();
  return {
    name: "round-robin",
    pick(candidates, { dry }) {
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
