import { CrosspointError, ERROR_CODES, type ErrorCode } from "../../ir/error.ts";
import type { EncodedError } from "../codec.ts";
import { isObject, listOf, objectOf, textOf } from "./wire.ts";

/** HTTP status and class of the status words of google.rpc.Code. */
const WORDS: Readonly<Record<string, readonly [number, ErrorCode]>> = {
  INVALID_ARGUMENT: [400, "BAD_REQUEST"],
  FAILED_PRECONDITION: [400, "BAD_REQUEST"],
  OUT_OF_RANGE: [400, "BAD_REQUEST"],
  UNAUTHENTICATED: [401, "AUTHENTICATION"],
  PERMISSION_DENIED: [403, "PERMISSION_DENIED"],
  NOT_FOUND: [404, "MODEL_NOT_FOUND"],
  ABORTED: [409, "CONFLICT"],
  ALREADY_EXISTS: [409, "CONFLICT"],
  RESOURCE_EXHAUSTED: [429, "RATE_LIMITED"],
  CANCELLED: [499, "SERVER"],
  INTERNAL: [500, "SERVER"],
  UNKNOWN: [500, "SERVER"],
  DATA_LOSS: [500, "SERVER"],
  UNIMPLEMENTED: [501, "BAD_REQUEST"],
  UNAVAILABLE: [503, "OVERLOADED"],
  DEADLINE_EXCEEDED: [504, "TIMEOUT"],
};

/** Statuses of proxies and compatible back-ends, which say more than the status word beside them. */
const STATUSES: Readonly<Record<number, ErrorCode>> = {
  402: "QUOTA_EXCEEDED",
  408: "TIMEOUT",
  413: "TOO_LARGE",
  422: "UNPROCESSABLE",
  502: "OVERLOADED",
  529: "OVERLOADED",
};

/** What the reasons and messages of a known status tell more exactly; the first match decides. */
const REFINEMENTS: readonly (readonly [ErrorCode, readonly ErrorCode[], RegExp])[] = [
  ["AUTHENTICATION", ["BAD_REQUEST", "PERMISSION_DENIED"], /API_KEY_INVALID|API key (not valid|expired|not found)/i],
  [
    "QUOTA_EXCEEDED",
    ["RATE_LIMITED"],
    /PerDay|credits? (is|are|was|were) (depleted|exhausted)|spending (cap|limit)|insufficient[_ ]quota/i,
  ],
  ["QUOTA_EXCEEDED", ["BAD_REQUEST", "PERMISSION_DENIED"], /BILLING_DISABLED|enable billing|billing (account|to be enabled)/i],
  ["PERMISSION_DENIED", ["BAD_REQUEST"], /location is not supported/i],
  [
    "CONTEXT_WINDOW_EXCEEDED",
    ["BAD_REQUEST", "TOO_LARGE"],
    /exceeds? the maximum number of (input )?tokens|input token count .*exceeds|context (length|window|limit)/i,
  ],
  ["NOT_FOUND", ["MODEL_NOT_FOUND"], /^(?!.*model)/is],
  ["TOO_LARGE", ["BAD_REQUEST"], /payload size exceeds/i],
  ["CONTENT_POLICY", ["BAD_REQUEST"], /responsible ai|violates? .{0,40}(policy|policies|guidelines)|prohibited[_ ]content/i],
];

/** A failed answer. The status word and status decide first, the details and the message refine. */
export function decodeError(status: number, body: unknown, headers: Headers | undefined): CrosspointError {
  const outer = objectOf(Array.isArray(body) ? body.find(isObject) : body);
  const error = isObject(outer.error) ? outer.error : outer;
  const details = listOf(error.details).map(objectOf);
  const word = textOf(error.status);
  const known = word !== undefined && Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  const said = typeof error.code === "number" && error.code >= 400 && error.code < 600 ? error.code : undefined;
  const actual = status >= 400 ? status : (said ?? known?.[0] ?? 500);
  const reason = details.map((each) => textOf(each.reason)).find((each) => each !== undefined);
  const message = (
    textOf(error.message) ??
    textOf(outer.error) ??
    (typeof body === "string" && body !== "" ? plain(body) : `the provider answered with status ${actual}`)
  ).slice(0, 2000);
  const base =
    STATUSES[actual] ??
    known?.[1] ??
    Object.values(WORDS).find(([each]) => each === actual)?.[1] ??
    (actual >= 500 ? "SERVER" : "BAD_REQUEST");
  const quotas = details.flatMap((each) => listOf(each.violations).map((violation) => textOf(objectOf(violation).quotaId) ?? ""));
  const text = `${reason ?? ""} ${quotas.join(" ")} ${message}`;
  const code = REFINEMENTS.find(([, from, pattern]) => from.includes(base) && pattern.test(text))?.[0] ?? base;
  const providerCode =
    word ?? reason ?? (typeof error.code === "string" || typeof error.code === "number" ? String(error.code) : undefined);
  const param = details.map((each) => textOf(objectOf(listOf(each.fieldViolations)[0]).field)).find((each) => each !== undefined);
  const requestId = headers?.get("x-request-id") ?? headers?.get("request-id") ?? undefined;
  const retryAfter = headerDelay(headers) ?? detailDelay(details);
  return new CrosspointError(code, message, {
    // A wrong key comes with 400 or 403.
    status: code === "AUTHENTICATION" ? 401 : actual,
    ...(providerCode === undefined ? undefined : { providerCode }),
    ...(param === undefined ? undefined : { param }),
    ...(requestId === undefined ? undefined : { requestId }),
    ...(retryAfter === undefined ? undefined : { retryAfter }),
  });
}

/** The words of an HTML page or a plain text. */
function plain(body: string): string {
  return (
    body
      .slice(0, 20_000)
      .replace(/<[^<>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim() || "the provider sent an empty page"
  );
}

function headerDelay(headers: Headers | undefined): number | undefined {
  const exact = headers?.get("retry-after-ms");
  const coarse = headers?.get("retry-after");
  if (exact && Number(exact) >= 0) return Number(exact);
  if (!coarse) return undefined;
  const wait = Number.isNaN(Number(coarse)) ? Date.parse(coarse) - Date.now() : Number(coarse) * 1000;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

/** google.rpc.RetryInfo: `"34.07s"`. */
function detailDelay(details: readonly Readonly<Record<string, unknown>>[]): number | undefined {
  const delay = details.map((each) => each.retryDelay).find((each) => typeof each === "string");
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(typeof delay === "string" ? delay : "");
  return seconds === null ? undefined : Math.round(Number(seconds[1]) * 1000);
}

/** The status words for our classes, where the class alone decides. */
const NAMES: Readonly<Partial<Record<ErrorCode, string>>> = {
  QUOTA_EXCEEDED: "RESOURCE_EXHAUSTED",
  BUDGET_EXCEEDED: "RESOURCE_EXHAUSTED",
  MISSING_API_KEY: "UNAUTHENTICATED",
  NOT_FOUND: "NOT_FOUND",
  ABORTED: "CANCELLED",
  SERVER: "INTERNAL",
  CONFLICT: "ABORTED",
  BAD_RESPONSE: "UNAVAILABLE",
  CONNECTION: "UNAVAILABLE",
  STREAM_INTERRUPTED: "UNAVAILABLE",
};

export function encodeError(error: CrosspointError): EncodedError {
  const status = error.status >= 400 && error.status < 600 ? error.status : ERROR_CODES[error.code].status;
  const word = NAMES[error.code] ?? Object.entries(WORDS).find(([, [, code]]) => code === error.code)?.[0] ?? "INVALID_ARGUMENT";
  const seconds = error.retryAfter === undefined ? undefined : error.retryAfter / 1000;
  const type = "type.googleapis.com/google.rpc.";
  const details = [
    { "@type": `${type}ErrorInfo`, reason: error.code, domain: "crosspoint" },
    ...(error.param === undefined
      ? []
      : [{ "@type": `${type}BadRequest`, fieldViolations: [{ field: error.param, description: error.message }] }]),
    ...(seconds === undefined ? [] : [{ "@type": `${type}RetryInfo`, retryDelay: `${seconds}s` }]),
  ];
  return {
    status,
    body: { error: { code: status, message: error.message, status: word, details } },
    ...(seconds === undefined ? undefined : { headers: { "retry-after": String(Math.ceil(seconds)) } }),
  };
}
