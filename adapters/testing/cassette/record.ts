import { appendFileSync, writeFileSync } from "node:fs";
import {
  describeHeaders,
  describeRequest,
  encodeChunk,
  serializeEntry,
  type Cassette,
  type CassetteChunk,
  type CassetteEntry,
} from "./cassette.ts";

export interface RecordOptions {
  /** The fetch that reaches the network. Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /** JSON lines, written anew; one line when a response has ended. */
  readonly file?: string;
  /** Called with everything recorded so far when a response has ended. */
  readonly onCassette?: (cassette: Cassette) => void;
  /** Milliseconds. Default: `performance.now`. */
  readonly clock?: () => number;
}

/** A `fetch` that passes everything on and writes down what came back, chunk by chunk with its time, without secrets. */
export function record(options: RecordOptions): typeof globalThis.fetch {
  const send = options.fetch ?? globalThis.fetch;
  const clock = options.clock ?? (() => performance.now());
  const entries: CassetteEntry[] = [];
  const keep = (entry: CassetteEntry) => {
    if (options.file !== undefined) {
      if (entries.length === 0) writeFileSync(options.file, "");
      appendFileSync(options.file, serializeEntry(entry));
    }
    entries.push(entry);
    options.onCassette?.([...entries]);
  };

  return async function recordingFetch(input, init) {
    const started = clock();
    const elapsed = () => Math.round(clock() - started);
    const request = new Request(input, init?.body instanceof ReadableStream ? ({ ...init, duplex: "half" } as RequestInit) : init);
    const described = describeRequest(request.method, request.url, await request.clone().text());
    let response: Response;
    try {
      response = await send(request);
    } catch (error) {
      if (!request.signal.aborted) keep({ request: described, failure: error instanceof Error ? error.message : String(error) });
      throw error;
    }
    const head = { status: response.status, headers: describeHeaders(response.headers), at: elapsed() };
    const finish = (chunks: readonly CassetteChunk[], complete: boolean) =>
      keep({ request: described, response: { ...head, chunks, ...(complete ? {} : { incomplete: true as const }) } });
    if (response.body === null) {
      finish([], true);
      return response;
    }
    const copy = new Response(copyBody(response.body, elapsed, finish), {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    });
    Object.defineProperty(copy, "url", { value: response.url });
    return copy;
  };
}

function copyBody(
  body: ReadableStream<Uint8Array>,
  elapsed: () => number,
  finish: (chunks: readonly CassetteChunk[], complete: boolean) => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const chunks: CassetteChunk[] = [];
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) {
            chunks.push(encodeChunk(value, elapsed()));
            return controller.enqueue(value);
          }
          finish(chunks, true);
          controller.close();
        } catch (error) {
          finish(chunks, false);
          controller.error(error);
        }
      },
      async cancel(reason) {
        finish(chunks, false);
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
