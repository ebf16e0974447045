import type { ClientCodec } from "../codecs/codec.ts";
import { clientCodec } from "../codecs/load.ts";
import { CrosspointError } from "../ir/error.ts";
import type { CodecId } from "../ir/target.ts";
import type { JSONObject } from "../ir/json.ts";
import type { ClientAnswer, Crosspoint } from "../layer.ts";
import { continued } from "../telemetry/remote.ts";
import { answerCountTokens } from "./count-tokens.ts";
import { answerEmbed } from "./embed.ts";
import type { Endpoints } from "./endpoints.ts";
import { answerGenerate, answerObject } from "./generate.ts";
import { jsonResponse, requestIdHeaders, toIncoming, type Incoming } from "./http.ts";
import { answerKeptResponse } from "./kept-responses.ts";
import { answerModels } from "./models.ts";
import { findRoute, type Route } from "./routes.ts";

/**
 * Answers the HTTP requests of OpenAI, Anthropic and Google clients in process. Failures are answers in the client's own wire, marked as not to be
 * retried, because the layer has done so already; only the caller's own abort rejects.
 */
export function createFetch(endpoints: Endpoints): typeof globalThis.fetch {
  return async function crosspointFetch(input, init) {
    const incoming = toIncoming(input, init);
    const route = findRoute(incoming.method, incoming.url);
    try {
      const response = await continued(incoming.headers, () => answer(route, incoming, endpoints));
      if (route?.kind !== "generate" && !response.headers.has("x-request-id")) {
        response.headers.set("x-request-id", endpoints.newId("call"));
      }
      return response;
    } catch (error) {
      if (incoming.signal?.aborted === true) throw abortReason(incoming.signal);
      return errorResponse(error, await clientCodec(codecOf(route, incoming)), endpoints);
    }
  };
}

/** Answers a client's call without HTTP, as `createFetch` does with it. */
export function createAnswer(endpoints: Endpoints): Crosspoint["answer"] {
  return async function crosspointAnswer(call) {
    try {
      return await answerObject(call, endpoints);
    } catch (error) {
      if (call.signal?.aborted === true) throw abortReason(call.signal);
      return failure(error, await clientCodec(call.wire), endpoints);
    }
  };
}

function answer(route: Route | undefined, incoming: Incoming, endpoints: Endpoints): Promise<Response> | Response {
  switch (route?.kind) {
    case "generate":
      return answerGenerate(route, incoming, endpoints);
    case "embed":
      return answerEmbed(route, incoming, endpoints);
    case "count-tokens":
      return answerCountTokens(route, incoming, endpoints);
    case "kept-response":
      return answerKeptResponse(route, incoming, endpoints);
    case "models":
      return answerModels(route, incoming, endpoints);
    case undefined:
      throw new CrosspointError("NOT_FOUND", `nothing answers ${incoming.method} ${incoming.url.pathname}`, {
        providerCode: "unknown_url",
      });
    default:
      return route satisfies never;
  }
}

/** The wire in which to report a failure: the route's, else what the URL and headers suggest. */
function codecOf(route: Route | undefined, { url, headers }: Incoming): CodecId {
  if (route !== undefined && "codec" in route) return route.codec;
  if (route !== undefined && route.wire === "gemini") return "gemini";
  if (headers.has("anthropic-version")) return "anthropic-messages";
  return /^\/v1(beta|alpha)\//.test(url.pathname) ? "gemini" : "openai-chat";
}

function errorResponse(thrown: unknown, codec: ClientCodec, endpoints: Endpoints): Response {
  const { body, status, headers } = failure(thrown, codec, endpoints);
  return jsonResponse(body, status, headers);
}

function failure(thrown: unknown, codec: ClientCodec, { newId }: Endpoints): Extract<ClientAnswer, { body: JSONObject }> {
  const error = CrosspointError.is(thrown)
    ? thrown
    : new CrosspointError("SERVER", "something went wrong inside the layer", { retryable: false, cause: thrown });
  const { status, body, headers } = codec.encodeError(error);
  return {
    status,
    body,
    headers: {
      "x-should-retry": "false",
      "x-crosspoint-error": error.code,
      ...(error.attempts === undefined ? undefined : { "x-crosspoint-attempts": String(error.attempts.length) }),
      ...requestIdHeaders(error.requestId ?? newId("call"), codec.id),
      ...(error.deployment === undefined ? undefined : { "x-crosspoint-deployment": error.deployment }),
      ...(error.retryAfter === undefined
        ? undefined
        : { "retry-after": String(Math.ceil(error.retryAfter / 1000)), "retry-after-ms": String(error.retryAfter) }),
      ...headers,
    },
  };
}

function abortReason(signal: AbortSignal): unknown {
  return signal.reason instanceof Error ? signal.reason : new DOMException("This operation was aborted", "AbortError");
}
