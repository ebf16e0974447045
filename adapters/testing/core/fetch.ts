import { ConnectionReset, type Exchanges, type Reply } from "./exchange.ts";

/** Whole bodies arrive whether or not they are read; streams are made as they are read. */
const WHOLE_BODY = 64;

/** A `fetch` that never leaves the process and otherwise behaves as one: signals, streaming bodies, network errors. */
export function createFetch(exchanges: Exchanges): typeof globalThis.fetch {
  return async function simulatedFetch(input, init) {
    const request = new Request(input, init?.body instanceof ReadableStream ? ({ ...init, duplex: "half" } as RequestInit) : init);
    const { signal } = request;
    signal.throwIfAborted();
    const incoming = {
      method: request.method,
      url: new URL(request.url),
      headers: Object.fromEntries(request.headers),
      body: new Uint8Array(await request.arrayBuffer()),
    };
    signal.throwIfAborted();
    const client = new AbortController();
    // Names the request, for its signal follows the caller's only while the request is there.
    const leave = () => client.abort(request.signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    const reply = await untilAborted(answer(exchanges, incoming, client.signal), signal);
    return new Response(bodyOf(reply, signal, client), { status: reply.status, headers: reply.headers });
  };
}

async function answer(exchanges: Exchanges, incoming: Parameters<Exchanges["answer"]>[0], signal: AbortSignal): Promise<Reply> {
  try {
    const reply = await exchanges.answer(incoming, signal);
    if (reply !== undefined) return reply;
  } catch (error) {
    if (!(error instanceof ConnectionReset)) throw error;
    throw new TypeError("fetch failed", { cause: error });
  }
  throw signal.reason;
}

/** Rejects as soon as the signal does, whatever the answer is waiting for. */
async function untilAborted(reply: Promise<Reply>, signal: AbortSignal): Promise<Reply> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([reply, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}

function bodyOf(reply: Reply, signal: AbortSignal, client: AbortController): ReadableStream<Uint8Array> {
  const { chunks } = reply;
  const streams = reply.headers["content-type"]?.startsWith("text/event-stream") === true;
  let fail: (() => void) | undefined;
  const close = () => {
    if (fail !== undefined) signal.removeEventListener("abort", fail);
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        fail = () => {
          controller.error(signal.reason);
          void chunks.return();
        };
        if (signal.aborted) fail();
        else signal.addEventListener("abort", fail, { once: true });
      },
      async pull(controller) {
        try {
          const next = await chunks.next();
          if (signal.aborted || client.signal.aborted) return;
          if (next.done !== true) return controller.enqueue(next.value);
          close();
          controller.close();
        } catch (error) {
          close();
          controller.error(new TypeError("terminated", { cause: error }));
        }
      },
      cancel(reason) {
        close();
        client.abort(reason);
        void chunks.return();
      },
    },
    { highWaterMark: streams ? 0 : WHOLE_BODY },
  );
}
