import type { EncodedError } from "../codec.ts";
import { CrosspointError, type ErrorCode } from "../../ir/error.ts";
import type { JSONObject } from "../../ir/json.ts";
import { isObject, text } from "./wire.ts";

/** Error types of the Messages API with their status and class. */
const TYPES: Readonly<Record<string, readonly [number, ErrorCode]>> = {
  invalid_request_error: [400, "BAD_REQUEST"],
  authentication_error: [401, "AUTHENTICATION"],
  billing_error: [402, "QUOTA_EXCEEDED"],
  permission_error: [403, "PERMISSION_DENIED"],
  not_found_error: [404, "NOT_FOUND"],
  conflict_error: [409, "CONFLICT"],
  request_too_large: [413, "TOO_LARGE"],
  rate_limit_error: [429, "RATE_LIMITED"],
  api_error: [500, "SERVER"],
  timeout_error: [504, "TIMEOUT"],
  overloaded_error: [529, "OVERLOADED"],
};

const STATUSES: Readonly<Record<number, ErrorCode>> = {
  408: "TIMEOUT",
  422: "UNPROCESSABLE",
  503: "OVERLOADED",
  ...Object.fromEntries(Object.values(TYPES)),
};

/** Words that tell a class more exactly than type and status do; read only for the caller's faults. */
const WORDS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/prompt is too long|prompt: length|exceed context limit|maximum context length|context window/i, "CONTEXT_WINDOW_EXCEEDED"],
  [/content filtering policy|usage policy/i, "CONTENT_POLICY"],
  [/credit balance is too low/i, "QUOTA_EXCEEDED"],
];

/** Milliseconds to wait, without a word on it until every spent limit is reset; dates count from the answer's own `date`. */
function retryAfter(headers: Headers | undefined, limited: boolean): number | undefined {
  const milliseconds = Number.parseFloat(headers?.get("retry-after-ms") ?? "");
  if (milliseconds >= 0) return milliseconds;
  const value = headers?.get("retry-after") ?? "";
  if (/^\s*\d/.test(value)) return Number.parseFloat(value) * 1000;
  const now = Date.parse(headers?.get("date") ?? "") || Date.now();
  const wait = Date.parse(value) - now;
  if (wait >= 0) return wait;
  if (!limited) return undefined;
  let reset: number | undefined;
  headers?.forEach((left, name) => {
    const limit = /^(anthropic-ratelimit-.+-)remaining$/.exec(name)?.[1];
    const until = limit === undefined || left !== "0" ? Number.NaN : Date.parse(headers.get(`${limit}reset`) ?? "") - now;
    if (until >= 0) reset = Math.max(reset ?? 0, until);
  });
  return reset;
}

/** An error answer, or an error event of a stream (there `status` is the stream's own 200). */
export function decodeError(status: number, body: unknown, headers: Headers | undefined): CrosspointError {
  const whole = isObject(body) ? body : {};
  const error = isObject(whole["error"]) ? whole["error"] : whole;
  const type = text(error["type"]) ?? text(error["code"]);
  const known = type !== undefined && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  const message = (
    text(error["message"]) ??
    text(whole["error"]) ??
    (typeof body === "string" && !/^\s*</.test(body) && body.trim() !== "" ? body.trim() : undefined) ??
    (type === undefined || type === "error" ? `the provider answered with status ${status}` : type)
  ).slice(0, 2000);
  let code = known?.[1] ?? STATUSES[status] ?? (status >= 500 || status < 400 ? "SERVER" : "BAD_REQUEST");
  if (code === "NOT_FOUND" && /\bmodel\b/i.test(message)) code = "MODEL_NOT_FOUND";
  if (code === "BAD_REQUEST" || code === "TOO_LARGE") code = WORDS.find(([words]) => words.test(message))?.[1] ?? code;
  const details = isObject(error["details"]) ? text(error["details"]["error_code"]) : undefined;
  const providerCode = details ?? (type === "error" ? undefined : type);
  const requestId = headers?.get("request-id") ?? headers?.get("x-request-id") ?? text(whole["request_id"]);
  const wait = retryAfter(headers, code === "RATE_LIMITED");
  const should = headers?.get("x-should-retry");
  return new CrosspointError(code, message, {
    status: status >= 400 ? status : (known?.[0] ?? 500),
    ...(providerCode !== undefined && { providerCode }),
    ...(requestId !== undefined && { requestId }),
    ...(wait !== undefined && { retryAfter: wait }),
    ...((should === "true" || should === "false") && { retryable: should === "true" }),
  });
}

const CLIENT_TYPES: Readonly<Partial<Record<ErrorCode, string>>> = {
  MISSING_API_KEY: "authentication_error",
  MODEL_NOT_FOUND: "not_found_error",
  BUDGET_EXCEEDED: "billing_error",
  ...Object.fromEntries(Object.entries(TYPES).map(([type, [, code]]) => [code, type])),
};

interface ErrorBody {
  readonly type: "error";
  readonly error: { readonly type: string; readonly message: string; readonly details?: { readonly error_code: string } };
  readonly request_id: string | null;
}

/** The body of `encodeError`, also the data of an error event. */
export function errorBody(error: CrosspointError): ErrorBody & JSONObject {
  const type = CLIENT_TYPES[error.code] ?? (error.status < 500 ? "invalid_request_error" : "api_error");
  // Clients of this wire know a full context by these words.
  const prefix = error.code === "CONTEXT_WINDOW_EXCEEDED" && !/prompt is too long/i.test(error.message) ? "prompt is too long: " : "";
  // What no provider said is ours, and in this wire's words already.
  const own = error.provider === undefined ? error.providerCode : undefined;
  const details = own === undefined ? undefined : { details: { error_code: own } };
  return { type: "error", error: { type, message: prefix + error.message, ...details }, request_id: error.requestId ?? null };
}

export function encodeError(error: CrosspointError): EncodedError {
  return {
    status: error.code === "OVERLOADED" ? 529 : error.status,
    body: errorBody(error),
    headers: {
      ...(error.requestId !== undefined && { "request-id": error.requestId }),
      ...(error.retryAfter !== undefined && { "retry-after": String(Math.ceil(error.retryAfter / 1000)) }),
      "x-should-retry": "false",
    },
  };
}
