import { CrosspointError } from "../ir/error.ts";
import type { CodecId } from "../ir/target.ts";

/** The parts of a request that the endpoints read, from a `Request` or from the arguments of `fetch`. */
export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly signal: AbortSignal | undefined;
  /** The body. Throws TOO_LARGE above `maxBytes`. */
  text(maxBytes: number): Promise<string>;
}

/** The body as JSON. Throws BAD_REQUEST, or TOO_LARGE above `maxBytes`. */
export async function readJson(incoming: Incoming, maxBytes: number): Promise<unknown> {
  return parseJson(await incoming.text(maxBytes));
}

/** A request's signal follows the one that it was given only while the request is there. */
const followed = new WeakMap<AbortSignal, Request>();

/** Takes what a `fetch` takes; a string body, which the official clients send, is never turned into a `Request`. */
export function toIncoming(input: RequestInfo | URL, init: RequestInit | undefined): Incoming {
  if (typeof input === "object" && "headers" in input) {
    const request = init === undefined ? input : new Request(input, init);
    followed.set(request.signal, request);
    return {
      method: request.method,
      url: new URL(request.url),
      headers: request.headers,
      signal: request.signal,
      text: (maxBytes) => readLimited(request.body, maxBytes),
    };
  }
  const body = init?.body ?? undefined;
  return {
    method: (init?.method ?? "GET").toUpperCase(),
    url: new URL(input, "http://crosspoint.invalid"),
    headers: init?.headers instanceof Headers ? init.headers : new Headers(init?.headers),
    signal: init?.signal ?? undefined,
    text: async (maxBytes) => {
      // A UTF-16 unit is at most three bytes, so only long texts need a count.
      if (typeof body === "string") return body.length * 3 > maxBytes ? checkSize(body, maxBytes) : body;
      return readLimited(new Response(body).body, maxBytes);
    },
  };
}

/** Throws BAD_REQUEST. */
export function parseJson(text: string): unknown {
  if (text.trim() === "") throw new CrosspointError("BAD_REQUEST", "the body is empty; send JSON");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CrosspointError("BAD_REQUEST", "the body is not valid JSON", { cause });
  }
}

function checkSize(text: string, maxBytes: number): string {
  if (new TextEncoder().encode(text).length > maxBytes) throw tooLarge(maxBytes);
  return text;
}

/** Counts while it reads, so that a body without an end does not fill the memory. */
async function readLimited(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > maxBytes) {
      reader.cancel().catch(() => {}); // the sender is told by the answer
      throw tooLarge(maxBytes);
    }
    text += decoder.decode(value, { stream: true });
  }
}

function tooLarge(maxBytes: number): CrosspointError {
  return new CrosspointError("TOO_LARGE", `the body exceeds ${maxBytes} bytes (option maxBodyBytes)`);
}

export function jsonResponse(body: unknown, status = 200, headers?: Record<string, string>): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
}

/** The id of a request where the wire's own client looks for it. */
export function requestIdHeaders(id: string, codec?: CodecId): Record<string, string> {
  return codec === "anthropic-messages" ? { "x-request-id": id, "request-id": id } : { "x-request-id": id };
}
