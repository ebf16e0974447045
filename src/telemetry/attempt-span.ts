import type { StreamEvent } from "../ir/event.ts";
import { makeUsage, type Usage } from "../ir/usage.ts";
import { costOf } from "../models/cost.ts";
import { estimateTokens } from "../models/estimate.ts";
import { addAttribution } from "./attribution.ts";
import { addContentEvent, emitContent } from "./content-event.ts";
import { contentAttributes, openCapture } from "./content.ts";
import { addOutcome, addOwn, addOwnUsage, addProposedCost, addRequest, addResponse, providerName, startAttributes } from "./conventions.ts";
import { errorSummary } from "./error-type.ts";
import type { Begun, CallFacts, InferenceFacts } from "./facts.ts";
import { finishWord } from "./finish-word.ts";
import { SPAN_KEY, type Standing } from "./nesting.ts";
import type { Attributes, OtelContext, Span } from "./otel.ts";
import { USAGE_OWNER } from "./remote.ts";
import { CLIENT, ERROR_STATUS, INTERNAL, NO_SPAN, type Setup } from "./setup.ts";

export interface OpenAttempt {
  readonly span: Span;
  readonly begun: Begun;
  readonly ended: boolean;
  /** The provider is about to be asked. */
  sent(): void;
  /** The headers of the answer came. */
  head(headers: Headers): void;
  saw(events: readonly StreamEvent[]): void;
  /** What the attempt came to so far. */
  facts(): InferenceFacts;
  /** Its reader left without a word. */
  abandon(): void;
  end(): void;
}

interface Around {
  readonly call: CallFacts;
  readonly setup: Setup;
  readonly parent: OtelContext;
  /** Who stands for the call: where it is not us, this span carries only what is ours. */
  readonly by: Standing["by"];
  readonly previous: OpenAttempt | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Starts the span of an attempt. An attempt that takes another's place is linked to it. */
export function openAttempt(begun: Begun, { call, setup, parent, by, previous }: Around): OpenAttempt {
  const { attempt, request, place, operation } = begun;
  const { semconv, presets, content, metrics } = setup;
  const { captureContent = "none", contentHook } = content;
  const { attribution } = call;
  const own = by === "own";
  const span = startSpan(begun, call, setup, parent, own, previous);
  const capture = !own || captureContent === "none" ? undefined : openCapture(request, content);
  let responseId: string | undefined;
  let responseModel: string | undefined;
  let finishReasons: readonly string[] | undefined;
  let sent = false;
  let abandoned = false;
  let relayed = false;
  let chunkAt: number | undefined;
  let chunkLabels: Attributes | undefined;

  const facts = (): InferenceFacts => {
    const { error, firstEventMs, startedAt } = attempt;
    const cancelled = attempt.outcome === "aborted";
    const usage = attempt.usage ?? guess();
    const cost = attempt.cost ?? (attempt.usage === undefined && usage !== undefined ? priceOf(usage) : undefined);
    const broken = usage !== undefined && finishReasons === undefined && (cancelled || error !== undefined);
    const known: Mutable<InferenceFacts> = {
      kind: "inference",
      operation,
      provider: providerName(place),
      model: place.model,
      stream: call.stream,
      cancelled,
    };
    if (responseId !== undefined) known.responseId = responseId;
    if (responseModel !== undefined) known.responseModel = responseModel;
    if (broken) known.finishReasons = ["error"];
    else if (finishReasons !== undefined) known.finishReasons = finishReasons;
    if (firstEventMs !== undefined) {
      known.firstEventMs = firstEventMs;
      known.firstEventAt = startedAt + firstEventMs;
    }
    if (relayed) known.relayed = true;
    else {
      if (usage !== undefined) known.usage = usage;
      if (cost !== undefined) known.cost = cost;
    }
    if (attribution !== undefined) known.attribution = attribution;
    if (error !== undefined) known.error = error;
    return known;
  };
  /** What a provider was at work on when it was given up is billed; nobody told how much it was. */
  const guess = (): Usage | undefined => {
    const mayCost = sent && !call.counted() && (attempt.outcome === "aborted" || attempt.error?.code === "TIMEOUT");
    return mayCost ? { ...makeUsage({ input: { total: estimateTokens(request) }, output: { total: 0 } }), estimated: true } : undefined;
  };
  const priceOf = (usage: Usage): InferenceFacts["cost"] => costOf({ price: place.price, source: place.priceSource ?? "catalogue", usage });
  /** Not sent, because a budget or a limit of ours held it back. */
  const isRefused = (): boolean => !sent && (attempt.error?.code === "BUDGET_EXCEEDED" || attempt.error?.code === "RATE_LIMITED");

  /** Tells the span in several small pieces, because an object that grows to forty names costs more than the span itself. */
  const describe = (known: InferenceFacts): void => {
    const ours: Attributes = {};
    addOwn(ours, begun, call.id);
    if (abandoned) ours["crosspoint.stream.abandoned"] = true;
    // The span of another library tells of the attempt that answered. One that was billed and did not answer tells of itself.
    const apart = by === "outer" && attempt.outcome !== "success" && known.usage !== undefined;
    if (apart) Object.assign(ours, startAttributes(place, operation));
    if (!own) addAttribution(ours, attribution);
    if (!own && !apart) {
      addOwnUsage(ours, known);
      addOutcome(ours, known);
      span.setAttributes(ours);
      return;
    }
    if (relayed) addOwnUsage(ours, attempt);
    span.setAttributes(ours);
    const answered: Attributes = {};
    addRequest(answered, request, call.stream);
    addResponse(answered, known, semconv);
    span.setAttributes(answered);
    for (const preset of presets) {
      const told: Attributes = {};
      preset(told, known);
      if (semconv !== "1.41") addProposedCost(told, known);
      span.setAttributes(told);
    }
  };

  const open: Mutable<OpenAttempt> = {
    span,
    begun,
    facts,
    ended: false,
    sent: () => void (sent = true),
    head(headers) {
      relayed = headers.get(USAGE_OWNER) === span.spanContext().traceId;
    },
    saw(events) {
      if (events.length === 0) return;
      capture?.push(events);
      if (setup.chunkMetric && call.stream && metrics !== undefined) {
        const now = call.elapsed();
        if (chunkAt !== undefined) metrics.chunk(operation, now - chunkAt, (chunkLabels ??= metrics.labelsOf(begun, facts())));
        chunkAt = now;
      }
      const first = events[0];
      if (first?.type === "response-start") {
        responseId = first.id ?? responseId;
        responseModel = first.model ?? responseModel;
      }
      const last = events[events.length - 1];
      if (last?.type !== "response-end") return;
      finishReasons =
        last.otherFinishReasons === undefined
          ? [finishWord(last.finishReason)]
          : [last.finishReason, ...last.otherFinishReasons].map(finishWord);
    },
    abandon: () => void (abandoned = true),
    end() {
      if (open.ended) return;
      open.ended = true;
      let known = facts();
      if (by !== "attempt") metrics?.attempt(begun, known, isRefused());
      const recording = span.isRecording();
      const asEvent = captureContent.endsWith("event");
      const logger = asEvent && capture !== undefined ? setup.logger() : undefined;
      // The hook sees what is said also where no span is kept of it.
      const said = recording || logger !== undefined || contentHook !== undefined ? capture?.content() : undefined;
      if (said !== undefined) known = { ...known, content: said };
      if (recording) {
        describe(known);
        if (said !== undefined && captureContent.startsWith("span")) span.setAttributes(contentAttributes(said));
        if (said !== undefined && asEvent && logger === undefined) addContentEvent(span, said);
        if (known.error !== undefined && !known.cancelled) span.setStatus({ code: ERROR_STATUS, message: errorSummary(known.error) });
      }
      if (said !== undefined && logger !== undefined) {
        const told: Attributes = { ...startAttributes(place, operation) };
        addRequest(told, request, call.stream);
        addResponse(told, known, semconv);
        addAttribution(told, attribution);
        emitContent(logger, told, said, span === NO_SPAN ? parent : parent.setValue(SPAN_KEY, span));
      }
      span.end();
    },
  };
  return open;
}

function startSpan(
  { attempt, place, operation, number }: Begun,
  { attribution }: CallFacts,
  { tracer }: Setup,
  parent: OtelContext,
  own: boolean,
  previous: OpenAttempt | undefined,
): Span {
  const name = own ? `${operation} ${place.model}` : `attempt ${number} ${place.provider.id}`;
  let attributes: Attributes = own ? startAttributes(place, operation) : {};
  if (own && attribution !== undefined) addAttribution((attributes = { ...attributes }), attribution);
  const kind = own ? CLIENT : INTERNAL;
  if (previous === undefined || attempt.reason === "first") return tracer.startSpan(name, { kind, attributes }, parent as never);
  const links = [{ context: previous.span.spanContext(), attributes: { "crosspoint.link.reason": attempt.reason } }];
  return tracer.startSpan(name, { kind, attributes, links }, parent as never);
}
