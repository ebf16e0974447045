import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import {
  accumulate,
  CrosspointError,
  eventsOf,
  type JSONObject,
  type ModelResponse,
  type Part,
  type StreamEvent,
} from "../../../src/ir/index.ts";
import { openaiChat } from "../../../src/codecs/openai-chat/index.ts";
import { openaiResponses } from "../../../src/codecs/openai-responses/index.ts";
import { client, decodeContext, encodeContext, parsed, whole } from "./support.ts";

const encrypted = { family: "openai", model: "gpt-5", kind: "encrypted-content", data: "gAAA" };
const sealed = { family: "google", model: "gemini", kind: "thought-signature", data: "sig", sealed: "xp1.a.b" };

const rich: Part[] = [
  { type: "reasoning", text: "one", form: "summary", itemId: "rs_1" },
  { type: "reasoning", text: "two", form: "summary", itemId: "rs_1", opaque: [encrypted] },
  { type: "text", text: "Look: ", itemId: "msg_1", phase: "commentary" },
  {
    type: "provider",
    family: "openai",
    codec: "openai-responses",
    raw: { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "q" } },
  },
  { type: "text", text: "Héllo 🌍\u2028", citations: [{ source: { url: "https://a.example", title: "A" }, answerStart: 0, answerEnd: 5 }] },
  { type: "text", text: "second", logprobs: [{ token: "second", logprob: -1, top: [{ token: "x", logprob: -2 }] }] },
  { type: "refusal", text: "not that" },
  { type: "reasoning", text: "in full", form: "raw" },
  { type: "tool-call", id: "call_1", name: "f", arguments: '{"a":1}' },
  { type: "tool-call", id: "call_2", name: "g", arguments: "free", custom: true },
];
const usage = { input: { total: 10, uncached: 6, cacheRead: 4 }, output: { total: 5, text: 3, reasoning: 2 }, total: 15 };
const answer = whole({ content: rich, usage, finishReason: { unified: "tool-calls" }, serviceTier: "flex" });

function stream(response: ModelResponse, batch = 1): string {
  const encoder = openaiResponses.encodeStream(encodeContext());
  const events = [...eventsOf(response)];
  let out = "";
  for (let at = 0; at < events.length; at += batch) out += encoder.push(events.slice(at, at + batch));
  return out;
}

describe("a whole response", () => {
  test("has every field that the schemas ask for, with the API's defaults", () => {
    const body = openaiResponses.encodeResponse(whole(), encodeContext());
    expect(body).toEqual({
      id: "resp_9",
      object: "response",
      created_at: 1_790_000_000,
      completed_at: 1_790_000_000,
      status: "completed",
      model: "gpt-5",
      output: [
        {
          id: "msg_new0",
          type: "message",
          status: "completed",
          role: "assistant",
          content: [{ type: "output_text", text: "Hello", annotations: [], logprobs: [] }],
        },
      ],
      access_programs: null,
      background: false,
      error: null,
      frequency_penalty: 0,
      incomplete_details: null,
      instructions: null,
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: {},
      parallel_tool_calls: true,
      presence_penalty: 0,
      previous_response_id: null,
      prompt_cache_key: null,
      reasoning: { effort: null, summary: null },
      safety_identifier: null,
      service_tier: "default",
      store: true,
      temperature: 1,
      text: { format: { type: "text" } },
      tool_choice: "auto",
      tools: [],
      top_logprobs: 0,
      top_p: 1,
      truncation: "disabled",
    });
  });

  test("echoes the request in the words it came in", () => {
    const wire = {
      model: "m",
      instructions: "Be brief.",
      input: "x",
      temperature: 0.5,
      tools: [
        {
          type: "namespace",
          name: "ns",
          description: "N",
          tools: [{ type: "function", name: "f", parameters: { type: "object" }, strict: true }],
        },
      ],
      tool_choice: { type: "function", name: "f" },
      reasoning: { effort: "low", mode: "pro" },
      text: { format: { type: "json_object" }, verbosity: "low" },
      truncation: "auto",
      max_tool_calls: 4,
      previous_response_id: "resp_0",
      user: "u",
      store: false,
      metadata: { a: "b" },
    };
    const context = { ...encodeContext(), client: openaiResponses.decodeRequest(wire, {}) };
    const { model: _model, input: _input, reasoning, ...echoed } = wire;
    const body = openaiResponses.encodeResponse(whole(), context);
    expect(body).toMatchObject(echoed);
    expect(body["reasoning"]).toEqual({ summary: null, ...reasoning });
    const call = whole({ content: [{ type: "tool-call", id: "c", name: "f", arguments: "{}" }] });
    expect(openaiResponses.encodeResponse(call, context)["output"]).toMatchObject([{ type: "function_call", name: "f", namespace: "ns" }]);
  });

  test("OR24 statuses, usage, and the extension", () => {
    const encode = (over: Partial<ModelResponse>): JSONObject =>
      openaiResponses.encodeResponse(whole(over), { ...encodeContext(), extension: () => ({ cost: 1 }) });
    expect(encode({ finishReason: { unified: "length" } })).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
    expect(encode({ finishReason: { unified: "content-filter" } })).toMatchObject({ incomplete_details: { reason: "content_filter" } });
    expect(encode({ finishReason: { unified: "content-filter" }, content: [{ type: "refusal", text: "no" }] })).toMatchObject({
      status: "completed",
    });
    expect(encode({ finishReason: { unified: "error", raw: "MALFORMED" } })).toMatchObject({
      status: "failed",
      error: { code: "server_error" },
    });
    expect(encode({ usage })).toMatchObject({
      usage: {
        input_tokens: 10,
        input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
        output_tokens: 5,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 15,
      },
      crosspoint: { cost: 1 },
    });
    expect(encode({})).not.toHaveProperty("usage");
  });

  test("opaque state: this wire's as it is, another's sealed in a reasoning item before its call, unsealed not at all", () => {
    const output = (content: Part[]): unknown => openaiResponses.encodeResponse(whole({ content }), encodeContext())["output"];
    expect(output([{ type: "reasoning", text: "hm", opaque: [sealed] }])).toMatchObject([
      { type: "reasoning", encrypted_content: "xp1.a.b" },
    ]);
    expect(output([{ type: "tool-call", id: "c", name: "f", arguments: "{}", opaque: [sealed] }])).toMatchObject([
      { type: "reasoning", summary: [], encrypted_content: "xp1.a.b" },
      { type: "function_call", call_id: "c" },
    ]);
    const { sealed: _sealed, ...open } = sealed;
    expect(output([{ type: "text", text: "x", opaque: [open] }])).toHaveLength(1);
    expect(JSON.stringify(output([{ type: "reasoning", text: "hm", opaque: [open] }]))).not.toContain("encrypted_content");
  });

  test("X37 sources become annotations of the text before them, this wire's own are in its items", () => {
    const source: Part = { type: "source", source: { url: "https://a.example", title: "A" } };
    const annotation = { type: "url_citation", url: "https://a.example", title: "A", start_index: 0, end_index: 0 };
    const output = (content: Part[]): unknown => openaiResponses.encodeResponse(whole({ content }), encodeContext())["output"];
    expect(output([{ type: "text", text: "x" }, source])).toMatchObject([{ content: [{ annotations: [annotation] }] }]);
    expect(output([source, { type: "text", text: "x" }])).toMatchObject([{ content: [{ annotations: [annotation] }] }]);
    expect(output([rich[3]!, source, { type: "text", text: "x" }])).toMatchObject([
      { type: "web_search_call" },
      { content: [{ annotations: [] }] },
    ]);
  });

  test("a generated image of another wire is an image call, and blocks of other wires stay out", () => {
    const content: Part[] = [
      { type: "file", mediaType: "image/png", data: { type: "bytes", bytes: new Uint8Array([1, 2, 3]) } },
      { type: "provider", family: "anthropic", codec: "anthropic-messages", raw: { type: "server_tool_use" } },
    ];
    expect(openaiResponses.encodeResponse(whole({ content }), encodeContext())["output"]).toEqual([
      { id: "ig_new0", type: "image_generation_call", status: "completed", result: "AQID", output_format: "png" },
    ]);
  });
});

describe("a stream", () => {
  test.each([1, 3, 1000])("OR26 frames in batches of %i make the same response as the whole", (batch) => {
    const frames = parsed(stream(answer, batch));
    expect(frames.map((frame) => frame["sequence_number"])).toEqual(frames.map((_frame, index) => index));
    expect(frames.slice(0, 2).map((frame) => frame["type"])).toEqual(["response.created", "response.in_progress"]);
    const last = frames.at(-1)!;
    expect(last["type"]).toBe("response.completed");
    expect(last["response"]).toEqual(openaiResponses.encodeResponse(answer, encodeContext()));
    const items = (last["response"] as JSONObject)["output"] as JSONObject[];
    const of = (type: string): JSONObject[] => frames.filter((frame) => frame["type"] === type);
    expect(of("response.output_item.added").map((frame) => frame["output_index"])).toEqual(items.map((_item, index) => index));
    expect(of("response.output_item.done").map((frame) => frame["item"])).toEqual(items);
    for (const name of ["content_part", "reasoning_summary_part"]) {
      expect(of(`response.${name}.done`)).toHaveLength(of(`response.${name}.added`).length);
    }
  });

  test("the official stream helper sees what the whole response says", async () => {
    const snapshot = client(stream(answer)).responses.stream({ model: "gpt-5", input: "x" });
    const names: string[] = [];
    for await (const event of snapshot) names.push(event.type);
    const final = await snapshot.finalResponse();
    const expected = openaiResponses.encodeResponse(answer, encodeContext()) as unknown as OpenAI.Responses.Response;
    const { output_text, output: _output, ...fields } = final;
    expect(output_text).toBe("Look: Héllo 🌍\u2028second");
    expect(fields).toMatchObject(JSON.parse(JSON.stringify({ ...expected, output: undefined })) as object);
    expect(final.output).toMatchObject(expected.output as never);
    expect(names).toContain("response.custom_tool_call_input.done");
    expect(names.at(-1)).toBe("response.completed");
  });

  test("the official helper reads blocks that grow side by side", async () => {
    const events: StreamEvent[] = [
      { type: "response-start", model: "gemini" },
      { type: "reasoning-start", id: "r" },
      { type: "text-start", id: "t" },
      { type: "tool-call-start", id: "c1", name: "f" },
      { type: "tool-call-start", id: "c2", name: "g" },
      { type: "text-delta", id: "t", text: "Hel" },
      { type: "reasoning-delta", id: "r", text: "hm" },
      { type: "tool-call-delta", id: "c2", arguments: '{"b"' },
      { type: "tool-call-delta", id: "c1", arguments: '{"a":1}' },
      { type: "tool-call-delta", id: "c2", arguments: ":2}" },
      { type: "text-delta", id: "t", text: "lo" },
      { type: "tool-call-end", id: "c2" },
      { type: "tool-call-end", id: "c1" },
      { type: "reasoning-end", id: "r" },
      { type: "text-end", id: "t" },
      { type: "response-end", finishReason: { unified: "tool-calls" } },
    ];
    const encoder = openaiResponses.encodeStream(encodeContext());
    const text = events.map((event) => encoder.push([event])).join("");
    const final = await client(text).responses.stream({ model: "gpt-5", input: "x" }).finalResponse();
    expect(final.output).toMatchObject([
      { type: "reasoning", summary: [{ text: "hm" }] },
      { type: "message", content: [{ text: "Hello" }], status: "completed" },
      { type: "function_call", call_id: "c1", arguments: '{"a":1}' },
      { type: "function_call", call_id: "c2", arguments: '{"b":2}' },
    ]);
  });

  test("our own decoder reads it back", () => {
    const decoder = openaiResponses.decodeStream(decodeContext());
    const out: StreamEvent[] = [];
    for (const frame of parsed(stream(answer))) decoder.push(JSON.stringify(frame), undefined, out);
    decoder.end(out);
    const back = accumulate(out);
    expect(back.content.map(({ type }) => type)).toEqual(rich.map(({ type }) => type));
    expect(back.text).toBe("Look: Héllo 🌍\u2028second");
    expect(back.usage).toMatchObject(usage);
    expect(back.toolCalls).toMatchObject([
      { id: "call_1", arguments: '{"a":1}' },
      { id: "call_2", arguments: "free", custom: true },
    ]);
  });

  test("X57 a call without arguments streams an empty object", () => {
    const text = stream(whole({ content: [{ type: "tool-call", id: "c", name: "f", arguments: "" }] }));
    expect(parsed(text).find((frame) => frame["type"] === "response.function_call_arguments.done")).toMatchObject({ arguments: "{}" });
  });

  test("X61 a failure is an error event and then a failed response, and nothing follows", async () => {
    const encoder = openaiResponses.encodeStream(encodeContext());
    const start = encoder.push([
      { type: "response-start", id: "resp_1" },
      { type: "text-start", id: "t" },
      { type: "text-delta", id: "t", text: "He" },
    ]);
    const failed = encoder.fail(new CrosspointError("RATE_LIMITED", "slow down"));
    expect(parsed(failed)).toMatchObject([
      { type: "error", code: "rate_limit_exceeded", message: "slow down", param: null },
      {
        type: "response.failed",
        response: { id: "resp_1", status: "failed", error: { code: "rate_limit_exceeded", message: "slow down" } },
      },
    ]);
    expect(encoder.push([{ type: "text-delta", id: "t", text: "llo" }]) + encoder.fail(new CrosspointError("SERVER", "x"))).toBe("");
    await expect(
      client(start + failed)
        .responses.stream({ model: "m", input: "x" })
        .finalResponse(),
    ).rejects.toMatchObject({ code: "rate_limit_exceeded", message: expect.stringContaining("slow down") as string });
  });

  test.for([
    ["RATE_LIMITED", "rate_limit_exceeded"],
    ["CONTENT_POLICY", "invalid_prompt"],
    ["OVERLOADED", "server_error"],
  ] as const)("%s ends a response with a word of the published list", ([code, word]) => {
    const encoder = openaiResponses.encodeStream(encodeContext());
    encoder.push([{ type: "response-start", id: "resp_1" }]);
    const last = parsed(encoder.fail(new CrosspointError(code, "no"))).at(-1);
    expect(last).toMatchObject({ type: "response.failed", response: { error: { code: word, message: "no" } } });
  });

  test.for([
    ["standard", "default"],
    ["priority", "priority"],
    ["batch", undefined],
  ] as const)("the tier %s of another provider is %s in OpenAI's words", ([serviceTier, word]) => {
    const { service_tier } = openaiResponses.encodeResponse(whole({ content: [], serviceTier }), encodeContext());
    expect(service_tier).toBe(word ?? "default");
    expect(openaiChat.encodeResponse(whole({ content: [], serviceTier }), encodeContext())["service_tier"]).toBe(word);
  });

  test("a failure of a response that began elsewhere claims no identity of its own", () => {
    const failed = openaiResponses.encodeStream(encodeContext()).fail(new CrosspointError("STREAM_INTERRUPTED", "cut"));
    expect(parsed(failed)).toMatchObject([{ type: "error", message: "cut", sequence_number: 0 }]);
  });

  test("what was sent cannot be taken back: a restart fails the stream", () => {
    const encoder = openaiResponses.encodeStream(encodeContext());
    const text = encoder.push([{ type: "response-start" }, { type: "response-restart", reason: "cut" }, { type: "response-start" }]);
    expect(parsed(text).map((frame) => frame["type"])).toEqual(["response.created", "response.in_progress", "error", "response.failed"]);
  });
});

describe("the official client", () => {
  test("sends an answer's items back as input, and nothing of them is lost", () => {
    const { output } = openaiResponses.encodeResponse(answer, encodeContext());
    const { request } = openaiResponses.decodeRequest({ model: "gpt-5", input: output! }, {});
    const content = request.messages.flatMap((message) => message.content as Part[]);
    expect(content.map(({ type }) => type)).toEqual(rich.map(({ type }) => type));
    expect(content[1]).toMatchObject({ text: "two", itemId: "rs_1", opaque: [{ family: "openai", data: "gAAA" }] });
    expect(content[2]).toMatchObject({ text: "Look: ", phase: "commentary", itemId: "msg_1" });
    expect(content[4]).toMatchObject({ citations: [{ source: { url: "https://a.example" } }] });
  });

  test("creates and parses whole responses", async () => {
    const body = openaiResponses.encodeResponse(whole({ content: [{ type: "text", text: '{"city":"Rome"}' }], usage }), encodeContext());
    const created = await client(body).responses.create({ model: "gpt-5", input: "x" });
    expect(created.output_text).toBe('{"city":"Rome"}');
    expect(created.usage?.total_tokens).toBe(15);
    const format = zodTextFormat(z.object({ city: z.string() }), "place");
    const read = await client(body).responses.parse({ model: "gpt-5", input: "x", text: { format } });
    expect(read.output_parsed).toEqual({ city: "Rome" });
  });

  test("gets errors as its own classes, and is told not to retry", async () => {
    const { status, body, headers } = openaiResponses.encodeError(new CrosspointError("RATE_LIMITED", "slow down", { retryAfter: 1500 }));
    expect(headers).toMatchObject({ "x-should-retry": "false", "retry-after": "2" });
    await expect(client(body, status).responses.create({ model: "m", input: "x" })).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    const overflow = openaiResponses.encodeError(new CrosspointError("CONTEXT_WINDOW_EXCEEDED", "too long"));
    expect(overflow).toMatchObject({
      status: 400,
      body: { error: { code: "context_length_exceeded", message: "too long (context_length_exceeded)" } },
    });
  });
});
