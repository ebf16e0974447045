import type { IncomingMessage, ServerResponse } from "node:http";
import { CrosspointError } from "crosspoint";
import type { Guard } from "../auth.ts";
import type { Metrics } from "./metrics.ts";

/** Whether a request is for the metrics, whatever stands after the path. */
export function asksForMetrics({ url }: IncomingMessage): boolean {
  return url === "/metrics" || url?.startsWith("/metrics?") === true;
}

/** Shows the metrics to those whom `guard` lets in; to everyone without one. */
export async function answerMetrics(
  metrics: Metrics,
  request: IncomingMessage,
  response: ServerResponse,
  guard: Guard | undefined,
): Promise<void> {
  const sent = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[name, value]] : [],
  );
  try {
    guard?.(new Headers(sent), new URL(request.url ?? "/", "http://crosspoint.invalid"));
  } catch (error) {
    if (!CrosspointError.is(error)) throw error;
    response.writeHead(401, { "www-authenticate": "Bearer", "content-type": "text/plain" }).end(`${error.message}\n`);
    return;
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
    return;
  }
  const { contentType, text } = await metrics.read(request.headers.accept);
  response.writeHead(200, { "content-type": contentType, "cache-control": "no-store" }).end(request.method === "HEAD" ? undefined : text);
}

/** Lets nobody in. */
export function closedMetrics(): never {
  const fix = "set masterKey, or show them to everyone with --metrics public (publicMetrics in code)";
  throw new CrosspointError("AUTHENTICATION", `metrics are not shown to other machines without a key: ${fix}`, { retryable: false });
}
