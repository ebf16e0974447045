import type { CrosspointError } from "../../ir/error.ts";
import type { JSONObject } from "../../ir/json.ts";
import { errorBody } from "../openai-chat/errors.ts";

// Both of OpenAI's wires report failures in one form.
export { decodeError, encodeError } from "../openai-chat/errors.ts";

/** `{ message, type, param, code }`, the inside of every error on this wire. */
export function errorFields(error: CrosspointError): JSONObject {
  return errorBody(error).error;
}
