import type { ContentOptions } from "./content.ts";
import type { Fill } from "./facts.ts";
import type { Metrics } from "./metrics.ts";
import type { Semconv } from "./options.ts";
import type { Logger, Span, Tracer } from "./otel.ts";

/** What all calls of a layer share. */
export interface Setup {
  readonly tracer: Tracer;
  /** Absent where the program counts nothing. */
  readonly metrics: Metrics | undefined;
  readonly presets: readonly Fill[];
  readonly semconv: Semconv;
  readonly content: ContentOptions;
  /** Where content goes as events; `undefined` where nobody takes log records. */
  logger(): Logger | undefined;
  readonly chunkMetric: boolean;
}

/** Kinds and the status of spans, as the API numbers them. */
export const INTERNAL = 0;
export const CLIENT = 2;
export const ERROR_STATUS = 2;

/** Stands where a span would, when no spans are wanted. */
export const NO_SPAN: Span = {
  spanContext: () => ({ traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 }),
  isRecording: () => false,
  setAttributes() {},
  addEvent() {},
  setStatus() {},
  end() {},
};
