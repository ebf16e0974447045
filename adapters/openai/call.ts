import type { ClientOptions, OpenAI } from "openai";
import type { ClientCall, Crosspoint } from "crosspoint";
import type { Layer } from "./fetch.ts";

export type PostOptions = NonNullable<Awaited<Parameters<OpenAI["post"]>[1]>>;

/** The paths that the layer answers without HTTP. */
export const WIRES: Readonly<Record<string, ClientCall["wire"] | undefined>> = {
  __proto__: null as never,
  "/chat/completions": "openai-chat",
  "/responses": "openai-responses",
};

/** A call that needs nothing of HTTP. */
export interface Call {
  readonly crosspoint: Crosspoint;
  readonly wire: ClientCall["wire"];
  readonly body: object;
  readonly headers: Headers;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds until the answer, or its first frame. */
  readonly timeout: number;
  readonly options: PostOptions;
}

interface Defaults {
  readonly layer: Layer;
  readonly timeout: number;
  readonly maxRetries: number;
  readonly defaultHeaders: ClientOptions["defaultHeaders"];
}

/** What a call may say without asking for HTTP. */
const PLAIN = new Set(["body", "headers", "signal", "timeout", "stream", "maxRetries", "__metadata", "__security"]);

/** Reads a call; `undefined` for one that the official client has to make. */
export function readCall(wire: ClientCall["wire"], options: PostOptions, defaults: Defaults): Call | undefined {
  for (const [key, value] of Object.entries(options)) if (value !== undefined && !PLAIN.has(key)) return undefined;
  const { body, signal, timeout = defaults.timeout, maxRetries = defaults.maxRetries } = options;
  const headers = mergeHeaders(defaults.layer.headers, defaults.defaultHeaders, options.headers);
  if (headers === undefined || maxRetries > 0 || !isPlain(body) || OPENAI_CUSTOM_HEADERS()) return undefined;
  return { crosspoint: defaults.layer.crosspoint, wire, body, headers, signal: signal ?? undefined, timeout, options };
}

/** Headers from the environment, which the official client adds by itself. */
function OPENAI_CUSTOM_HEADERS(): boolean {
  const { process } = globalThis as { readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> } };
  return process?.env?.["OPENAI_CUSTOM_HEADERS"] !== undefined;
}

/** The headers of a call; `undefined` when some are in a form that only the official client reads. */
function mergeHeaders(base: Headers, ...lists: readonly ClientOptions["defaultHeaders"][]): Headers | undefined {
  let merged: Headers | undefined;
  for (const list of lists) {
    if (list === undefined || list === null) continue;
    if (!isPlain(list)) return undefined;
    for (const [name, value] of Object.entries(list)) {
      if (value === undefined) continue;
      merged ??= new Headers(base);
      if (value === null) merged.delete(name);
      else if (typeof value === "string") merged.set(name, value);
      else return undefined;
    }
  }
  return merged ?? base;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.getOwnPropertySymbols(value).length === 0;
}
