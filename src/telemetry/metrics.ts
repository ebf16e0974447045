import type { Attribution } from "../spend/attribution.ts";
import { serverOf } from "./conventions.ts";
import { errorType } from "./error-type.ts";
import type { Begun, CallFacts, InferenceFacts } from "./facts.ts";
import type { MetricLabel, Semconv } from "./options.ts";
import type { Attributes, Instrument, MeterProvider } from "./otel.ts";

const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = Array.from({ length: 14 }, (_each, power) => 4 ** power);
/** 1, 2.5 and 5 of every power of ten from a millionth of a dollar to a hundred. */
const DOLLARS = Array.from({ length: 25 }, (_each, step) => Number(`${[1, 2.5, 5][step % 3]!}e${Math.floor(step / 3) - 6}`));

/** What is counted of every attempt and call. */
export interface Metrics {
  /** An attempt is over; `refused`: a budget or limit of ours did not let it be sent. */
  attempt(begun: Begun, facts: InferenceFacts, refused: boolean): void;
  /** A call is over, all its attempts together. */
  call(call: CallFacts, durationMs: number, outcome: "success" | "failure" | "aborted", type: string | undefined): void;
}

interface Options {
  readonly semconv: Semconv;
  readonly labels: readonly MetricLabel[];
}

/** Makes the instruments. A meter that was asked for before its SDK came never counts, so they are made anew for each provider. */
export function createMetrics(provider: MeterProvider, { semconv, labels }: Options): Metrics {
  const meter = provider.getMeter("crosspoint");
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
      if (value !== undefined) attributes[LABELS[label]] = value;
    }
    return attributes;
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
    attempt({ attempt, place, operation }, facts, refused) {
      const { provider, model, responseModel, error, cancelled, usage, cost, stream, firstEventMs } = facts;
      const labelled = whose(facts.attribution);
      const own: Attributes = { "crosspoint.deployment.id": place.id, "crosspoint.attempt.reason": attempt.reason, "crosspoint.outcome": attempt.outcome, ...labelled }; // oxfmt-ignore
      count("crosspoint.router.attempts", "{attempt}", 1, own);
      if (attempt.reason === "fallback") count("crosspoint.router.fallbacks", "{attempt}", 1, own);
      if (refused) return count("crosspoint.ratelimit.rejections", "{attempt}", 1, { "error.type": errorType(error!), ...labelled });
      const attributes: Attributes = {
        "gen_ai.operation.name": operation,
        "gen_ai.provider.name": provider,
        "gen_ai.request.model": model,
        ...(responseModel === undefined ? undefined : { "gen_ai.response.model": responseModel }),
        ...serverOf(place.provider.baseURL),
        ...labelled,
      };
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
    call({ asked, attribution }, durationMs, outcome, type) {
      const attributes = { "crosspoint.model_group": asked, "crosspoint.outcome": outcome, ...whose(attribution) };
      const failed = type === undefined ? attributes : { ...attributes, "error.type": type };
      histogram("crosspoint.operation.duration", "s", SECONDS, durationMs / 1_000, failed);
    },
  };
}

const LABELS: Readonly<Record<MetricLabel, string>> = {
  user: "user.id",
  team: "crosspoint.team.id",
  project: "crosspoint.project.id",
  key: "crosspoint.key.alias",
};
