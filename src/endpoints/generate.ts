import type { ClientCodec, ClientRequest, ClientRoute, EncodeContext } from "../codecs/codec.ts";
import { openRequest, sealEvents, sealResponse } from "../codecs/envelope.ts";
import { clientCodec } from "../codecs/load.ts";
import { CrosspointError } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { JSONObject } from "../ir/json.ts";
import type { Cost } from "../ir/response.ts";
import type { CodecId } from "../ir/target.ts";
import type { CallContext } from "../pipeline/context.ts";
import { collect } from "../pipeline/respond.ts";
import type { EventSource } from "../pipeline/stage.ts";
import { liftAttribution } from "./attribution.ts";
import type { Endpoints } from "./fetch.ts";
import { parseJson, requestIdHeaders, type Incoming } from "./http.ts";
import { createKeeping, withoutMemory, type Keeping } from "./keep-response.ts";
import { resolveInput, type ResolvedInput } from "./kept-responses.ts";
import type { Route } from "./routes.ts";
import { createFrameGate } from "./whole-frames.ts";

/** The family whose opaque state a client's wire carries as it is. */
const NATIVE: Partial<Record<CodecId, string>> = { "openai-responses": "openai", "anthropic-messages": "anthropic", gemini: "google" };

/** Answers a client that asks a model: decode, call, encode. */
export async function answerGenerate(
  route: Extract<Route, { kind: "generate" }>,
  incoming: Incoming,
  endpoints: Endpoints,
): Promise<Response> {
  const codec = await clientCodec(route.codec);
  const text = await incoming.text(endpoints.maxBodyBytes);
  const parsed = parseJson(text);
  const { responses } = endpoints;
  const resolved = codec.id === "openai-responses" ? resolveInput(parsed, responses) : undefined;
  const client = decode(codec, resolved ?? { body: parsed }, { ...route, headers: incoming.headers });
  const keeps = resolved !== undefined && responses !== undefined && client.request.store !== false;
  const keeping = keeps ? createKeeping(resolved, text.length, responses) : undefined;
  const asked = resolved === undefined ? client.request : withoutMemory(client.request, keeps);
  const opened = await openRequest(asked, endpoints.envelopes);
  const { request, attribution } = liftAttribution(opened.request, incoming.headers, endpoints.forward);
  const call = endpoints.openCall(
    {
      ...request,
      ...(attribution === undefined ? undefined : { attribution }),
      ...(incoming.signal === undefined ? undefined : { signal: incoming.signal }),
    },
    client.stream,
    !keeps && resolved?.previous === undefined && mayPass(codec.id, client, incoming.headers) ? codec.id : undefined,
  );
  call.context.warnings.push(...client.warnings, ...opened.warnings);
  const source = await call.open();
  const answering: Answering = { codec, client, endpoints, context: call.context, family: NATIVE[codec.id], keeping };
  return client.stream ? streamAnswer(source, answering) : wholeAnswer(source, answering);
}

/** A mistake is reported in its place in what the client sent, not in the whole conversation. */
function decode(codec: ClientCodec, { body, previous, own }: Partial<ResolvedInput>, route: ClientRoute): ClientRequest {
  try {
    return codec.decodeRequest(body, route);
  } catch (error) {
    if (previous !== undefined) codec.decodeRequest({ ...(body as JSONObject), input: own }, route);
    throw error;
  }
}

/**
 * Whether the client can be given the provider's bytes: not when it wants the `crosspoint` field (header `x-crosspoint-cost`), nor when they hold the
 * usage that we ask for and it did not.
 */
function mayPass(codec: CodecId, client: ClientRequest, headers: Headers): boolean {
  if (headers.has("x-crosspoint-cost")) return false;
  return !(client.stream && codec === "openai-chat" && client.includeUsage !== true);
}

interface Answering {
  readonly codec: ClientCodec;
  readonly client: ClientRequest;
  readonly endpoints: Endpoints;
  readonly context: CallContext;
  readonly family: string | undefined;
  readonly keeping: Keeping | undefined;
}

async function wholeAnswer(source: EventSource, answering: Answering): Promise<Response> {
  const { codec, context, endpoints, family, keeping } = answering;
  const response = await collect(source, context);
  const passed = context.answer?.body;
  const headers = { "content-type": "application/json", ...answerHeaders(answering), ...costHeader(response.cost) };
  if (passed !== undefined) return new Response(passed, { headers });
  const named = keeping === undefined ? response : { ...response, id: keeping.idOf(response.id) };
  const body = codec.encodeResponse(await sealResponse(named, endpoints.envelopes, family), encodeContext(answering));
  const text = JSON.stringify(body);
  keeping?.keep(body, text.length);
  return new Response(text, { headers });
}

function streamAnswer(source: EventSource, answering: Answering): Response {
  const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache", ...answerHeaders(answering) };
  const body = source.pullBytes === undefined ? encodedBody(source, answering) : passedBody(source, answering);
  return new Response(body, { headers });
}

/** The provider's own frames, as they came. */
function passedBody(source: EventSource, answering: Answering): ReadableStream<Uint8Array> {
  const pass = createFrameGate();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          for (;;) {
            const chunk = await source.pullBytes!();
            const frames = pass(chunk);
            if (frames !== undefined && frames.length > 0) controller.enqueue(frames);
            if (chunk === undefined) return controller.close();
            if (frames!.length > 0) return;
          }
        } catch (error) {
          failBody(controller, answering.codec.encodeStream(encodeContext(answering)).fail(asError(error)));
        }
      },
      cancel: () => source.cancel(),
    },
    { highWaterMark: 0 },
  );
}

function encodedBody(source: EventSource, answering: Answering): ReadableStream<Uint8Array> {
  const { codec, endpoints, family, keeping } = answering;
  const encoder = codec.encodeStream(encodeContext(answering));
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          for (;;) {
            const batch = await source.pull();
            if (batch === undefined) return controller.close();
            const [first] = batch;
            // What a client was sent cannot be taken back.
            if (first?.type === "response-restart") throw new CrosspointError("STREAM_INTERRUPTED", `the answer broke off: ${first.reason}`);
            const frames = encoder.push(await seal(keeping?.named(batch) ?? batch));
            if (keeping !== undefined && batch.at(-1)?.type === "response-end") keeping.keep(encoder.response!(), frames.length);
            if (frames === "") continue;
            return controller.enqueue(utf8.encode(frames));
          }
        } catch (error) {
          source.cancel();
          failBody(controller, encoder.fail(asError(error)));
        }
      },
      cancel: () => source.cancel(),
    },
    { highWaterMark: 0 },
  );
  function seal(batch: readonly StreamEvent[]): Promise<readonly StreamEvent[]> | readonly StreamEvent[] {
    return sealEvents(batch, endpoints.envelopes, family);
  }
}

const utf8 = new TextEncoder();

function failBody(controller: ReadableStreamDefaultController<Uint8Array>, frames: string): void {
  if (frames !== "") controller.enqueue(utf8.encode(frames));
  controller.close();
}

function asError(error: unknown): CrosspointError {
  return CrosspointError.is(error) ? error : new CrosspointError("SERVER", "something went wrong inside the layer", { cause: error });
}

function encodeContext({ client, endpoints, context, keeping }: Answering): EncodeContext {
  return {
    client,
    newId: (keeping ?? endpoints).newId,
    now: Math.floor(endpoints.clock.now() / 1000),
    extension: ({ cost }) => extension(context, cost),
  };
}

/** What the `crosspoint` field of a body says; clients that do not know it ignore it. */
function extension(context: CallContext, cost: Cost | undefined): JSONObject {
  const { answer, attempts, warnings } = context;
  return {
    callId: context.id,
    ...(answer === undefined
      ? undefined
      : { provider: answer.deployment.provider.id, deployment: answer.deployment.id, model: answer.deployment.model }),
    ...(cost === undefined ? undefined : { cost: cost.total, costItems: cost.items.map((item) => ({ ...item })) }),
    attempts: attempts.length,
    ...(warnings.length === 0 ? undefined : { warnings: warnings.map((warning) => ({ ...warning })) }),
  };
}

function answerHeaders({ codec, context: { id, answer, attempts } }: Answering): Record<string, string> {
  const { deployment, requestId } = answer!;
  return {
    ...requestIdHeaders(id, codec.id),
    "x-crosspoint-provider": deployment.provider.id,
    "x-crosspoint-deployment": headerText(deployment.id),
    "x-crosspoint-model": headerText(deployment.model),
    "x-crosspoint-attempts": String(attempts.length),
    ...(requestId === undefined ? undefined : { "x-crosspoint-upstream-request-id": requestId }),
  };
}

function costHeader(cost: Cost | undefined): Record<string, string> | undefined {
  return cost === undefined ? undefined : { "x-crosspoint-cost": String(cost.total) };
}

/** Names come from users; a header takes only printable ASCII. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}
