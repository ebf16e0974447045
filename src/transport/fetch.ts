import type { ByteSource, Transport, TransportResponse } from "./transport.ts";

/** A transport over any `fetch`. Redirects are not followed: a key must not travel to a host that nobody named. */
export function fetchTransport(fetch: typeof globalThis.fetch): Transport {
  return async function send(request): Promise<TransportResponse> {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      redirect: "manual",
      ...(request.body === undefined ? undefined : { body: request.body }),
      ...(request.signal === undefined ? undefined : { signal: request.signal }),
    });
    return {
      status: response.status,
      headers: response.headers,
      text: () => response.text(),
      bytes: () => streamBytes(response.body),
    };
  };
}

function streamBytes(body: ReadableStream<Uint8Array> | null): ByteSource {
  if (body === null) return { read: () => Promise.resolve(undefined), cancel() {} };
  const reader = body.getReader();
  let closed = false;
  return {
    async read() {
      const { value, done } = await reader.read();
      return done ? undefined : value;
    },
    cancel() {
      if (closed) return;
      closed = true;
      reader.cancel().catch(() => {}); // the connection may be gone already, which is what was wanted
    },
  };
}
