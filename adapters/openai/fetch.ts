import type { Attribution, Crosspoint } from "crosspoint";

export interface OpenAIFetchOptions {
  /** Attribution of every call; what a call says itself (`user`, `metadata`, `x-crosspoint-…` headers) goes over it. */
  readonly attribution?: Attribution;
}

/**
 * The `fetch` for an OpenAI client: its requests are answered by the layer in this process, whatever their host, and the answers carry the
 * `crosspoint` field. Give the client `maxRetries: 0`, since the layer retries.
 */
export function openaiFetch(crosspoint: Crosspoint, { attribution }: OpenAIFetchOptions = {}): typeof globalThis.fetch {
  const header = attribution === undefined ? undefined : toHeader(attribution);
  return function fetchFromLayer(input, init) {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    if (!headers.has("x-crosspoint-cost")) headers.set("x-crosspoint-cost", "true");
    if (header !== undefined && !headers.has("x-crosspoint-attribution")) headers.set("x-crosspoint-attribution", header);
    return crosspoint.fetch(input, { ...init, headers });
  };
}

/** JSON without what a header cannot carry. */
function toHeader(attribution: Attribution): string {
  return JSON.stringify(attribution).replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
