import OpenAI from "openai";
import type { StreamEvent, Target } from "../../../src/ir/index.ts";
import { accumulate, type Accumulated } from "../../../src/ir/index.ts";
import type { JSONObject, ModelRequest, ModelResponse } from "../../../src/ir/index.ts";
import { openaiResponses } from "../../../src/codecs/openai-responses/index.ts";
import type { ClientRequest, DecodeContext, EncodeContext } from "../../../src/codecs/codec.ts";

export function target(over: Partial<Target> = {}): Target {
  return {
    codec: "openai-responses",
    provider: "openai",
    family: "openai",
    model: "gpt-5",
    quirks: {},
    traits: {},
    optionKeys: ["openai-responses", "openai"],
    unsupported: "warn",
    ...over,
  };
}

export function counter(): (prefix: string) => string {
  let count = 0;
  return (prefix) => `${prefix}_new${count++}`;
}

export const question: ModelRequest = { model: "gpt-5", messages: [{ role: "user", content: "Hi" }] };

export function decodeContext(over: Partial<Target> = {}): DecodeContext {
  return { target: target(over), request: question, newId: counter() };
}

export function encodeContext(request: Partial<ModelRequest> = {}): EncodeContext {
  const client: ClientRequest = { request: { ...question, ...request }, stream: true, warnings: [] };
  return { client, newId: counter(), now: 1_790_000_000 };
}

/** The events of a stream of frames; `undefined` for a stream that ends without telling. */
export function streamed(frames: readonly (JSONObject | string)[], over: Partial<Target> = {}): StreamEvent[] {
  const decoder = openaiResponses.decodeStream(decodeContext(over));
  const out: StreamEvent[] = [];
  for (const frame of frames) decoder.push(typeof frame === "string" ? frame : JSON.stringify(frame), undefined, out);
  decoder.end(out);
  return out;
}

export function folded(frames: readonly (JSONObject | string)[], over: Partial<Target> = {}): Accumulated {
  return accumulate(streamed(frames, over));
}

export function response(over: JSONObject = {}): JSONObject {
  return { id: "resp_1", object: "response", created_at: 1_780_000_000, status: "completed", model: "gpt-5-2025", output: [], ...over };
}

/** What an item has not yet when it is announced. */
const EMPTY: JSONObject = { content: [], summary: [], arguments: "", input: "" };

/** The frames that a provider would send for these items, everything in deltas of three characters. */
export function framesOf(items: readonly JSONObject[], over: JSONObject = {}): JSONObject[] {
  const frames: JSONObject[] = [{ type: "response.created", response: response({ status: "in_progress" }) }];
  const cut = (text: string): string[] => text.match(/[^]{1,3}/gu) ?? [];
  for (const [output_index, item] of items.entries()) {
    const at = { output_index, item_id: item["id"]! };
    frames.push({
      type: "response.output_item.added",
      output_index,
      item: Object.fromEntries(Object.entries(item).map(([key, value]) => [key, EMPTY[key] ?? value])),
    });
    for (const [content_index, part] of ((item["content"] as JSONObject[] | undefined) ?? []).entries()) {
      const [name, field] =
        part["type"] === "refusal"
          ? ["refusal", "refusal"]
          : part["type"] === "reasoning_text"
            ? ["reasoning_text", "text"]
            : ["output_text", "text"];
      frames.push({ type: "response.content_part.added", ...at, content_index, part: { ...part, [field!]: "" } });
      for (const delta of cut(part[field!] as string)) frames.push({ type: `response.${name}.delta`, ...at, content_index, delta });
      frames.push({ type: `response.${name}.done`, ...at, content_index, [field!]: part[field!]! });
      frames.push({ type: "response.content_part.done", ...at, content_index, part });
    }
    for (const [summary_index, part] of ((item["summary"] as JSONObject[] | undefined) ?? []).entries()) {
      frames.push({ type: "response.reasoning_summary_part.added", ...at, summary_index, part: { ...part, text: "" } });
      for (const delta of cut(part["text"] as string))
        frames.push({ type: "response.reasoning_summary_text.delta", ...at, summary_index, delta });
      frames.push({ type: "response.reasoning_summary_text.done", ...at, summary_index, text: part["text"]! });
      frames.push({ type: "response.reasoning_summary_part.done", ...at, summary_index, part });
    }
    if (item["type"] === "function_call") {
      for (const delta of cut(item["arguments"] as string)) frames.push({ type: "response.function_call_arguments.delta", ...at, delta });
      frames.push({ type: "response.function_call_arguments.done", ...at, arguments: item["arguments"]! });
    }
    if (item["type"] === "custom_tool_call") {
      for (const delta of cut(item["input"] as string)) frames.push({ type: "response.custom_tool_call_input.delta", ...at, delta });
      frames.push({ type: "response.custom_tool_call_input.done", ...at, input: item["input"]! });
    }
    frames.push({ type: "response.output_item.done", output_index, item });
  }
  frames.push({ type: "response.completed", response: response({ output: items, ...over }) });
  return frames;
}

export function whole(over: Partial<ModelResponse> = {}): ModelResponse {
  const content = over.content ?? [{ type: "text", text: "Hello" }];
  return {
    id: "resp_9",
    model: "gpt-5",
    provider: "openai",
    deployment: "openai/gpt-5",
    created: 1_790_000_000,
    text: "",
    reasoning: "",
    toolCalls: content.filter((part) => part.type === "tool-call"),
    sources: [],
    finishReason: { unified: "stop", raw: "completed" },
    usage: { input: {}, output: {} },
    warnings: [],
    attempts: [],
    ...over,
    content,
  };
}

/** The official client over an answer of ours. */
export function client(body: string | object, status = 200): OpenAI {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? "text/event-stream" : "application/json";
  return new OpenAI({
    apiKey: "none",
    baseURL: "http://crosspoint.invalid/v1",
    maxRetries: 0,
    fetch: async () => new Response(text, { status, headers: { "content-type": type } }),
  });
}

/** The frames of a stream of ours, parsed. */
export function parsed(text: string): JSONObject[] {
  return text
    .split("\n\n")
    .filter((frame) => frame !== "")
    .map((frame) => JSON.parse(frame.slice(frame.indexOf("\ndata: ") + 7)) as JSONObject);
}
