import fc from "../../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { anthropicMessages as codec } from "../../../src/codecs/anthropic-messages/index.ts";
import { accumulate } from "../../../src/ir/accumulate.ts";
import { CrosspointError } from "../../../src/ir/error.ts";
import type { StreamEvent } from "../../../src/ir/event.ts";
import { ask, block, claude, heard, message, play } from "./support.ts";

const text = (index: number, ...words: string[]) =>
  block(index, { type: "text", text: "" }, ...words.map((each) => ({ type: "text_delta", text: each })));

function failure(run: () => unknown): CrosspointError {
  try {
    run();
  } catch (error) {
    if (CrosspointError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("blocks", () => {
  test("AN34 text arrives in deltas between start and end", () => {
    expect(play(message(text(0, "Hel", "lo", " there")))).toEqual([
      { type: "response-start", id: "msg_1", model: "claude-test" },
      { type: "text-start", id: "t0" },
      { type: "text-delta", id: "t0", text: "Hel" },
      { type: "text-delta", id: "t0", text: "lo" },
      { type: "text-delta", id: "t0", text: " there" },
      { type: "text-end", id: "t0" },
      {
        type: "response-end",
        finishReason: { unified: "stop", raw: "end_turn" },
        usage: { input: { uncached: 3, total: 3 }, output: { total: 5, text: 5 }, total: 8, raw: { input_tokens: 3, output_tokens: 5 } },
      },
    ]);
  });

  test("the fast path never differs from parsing, whatever the text is", () => {
    const words = ["a", '"', "\\", "text", "}}", "text_delta", "\n", "é", "a", '"}}', "", " ", "0", "\\u0041", "𝄞"];
    expect(accumulate(play(message(text(0, ...words)))).text).toBe(words.join(""));
    const interleaved = message([
      { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "one" } },
      { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "two" } },
      { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "A" } },
      { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "three" } },
      { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "B" } },
      { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "C" } },
      { type: "content_block_stop", index: 0 },
      { type: "content_block_stop", index: 1 },
    ]);
    expect(accumulate(play(interleaved))).toMatchObject({ reasoning: "onetwothree", text: "ABC" });
  });

  test("a delta that only ends like the one before is read whole", () => {
    const frames = [
      '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}',
      '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"b"},"index":0,"delta":{"type":"text_delta","text":"c"}}',
    ];
    const all = message(text(0));
    const events = play([...all.slice(0, 2), ...frames, ...all.slice(2)]);
    expect(accumulate(events).text).toBe("ac");
  });

  test("a value that only happens to equal the words is no template", () => {
    const noted = (note: string) =>
      `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"},"note":{"n":"${note}"}}`;
    const all = message(text(0));
    expect(accumulate(play([...all.slice(0, 2), noted("x"), noted("y"), ...all.slice(2)])).text).toBe("xx");
  });

  test("AN35 thinking with one signature, redacted thinking, a signature on text is ignored", () => {
    const { content } = accumulate(
      play(
        message([
          ...block(
            0,
            { type: "thinking", thinking: "", signature: "" },
            { type: "thinking_delta", thinking: "hm" },
            { type: "signature_delta", signature: "S" },
          ),
          ...block(1, { type: "redacted_thinking", data: "R" }),
          ...block(2, { type: "text", text: "" }, { type: "text_delta", text: "ok" }, { type: "signature_delta", signature: "X" }),
        ]),
      ),
    );
    const state = { family: "anthropic", model: "claude-test" };
    expect(content).toEqual([
      { type: "reasoning", text: "hm", opaque: [{ ...state, kind: "signature", data: "S" }] },
      { type: "reasoning", text: "", form: "redacted", opaque: [{ ...state, kind: "redacted", data: "R" }] },
      { type: "text", text: "ok" },
    ]);
  });

  test("AN36 X57 tool input: empty deltas skipped, input of the start used when no deltas come, none means {}", () => {
    const call = (index: number, id: string, input: object, ...pieces: string[]) =>
      block(
        index,
        { type: "tool_use", id, name: "f", input: input as never },
        ...pieces.map((partial_json) => ({ type: "input_json_delta", partial_json })),
      );
    const events = play(message([...call(0, "a", {}, "", '{"x"', ":1}"), ...call(1, "b", { y: 2 }), ...call(2, "c", {}, "")], "tool_use"));
    expect(accumulate(events).toolCalls.map(({ id, arguments: args }) => [id, args])).toEqual([
      ["a", '{"x":1}'],
      ["b", '{"y":2}'],
      ["c", "{}"],
    ]);
    expect(events.filter((event) => event.type === "tool-call-delta" && event.id === "a")).toHaveLength(2);
    expect(accumulate(events).finishReason).toEqual({ unified: "tool-calls", raw: "tool_use" });
  });

  test("X38 X58 an empty or repeated tool-call id gets a new one", () => {
    const call = (index: number, id: string) => block(index, { type: "tool_use", id, name: "f", input: {} });
    const ids = accumulate(play(message([...call(0, ""), ...call(1, "a"), ...call(2, "a")], "tool_use"))).toolCalls.map((each) => each.id);
    expect(new Set(ids).size).toBe(3);
    expect(ids[1]).toBe("a");
    expect(ids).not.toContain("");
  });

  test("X31 empty text blocks are not shown", () => {
    expect(play(message(text(0, ""))).map((event) => event.type)).toEqual(["response-start", "response-end"]);
  });

  test("a caller other than direct stays with the call", () => {
    const caller = { type: "code_execution_20250825", tool_id: "srv" };
    const events = play(
      message([
        ...block(0, { type: "tool_use", id: "a", name: "f", input: {}, caller }),
        ...block(1, { type: "tool_use", id: "b", name: "f", input: {}, caller: { type: "direct" } }),
      ]),
    );
    expect(accumulate(events).toolCalls).toEqual([
      { type: "tool-call", id: "a", name: "f", arguments: "{}", providerOptions: { "anthropic-messages": { caller } } },
      { type: "tool-call", id: "b", name: "f", arguments: "{}" },
    ]);
  });

  test("a call of a free-form tool gives its text back", () => {
    const context = heard(claude(), ask({ tools: [{ type: "custom", name: "patch" }] }));
    const events = play(
      message(
        block(
          0,
          { type: "tool_use", id: "a", name: "patch", input: {} },
          { type: "input_json_delta", partial_json: '{"input":"*** ' },
          { type: "input_json_delta", partial_json: 'x\\n"}' },
        ),
      ),
      context,
    );
    expect(accumulate(events).toolCalls).toEqual([{ type: "tool-call", id: "a", name: "patch", arguments: "*** x\n", custom: true }]);
  });

  test("AN40 citations become citations with their raw form", () => {
    const page = {
      type: "page_location",
      cited_text: "w",
      document_index: 0,
      document_title: "D",
      file_id: "file_1",
      start_page_number: 1,
      end_page_number: 2,
    };
    const web = { type: "web_search_result_location", cited_text: "v", url: "https://a.example", title: "A", encrypted_index: "E" };
    const { content, sources } = accumulate(
      play(
        message(
          block(
            0,
            { type: "text", text: "" },
            { type: "text_delta", text: "x" },
            { type: "citations_delta", citation: page },
            { type: "citations_delta", citation: web },
          ),
        ),
      ),
    );
    expect(content).toEqual([
      {
        type: "text",
        text: "x",
        citations: [
          { source: { title: "D", fileId: "file_1" }, citedText: "w", raw: { family: "anthropic", value: page } },
          { source: { url: "https://a.example", title: "A" }, citedText: "v", raw: { family: "anthropic", value: web } },
        ],
      },
    ]);
    expect(sources).toHaveLength(2);
  });

  test("AN41 server tools stay raw, in place, and web search gives sources", () => {
    const results = {
      type: "web_search_tool_result",
      tool_use_id: "s",
      content: [{ type: "web_search_result", url: "https://a.example", title: null, encrypted_content: "E" }],
    };
    const { content } = accumulate(
      play(
        message([
          ...text(0, "a"),
          ...block(
            1,
            { type: "server_tool_use", id: "s", name: "web_search", input: {} },
            { type: "input_json_delta", partial_json: '{"query":' },
            { type: "input_json_delta", partial_json: '"q"}' },
          ),
          ...block(2, results),
          ...block(3, {
            type: "web_search_tool_result",
            tool_use_id: "t",
            content: { type: "web_search_tool_result_error", error_code: "unavailable" },
          }),
          ...text(4, "b"),
        ]),
      ),
    );
    const provider = { type: "provider", family: "anthropic", codec: "anthropic-messages" };
    expect(content).toEqual([
      { type: "text", text: "a" },
      { ...provider, raw: { type: "server_tool_use", id: "s", name: "web_search", input: { query: "q" } } },
      { ...provider, raw: results },
      { type: "source", source: { url: "https://a.example" } },
      {
        ...provider,
        raw: {
          type: "web_search_tool_result",
          tool_use_id: "t",
          content: { type: "web_search_tool_result_error", error_code: "unavailable" },
        },
      },
      { type: "text", text: "b" },
    ]);
  });

  test("compaction grows from its deltas", () => {
    const { content } = accumulate(
      play(
        message(
          block(
            0,
            { type: "compaction", content: null },
            { type: "compaction_delta", content: "one " },
            { type: "compaction_delta", content: "two" },
          ),
          "compaction",
        ),
      ),
    );
    expect(content).toEqual([
      { type: "provider", family: "anthropic", codec: "anthropic-messages", raw: { type: "compaction", content: "one two" } },
    ]);
  });

  test("deltas without a start open their block; those of no known kind are ignored", () => {
    const frames = message([
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "x" } },
      { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: "{" } },
      { type: "content_block_stop", index: 7 },
      { type: "novelty", index: 0 },
    ]);
    expect(accumulate(play(frames)).content).toEqual([{ type: "text", text: "x" }]);
  });

  test("X17 hostile keys do not pollute", () => {
    const frame = '{"type":"content_block_start","index":"__proto__","content_block":{"type":"odd","__proto__":{"polluted":1}}}';
    const all = message([]);
    const grow = '{"type":"content_block_delta","index":"__proto__","delta":{"type":"odd_delta","__proto__":{"polluted":1}}}';
    play([all[0]!, frame, grow, ...all.slice(1)]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    const { content } = accumulate(
      play([all[0]!, '{"type":"content_block_start","index":0,"content_block":{"type":"constructor"}}', ...all.slice(1)]),
    );
    expect(content).toMatchObject([{ type: "provider", raw: { type: "constructor" } }]);
  });
});

describe("the end", () => {
  test.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["pause_turn", "stop"],
    ["tool_use", "tool-calls"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["refusal", "content-filter"],
    ["compaction", "other"],
    ["toString", "other"],
  ])("AN30 %s means %s", (raw, unified) => {
    expect(accumulate(play(message([], raw))).finishReason).toEqual({ unified, raw });
  });

  test("AN31 the stop sequence that was met is told", () => {
    const frames = message([]).map((frame) =>
      frame["type"] === "message_delta" ? { ...frame, delta: { stop_reason: "stop_sequence", stop_sequence: "END" } } : frame,
    );
    expect(accumulate(play(frames)).finishReason).toEqual({ unified: "stop", raw: "stop_sequence", stopSequence: "END" });
  });

  test("AN30 stop details, container and context management are kept", () => {
    const frames = message([]).map((frame) =>
      frame["type"] === "message_delta"
        ? {
            ...frame,
            delta: { stop_reason: "refusal", stop_details: { type: "refusal", category: "bio" } },
            context_management: { applied_edits: [] },
          }
        : frame,
    );
    expect(accumulate(play(frames)).providerMetadata).toEqual({
      anthropic: { stop_details: { type: "refusal", category: "bio" }, context_management: { applied_edits: [] } },
    });
  });

  test("X59 a stream without stop reason is interrupted, with what was seen already out", () => {
    const out: StreamEvent[] = [];
    const decoder = codec.decodeStream(heard());
    for (const frame of message(text(0, "half")).slice(0, 4)) decoder.push(JSON.stringify(frame), undefined, out);
    expect(failure(() => decoder.end(out)).code).toBe("STREAM_INTERRUPTED");
    expect(decoder.done).toBe(false);
    expect(failure(() => play([])).code).toBe("STREAM_INTERRUPTED");
  });

  test("a stop reason without message_stop is an end, and closes what is open", () => {
    const frames = message(text(0, "x"));
    const events = play([...frames.slice(0, 3), ...frames.slice(4, 5)]);
    expect(events.map((event) => event.type)).toEqual(["response-start", "text-start", "text-delta", "text-end", "response-end"]);
  });

  test("X51 a malformed frame is skipped and reported", () => {
    const [first, ...others] = message(text(0, "x"));
    const { text: words, warnings } = accumulate(play([first!, "{oops", "null", "[]", ...others]));
    expect(words).toBe("x");
    expect(warnings).toEqual([{ type: "other", feature: "stream", details: "skipped a malformed frame" }]);
  });

  test("X67 pings are ignored, also before the start", () => {
    expect(accumulate(play([{ type: "ping" }, ...message([{ type: "ping" }, ...text(0, "x")])])).text).toBe("x");
  });

  test("AN37 a repeated message_start with the same id is ignored, another id while the answer is open is an error", () => {
    const frames = message(text(0, "x"));
    expect(accumulate(play([frames[0]!, ...frames])).text).toBe("x");
    const other = { type: "message_start", message: { id: "msg_2", content: [] } };
    expect(failure(() => play([...frames.slice(0, 3), other, ...frames.slice(3)])).code).toBe("BAD_RESPONSE");
  });

  test.each([
    ["overloaded_error", "OVERLOADED", 529],
    ["rate_limit_error", "RATE_LIMITED", 429],
    ["api_error", "SERVER", 500],
    ["invalid_request_error", "BAD_REQUEST", 400],
    ["novel_error", "SERVER", 500],
  ])("AN38 X60 an error event %s throws %s", (type, code, status) => {
    const error = failure(() => play([{ type: "error", error: { type, message: "No." } }]));
    expect(error).toMatchObject({ code, status, providerCode: type, message: "No." });
  });
});

describe("usage", () => {
  const usageOf = (start: object, delta: object) => {
    const frames = message([], "end_turn", delta as never);
    (frames[0]!["message"] as Record<string, unknown>)["usage"] = start;
    return accumulate(play(frames)).usage;
  };

  test("AN32 AN33 C01 totals, cache split, server tools, tier; message_delta overwrites", () => {
    const usage = usageOf(
      {
        input_tokens: 10,
        cache_creation_input_tokens: 7,
        cache_read_input_tokens: null,
        cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 },
        output_tokens: 1,
        service_tier: "priority",
        speed: "fast",
      },
      {
        input_tokens: 12,
        cache_read_input_tokens: 5,
        output_tokens: 30,
        output_tokens_details: { thinking_tokens: 20 },
        server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 },
      },
    );
    expect(usage).toMatchObject({
      input: { total: 24, uncached: 12, cacheRead: 5, cacheWrite: 7, cacheWriteByTtl: { "5m": 3, "1h": 4 } },
      output: { total: 30, reasoning: 20, text: 10 },
      total: 54,
      serverTools: { web_search: 2, web_fetch: 0 },
      serviceTier: "fast",
    });
    expect(usage.raw).toMatchObject({ speed: "fast", input_tokens: 12 });
  });

  test("AN32 C01 iterations of message and compaction are summed, an advisor's are not, after a fallback the top counts", () => {
    const run = (type: string, input_tokens: number, output_tokens: number) => ({ type, input_tokens, output_tokens });
    const plain = usageOf({ input_tokens: 1, output_tokens: 1, service_tier: "priority", speed: "standard", inference_geo: "us" }, {});
    expect(plain).toMatchObject({ serviceTier: "priority", region: "us" });
    const summed = usageOf(
      { input_tokens: 1, output_tokens: 1 },
      { output_tokens: 8, iterations: [run("compaction", 100, 5), run("message", 10, 8), run("advisor_message", 1000, 1000)] },
    );
    expect(summed).toMatchObject({ input: { total: 110 }, output: { total: 13 }, serverTools: { advisor: 1 } });
    const cached = usageOf({ input_tokens: 1, output_tokens: 1 }, { cache_read_input_tokens: 7, iterations: [run("message", 10, 8)] });
    expect(cached).toMatchObject({ input: { total: 17, cacheRead: 7 }, output: { total: 8 } });
    const fallback = usageOf(
      { input_tokens: 1, output_tokens: 1 },
      { input_tokens: 12, output_tokens: 9, iterations: [run("message", 11, 0), run("fallback_message", 12, 9)] },
    );
    expect(fallback).toMatchObject({ input: { total: 12 }, output: { total: 9 } });
  });

  test("a split by lifetime that no longer fits its count is dropped", () => {
    const usage = usageOf(
      { input_tokens: 1, cache_creation_input_tokens: 7, cache_creation: { ephemeral_5m_input_tokens: 7 }, output_tokens: 1 },
      { cache_creation_input_tokens: 9, output_tokens: 2 },
    );
    expect(usage.input).toMatchObject({ cacheWrite: 9 });
    expect(usage.input.cacheWriteByTtl).toBeUndefined();
  });

  test("X34 no usage is unknown, not zero", () => {
    const frames = message([]).map((frame) => {
      const { usage: _usage, ...rest } = frame;
      return rest;
    });
    (frames[0] as { message: Record<string, unknown> }).message = { id: "m", content: [] };
    expect(accumulate(play(frames)).usage).toEqual({ input: {}, output: {} });
  });
});

describe("a whole answer", () => {
  const body = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-test",
    content: [
      { type: "thinking", thinking: "hm", signature: "S" },
      { type: "redacted_thinking", data: "R" },
      { type: "text", text: "one", citations: [{ type: "char_location", cited_text: "c", document_index: 0, document_title: null }] },
      { type: "tool_use", id: "a", name: "f", input: { x: [1] } },
      { type: "code_execution_tool_result", tool_use_id: "s", content: {} },
    ],
    stop_reason: "tool_use",
    stop_sequence: null,
    container: { id: "c" },
    usage: { input_tokens: 3, output_tokens: 5 },
  };

  test("gives what its stream would have given", () => {
    const streamed = play(
      message(
        [
          ...block(
            0,
            { type: "thinking", thinking: "" },
            { type: "thinking_delta", thinking: "h" },
            { type: "thinking_delta", thinking: "m" },
            { type: "signature_delta", signature: "S" },
          ),
          ...block(1, { type: "redacted_thinking", data: "R" }),
          ...block(
            2,
            { type: "text", text: "" },
            { type: "text_delta", text: "one" },
            { type: "citations_delta", citation: body.content[2]!.citations![0]! as never },
          ),
          ...block(3, { type: "tool_use", id: "a", name: "f", input: {} }, { type: "input_json_delta", partial_json: '{"x":[1]}' }),
          ...block(4, { type: "code_execution_tool_result", tool_use_id: "s", content: {} }),
        ],
        "tool_use",
      ).map((frame) =>
        frame["type"] === "message_delta" ? { ...frame, delta: { stop_reason: "tool_use", container: { id: "c" } } } : frame,
      ),
    );
    expect(accumulate(codec.decodeResponse(body, heard()))).toEqual(accumulate(streamed));
  });

  test.each([undefined, null, "x", [], {}, { content: "x" }, { content: [1] }])("X86 %j is no answer", (bad) => {
    expect(failure(() => codec.decodeResponse(bad, heard())).code).toBe("BAD_RESPONSE");
  });

  test("X85 an error inside a 200 is thrown", () => {
    expect(
      failure(() => codec.decodeResponse({ type: "error", error: { type: "overloaded_error", message: "Busy" } }, heard())),
    ).toMatchObject({ code: "OVERLOADED", message: "Busy" });
  });

  test("odd types are tolerated", () => {
    const odd = {
      id: 1,
      model: null,
      content: [{ type: "text", text: 5 }, { type: 3 }, { type: "tool_use", input: "x" }],
      stop_reason: 7,
      usage: "none",
    };
    const { finishReason, toolCalls } = accumulate(codec.decodeResponse(odd, heard()));
    expect(finishReason).toEqual({ unified: "other" });
    expect(toolCalls).toMatchObject([{ name: "", arguments: '"x"' }]);
  });
});

test("no frames, however odd, make it crash or leave a block open", () => {
  const odd = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom<unknown>({}, [], null, "text", 0));
  const kind = fc.constantFrom("text", "thinking", "redacted_thinking", "tool_use", "web_search_tool_result", "__proto__", 5);
  const blockOf = fc.record(
    {
      type: kind,
      text: odd,
      thinking: odd,
      data: odd,
      signature: odd,
      id: odd,
      name: odd,
      input: odd,
      content: odd,
      citations: odd,
      caller: odd,
    },
    { requiredKeys: [] },
  );
  const change = fc.record(
    {
      type: fc.constantFrom("text_delta", "thinking_delta", "input_json_delta", "signature_delta", "citations_delta", "odd"),
      text: odd,
      thinking: odd,
      partial_json: odd,
      citation: odd,
    },
    { requiredKeys: ["type"] },
  );
  const frame = fc.oneof(
    fc.record({ type: fc.constant("content_block_start"), index: fc.nat(2), content_block: fc.oneof(blockOf, odd) }),
    fc.record({ type: fc.constant("content_block_delta"), index: fc.nat(2), delta: fc.oneof(change, odd) }),
    fc.record({ type: fc.constant("content_block_stop"), index: fc.nat(2) }),
    fc.record({ type: fc.constant("message_start"), message: fc.oneof(fc.record({ id: odd, model: odd, usage: odd, content: odd }), odd) }),
    fc.record({
      type: fc.constant("message_delta"),
      delta: odd,
      usage: fc.oneof(fc.record({ input_tokens: odd, iterations: odd, cache_creation: odd, server_tool_use: odd }), odd),
    }),
    fc.record({ type: odd }),
  );
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 12 }), (frames) => {
      let events: StreamEvent[];
      try {
        events = play([...frames.map((each) => JSON.stringify(each)), '{"type":"message_stop"}']);
      } catch (error) {
        if (!CrosspointError.is(error)) throw error;
        return;
      }
      const open = new Set<string>();
      for (const event of events) {
        if (event.type.endsWith("-start") && event.type !== "response-start") open.add((event as { id: string }).id);
        if (event.type.endsWith("-end") && event.type !== "response-end") expect(open.delete((event as { id: string }).id)).toBe(true);
      }
      expect(open.size).toBe(0);
      expect(events[0]!.type).toBe("response-start");
      expect(events.filter(({ type }) => type === "response-start" || type === "response-end")).toHaveLength(2);
      expect(() => accumulate(events)).not.toThrow();
    }),
    { numRuns: 500 },
  );
});
