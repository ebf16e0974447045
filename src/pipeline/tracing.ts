import { CrosspointError } from "../ir/error.ts";
import type { Groups } from "../router/groups.ts";
import { sumCost, sumUsage } from "../spend/row.ts";
import type { Budgets } from "../telemetry/budget-gauge.ts";
import { captureFromEnv } from "../telemetry/content.ts";
import type { CallFacts } from "../telemetry/facts.ts";
import { CAPTURE, type TelemetryOptions } from "../telemetry/options.ts";
import { createTelemetry } from "../telemetry/telemetry.ts";
import type { CallContext } from "./context.ts";
import type { EventSource, Outcome, Stage } from "./stage.ts";

/** Opens the spans of each call and closes them when it is over, however it ends. */
export function createTracing(
  options: TelemetryOptions,
  env: Readonly<Record<string, string | undefined>>,
  groups: Groups,
  budgets: Budgets | undefined,
): Stage {
  const telemetry = createTelemetry({ captureContent: captureFromEnv(env[CAPTURE]), ...options }, budgets);
  return (next) =>
    function traced(request, context) {
      const trace = telemetry.open(toFacts(request.model, context, groups), context.outer);
      if (trace === undefined) return next(request, context);
      context.trace = trace;
      const onSource = (source: EventSource): EventSource => {
        source.onSettled((outcome: Outcome) => trace.close(outcome));
        return source;
      };
      const onFailure = (error: unknown): never => {
        trace.close({ error: CrosspointError.is(error) ? error : new CrosspointError("SERVER", String(error), { cause: error }) });
        throw error;
      };
      try {
        return next(request, context).then(onSource, onFailure);
      } catch (error) {
        return onFailure(error);
      }
    };
}

function toFacts(asked: string, context: CallContext, groups: Groups): CallFacts {
  const { id, stream, attribution, attempts } = context;
  return {
    id,
    stream,
    asked,
    routed: isRouted(asked, context, groups),
    attempts,
    attribution,
    elapsed: () => context.runtime.clock.now() - context.startedAt,
    counted: () => context.account !== undefined,
    totals(outcome) {
      const told = outcome === undefined ? attempts : attempts.filter((each) => each.outcome === outcome);
      return { usage: sumUsage(told), cost: sumCost(told) };
    },
  };
}

/** Whether there is a choice who answers. */
function isRouted(asked: string, { fallbacks }: CallContext, groups: Groups): boolean {
  try {
    const group = groups.get(asked);
    return group.deployments.length > 1 || (fallbacks ?? group.fallbacks).length > 0;
  } catch {
    return false; // the call will say what is wrong
  }
}
