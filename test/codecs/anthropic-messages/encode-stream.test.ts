import Anthropic from "@anthropic-ai/sdk";
import fc from "../../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { anthropicMessages as codec } from "../../../src/codecs/anthropic-messages/index.ts";
import type { EncodeContext } from "../../../src/codecs/codec.ts";
import { accumulate, type Accumulated } from "../../../src/ir/accumulate.ts";
import { eventsOf } from "../../../src/ir/events-of.ts";
import type { Part } from "../../../src/ir/content.ts";
import { CrosspointError } from "../../../src/ir/error.ts";
import type { StreamEvent } from "../../../src/ir/event.ts";
import type { JSONObject } from "../../../src/ir/json.ts";
import { block, claude, heard, message, play, told } from "./support.ts";

const end: StreamEvent = {
  type: "response-end",
  finishReason: { unified: "stop" },
  usage: { input: { uncached: 3, cacheRead: 2, total: 5 }, output: { total: 7, reasoning: 2, text: 5 }, total: 12 },
};
const start: StreamEvent = { type: "response-start", id: "msg_9", model: "up" };

const encode = (events: readonly StreamEvent[], context: EncodeContext = told()): string => codec.encodeStream(context).push(events);
const payloads = (frames: string): JSONObject[] =>
  frames.split("\n\n").flatMap((frame) => (frame === "" ? [] : [JSON.parse(/^data: (.*)$/m.exec(frame)![1]!) as JSONObject]));

/** The official client, answered by us. */
function client(respond: (request: Request) => Response | Promise<Response>): Anthropic {
  return new Anthropic({
    apiKey: "k",
    baseURL: "http://crosspoint.invalid",
    maxRetries: 0,
    fetch: async (url, init) => respond(new Request(url as string, init as RequestInit)),
  });
}

const params = { model: "m", max_tokens: 100, messages: [{ role: "user" as const, content: "q" }] };
const sse = (frames: string): Response => new Response(frames, { headers: { "content-type": "text/event-stream" } });
const whole = (content: readonly Part[], more: Partial<Accumulated> = {}): Accumulated => ({
  id: "msg_9",
  model: "up",
  content,
  text: "",
  reasoning: "",
  toolCalls: [],
  sources: [],
  finishReason: { unified: "stop" },
  usage: { input: {}, output: {} },
  warnings: [],
  ...more,
});
const respond = (response: Accumulated, context = told()): JSONObject =>
  codec.encodeResponse({ ...response, provider: "p", deployment: "d", attempts: [] }, context);

const signature = (data: string) => [{ family: "anthropic", model: "x", kind: "signature", data }];
const foreign = (sealed?: string) => [
  { family: "google", model: "g", kind: "thought-signature", data: "secret", ...(sealed && { sealed }) },
];

describe("the official client", () => {
  test("its stream helper reads a stream with reasoning, text, a tool call and citations", async () => {
    const value = {
      type: "page_location",
      cited_text: "c",
      document_index: 0,
      document_title: null,
      file_id: null,
      start_page_number: 1,
      end_page_number: 2,
    };
    const frames = encode([
      start,
      { type: "reasoning-start", id: "r" },
      { type: "reasoning-delta", id: "r", text: "h" },
      { type: "reasoning-delta", id: "r", text: "m" },
      { type: "reasoning-end", id: "r", opaque: signature("S") },
      { type: "text-start", id: "t" },
      { type: "text-delta", id: "t", text: 'say "hi"\n' },
      { type: "text-end", id: "t", citations: [{ source: {}, raw: { family: "anthropic", value } }] },
      { type: "tool-call-start", id: "c", name: "f" },
      { type: "tool-call-delta", id: "c", arguments: '{"a":' },
      { type: "tool-call-delta", id: "c", arguments: "[1]}" },
      { type: "tool-call-end", id: "c" },
      { ...end, finishReason: { unified: "tool-calls" } },
    ]);
    const stream = client(() => sse(frames)).messages.stream(params);
    const final = await stream.finalMessage();
    expect(final).toMatchObject({
      id: "msg_9",
      model: "up",
      role: "assistant",
      stop_reason: "tool_use",
      stop_sequence: null,
      content: [
        { type: "thinking", thinking: "hm", signature: "S" },
        { type: "text", text: 'say "hi"\n', citations: [value] },
        { type: "tool_use", id: "c", name: "f", input: { a: [1] } },
      ],
      usage: { input_tokens: 3, output_tokens: 7, cache_read_input_tokens: 2, output_tokens_details: { thinking_tokens: 2 } },
    });
  });

  test("it reads a whole answer, and what it sends back is decoded", async () => {
    let asked: unknown;
    const content: Part[] = [
      { type: "reasoning", text: "hm", opaque: signature("S") },
      { type: "text", text: "t" },
      { type: "tool-call", id: "c", name: "f", arguments: "{oops" },
    ];
    const anthropic = client(async (request) => {
      asked = await request.json();
      return Response.json(respond(whole(content)));
    });
    const answer = await anthropic.messages.create(params);
    await anthropic.messages.create({
      ...params,
      messages: [
        ...params.messages,
        { role: "assistant", content: answer.content },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "c", content: "r" }] },
      ],
    });
    expect(codec.decodeRequest(asked, {}).request.messages.slice(1)).toEqual([
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm", opaque: [{ family: "anthropic", kind: "signature", data: "S" }] },
          { type: "text", text: "t" },
          { type: "tool-call", id: "c", name: "f", arguments: "{oops" },
        ],
      },
      { role: "tool", content: [{ type: "tool-result", callId: "c", output: "r" }] },
    ]);
  });

  test("a failure inside the stream reaches it as an error", async () => {
    const encoder = codec.encodeStream(told());
    const frames =
      encoder.push([start, { type: "text-start", id: "t" }, { type: "text-delta", id: "t", text: "x" }]) +
      encoder.fail(new CrosspointError("OVERLOADED", "Busy"));
    expect(encoder.push([end])).toBe("");
    await expect(
      client(() => sse(frames))
        .messages.stream(params)
        .finalMessage(),
    ).rejects.toMatchObject({ type: "overloaded_error" });
  });

  test("errors have its classes", async () => {
    const failing = (error: CrosspointError) =>
      client(() => {
        const { status, body, headers } = codec.encodeError(error);
        return Response.json(body, { status, ...(headers && { headers }) });
      }).messages.create(params);
    await expect(failing(new CrosspointError("RATE_LIMITED", "Slow", { requestId: "req_1", retryAfter: 1500 }))).rejects.toMatchObject({
      status: 429,
      type: "rate_limit_error",
      requestID: "req_1",
      apiMessage: "Slow",
    });
    await expect(failing(new CrosspointError("MISSING_API_KEY", "Key"))).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
  });
});

describe("stream frames", () => {
  test("message_start has every field that its type requires, and comes first", () => {
    const [first] = payloads(
      encode([{ type: "text-start", id: "t" }, { type: "text-delta", id: "t", text: "x" }, { type: "text-end", id: "t" }, end]),
    );
    expect(first).toMatchObject({
      type: "message_start",
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "m",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        container: null,
        diagnostics: null,
        usage: { input_tokens: 0, output_tokens: 0, cache_creation: null, service_tier: null },
      },
    });
  });

  test("interleaved blocks are written one after the other, indexes dense, each with an event line", () => {
    const frames = encode([
      start,
      { type: "text-start", id: "a" },
      { type: "tool-call-start", id: "b", name: "f" },
      { type: "text-delta", id: "a", text: "1" },
      { type: "tool-call-delta", id: "b", arguments: "{" },
      { type: "tool-call-start", id: "c", name: "g" },
      { type: "tool-call-delta", id: "c", arguments: "{}" },
      {
        type: "part",
        part: {
          type: "provider",
          family: "anthropic",
          codec: "anthropic-messages",
          raw: { type: "server_tool_use", id: "s", name: "web_search", input: { q: 1 } },
        },
      },
      { type: "tool-call-end", id: "c" },
      { type: "tool-call-delta", id: "b", arguments: "}" },
      { type: "text-delta", id: "a", text: "2" },
      { type: "text-end", id: "a" },
      { type: "tool-call-end", id: "b" },
      end,
    ]);
    expect(
      frames
        .split("\n\n")
        .filter(Boolean)
        .every((frame) => /^event: (\w+)\ndata: \{"type":"\1"/.test(frame)),
    ).toBe(true);
    const shape = payloads(frames).map(({ type, index, content_block, delta }) => {
      const { type: kind } = { ...(delta as JSONObject | undefined), ...(content_block as JSONObject | undefined) };
      return [type, index, kind].filter((each) => typeof each === "string" || typeof each === "number").join(" ");
    });
    expect(shape).toEqual([
      "message_start",
      "content_block_start 0 text",
      "content_block_delta 0 text_delta",
      "content_block_delta 0 text_delta",
      "content_block_stop 0",
      "content_block_start 1 tool_use",
      "content_block_delta 1 input_json_delta",
      "content_block_delta 1 input_json_delta",
      "content_block_stop 1",
      "content_block_start 2 tool_use",
      "content_block_delta 2 input_json_delta",
      "content_block_stop 2",
      "content_block_start 3 server_tool_use",
      "content_block_delta 3 input_json_delta",
      "content_block_stop 3",
      "message_delta",
      "message_stop",
    ]);
  });

  test("blocks that never ended are closed before the end", () => {
    const types = payloads(
      encode([
        start,
        { type: "text-start", id: "a" },
        { type: "text-delta", id: "a", text: "1" },
        { type: "text-start", id: "b" },
        { type: "text-delta", id: "b", text: "2" },
        end,
      ]),
    ).map(({ type }) => type);
    expect(types.filter((type) => type === "content_block_stop")).toHaveLength(2);
    expect(types.at(-1)).toBe("message_stop");
  });

  test("empty text and stateless empty reasoning do not show; redacted reasoning does", () => {
    const frames = payloads(
      encode([
        start,
        { type: "text-start", id: "a" },
        { type: "text-end", id: "a" },
        { type: "reasoning-start", id: "b" },
        { type: "reasoning-end", id: "b" },
        { type: "reasoning-start", id: "c", form: "redacted" },
        { type: "reasoning-end", id: "c", opaque: [{ family: "anthropic", kind: "redacted", data: "R" }] },
        end,
      ]),
    );
    expect(frames.filter(({ type }) => type === "content_block_start").map(({ index, content_block }) => [index, content_block])).toEqual([
      [0, { type: "redacted_thinking", data: "R" }],
    ]);
  });

  test("foreign state travels sealed: on reasoning, or on an empty thinking block before its call or text; never raw", () => {
    const content: Part[] = [
      { type: "reasoning", text: "hm", opaque: foreign("xp1.a") },
      { type: "tool-call", id: "c", name: "f", arguments: "{}", opaque: foreign("xp1.b") },
      { type: "tool-call", id: "d", name: "f", arguments: "{}", opaque: foreign() },
      { type: "text", text: "t", opaque: foreign("xp1.c") },
    ];
    const expected = [
      { type: "thinking", thinking: "hm", signature: "xp1.a" },
      { type: "thinking", thinking: "", signature: "xp1.b" },
      { type: "tool_use", id: "c", name: "f", input: {}, caller: { type: "direct" } },
      { type: "tool_use", id: "d", name: "f", input: {}, caller: { type: "direct" } },
      { type: "thinking", thinking: "", signature: "xp1.c" },
      { type: "text", text: "t", citations: null },
    ];
    const body = respond(whole(content));
    expect(body["content"]).toEqual(expected);
    const frames = encode([...eventsOf(whole(content))]);
    expect(accumulate(play(payloads(frames))).content).toEqual(accumulate(codec.decodeResponse(body, heard())).content);
    expect(frames + JSON.stringify(body)).not.toContain("secret");
  });

  test("a call's state and settled id are used where its end is already known; state that comes later is left out", () => {
    const call: StreamEvent = { type: "tool-call-start", id: "c", name: "f" };
    const ended: StreamEvent = { type: "tool-call-end", id: "c", callId: "settled", opaque: foreign("xp1.b") };
    expect(accumulate(play(payloads(encode([start, call, ended, end])))).content).toMatchObject([
      { type: "reasoning", text: "", opaque: [{ data: "xp1.b" }] },
      { type: "tool-call", id: "settled" },
    ]);
    const encoder = codec.encodeStream(told());
    const frames = encoder.push([start, call]) + encoder.push([ended, end]);
    expect(accumulate(play(payloads(frames))).content).toEqual([{ type: "tool-call", id: "c", name: "f", arguments: "{}" }]);
  });

  test("only the first of several answers shows", () => {
    const second: StreamEvent[] = [
      { type: "text-start", id: "b", choice: 1 },
      { type: "text-delta", id: "b", text: "two" },
      { type: "text-end", id: "b" },
      {
        type: "part",
        choice: 1,
        part: { type: "provider", family: "anthropic", codec: "anthropic-messages", raw: { type: "compaction" } },
      },
    ];
    const first: StreamEvent[] = [
      { type: "text-start", id: "a" },
      { type: "text-delta", id: "a", text: "one" },
      { type: "text-end", id: "a" },
    ];
    expect(accumulate(play(payloads(encode([start, ...second, ...first, end])))).content).toEqual([{ type: "text", text: "one" }]);
  });

  test("a restart fails the stream", () => {
    const encoder = codec.encodeStream(told());
    const frames = payloads(encoder.push([start, { type: "response-restart", reason: "cut" }, start, end]));
    expect(frames.map(({ type }) => type)).toEqual(["message_start", "error"]);
    expect(encoder.fail(new CrosspointError("SERVER", "x"))).toBe("");
  });

  test("the crosspoint object and what only this family tells ride on the end", () => {
    const context = told({}, { extension: ({ cost }) => ({ cost: cost?.total ?? null }) });
    const metadata = {
      anthropic: { stop_details: { type: "refusal", category: "bio" }, context_management: { applied_edits: [] } },
      google: { x: 1 },
    };
    const delta = payloads(
      encode([start, { ...end, providerMetadata: metadata, finishReason: { unified: "content-filter" } }], context),
    ).at(-2)!;
    expect(delta).toMatchObject({
      type: "message_delta",
      delta: { stop_reason: "refusal", stop_details: { category: "bio" }, stop_sequence: null, container: null },
      context_management: { applied_edits: [] },
      crosspoint: { cost: null },
    });
    expect(delta).not.toHaveProperty("x");
    expect(respond(whole([], { providerMetadata: metadata }), context)).toMatchObject({
      stop_details: { category: "bio" },
      context_management: {},
      crosspoint: { cost: null },
    });
  });
});

describe("finish reasons and usage towards a client", () => {
  test.each([
    [{ unified: "stop" }, "end_turn"],
    [{ unified: "stop", raw: "stop", stopSequence: "X" }, "stop_sequence"],
    [{ unified: "length", raw: "MAX_TOKENS" }, "max_tokens"],
    [{ unified: "tool-calls" }, "tool_use"],
    [{ unified: "content-filter" }, "refusal"],
    [{ unified: "other" }, "end_turn"],
    [{ unified: "stop", raw: "pause_turn" }, "pause_turn"],
    [{ unified: "length", raw: "model_context_window_exceeded" }, "model_context_window_exceeded"],
    [{ unified: "stop", raw: "tool_use" }, "end_turn"],
  ] as const)("%j is %s", (finishReason, word) => {
    expect(respond(whole([], { finishReason }))["stop_reason"]).toBe(word);
  });

  test("counts", () => {
    const usage = {
      input: { uncached: 1, cacheRead: 2, cacheWrite: 7, cacheWriteByTtl: { "5m": 3, "12h": 4 }, total: 10 },
      output: { total: 5, reasoning: 2 },
      serverTools: { web_search: 1 },
      serviceTier: "flex",
    } as const;
    expect(respond(whole([], { usage }))["usage"]).toEqual({
      input_tokens: 1,
      cache_read_input_tokens: 2,
      cache_creation_input_tokens: 7,
      cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 },
      output_tokens: 5,
      output_tokens_details: { thinking_tokens: 2 },
      server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 },
      service_tier: null,
      inference_geo: null,
      speed: null,
    });
  });
});

test("any answer reads the same whole and streamed, in batches of any size", () => {
  const words = fc.string({ minLength: 1, maxLength: 6 });
  const part: fc.Arbitrary<Part> = fc.oneof(
    words.map((text): Part => ({ type: "text", text })),
    fc.tuple(fc.string(), words).map(([text, data]): Part => ({
      type: "reasoning",
      text,
      opaque: [{ family: "anthropic", model: "claude-test", kind: "signature", data }],
    })),
    words.map((data): Part => ({
      type: "reasoning",
      text: "",
      form: "redacted",
      opaque: [{ family: "anthropic", model: "claude-test", kind: "redacted", data }],
    })),
    fc
      .dictionary(words, fc.jsonValue({ maxDepth: 1 }))
      .map((input): Part => ({ type: "tool-call", id: "", name: "f", arguments: JSON.stringify(input) })),
    words.map((text): Part => ({
      type: "provider",
      family: "anthropic",
      codec: "anthropic-messages",
      raw: { type: "compaction", content: text },
    })),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), fc.integer({ min: 1, max: 4 }), (parts, size) => {
      const content = parts.map((each, index) => (each.type === "tool-call" ? { ...each, id: `call_${index}` } : each));
      const events = [...eventsOf(whole(content))];
      const encoder = codec.encodeStream(told());
      let frames = "";
      for (let at = 0; at < events.length; at += size) frames += encoder.push(events.slice(at, at + size));
      const target = claude();
      const streamed = accumulate(play(payloads(frames), heard(target)));
      const once = accumulate(codec.decodeResponse(respond(whole(content)), heard(target)));
      expect(streamed.content).toEqual(once.content);
      const normal = (each: Part): Part =>
        each.type === "tool-call" ? { ...each, arguments: JSON.stringify(JSON.parse(each.arguments)) } : each;
      expect(once.content.map(normal)).toEqual(content.map(normal));
      expect(streamed.finishReason).toEqual(once.finishReason);
    }),
  );
});

test("a provider's stream that is encoded again is the same answer", () => {
  const events = play(
    message(
      [
        ...block(0, { type: "text", text: "" }, { type: "text_delta", text: "a" }),
        ...block(1, { type: "tool_use", id: "x", name: "f", input: {}, caller: { type: "code_execution_20250825", tool_id: "s" } }),
      ],
      "tool_use",
    ),
  );
  expect(accumulate(play(payloads(encode(events)))).content).toEqual(accumulate(events).content);
});
