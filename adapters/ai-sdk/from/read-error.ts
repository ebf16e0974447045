import { CrosspointError, type ErrorCode } from "crosspoint";
import { isObject } from "../part-state.ts";

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: "BAD_REQUEST",
  401: "AUTHENTICATION",
  402: "QUOTA_EXCEEDED",
  403: "PERMISSION_DENIED",
  404: "MODEL_NOT_FOUND",
  408: "TIMEOUT",
  409: "CONFLICT",
  413: "TOO_LARGE",
  422: "UNPROCESSABLE",
  429: "RATE_LIMITED",
  503: "OVERLOADED",
  504: "TIMEOUT",
  529: "OVERLOADED",
};

const MARKED: readonly (readonly [name: string, code: ErrorCode])[] = [
  ["AI_LoadAPIKeyError", "MISSING_API_KEY"],
  ["AI_NoSuchModelError", "MODEL_NOT_FOUND"],
  ["AI_UnsupportedFunctionalityError", "UNSUPPORTED"],
  ["AI_InvalidPromptError", "BAD_REQUEST"],
  ["AI_InvalidArgumentError", "BAD_REQUEST"],
];

const TOO_LONG = /context.{0,20}(?:length|window)|(?:prompt|input) is too long|maximum.{0,30}tokens|too many tokens/i;

/** An error of the AI SDK, thrown or inside a stream, as one of the layer. An abort and what is not known stay as they are. */
export function readError(error: unknown, otherwise: ErrorCode): unknown {
  if (CrosspointError.is(error) || typeof error !== "object" || error === null) {
    return typeof error === "string" ? new CrosspointError(otherwise, error) : error;
  }
  const fields = error as Record<string | symbol, unknown>;
  const message =
    error instanceof Error ? error.message : typeof fields["message"] === "string" ? fields["message"] : JSON.stringify(error);
  const marked = MARKED.find(([name]) => fields[Symbol.for(`vercel.ai.error.${name}`)] === true);
  if (marked !== undefined) return new CrosspointError(marked[1], message, { cause: error });
  const status = typeof fields["statusCode"] === "number" ? fields["statusCode"] : undefined;
  if (status === undefined && error instanceof Error) return error;
  const { isRetryable, responseHeaders: headers } = fields;
  const retryAfter = isObject(headers) ? waitOf(headers["retry-after-ms"], headers["retry-after"]) : undefined;
  return new CrosspointError(codeOf(status, message, otherwise), message, {
    cause: error,
    ...(status === undefined ? undefined : { status }),
    ...(typeof isRetryable === "boolean" ? { retryable: isRetryable } : undefined),
    ...(retryAfter === undefined ? undefined : { retryAfter }),
  });
}

function codeOf(status: number | undefined, message: string, otherwise: ErrorCode): ErrorCode {
  if (status === undefined) return otherwise;
  if ((status === 400 || status === 413) && TOO_LONG.test(message)) return "CONTEXT_WINDOW_EXCEEDED";
  return BY_STATUS[status] ?? (status >= 500 ? "SERVER" : "BAD_REQUEST");
}

function waitOf(ms: unknown, seconds: unknown): number | undefined {
  const wait = typeof ms === "string" ? Number(ms) : typeof seconds === "string" ? Number(seconds) * 1000 : NaN;
  return Number.isFinite(wait) && wait >= 0 ? wait : undefined;
}
