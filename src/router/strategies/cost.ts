import type { Deployment } from "../deployment.ts";
import { misfit, tokensOf } from "../needs.ts";
import { lowest, perList, type Strategy } from "./strategy.ts";

const USUAL_OUTPUT = 500;
/** What one without a known price counts as, US dollars. */
const UNKNOWN = 1e9;

/** The cheapest that meets what the request needs, at its estimated size. One without a known price only where none has one. */
export function createCost(minQuality = -Infinity): Strategy {
  /** Deployments between which there is no difference in price and abilities among those of the wanted quality. */
  const kindsOf = perList((candidates) => {
    const good = candidates.filter(({ terms }) => (terms?.quality ?? 0) >= minQuality);
    const kinds = new Map<string, [Deployment, ...Deployment[]]>();
    for (const each of good) {
      const { price, target } = each;
      const { input, tools, jsonSchema, contextWindow } = target.traits;
      const key = [price?.input, price?.output, input, tools, jsonSchema, contextWindow].join(";");
      const kind = kinds.get(key);
      if (kind === undefined) kinds.set(key, [each]);
      else kind.push(each);
    }
    return new Map([...kinds.values()].map((kind) => [kind[0], kind]));
  });
  return {
    name: "cost",
    compares: true,
    pick(candidates, ask, scores) {
      const { request, needs, random } = ask;
      const kinds = kindsOf(candidates);
      const heads = [...kinds.keys()].filter(({ target }) => misfit(target.traits, request, needs) === undefined);
      const input = tokensOf(needs);
      const output = Math.min(request.maxOutputTokens ?? USUAL_OUTPUT, USUAL_OUTPUT);
      const costOf = ({ price }: Deployment): number =>
        price === undefined ? UNKNOWN : (price.input * input + price.output * output) / 1e6;
      if (scores !== undefined) for (const head of heads) for (const { id } of kinds.get(head)!) scores[id] = costOf(head);
      if (heads.length === 0) return lowest(candidates, ask, costOf, scores);
      const kind = kinds.get(lowest(heads, ask, costOf))!;
      return kind[Math.floor(random() * kind.length)]!;
    },
  };
}
