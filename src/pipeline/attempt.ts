import { credentials } from "../auth/api-key.ts";
import type { DecodeContext, EncodedRequest, ProviderCodec } from "../codecs/codec.ts";
import { historyPass, providerCodec } from "../codecs/load.ts";
import type { Prepared } from "../codecs/prepare-history.ts";
import { isSettled } from "../codecs/settled.ts";
import { CrosspointError } from "../ir/error.ts";
import type { ResponseEnd, ResponseStart } from "../ir/event.ts";
import type { JSONObject } from "../ir/json.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { RouteDecision, Warning } from "../ir/response.ts";
import type { Target } from "../ir/target.ts";
import { costOf } from "../models/cost.ts";
import type { ModelCallOptions, ModelProvider } from "../providers/provider.ts";
import type { Deployment } from "../router/deployment.ts";
import type { TransportResponse } from "../transport/transport.ts";
import { readHead, type AnswerHead } from "./answer-head.ts";
import { locate, settleRecord, within, type Call, type Finish } from "./call.ts";
import { ownKeyFor, type AttemptRecord, type CallContext } from "./context.ts";
import { billBroken } from "./cut-usage.ts";
import { addHeaders, resolveHeaders, type HeaderValues } from "./headers.ts";
import { aborted, openExchange, parseBody, unreadable, type Exchange } from "./exchange.ts";
import { streamSource } from "./stream-source.ts";
import { wholeSource } from "./whole-source.ts";
import type { EventSource } from "./stage.ts";

/** One try at one deployment: prepare, encode, send, decode, price. Rejects when it failed before anything was shown. */
export async function attempt(
  request: ModelRequest,
  deployment: Deployment,
  reason: AttemptRecord["reason"],
  context: CallContext,
  decision?: RouteDecision,
): Promise<EventSource> {
  const { runtime, signal } = context;
  if (signal?.aborted === true) throw aborted(signal);
  if (runtime.closing.signal.aborted) throw aborted(runtime.closing.signal);
  const record: AttemptRecord = {
    provider: deployment.provider.id,
    model: deployment.model,
    deployment: deployment.id,
    reason,
    outcome: "failure",
    startedAt: runtime.clock.now(),
  };
  if (decision !== undefined) record.decision = decision;
  context.attempts.push(record);
  context.trace?.begin(record, request, deployment, "chat");
  runtime.monitor?.begin(deployment, record, context.stream);
  const exchange = openExchange(runtime, signal, record);
  try {
    const reserving = context.account?.begin(request, deployment, record);
    if (reserving !== undefined) {
      await reserving;
      if (exchange.signal.aborted) throw exchange.signal.reason;
    }
    const target =
      context.unsupported === deployment.target.unsupported
        ? deployment.target
        : { ...deployment.target, unsupported: context.unsupported };
    if (deployment.provider.call !== undefined)
      return await callModel(request, target, deployment.provider.call, { deployment, record, context, exchange });
    const loading = providerCodec(target.codec);
    const codec = loading instanceof Promise ? await loading : loading;
    const preparing = prepare(request, target);
    const prepared = preparing instanceof Promise ? await preparing : preparing;
    const { encoded, json, body } = translate(prepared.request, target, codec, context.stream, deployment);
    armFor(exchange, context, deployment);
    context.onWire?.({ type: "request", url: deployment.provider.baseURL + encoded.path, body, json });
    const response = await within(context, record, () => send(encoded, body, deployment, { exchange, record }, context));
    context.onWire?.({ type: "response", status: response.status, headers: response.headers });
    if (context.trace !== undefined) context.trace.head(record, response.headers);
    const head = readHead(response.fields(), runtime.clock);
    const call: Call = { prepared, encoded, deployment, codec, record, context, exchange, head };
    const decoding: DecodeContext = { target, request: prepared.request, newId: runtime.newId };
    if (response.status < 200 || response.status > 299) throw await failure(response, call);
    const finish = finisher(call);
    // A host that cannot stream, or that fails after it said 200, answers with one JSON body; a wrong address with a page.
    const streamed = context.stream && !/^(application\/json|text\/html)/i.test(head.contentType);
    if (streamed) return await streamSource(response, decoding, call, finish);
    const text = await response.text().catch((error: unknown) => {
      billBroken(call);
      throw error;
    });
    context.onWire?.({ type: "data", data: text });
    return wholeSource(text, decoding, call, finish);
  } catch (error) {
    const failed = locate(exchange.explain(error, "CONNECTION"), record);
    settleRecord({ record, context, deployment }, failed);
    exchange.release();
    throw failed;
  }
}

/** Asks a provider that is a function; what reads it is loaded when one is first asked. */
async function callModel(
  request: ModelRequest,
  target: Target,
  model: ModelProvider["call"],
  open: Pick<Call, "deployment" | "record" | "context" | "exchange">,
): Promise<EventSource> {
  const { context, deployment, exchange, record } = open;
  const prepared = await prepare(request, target);
  armFor(exchange, context, deployment);
  const { modelSource } = await import("./model-source.ts");
  const options: ModelCallOptions = {
    model: target.model,
    target,
    stream: context.stream,
    signal: exchange.signal,
    newId: context.runtime.newId,
    ...(context.headers === undefined ? undefined : { headers: context.headers }),
  };
  context.account?.sends(record);
  const answer = within(context, record, () => model(prepared.request, options));
  return modelSource(answer, finisher({ ...open, prepared, head: NO_HEAD }), open);
}

const NO_HEAD: AnswerHead = { contentType: "", requestId: undefined, rateLimit: undefined };

/** The request as the target accepts it; without a promise where nothing has to change. */
function prepare(request: ModelRequest, target: Target): Prepared | Promise<Prepared> {
  if (guarded(target, () => isSettled(request, target))) return { request, warnings: [] };
  const pass = historyPass();
  const run = (prepareHistory: Awaited<typeof pass>): Prepared => guarded(target, () => prepareHistory(request, target));
  return pass instanceof Promise ? pass.then(run) : run(pass);
}

interface Translated {
  readonly encoded: EncodedRequest;
  readonly json: JSONObject;
  readonly body: string;
}

/** The request in the provider's words. */
function translate(request: ModelRequest, target: Target, codec: ProviderCodec, stream: boolean, { provider }: Deployment): Translated {
  return guarded(target, () => {
    const encoded = codec.encodeRequest(request, target, stream);
    const { model } = target;
    const json = provider.transformRequestBody?.(encoded.body, { model, stream }) ?? encoded.body;
    return { encoded, json, body: JSON.stringify(json) };
  });
}

/** What throws in here is the request's fault or ours, never the network's. */
function guarded<T>(target: Target, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (CrosspointError.is(error)) throw error;
    if (error instanceof RangeError) throw new CrosspointError("BAD_REQUEST", "the request is nested too deeply", { cause: error });
    throw new CrosspointError("BAD_REQUEST", `the request cannot be written for ${target.provider}: ${String(error)}`, { cause: error });
  }
}

function armFor(exchange: Exchange, context: CallContext, { terms }: Deployment): void {
  const { deadline, timeout, firstEventTimeout } = context.timeouts;
  const left = deadline === undefined ? Infinity : context.startedAt + deadline - context.runtime.clock.now();
  const own = (context.stream ? (terms?.firstEventTimeout ?? firstEventTimeout) : (terms?.timeout ?? timeout)) ?? Infinity;
  if (left < own) exchange.arm(left, "deadline");
  else exchange.arm(own, context.stream ? "firstEventTimeout" : "timeout");
}

function send(
  encoded: EncodedRequest,
  body: string,
  deployment: Deployment,
  { exchange, record }: Pick<Call, "exchange" | "record">,
  context: CallContext,
): Promise<TransportResponse> {
  const { provider } = deployment;
  const { signal } = exchange;
  const post = (auth: Record<string, string>, own: HeaderValues): Promise<TransportResponse> => {
    signal.throwIfAborted();
    const headers = headersOf(encoded, auth, own, context);
    context.account?.sends(record);
    return context.runtime.transport({ method: "POST", url: provider.baseURL + encoded.path, headers, body, signal });
  };
  const auth = credentials(provider, ownKeyFor(context, provider.id) ?? deployment.apiKey);
  const own = resolveHeaders(provider.headers);
  if (!(auth instanceof Promise) && !(own instanceof Promise)) return post(auth, own);
  return Promise.all([auth, own]).then(([key, values]) => post(key, values));
}

function headersOf(encoded: EncodedRequest, auth: Record<string, string>, own: HeaderValues, context: CallContext): Record<string, string> {
  const headers: Record<string, string> = { "content-type": "application/json", ...encoded.headers, ...auth };
  if (context.stream) headers["accept"] = "text/event-stream";
  addHeaders(headers, own);
  addHeaders(headers, context.headers);
  return headers;
}

async function failure(response: TransportResponse, call: Call): Promise<CrosspointError> {
  const text = await response.text();
  call.context.onWire?.({ type: "data", data: text });
  const body = parseBody(text);
  return unreadable(response.status, body, call.record) ?? call.codec.decodeError(response.status, body, response.headers);
}

/** What completing an answer needs; one that a function gives was never encoded. */
type Answering = Omit<Call, "codec" | "encoded"> & { readonly encoded?: EncodedRequest };

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Completes each batch: tool names restored, the end priced and given its warnings, the answer recorded. */
function finisher(call: Answering): Finish {
  const { context, deployment, prepared, record } = call;
  const { requestId, rateLimit } = call.head;
  context.answer = { deployment, requestId, rateLimit };
  const seesAll = context.trace?.seesAll === true;
  return function finish(events) {
    context.account?.saw(record, events);
    const restored = prepared.restore === undefined ? events : prepared.restore(events);
    const last = restored[restored.length - 1];
    const first = restored[0];
    const isEdge = last?.type === "response-end" || first?.type === "response-start";
    if (isEdge || seesAll) context.trace?.saw(record, restored);
    if (!isEdge) return restored;
    const finished = restored.slice();
    if (first?.type === "response-start") finished[0] = introduce(first, call);
    if (last?.type === "response-end") finished[finished.length - 1] = price(last, call);
    return finished;
  };
}

function introduce(start: ResponseStart, call: Answering): ResponseStart {
  const { deployment, head } = call;
  const introduced: Mutable<ResponseStart> = { ...start, provider: deployment.provider.id, deployment: deployment.id };
  const warnings = gather(call, undefined);
  if (head.requestId !== undefined) introduced.requestId = head.requestId;
  if (warnings.length > 0) introduced.warnings = warnings;
  return introduced;
}

function price(end: ResponseEnd, call: Answering): ResponseEnd {
  const { context, deployment, record, head } = call;
  const warnings = gather(call, end.warnings);
  if (end.usage === undefined) return { ...end, warnings };
  // Ahead of a stream nobody knows what it will cost.
  const usage = context.stream || head.reportedCost === undefined ? end.usage : { reportedCost: head.reportedCost, ...end.usage };
  record.usage = context.usage = usage;
  const cost = costOf({ price: deployment.price, source: deployment.priceSource ?? "catalogue", usage });
  if (cost !== undefined) {
    record.cost = context.cost = cost;
    return { ...end, usage, cost, warnings };
  }
  if (usage.total !== undefined)
    warnings.push({ type: "other", feature: "cost", details: `no price is known for ${deployment.id}: give one in the option prices` });
  return { ...end, warnings };
}

/** The warnings of the call, of the translation, and of the answer so far. */
function gather({ context, prepared, encoded }: Answering, answered: readonly Warning[] | undefined): Warning[] {
  const warnings: Warning[] = [];
  if (context.warnings.length > 0) warnings.push(...context.warnings);
  if (prepared.warnings.length > 0) warnings.push(...prepared.warnings);
  if (encoded !== undefined && encoded.warnings.length > 0) warnings.push(...encoded.warnings);
  if (answered !== undefined) warnings.push(...answered);
  return warnings;
}
