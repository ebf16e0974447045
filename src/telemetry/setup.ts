import type { ContentOptions } from "./content.ts";
import type { Preset, SpanFacts } from "./facts.ts";
import type { Semconv } from "./options.ts";
import type { Attributes, Tracer } from "./otel.ts";

/** What all calls of a layer share. */
export interface Setup {
  readonly tracer: Tracer;
  readonly presets: readonly Preset[];
  readonly semconv: Semconv;
  readonly content: ContentOptions;
}

/** Kinds and the status of spans, as the API numbers them. */
export const INTERNAL = 0;
export const CLIENT = 2;
export const ERROR_STATUS = 2;

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
