import type { Nesting } from "./options.ts";
import type { OtelContext, Span } from "./otel.ts";

/** The key of the active span in a context, the same in every copy of the API. */
export const SPAN_KEY = Symbol.for("OpenTelemetry Context Key SPAN");
/** Set within an attempt of ours. */
export const ATTEMPT_KEY = Symbol.for("crosspoint.attempt");

const OPERATIONS = new Set<unknown>(["chat", "generate_content", "text_completion", "embeddings"]);
/** How other libraries mark the span of a model call: OpenInference, LangSmith, Langfuse, OpenLLMetry. */
const MARKS: readonly (readonly [key: string, values: readonly unknown[]])[] = [
  ["openinference.span.kind", ["LLM", "EMBEDDING"]],
  ["langsmith.span.kind", ["llm", "embedding"]],
  ["langfuse.observation.type", ["generation", "embedding"]],
  ["llm.request.type", ["chat", "completion", "embedding"]],
];
const CLIENT = 2;

/** Who stands for the call: spans of our own, a span of another library that is active, or an attempt of ours further out. */
export type Standing = { readonly by: "own" } | { readonly by: "outer"; readonly span: Span } | { readonly by: "attempt" };

const OWN: Standing = { by: "own" };

/** Spans of other libraries that have a call of ours: a second one within the same span stands for itself. */
const taken = new WeakSet<Span>();

export function standing(context: OtelContext, nesting: Nesting): Standing {
  if (nesting === "own") return OWN;
  if (context.getValue(ATTEMPT_KEY) === true) return { by: "attempt" };
  if (nesting === "off") return OWN;
  const span = context.getValue(SPAN_KEY) as Span | undefined;
  if (span?.isRecording() !== true || taken.has(span) || !mayTake(span, nesting)) return OWN;
  taken.add(span);
  return { by: "outer", span };
}

/** A call that had no answer leaves the span to the next try. */
export function letGo(span: Span): void {
  taken.delete(span);
}

/** Whether a span stands for a call of a model whose usage is not told yet. Spans of an SDK show their attributes; others tell nothing. */
function mayTake(span: Span, nesting: Nesting): boolean {
  const { attributes, kind } = span as { readonly attributes?: Readonly<Record<string, unknown>>; readonly kind?: number };
  if (typeof attributes !== "object" || attributes === null) return nesting === "adopt";
  if (attributes["gen_ai.usage.input_tokens"] !== undefined || attributes["llm.token_count.prompt"] !== undefined) return false;
  if (nesting === "adopt" || (kind === CLIENT && OPERATIONS.has(attributes["gen_ai.operation.name"]))) return true;
  const operation = attributes["ai.operationId"];
  if (typeof operation === "string" && /\.do(?:Generate|Stream|Embed)$/.test(operation)) return true;
  return MARKS.some(([key, values]) => values.includes(attributes[key]));
}

/** A context without anything, for programs that keep none. */
export const ROOT: OtelContext = contextOf(new Map());

function contextOf(values: ReadonlyMap<symbol, unknown>): OtelContext {
  return {
    getValue: (key) => values.get(key),
    setValue: (key, value) => contextOf(new Map(values).set(key, value)),
    deleteValue(key) {
      const left = new Map(values);
      left.delete(key);
      return contextOf(left);
    },
  };
}
