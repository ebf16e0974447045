import { CrosspointError } from "../../ir/error.ts";
import type { Deployment } from "../deployment.ts";
import { readAverage } from "../moving-average.ts";
import type { RoutingCandidate, StrategyFunction } from "./names.ts";
import { createShuffle } from "./shuffle.ts";
import type { Strategy } from "./strategy.ts";

/** A function of the user's. Throws INVALID_OPTIONS when it names none of the candidates. */
export function createCustom(choose: StrategyFunction): Strategy {
  const shuffle = createShuffle();
  return {
    name: "custom",
    pick(candidates, ask) {
      const id = choose(
        candidates.map((each) => toCandidate(each, ask.now)),
        ask.request,
      );
      if (id === undefined) return shuffle.pick(candidates, ask);
      const found = candidates.find((each) => each.id === id);
      if (found === undefined) {
        throw new CrosspointError("INVALID_OPTIONS", `the strategy function chose ${JSON.stringify(id)}, which is no candidate`, {
          param: "strategy",
        });
      }
      return found;
    },
  };
}

function toCandidate({ id, provider, model, weight, state, terms }: Deployment, now: number): RoutingCandidate {
  return {
    id,
    provider: provider.id,
    model,
    weight,
    inFlight: state?.inFlight ?? 0,
    ...(state !== undefined && state.firstEvent.at > 0 && { firstEventMs: readAverage(state.firstEvent, now) }),
    ...(state !== undefined && state.perToken.at > 0 && { msPerToken: readAverage(state.perToken, now) }),
    ...(terms?.tags !== undefined && { tags: terms.tags }),
    ...(terms?.region !== undefined && { region: terms.region }),
  };
}
