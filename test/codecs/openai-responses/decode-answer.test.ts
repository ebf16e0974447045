import fc from "../../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { accumulate, CrosspointError, type JSONObject, type StreamEvent } from "../../../src/ir/index.ts";
import { openaiResponses } from "../../../src/codecs/openai-responses/index.ts";
import { decodeContext, folded, framesOf, response, streamed } from "./support.ts";

function message(text: string, over: JSONObject = {}): JSONObject {
  return {
    type: "message",
    id: "msg_1",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text, annotations: [] }],
    ...over,
  };
}
const call = { type: "function_call", id: "fc_1", call_id: "call_1", name: "f", arguments: '{"a":1}', status: "completed" };

function decodeWhole(body: unknown): ReturnType<typeof accumulate> {
  return accumulate(openaiResponses.decodeResponse(body, decodeContext()));
}

function thrown(run: () => unknown): CrosspointError {
  try {
    run();
  } catch (error) {
    if (CrosspointError.is(error)) return error;
    throw error;
  }
  return expect.unreachable() as never;
}

/** Every block is started once, before its deltas, and ended once, before the end. */
function expectDiscipline(events: readonly StreamEvent[]): void {
  const open = new Set<string>();
  const seen = new Set<string>();
  for (const event of events) {
    if (event.type.endsWith("-start") && event.type !== "response-start") {
      const { id } = event as { id: string };
      expect(seen.has(id)).toBe(false);
      seen.add(id);
      open.add(id);
    } else if (event.type.endsWith("-delta")) expect(open.has((event as { id: string }).id)).toBe(true);
    else if (event.type.endsWith("-end") && event.type !== "response-end") expect(open.delete((event as { id: string }).id)).toBe(true);
  }
  expect(open.size).toBe(0);
  expect(events.at(-1)?.type).toBe("response-end");
}

const rich: JSONObject[] = [
  {
    type: "reasoning",
    id: "rs_1",
    summary: [
      { type: "summary_text", text: "first thought" },
      { type: "summary_text", text: "second" },
    ],
    encrypted_content: "gAAA",
  },
  message("Look: this", { phase: "commentary" }),
  {
    type: "web_search_call",
    id: "ws_1",
    status: "completed",
    action: {
      type: "search",
      query: "q",
      sources: [
        { type: "url", url: "https://s.example" },
        { type: "api", name: "weather" },
      ],
    },
  },
  {
    type: "message",
    id: "msg_2",
    role: "assistant",
    status: "completed",
    phase: "final_answer",
    content: [
      {
        type: "output_text",
        text: "Héllo 🌍",
        annotations: [
          { type: "url_citation", url: "https://a.example", title: "A", start_index: 0, end_index: 5 },
          { type: "file_citation", file_id: "file-1", filename: "a.pdf", index: 3 },
          { type: "container_file_citation", container_id: "c", file_id: "file-2", filename: "b", start_index: 1, end_index: 2 },
          { type: "file_path", file_id: "file-3", index: 1 },
          { type: "url_citation", url: "https://b.example" },
        ],
      },
      { type: "output_text", text: "second part", annotations: [] },
    ],
  },
  { type: "reasoning", id: "rs_2", summary: [], content: [{ type: "reasoning_text", text: "in full" }] },
  { type: "image_generation_call", id: "ig_1", status: "completed", result: "AAAA", output_format: "webp" },
  { ...call, namespace: "ns", caller: { type: "direct" } },
  { type: "custom_tool_call", id: "ctc_1", call_id: "call_2", name: "g", input: "free text" },
  { type: "compaction", id: "cmp_1", encrypted_content: "zzz" },
];
const usage = {
  input_tokens: 100,
  input_tokens_details: {
    cached_tokens: 40,
    cache_write_tokens: 10,
    cache_write_tokens_details: { ttl_30m_tokens: 10, ttl_12h_tokens: 0 },
  },
  output_tokens: 50,
  output_tokens_details: { reasoning_tokens: 20 },
  total_tokens: 150,
  orchestration_input_tokens: 7,
};

describe("a whole answer and its stream", () => {
  test("OR26 OR27 X30 X54 are the same, part by part", () => {
    const events = streamed(framesOf(rich, { usage }));
    expectDiscipline(events);
    const wholly = decodeWhole(response({ output: rich, usage }));
    expect(accumulate(events)).toEqual(wholly);
    expect(wholly.content.map((part) => part.type)).toEqual([
      "reasoning",
      "reasoning",
      "text",
      "provider",
      "source",
      "source",
      "text",
      "text",
      "reasoning",
      "file",
      "provider",
      "tool-call",
      "tool-call",
      "provider",
    ]);
    expect(wholly.content[0]).toEqual({ type: "reasoning", text: "first thought", form: "summary", itemId: "rs_1" });
    expect(wholly.content[1]).toMatchObject({ opaque: [{ family: "openai", model: "gpt-5", kind: "encrypted-content", data: "gAAA" }] });
    expect(wholly.content[8]).toMatchObject({ form: "raw", text: "in full" });
    expect(wholly.content[9]).toEqual({ type: "file", mediaType: "image/webp", data: { type: "base64", base64: "AAAA" }, itemId: "ig_1" });
    expect(wholly.content[11]).toMatchObject({
      id: "call_1",
      name: "f",
      arguments: '{"a":1}',
      namespace: "ns",
      itemId: "fc_1",
      providerOptions: { "openai-responses": { caller: { type: "direct" } } },
    });
    expect(wholly.content[12]).toMatchObject({ custom: true, arguments: "free text" });
    expect(wholly.content[13]).toMatchObject({ raw: rich[8] });
    expect(wholly).toMatchObject({ id: "resp_1", model: "gpt-5-2025", created: 1_780_000_000 });
  });

  test("OR32 X37 annotations of every kind, optional fields missing", () => {
    const text = decodeWhole(response({ output: rich })).content[6];
    expect(text).toMatchObject({
      phase: "final_answer",
      citations: [
        { source: { url: "https://a.example", title: "A" }, answerStart: 0, answerEnd: 5, raw: { family: "openai" } },
        { source: { fileId: "file-1", filename: "a.pdf" } },
        { source: { fileId: "file-2", filename: "b" }, answerStart: 1, answerEnd: 2 },
        { source: { fileId: "file-3" } },
        { source: { url: "https://b.example" } },
      ],
    });
  });

  test("an annotation that names nothing is no source", () => {
    const content = [{ type: "output_text", text: "x", annotations: [{ type: "url_citation" }] }];
    expect(decodeWhole(response({ output: [message("x", { content })] })).sources).toEqual([]);
  });

  test("OR25 usage in disjoint buckets, the provider's object beside them", () => {
    const { usage: read } = decodeWhole(
      response({ output: rich, usage, service_tier: "flex", tool_usage: { web_search: { num_requests: 4 } } }),
    );
    expect(read).toEqual({
      input: { total: 100, uncached: 50, cacheRead: 40, cacheWrite: 10, cacheWriteByTtl: { "30m": 10, "12h": 0 } },
      output: { total: 50, text: 30, reasoning: 20 },
      total: 150,
      serverTools: { web_search: 4 },
      serviceTier: "flex",
      raw: usage,
    });
    expect(decodeWhole(response({ output: [] })).usage).toEqual({ input: {}, output: {} });
  });

  test("XA09 XA10 xAI's cost and cached tokens outside the total", () => {
    const { usage: read } = decodeWhole(
      response({
        output: [],
        usage: {
          input_tokens: 10,
          input_tokens_details: { cached_tokens: 30 },
          output_tokens: 1,
          cost_in_usd_ticks: 123_456,
          server_side_tool_usage_details: { x_search_calls: 2, mcp_calls: 0 },
        },
      }),
    );
    expect(read.input).toMatchObject({ total: 40, uncached: 10, cacheRead: 30 });
    expect(read.reportedCost).toBeCloseTo(0.0000123456, 12);
    expect(read.serverTools).toEqual({ x_search: 2 });
  });

  test.each([
    ["OR24 X33 a call makes it tool-calls", { output: [call] }, "tool-calls"],
    ["OR24 plain", { output: [message("x")] }, "stop"],
    ["OR24 XA11 length", { output: [call], status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }, "length"],
    ["OR24 filtered", { output: [], status: "incomplete", incomplete_details: { reason: "content_filter" } }, "content-filter"],
    ["X32 an unknown reason", { output: [], status: "incomplete", incomplete_details: { reason: "steered" } }, "other"],
    [
      "X32 a reason that is a key of every object",
      { output: [], status: "incomplete", incomplete_details: { reason: "constructor" } },
      "other",
    ],
    ["OR24 a refusal", { output: [message("", { content: [{ type: "refusal", refusal: "no" }] })] }, "content-filter"],
    ["OR24 a refusal beside a call", { output: [message("", { content: [{ type: "refusal", refusal: "no" }] }), call] }, "tool-calls"],
    ["X33 only calls of the caller count", { output: [rich[2]!] }, "stop"],
    ["a typed tool that waits for the caller", { output: [{ type: "apply_patch_call", id: "ap_1", call_id: "call_1" }] }, "tool-calls"],
    ["a typed tool that the provider ran", { output: [{ type: "computer_call", id: "cu_1" }] }, "stop"],
    ["cancelled", { output: [], status: "cancelled" }, "other"],
  ] as const)("%s", (_name, over, unified) => {
    expect(decodeWhole(response(over as never)).finishReason.unified).toBe(unified);
  });

  test("X31 empty texts are no parts", () => {
    expect(decodeWhole(response({ output: [message("")] })).content).toEqual([]);
    expect(folded(framesOf([message("")])).content).toEqual([]);
  });

  test("X38 a call without an id, and one with an id already used, get new ones", () => {
    const { toolCalls } = decodeWhole(response({ output: [{ ...call, call_id: "" }, call, { ...call, id: "fc_2" }] }));
    const ids = toolCalls.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids).toContain("call_1");
  });

  test("X57 a call without arguments has an empty object", () => {
    expect(decodeWhole(response({ output: [{ ...call, arguments: "" }] })).toolCalls[0]?.arguments).toBe("{}");
    expect(folded(framesOf([{ ...call, arguments: "" }])).toolCalls[0]?.arguments).toBe("{}");
  });

  test("OR37 the service tier, logprobs and what no field holds", () => {
    const logprobs = [{ token: "x", logprob: -0.5, bytes: [120], top_logprobs: [{ token: "y", logprob: -1, bytes: [121] }] }];
    const answer = decodeWhole(
      response({
        service_tier: "priority",
        moderation: { flagged: false },
        output: [message("", { content: [{ type: "output_text", text: "x", logprobs }] })],
      }),
    );
    expect(answer.serviceTier).toBe("priority");
    expect(answer.providerMetadata).toEqual({ openai: { moderation: { flagged: false } } });
    expect(answer.content[0]).toMatchObject({
      logprobs: [{ token: "x", logprob: -0.5, bytes: [120], top: [{ token: "y", logprob: -1, bytes: [121] }] }],
    });
  });

  test("X17 keys that name prototypes stay data", () => {
    const item = JSON.parse('{"type":"x_call","id":"x","__proto__":{"polluted":1},"constructor":2}') as JSONObject;
    const body = JSON.stringify(response({ output: [item], ["__proto__2"]: 1 })).replace("__proto__2", "__proto__");
    const { content, providerMetadata } = decodeWhole(JSON.parse(body));
    expect(content).toHaveLength(1);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.getPrototypeOf(providerMetadata?.["openai"] ?? {})).toBe(Object.prototype);
  });
});

describe("streams of other hosts", () => {
  const created = { type: "response.created", response: response() };
  const completed = { type: "response.completed", response: response() };

  test("OR28 ids that change on the way do not matter", () => {
    let changes = 0;
    const frames = framesOf(rich).map((frame) => {
      const copy: Record<string, unknown> = { ...frame };
      if ("item_id" in copy) copy["item_id"] = `changed_${changes++}`;
      if (frame["item"] !== undefined) copy["item"] = { ...(frame["item"] as JSONObject), id: `changed_${changes++}` };
      return copy as JSONObject;
    });
    const events = streamed(frames);
    expectDiscipline(events);
    const texts = (parts: ReturnType<typeof folded>["content"]): unknown[] =>
      parts.map((part) => ("text" in part ? part.text : "arguments" in part ? part.arguments : part.type));
    expect(texts(accumulate(events).content)).toEqual(texts(decodeWhole(response({ output: rich })).content));
  });

  test("CP17 frames that do not say which item they belong to are told by its id, or belong to the open one", () => {
    const items = [message("Hello", { id: "msg_7" }), { ...call, id: "fc_7" }];
    const bare = (drop: readonly string[]) =>
      framesOf(items).map((frame) => Object.fromEntries(Object.entries(frame).filter(([key]) => !drop.includes(key))));
    for (const drop of [["output_index"], ["output_index", "item_id"]]) {
      expect(folded(bare(drop) as JSONObject[])).toEqual(folded(framesOf(items)));
    }
  });

  test("CP17 a call that is announced without its id has the one of its end", () => {
    const { call_id: _callId, ...announced } = call;
    const frames = framesOf([call]).map((frame) =>
      frame["type"] === "response.output_item.added" ? { ...frame, item: { ...announced, arguments: "" } } : frame,
    );
    expect(folded(frames as JSONObject[]).toolCalls).toEqual(folded(framesOf([call])).toolCalls);
  });

  test("CP17 a call whose arguments and name are not repeated at its end, or that has no deltas", () => {
    const { arguments: _arguments, name: _name, call_id: _callId, ...rest } = call;
    const frames = framesOf([call]).filter((frame) => frame["type"] !== "response.function_call_arguments.delta");
    const ended = frames.map((frame) => (frame["type"] === "response.output_item.done" ? { ...frame, item: rest } : frame));
    expect(folded(ended as JSONObject[]).toolCalls).toEqual(folded(framesOf([call])).toolCalls);
  });

  test("OR29 a provisional call id is replaced at the end", () => {
    const added = { type: "response.output_item.added", output_index: 0, item: { ...call, call_id: "provisional", arguments: "" } };
    const done = { type: "response.output_item.done", output_index: 0, item: call };
    const delta = (item_id: string): JSONObject => ({
      type: "response.function_call_arguments.delta",
      output_index: 0,
      item_id,
      delta: '{"a":1}',
    });
    expect(folded([created, added, delta("fc_1"), done, completed]).toolCalls).toMatchObject([{ id: "call_1", arguments: '{"a":1}' }]);
    const rotating = streamed([created, added, delta("fc_other"), done, completed]);
    expect(rotating.find((event) => event.type === "tool-call-start")).toMatchObject({ id: "call_1" });
    expect(accumulate(rotating).toolCalls).toMatchObject([{ id: "call_1", arguments: '{"a":1}' }]);
  });

  test("XA08 X56 only what deltas left out is taken from the end of an item", () => {
    const at = { output_index: 0, content_index: 0, item_id: "msg_1" };
    const added = { type: "response.output_item.added", output_index: 0, item: { ...message(""), content: [] } };
    const done = { type: "response.output_item.done", output_index: 0, item: message("Hello") };
    const delta = (text: string): JSONObject => ({ type: "response.output_text.delta", ...at, delta: text });
    expect(
      folded([created, added, delta("Hel"), delta("lo"), { type: "response.output_text.done", ...at, text: "Hello" }, done, completed])
        .text,
    ).toBe("Hello");
    expect(folded([created, added, delta("Hel"), done, completed]).text).toBe("Hello");
    expect(folded([created, added, { type: "response.output_text.done", ...at, text: "Hello" }, done, completed]).text).toBe("Hello");
    expect(folded([created, added, delta("Other"), done, completed]).text).toBe("Other");
    expect(folded([created, done, done, completed]).text).toBe("Hello");
    expect(folded([created, { ...completed, response: response({ output: [message("Hello")] }) }]).text).toBe("Hello");
    expect(folded([created, added, delta("Hello"), done, { ...completed, response: response({ output: [message("Hello")] }) }]).text).toBe(
      "Hello",
    );
  });

  test("XA07 reasoning without its part frames, and CP17 reasoning that is never finished", () => {
    const item = { type: "reasoning", id: "rs_1", summary: [] };
    const at = { output_index: 0, item_id: "rs_1" };
    const frames = [
      created,
      { type: "response.output_item.added", output_index: 0, item },
      { type: "response.reasoning_text.delta", ...at, content_index: 0, delta: "a" },
      { type: "response.reasoning_text.delta", ...at, content_index: 0, delta: "b" },
      completed,
    ];
    const events = streamed(frames);
    expectDiscipline(events);
    expect(accumulate(events).content).toEqual([{ type: "reasoning", text: "ab", form: "raw", itemId: "rs_1" }]);
  });

  test("X55 X58 calls side by side, their frames mixed, without announcement", () => {
    const second = { ...call, id: "fc_2", call_id: "call_2", arguments: '{"b":2}' };
    const frames = [
      framesOf([call]).slice(1, -1),
      framesOf([second])
        .slice(1, -1)
        .map((frame) => ({ ...frame, output_index: 1 })),
    ];
    const mixed = frames[0]!.flatMap((frame, index) => [frame, frames[1]![index]!]);
    const events = streamed([created, ...mixed, completed]);
    expectDiscipline(events);
    expect(accumulate(events).toolCalls.map(({ id, arguments: text }) => [id, text])).toEqual([
      ["call_1", '{"a":1}'],
      ["call_2", '{"b":2}'],
    ]);
    const unannounced = framesOf([call]).filter(({ type }) => type !== "response.output_item.added");
    expect(folded(unannounced).toolCalls).toMatchObject([{ id: "call_1", name: "f", arguments: '{"a":1}' }]);
  });

  test("X51 a malformed frame is skipped and reported, X67 unknown frames and pings are passed over", () => {
    const answer = folded([
      created,
      "{not json",
      "[]",
      { type: "keepalive" },
      { type: "response.shell_call_command.delta", delta: "x" },
      "[DONE]",
      ...framesOf([message("Hello")]).slice(1),
    ]);
    expect(answer.text).toBe("Hello");
    expect(answer.warnings).toEqual([{ type: "other", feature: "stream", details: "skipped a malformed frame" }]);
  });

  test("OR26 an annotation that only its own frame brings", () => {
    const annotation = { type: "url_citation", url: "https://a.example" };
    const frames = framesOf([message("Hello")]).filter(({ type }) => type !== "response.content_part.done");
    frames.splice(-2, 0, { type: "response.output_text.annotation.added", output_index: 0, content_index: 0, annotation });
    expect(folded(frames).sources).toEqual([{ url: "https://a.example" }]);
  });

  test("X52 blocks are opened and closed in order, whatever comes", () => {
    const names = [
      "output_text",
      "refusal",
      "reasoning_text",
      "reasoning_summary_text",
      "function_call_arguments",
      "custom_tool_call_input",
    ];
    const types = [
      ...names.flatMap((name) => [`response.${name}.delta`, `response.${name}.done`]),
      "response.output_item.added",
      "response.output_item.done",
      "response.content_part.done",
      "response.output_text.annotation.added",
    ];
    const items = fc.constantFrom<JSONObject>(
      { ...call, arguments: "" },
      { ...call, name: "" },
      { ...call, call_id: "call_2" },
      message("Hello"),
      { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "hm" }], encrypted_content: "x" },
      { type: "custom_tool_call", id: "fc_1", call_id: "call_1", name: "g", input: "x" },
      { type: "x_call", id: "x" },
    );
    const frame = fc.record({
      type: fc.constantFrom(...types),
      output_index: fc.nat(2),
      content_index: fc.nat(1),
      item_id: fc.constantFrom("fc_1", "other"),
      delta: fc.constantFrom("a", "b", ""),
      text: fc.constantFrom("ab", "a"),
      item: items,
      part: fc.constantFrom({ type: "output_text", text: "ab" }, { type: "refusal", refusal: "ab" }),
      annotation: fc.constant({ type: "url_citation", url: "https://a.example" }),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 14 }), fc.array(items, { maxLength: 3 }), (frames, output) => {
        const events = streamed([...(frames as JSONObject[]), { ...completed, response: response({ output }) }]);
        expectDiscipline(events);
        accumulate(events);
      }),
      { numRuns: 500 },
    );
  });

  test("hostile frames never make a TypeError", () => {
    const junk = [null, 1, "x", [], {}, { id: 1 }, [null], { type: 5 }];
    for (const type of [
      "response.created",
      "response.output_item.added",
      "response.output_item.done",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_text.annotation.added",
      "response.function_call_arguments.delta",
      "response.completed",
      "error",
      "response.failed",
    ]) {
      for (const value of junk) {
        const decoder = openaiResponses.decodeStream(decodeContext());
        const frame = {
          type,
          response: value,
          item: value,
          delta: value,
          part: value,
          annotation: value,
          text: value,
          logprobs: value,
          output_index: value,
          error: value,
        };
        try {
          decoder.push(JSON.stringify(frame), undefined, []);
        } catch (error) {
          expect(CrosspointError.is(error)).toBe(true);
        }
      }
    }
    for (const value of junk) {
      for (const body of [
        value,
        { output: value },
        response({ output: [value] as never, usage: value as never, incomplete_details: value as never }),
      ]) {
        try {
          openaiResponses.decodeResponse(body, decodeContext());
        } catch (error) {
          expect(CrosspointError.is(error)).toBe(true);
        }
      }
    }
    const odd = { type: "message", id: {}, content: [{ type: "output_text", text: 5, annotations: "x", logprobs: [1, {}] }, 7] };
    expect(
      decodeWhole(
        response({
          output: [
            odd,
            { type: "function_call", arguments: { a: 1 }, call_id: 4 },
            { type: "reasoning", summary: [1, { text: 2 }] },
          ] as never,
        }),
      ).toolCalls,
    ).toMatchObject([{ arguments: '{"a":1}' }]);
  });
});

describe("failures", () => {
  test("X59 a stream that ends early is interrupted", () => {
    expect(thrown(() => streamed(framesOf([message("Hello")]).slice(0, -1))).code).toBe("STREAM_INTERRUPTED");
    expect(thrown(() => streamed([])).code).toBe("STREAM_INTERRUPTED");
  });

  test.each([
    [
      "OR30 X60 nested",
      { type: "error", error: { type: "insufficient_quota", code: "insufficient_quota", message: "You exceeded", param: null } },
      "QUOTA_EXCEEDED",
    ],
    ["X61 flat", { type: "error", code: "rate_limit_exceeded", message: "slow down", param: null }, "RATE_LIMITED"],
    [
      "OR30 XA11 failed",
      { type: "response.failed", response: response({ status: "failed", error: { code: "server_error", message: "oops" } }) },
      "SERVER",
    ],
    ["XA12 no type", { code: "invalid-argument", error: "The model does not exist" }, undefined],
  ] as const)("%s error frames throw", (_name, frame, code) => {
    const error = thrown(() => streamed([...framesOf([message("Hello")]).slice(0, 4), frame as never]));
    if (code !== undefined) expect(error.code).toBe(code);
    expect(error.message).toMatch(/exceeded|slow down|oops|does not exist/);
  });

  test.each([
    [
      "X85 OpenAI",
      { error: { message: "You exceeded your current quota", type: "insufficient_quota", code: "insufficient_quota" } },
      "QUOTA_EXCEEDED",
    ],
    ["X85 XA12 xAI", { code: "The caller does not have permission", error: "no access" }, "PERMISSION_DENIED"],
    ["X85 failed", response({ status: "failed", error: { code: "rate_limit_exceeded", message: "limit" } }), "RATE_LIMITED"],
    ["X86 nothing", { id: "x" }, "BAD_RESPONSE"],
    ["X86 no object", "hello", "BAD_RESPONSE"],
  ] as const)("%s in a 200 body", (_name, body, code) => {
    expect(thrown(() => decodeWhole(body)).code).toBe(code);
  });

  test("OR31 Chat Completions received by mistake", () => {
    const chunk = { id: "x", object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "x" } }] };
    for (const run of [() => streamed([chunk]), () => decodeWhole({ object: "chat.completion", choices: [] })]) {
      const error = thrown(run);
      expect(error).toMatchObject({ code: "BAD_RESPONSE", retryable: false });
      expect(error.message).toContain("openai-chat");
    }
  });

  test.each([
    ["X81 X84 quota", 429, { error: { type: "insufficient_quota", code: "insufficient_quota", message: "m" } }, "QUOTA_EXCEEDED", false],
    ["X81 rate", 429, { error: { type: "requests", code: "rate_limit_exceeded", message: "m" } }, "RATE_LIMITED", true],
    ["X87 context", 400, { error: { code: "context_length_exceeded", message: "m" } }, "CONTEXT_WINDOW_EXCEEDED", false],
    [
      "X87 context in words",
      400,
      { error: { message: "Your input exceeds the context window of this model." } },
      "CONTEXT_WINDOW_EXCEEDED",
      false,
    ],
    [
      "X87 policy",
      400,
      { error: { code: "invalid_prompt", message: "Invalid prompt: violating our usage policy" } },
      "CONTENT_POLICY",
      false,
    ],
    ["X81 key", 401, { error: { code: "invalid_api_key", message: "m" } }, "AUTHENTICATION", false],
    ["X81 model", 404, { error: { code: "model_not_found", message: "m" } }, "MODEL_NOT_FOUND", false],
    ["X80 html", 502, "<html><title>Bad gateway</title></html>", "SERVER", true],
    ["X80 empty", 503, undefined, "OVERLOADED", true],
  ] as const)("%s", (_name, status, body, code, retryable) => {
    const headers = new Headers({ "x-request-id": "req_1", "retry-after": "2" });
    expect(openaiResponses.decodeError(status, body, headers)).toMatchObject({
      code,
      retryable,
      requestId: "req_1",
      retryAfter: 2000,
      status,
    });
  });
});

test.for(["__proto__", "constructor", "toString"])("a frame or part of the type %s is passed over", (type) => {
  const decoder = openaiResponses.decodeStream(decodeContext());
  const out: StreamEvent[] = [];
  decoder.push(JSON.stringify({ type, delta: "x", output_index: 0 }), undefined, out);
  decoder.push(JSON.stringify({ type: "response.content_part.done", part: { type, text: "x" }, output_index: 0 }), undefined, out);
  expect(out).toEqual([]);
});
