import type { ByteSource, Transport, TransportRequest, TransportResponse } from "./transport.ts";

/** The parts of `node:http` that are used; written out so that the core compiles and bundles without Node's own modules. */
interface IncomingMessage extends AsyncIterable<Uint8Array> {
  readonly statusCode?: number;
  readonly rawHeaders: readonly string[];
  on(event: string, listener: (value: never) => void): this;
  read(): Uint8Array | null;
  destroy(error?: Error): void;
  readonly readableEnded: boolean;
  readonly complete: boolean;
}
interface ClientRequest {
  on(event: string, listener: (value: never) => void): this;
  end(body?: string): void;
  destroy(error?: Error): void;
}
interface HttpModule {
  request(options: object): ClientRequest;
  readonly Agent: new (options: object) => object;
}

/** A transport over `node:http` and `node:https` with kept-alive connections; `undefined` where the runtime has neither. */
export function nodeTransport(): Transport | undefined {
  const builtin = (globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } }).process?.getBuiltinModule;
  const http = builtin?.("node:http") as HttpModule | undefined;
  const https = builtin?.("node:https") as HttpModule | undefined;
  if (http === undefined || https === undefined) return undefined;
  const agentOptions = { keepAlive: true, maxSockets: Infinity, scheduling: "lifo" };
  const agents = new Map<HttpModule, object>();
  return function send(request) {
    const module = request.url.startsWith("https:") ? https : http;
    let agent = agents.get(module);
    if (agent === undefined) agents.set(module, (agent = new module.Agent(agentOptions)));
    return exchange(module, agent, request);
  };
}

function exchange(module: HttpModule, agent: object, request: TransportRequest): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    if (request.signal?.aborted === true) return reject(request.signal.reason);
    // The length of the body is written by `end`, which knows it.
    const outgoing = module.request({ ...placeOf(request.url), method: request.method, agent, headers: request.headers });
    let incoming: IncomingMessage | undefined;
    const onAbort = (): void => {
      const reason = asError(request.signal?.reason);
      incoming?.destroy(reason);
      outgoing.destroy(reason);
      reject(reason);
    };
    const release = (): void => request.signal?.removeEventListener("abort", onAbort);
    request.signal?.addEventListener("abort", onAbort, { once: true });
    outgoing.on("error", (error: Error) => {
      release();
      reject(error);
    });
    outgoing.on("response", (message: IncomingMessage) => {
      incoming = message;
      message.on("close", release);
      resolve(toResponse(message));
    });
    outgoing.end(request.body);
  });
}

function toResponse(message: IncomingMessage): TransportResponse {
  const { rawHeaders } = message;
  const bytes = readBytes(message);
  let headers: Headers | undefined;
  return {
    status: message.statusCode ?? 0,
    get headers() {
      return (headers ??= toHeaders(rawHeaders));
    },
    *fields() {
      for (let index = 0; index < rawHeaders.length; index += 2) yield [rawHeaders[index]!.toLowerCase(), rawHeaders[index + 1]!] as const;
    },
    text: () => readText(bytes),
    bytes: () => bytes,
  };
}

/** Where a request goes, in the words of `node:http`. */
interface Place {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
  readonly path: string;
  readonly auth: string | undefined;
}

/** Most calls of a program go to a few places, and reading a URL costs a tenth of an exchange. */
const places = new Map<string, Place>();
const MAX_PLACES = 1_000;

function placeOf(url: string): Place {
  let place = places.get(url);
  if (place !== undefined) return place;
  const { protocol, hostname, port, pathname, search, username, password } = new URL(url);
  place = {
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ""),
    port,
    path: pathname + search,
    auth: username === "" && password === "" ? undefined : `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
  };
  if (places.size >= MAX_PLACES) places.clear();
  places.set(url, place);
  return place;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new DOMException("This operation was aborted", "AbortError");
}

function toHeaders(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index < raw.length; index += 2) headers.append(raw[index]!, raw[index + 1]!);
  return headers;
}

/** Pulls chunks out of the message when they are asked for, so that a slow reader slows the provider down. */
function readBytes(message: IncomingMessage): ByteSource {
  let ended = false;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  const signal = (): void => {
    wake?.();
    wake = undefined;
  };
  message.on("readable", signal);
  message.on("end", () => {
    ended = true;
    signal();
  });
  message.on("error", (error: Error) => {
    failure = error;
    signal();
  });
  message.on("close", () => {
    if (!message.complete) failure ??= new Error("the connection was closed before the body was complete");
    ended = true;
    signal();
  });
  return {
    async read() {
      for (;;) {
        if (failure !== undefined) throw failure;
        const chunk = message.read();
        if (chunk !== null) return { done: false, value: chunk };
        if (ended) return { done: true };
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    cancel() {
      if (!message.complete || !message.readableEnded) message.destroy();
    },
  };
}

async function readText(bytes: ByteSource): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (let { value } = await bytes.read(); value !== undefined; { value } = await bytes.read())
    text += decoder.decode(value, { stream: true });
  return text + decoder.decode();
}
