import type { ClientCodec, ClientRequest, ClientRoute, EncodeContext } from "../codecs/codec.ts";
import { openRequest, sealEvents, sealResponse } from "../codecs/envelope.ts";
import { clientCodec } from "../codecs/load.ts";
import { CrosspointError } from "../ir/error.ts";
import type { JSONObject } from "../ir/json.ts";
import type { Cost, ModelResponse } from "../ir/response.ts";
import type { CodecId } from "../ir/target.ts";
import type { ClientAnswer, ClientCall, ClientFrames } from "../layer.ts";
import type { CallContext } from "../pipeline/context.ts";
import { collect } from "../pipeline/respond.ts";
import type { EventSource } from "../pipeline/stage.ts";
import { liftAttribution } from "./attribution.ts";
import type { Endpoints } from "./endpoints.ts";
import { USAGE_OWNER } from "../telemetry/remote.ts";
import { parseJson, requestIdHeaders, type Incoming } from "./http.ts";
import { createKeeping, withoutMemory, type Keeping } from "./keep-response.ts";
import { resolveInput, type ResolvedInput } from "./kept-responses.ts";
import type { Route } from "./routes.ts";
import { createFrameGate } from "./whole-frames.ts";

/** The family whose opaque state a client's wire carries as it is. */
const NATIVE: Partial<Record<CodecId, string>> = { "openai-responses": "openai", "anthropic-messages": "anthropic", gemini: "google" };

/** What a client asks, whatever brought it here. */
interface Asked extends Pick<Incoming, "headers" | "signal"> {
  readonly body: unknown;
  /** Of its JSON. */
  readonly length: number;
}

interface Opened {
  readonly source: EventSource;
  readonly answering: Answering;
}

/** Answers a client that asks a model: decode, call, encode. */
export async function answerGenerate(
  route: Extract<Route, { kind: "generate" }>,
  incoming: Incoming,
  endpoints: Endpoints,
): Promise<Response> {
  const { headers, signal } = incoming;
  const codec = await clientCodec(route.codec);
  const text = await incoming.text(endpoints.maxBodyBytes);
  const asked = { body: parseJson(text), length: text.length, headers, signal };
  const { source, answering } = await open(codec, route, asked, endpoints, (client) => mayPass(codec.id, client, headers));
  return answering.client.stream ? streamAnswer(source, answering) : wholeAnswer(source, answering);
}

/** The same for objects: nothing is turned into text on the way but the frames of a stream. */
export async function answerObject({ wire, body, headers, signal }: ClientCall, endpoints: Endpoints): Promise<ClientAnswer> {
  const codec = await clientCodec(wire);
  const { source, answering } = await open(
    codec,
    {},
    { ...detached(body, wire, endpoints), headers: headers ?? new Headers(), signal },
    endpoints,
  );
  if (answering.client.stream) {
    return { status: 200, headers: streamHeaders(answering), frames: createFrames(source, answering) };
  }
  const response = await collect(source, answering.context);
  const { body: answer, text } = await encodeWhole(response, answering);
  return {
    status: 200,
    headers: wholeHeaders(response, answering),
    // What is kept is not the caller's to change.
    body: text === undefined ? answer : (JSON.parse(text) as JSONObject),
  };
}

/** A copy of a body that will be kept: its sender may still change it. */
function detached(body: object, wire: CodecId, { responses }: Endpoints): Pick<Asked, "body" | "length"> {
  if (wire !== "openai-responses" || responses === undefined || (body as JSONObject)["store"] === false) return { body, length: 0 };
  const text = JSON.stringify(body);
  return { body: parseJson(text), length: text.length };
}

async function open(
  codec: ClientCodec,
  route: Omit<ClientRoute, "headers">,
  { body, length, headers, signal }: Asked,
  endpoints: Endpoints,
  passes?: (client: ClientRequest) => boolean,
): Promise<Opened> {
  const { responses } = endpoints;
  const resolved = codec.id === "openai-responses" ? resolveInput(body, responses) : undefined;
  const client = decode(codec, resolved ?? { body }, { ...route, headers });
  const keeps = resolved !== undefined && responses !== undefined && client.request.store !== false;
  const keeping = keeps ? createKeeping(resolved, length, responses) : undefined;
  const asked = resolved === undefined ? client.request : withoutMemory(client.request, keeps);
  const opened = await openRequest(asked, endpoints.envelopes);
  const { request, attribution } = liftAttribution(opened.request, headers, endpoints.forward);
  const call = endpoints.openCall(
    {
      ...request,
      ...(attribution === undefined ? undefined : { attribution }),
      ...(signal === undefined ? undefined : { signal }),
    },
    client.stream,
    !keeps && resolved?.previous === undefined && passes?.(client) === true ? codec.id : undefined,
  );
  call.context.warnings.push(...client.warnings, ...opened.warnings);
  const source = await call.open();
  return { source, answering: { codec, client, endpoints, context: call.context, family: NATIVE[codec.id], keeping } };
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
  const response = await collect(source, answering.context);
  const passed = answering.context.answer?.body;
  const headers = { "content-type": "application/json", ...wholeHeaders(response, answering) };
  if (passed !== undefined) return new Response(passed, { headers });
  const { body, text = JSON.stringify(body) } = await encodeWhole(response, answering);
  return new Response(text, { headers });
}

/** The answer in the client's words; with its text when it is kept. */
async function encodeWhole(response: ModelResponse, answering: Answering): Promise<{ readonly body: JSONObject; readonly text?: string }> {
  const { codec, endpoints, family, keeping } = answering;
  const named = keeping === undefined ? response : { ...response, id: keeping.idOf(response.id) };
  const body = codec.encodeResponse(await sealResponse(named, endpoints.envelopes, family), encodeContext(answering));
  if (keeping === undefined) return { body };
  const text = JSON.stringify(body);
  keeping.keep(body, text.length);
  return { body, text };
}

function wholeHeaders(response: ModelResponse, answering: Answering): Record<string, string> {
  return { ...answerHeaders(answering), ...costHeader(response.cost) };
}

function streamHeaders(answering: Answering): Record<string, string> {
  return { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache", ...answerHeaders(answering) };
}

function streamAnswer(source: EventSource, answering: Answering): Response {
  const body = source.pullBytes === undefined ? encodedBody(createFrames(source, answering)) : passedBody(source, answering);
  return new Response(body, { headers: streamHeaders(answering) });
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

function encodedBody(frames: ClientFrames): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const text = await frames.pull();
        if (text === undefined) controller.close();
        else controller.enqueue(utf8.encode(text));
      },
      cancel: () => frames.cancel(),
    },
    { highWaterMark: 0 },
  );
}

function createFrames(source: EventSource, answering: Answering): ClientFrames {
  const { codec, endpoints, family, keeping } = answering;
  const encoder = codec.encodeStream(encodeContext(answering));
  let failed = false;
  return {
    async pull() {
      if (failed) return undefined;
      try {
        for (;;) {
          const batch = await source.pull();
          if (batch === undefined) return undefined;
          const [first] = batch;
          // What a client was sent cannot be taken back.
          if (first?.type === "response-restart") throw new CrosspointError("STREAM_INTERRUPTED", `the answer broke off: ${first.reason}`);
          const frames = encoder.push(await sealEvents(keeping?.named(batch) ?? batch, endpoints.envelopes, family));
          if (keeping !== undefined && batch.at(-1)?.type === "response-end") keeping.keep(encoder.response!(), frames.length);
          if (frames !== "") return frames;
        }
      } catch (error) {
        failed = true;
        source.cancel();
        const frames = encoder.fail(asError(error));
        return frames === "" ? undefined : frames;
      }
    },
    cancel: () => source.cancel(),
  };
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

function answerHeaders({ codec, context: { id, answer, attempts, trace } }: Answering): Record<string, string> {
  const { deployment, requestId } = answer!;
  const owner = trace?.owner();
  return {
    ...requestIdHeaders(id, codec.id),
    ...(owner === undefined ? undefined : { [USAGE_OWNER]: owner }),
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
