import type { CrosspointError } from "../ir/error.ts";
import type { Attribution } from "../spend/attribution.ts";
import { observeBudgets, type Budgets } from "./budget-gauge.ts";
import { startAttributes } from "./conventions.ts";
import { errorType } from "./error-type.ts";
import type { Begun, CallFacts, InferenceFacts, Operation } from "./facts.ts";
import { LABEL_ATTRIBUTES, type MetricLabel, type Semconv } from "./options.ts";
import type { Attributes, Instrument, MeterProvider } from "./otel.ts";

const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = Array.from({ length: 14 }, (_each, power) => 4 ** power);
/** 1, 2.5 and 5 of every power of ten from a millionth of a dollar to a hundred. */
const DOLLARS = Array.from({ length: 25 }, (_each, step) => Number(`${[1, 2.5, 5][step % 3]!}e${Math.floor(step / 3) - 6}`));

/** What is counted of every attempt and call. */
export interface Metrics {
  /** An attempt is over; `refused`: a budget or limit of ours did not let it be sent. */
  attempt(begun: Begun, facts: InferenceFacts, refused: boolean): void;
  /** A further chunk of a stream came, so long after the one before. */
  chunk(operation: Operation, ms: number, attributes: Attributes): void;
  /** What the conventions tell attempts apart by. */
  labelsOf(begun: Begun, facts: InferenceFacts): Attributes;
  /** A failure made a deployment rest. */
  cooldown(begun: Begun): void;
  /** A call is over, all its attempts together. */
  call(call: CallFacts, durationMs: number, aborted: "aborted" | undefined, error: CrosspointError | undefined): void;
}

interface Options {
  readonly semconv: Semconv;
  readonly labels: readonly MetricLabel[];
  /** Absent where there are none. */
  readonly budgets: Budgets | undefined;
}

/** Makes the instruments. A meter that was asked for before its SDK came never counts, so they are made anew for each provider. */
export function createMetrics(provider: MeterProvider, { semconv, labels, budgets }: Options): Metrics {
  const meter = provider.getMeter("crosspoint");
  const seen = budgets === undefined ? undefined : observeBudgets(meter, budgets, labels);
  const made = new Map<string, Instrument>();
  const histogram = (name: string, unit: string, buckets: readonly number[], value: number, attributes: Attributes): void => {
    let found = made.get(name);
    if (found === undefined) {
      found = meter.createHistogram(name, { unit, advice: { explicitBucketBoundaries: [...buckets] } });
      made.set(name, found);
    }
    found.record!(value, attributes);
  };
  const count = (name: string, unit: string, value: number, attributes: Attributes): void => {
    let found = made.get(name);
    if (found === undefined) made.set(name, (found = meter.createCounter(name, { unit })));
    found.add!(value, attributes);
  };
  const whose = (attribution: Attribution | undefined): Attributes => {
    const attributes: Attributes = {};
    for (const label of labels) {
      const value = attribution?.[label];
      if (value !== undefined) attributes[LABEL_ATTRIBUTES[label]] = value;
    }
    return attributes;
  };
  const reject = (error: CrosspointError, labelled: Attributes): void => {
    const attributes: Attributes = { "error.type": errorType(error), ...labelled };
    if (error.param !== undefined) attributes["crosspoint.budget.id"] = error.param;
    count("crosspoint.ratelimit.rejections", "{attempt}", 1, attributes);
  };
  const labelsOf = ({ place, operation }: Begun, { responseModel, attribution }: InferenceFacts): Attributes => {
    const attributes: Attributes = { ...startAttributes(place, operation) };
    if (responseModel !== undefined) attributes["gen_ai.response.model"] = responseModel;
    return Object.assign(attributes, whose(attribution));
  };
  const old = semconv !== "next";
  const next = semconv !== "1.41";

  const tokens = (facts: InferenceFacts, attributes: Attributes): void => {
    const { input, output } = facts.usage!;
    if (old && input.total !== undefined) histogram("gen_ai.client.token.usage", "{token}", TOKENS, input.total, { ...attributes, "gen_ai.token.type": "input" }); // oxfmt-ignore
    if (old && output.total !== undefined) histogram("gen_ai.client.token.usage", "{token}", TOKENS, output.total, { ...attributes, "gen_ai.token.type": "output" }); // oxfmt-ignore
    if (!next || facts.operation !== "chat") return;
    const counts = {
      input_tokens: input.total,
      output_tokens: output.total,
      "cache_read.input_tokens": input.cacheRead,
      "cache_write.input_tokens": input.cacheWrite,
      "reasoning.output_tokens": output.reasoning,
    };
    for (const [name, value] of Object.entries(counts)) {
      if (value !== undefined) count(`gen_ai.client.inference.usage.${name}`, "{token}", value, attributes);
    }
    if (input.total !== undefined) histogram("gen_ai.client.inference.operation.input_tokens", "{token}", TOKENS, input.total, attributes);
    if (output.total !== undefined)
      histogram("gen_ai.client.inference.operation.output_tokens", "{token}", TOKENS, output.total, attributes);
  };

  return {
    labelsOf,
    attempt(begun, facts, refused) {
      const { attempt, place, operation } = begun;
      const { error, cancelled, usage, cost, stream, firstEventMs } = facts;
      const own = whose(facts.attribution);
      if (refused) reject(error!, own);
      own["crosspoint.deployment.id"] = place.id;
      own["crosspoint.attempt.reason"] = attempt.reason;
      own["crosspoint.outcome"] = attempt.outcome;
      count("crosspoint.router.attempts", "{attempt}", 1, own);
      if (attempt.reason === "fallback") count("crosspoint.router.fallbacks", "{attempt}", 1, own);
      if (refused) return;
      const attributes = labelsOf(begun, facts);
      const kind = operation === "chat" ? "inference" : operation;
      if (attempt.durationMs !== undefined) {
        const failed = error === undefined || cancelled ? attributes : { ...attributes, "error.type": errorType(error) };
        if (old) histogram("gen_ai.client.operation.duration", "s", SECONDS, attempt.durationMs / 1_000, failed);
        if (next) histogram(`gen_ai.client.${kind}.duration`, "s", SECONDS, attempt.durationMs / 1_000, failed);
      }
      if (stream && firstEventMs !== undefined) {
        if (old) histogram("gen_ai.client.operation.time_to_first_chunk", "s", SECONDS, firstEventMs / 1_000, attributes);
        if (next) histogram(`gen_ai.client.${kind}.time_to_first_chunk`, "s", SECONDS, firstEventMs / 1_000, attributes);
      }
      if (usage !== undefined) tokens(facts, attributes);
      if (cost === undefined) return;
      histogram("gen_ai.usage.cost", "USD", DOLLARS, cost.total, attributes);
      if (next) histogram("gen_ai.client.operation.cost", "USD", DOLLARS, cost.total, attributes);
    },
    chunk(operation, ms, attributes) {
      if (old) histogram("gen_ai.client.operation.time_per_output_chunk", "s", SECONDS, ms / 1_000, attributes);
      const kind = operation === "chat" ? "inference" : operation;
      if (next) histogram(`gen_ai.client.${kind}.time_per_output_chunk`, "s", SECONDS, ms / 1_000, attributes);
    },
    cooldown({ attempt: { error }, place }) {
      const reason = error === undefined ? undefined : { "error.type": errorType(error) };
      count("crosspoint.router.cooldowns", "{cooldown}", 1, { "crosspoint.deployment.id": place.id, ...reason });
    },
    call({ asked, attribution, attempts }, durationMs, aborted, error) {
      seen?.(attribution);
      const attributes = whose(attribution);
      // A limit that let no attempt begin.
      if (aborted === undefined && attempts.length === 0 && error?.code === "RATE_LIMITED") reject(error, { ...attributes });
      attributes["crosspoint.model_group"] = asked;
      attributes["crosspoint.outcome"] = aborted ?? (error === undefined ? "success" : "failure");
      if (aborted === undefined && error !== undefined) attributes["error.type"] = errorType(error);
      histogram("crosspoint.operation.duration", "s", SECONDS, durationMs / 1_000, attributes);
    },
  };
}
