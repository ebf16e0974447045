import { ContextOverflowError, stampRetryable } from "@langchain/core/errors";
import { CrosspointError } from "crosspoint";

/** LangChain's own codes of errors. */
const CODES: Readonly<Record<string, string>> = {
  AUTHENTICATION: "MODEL_AUTHENTICATION",
  MISSING_API_KEY: "MODEL_AUTHENTICATION",
  PERMISSION_DENIED: "MODEL_AUTHENTICATION",
  RATE_LIMITED: "MODEL_RATE_LIMIT",
  MODEL_NOT_FOUND: "MODEL_NOT_FOUND",
};

/**
 * An error with the marks that LangChain's middleware reads. Where the layer has retried, nobody else should: only with `maxRetries: 0` is
 * an error that another try may mend marked as such.
 */
export function toLangChainError(error: unknown, retries: unknown): unknown {
  if (!CrosspointError.is(error)) return error;
  const told = error.code === "CONTEXT_WINDOW_EXCEEDED" ? ContextOverflowError.fromError(error) : error;
  const code = CODES[error.code];
  Object.assign(told, {
    ...(told === error ? undefined : { code: error.code, status: error.status, provider: error.provider, deployment: error.deployment }),
    ...(code === undefined ? undefined : { lc_error_code: code }),
    ...(error.retryAfter === undefined ? undefined : { retryAfterMs: error.retryAfter }),
  });
  return stampRetryable(told, retries === 0 && error.retryable);
}
