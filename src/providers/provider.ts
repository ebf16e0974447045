import { CrosspointError } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { JSONObject } from "../ir/json.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { CodecId, ModelTraits, Quirks, Target } from "../ir/target.ts";

/** How the key travels: in a well-known header, in none, or in a header of the provider's own. `prefix` stands right before the key. */
export type Auth = "bearer" | "x-api-key" | "x-goog-api-key" | "none" | { readonly header: string; readonly prefix?: string };

/** What a provider that is a function is told beside the request. */
export interface ModelCallOptions {
  /** The model's name at this provider: what stands after the slash of `provider/model`. */
  readonly model: string;
  /** What is known of that model here; opaque state and provider parts of the answer bear its `family` and `codec`, to come back. */
  readonly target: Target;
  /** Whether the caller reads the answer as it comes; a function may answer in one batch all the same. */
  readonly stream: boolean;
  /** Aborts when the caller leaves, or a timeout or the deadline passes. */
  readonly signal: AbortSignal;
  /** Makes an id that no other call of this process has. */
  readonly newId: (prefix: string) => string;
  /** The HTTP headers that the caller adds to this call. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/**
 * A provider that is a function, for models that are reached by other means than HTTP and a wire format: `providers: { mine: { call } }`
 * answers to `mine/any-name`. Routing, retries, fallbacks, cost, attribution and budgets apply to it as to any other.
 */
export interface ModelProvider {
  /**
   * Answers with the events of one response, in batches: `response-start` first, `response-end` last in its batch. The request is one that
   * `codec` could take. A failure must throw, best a `CrosspointError`, whose `retryable` decides whether another try follows; other
   * errors count as CONNECTION before the first event that shows something, as STREAM_INTERRUPTED after it.
   */
  readonly call: (request: ModelRequest, options: ModelCallOptions) => AsyncIterable<readonly StreamEvent[]>;
  readonly label?: string;
  /** Whose rules for names, ids and turns conversations are brought to. Default `openai-chat`. */
  readonly codec?: CodecId;
  /** The providers whose opaque state it understands. Default: the id that it is given. */
  readonly family?: string;
  readonly quirks?: Quirks;
  /** What its models can take, where that differs from what their names tell. */
  readonly modelTraits?: (model: string) => ModelTraits | undefined;
}

/**
 * One provider, as data. `baseURL` and header values may hold placeholders, `{NAME}` or `${NAME}`, with alternatives as in
 * `{region|AWS_REGION}`: the first that `params` or the environment has fills them. A header with an empty placeholder is left out.
 */
export interface ProviderRow {
  /** Letters, digits, `.`, `_`, `-`. The first half of `provider/model`. */
  readonly id: string;
  readonly label?: string;
  /** Other spellings of the id. */
  readonly aliases?: readonly string[];
  /** Another provider's id: fields that this row leaves out are taken from there, save `label`, `aliases`, `docs` and `verified`. */
  readonly extends?: string;
  readonly codec: CodecId;
  /** What paths such as `/chat/completions` are appended to. */
  readonly baseURL: string;
  /** Environment variables that replace `baseURL`, first one preferred. Default `<ID>_BASE_URL`, `<ID>_API_BASE`. */
  readonly baseURLEnv?: readonly string[];
  /** Appended to a base URL whose path does not end in a version (`/v1`). */
  readonly versionPath?: string;
  /** Environment variables that hold the key, first one preferred. Default `<ID>_API_KEY`. */
  readonly keyEnv?: readonly string[];
  /** Environment variables that hold a token, sent as `Authorization: Bearer` whatever `auth` says; a key is preferred. */
  readonly tokenEnv?: readonly string[];
  /** Default: what the wire's inventor uses. */
  readonly auth?: Auth;
  /** Answers without a key too. */
  readonly keyOptional?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly quirks?: Quirks;
  /** The providers that understand each other's opaque state. Default: the id, or the family of the extended row. */
  readonly family?: string;
  /** The wire of embeddings; `false`: it has none. Default: that of the codec. */
  readonly embeddings?: "openai" | "gemini" | false;
  /** Lists the models; `false`: nothing does. Default `/models`. */
  readonly modelsPath?: string | false;
  /** Put before a model name that has no slash. */
  readonly modelPrefix?: string;
  /** The provider's name in the GenAI semantic conventions of OpenTelemetry. Default: the family. */
  readonly telemetryName?: string;
  /** Whether the base URL was confirmed by a second source. Default true. */
  readonly verified?: boolean;
  /** Runs on the caller's own machine or network. */
  readonly local?: boolean;
  readonly docs?: string;
  /** What this provider's models can take, where that differs from what their names tell. */
  readonly modelTraits?: (model: string) => ModelTraits | undefined;
  /** Answers in place of an HTTP exchange. */
  readonly call?: ModelProvider["call"];
  /** Sees the body of every request right before it is sent, and returns what is sent; it must not change what it is given. */
  readonly transformRequestBody?: (body: JSONObject, call: { readonly model: string; readonly stream: boolean }) => JSONObject;
}

/** A key or token, or a function that gives one; it is asked before every attempt. */
export type SecretValue = string | (() => string | Promise<string>);

type HeaderValues = Readonly<Record<string, string | undefined>>;

/**
 * What users put under `providers`: overrides of a known provider, or a provider of their own, which needs `codec` or `extends`,
 * and `baseURL` (a row made with `defineProvider` is one too), or `call` alone (`ModelProvider`). A provider of one's own at a base URL of its own takes its key from
 * `<ID>_API_KEY`, never from the extended provider's variables, and does without one unless `keyEnv` or `auth` asks for it.
 */
export interface ProviderSettings extends Partial<Omit<ProviderRow, "headers">> {
  readonly apiKey?: SecretValue;
  /** Sent as `Authorization: Bearer` instead of a key. Not together with `apiKey`. */
  readonly authToken?: SecretValue;
  /** Over the provider's own; `undefined` removes one. A function is asked before every attempt. */
  readonly headers?: HeaderValues | (() => HeaderValues | Promise<HeaderValues>);
  /** Values for the placeholders of base URL and headers. */
  readonly params?: Readonly<Record<string, string>>;
  /** Short for `params: { organization }`: OpenAI's organization header. */
  readonly organization?: string;
  /** Short for `params: { project }`: OpenAI's project header. */
  readonly project?: string;
}

/** A credential, and how it travels. `from` says where it was found and never holds it. */
export interface Secret {
  readonly value: SecretValue;
  readonly bearer: boolean;
  readonly from: string;
}

/** A provider ready to be called. Nothing of it holds a key: `JSON.stringify` is safe. */
export interface ResolvedProvider {
  readonly id: string;
  readonly label: string;
  readonly codec: CodecId;
  /** Without a trailing slash. */
  readonly baseURL: string;
  readonly family: string;
  readonly auth: Auth;
  readonly aliases: readonly string[];
  readonly keyEnv: readonly string[];
  readonly tokenEnv: readonly string[];
  readonly keyOptional: boolean;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);
  readonly quirks: Quirks;
  /** The keys of `providerOptions` that are meant for it, weakest first: codec, family, aliases, id. */
  readonly optionKeys: readonly string[];
  /** Absent: it has no embeddings. */
  readonly embeddings?: "openai" | "gemini";
  /** Absent: nothing lists its models. */
  readonly modelsPath?: string;
  readonly modelPrefix?: string;
  readonly telemetryName?: string;
  readonly verified: boolean;
  readonly local: boolean;
  readonly docs?: string;
  readonly modelTraits?: (model: string) => ModelTraits | undefined;
  readonly call?: ModelProvider["call"];
  readonly transformRequestBody?: ProviderRow["transformRequestBody"];
  /** Looks the credential up, in the settings first, then in the environment. */
  readonly secret: () => Secret | undefined;
}

/** A provider as lists show it; its base URL may still hold placeholders. */
export interface ProviderInfo extends Pick<
  ResolvedProvider,
  "id" | "label" | "aliases" | "codec" | "baseURL" | "family" | "keyEnv" | "tokenEnv" | "keyOptional" | "verified" | "local" | "docs"
> {
  /** A credential is there. */
  readonly configured: boolean;
}

/** What a wire says of its providers unless they say otherwise. */
export const CODEC_DEFAULTS = {
  "openai-chat": { auth: "bearer", embeddings: "openai" },
  "openai-responses": { auth: "bearer", embeddings: "openai" },
  "anthropic-messages": { auth: "x-api-key", embeddings: false, versionPath: "/v1", headers: { "anthropic-version": "2023-06-01" } },
  gemini: { auth: "x-goog-api-key", embeddings: "gemini", versionPath: "/v1beta" },
} as const satisfies Record<CodecId, Partial<ProviderRow>>;

/** A placeholder in a base URL or a header. */
export const PLACEHOLDER = /\$?\{([\w|]+)\}/g;

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

export function invalid(message: string): CrosspointError {
  return new CrosspointError("INVALID_OPTIONS", message);
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

/** How an id stands in the name of an environment variable. */
export function envName(id: string): string {
  return id.toUpperCase().replace(/[^A-Z0-9]/g, "_");
}

/** Whether a text can be a provider's id. */
export function isProviderId(id: unknown): id is string {
  return typeof id === "string" && /^[a-z0-9][\w.-]{0,63}$/i.test(id);
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
const isListOf = (is: (item: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(is);

function isAuth(auth: unknown): boolean {
  if (!isObject(auth)) return ["bearer", "x-api-key", "x-goog-api-key", "none"].includes(auth as string);
  const { header, prefix = "" } = auth as { header?: unknown; prefix?: unknown };
  return typeof header === "string" && HEADER_NAME.test(header) && typeof prefix === "string";
}

/** The fields of rows and settings: what they must be, in words and as a test. */
const KINDS: readonly (readonly [string, string, (value: never) => boolean])[] = [
  ["id extends label family versionPath modelPrefix telemetryName docs organization project", "a text", isText],
  ["codec", `one of ${Object.keys(CODEC_DEFAULTS).join(", ")}`, (codec: string) => Object.hasOwn(CODEC_DEFAULTS, codec)],
  ["keyEnv tokenEnv baseURLEnv", "a list of names", isListOf(isText)],
  ["aliases", "a list of ids", isListOf(isProviderId)],
  ["auth", "bearer, x-api-key, x-goog-api-key, none or { header, prefix }", isAuth],
  ["quirks", "an object", isObject],
  ["params", "an object of texts", (params: object) => isObject(params) && Object.values(params).every(isText)],
  ["headers", "an object or a function", (headers: unknown) => typeof headers === "function" || isObject(headers)],
  ["apiKey authToken", "a text or a function", (secret: unknown) => ["string", "function"].includes(typeof secret)],
  ["call transformRequestBody", "a function", (hook: unknown) => typeof hook === "function"],
  ["baseURL embeddings modelsPath keyOptional verified local modelTraits", "", () => true],
];
const FIELDS = new Map(KINDS.flatMap(([names, ...kind]) => names.split(" ").map((name) => [name, kind] as const)));

/** Checks whatever fields are there. Throws INVALID_OPTIONS that names the field and never its value. */
export function checkFields(fields: object, at: string): void {
  for (const [name, value] of Object.entries(fields)) {
    const kind = FIELDS.get(name);
    if (kind === undefined)
      throw invalid(`${at} unknown field ${JSON.stringify(name.slice(0, 64))}; there are: ${[...FIELDS.keys()].join(", ")}`);
    if (value !== undefined && !kind[1](value as never)) throw invalid(`${at} ${name} must be ${kind[0]}`);
    if (name === "headers" && typeof value === "object") checkHeaders(value as object, at);
    if (name === "baseURL" && value !== undefined) checkTemplate(value, `${at} ${name}`);
  }
}

/** A URL that may hold placeholders, also as its beginning. */
function checkTemplate(url: unknown, what: string): void {
  checkURL(typeof url === "string" ? url.replace(/^\$?\{[\w|]+\}/, "http://x").replace(PLACEHOLDER, "x") : url, what);
}

/** The URL without trailing slashes. Throws INVALID_OPTIONS, naming `what`, for what is no plain http(s) address. */
export function checkURL(url: unknown, what: string): string {
  if (typeof url === "string" && URL.canParse(url) && !/[?#\s]/.test(url)) {
    const { protocol, username, password } = new URL(url);
    if (/^https?:$/.test(protocol) && username + password === "") return url.replace(/\/+$/, "");
  }
  throw invalid(`${what} must be a URL such as https://host/v1, without credentials, query or fragment`);
}

/**
 * Checks a row, fills in the names of its variables, and freezes it. Throws INVALID_OPTIONS that names the field. The row may be
 * given to `createCrosspoint` under `providers`, keyed by its id.
 */
export function defineProvider(row: ProviderRow): ProviderRow {
  if (!isObject(row) || !isProviderId(row.id)) {
    throw invalid("a provider needs an id of letters, digits, '.', '_' and '-' (64 at most)");
  }
  const at = `provider ${row.id}:`;
  for (const needed of ["codec", "baseURL"] as const) if (row[needed] === undefined) throw invalid(`${at} ${needed} is missing`);
  checkFields(row, at);
  const name = envName(row.id);
  return freeze({ keyEnv: [`${name}_API_KEY`], baseURLEnv: [`${name}_BASE_URL`, `${name}_API_BASE`], ...row });
}

/** Header names become lower case, absent values go. Throws INVALID_OPTIONS that names the header and never its value. */
export function checkHeaders(headers: object, at: string): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {}) as [string, unknown][]) {
    if (!HEADER_NAME.test(name) || name === "__proto__") throw invalid(`${at} ${JSON.stringify(name.slice(0, 64))} is no header name`);
    if (value === undefined) continue;
    if (typeof value !== "string" || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw invalid(`${at} the value of header ${name} must be a text on one line`);
    }
    checked[name.toLowerCase()] = value;
  }
  return checked;
}
