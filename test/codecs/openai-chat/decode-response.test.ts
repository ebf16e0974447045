import { describe, expect, test } from "vitest";
import fc from "../../support/fast-check.ts";
import type { Accumulated } from "../../../src/ir/accumulate.ts";
import type { JSONObject } from "../../../src/ir/json.ts";
import { body, chunk, decodeContext, folded, targetOf, whole } from "./fixtures.ts";

const usageOf = (usage: JSONObject) => whole(body({ content: "x" }, "stop", { usage })).usage;

describe("whole answers", () => {
  test("X30 X36 all parts of a message", () => {
    const response = whole(
      body(
        { content: "Hi", reasoning_content: "hm", tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }] },
        "tool_calls",
        {
          system_fingerprint: "fp",
          service_tier: "flex",
          usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
        },
      ),
    );
    expect(response).toMatchObject({
      id: "chatcmpl-1",
      model: "m-1",
      created: 1,
      content: [
        { type: "reasoning", text: "hm" },
        { type: "text", text: "Hi" },
        { type: "tool-call", id: "c", name: "f", arguments: "{}" },
      ],
      finishReason: { unified: "tool-calls", raw: "tool_calls" },
      serviceTier: "flex",
      usage: { total: 5, serviceTier: "flex" },
      providerMetadata: { lab: { system_fingerprint: "fp" } },
    });
  });

  test.for([
    ["stop", "stop"],
    ["length", "length"],
    ["model_length", "length"],
    ["content_filter", "content-filter"],
    ["tool_calls", "tool-calls"],
    ["function_call", "tool-calls"],
    ["error", "error"],
    ["insufficient_system_resource", "error"],
    ["STOP", "stop"],
    ["weird", "other"],
    ["constructor", "other"],
  ] as const)("OC28 X32 MI12 DS07 finish reason %s is %s", ([raw, unified]) => {
    expect(whole(body({ content: "x" }, raw)).finishReason).toEqual({ unified, raw });
  });

  test("parallel calls without index or ids", () => {
    const { toolCalls } = whole(
      body({ tool_calls: [{ function: { name: "f", arguments: "{}" } }, { function: { name: "f", arguments: '{"a":1}' } }] }, "stop"),
    );
    expect(toolCalls.map(({ id, arguments: text }) => [id, text])).toEqual([
      ["call-new0", "{}"],
      ["call-new1", '{"a":1}'],
    ]);
  });

  test("generated images", () => {
    const { content } = whole(body({ content: "Here", images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }] }));
    expect(content[1]).toEqual({ type: "file", mediaType: "image/png", data: { type: "base64", base64: "AAAA" } });
  });

  test("X85 errors inside a 200 body", () => {
    expect(() => whole({ error: { message: "No credits", code: 402 } })).toThrow(
      expect.objectContaining({ code: "QUOTA_EXCEEDED", status: 402 }),
    );
    expect(() => whole({ code: "The service is currently unavailable", error: "try later" })).toThrow(
      expect.objectContaining({ code: "OVERLOADED", message: "try later" }),
    );
    expect(() => whole({ object: "error", message: "bad", type: "BadRequestError", code: 400 })).toThrow(
      expect.objectContaining({ code: "BAD_REQUEST" }),
    );
    expect(() => whole({ ...body({}), choices: [{ index: 0, error: { code: 502, message: "upstream died" } }] })).toThrow(
      expect.objectContaining({ status: 502 }),
    );
  });

  test.for([null, "text", [], 1, {}, { choices: [] }, { choices: null }, { choices: [null] }])("X86 %j is no answer", (value) => {
    expect(() => whole(value)).toThrow(expect.objectContaining({ code: "BAD_RESPONSE" }));
  });
});

describe("usage", () => {
  test("OC31 cached, written, reasoning and prediction tokens", () => {
    const raw = {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10, audio_tokens: 5 },
      completion_tokens_details: { reasoning_tokens: 20, audio_tokens: 0, accepted_prediction_tokens: 1, rejected_prediction_tokens: 2 },
      future_field: 1,
    };
    expect(usageOf(raw)).toEqual({
      input: { total: 100, uncached: 30, cacheRead: 60, cacheWrite: 10, audio: 5 },
      output: { total: 50, text: 30, reasoning: 20, audio: 0 },
      total: 150,
      raw,
    });
  });

  test.for([
    ["MI13", { num_cached_tokens: 4, prompt_tokens_details: { cached_tokens: 9 } }],
    ["MI13", { prompt_token_details: { cached_tokens: 4 } }],
    ["DS07", { prompt_cache_hit_tokens: 4 }],
    ["CP18", { cached_tokens: 4 }],
  ] as const)("%s cached tokens in %j", ([, more]) => {
    expect(usageOf({ prompt_tokens: 10, completion_tokens: 1, total_tokens: 11, ...more }).input).toMatchObject({
      total: 10,
      cacheRead: 4,
      uncached: 6,
    });
  });

  test("X34 missing usage is unknown, never zero", () => {
    expect(whole(body({ content: "x" })).usage).toEqual({ input: {}, output: {} });
    expect(usageOf({ prompt_tokens: null as never, completion_tokens: "5" as never })).toMatchObject({ input: {}, output: {} });
  });

  test("reasoning beside the completion: the host says so, its total does, or it is more than there could be", () => {
    const usage = { prompt_tokens: 1, completion_tokens: 5, reasoning_tokens: 3 };
    const apart = targetOf({ reasoningApart: true });
    const output = (more: object, target = targetOf()) =>
      whole(body({ content: "x" }, "stop", { usage: { ...usage, ...more } }), decodeContext(target)).usage.output;
    const beside = { total: 8, text: 5, reasoning: 3 };
    expect(output({ total_tokens: 6 }, apart)).toEqual(beside);
    expect(output({ total_tokens: 9 })).toEqual(beside);
    expect(output({ total_tokens: 6 })).toEqual({ total: 5, text: 2, reasoning: 3 });
    expect(output({ reasoning_tokens: 9 })).toEqual({ total: 14, text: 5, reasoning: 9 });
    expect(output({ reasoning_tokens: 9, prompt_tokens: null, total_tokens: 15 })).toEqual({ total: 14, text: 5, reasoning: 9 });
    expect(output({ total_tokens: 6, completion_tokens_details: { reasoning_tokens: 3 } }, apart)).toMatchObject({ total: 5 });
  });

  test("X35 reasoning above the completion never makes text negative", () => {
    expect(
      usageOf({ prompt_tokens: 1, completion_tokens: 5, total_tokens: 6, completion_tokens_details: { reasoning_tokens: 9 } }).output,
    ).toEqual({ total: 5, text: 0, reasoning: 5 });
  });

  test("XA10 reasoning and cache outside the counts, told by the sums; ticks become dollars", () => {
    const usage = usageOf({
      prompt_tokens: 12,
      completion_tokens: 2,
      total_tokens: 334,
      prompt_tokens_details: { cached_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 320 },
      cost_in_usd_ticks: 1_641_500,
    });
    expect(usage.output).toEqual({ total: 322, text: 2, reasoning: 320 });
    expect(usage.input).toMatchObject({ total: 32, uncached: 12, cacheRead: 20 });
    expect(usage.reportedCost).toBeCloseTo(0.000_164_15, 12);
  });

  test("costs that hosts report", () => {
    expect(usageOf({ prompt_tokens: 1, completion_tokens: 1, cost: 0.25 }).reportedCost).toBe(0.25);
    const perplexity = usageOf({
      prompt_tokens: 1,
      completion_tokens: 1,
      cost: { total_cost: 0.006, request_cost: 0.005 },
      num_search_queries: 3,
    });
    expect(perplexity.reportedCost).toBe(0.006);
    expect(perplexity.serverTools).toEqual({ web_search: 3 });
  });
});

test("a whole answer and its stream fold to the same", () => {
  const text = fc.string({ minLength: 1, maxLength: 12 });
  const message = fc.record(
    {
      reasoning_content: text,
      content: text,
      refusal: text,
      tool_calls: fc.uniqueArray(fc.record({ id: text, name: fc.constantFrom("f", "g"), args: fc.json() }), {
        maxLength: 3,
        selector: (each) => each.id,
      }),
    },
    { requiredKeys: [] },
  );
  const cut = (value: string) => [value.slice(0, 3), value.slice(3)];
  fc.assert(
    fc.property(
      message,
      fc.constantFrom("stop", "length", "tool_calls"),
      ({ reasoning_content, content, refusal, tool_calls = [] }, reason) => {
        const target = targetOf({ replayReasoning: "reasoning_content" });
        const wireCalls = tool_calls.map(({ id, name, args }) => ({ id, type: "function", function: { name, arguments: args } }));
        const usage = { prompt_tokens: 5, completion_tokens: 4, total_tokens: 9 };
        const fields = { ...(reasoning_content && { reasoning_content }), ...(content && { content }), ...(refusal && { refusal }) };
        const one = whole(body({ ...fields, tool_calls: wireCalls }, reason, { usage }), decodeContext(target));
        const frames = [
          ...Object.entries(fields).flatMap(([key, value]) => cut(value).map((piece) => chunk({ [key]: piece }))),
          ...wireCalls.flatMap(({ id, type, function: { name, arguments: args } }, index) => [
            chunk({ tool_calls: [{ index, id, type, function: { name, arguments: "" } }] }),
            ...cut(args).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
          ]),
          chunk({}, reason),
          { ...chunk({}), choices: [], usage },
          "[DONE]",
        ];
        const other: Accumulated = folded(frames, decodeContext(target));
        expect(other).toEqual(one);
      },
    ),
  );
});
