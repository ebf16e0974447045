import { CrosspointError } from "../../ir/error.ts";
import type { Deployment } from "../deployment.ts";
import { readAverage } from "../moving-average.ts";
import type { RoutingCandidate, StrategyFunction } from "./names.ts";
import { createShuffle } from "./shuffle.ts";
import type { Strategy } from "./strategy.ts";

/** A function of the user's. Throws INVALID_OPTIONS, with status 500, when it names none of the candidates or throws; what it threw is the cause. */
export function createCustom(choose: StrategyFunction, group: string): Strategy {
  const shuffle = createShuffle();
  return {
    name: "custom",
    pick(candidates, ask) {
      const fail = (problem: string, cause?: unknown): CrosspointError =>
        new CrosspointError("INVALID_OPTIONS", `the strategy function of ${JSON.stringify(group)} ${problem}`, {
          param: "strategy",
          status: 500, // who calls is not to blame
          cause,
        });
      let id: unknown;
      try {
        id = choose(
          candidates.map((each) => toCandidate(each, ask.now)),
          ask.request,
        );
      } catch (error) {
        throw CrosspointError.is(error) ? error : fail(`failed: ${error instanceof Error ? error.message : typeof error}`, error);
      }
      if (id === undefined) return shuffle.pick(candidates, ask);
      const found = candidates.find((each) => each.id === id);
      if (found !== undefined) return found;
      if (id instanceof Promise) {
        id.catch(() => {}); // it is of no use any more
        throw fail("gave a promise: it must answer at once");
      }
      throw fail(`chose ${typeof id === "string" ? JSON.stringify(id) : `a ${typeof id}`}, which is no candidate`);
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
