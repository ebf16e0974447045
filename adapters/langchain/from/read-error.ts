import { ContextOverflowError, getRetryable } from "@langchain/core/errors";
import { CrosspointError, type ErrorCode } from "crosspoint";
import { isRecord } from "../schema.ts";

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: "BAD_REQUEST",
  401: "AUTHENTICATION",
  402: "QUOTA_EXCEEDED",
  403: "PERMISSION_DENIED",
  404: "MODEL_NOT_FOUND",
  409: "CONFLICT",
  413: "TOO_LARGE",
  422: "UNPROCESSABLE",
  429: "RATE_LIMITED",
  503: "OVERLOADED",
  504: "TIMEOUT",
  529: "OVERLOADED",
};

/** What a LangChain model threw, as an error that the layer knows how to treat. */
export function readError(error: unknown): CrosspointError {
  if (CrosspointError.is(error)) return error;
  const fields = isRecord(error) || error instanceof Error ? (error as unknown as Record<string, unknown>) : {};
  const message = error instanceof Error ? error.message : String(error);
  const status = typeof fields["status"] === "number" ? fields["status"] : undefined;
  const retryable = getRetryable(error);
  const after = retryAfterOf(fields);
  return new CrosspointError(codeOf(error, fields, status), message, {
    cause: error,
    ...(status === undefined ? undefined : { status }),
    ...(retryable === undefined ? undefined : { retryable }),
    ...(after === undefined ? undefined : { retryAfter: after }),
  });
}

function codeOf(error: unknown, fields: Readonly<Record<string, unknown>>, status: number | undefined): ErrorCode {
  if (ContextOverflowError.isInstance(error)) return "CONTEXT_WINDOW_EXCEEDED";
  if (fields["name"] === "AbortError") return "ABORTED";
  if (fields["code"] === "insufficient_quota") return "QUOTA_EXCEEDED";
  if (status === undefined) return fields["name"] === "TimeoutError" ? "TIMEOUT" : error instanceof TypeError ? "CONNECTION" : "SERVER";
  return BY_STATUS[status] ?? (status >= 500 ? "SERVER" : "BAD_REQUEST");
}

function retryAfterOf({ retryAfterMs, headers }: Readonly<Record<string, unknown>>): number | undefined {
  if (typeof retryAfterMs === "number") return retryAfterMs;
  const seconds = Number(
    headers instanceof Headers ? (headers.get("retry-after") ?? NaN) : isRecord(headers) ? headers["retry-after"] : NaN,
  );
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
