import { CrosspointError } from "../../ir/error.ts";
import type { StreamEvent } from "../../ir/event.ts";
import type { DecodeContext } from "../codec.ts";
import { createItemDecoder } from "./decode-items.ts";
import { decodeError } from "./errors.ts";
import { isObject } from "./wire.ts";

/** A whole answer, item by item. */
export function decodeResponse(body: unknown, context: DecodeContext): StreamEvent[] {
  const { provider, model } = context.target;
  if (!isObject(body) || !Array.isArray(body["output"]) || body["status"] === "failed") {
    if (isObject(body)) refuseChat(body, context);
    if (isObject(body) && (body["error"] ?? body["code"])) throw decodeError(0, body, undefined);
    throw new CrosspointError("BAD_RESPONSE", `${provider} answered without an "output" list: it may not speak the Responses API`, {
      provider,
      model,
    });
  }
  const out: StreamEvent[] = [];
  const items = createItemDecoder(context);
  items.start(body, out);
  items.end(body, out, []);
  return out;
}

/** The other API of the same hosts answers the same path with another shape. */
export function refuseChat(frame: { readonly [key: string]: unknown }, { target: { provider, model } }: DecodeContext): void {
  if (!Array.isArray(frame["choices"])) return;
  throw new CrosspointError("BAD_RESPONSE", `${provider} answered in the form of Chat Completions; use the codec "openai-chat" for it`, {
    provider,
    model,
    retryable: false,
  });
}
