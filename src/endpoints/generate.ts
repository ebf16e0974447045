import type { ClientCodec, ClientRequest, EncodeContext } from "../codecs/codec.ts";
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
import { requestIdHeaders, type Incoming } from "./http.ts";
import type { Route } from "./routes.ts";

/** The family whose opaque state a client's wire carries as it is. */
const NATIVE: Partial<Record<CodecId, string>> = { "openai-responses": "openai", "anthropic-messages": "anthropic", gemini: "google" };

/** Answers a client that asks a model: decode, call, encode. */
export async function answerGenerate(
  route: Extract<Route, { kind: "generate" }>,
  incoming: Incoming,
  endpoints: Endpoints,
): Promise<Response> {
  const codec = await clientCodec(route.codec);
  const body = await incoming.json(endpoints.maxBodyBytes);
  const client = codec.decodeRequest(body, { ...route, headers: incoming.headers });
  const opened = await openRequest(client.request, endpoints.envelopes);
  const { request, attribution } = liftAttribution(opened.request, incoming.headers, endpoints.forward);
  const call = endpoints.openCall(
    {
      ...request,
      ...(attribution === undefined ? undefined : { attribution }),
      ...(incoming.signal === undefined ? undefined : { signal: incoming.signal }),
    },
    client.stream,
    mayPass(codec.id, client, incoming.headers) ? codec.id : undefined,
  );
  call.context.warnings.push(...client.warnings, ...opened.warnings);
  const source = await call.open();
  const answering: Answering = { codec, client, endpoints, context: call.context, family: NATIVE[codec.id] };
  return client.stream ? streamAnswer(source, answering) : wholeAnswer(source, answering);
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
}

async function wholeAnswer(source: EventSource, answering: Answering): Promise<Response> {
  const { codec, context, endpoints, family } = answering;
  const response = await collect(source, context);
  const passed = context.answer?.body;
  const headers = { "content-type": "application/json", ...answerHeaders(answering), ...costHeader(response.cost) };
  if (passed !== undefined) return new Response(passed, { headers });
  const sealed = await sealResponse(response, endpoints.envelopes, family);
  return new Response(JSON.stringify(codec.encodeResponse(sealed, encodeContext(answering))), { headers });
}

function streamAnswer(source: EventSource, answering: Answering): Response {
  const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache", ...answerHeaders(answering) };
  const body = source.pullBytes === undefined ? encodedBody(source, answering) : passedBody(source, answering);
  return new Response(body, { headers });
}

/** The provider's own frames, as they came. */
function passedBody(source: EventSource, answering: Answering): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = await source.pullBytes!();
          if (chunk === undefined) controller.close();
          else controller.enqueue(chunk);
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
  const { codec, endpoints, family } = answering;
  const encoder = codec.encodeStream(encodeContext(answering));
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          for (;;) {
            const batch = await source.pull();
            if (batch === undefined) return controller.close();
            const frames = encoder.push(await seal(batch));
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

function encodeContext({ client, endpoints, context }: Answering): EncodeContext {
  return {
    client,
    newId: endpoints.newId,
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
