import type { Attempt } from "./response.ts";

/** What went wrong, in one word that decides retry, fallback, cooldown and blame. */
export type ErrorCode = keyof typeof ERROR_CODES;

interface ErrorClass {
  /** HTTP status when the provider gave none. */
  readonly status: number;
  /** Another try may succeed. */
  readonly retryable: boolean;
  /** Whose fault it is: only `provider` and `network` speak against a deployment, `key` against its key. */
  readonly blame: "caller" | "key" | "provider" | "network" | "none";
}

const row = (status: number, blame: ErrorClass["blame"], retryable = false): ErrorClass => ({ status, blame, retryable });

/** Every failure class. A new class is a line here. */
export const ERROR_CODES = {
  BAD_REQUEST: row(400, "caller"),
  CONTEXT_WINDOW_EXCEEDED: row(400, "caller"),
  CONTENT_POLICY: row(400, "caller"),
  /** The target cannot take a setting or a part, and `unsupported: "error"` or the part's weight forbids going on. */
  UNSUPPORTED: row(400, "caller"),
  INVALID_OPTIONS: row(400, "caller"),
  AUTHENTICATION: row(401, "key"),
  MISSING_API_KEY: row(401, "key"),
  QUOTA_EXCEEDED: row(402, "key"),
  BUDGET_EXCEEDED: row(429, "caller"),
  PERMISSION_DENIED: row(403, "key"),
  NOT_FOUND: row(404, "caller"),
  MODEL_NOT_FOUND: row(404, "caller"),
  CONFLICT: row(409, "provider", true),
  TOO_LARGE: row(413, "caller"),
  UNPROCESSABLE: row(422, "caller"),
  RATE_LIMITED: row(429, "provider", true),
  ABORTED: row(499, "none"),
  SERVER: row(500, "provider", true),
  /** The provider answered something that its own wire does not allow. */
  BAD_RESPONSE: row(502, "provider", true),
  CONNECTION: row(502, "network", true),
  /** A stream ended before its end. */
  STREAM_INTERRUPTED: row(502, "provider", true),
  OVERLOADED: row(503, "provider", true),
  TIMEOUT: row(504, "provider", true),
} as const satisfies Record<string, ErrorClass>;

export interface CrosspointErrorOptions {
  readonly status?: number;
  readonly provider?: string;
  readonly model?: string;
  readonly deployment?: string;
  /** Overrides what the code says. */
  readonly retryable?: boolean;
  /** Milliseconds to wait before another try, as the provider asked. */
  readonly retryAfter?: number;
  readonly requestId?: string;
  /** The provider's own code or type. */
  readonly providerCode?: string;
  /** The request field at fault. */
  readonly param?: string;
  readonly cause?: unknown;
}

const marker = Symbol.for("crosspoint.error");

/**
 * The one error that the layer throws. `code` says what happened; the message says how to mend it. Keys and prompts are
 * redacted. `name` is `AbortError` for `ABORTED`, so that code that knows only the platform's aborts recognises it.
 */
export class CrosspointError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  declare readonly provider?: string;
  declare readonly model?: string;
  declare readonly deployment?: string;
  declare readonly retryAfter?: number;
  declare readonly requestId?: string;
  declare readonly providerCode?: string;
  declare readonly param?: string;
  /** What a call had tried before it failed. Not enumerable: each attempt holds its own error. */
  declare readonly attempts?: readonly Attempt[];

  constructor(code: ErrorCode, message: string, options: CrosspointErrorOptions = {}) {
    super(redact(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = code === "ABORTED" ? "AbortError" : "CrosspointError";
    this.code = code;
    this.status = options.status ?? ERROR_CODES[code].status;
    this.retryable = options.retryable ?? ERROR_CODES[code].retryable;
    if (options.provider !== undefined) this.provider = options.provider;
    if (options.model !== undefined) this.model = options.model;
    if (options.deployment !== undefined) this.deployment = options.deployment;
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
    if (options.requestId !== undefined) this.requestId = options.requestId;
    if (options.providerCode !== undefined) this.providerCode = options.providerCode;
    if (options.param !== undefined) this.param = options.param;
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for an error of this package, also one made by another copy of it; with `code`, only for that code. */
  static is(error: unknown, code?: ErrorCode): error is CrosspointError {
    return (
      typeof error === "object" &&
      error !== null &&
      (error as Record<symbol, unknown>)[marker] === true &&
      (code === undefined || (error as CrosspointError).code === code)
    );
  }

  toJSON(): Record<string, unknown> {
    const { name, message, code, status, retryable, provider, model, deployment, retryAfter, requestId, providerCode, param } = this;
    return { name, message, code, status, retryable, provider, model, deployment, retryAfter, requestId, providerCode, param };
  }
}

/** Notes on the error of a call what was tried; gives it back. */
export function withAttempts(error: unknown, attempts: readonly Attempt[]): unknown {
  if (attempts.length > 0 && CrosspointError.is(error))
    Object.defineProperty(error, "attempts", { value: attempts, configurable: true, writable: true });
  return error;
}

const SECRETS =
  /\b(?:sk|pk|rk|gsk|xai|hf|nvapi|pplx|key)[-_][A-Za-z0-9_-]{8,}|\bAIza[\w-]{20,}|\beyJ[\w-]+\.[\w-]+\.[\w-]*|\b(?:bearer|basic)\s+[\w.~+/=-]{8,}|([?&](?:key|api[-_]?key|token)=)[^&\s"']+/gi;

/** Replaces what looks like a credential. */
export function redact(text: string): string {
  return text.replace(SECRETS, (match, query?: string) => (query ? `${query}[redacted]` : `${match.slice(0, 3)}…[redacted]`));
}
