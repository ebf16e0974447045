import { openCallTrace, type OpenCallTrace } from "./call-trace.ts";
import { SCHEMA_URL } from "./conventions.ts";
import type { CallFacts } from "./facts.ts";
import type { Budgets } from "./budget-gauge.ts";
import { createMetrics } from "./metrics.ts";
import { standing, ROOT } from "./nesting.ts";
import type { TelemetryOptions } from "./options.ts";
import { otel, registeredLogs, type Logger, type LoggerProvider, type MeterProvider, type OtelContext, type Tracer, type TracerProvider } from "./otel.ts"; // oxfmt-ignore
import { presetsOf } from "./presets/index.ts";
import { NO_SPAN, type Setup } from "./setup.ts";

const NAME = "crosspoint";

/** What calls tell OpenTelemetry. */
export interface Telemetry {
  /** Opens the trace of a call that was made where `active` was the active context; `undefined` when nobody listens. */
  open(call: CallFacts, active: OtelContext | undefined): OpenCallTrace | undefined;
}

export function createTelemetry(options: TelemetryOptions, budgets?: Budgets): Telemetry {
  const {
    nesting = "auto",
    semconv = "1.41",
    presets = ["langfuse", "openinference"],
    metricLabels = ["team", "project"],
    chunkMetric = false,
  } = options;
  const { captureContent = "none", contentHook, redact, maxContentLength } = options;
  const content = {
    captureContent,
    ...(contentHook === undefined ? undefined : { contentHook }),
    ...(redact === undefined ? undefined : { redact }),
    ...(maxContentLength === undefined ? undefined : { maxContentLength }),
  };
  const chosen = presetsOf(presets);
  const asEvents = captureContent.endsWith("event");
  let tracers: TracerProvider | undefined;
  let meters: MeterProvider | undefined;
  let logs: LoggerProvider | undefined;
  let eventLogger: Logger | undefined;
  let setup: Setup | undefined;
  const logger = (): Logger | undefined => {
    const provider = options.loggerProvider ?? registeredLogs();
    if (provider === logs) return eventLogger;
    logs = provider;
    return (eventLogger = provider?.getLogger(NAME, undefined, { schemaUrl: SCHEMA_URL }));
  };
  /** An SDK may be registered at any time, and replaced. */
  const current = (): Setup | undefined => {
    const api = otel();
    const trace = nesting === "off" ? undefined : (options.tracerProvider ?? api?.trace);
    const metrics = options.meterProvider ?? api?.metrics;
    if (trace === undefined && metrics === undefined && (!asEvents || logger() === undefined)) return undefined;
    if (setup !== undefined && trace === tracers && metrics === meters) return setup;
    tracers = trace;
    meters = metrics;
    setup = {
      tracer: trace === undefined ? NO_TRACER : trace.getTracer(NAME, undefined, { schemaUrl: SCHEMA_URL }),
      metrics: metrics === undefined ? undefined : createMetrics(metrics, { semconv, labels: metricLabels, budgets }),
      presets: chosen,
      semconv,
      content,
      logger,
      chunkMetric,
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
