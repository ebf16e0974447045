import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CrosspointError, type Crosspoint } from "crosspoint";
import { createGuard, withoutKeys, type Guard } from "./auth.ts";
import { readBody } from "./body.ts";
import { answerMetrics, asksForMetrics, closedMetrics } from "./metrics/answer-metrics.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { refuse } from "./refuse.ts";
import type { GatewayLogger } from "./telemetry/logger.ts";

/** What answers, and whom. */
export interface Served {
  readonly crosspoint: Pick<Crosspoint, "fetch">;
  /** The key that clients must send, in their own wire's way; it goes no further. Default: none is asked for. */
  readonly masterKey?: string;
  /** Largest body taken, in bytes, unpacked. Default 32 MiB. */
  readonly maxBodyBytes?: number;
}

export interface ServeOptions extends Served {
  /** Default 4000; 0 takes any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`: only this machine. */
  readonly host?: string;
  /** Shown under `/metrics`: what `createMetrics` made, and the layer has as `telemetry.meterProvider`. Default: none. */
  readonly metrics?: Metrics;
  /** Metrics are shown to everyone. Default: to those who send the master key; where there is none, only on this machine's own addresses. */
  readonly publicMetrics?: boolean;
  /** Hears what the server itself does. Calls are told by the `logger` of the layer. */
  readonly logger?: GatewayLogger;
}

/** A server that runs. */
export interface Gateway {
  /** Base URL, as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** New calls are answered by these from now on. Resolves when the last call of those before is over, so that their layer can be closed. */
  replace(served: Served): Promise<void>;
  /** Stops taking calls, gives those under way `graceMs` (default 5,000) to end, then cuts them. */
  close(graceMs?: number): Promise<void>;
}

/** Serves `crosspoint.fetch` over HTTP. Rejects when the port is taken. */
export async function serve(options: ServeOptions): Promise<Gateway> {
  const host = options.host ?? "127.0.0.1";
  const otherwise = isLoopback(host) ? undefined : closedMetrics;
  let current = toShift(options);
  const server = createServer((request, response) => {
    const shift = current;
    shift.calls++;
    const answered =
      options.metrics !== undefined && asksForMetrics(request)
        ? answerMetrics(options.metrics, request, response, options.publicMetrics === true ? undefined : (shift.guard ?? otherwise))
        : handle(request, response, shift);
    answered
      .catch((error: unknown) => {
        options.logger?.debug({ error }, "an answer broke off");
        response.destroy();
      })
      .finally(() => {
        if (--shift.calls === 0) shift.onIdle?.();
      });
  });
  server.requestTimeout = 0; // a stream may last; the layer has its own bounds
  server.keepAliveTimeout = 75_000; // longer than a load balancer's, which would use a connection that is being closed
  await listen(server, options.port ?? 4000, host);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    replace(served) {
      const before = current;
      current = toShift(served);
      return new Promise((resolve) => {
        if (before.calls === 0) resolve();
        else before.onIdle = resolve;
      });
    },
    close: (graceMs = 5_000) => close(server, graceMs),
  };
}

/** Those that answer for a time, and the calls that are under way with them. */
interface Shift {
  readonly crosspoint: Pick<Crosspoint, "fetch">;
  readonly guard: Guard | undefined;
  readonly maxBodyBytes: number;
  calls: number;
  onIdle?: () => void;
}

function toShift({ crosspoint, masterKey, maxBodyBytes = 32 * 1024 * 1024 }: Served): Shift {
  return { crosspoint, guard: createGuard(masterKey), maxBodyBytes, calls: 0 };
}

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
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

/** Who asks whether the gateway runs; the last three are LiteLLM's. */
const PROBES = ["/health", "/healthz", "/health/liveliness", "/health/liveness", "/health/readiness"];

async function handle(request: IncomingMessage, response: ServerResponse, { crosspoint, guard, maxBodyBytes }: Shift): Promise<void> {
  if (PROBES.includes(request.url ?? "")) {
    response.writeHead(200, { "content-type": "application/json" }).end('{"status":"ok"}');
    return;
  }
  const controller = new AbortController();
  // `close` comes for every response; only one that was not finished means that the client left.
  response.on("close", () => {
    if (!response.writableFinished) controller.abort();
  });
  const url = new URL(request.url ?? "/", "http://crosspoint.invalid");
  const headers = toHeaders(request);
  let body: string;
  try {
    guard?.(headers, url);
    body = await readBody(request, maxBodyBytes);
  } catch (error) {
    if (!CrosspointError.is(error)) throw error;
    return refuse(response, error, headers, url);
  }
  withoutKeys(headers, url);
  const isHead = request.method === "HEAD";
  const answer = await crosspoint.fetch(url.href, {
    method: isHead ? "GET" : (request.method ?? "GET"),
    headers,
    signal: controller.signal,
    ...(body === "" ? undefined : { body }),
  });
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null || isHead) {
    response.end();
    await answer.body?.cancel();
  } else await pipe(answer.body, response);
}

function toHeaders(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name !== "content-encoding") headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return headers;
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
