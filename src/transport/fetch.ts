import type { ByteSource, Transport, TransportResponse } from "./transport.ts";

/** A transport over any `fetch`. Redirects are not followed: a key must not travel to a host that nobody named. */
export function fetchTransport(fetch: typeof globalThis.fetch): Transport {
  return function send({ url, method, headers, body, signal }) {
    const init: RequestInit = { method, headers, redirect: "manual" };
    if (body !== undefined) init.body = body;
    if (signal !== undefined) init.signal = signal;
    return fetch(url, init).then(toTransportResponse);
  };
}

function toTransportResponse(response: Response): TransportResponse {
  return {
    status: response.status,
    headers: response.headers,
    fields: () => response.headers,
    text: () => readText(response.body),
    bytes: () => streamBytes(response.body),
  };
}

const whole = new TextDecoder();

/** Reads a body as text; most come in one chunk, and `Response.text()` costs several times as much for these. */
async function readText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  const first = await reader.read();
  if (first.done) return "";
  let next = await reader.read();
  if (next.done) return whole.decode(first.value);
  const decoder = new TextDecoder();
  let text = decoder.decode(first.value, { stream: true });
  for (; !next.done; next = await reader.read()) text += decoder.decode(next.value, { stream: true });
  return text + decoder.decode();
}

function streamBytes(body: ReadableStream<Uint8Array> | null): ByteSource {
  if (body === null) return { read: () => Promise.resolve({ done: true }), cancel() {} };
  const reader = body.getReader();
  let closed = false;
  return {
    read: () => reader.read(),
    cancel() {
      if (closed) return;
      closed = true;
      reader.cancel().catch(() => {}); // the connection may be gone already, which is what was wanted
    },
  };
}
