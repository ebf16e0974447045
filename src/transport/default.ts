import { fetchTransport } from "./fetch.ts";
import type { Transport } from "./transport.ts";

/** The user's `fetch`, or the fastest that the runtime has; chosen, and loaded, at the first call. */
export function defaultTransport(fetch: typeof globalThis.fetch | undefined): Transport {
  if (fetch !== undefined) return fetchTransport(fetch);
  let chosen: Transport | undefined;
  const choose = async (): Promise<Transport> => {
    const { nodeTransport } = await import("./node.ts");
    return (chosen ??= nodeTransport() ?? fetchTransport(globalThis.fetch));
  };
  return (request) => (chosen === undefined ? choose().then((transport) => transport(request)) : chosen(request));
}
