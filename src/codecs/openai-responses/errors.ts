import type { CrosspointError } from "../../ir/error.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { EncodedError } from "../codec.ts";
import { encodeError as encodeChatError } from "../openai-chat/errors.ts";

// Both of OpenAI's wires report failures in one form.
export { decodeError } from "../openai-chat/errors.ts";

/** Words by which clients know an overflow, whatever the status. */
const OVERFLOW = /context_length_exceeded|exceeds the context window|maximum context length|Input tokens exceed the configured limit/;

export function encodeError(error: CrosspointError): EncodedError {
  const encoded = encodeChatError(error);
  if (error.code !== "CONTEXT_WINDOW_EXCEEDED" || OVERFLOW.test(error.message)) return encoded;
  return {
    ...encoded,
    body: { error: { ...(encoded.body["error"] as JSONObject), message: `${error.message} (context_length_exceeded)` } },
  };
}

/** `{ message, type, param, code }`, the inside of every error on this wire. */
export function errorFields(error: CrosspointError): JSONObject {
  return encodeError(error).body["error"] as JSONObject;
}
