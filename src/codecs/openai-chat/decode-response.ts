import { CrosspointError } from "../../ir/error.ts";
import type { StreamEvent } from "../../ir/event.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { DecodeContext } from "../codec.ts";
import { createAnswer } from "./answer.ts";
import { plainAnswer } from "./plain-answer.ts";
import { asObject } from "./wire.ts";

/** A whole body is a stream of one chunk whose deltas are whole. */
export function decodeResponse(body: unknown, context: DecodeContext): StreamEvent[] {
  const frame = asObject(body);
  if (frame === undefined) throw new CrosspointError("BAD_RESPONSE", "the provider's answer is no JSON object");
  return plainAnswer(frame, context.target) ?? foldAnswer(frame, context);
}

/** The same for any answer. */
export function foldAnswer(frame: JSONObject, context: DecodeContext): StreamEvent[] {
  const out: StreamEvent[] = [];
  const answer = createAnswer(context);
  answer.chunk(frame, out);
  answer.end(true, [], out);
  return out;
}
