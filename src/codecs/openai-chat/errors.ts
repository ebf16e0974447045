import { CrosspointError, type ErrorCode } from "../../ir/error.ts";
import type { EncodedError } from "../codec.ts";
import { asArray, asNumber, asObject, asText, compact } from "./wire.ts";

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: "AUTHENTICATION",
  402: "QUOTA_EXCEEDED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  408: "TIMEOUT",
  409: "CONFLICT",
  413: "TOO_LARGE",
  422: "UNPROCESSABLE",
  429: "RATE_LIMITED",
  498: "OVERLOADED",
  502: "SERVER",
  503: "OVERLOADED",
  504: "TIMEOUT",
  529: "OVERLOADED",
};

/** What the code or type of an error says, whatever its status. */
const BY_WORD: readonly (readonly [RegExp, ErrorCode])[] = [
  [/context_length_exceeded|context_window|exceed_context_size/i, "CONTEXT_WINDOW_EXCEEDED"],
  [/content_policy|content_filter|responsibleaipolicy|moderation_blocked|cyber_policy/i, "CONTENT_POLICY"],
  [/insufficient_(quota|balance|credit)|billing|exceeded_current_quota|usage_limit_reached/i, "QUOTA_EXCEEDED"],
  [/invalid_api_key|authentication|unauthenticated|unauthorized/i, "AUTHENTICATION"],
  [/model_not_found|model_not_exist|unknown_model/i, "MODEL_NOT_FOUND"],
  [/rate_?limit|too_many_requests|resource_exhausted|token_quota_reached/i, "RATE_LIMITED"],
  [/overloaded|unavailable|capacity/i, "OVERLOADED"],
  [/timeout|deadline_exceeded/i, "TIMEOUT"],
  [/permission/i, "PERMISSION_DENIED"],
  [/server_?error|internal|api_error/i, "SERVER"],
  [/invalid_request|badrequest|invalid_argument|invalid_prompt/i, "BAD_REQUEST"],
];

const CONTEXT_TEXT =
  /exceeds? (the )?(model'?s? )?(available |maximum )?context|maximum context (length|limit)|longer than the model's context length|input tokens exceed the configured limit|`inputs` tokens \+ `max_new_tokens` must be|exceeds the maximum number of tokens allowed|current length is .* while limit is|maximum input length is .* tokens|prompt is too long|input is too long|string too long\. expected a string with maximum length/is;
const POLICY_TEXT =
  /violating our usage policy|result of (the|our) safety system|content management policy|azure openai's content management|model produced invalid content|content filtering policy/i;

const MAX_MESSAGE = 2000;

/** Reads an error body of any OpenAI-compatible host, or an error object that stood inside a 200 answer. */
export function decodeError(status: number, body: unknown, headers: Headers | undefined): CrosspointError {
  const top = asObject(Array.isArray(body) ? body[0] : body) ?? {};
  const error = asObject(top["error"]) ?? asObject(top["detail"]) ?? top;
  const code = word(error["code"]) ?? word(top["code"]);
  const kinds = [code, asText(error["type"]), asText(error["status"])];
  const given = Number(code);
  const http = status >= 400 ? status : given >= 400 && given < 600 ? given : undefined;
  const raw = asText(asObject(error["metadata"])?.["raw"]);
  const said = messageOf(error) ?? asText(top["error"]) ?? messageOf(top) ?? plainText(body);
  const message = `${said ?? `the provider answered with status ${http ?? status} and no message`}${raw === undefined ? "" : `: ${raw}`}`;
  const retryAfter = retryAfterOf(headers, error);
  const found = classify(http, kinds.filter((each) => each !== undefined).join(" "), message);
  return new CrosspointError(
    found,
    message.slice(0, MAX_MESSAGE),
    compact({
      status: http,
      providerCode: kinds.find((each) => each !== undefined),
      param: asText(error["param"]),
      retryAfter,
      requestId: headers?.get("x-request-id") ?? headers?.get("request-id") ?? asText(top["request_id"]),
    }),
  );
}

function classify(status: number | undefined, words: string, message: string): ErrorCode {
  const byWord = BY_WORD.find(([pattern]) => pattern.test(words))?.[1];
  const byStatus = status === undefined ? undefined : (BY_STATUS[status] ?? (status >= 500 ? "SERVER" : "BAD_REQUEST"));
  const code = byWord !== undefined && (byWord !== "BAD_REQUEST" || byStatus === undefined) ? byWord : byStatus;
  if (code === undefined || code === "BAD_REQUEST" || code === "TOO_LARGE" || code === "UNPROCESSABLE") {
    if (CONTEXT_TEXT.test(message)) return "CONTEXT_WINDOW_EXCEEDED";
    if (POLICY_TEXT.test(message)) return "CONTENT_POLICY";
  }
  if (code === "NOT_FOUND" && /\bmodel\b/i.test(message)) return "MODEL_NOT_FOUND";
  return code ?? "SERVER";
}

function word(value: unknown): string | undefined {
  return asText(value) ?? (typeof value === "number" ? String(value) : undefined);
}

function messageOf(error: Readonly<Record<string, unknown>>): string | undefined {
  const { message, detail } = error;
  const list = asArray(detail).flatMap((each) => asText(asObject(each)?.["msg"]) ?? []);
  return asText(message) ?? asText(detail) ?? (list.length > 0 ? list.join("; ") : undefined) ?? asText(asObject(message)?.["detail"]);
}

/** The words of a body that is no JSON; of an HTML page its title. */
function plainText(body: unknown): string | undefined {
  const text = asText(body)?.trim();
  return text?.startsWith("<") ? /<title>([^<]*)/i.exec(text)?.[1]?.trim() : asText(text);
}

/** Milliseconds: `retry-after-ms`, `retry-after`, Google's RetryInfo, then the longest reset of an exhausted limit. */
function retryAfterOf(headers: Headers | undefined, error: Readonly<Record<string, unknown>>): number | undefined {
  const ms = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (ms >= 0) return ms;
  const after = headers?.get("retry-after") ?? "";
  if (after !== "") {
    const wait = Number(after) >= 0 ? Number(after) * 1000 : Date.parse(after) - Date.now();
    if (Number.isFinite(wait)) return Math.max(0, wait);
  }
  for (const each of asArray(error["details"])) {
    const delay = asText(asObject(each)?.["retryDelay"]);
    if (delay !== undefined) return duration(delay);
  }
  const waits = ["requests", "tokens"]
    .filter((kind) => headers?.get(`x-ratelimit-remaining-${kind}`) === "0")
    .flatMap((kind) => duration(headers?.get(`x-ratelimit-reset-${kind}`) ?? "") ?? []);
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `6m0s`, `12ms`, `1.5s` in milliseconds. */
function duration(text: string): number | undefined {
  let total: number | undefined;
  for (const [, count, unit] of text.slice(0, 40).matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    total = (total ?? 0) + Number(count) * UNITS[unit!]!;
  return total;
}

const WIRE_CODE: Partial<Record<ErrorCode, readonly [type: string, code: string]>> = {
  CONTEXT_WINDOW_EXCEEDED: ["invalid_request_error", "context_length_exceeded"],
  CONTENT_POLICY: ["invalid_request_error", "content_policy_violation"],
  MODEL_NOT_FOUND: ["invalid_request_error", "model_not_found"],
  AUTHENTICATION: ["invalid_request_error", "invalid_api_key"],
  QUOTA_EXCEEDED: ["insufficient_quota", "insufficient_quota"],
  RATE_LIMITED: ["requests", "rate_limit_exceeded"],
};

/** The error as OpenAI's own client expects it. `x-should-retry` is false: the layer has retried already. */
export function encodeError(error: CrosspointError): EncodedError {
  const { retryAfter } = error;
  return {
    status: error.status >= 400 && error.status < 600 ? error.status : 500,
    body: errorBody(error),
    headers: {
      "x-should-retry": "false",
      ...(retryAfter === undefined
        ? undefined
        : { "retry-after-ms": String(Math.ceil(retryAfter)), "retry-after": String(Math.ceil(retryAfter / 1000)) }),
    },
  };
}

/** Words by which clients know an overflow, whatever the status. */
const OVERFLOW = /context_length_exceeded|exceeds the context window|maximum context length|Input tokens exceed the configured limit/;

export function errorBody(error: CrosspointError): { error: { message: string; type: string; param: string | null; code: string } } {
  // What no provider said is ours, and in this wire's words already.
  const own = error.provider === undefined ? error.providerCode : undefined;
  const [type, word] = WIRE_CODE[error.code] ?? [error.status >= 500 ? "server_error" : "invalid_request_error", error.code.toLowerCase()];
  const code = own ?? word;
  const isUnclear = error.code === "CONTEXT_WINDOW_EXCEEDED" && !OVERFLOW.test(error.message);
  const message = isUnclear ? `${error.message} (context_length_exceeded)` : error.message;
  return { error: { message, type, param: error.param ?? null, code } };
}

/** True when a 200 body or frame is an error in disguise. */
export function isError(body: Readonly<Record<string, unknown>>): boolean {
  return Boolean(body["error"]) || body["object"] === "error";
}

/** The status that an error object inside a 200 answer names for itself; 0 when it names none. */
export function innerStatus(body: Readonly<Record<string, unknown>>): number {
  const error = asObject(body["error"]);
  return asNumber(error?.["status"]) ?? asNumber(error?.["status_code"]) ?? 0;
}
