import { openCallTrace, type OpenCallTrace } from "./call-trace.ts";
import { SCHEMA_URL } from "./conventions.ts";
import type { CallFacts } from "./facts.ts";
import { createMetrics } from "./metrics.ts";
import { standing, ROOT } from "./nesting.ts";
import type { TelemetryOptions } from "./options.ts";
import { otel, type MeterProvider, type OtelContext, type Tracer, type TracerProvider } from "./otel.ts";
import { presetsOf } from "./presets/index.ts";
import { NO_SPAN, type Setup } from "./setup.ts";

const NAME = "crosspoint";

/** What calls tell OpenTelemetry. */
export interface Telemetry {
  /** Opens the trace of a call that was made where `active` was the active context; `undefined` when nobody listens. */
  open(call: CallFacts, active: OtelContext | undefined): OpenCallTrace | undefined;
}

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { nesting = "auto", semconv = "1.41", presets = ["langfuse", "openinference"], metricLabels = ["team", "project"] } = options;
  const { captureContent = "none", contentHook, redact, maxContentLength } = options;
  const content = {
    captureContent,
    ...(contentHook === undefined ? undefined : { contentHook }),
    ...(redact === undefined ? undefined : { redact }),
    ...(maxContentLength === undefined ? undefined : { maxContentLength }),
  };
  const chosen = presetsOf(presets);
  let tracers: TracerProvider | undefined;
  let meters: MeterProvider | undefined;
  let setup: Setup | undefined;
  /** An SDK may be registered at any time, and replaced. */
  const current = (): Setup | undefined => {
    const api = otel();
    const trace = nesting === "off" ? undefined : (options.tracerProvider ?? api?.trace);
    const metrics = options.meterProvider ?? api?.metrics;
    if (trace === tracers && metrics === meters) return setup;
    tracers = trace;
    meters = metrics;
    setup =
      trace === undefined && metrics === undefined
        ? undefined
        : {
            tracer: trace === undefined ? NO_TRACER : tracerOf(trace),
            metrics: metrics === undefined ? undefined : createMetrics(metrics, { semconv, labels: metricLabels }),
            presets: chosen,
            semconv,
            content,
          };
    return setup;
  };
  return {
    open(call, active) {
      const using = current();
      if (using === undefined) return undefined;
      const context = active ?? ROOT;
      return openCallTrace(call, context, standing(context, nesting), using);
    },
  };
}

const NO_TRACER: Tracer = { startSpan: () => NO_SPAN };

function tracerOf(provider: TracerProvider): Tracer {
  return provider.getTracer(NAME, undefined, { schemaUrl: SCHEMA_URL });
}
