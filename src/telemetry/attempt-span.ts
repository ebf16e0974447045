import type { StreamEvent } from "../ir/event.ts";
import { makeUsage, type Usage } from "../ir/usage.ts";
import { costOf } from "../models/cost.ts";
import { estimateTokens } from "../models/estimate.ts";
import { attributionAttributes } from "./attribution.ts";
import { contentAttributes, openCapture, type Content } from "./content.ts";
import {
  finishWord,
  outcomeAttributes,
  ownAttributes,
  proposedCost,
  providerName,
  requestAttributes,
  responseAttributes,
  startAttributes,
} from "./conventions.ts";
import { errorSummary } from "./error-type.ts";
import type { Begun, CallFacts, InferenceFacts } from "./facts.ts";
import type { Attributes, OtelContext, Span } from "./otel.ts";
import { USAGE_OWNER } from "./remote.ts";
import { CLIENT, ERROR_STATUS, INTERNAL, presetAttributes, type Setup } from "./setup.ts";

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
  end(): void;
  /** Ends it where its reader left without a word. */
  abandon(): void;
}

interface Around {
  readonly call: CallFacts;
  readonly setup: Setup;
  readonly parent: OtelContext;
  /** Another span stands for the call: this one carries only what is ours. */
  readonly light: boolean;
  /** Our attempt further out counts this one already. */
  readonly counted: boolean;
  readonly previous: OpenAttempt | undefined;
}

const DETAILS = "gen_ai.client.inference.operation.details";

/** Starts the span of an attempt. An attempt that takes another's place is linked to it. */
export function openAttempt(begun: Begun, { call, setup, parent, light, counted, previous }: Around): OpenAttempt {
  const { attempt, request, place, operation, number } = begun;
  const { semconv, presets, content } = setup;
  const attributes: Attributes = light ? {} : startAttributes(place, operation);
  Object.assign(attributes, ownAttributes(begun, call.id), attributionAttributes(call.attribution));
  const links =
    previous === undefined || attempt.reason === "first"
      ? []
      : [{ context: previous.span.spanContext(), attributes: { "crosspoint.link.reason": attempt.reason } }];
  const span = setup.tracer.startSpan(
    light ? `attempt ${number} ${place.provider.id}` : `${operation} ${place.model}`,
    { kind: light ? INTERNAL : CLIENT, attributes, links },
    parent as never,
  );
  const capture =
    light || content.captureContent === undefined || content.captureContent === "none" ? undefined : openCapture(request, content);
  let answer: Pick<InferenceFacts, "responseId" | "responseModel" | "finishReasons"> = {};
  let sent = false;
  let ended = false;
  let abandoned = false;
  let relayed = false;

  const facts = (said?: Content): InferenceFacts => {
    const { error, firstEventMs, startedAt, outcome } = attempt;
    const cancelled = outcome === "aborted" || abandoned;
    const usage = attempt.usage ?? guess();
    const cost = attempt.cost ?? (attempt.usage === undefined && usage !== undefined ? priceOf(usage) : undefined);
    const broken = usage !== undefined && answer.finishReasons === undefined && (cancelled || error !== undefined);
    return {
      kind: "inference",
      operation,
      provider: providerName(place),
      model: place.model,
      ...answer,
      ...(broken && { finishReasons: ["error"] }),
      stream: call.stream,
      ...(firstEventMs !== undefined && { firstEventMs, firstEventAt: startedAt + firstEventMs }),
      ...(relayed ? { relayed } : { ...(usage !== undefined && { usage }), ...(cost !== undefined && { cost }) }),
      ...(call.attribution !== undefined && { attribution: call.attribution }),
      ...(said !== undefined && { content: said }),
      ...(error !== undefined && { error }),
      cancelled,
    };
  };
  /** What a provider was at work on when it was given up is billed; nobody told how much it was. */
  const guess = (): Usage | undefined => {
    const mayCost = abandoned || (!call.counted() && (attempt.outcome === "aborted" || attempt.error?.code === "TIMEOUT"));
    if (!sent || !mayCost) return undefined;
    return { ...makeUsage({ input: { total: estimateTokens(request) }, output: { total: 0 } }), estimated: true };
  };
  const priceOf = (usage: Usage): InferenceFacts["cost"] =>
    costOf({ ...(place.price === undefined ? undefined : { price: place.price }), source: place.priceSource ?? "catalogue", usage });

  const end = (more?: Attributes): void => {
    if (ended) return;
    ended = true;
    if (!counted) setup.metrics?.attempt(begun, facts(), isRefused());
    if (span.isRecording()) {
      const said = capture?.content();
      const known = facts(said);
      span.setAttributes({ ...(light ? { ...lightAttributes(known), ...outcomeAttributes(known) } : fullAttributes(known)), ...more });
      if (said !== undefined && content.captureContent!.endsWith("event")) span.addEvent(DETAILS, contentAttributes(said));
      if (known.error !== undefined && !known.cancelled) span.setStatus({ code: ERROR_STATUS, message: errorSummary(known.error) });
    }
    span.end();
  };

  /** Not sent, because a budget or a limit of ours held it back. */
  const isRefused = (): boolean => !sent && (attempt.error?.code === "BUDGET_EXCEEDED" || attempt.error?.code === "RATE_LIMITED");

  return {
    span,
    begun,
    facts,
    get ended() {
      return ended;
    },
    sent: () => void (sent = true),
    head(headers) {
      relayed = headers.get(USAGE_OWNER) === span.spanContext().traceId;
    },
    saw(events) {
      capture?.push(events);
      const first = events[0];
      if (first?.type === "response-start") {
        answer = {
          ...answer,
          ...(first.id !== undefined && { responseId: first.id }),
          ...(first.model !== undefined && { responseModel: first.model }),
        };
      }
      const last = events[events.length - 1];
      if (last?.type === "response-end") {
        answer = { ...answer, finishReasons: [last.finishReason, ...(last.otherFinishReasons ?? [])].map(finishWord) };
      }
    },
    end: () => end(),
    abandon() {
      abandoned = true;
      end({ "crosspoint.stream.abandoned": true });
    },
  };

  function fullAttributes(known: InferenceFacts): Attributes {
    const told = relayed ? lightAttributes(attempt) : undefined;
    const full: Attributes = {
      ...told,
      ...requestAttributes(request, call.stream),
      ...responseAttributes(known, semconv),
      ...presetAttributes(presets, known),
    };
    if (known.content !== undefined && content.captureContent!.startsWith("span")) Object.assign(full, contentAttributes(known.content));
    if (semconv !== "1.41" && "langfuse.observation.usage_details" in full) Object.assign(full, proposedCost(known));
    return full;
  }
}

function lightAttributes({ usage, cost }: Pick<InferenceFacts, "usage" | "cost">): Attributes {
  const attributes: Attributes = {};
  if (usage?.input.total !== undefined) attributes["crosspoint.usage.input_tokens"] = usage.input.total;
  if (usage?.output.total !== undefined) attributes["crosspoint.usage.output_tokens"] = usage.output.total;
  if (usage?.estimated === true) attributes["crosspoint.usage.estimated"] = true;
  if (cost !== undefined) attributes["crosspoint.cost.total"] = cost.total;
  return attributes;
}
