import { openCallTrace, type OpenCallTrace } from "./call-trace.ts";
import { SCHEMA_URL } from "./conventions.ts";
import type { CallFacts } from "./facts.ts";
import { standing, ROOT } from "./nesting.ts";
import type { TelemetryOptions } from "./options.ts";
import { otel, type OtelContext, type Tracer, type TracerProvider } from "./otel.ts";
import { presetsOf } from "./presets/index.ts";
import type { Setup } from "./setup.ts";

const NAME = "crosspoint";

/** What calls tell OpenTelemetry. */
export interface Telemetry {
  /** Opens the trace of a call that was made where `active` was the active context; `undefined` when no spans are wanted. */
  open(call: CallFacts, active: OtelContext | undefined): OpenCallTrace | undefined;
}

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { nesting = "auto", semconv = "1.41", presets = ["langfuse", "openinference"] } = options;
  const { captureContent = "none", contentHook, redact, maxContentLength } = options;
  const content = {
    captureContent,
    ...(contentHook === undefined ? undefined : { contentHook }),
    ...(redact === undefined ? undefined : { redact }),
    ...(maxContentLength === undefined ? undefined : { maxContentLength }),
  };
  const chosen = presetsOf(presets);
  let provider: TracerProvider | undefined;
  let setup: Setup | undefined;
  /** An SDK may be registered at any time, and replaced. */
  const current = (): Setup | undefined => {
    const now = options.tracerProvider ?? otel()?.trace;
    if (now !== provider || setup === undefined) {
      provider = now;
      setup = now === undefined ? undefined : { tracer: tracerOf(now), presets: chosen, semconv, content };
    }
    return setup;
  };
  return {
    open(call, active) {
      const using = nesting === "off" ? undefined : current();
      if (using === undefined) return undefined;
      const context = active ?? ROOT;
      return openCallTrace(call, context, standing(context, nesting), using);
    },
  };
}

function tracerOf(provider: TracerProvider): Tracer {
  return provider.getTracer(NAME, undefined, { schemaUrl: SCHEMA_URL });
}
