import type { CrosspointError } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { Attempt } from "../ir/response.ts";
import { openAttempt, type OpenAttempt } from "./attempt-span.ts";
import { addAttribution } from "./attribution.ts";
import { addUsage, startAttributes } from "./conventions.ts";
import { errorSummary, errorType } from "./error-type.ts";
import type { CallFacts, InferenceFacts, Operation, Place, SpanFacts } from "./facts.ts";
import { ATTEMPT_KEY, letGo, SPAN_KEY, type Standing } from "./nesting.ts";
import { BAGGAGE_KEY, otel, type Attributes, type OtelContext, type Span } from "./otel.ts";
import { ERROR_STATUS, INTERNAL, NO_SPAN, type Setup } from "./setup.ts";

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
  /** The attempt, which is over, made its deployment rest for a while. */
  cooled(attempt: Attempt): void;
  /** Nobody can read the call's answer any more, and nobody said so: it is about to be cancelled. */
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
  const { presets, content, metrics } = setup;
  const attempts: OpenAttempt[] = [];
  const { by } = standing;
  const route = call.routed && by === "own" ? startRoute(call, active, setup) : undefined;
  const parent = route === undefined || route === NO_SPAN ? active : active.setValue(SPAN_KEY, route);
  const seesAll = (by === "own" && content.captureContent !== "none") || (setup.chunkMetric && call.stream && metrics !== undefined);
  let running = 0;
  let over: Outcome | undefined;
  let abandoned = false;

  const of = (attempt: Attempt): OpenAttempt | undefined => {
    for (const open of attempts) if (open.begun.attempt === attempt) return open;
    return undefined;
  };
  /** Tells the span of another library of the attempt that answered; until there is one, that nothing was used for an answer. */
  const enrich = (span: Span, outcome: Outcome): void => {
    const answered = attempts.findLast(({ begun }) => begun.attempt.outcome === "success");
    const last = answered ?? attempts.at(-1);
    if (last === undefined) return;
    if (!span.isRecording()) return;
    const { usage: _usage, cost: _cost, ...told } = last.facts();
    const { usage, cost } = call.totals("success");
    const facts: InferenceFacts = {
      ...told,
      cancelled: told.cancelled || isCancelled(outcome),
      ...(usage !== undefined && { usage }),
      ...(cost !== undefined && { cost }),
    };
    const attributes: Attributes = { ...startAttributes(last.begun.place, last.begun.operation) };
    delete attributes["gen_ai.operation.name"];
    delete attributes["gen_ai.request.model"];
    addAttribution(attributes, call.attribution);
    addUsage(attributes, facts, setup.semconv);
    for (const preset of presets) preset(attributes, facts);
    span.setAttributes(attributes);
  };
  /** All attempts are over, those that lost a race too, which may outlast the call a little. */
  const finish = (outcome: Outcome): void => {
    if (by !== "attempt") metrics?.call(call, call.elapsed(), isCancelled(outcome) ? "aborted" : undefined, outcome.error);
    if (route === undefined) return;
    if (route.isRecording()) {
      const attributes = closing(call, outcome);
      if (abandoned) attributes["crosspoint.stream.abandoned"] = true;
      for (const preset of presets) preset(attributes, routeFacts(call));
      route.setAttributes(attributes);
    }
    const { error } = outcome;
    if (error !== undefined && !isCancelled(outcome)) route.setStatus({ code: ERROR_STATUS, message: errorSummary(error) });
    route.end();
  };

  return {
    seesAll,
    begin(attempt, request, place, operation) {
      const begun = { attempt, request, place, operation, number: call.attempts.indexOf(attempt) + 1 };
      harmless(() => {
        attempts.push(openAttempt(begun, { call, setup, parent, by, previous: attempts.at(-1) }));
        running++;
        // A library whose call is aborted ends its span before it lets us know.
        if (standing.by === "outer" && attempts.length === 1) enrich(standing.span, { cancelled: true });
      });
    },
    within(attempt, body) {
      const open = of(attempt);
      open?.sent();
      const manager = otel()?.context;
      if (open === undefined || manager === undefined) return body();
      let under = open.span === NO_SPAN ? parent : parent.setValue(SPAN_KEY, open.span);
      if (under.getValue(BAGGAGE_KEY) !== undefined) under = under.deleteValue(BAGGAGE_KEY);
      return manager.with(under.setValue(ATTEMPT_KEY, true), body);
    },
    head: (attempt, headers) => of(attempt)?.head(headers),
    owner() {
      const told = standing.by === "outer" ? standing.span : attempts.at(-1)?.span;
      const { traceId, traceFlags } = told?.spanContext() ?? {};
      return by === "attempt" || ((traceFlags ?? 0) & 1) === 0 ? undefined : traceId;
    },
    saw: (attempt, events) => of(attempt)?.saw(events),
    end(attempt) {
      const open = of(attempt);
      if (open === undefined || open.ended) return;
      harmless(() => open.end());
      running--;
      if (over === undefined) return;
      if (standing.by === "outer") harmless(() => enrich(standing.span, over!));
      if (running === 0) harmless(() => finish(over!));
    },
    cooled(attempt) {
      const open = of(attempt);
      if (open !== undefined) harmless(() => metrics?.cooldown(open.begun));
    },
    abandon() {
      abandoned = true;
      for (const open of attempts) open.abandon();
    },
    close(outcome) {
      if (over !== undefined) return;
      over = outcome;
      // Another library ends its span when it has the answer's end in hand.
      if (standing.by === "outer") {
        if (outcome.error !== undefined) letGo(standing.span);
        harmless(() => enrich(standing.span, outcome));
      }
      if (running === 0) harmless(() => finish(outcome));
    },
  };
}

function startRoute(call: CallFacts, active: OtelContext, { tracer }: Setup): Span | undefined {
  const attributes: Attributes = {
    "gen_ai.request.stream": call.stream,
    "crosspoint.call.id": call.id,
    "crosspoint.model_group": call.asked,
  };
  addAttribution(attributes, call.attribution);
  try {
    return tracer.startSpan(`route ${call.asked}`, { kind: INTERNAL, attributes }, active as never);
  } catch {
    return undefined;
  }
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
