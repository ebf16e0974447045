import { eventsOf } from "../../ir/events-of.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { ModelResponse } from "../../ir/response.ts";
import type { EncodeContext } from "../codec.ts";
import { createWriter } from "./encode-stream.ts";

/** A whole response is the last state of its stream. */
export function encodeResponse(response: ModelResponse, context: EncodeContext): JSONObject {
  const writer = createWriter(context, false);
  writer.push([...eventsOf(response)]);
  return writer.response();
}
