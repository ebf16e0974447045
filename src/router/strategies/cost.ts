import type { Deployment } from "../deployment.ts";
import { misfit, tokensOf } from "../needs.ts";
import { lowest, type Strategy } from "./strategy.ts";

const USUAL_OUTPUT = 500;

/** The cheapest that meets what the request needs, at its estimated size. One without a known price only where none has one. */
export function createCost(minQuality = -Infinity): Strategy {
  return {
    name: "cost",
    compares: true,
    pick(candidates, ask, scores) {
      const { request, needs } = ask;
      const output = request.maxOutputTokens === undefined ? USUAL_OUTPUT : Math.min(request.maxOutputTokens, USUAL_OUTPUT);
      const meets = ({ target, terms }: Deployment): boolean =>
        (terms?.quality ?? 0) >= minQuality && misfit(target.traits, request, needs) === undefined;
      const able = candidates.filter(meets);
      const price = (each: Deployment): number =>
        each.price === undefined ? 1e9 : (each.price.input * tokensOf(needs) + each.price.output * output) / 1e6;
      return lowest(able.length === 0 ? candidates : able, ask, price, scores);
    },
  };
}
