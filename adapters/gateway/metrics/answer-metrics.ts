import type { IncomingMessage, ServerResponse } from "node:http";
import type { Metrics } from "./metrics.ts";

/** Whether a request is for the metrics, whatever stands after the path. */
export function asksForMetrics({ url }: IncomingMessage): boolean {
  return url === "/metrics" || url?.startsWith("/metrics?") === true;
}

export async function answerMetrics(metrics: Metrics, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
    return;
  }
  const { contentType, text } = await metrics.read(request.headers.accept);
  response.writeHead(200, { "content-type": contentType, "cache-control": "no-store" }).end(request.method === "HEAD" ? undefined : text);
}
