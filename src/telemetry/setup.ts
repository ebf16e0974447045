import type { ContentOptions } from "./content.ts";
import type { Preset, SpanFacts } from "./facts.ts";
import type { Semconv } from "./options.ts";
import type { Attributes, Span, Tracer } from "./otel.ts";
import type { Metrics } from "./metrics.ts";

/** What all calls of a layer share. */
export interface Setup {
  readonly tracer: Tracer;
  /** Absent where the program counts nothing. */
  readonly metrics: Metrics | undefined;
  readonly presets: readonly Preset[];
  readonly semconv: Semconv;
  readonly content: ContentOptions;
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

/** What the presets say of a span, later ones over earlier ones. */
export function presetAttributes(presets: readonly Preset[], facts: SpanFacts): Attributes {
  const attributes: Attributes = {};
  for (const preset of presets) {
    try {
      Object.assign(attributes, preset(facts));
    } catch {
      // a user's function must not break a call
    }
  }
  return attributes;
}
