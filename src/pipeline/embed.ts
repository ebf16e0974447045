import { credentials } from "../auth/api-key.ts";
import type { EmbeddingCodec, Embeddings, EmbedRequest } from "../codecs/embeddings/embedding.ts";
import { geminiEmbeddings } from "../codecs/embeddings/gemini.ts";
import { openaiEmbeddings } from "../codecs/embeddings/openai.ts";
import { providerCodec } from "../codecs/load.ts";
import { CrosspointError, ERROR_CODES } from "../ir/error.ts";
import type { JSONObject } from "../ir/json.ts";
import type { Attempt, Cost } from "../ir/response.ts";
import { costOf } from "../models/cost.ts";
import { backoff } from "../router/backoff.ts";
import type { Deployment } from "../router/deployment.ts";
import type { Groups, ModelGroup } from "../router/groups.ts";
import { sumCost } from "../spend/row.ts";
import { sleep } from "../transport/clock.ts";
import type { TransportRequest } from "../transport/transport.ts";
import { locate, settleRecord, within } from "./call.ts";
import { retriesOf, stopSignal, type AttemptRecord, type CallContext } from "./context.ts";
import { openExchange, parseBody, unreadable } from "./exchange.ts";
import { addHeaders, resolveHeaders } from "./headers.ts";
import { compose, type Stage } from "./stage.ts";
import { batchSource } from "./whole-source.ts";

export interface EmbedResponse extends Embeddings {
  readonly model: string;
  readonly provider: string;
  readonly deployment: string;
  readonly cost?: Cost;
  readonly attempts: readonly Attempt[];
}

/** Most inputs that one request to a provider carries; more are sent in several (OpenAI: 2,048; Gemini: 100). */
const BATCH: Record<EmbeddingCodec["id"], number> = { openai: 2_048, gemini: 100 };

const CODECS: Readonly<Record<EmbeddingCodec["id"], EmbeddingCodec>> = { openai: openaiEmbeddings, gemini: geminiEmbeddings };

/** Embeds all inputs, in as many requests as the provider's limit asks for; each is retried by itself. */
export async function embed(request: EmbedRequest, context: CallContext, groups: Groups, stages: readonly Stage[]): Promise<EmbedResponse> {
  const texts = typeof request?.input === "string" ? [request.input] : request?.input;
  if (!Array.isArray(texts) || texts.some((text) => typeof text !== "string")) {
    throw new CrosspointError("BAD_REQUEST", "input must be a text or a list of texts", { param: "input" });
  }
  const messages = texts.map((content) => ({ role: "user", content }) as const);
  let response: EmbedResponse | undefined;
  const handler = compose(stages, async ({ model }) => {
    response = await embedAll({ ...request, model }, context, groups);
    return batchSource([]);
  });
  // For the stages an embedding is a call that writes nothing.
  const source = await handler({ model: request.model, messages, maxOutputTokens: 0 }, context);
  await source.pull();
  return response!;
}

async function embedAll(request: EmbedRequest, context: CallContext, groups: Groups): Promise<EmbedResponse> {
  const input = typeof request.input === "string" ? [request.input] : request.input;
  const group = groups.get(request.model);
  const places = samePlaces(group);
  let deployment = places[0]!;
  const { provider } = deployment;
  const codec = provider.embeddings === undefined ? undefined : CODECS[provider.embeddings];
  if (codec === undefined) {
    throw new CrosspointError("UNSUPPORTED", `${provider.id} has no embeddings that this package knows`, {
      provider: provider.id,
      model: deployment.model,
    });
  }
  const pages: Embeddings[] = [];
  for (let from = 0; from < input.length; from += BATCH[codec.id]) {
    const page = input.slice(from, from + BATCH[codec.id]);
    const found = await withRetries(
      places,
      deployment,
      (place) => send(request, page, place, codec, context),
      context,
      retriesOf(group, context),
    );
    pages.push(found.page);
    deployment = found.place;
  }
  const merged = mergePages(pages);
  const cost = sumCost(context.attempts.filter(({ usage }) => usage?.estimated !== true));
  context.answer = { deployment, requestId: undefined, rateLimit: undefined };
  context.usage = merged.usage;
  if (cost !== undefined) context.cost = cost;
  return {
    model: deployment.model,
    ...merged,
    provider: provider.id,
    deployment: deployment.id,
    ...(cost === undefined ? undefined : { cost }),
    attempts: context.attempts,
  };
}

/** The deployments whose vectors belong together: those of the first one's provider and model, the lowest order first, those without a weight last. */
function samePlaces({ deployments }: ModelGroup): readonly Deployment[] {
  const inService = deployments
    .filter(({ terms }) => terms?.enabled !== false)
    .toSorted((a, b) => Number(a.weight === 0) - Number(b.weight === 0) || a.order - b.order);
  const first = inService[0] ?? deployments[0]!;
  return [first, ...inService.filter((each) => each !== first && each.provider === first.provider && each.model === first.model)];
}

interface Found<T> {
  readonly page: T;
  readonly place: Deployment;
}

/** Tries a page where the one before went well, then at each other place, and only then again after a wait. */
async function withRetries<T>(
  places: readonly Deployment[],
  first: Deployment,
  run: (place: Deployment) => Promise<T>,
  context: CallContext,
  retries: number,
): Promise<Found<T>> {
  const { clock, random } = context.runtime;
  const open = [...places.slice(places.indexOf(first)), ...places.slice(0, places.indexOf(first))];
  for (let tries = 0, waits = 0; ; tries++) {
    const place = open.shift()!;
    try {
      return { page: await run(place), place };
    } catch (error) {
      if (!CrosspointError.is(error) || tries >= retries) throw error;
      // A key that is refused here may be good elsewhere, but for one that the call brought itself.
      const isOfKey = ERROR_CODES[error.code].blame === "key" && context.apiKey === undefined;
      if (error.retryable) open.push(place);
      else if (!isOfKey) throw error;
      if (open.length === 0) throw error;
      if (tries + 1 < places.length) continue;
      const wait = backoff(error, waits++, random);
      if (wait === undefined) throw error;
      await sleep(clock, wait, stopSignal(context));
    }
  }
}

async function send(
  request: EmbedRequest,
  input: readonly string[],
  deployment: Deployment,
  codec: EmbeddingCodec,
  context: CallContext,
): Promise<Embeddings> {
  const { runtime } = context;
  const { provider, model } = deployment;
  const record: AttemptRecord = {
    provider: provider.id,
    model,
    deployment: deployment.id,
    reason: context.attempts.length === 0 ? "first" : "retry",
    outcome: "failure",
    startedAt: runtime.clock.now(),
  };
  context.attempts.push(record);
  context.trace?.begin(record, { model: request.model, messages: [] }, deployment, "embeddings");
  runtime.monitor?.begin(deployment, record, false);
  const exchange = openExchange(runtime, context.signal, record);
  try {
    const messages = input.map((content) => ({ role: "user", content }) as const);
    await context.account?.begin({ model: request.model, messages, maxOutputTokens: 0 }, deployment, record);
    const encoded = codec.encodeRequest(model, input, request, optionsOf(request, deployment));
    exchange.arm(context.timeouts.timeout, "timeout");
    const headers: Record<string, string> = {
      "content-type": "application/json",
      ...(await credentials(provider, context.apiKey ?? deployment.apiKey)),
    };
    addHeaders(headers, await resolveHeaders(provider.headers));
    addHeaders(headers, context.headers);
    const asked: TransportRequest = {
      method: "POST",
      url: provider.baseURL + encoded.path,
      headers,
      body: JSON.stringify(provider.transformRequestBody?.(encoded.body, { model, stream: false }) ?? encoded.body),
      signal: exchange.signal,
    };
    exchange.signal.throwIfAborted();
    context.account?.sends(record);
    const response = await within(context, record, () => runtime.transport(asked));
    const body = parseBody(await response.text());
    const refusal = unreadable(response.status, body, record);
    if (refusal !== undefined) throw refusal;
    if (response.status > 299) throw (await providerCodec(provider.codec)).decodeError(response.status, body, response.headers);
    const embeddings = codec.decodeResponse(body, input.length);
    if (embeddings.model !== undefined) context.trace?.saw(record, [{ type: "response-start", model: embeddings.model }]);
    record.usage = embeddings.usage;
    const cost = costOf({ price: deployment.price, source: deployment.priceSource ?? "catalogue", usage: embeddings.usage });
    if (cost !== undefined) record.cost = cost;
    settleRecord({ record, context, deployment }, undefined);
    return embeddings;
  } catch (error) {
    const failed = locate(exchange.explain(error, "CONNECTION"), record);
    settleRecord({ record, context, deployment }, failed);
    throw failed;
  } finally {
    exchange.release();
  }
}

function optionsOf(request: EmbedRequest, deployment: Deployment): JSONObject | undefined {
  const options = request.providerOptions;
  if (options === undefined) return undefined;
  return Object.assign(
    {},
    ...deployment.target.optionKeys.map((key) => (Object.hasOwn(options, key) ? options[key] : undefined)),
  ) as JSONObject;
}

function mergePages(pages: readonly Embeddings[]): Embeddings {
  const [first] = pages;
  if (pages.length === 1) return first!;
  const totals = pages.map((page) => page.usage.input.total);
  const known = totals.every((total) => total !== undefined);
  const total = known ? totals.reduce((sum, each) => sum + each, 0) : undefined;
  return {
    ...(first?.model === undefined ? undefined : { model: first.model }),
    embeddings: pages.flatMap((page) => page.embeddings),
    usage: {
      input: total === undefined ? {} : { total, uncached: total },
      output: { total: 0, text: 0 },
      ...(total === undefined ? undefined : { total }),
    },
  };
}
