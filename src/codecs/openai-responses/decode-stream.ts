import { CrosspointError } from "../../ir/error.ts";
import type { DecodeContext, StreamDecoder } from "../codec.ts";
import { createItemDecoder, type Kind } from "./decode-items.ts";
import { createDeltaReader } from "./delta-template.ts";
import { refuseChat } from "./decode-response.ts";
import { decodeError } from "./errors.ts";
import { isObject, string } from "./wire.ts";

/** Frames with text of a part: its kind, and whether they bring a delta. */
const TEXTS: ReadonlyMap<string, readonly [Kind, boolean]> = new Map([
  ["response.output_text.delta", ["text", true]],
  ["response.output_text.done", ["text", false]],
  ["response.refusal.delta", ["refusal", true]],
  ["response.refusal.done", ["refusal", false]],
  ["response.reasoning_text.delta", ["raw", true]],
  ["response.reasoning_text.done", ["raw", false]],
  ["response.reasoning_summary_text.delta", ["summary", true]],
  ["response.reasoning_summary_text.done", ["summary", false]],
]);

/** The kinds that `response.content_part.done` brings. */
const PARTS: ReadonlyMap<string, Kind> = new Map([
  ["output_text", "text"],
  ["refusal", "refusal"],
  ["reasoning_text", "raw"],
]);

/** Decodes a stream. The final text of a part, an item or the response is never told again; it only fills what deltas left out. */
export function decodeStream(context: DecodeContext): StreamDecoder {
  const { provider, model } = context.target;
  const items = createItemDecoder(context);
  let done = false;
  let malformed = 0;
  const reader = createDeltaReader();
  let last: { readonly index: number; readonly part: number; readonly kind: Kind } | undefined;

  return {
    push(data, event, out) {
      if (done || data === "[DONE]") return;
      const delta = reader.read(data);
      if (delta !== undefined) {
        items.delta(last!.index, last!.part, last!.kind, delta, undefined, out);
        return;
      }
      let frame: unknown;
      try {
        frame = JSON.parse(data);
      } catch {
        malformed++;
        return;
      }
      if (!isObject(frame)) {
        malformed++;
        return;
      }
      const type = string(frame["type"]) ?? event ?? "";
      const part = (frame["content_index"] ?? frame["summary_index"] ?? 0) as number;
      const text = TEXTS.get(type);
      const { item, response } = frame;
      const id = isObject(item) ? item["id"] : frame["item_id"];
      const index = items.place(frame["output_index"], id, type === "response.output_item.added");
      if (text !== undefined) {
        const [kind, isDelta] = text;
        if (!isDelta) items.whole(index, part, kind, frame, out);
        else if (typeof frame["delta"] === "string") {
          const { logprobs } = frame;
          items.delta(index, part, kind, frame["delta"], logprobs, out);
          if (Array.isArray(logprobs) && logprobs.length > 0) return;
          last = { index, part, kind };
          reader.learn(data);
        }
        return;
      }
      switch (type) {
        case "response.created":
        case "response.queued":
        case "response.in_progress":
          if (isObject(response)) items.start(response, out);
          return;
        case "response.output_item.added":
          if (isObject(item)) items.added(index, item);
          return;
        case "response.output_item.done":
          if (isObject(item)) items.done(index, item, out);
          return;
        case "response.content_part.done": {
          const wire = frame["part"];
          const kind = isObject(wire) ? PARTS.get(string(wire["type"]) ?? "") : undefined;
          if (kind !== undefined) items.whole(index, part, kind, wire as typeof frame, out);
          return;
        }
        case "response.output_text.annotation.added":
          items.annotation(index, part, frame["annotation"], out);
          return;
        case "response.function_call_arguments.delta":
        case "response.custom_tool_call_input.delta":
          items.callDelta(index, id, string(frame["delta"]) ?? "", out);
          return;
        case "response.function_call_arguments.done":
        case "response.custom_tool_call_input.done":
          items.callWhole(index, id, string(frame["arguments"] ?? frame["input"]) ?? "", out);
          return;
        case "response.completed":
        case "response.incomplete":
          if (!isObject(response)) return;
          done = true;
          items.start(response, out);
          items.end(response, out, malformed > 0 ? [{ type: "other", feature: "stream", details: "skipped a malformed frame" }] : []);
          return;
        case "response.failed":
        case "error":
          throw decodeError(0, isObject(response) ? response : frame, undefined);
        default:
          if (frame["type"] !== undefined) return;
          refuseChat(frame, context);
          if (frame["error"] ?? frame["code"]) throw decodeError(0, frame, undefined);
      }
    },
    end() {
      if (done) return;
      throw new CrosspointError("STREAM_INTERRUPTED", `the stream of ${provider}/${model} ended before the answer did`, {
        provider,
        model,
      });
    },
    get done() {
      return done;
    },
  };
}
