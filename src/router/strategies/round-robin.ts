import type { Deployment } from "../deployment.ts";
import { perList, type Strategy } from "./strategy.ts";

interface Turn {
  readonly weight: number;
  credit: number;
}

/** By turns, as often as their weights say, those of one deployment spread over the round. */
export function createRoundRobin(): Strategy {
  const turns = new Map<Deployment, Turn>();
  const turnOf = (each: Deployment): Turn => {
    let turn = turns.get(each);
    if (turn === undefined) turns.set(each, (turn = { weight: each.weight || 1e-9, credit: 0 }));
    return turn;
  };
  // Without weights to keep, a long list need not be gone through.
  const turnsOf = perList((list) => (list.every(({ weight }) => weight === list[0]!.weight) ? undefined : list.map(turnOf)));
  let count = 0;
  return {
    name: "round-robin",
    pick(candidates, { dry }) {
      const weighted = turnsOf(candidates);
      if (weighted === undefined) return candidates[(dry === true ? count : count++) % candidates.length]!;
      let total = 0;
      let next = 0;
      let most = -Infinity;
      for (let index = 0; index < weighted.length; index++) {
        const turn = weighted[index]!;
        const own = turn.credit + turn.weight;
        if (dry !== true) turn.credit = own;
        total += turn.weight;
        if (own > most) [next, most] = [index, own];
      }
      if (dry !== true) weighted[next]!.credit = most - total;
      return candidates[next]!;
    },
  };
}
