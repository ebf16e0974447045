import { CrosspointError } from "../ir/error.ts";

/** Who and what a call is for. It stays in the layer: no provider sees it. */
export interface Attribution {
  readonly user?: string;
  readonly team?: string;
  readonly project?: string;
  readonly session?: string;
  /** The name of the key that the caller showed, where callers have keys; never the key itself. */
  readonly key?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

const FIELDS = ["user", "team", "project", "session", "key"] as const;
const MAX_TEXT = 512;
const MAX_TAGS = 32;
const MAX_KEYS = 64;

/** Throws INVALID_OPTIONS for what is no attribution: fields and tags up to 512 characters, 32 tags, 64 metadata keys. */
export function checkAttribution(value: unknown): Attribution {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid("attribution", "an object");
  for (const key of Object.keys(value)) {
    const field = (value as Readonly<Record<string, unknown>>)[key];
    if (field === undefined) continue;
    if (key === "tags") {
      if (!Array.isArray(field) || field.length > MAX_TAGS || !field.every(isLabel))
        throw invalid("attribution.tags", `up to ${MAX_TAGS} strings of up to ${MAX_TEXT} characters`);
    } else if (key === "metadata") {
      const entries = typeof field === "object" && field !== null ? Object.entries(field) : undefined;
      if (entries === undefined || entries.length > MAX_KEYS || !entries.every(([name, text]) => isLabel(name) && isLabel(text))) {
        throw invalid("attribution.metadata", `up to ${MAX_KEYS} pairs of strings of up to ${MAX_TEXT} characters`);
      }
    } else if (!FIELDS.includes(key as (typeof FIELDS)[number])) {
      throw invalid(`attribution.${key}`, `one of ${FIELDS.join(", ")}, tags, metadata`);
    } else if (!isLabel(field)) throw invalid(`attribution.${key}`, `a string of up to ${MAX_TEXT} characters`);
  }
  return value as Attribution;
}

/** Lays `inner` over `outer`: fields are replaced, tags and metadata are joined. */
export function mergeAttribution(outer: Attribution | undefined, inner: Attribution | undefined): Attribution | undefined {
  if (outer === undefined || inner === undefined) return inner ?? outer;
  return {
    ...outer,
    ...inner,
    ...(outer.tags === undefined || inner.tags === undefined ? undefined : { tags: [...new Set([...outer.tags, ...inner.tags])] }),
    ...(outer.metadata === undefined || inner.metadata === undefined ? undefined : { metadata: { ...outer.metadata, ...inner.metadata } }),
  };
}

function isLabel(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_TEXT;
}

function invalid(param: string, expected: string): CrosspointError {
  return new CrosspointError("INVALID_OPTIONS", `${param} must be ${expected}`, { param });
}

export interface AttributionScope {
  /** What a call has that is made here: the scope's, and its own over it. */
  around(own: Attribution | undefined): Attribution | undefined;
  run<T>(attribution: Attribution, body: () => T): T;
}

interface AsyncStorage {
  getStore(): Attribution | undefined;
  run<T>(store: Attribution, body: () => T): T;
}

/** Scopes over the platform's async context, where it has one; elsewhere a scope is an error that says so. */
export function createAttributionScope(): AttributionScope {
  const builtin = (globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } }).process?.getBuiltinModule;
  const module = builtin?.("node:async_hooks") as { AsyncLocalStorage: new () => AsyncStorage } | undefined;
  const storage = module === undefined ? undefined : new module.AsyncLocalStorage();
  return {
    around(own) {
      const outer = storage?.getStore();
      return outer === undefined || own === undefined ? (own ?? outer) : mergeAttribution(outer, checkAttribution(own));
    },
    run(attribution, body) {
      if (storage === undefined) {
        throw new CrosspointError(
          "UNSUPPORTED",
          "withAttribution needs async context, which this runtime lacks: pass `attribution` with each call",
        );
      }
      return storage.run(mergeAttribution(storage.getStore(), checkAttribution(attribution))!, body);
    },
  };
}
