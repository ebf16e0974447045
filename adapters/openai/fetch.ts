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
  const fetchFromLayer: typeof globalThis.fetch = (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    if (!headers.has("x-crosspoint-cost")) headers.set("x-crosspoint-cost", "true");
    if (header !== undefined && !headers.has(ATTRIBUTION)) headers.set(ATTRIBUTION, header);
    return crosspoint.fetch(input, { ...init, headers });
  };
  layers.set(fetchFromLayer, { crosspoint, headers: new Headers(header === undefined ? undefined : { [ATTRIBUTION]: header }) });
  return fetchFromLayer;
}

/** The layer behind a fetch, and the headers that it adds. */
export interface Layer {
  readonly crosspoint: Crosspoint;
  readonly headers: Headers;
}

const ATTRIBUTION = "x-crosspoint-attribution";
const layers = new WeakMap<object, Layer>();

/** The layer that a fetch asks; `undefined` for any other fetch. */
export function layerOf(fetch: object | undefined): Layer | undefined {
  return fetch === undefined ? undefined : layers.get(fetch);
}

/** JSON without what a header cannot carry. */
function toHeader(attribution: Attribution): string {
  return JSON.stringify(attribution).replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
