import { readCount } from "../minute-count.ts";
import type { Deployment } from "../deployment.ts";
import { glance, lowest, perList, type Strategy } from "./strategy.ts";

/** The most headroom: the smallest share of its calls and tokens a minute used. Without limits: the fewest tokens for its weight. */
export function createUsage(): Strategy {
  const isLimited = perList((candidates) => candidates.some(({ terms }) => terms?.rpm !== undefined || terms?.tpm !== undefined));
  return {
    name: "usage",
    compares: true,
    pick(candidates, ask, scores) {
      const { now } = ask;
      const used = ({ state, weight }: Deployment): number =>
        state === undefined ? 0 : (readCount(state.tokens, now) + state.inFlight) / (weight || 1e-9);
      const share = ({ state, terms }: Deployment): number => {
        if (state === undefined || terms === undefined) return 0;
        const { rpm, tpm } = terms;
        const calls = rpm === undefined ? 0 : readCount(state.requests, now) / rpm;
        return tpm === undefined ? calls : Math.max(calls, readCount(state.tokens, now) / tpm);
      };
      return lowest(glance(candidates, ask), ask, isLimited(candidates) ? share : used, scores);
    },
  };
}
