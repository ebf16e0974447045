import type { ModelRequest } from "../ir/request.ts";
import { costShares } from "./cost.ts";
import { errorType } from "./error-type.ts";
import type { Begun, InferenceFacts, Place } from "./facts.ts";
import type { Attributes } from "./otel.ts";
import type { Semconv } from "./options.ts";

/** The version of the GenAI semantic conventions that the spans follow. */
export const SCHEMA_URL = "https://opentelemetry.io/schemas/gen-ai/1.42.0";

interface Server {
  readonly "server.address"?: string;
  readonly "server.port"?: number;
}

const servers = new Map<string, Server>();

/** The host of a base URL. */
export function serverOf(baseURL: string): Server {
  let server = servers.get(baseURL);
  if (server !== undefined) return server;
  if (URL.canParse(baseURL)) {
    const { hostname, port, protocol } = new URL(baseURL);
    server = { "server.address": hostname, "server.port": port === "" ? (protocol === "http:" ? 80 : 443) : Number(port) };
  } else server = {};
  if (servers.size > 1_000) servers.clear();
  servers.set(baseURL, server);
  return server;
}

/** The name of the provider in the conventions (`gen_ai.provider.name`). */
export function providerName({ provider }: Place): string {
  return provider.telemetryName ?? provider.family;
}

const starts = new WeakMap<Place, Map<string, Attributes>>();

/** What samplers decide on: present when the span starts. The same object for all attempts at a place. */
export function startAttributes(place: Place, operation: string): Readonly<Attributes> {
  let made = starts.get(place);
  if (made === undefined) starts.set(place, (made = new Map()));
  let attributes = made.get(operation);
  if (attributes === undefined) {
    attributes = {
      "gen_ai.operation.name": operation,
      "gen_ai.provider.name": providerName(place),
      "gen_ai.request.model": place.model,
      ...serverOf(place.provider.baseURL),
    };
    made.set(operation, attributes);
  }
  return attributes;
}

/** Adds what of an attempt is ours alone; true of every span of an attempt, whoever stands for the call. */
export function addOwn(attributes: Attributes, { attempt, place, number }: Begun, callId: string): void {
  const { decision } = attempt;
  if (decision !== undefined) {
    attributes["crosspoint.route.group"] = decision.group;
    attributes["crosspoint.route.strategy"] = decision.strategy;
    attributes["crosspoint.route.candidates"] = decision.candidates;
    if (decision.dropped !== undefined)
      attributes["crosspoint.route.dropped"] = decision.dropped.map((each) => `${each.deployment}: ${each.reason}`);
    if (decision.skipped !== undefined)
      attributes["crosspoint.route.skipped"] = decision.skipped.map((each) => `${each.group}: ${each.reason}`);
  }
  attributes["crosspoint.call.id"] = callId;
  attributes["crosspoint.provider.id"] = place.provider.id;
  attributes["crosspoint.deployment.id"] = place.id;
  attributes["crosspoint.attempt.number"] = number;
  attributes["crosspoint.attempt.reason"] = attempt.reason === "first" ? "initial" : attempt.reason;
}

const OUTPUT_TYPES: Readonly<Record<string, string>> = { image: "image", audio: "speech" };

/** Adds the settings of a request that were given. */
export function addRequest(attributes: Attributes, request: ModelRequest, stream: boolean): void {
  if (stream) attributes["gen_ai.request.stream"] = true;
  const { maxOutputTokens, temperature, topP, topK, frequencyPenalty, presencePenalty, stop, seed, n, reasoning, output, modalities } =
    request;
  if (maxOutputTokens !== undefined) attributes["gen_ai.request.max_tokens"] = maxOutputTokens;
  if (temperature !== undefined) attributes["gen_ai.request.temperature"] = temperature;
  if (topP !== undefined) attributes["gen_ai.request.top_p"] = topP;
  if (topK !== undefined) attributes["gen_ai.request.top_k"] = topK;
  if (frequencyPenalty !== undefined) attributes["gen_ai.request.frequency_penalty"] = frequencyPenalty;
  if (presencePenalty !== undefined) attributes["gen_ai.request.presence_penalty"] = presencePenalty;
  if (stop !== undefined && stop.length > 0) attributes["gen_ai.request.stop_sequences"] = stop;
  if (seed !== undefined) attributes["gen_ai.request.seed"] = seed;
  if (n !== undefined && n !== 1) attributes["gen_ai.request.choice.count"] = n;
  if (reasoning?.effort !== undefined) attributes["gen_ai.request.reasoning.level"] = reasoning.effort;
  const type = output?.type ?? modalities?.map((each) => OUTPUT_TYPES[each]).find((each) => each !== undefined);
  if (type !== undefined) attributes["gen_ai.output.type"] = type;
}

/** Adds how it ended; a caller who leaves is no error. */
export function addOutcome(attributes: Attributes, { error, cancelled }: Pick<InferenceFacts, "error" | "cancelled">): void {
  if (cancelled) attributes["crosspoint.cancelled"] = true;
  else if (error !== undefined) attributes["error.type"] = errorType(error);
}

/** Adds what came back. */
export function addResponse(attributes: Attributes, facts: InferenceFacts, semconv: Semconv): void {
  const { responseId, responseModel, finishReasons, firstEventMs, stream } = facts;
  if (responseId !== undefined) attributes["gen_ai.response.id"] = responseId;
  if (responseModel !== undefined) attributes["gen_ai.response.model"] = responseModel;
  if (finishReasons !== undefined) attributes["gen_ai.response.finish_reasons"] = finishReasons;
  if (stream && firstEventMs !== undefined) attributes["gen_ai.response.time_to_first_chunk"] = firstEventMs / 1_000;
  addOutcome(attributes, facts);
  addUsage(attributes, facts, semconv);
}

/** Adds tokens and cost: what a span of another library gets from us too. */
export function addUsage(attributes: Attributes, { usage, cost }: InferenceFacts, semconv: Semconv): void {
  if (usage !== undefined) {
    const { total, cacheRead, cacheWrite } = usage.input;
    const { total: written, reasoning } = usage.output;
    if (total !== undefined) attributes["gen_ai.usage.input_tokens"] = total;
    if (written !== undefined) attributes["gen_ai.usage.output_tokens"] = written;
    if (cacheRead !== undefined) attributes["gen_ai.usage.cache_read.input_tokens"] = cacheRead;
    if (cacheWrite !== undefined && semconv !== "next") attributes["gen_ai.usage.cache_creation.input_tokens"] = cacheWrite;
    if (cacheWrite !== undefined && semconv !== "1.41") attributes["gen_ai.usage.cache_write.input_tokens"] = cacheWrite;
    if (reasoning !== undefined) attributes["gen_ai.usage.reasoning.output_tokens"] = reasoning;
    if (usage.estimated === true) attributes["crosspoint.usage.estimated"] = true;
  }
  if (cost === undefined) return;
  attributes["gen_ai.usage.cost"] = cost.total;
  attributes["crosspoint.cost.total"] = cost.total;
  attributes["crosspoint.cost.currency"] = "USD";
  attributes["crosspoint.cost.source"] = cost.source === "provider" ? "provider" : "local";
  attributes["crosspoint.price.source"] = cost.source;
  if (cost.date !== undefined) attributes["crosspoint.price.version"] = cost.date;
  const { input, output, cacheRead, cacheWrite, reasoning, tools } = costShares(cost);
  if (input !== undefined) attributes["crosspoint.cost.input"] = input;
  if (output !== undefined) attributes["crosspoint.cost.output"] = output;
  if (cacheRead !== undefined) attributes["crosspoint.cost.cache_read"] = cacheRead;
  if (cacheWrite !== undefined) attributes["crosspoint.cost.cache_write"] = cacheWrite;
  if (reasoning !== undefined) attributes["crosspoint.cost.reasoning"] = reasoning;
  if (tools !== undefined) attributes["crosspoint.cost.tools"] = tools;
}

/** Adds what was used under names of ours alone, which no tool adds up. */
export function addOwnUsage(attributes: Attributes, { usage, cost }: Pick<InferenceFacts, "usage" | "cost">): void {
  if (usage?.input.total !== undefined) attributes["crosspoint.usage.input_tokens"] = usage.input.total;
  if (usage?.output.total !== undefined) attributes["crosspoint.usage.output_tokens"] = usage.output.total;
  if (usage?.estimated === true) attributes["crosspoint.usage.estimated"] = true;
  if (cost !== undefined) attributes["crosspoint.cost.total"] = cost.total;
}

/**
 * Adds the names that are proposed for the cost. A tool that sums up whatever it finds under `gen_ai.usage.` would count them as tokens, so they only
 * stand where it is told the tokens by its own names.
 */
export function addProposedCost(attributes: Attributes, { cost }: InferenceFacts): void {
  if (cost === undefined || !("langfuse.observation.usage_details" in attributes)) return;
  attributes["gen_ai.usage.cost.amount"] = cost.total;
  attributes["gen_ai.usage.cost.currency"] = "USD";
  attributes["gen_ai.usage.cost.source"] = cost.source === "provider" ? "provider" : "local";
}
