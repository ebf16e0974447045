import type { StreamEvent } from "../../ir/event.ts";
import { CrosspointError } from "../../ir/error.ts";
import type { DecodeContext } from "../codec.ts";
import { createAnswer } from "./answer.ts";
import { isObject } from "./wire.ts";

/** A whole answer; also a list of frames, which is how the service streams to clients that did not ask for `alt=sse`. */
export function decodeResponse(body: unknown, context: DecodeContext): StreamEvent[] {
  const out: StreamEvent[] = [];
  const answer = createAnswer(context);
  for (const frame of Array.isArray(body) ? (body as unknown[]) : [body]) {
    if (!isObject(frame)) throw new CrosspointError("BAD_RESPONSE", "the answer is no JSON object");
    answer.read(frame, out);
  }
  answer.finish(out, undefined, [], true);
  return out;
}
