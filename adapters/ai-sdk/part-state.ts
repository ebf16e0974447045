import type { CacheHint, FilePart, JSONObject, Opaque, Part, TextPart } from "crosspoint";
import type { Json, JsonObject, OptionsInput, ProviderMetadata } from "./types.ts";

/** The key under which the layer speaks in `providerOptions` and `providerMetadata`. */
export const KEY = "crosspoint";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a part carries besides its content: it rides in `providerMetadata` and comes back in `providerOptions`. */
export type PartState = Mutable<
  Pick<Part, "itemId" | "opaque" | "cache" | "providerOptions"> &
    Pick<TextPart, "citations" | "phase"> &
    Pick<FilePart, "detail" | "title" | "context" | "citable" | "transcript"> & {
      readonly form?: "raw" | "summary" | "redacted";
      readonly custom?: boolean;
      readonly namespace?: string;
    }
>;

const CARRIED = [
  "itemId",
  "opaque",
  "phase",
  "form",
  "custom",
  "namespace",
  "providerOptions",
  "detail",
  "transcript",
  "logprobs",
] as const;

/** The state of a part as metadata; `undefined` when it has none. */
export function stateMetadata(part: object, more?: JsonObject): ProviderMetadata | undefined {
  let state: JsonObject | undefined = more;
  for (const key of CARRIED) {
    const value = (part as Record<string, unknown>)[key];
    if (value !== undefined) state = { ...state, [key]: value as Json };
  }
  return state === undefined ? undefined : { [KEY]: state };
}

const TEXTS = ["itemId", "namespace", "title", "context", "transcript"] as const;
const WORDS = {
  phase: ["commentary", "final_answer"],
  form: ["raw", "summary", "redacted"],
  detail: ["auto", "low", "high", "original"],
} as const;

/**
 * Reads the state of a part: what the layer wrote, and what the AI SDK's own providers write, so that a conversation that began with
 * them goes on. It may come from a browser: what is not as it should be is left out.
 */
export function readState(options: OptionsInput | undefined): PartState {
  const state: PartState = {};
  if (!isObject(options)) return state;
  const own = objectAt(options, KEY);
  if (own !== undefined) {
    for (const key of TEXTS) if (typeof own[key] === "string") state[key] = own[key];
    for (const key of ["phase", "form", "detail"] as const) {
      if ((WORDS[key] as readonly unknown[]).includes(own[key])) Object.assign(state, { [key]: own[key] });
    }
    if (own["custom"] === true) state.custom = true;
    if (typeof own["citable"] === "boolean") state.citable = own["citable"];
    if (isObject(own["cache"])) state.cache = cacheHint(own["cache"]);
    if (isObject(own["providerOptions"])) state.providerOptions = own["providerOptions"] as NonNullable<PartState["providerOptions"]>;
    const opaque = own["opaque"];
    if (Array.isArray(opaque)) state.opaque = opaque.filter(isOpaque) as unknown as Opaque[];
    const citations = own["citations"];
    if (Array.isArray(citations)) state.citations = citations.filter(isCitation) as unknown as NonNullable<PartState["citations"]>;
  }
  readForeign(options, state);
  return state;
}

/** The keys under which the AI SDK's own providers keep state. */
const FOREIGN: readonly (readonly [key: string, field: string, family: string, kind: string])[] = [
  ["anthropic", "signature", "anthropic", "signature"],
  ["anthropic", "redactedData", "anthropic", "redacted"],
  ["openai", "reasoningEncryptedContent", "openai", "encrypted-content"],
  ["azure", "reasoningEncryptedContent", "openai", "encrypted-content"],
  ["google", "thoughtSignature", "google", "thought-signature"],
  ["vertex", "thoughtSignature", "google", "thought-signature"],
];

function readForeign(options: OptionsInput, state: PartState): void {
  for (const [key, field, family, kind] of FOREIGN) {
    const data = objectAt(options, key)?.[field];
    if (typeof data === "string" && data !== "" && state.opaque === undefined) state.opaque = [{ family, kind, data }];
    if (state.opaque?.[0]?.kind === "redacted") state.form ??= "redacted";
  }
  const { itemId, imageDetail } = objectAt(options, "openai") ?? objectAt(options, "azure") ?? {};
  if (typeof itemId === "string") state.itemId ??= itemId;
  if (WORDS.detail.includes(imageDetail as "low")) state.detail ??= imageDetail as "low";
  const anthropic = objectAt(options, "anthropic");
  if (anthropic === undefined) return;
  const cache = anthropic["cacheControl"] ?? anthropic["cache_control"];
  if (isObject(cache)) state.cache ??= cacheHint(cache);
  const { citations, title, context } = anthropic;
  if (isObject(citations) && typeof citations["enabled"] === "boolean") state.citable ??= citations["enabled"];
  if (typeof title === "string") state.title ??= title;
  if (typeof context === "string") state.context ??= context;
}

export function cacheHint({ ttl }: JSONObject): CacheHint {
  return ttl === "5m" || ttl === "30m" || ttl === "1h" || ttl === "12h" ? { ttl } : {};
}

function isOpaque(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { family, kind, data, model } = value;
  return (
    typeof family === "string" && typeof kind === "string" && typeof data === "string" && (model === undefined || typeof model === "string")
  );
}

function isCitation(value: unknown): boolean {
  return isObject(value) && isObject(value["source"]);
}

export function isObject(value: unknown): value is JSONObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objectAt(value: unknown, key: string): JSONObject | undefined {
  if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
  const found = value[key];
  return isObject(found) ? found : undefined;
}
