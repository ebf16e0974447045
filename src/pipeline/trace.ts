import type { Groups } from "../router/groups.ts";
import type { Budgets } from "../telemetry/budget-gauge.ts";
import { CAPTURE, type TelemetryOptions } from "../telemetry/options.ts";
import { otel, registeredLogs } from "../telemetry/otel.ts";
import type { Handler, Stage } from "./stage.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Gives every call its spans. What makes them is loaded when there is an OpenTelemetry SDK to give them to; until then, and that may be for
 * ever, one look at the place where it registers itself is all it costs.
 */
export function createTrace(options: TelemetryOptions, env: Env, groups: Groups, budgets?: Budgets): Stage {
  const own = options.tracerProvider ?? options.meterProvider ?? options.loggerProvider;
  /** Log records alone are something to hear where content goes there. */
  const logs = /event/i.test(options.captureContent ?? env[CAPTURE] ?? "");
  let loading: Promise<Stage> | undefined;
  return (next) => {
    let loaded: Handler | undefined;
    const load = async (): Promise<Handler> => {
      loading ??= import("./tracing.ts").then(({ createTracing }) => createTracing(options, env, groups, budgets));
      return (loaded ??= (await loading)(next));
    };
    return function traced(request, context) {
      if (loaded !== undefined) return loaded(request, context);
      if (own === undefined && !isHeard(logs)) return next(request, context);
      return load().then((handler) => handler(request, context));
    };
  };
}

function isHeard(logs: boolean): boolean {
  const api = otel();
  return api?.trace !== undefined || api?.metrics !== undefined || (logs && registeredLogs() !== undefined);
}
