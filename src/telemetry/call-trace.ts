import type { CrosspointError } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { Attempt } from "../ir/response.ts";
import { openAttempt, type OpenAttempt } from "./attempt-span.ts";
import { attributionAttributes } from "./attribution.ts";
import { startAttributes, usageAttributes } from "./conventions.ts";
import { errorSummary, errorType } from "./error-type.ts";
import type { CallFacts, InferenceFacts, Operation, Place, SpanFacts } from "./facts.ts";
import { ATTEMPT_KEY, SPAN_KEY, type Standing } from "./nesting.ts";
import { BAGGAGE_KEY, otel, type Attributes, type OtelContext, type Span } from "./otel.ts";
import { ERROR_STATUS, INTERNAL, NO_SPAN, presetAttributes, type Setup } from "./setup.ts";

/** The spans of one call. */
export interface OpenCallTrace {
  /** An attempt begins. */
  begin(attempt: Attempt, request: ModelRequest, place: Place, operation: Operation): void;
  /** Runs what talks to the provider inside the attempt's span. Baggage stays out: it is nobody's business there. */
  within<T>(attempt: Attempt, body: () => T): T;
  /** The headers of an answer came. */
  head(attempt: Attempt, headers: Headers): void;
  /** The trace whose spans tell what the call used; `undefined` where none does. */
  owner(): string | undefined;
  /** Batches that begin or end an answer; all of them where `seesAll`. */
  saw(attempt: Attempt, events: readonly StreamEvent[]): void;
  readonly seesAll: boolean;
  /** The attempt is over. */
  end(attempt: Attempt): void;
  /** Nobody reads the call's answer any more, and nobody said so. */
  abandon(): void;
  /** The call is over; idempotent. */
  close(outcome: Outcome): void;
}

interface Outcome {
  readonly error?: CrosspointError;
  readonly cancelled?: boolean;
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
  const parent = route === undefined || route === NO_SPAN ? active : active.setValue(SPAN_KEY, route);
  const seesAll = own && content.captureContent !== "none";
  let last: OpenAttempt | undefined;

  const enrich = (span: Span): void => {
    const answered = [...attempts.values()].findLast(({ begun }) => begun.attempt.outcome === "success") ?? last;
    if (answered === undefined || !span.isRecording()) return;
    const facts: InferenceFacts = { ...answered.facts(), ...defined(call.totals()) };
    const place = startAttributes(answered.begun.place, answered.begun.operation);
    delete place["gen_ai.operation.name"];
    delete place["gen_ai.request.model"];
    span.setAttributes({
      ...place,
      ...attributionAttributes(call.attribution),
      ...usageAttributes(facts, setup.semconv),
      ...presetAttributes(presets, facts),
    });
  };

  const count = (outcome: Outcome): void => {
    const { error } = outcome;
    const how = isCancelled(outcome) ? "aborted" : error === undefined ? "success" : "failure";
    setup.metrics?.call(call, call.elapsed(), how, how === "failure" ? errorType(error!) : undefined);
  };

  let running = 0;
  let over: Outcome | undefined;
  const close = (outcome: Outcome): void => {
    if (over !== undefined) return;
    over = outcome;
    // Another library ends its span when it has the answer's end in hand.
    if (standing.by === "outer") enrich(standing.span);
    if (running === 0) finish(outcome);
  };
  /** All attempts are over, those that lost a race too, which may outlast the call a little. */
  const finish = (outcome: Outcome): void => {
    if (standing.by !== "attempt") count(outcome);
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
      harmless(() => {
        last = openAttempt(begun, { call, setup, parent, light: !own, counted: standing.by === "attempt", previous: last });
        attempts.set(attempt, last);
        running++;
      });
    },
    within(attempt, body) {
      const open = attempts.get(attempt);
      open?.sent();
      const manager = otel()?.context;
      if (open === undefined || manager === undefined) return body();
      const under = open.span === NO_SPAN ? parent : parent.setValue(SPAN_KEY, open.span);
      return manager.with(under.setValue(ATTEMPT_KEY, true).deleteValue(BAGGAGE_KEY), body);
    },
    head: (attempt, headers) => attempts.get(attempt)?.head(headers),
    owner() {
      const told = standing.by === "outer" ? standing.span : last?.span;
      const { traceId, traceFlags } = told?.spanContext() ?? {};
      return standing.by === "attempt" || ((traceFlags ?? 0) & 1) === 0 ? undefined : traceId;
    },
    saw: (attempt, events) => attempts.get(attempt)?.saw(events),
    end(attempt) {
      const open = attempts.get(attempt);
      if (open === undefined || open.ended) return;
      harmless(() => open.end());
      running--;
      if (over === undefined) return;
      if (standing.by === "outer") harmless(() => enrich(standing.span));
      if (running === 0) harmless(() => finish(over!));
    },
    abandon() {
      for (const open of attempts.values()) harmless(() => open.abandon());
      running = 0;
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
function isCancelled({ error, cancelled }: Outcome): boolean {
  return cancelled === true || error?.code === "ABORTED";
}

function closing(call: CallFacts, outcome: Outcome): Attributes {
  const { usage, cost } = call.totals();
  const attributes: Attributes = { "crosspoint.attempt.count": call.attempts.length };
  const strategy = call.attempts.find(({ decision }) => decision !== undefined)?.decision?.strategy;
  if (strategy !== undefined) attributes["crosspoint.router.strategy"] = strategy;
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
