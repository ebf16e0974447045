import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { SimulatorServer } from "../types.ts";
import { ConnectionReset, type Exchanges } from "./exchange.ts";
import type { Incoming } from "./state.ts";

/** Serves the simulated providers on 127.0.0.1 with real sockets. */
export async function listen(exchanges: Exchanges, port = 0): Promise<SimulatorServer> {
  const server = createServer((request, response) => {
    serve(exchanges, request, response).catch(() => response.destroy());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(exchanges: Exchanges, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const client = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) client.abort();
  });
  try {
    const reply = await exchanges.answer(await read(request), client.signal);
    if (reply === undefined) return;
    response.writeHead(reply.status, { ...reply.headers });
    response.flushHeaders();
    for await (const chunk of reply.chunks) {
      if (!response.write(chunk)) await drained(response, client.signal);
    }
    if (!client.signal.aborted) response.end();
  } catch (error) {
    if (!(error instanceof ConnectionReset)) throw error;
    await flushed(response);
    response.socket?.resetAndDestroy();
  }
}

/** Lets what was written reach the client before the connection breaks. */
async function flushed(response: ServerResponse): Promise<void> {
  if (response.headersSent) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(response, "drain", { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function read(request: IncomingMessage): Promise<Incoming> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]);
  return {
    method: request.method ?? "GET",
    url: new URL(request.url ?? "/", "http://127.0.0.1"),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks),
  };
}
