import type { CrosspointError, ErrorCode } from "../ir/error.ts";

/** `error.type` of failures that are no HTTP status of a provider. */
const WORDS: Partial<Record<ErrorCode, string>> = {
  ABORTED: "aborted",
  BAD_RESPONSE: "invalid_response",
  BUDGET_EXCEEDED: "budget_exceeded",
  CONNECTION: "connection_error",
  CONTENT_POLICY: "content_filter",
  CONTEXT_WINDOW_EXCEEDED: "context_window_exceeded",
  INVALID_OPTIONS: "invalid_options",
  MISSING_API_KEY: "missing_api_key",
  STREAM_INTERRUPTED: "stream_interrupted",
  TIMEOUT: "timeout",
  UNSUPPORTED: "unsupported",
};

/** The low-cardinality name of a failure: a word of the list, else the HTTP status. */
export function errorType({ code, status }: CrosspointError): string {
  return WORDS[code] ?? String(status);
}

/** What a span's status says. Messages of providers are left out: they quote prompts. */
export function errorSummary({ code, providerCode }: CrosspointError): string {
  return providerCode === undefined ? code : `${code} (${providerCode.slice(0, 64)})`;
}
