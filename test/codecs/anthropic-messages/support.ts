import type { DecodeContext, EncodeContext } from "../../../src/codecs/codec.ts";
import type { StreamEvent } from "../../../src/ir/event.ts";
import type { JSONObject } from "../../../src/ir/json.ts";
import type { ModelRequest } from "../../../src/ir/request.ts";
import type { ModelTraits, Quirks, Target } from "../../../src/ir/target.ts";
import { anthropicMessages as codec } from "../../../src/codecs/anthropic-messages/index.ts";

/** A Claude target; its output limit is known so that tests see no warning about it. */
export function claude(traits: ModelTraits = {}, quirks: Quirks = {}, more: Partial<Target> = {}): Target {
  return {
    codec: "anthropic-messages",
    provider: "anthropic",
    family: "anthropic",
    model: "claude-test",
    quirks,
    traits: { maxOutput: 8000, ...traits },
    optionKeys: ["anthropic", "anthropic-messages"],
    unsupported: "warn",
    ...more,
  };
}

export function ask(more: Partial<ModelRequest> = {}): ModelRequest {
  return { model: "m", messages: [{ role: "user", content: "hi" }], ...more };
}

export function encode(request: Partial<ModelRequest>, target: Target = claude(), stream = false): ReturnType<typeof codec.encodeRequest> {
  return codec.encodeRequest(ask(request), target, stream);
}

let ids = 0;

export function heard(target: Target = claude(), request: ModelRequest = ask()): DecodeContext {
  return { target, request, newId: (prefix) => `${prefix}_${++ids}` };
}

/** Decodes the payloads of one stream, each by itself. */
export function play(frames: readonly (JSONObject | string)[], context: DecodeContext = heard()): StreamEvent[] {
  const decoder = codec.decodeStream(context);
  const out: StreamEvent[] = [];
  for (const frame of frames) {
    if (decoder.done) break;
    decoder.push(typeof frame === "string" ? frame : JSON.stringify(frame), undefined, out);
  }
  decoder.end(out);
  return out;
}

export function told(request: Partial<ModelRequest> = {}, more: Partial<EncodeContext> = {}): EncodeContext {
  return { client: { request: ask(request), stream: false, warnings: [] }, newId: (prefix) => `${prefix}_1`, now: 0, ...more };
}

/** A stream's frames around the given ones. */
export function message(frames: readonly JSONObject[], stop = "end_turn", usage: JSONObject = { output_tokens: 5 }): JSONObject[] {
  return [
    {
      type: "message_start",
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "claude-test",
        content: [],
        usage: { input_tokens: 3, output_tokens: 1 },
      },
    },
    ...frames,
    { type: "message_delta", delta: { stop_reason: stop, stop_sequence: null }, usage },
    { type: "message_stop" },
  ];
}

/** One block as a stream sends it. */
export function block(index: number, content_block: JSONObject, ...deltas: JSONObject[]): JSONObject[] {
  return [
    { type: "content_block_start", index, content_block },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}
