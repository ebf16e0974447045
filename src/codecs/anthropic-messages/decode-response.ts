import type { DecodeContext } from "../codec.ts";
import type { StreamEvent } from "../../ir/event.ts";
import { createDecoder, malformed } from "./decode-stream.ts";
import { decodeError } from "./errors.ts";
import { isObject } from "./wire.ts";

/** Throws BAD_RESPONSE for what is no message, and the provider's error when a 200 carries one. */
export function decodeResponse(body: unknown, context: DecodeContext): StreamEvent[] {
  if (isObject(body) && (body["type"] === "error" || isObject(body["error"]))) throw decodeError(200, body, undefined);
  if (!isObject(body) || !Array.isArray(body["content"])) throw malformed("it has no content");
  const decoder = createDecoder(context);
  const out: StreamEvent[] = [];
  decoder.frame({ type: "message_start", message: body }, out);
  decoder.frame({ type: "message_stop" }, out);
  return out;
}
