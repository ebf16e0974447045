import type { Fault } from "../types.ts";
import { WIRES } from "../wires.ts";
import type { JsonObject } from "./json.ts";
import type { Outcome, ProviderState } from "./state.ts";
import type { Route } from "./routes.ts";
import { planBody, type BodyEvent } from "./stream.ts";
import type { Failure } from "./turn.ts";

export interface Envelope {
  readonly requestId: string;
  refuse(failure: Failure, fault: Fault): Outcome;
  send(value: JsonObject, fault: Fault): Outcome;
  stream(body: Iterable<BodyEvent>, fault: Fault, contentType?: string): Outcome;
}

/** Puts replies into the provider's envelope: request id, rate-limit headers, error body. */
export function createEnvelope(state: ProviderState, wire: Route["wire"]): Envelope {
  const requestId = state.newId(wire === "anthropic-messages" ? "req_01" : "req_", 22);
  const reply = (
    status: number,
    contentType: string,
    body: Iterable<BodyEvent>,
    fault: Fault,
    more: Readonly<Record<string, string>> = {},
  ): Outcome => ({
    delayMs: fault.delayMs ?? 0,
    reply: {
      status,
      headers: {
        "content-type": contentType,
        ...responseHeaders(wire, requestId, state.clock()),
        ...(status < 400 ? fault.headers : {}),
        ...more,
      },
      body,
    },
  });
  return {
    requestId,
    refuse: (failure, fault) =>
      reply(
        failure.status,
        "application/json",
        planBody(JSON.stringify(WIRES[wire].error(failure, requestId)), fault.status === undefined ? {} : fault),
        fault,
        failure.headers,
      ),
    send: (value, fault) => reply(200, "application/json", planBody(JSON.stringify(value), fault), fault),
    stream: (body, fault, contentType = "text/event-stream; charset=utf-8") => reply(200, contentType, body, fault),
  };
}

function responseHeaders(wire: Route["wire"], requestId: string, now: number): Readonly<Record<string, string>> {
  if (wire === "gemini") return { vary: "Origin, X-Origin, Referer" };
  if (wire === "anthropic-messages") {
    const reset = new Date(now + 60_000).toISOString();
    return {
      "request-id": requestId,
      "anthropic-ratelimit-requests-limit": "1000",
      "anthropic-ratelimit-requests-remaining": "999",
      "anthropic-ratelimit-requests-reset": reset,
    };
  }
  return {
    "x-request-id": requestId,
    "openai-version": "2020-10-01",
    "openai-processing-ms": "1",
    "x-ratelimit-limit-requests": "10000",
    "x-ratelimit-remaining-requests": "9999",
    "x-ratelimit-reset-requests": "6ms",
  };
}
