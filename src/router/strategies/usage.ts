import { readCount } from "../minute-count.ts";
import type { Deployment } from "../deployment.ts";
import { lowest, type Strategy } from "./strategy.ts";

/** The most headroom: the smallest share of its calls and tokens a minute used. Without limits: the fewest tokens for its weight. */
export function createUsage(): Strategy {
  return {
    name: "usage",
    compares: true,
    pick(candidates, ask, scores) {
      const limited = candidates.some(({ terms }) => terms?.rpm !== undefined || terms?.tpm !== undefined);
      const share = ({ state, terms, weight }: Deployment): number => {
        if (state === undefined) return 0;
        const calls = readCount(state.requests, ask.now);
        const tokens = readCount(state.tokens, ask.now);
        if (!limited) return (tokens + state.inFlight) / (weight || 1e-9);
        return Math.max(calls / (terms?.rpm ?? Infinity), tokens / (terms?.tpm ?? Infinity));
      };
      return lowest(candidates, ask, share, scores);
    },
  };
}
