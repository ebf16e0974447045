import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync, inflateSync } from "node:zlib";
import { CrosspointError } from "crosspoint";
import { decodeRequest } from "./protobuf.ts";
import { spansOf, type TraceSpan } from "./span.ts";

const MAX_BYTES = 64 * 1024 * 1024;

export interface Receiver {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Takes spans over OTLP/HTTP, as JSON or protobuf, on this machine. Metrics and logs are taken and thrown away. */
export async function startReceiver(port: number, onSpans: (spans: readonly TraceSpan[]) => void): Promise<Receiver> {
  const server = createServer((request, response) => {
    answer(request, response, onSpans).catch((error: unknown) => {
      response.writeHead(400, { "content-type": "text/plain" }).end(error instanceof Error ? error.message : "");
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const hint = error.code === "EADDRINUSE" ? `port ${port} is taken: choose another with --port` : error.message;
      reject(new CrosspointError("INVALID_OPTIONS", hint, { param: "port", cause: error }));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, onSpans: (spans: readonly TraceSpan[]) => void): Promise<void> {
  const path = request.url?.split("?")[0];
  if (request.method !== "POST" || !/^\/v1\/(?:traces|metrics|logs)$/.test(path ?? "")) {
    request.resume();
    response.writeHead(404).end();
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error("too large");
    chunks.push(chunk);
  }
  const isJSON = request.headers["content-type"]?.includes("json") === true;
  if (path === "/v1/traces") {
    const bytes = unpack(Buffer.concat(chunks), request.headers["content-encoding"]);
    onSpans(spansOf(isJSON ? (JSON.parse(bytes.toString("utf8")) as unknown) : decodeRequest(bytes)));
  }
  // An empty message says that all was taken.
  response.writeHead(200, { "content-type": isJSON ? "application/json" : "application/x-protobuf" }).end(isJSON ? "{}" : "");
}

function unpack(bytes: Buffer, encoding: string | undefined): Buffer {
  if (encoding === "gzip") return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  return encoding === "deflate" ? inflateSync(bytes, { maxOutputLength: MAX_BYTES }) : bytes;
}
