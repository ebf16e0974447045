import type { Groups } from "../router/groups.ts";
import type { TelemetryOptions } from "../telemetry/options.ts";
import { otel } from "../telemetry/otel.ts";
import type { Handler, Stage } from "./stage.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Gives every call its spans. What makes them is loaded when there is an OpenTelemetry SDK to give them to; until then, and that may be for
 * ever, a look at the place where one registers itself is all it costs.
 */
export function createTrace(options: TelemetryOptions, env: Env, groups: Groups): Stage {
  const own = options.tracerProvider ?? options.meterProvider;
  let loading: Promise<Stage> | undefined;
  return (next) => {
    let loaded: Handler | undefined;
    const load = async (): Promise<Handler> => {
      loading ??= import("./tracing.ts").then(({ createTracing }) => createTracing(options, env, groups));
      return (loaded ??= (await loading)(next));
    };
    return function traced(request, context) {
      if (loaded !== undefined) return loaded(request, context);
      if (own === undefined && !isHeard()) return next(request, context);
      return load().then((handler) => handler(request, context));
    };
  };
}

function isHeard(): boolean {
  const api = otel();
  return api !== undefined && (api.trace ?? api.metrics) !== undefined;
}
