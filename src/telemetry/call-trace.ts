import type { CrosspointError } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { Attempt } from "../ir/response.ts";
import { openAttempt, type OpenAttempt } from "./attempt-span.ts";
import { attributionAttributes } from "./attribution.ts";
import { providerName, startAttributes, usageAttributes } from "./conventions.ts";
import { errorSummary, errorType } from "./error-type.ts";
import type { CallFacts, InferenceFacts, Operation, Place, SpanFacts } from "./facts.ts";
import { ATTEMPT_KEY, BAGGAGE_KEY, SPAN_KEY, type Standing } from "./nesting.ts";
import { otel, type Attributes, type OtelContext, type Span } from "./otel.ts";
import { ERROR_STATUS, INTERNAL, presetAttributes, type Setup } from "./setup.ts";

/** The spans of one call. */
export interface OpenCallTrace {
  /** An attempt begins. */
  begin(attempt: Attempt, request: ModelRequest, place: Place, operation: Operation): void;
  /** Runs what talks to the provider inside the attempt's span. Baggage stays out: it is nobody's business there. */
  within<T>(attempt: Attempt, body: () => T): T;
  /** Batches that begin or end an answer; all of them where `seesAll`. */
  saw(attempt: Attempt, events: readonly StreamEvent[]): void;
  readonly seesAll: boolean;
  /** The attempt is over. */
  end(attempt: Attempt): void;
  /** Nobody reads the call's answer any more, and nobody said so. */
  abandon(): void;
  /** The call is over; idempotent. */
  close(outcome: { readonly error?: CrosspointError; readonly cancelled?: boolean }): void;
}

/**
 * Opens the spans of a call: one for each attempt, and one around them where there was a choice who answers. Only spans of attempts carry a model,
 * usage and cost. Where another library's span stands for the call, it gets them instead.
 */
export function openCallTrace(call: CallFacts, active: OtelContext, standing: Standing, setup: Setup): OpenCallTrace {
  const { tracer, presets, content } = setup;
  const attempts = new Map<Attempt, OpenAttempt>();
  const own = standing.by === "own";
  let route: Span | undefined;
  if (call.routed && own) {
    const attributes = { "gen_ai.request.stream": call.stream, "crosspoint.call.id": call.id, "crosspoint.model_group": call.asked };
    Object.assign(attributes, attributionAttributes(call.attribution));
    harmless(() => (route = tracer.startSpan(`route ${call.asked}`, { kind: INTERNAL, attributes }, active as never)));
  }
  const parent = route === undefined ? active : active.setValue(SPAN_KEY, route);
  const seesAll = own && content.captureContent !== "none";
  let last: OpenAttempt | undefined;
  let closed = false;

  const enrich = (span: Span): void => {
    if (last === undefined || !span.isRecording()) return;
    const facts: InferenceFacts = { ...last.facts(), ...defined(call.totals()) };
    const place = startAttributes(last.begun.place, last.begun.operation);
    delete place["gen_ai.operation.name"];
    delete place["gen_ai.request.model"];
    span.setAttributes({
      ...place,
      "gen_ai.provider.name": providerName(last.begun.place),
      ...attributionAttributes(call.attribution),
      ...usageAttributes(facts, setup.semconv),
      ...presetAttributes(presets, facts),
    });
  };

  const close: OpenCallTrace["close"] = (outcome) => {
    if (closed) return;
    closed = true;
    if (standing.by === "outer") enrich(standing.span);
    if (route === undefined) return;
    if (route.isRecording()) route.setAttributes({ ...closing(call, outcome), ...presetAttributes(presets, routeFacts(call)) });
    const { error } = outcome;
    if (error !== undefined && !isCancelled(outcome)) route.setStatus({ code: ERROR_STATUS, message: errorSummary(error) });
    route.end();
  };

  return {
    seesAll,
    begin(attempt, request, place, operation) {
      const begun = { attempt, request, place, operation, number: call.attempts.indexOf(attempt) + 1 };
      harmless(() => attempts.set(attempt, (last = openAttempt(begun, { call, setup, parent, light: !own, previous: last }))));
    },
    within(attempt, body) {
      const open = attempts.get(attempt);
      open?.sent();
      const manager = otel()?.context;
      if (open === undefined || manager === undefined) return body();
      return manager.with(parent.setValue(SPAN_KEY, open.span).setValue(ATTEMPT_KEY, true).deleteValue(BAGGAGE_KEY), body);
    },
    saw: (attempt, events) => attempts.get(attempt)?.saw(events),
    end: (attempt) => harmless(() => attempts.get(attempt)?.end()),
    abandon() {
      harmless(() => attempts.forEach((open) => open.abandon()));
      harmless(() => close({ cancelled: true }));
    },
    close: (outcome) => harmless(() => close(outcome)),
  };
}

/** Span processors and exporters are the program's: what they throw must not break a call. */
function harmless(body: () => unknown): void {
  try {
    body();
  } catch {
    // nothing to tell it to
  }
}

/** Nobody is at fault when a reader leaves or aborts. */
function isCancelled({ error, cancelled }: { readonly error?: CrosspointError; readonly cancelled?: boolean }): boolean {
  return cancelled === true || error?.code === "ABORTED";
}

function closing(call: CallFacts, outcome: { readonly error?: CrosspointError; readonly cancelled?: boolean }): Attributes {
  const { usage, cost } = call.totals();
  const attributes: Attributes = { "crosspoint.attempt.count": call.attempts.length };
  attributes["crosspoint.fallback.count"] = call.attempts.filter(({ reason }) => reason === "fallback").length;
  if (usage?.input.total !== undefined) attributes["crosspoint.usage.input_tokens"] = usage.input.total;
  if (usage?.output.total !== undefined) attributes["crosspoint.usage.output_tokens"] = usage.output.total;
  if (cost !== undefined) attributes["crosspoint.cost.total"] = cost.total;
  if (isCancelled(outcome)) attributes["crosspoint.cancelled"] = true;
  else if (outcome.error !== undefined) attributes["error.type"] = errorType(outcome.error);
  return attributes;
}

function routeFacts({ attribution }: CallFacts): SpanFacts {
  return { kind: "route", ...(attribution === undefined ? undefined : { attribution }) };
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
