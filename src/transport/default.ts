import { fetchTransport } from "./fetch.ts";
import { nodeTransport } from "./node.ts";
import type { Transport } from "./transport.ts";

/** The user's `fetch`, or the fastest that the runtime has; chosen at the first call. */
export function defaultTransport(fetch: typeof globalThis.fetch | undefined): Transport {
  if (fetch !== undefined) return fetchTransport(fetch);
  let chosen: Transport | undefined;
  return (request) => (chosen ??= nodeTransport() ?? fetchTransport(globalThis.fetch))(request);
}
