import { CrosspointError } from "../ir/error.ts";
import type { ContentOptions } from "./content.ts";
import type { Preset } from "./facts.ts";
import type { LoggerProvider, MeterProvider, TracerProvider } from "./otel.ts";

/** The environment variable that says what of the content is captured where no option does. */
export const CAPTURE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

export type PresetName = "langfuse" | "openinference" | "langsmith" | "sentry" | "openlit" | "signoz" | "litellm";

/** Which names of the GenAI semantic conventions: those of version 1.41, their renamed successors, or both. */
export type Semconv = "1.41" | "next" | "both";

export type Nesting = "auto" | "own" | "adopt" | "off";

/** Fields of the attribution that metrics are told apart by. */
export type MetricLabel = "user" | "team" | "project" | "key";

/** The attribute of each label. */
export const LABEL_ATTRIBUTES: Readonly<Record<MetricLabel, string>> = {
  user: "user.id",
  team: "crosspoint.team.id",
  project: "crosspoint.project.id",
  key: "crosspoint.key.alias",
};

/** Which way attribution travels as W3C baggage. */
export type BaggageOption = "none" | "read" | "write" | "read+write";

/** What OpenTelemetry gets of every call. Without an SDK in the program nothing happens. */
export interface TelemetryOptions extends ContentOptions {
  /** Attributes for tools, beside the conventions: by name, or functions of your own. Default `langfuse` and `openinference`. */
  readonly presets?: readonly (PresetName | Preset)[];
  /** Default `1.41`, which the tools read. */
  readonly semconv?: Semconv;
  /**
   * What happens inside a span of another library that stands for the same call, as the AI SDK's `chat`. `auto` (default): it gets our cost, tokens and
   * attribution, and attempts become plain spans inside it, so that nothing counts twice. `adopt`: so with any active span. `own`: our
   * spans always carry everything. `off`: no spans; metrics are counted all the same.
   */
  readonly nesting?: Nesting;
  /** Default: the one that the program registered, whenever it does. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the one that the program registered, whenever it does. */
  readonly meterProvider?: MeterProvider;
  /** Gets what `captureContent` writes as events. Default: the one that the program registered, whenever it does. */
  readonly loggerProvider?: LoggerProvider;
  /** Counts the time of every chunk of a stream too (`gen_ai.client.operation.time_per_output_chunk`), which costs a little for each. Default false. */
  readonly chunkMetric?: boolean;
  /** Fields of the attribution that metrics are told apart by; each value is a series of its own. Default `team` and `project`. */
  readonly metricLabels?: readonly MetricLabel[];
  /**
   * User, session, team and project as W3C baggage. `read`: calls have what came with their trace, below what `withAttribution` and the call
   * say; only where all who call are trusted. `write`: what `withAttribution` says goes with whatever the program sends within it. Providers are never sent any.
   * Default `none`.
   */
  readonly baggage?: BaggageOption;
}

/** The fields, and the words that they may be. */
const FIELDS: Readonly<Record<string, string>> = {
  presets: "langfuse openinference langsmith sentry openlit signoz litellm",
  semconv: "1.41 next both",
  nesting: "auto own adopt off",
  captureContent: "none span event span+event",
  tracerProvider: "",
  meterProvider: "",
  loggerProvider: "",
  chunkMetric: "true false",
  baggage: "none read write read+write",
  metricLabels: "user team project key",
  contentHook: "",
  redact: "",
  maxContentLength: "",
};

/** Throws INVALID_OPTIONS that names the option at fault. */
export function checkTelemetryOptions(telemetry: TelemetryOptions | false | undefined): void {
  for (const [field, value] of Object.entries(telemetry || {}) as [string, unknown][]) {
    const words = Object.hasOwn(FIELDS, field) ? FIELDS[field]! : undefined;
    const isWord = (each: unknown): boolean =>
      (words ?? "").split(" ").includes(field === "chunkMetric" ? JSON.stringify(each) : (each as string));
    const isPreset = (each: unknown): boolean => isWord(each) || (field === "presets" && typeof each === "function");
    const holds = field === "presets" || field === "metricLabels" ? Array.isArray(value) && value.every(isPreset) : isWord(value);
    if (words === undefined || (words !== "" && value !== undefined && !holds)) {
      const expected = words === undefined ? `is no option; there are: ${Object.keys(FIELDS).join(", ")}` : `must be of: ${words}`;
      throw new CrosspointError("INVALID_OPTIONS", `telemetry.${field} ${expected}`, { param: `telemetry.${field}` });
    }
  }
}
