import { accumulate, type Accumulated } from "../../../src/ir/accumulate.ts";
import type { StreamEvent } from "../../../src/ir/event.ts";
import type { JSONObject } from "../../../src/ir/json.ts";
import type { ModelRequest } from "../../../src/ir/request.ts";
import type { ModelResponse } from "../../../src/ir/response.ts";
import type { ModelTraits, Quirks, Target } from "../../../src/ir/target.ts";
import type { ClientRequest, DecodeContext, EncodeContext } from "../../../src/codecs/codec.ts";
import { openaiChat } from "../../../src/codecs/openai-chat/index.ts";

export function targetOf(quirks: Quirks = {}, traits: ModelTraits = {}, more: Partial<Target> = {}): Target {
  return {
    codec: "openai-chat",
    provider: "lab",
    family: "lab",
    model: "m-1",
    quirks,
    traits,
    optionKeys: ["openai-chat", "lab"],
    unsupported: "warn",
    ...more,
  };
}

export const hello: ModelRequest = { model: "lab/m-1", messages: [{ role: "user", content: "Hello" }] };

export function ask(more: Partial<ModelRequest>): ModelRequest {
  return { ...hello, ...more };
}

/** What goes over the wire: the body after JSON. */
export function sent(request: Partial<ModelRequest>, target: Target = targetOf(), stream = false): JSONObject & { messages: JSONObject[] } {
  return JSON.parse(JSON.stringify(openaiChat.encodeRequest(ask(request), target, stream).body)) as JSONObject & { messages: JSONObject[] };
}

export function warned(request: Partial<ModelRequest>, target: Target = targetOf()): string[] {
  return openaiChat.encodeRequest(ask(request), target, false).warnings.map(({ type, feature }) => `${type}:${feature}`);
}

export function decodeContext(target: Target = targetOf(), request: ModelRequest = hello): DecodeContext {
  let count = 0;
  return { target, request, newId: (prefix) => `${prefix}-new${count++}` };
}

export function whole(body: unknown, context: DecodeContext = decodeContext()): Accumulated {
  return accumulate(openaiChat.decodeResponse(body, context));
}

/** Decodes the frames, each pushed by itself; strings go as they are. */
export function streamed(frames: readonly (JSONObject | string)[], context: DecodeContext = decodeContext()): StreamEvent[] {
  const decoder = openaiChat.decodeStream(context);
  const out: StreamEvent[] = [];
  for (const frame of frames) decoder.push(typeof frame === "string" ? frame : JSON.stringify(frame), undefined, out);
  decoder.end(out);
  checkBlocks(out);
  return out;
}

export function folded(frames: readonly (JSONObject | string)[], context: DecodeContext = decodeContext()): Accumulated {
  return accumulate(streamed(frames, context));
}

/** A chunk with one choice. */
export function chunk(delta: JSONObject, reason: string | null = null, more: JSONObject = {}): JSONObject {
  return {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m-1",
    choices: [{ index: 0, delta, finish_reason: reason }],
    ...more,
  };
}

export function body(message: JSONObject, reason: string | null = "stop", more: JSONObject = {}): JSONObject {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "m-1",
    choices: [{ index: 0, message: { role: "assistant", content: null, ...message }, finish_reason: reason }],
    ...more,
  };
}

/** Every block is started once, ended once, before the end of the response, and ids are never used again. */
export function checkBlocks(events: readonly StreamEvent[]): void {
  const open = new Set<string>();
  const seen = new Set<string>();
  let started = false;
  events.forEach((event, index) => {
    const fail = (what: string): never => {
      throw new Error(`${what} at ${index}: ${JSON.stringify(event)}`);
    };
    if (event.type === "response-start") {
      if (started) fail("second start");
      started = true;
    } else if (!started) fail("not started");
    if (event.type.endsWith("-start") && "id" in event && event.type !== "response-start") {
      if (seen.has(event.id)) fail("id used again");
      seen.add(event.id);
      open.add(event.id);
    } else if (event.type.endsWith("-delta") && "id" in event) {
      if (!open.has(event.id as string)) fail("delta of a closed block");
    } else if (event.type.endsWith("-end") && "id" in event) {
      if (!open.delete(event.id as string)) fail("end of a closed block");
    } else if (event.type === "response-end") {
      if (open.size > 0) fail("open blocks");
      if (index !== events.length - 1) fail("events after the end");
    }
  });
}

export function clientOf(wire: JSONObject): ClientRequest {
  return openaiChat.decodeRequest(wire, {});
}

export const question: JSONObject = { model: "smart", messages: [{ role: "user", content: "Hello" }] };

export function encodeContext(wire: JSONObject = question, more: Partial<EncodeContext> = {}): EncodeContext {
  let count = 0;
  return { client: clientOf(wire), newId: (prefix) => `${prefix}-${count++}`, now: 1_700_000_000, ...more };
}

export function responseOf(more: Partial<ModelResponse>): ModelResponse {
  return {
    id: "r1",
    model: "m-1",
    provider: "lab",
    deployment: "lab/m-1",
    content: [],
    text: "",
    reasoning: "",
    toolCalls: [],
    sources: [],
    finishReason: { unified: "stop" },
    usage: { input: {}, output: {} },
    warnings: [],
    attempts: [],
    ...more,
  };
}
