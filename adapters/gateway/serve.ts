import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CrosspointError, type Crosspoint } from "crosspoint";
import { answerMetrics, asksForMetrics } from "./metrics/answer-metrics.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { GatewayLogger } from "./telemetry/logger.ts";

export interface ServeOptions {
  readonly crosspoint: Pick<Crosspoint, "fetch">;
  /** Default 4000; 0 takes any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`: only this machine. */
  readonly host?: string;
  /** Largest body taken, in bytes. Default 32 MiB. */
  readonly maxBodyBytes?: number;
  /** Shown under `/metrics`: what `createMetrics` made, and the layer has as `telemetry.meterProvider`. Default: none. */
  readonly metrics?: Metrics;
  /** Hears what the server itself does. Calls are told by the `logger` of the layer. */
  readonly logger?: GatewayLogger;
}

/** A server that runs. */
export interface Gateway {
  /** Base URL, as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Stops taking calls, gives those under way `graceMs` (default 5,000) to end, then cuts them. */
  close(graceMs?: number): Promise<void>;
}

/** Serves `crosspoint.fetch` over HTTP. Rejects when the port is taken. */
export async function serve(options: ServeOptions): Promise<Gateway> {
  const host = options.host ?? "127.0.0.1";
  const maxBodyBytes = options.maxBodyBytes ?? 32 * 1024 * 1024;
  const server = createServer((request, response) => {
    const answered =
      options.metrics !== undefined && asksForMetrics(request)
        ? answerMetrics(options.metrics, request, response)
        : handle(request, response, options.crosspoint, maxBodyBytes);
    answered.catch((error: unknown) => {
      options.logger?.debug({ error }, "an answer broke off");
      response.destroy();
    });
  });
  server.requestTimeout = 0; // a stream may last; the layer has its own bounds
  await listen(server, options.port ?? 4000, host);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    close: (graceMs = 5_000) => close(server, graceMs),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const hint = error.code === "EADDRINUSE" ? `port ${port} is taken: choose another with --port` : error.message;
      reject(new CrosspointError("INVALID_OPTIONS", hint, { param: "port", cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    // A connection whose call ends meanwhile would wait for the client's next one.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  crosspoint: Pick<Crosspoint, "fetch">,
  maxBodyBytes: number,
): Promise<void> {
  if (request.url === "/health" || request.url === "/healthz") {
    response.writeHead(200, { "content-type": "application/json" }).end('{"status":"ok"}');
    return;
  }
  const controller = new AbortController();
  // `close` comes for every response; only one that was not finished means that the client left.
  response.on("close", () => {
    if (!response.writableFinished) controller.abort();
  });
  const body = await readBody(request, maxBodyBytes);
  const answer = await crosspoint.fetch(new URL(request.url ?? "/", "http://crosspoint.invalid").href, {
    method: request.method ?? "GET",
    headers: toHeaders(request),
    signal: controller.signal,
    ...(body === "" ? undefined : { body }),
  });
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) response.end();
  else await pipe(answer.body, response);
}

function toHeaders(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return headers;
}

/** The body as text. Of one that is too large just enough is kept for the layer to refuse it in the client's own wire. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (size <= maxBytes) chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes * 2 + 1_048_576) break; // a sender that does not stop is cut off
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Writes the stream as fast as the client takes it; when the client leaves, the stream is cancelled, also while waiting for it. */
async function pipe(body: ReadableStream<Uint8Array>, response: ServerResponse): Promise<void> {
  const reader = body.getReader();
  let gone = response.destroyed;
  let wake: (() => void) | undefined;
  const onDrain = (): void => wake?.();
  const onClose = (): void => {
    gone = true;
    wake?.();
    reader.cancel().catch(() => {}); // the stream may have failed already; either way it is closed
  };
  if (gone) return reader.cancel();
  response.on("drain", onDrain);
  response.on("close", onClose);
  for (;;) {
    const { value, done } = await reader.read();
    if (gone) return;
    if (done) break;
    if (!response.write(value)) await new Promise<void>((resolve) => (wake = resolve));
    if (gone) return;
  }
  response.end();
}
