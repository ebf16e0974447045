import { describe, expect, test } from "vitest";
import fc from "../../support/fast-check.ts";
import { openaiChat } from "../../../src/codecs/openai-chat/index.ts";
import type { StreamEvent } from "../../../src/ir/event.ts";
import { CrosspointError } from "../../../src/ir/error.ts";
import { chunk, decodeContext, folded, hello, streamed, targetOf } from "./fixtures.ts";

const call = (entry: object) => chunk({ tool_calls: [entry as never] });
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const end = chunk({}, "stop");
const callsOf = (frames: Parameters<typeof folded>[0]) =>
  folded([...frames, chunk({}, "tool_calls"), "[DONE]"]).toolCalls.map(({ id, name, arguments: text }) => [id, name, text]);

describe("text", () => {
  test("X30 X52 X53 reasoning, text and calls become blocks in order", () => {
    const events = streamed([
      chunk({ role: "assistant", content: "" }),
      chunk({ reasoning_content: "Let" }),
      chunk({ reasoning_content: " me" }),
      chunk({ content: "Hi" }),
      chunk({ content: " there" }),
      call({ index: 0, id: "c1", type: "function", function: { name: "f", arguments: "" } }),
      call({ index: 0, function: { arguments: "{}" } }),
      chunk({}, "tool_calls"),
      "[DONE]",
    ]);
    expect(events.map((event) => event.type)).toEqual([
      "response-start",
      "reasoning-start",
      "reasoning-delta",
      "reasoning-delta",
      "reasoning-end",
      "text-start",
      "text-delta",
      "text-delta",
      "text-end",
      "tool-call-start",
      "tool-call-delta",
      "tool-call-end",
      "response-end",
    ]);
    expect(events[0]).toEqual({ type: "response-start", id: "chatcmpl-1", model: "m-1", created: 1 });
    expect(events.at(-1)).toEqual({ type: "response-end", finishReason: { unified: "tool-calls", raw: "tool_calls" } });
  });

  test("X31 empty texts make no parts", () => {
    expect(folded([chunk({ role: "assistant", content: "" }), end, "[DONE]"]).content).toEqual([]);
  });

  test("X52 later blocks have ids of their own", () => {
    const events = streamed([chunk({ content: "a" }), chunk({ reasoning: "b" }), chunk({ content: "c" }), end]);
    const ids = events.flatMap((event) => (event.type === "text-start" ? event.id : []));
    expect(new Set(ids).size).toBe(2);
  });

  test("the fast path and the slow path agree on any text", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom("content", "reasoning_content", "reasoning"),
        fc.constantFrom("plain", "padded", "spaced", "ascii", "changing"),
        (texts, field, form) => {
          const frames = texts.map((text, index) => {
            const frame = chunk(
              { [field]: text },
              null,
              form === "padded" ? { obfuscation: "x".repeat(index % 5) } : form === "changing" ? { tick: index } : {},
            );
            const data = JSON.stringify(frame, null, form === "spaced" ? " " : undefined);
            return form === "ascii"
              ? data.replaceAll(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)
              : data;
          });
          const response = folded([...frames, end, "[DONE]"]);
          expect(field === "content" ? response.text : response.reasoning).toBe(texts.join(""));
        },
      ),
    );
  });

  test("a frame that only looks like the one before is parsed", () => {
    const plain = JSON.stringify(chunk({ content: "a" }));
    const sly = plain.replace(
      '"content":"a"',
      '"content":"b","tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{}"}}],"x":"a"',
    );
    const response = folded([
      plain,
      plain,
      sly,
      plain.replace('"a"', '"\\u00e9\\n\\"q"'),
      plain.replace('"finish_reason":null', '"finish_reason":"stop"'),
    ]);
    expect(response.text).toBe('aabé\n"qa');
    expect(response.toolCalls.map((each) => each.name)).toEqual(["f"]);
  });

  test("a frame that tells more than its text is no template", () => {
    const annotations = [{ type: "url_citation", url_citation: { url: "https://a.example/" } }];
    const [part] = folded([chunk({ content: "a", annotations }), chunk({ content: "b", annotations }), end]).content;
    expect(part).toMatchObject({ type: "text", text: "ab", citations: [{}, {}] });
  });

  test("the fast path stops at a block's end", () => {
    const a = chunk({ content: "a" });
    const events = streamed([a, a, chunk({ reasoning: "r" }), a, a, end]);
    expect(events.filter((event) => event.type === "text-start")).toHaveLength(2);
  });

  test("MI05 MI06 content arrays of text, thinking and references keep their order", () => {
    const { content } = folded([
      chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "hm" }] }] }),
      chunk({
        content: [
          { type: "text", text: "A" },
          { type: "reference", reference_ids: [1, "b"] },
          { type: "text", text: "B" },
          { type: "thinking", thinking: [] },
        ],
      }),
      end,
    ]);
    expect(content).toEqual([
      { type: "reasoning", text: "hm" },
      { type: "text", text: "A" },
      { type: "source", source: { id: "1" } },
      { type: "source", source: { id: "b" } },
      { type: "text", text: "B" },
    ]);
  });

  test("CP02 reasoning_content wins over reasoning, and is not counted twice", () => {
    expect(
      folded([chunk({ reasoning_content: "a", reasoning: "a", reasoning_details: [{ type: "reasoning.text", text: "a", index: 0 }] }), end])
        .reasoning,
    ).toBe("a");
  });

  test("OC29 CP10 a refusal finishes as content filter, also in the finish chunk", () => {
    const response = folded([chunk({ refusal: "I " }), chunk({ refusal: "won't" }, "stop")]);
    expect(response.content).toEqual([{ type: "refusal", text: "I won't" }]);
    expect(response.finishReason).toEqual({ unified: "content-filter", raw: "stop" });
  });

  test("OC32 logprobs come from every chunk", () => {
    const probs = (token: string) => ({
      content: [{ token, logprob: -0.5, bytes: [97], top_logprobs: [{ token: "z", logprob: -2, bytes: null }] }],
      refusal: null,
    });
    const frame = (token: string) => ({
      ...chunk({}),
      choices: [{ index: 0, delta: { content: token }, logprobs: probs(token), finish_reason: null }],
    });
    const { content } = folded([frame("a"), frame("b"), end]);
    expect(content).toEqual([
      {
        type: "text",
        text: "ab",
        logprobs: ["a", "b"].map((token) => ({ token, logprob: -0.5, bytes: [97], top: [{ token: "z", logprob: -2 }] })),
      },
    ]);
  });

  test("MI01 a prefill that the host repeats is cut from the answer", () => {
    const context = decodeContext(targetOf({ prefixFlag: true }), {
      ...hello,
      messages: [...hello.messages, { role: "assistant", content: "Dear" }],
    });
    expect(folded([chunk({ content: "De" }), chunk({ content: "ar Sir" }), chunk({ content: "!" }), end], context).text).toBe(" Sir!");
    expect(folded([chunk({ content: "De" }), chunk({ content: "mo" }), end], context).text).toBe("Demo");
    expect(folded([chunk({ content: "De" }), end], context).text).toBe("De");
    expect(folded([chunk({ content: "Dear" }), end], context).content).toEqual([]);
  });
});

describe("tool calls", () => {
  test("X54 X56 deltas add up, one chunk is enough, an empty one after it adds nothing", () => {
    expect(
      callsOf([
        call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } }),
        call({ index: 0, id: "", type: "function", function: { arguments: "" } }),
        call({ index: 1, id: "b", type: "function", function: { name: "g", arguments: "" } }),
        call({ index: 1, function: { arguments: '{"y"' } }),
        call({ index: 1, function: { arguments: ":2}" } }),
      ]),
    ).toEqual([
      ["a", "f", '{"x":1}'],
      ["b", "g", '{"y":2}'],
    ]);
  });

  test("X55 a call stays open although its arguments are valid JSON already", () => {
    expect(
      callsOf([call({ index: 0, id: "a", function: { name: "f", arguments: "1" } }), call({ index: 0, function: { arguments: "2" } })]),
    ).toEqual([["a", "f", "12"]]);
  });

  test("X57 no arguments become an empty object", () => {
    expect(callsOf([call({ index: 0, id: "a", function: { name: "f" } })])).toEqual([["a", "f", "{}"]]);
  });

  test("X58 OC34 missing index and type", () => {
    expect(
      callsOf([
        call({ id: "a", function: { name: "f", arguments: "{" } }),
        call({ function: { arguments: "}" } }),
        call({ id: "b", function: { name: "f", arguments: "{}" } }),
      ]),
    ).toEqual([
      ["a", "f", "{}"],
      ["b", "f", "{}"],
    ]);
  });

  test("X58 an index that begins at 1, and one that is used again", () => {
    expect(
      callsOf([
        call({ index: 1, id: "a", function: { name: "f", arguments: '{"n":1}' } }),
        call({ index: 1, id: "b", function: { name: "f", arguments: '{"n":2}' } }),
        call({ index: 1, id: "", function: { name: "f", arguments: '{"n":3}' } }),
      ]),
    ).toEqual([
      ["a", "f", '{"n":1}'],
      ["b", "f", '{"n":2}'],
      ["call-new0", "f", '{"n":3}'],
    ]);
  });

  test("X58 an id that changes without a name continues the call", () => {
    expect(
      callsOf([
        call({ index: 0, id: "a", function: { name: "f", arguments: "{" } }),
        call({ index: 0, id: "zz", function: { arguments: "}" } }),
      ]),
    ).toEqual([["a", "f", "{}"]]);
  });

  test("X58 CP07 the same or no id on parallel calls becomes distinct ids", () => {
    const calls = callsOf([
      call({ index: 0, id: "x", function: { name: "f", arguments: "{}" } }),
      call({ index: 1, id: "x", function: { name: "f", arguments: "{}" } }),
      call({ index: 2, id: "", function: { name: "f", arguments: "{}" } }),
      call({ index: 3, function: { name: "f", arguments: "{}" } }),
    ]);
    expect(new Set(calls.map(([id]) => id)).size).toBe(4);
    expect(calls[0]![0]).toBe("x");
  });

  test("CP08 a name may come late or blank at first; a call without one is an error", () => {
    expect(
      callsOf([
        call({ index: 0, id: "a", function: { name: " ", arguments: '{"a"' } }),
        call({ index: 0, function: { name: "f", arguments: ":1" } }),
        call({ index: 0, function: { name: "", arguments: "}" } }),
      ]),
    ).toEqual([["a", "f", '{"a":1}']]);
    expect(() => callsOf([call({ index: 0, id: "a", function: { arguments: "{}" } })])).toThrow(
      expect.objectContaining({ code: "BAD_RESPONSE" }),
    );
  });

  test("X33 calls that finish with stop finish as tool calls", () => {
    expect(folded([call({ index: 0, id: "a", function: { name: "f", arguments: "{}" } }), end]).finishReason).toEqual({
      unified: "tool-calls",
      raw: "stop",
    });
  });

  test("arguments that are an object become JSON text", () => {
    expect(callsOf([call({ index: 0, id: "a", function: { name: "f", arguments: { b: [1] } } })])).toEqual([["a", "f", '{"b":[1]}']]);
  });

  test("X17 hostile names stay names", () => {
    expect(callsOf([call({ index: 0, id: "__proto__", function: { name: "constructor", arguments: '{"__proto__":1}' } })])).toEqual([
      ["__proto__", "constructor", '{"__proto__":1}'],
    ]);
    expect(({} as Record<string, unknown>)["1"]).toBeUndefined();
  });

  test("custom calls and the older function_call", () => {
    const custom = folded([
      call({ index: 0, id: "a", type: "custom", custom: { name: "sql", input: "SELECT" } }),
      call({ index: 0, custom: { input: " 1" } }),
      chunk({}, "tool_calls"),
    ]);
    expect(custom.toolCalls).toEqual([{ type: "tool-call", id: "a", name: "sql", arguments: "SELECT 1", custom: true }]);
    const legacy = folded([
      chunk({ function_call: { name: "f", arguments: "{" } }),
      chunk({ function_call: { arguments: "}" } }),
      chunk({}, "function_call"),
    ]);
    expect(legacy.toolCalls.map(({ name, arguments: text }) => [name, text])).toEqual([["f", "{}"]]);
    expect(legacy.finishReason).toEqual({ unified: "tool-calls", raw: "function_call" });
  });

  test("CP06 a thought signature rides on its call", () => {
    const { toolCalls } = folded([
      call({ index: 0, id: "a", function: { name: "f", arguments: "{}" }, extra_content: { google: { thought_signature: "SIG" } } }),
      end,
    ]);
    expect(toolCalls[0]!.opaque).toEqual([{ family: "lab", model: "m-1", kind: "thought-signature", data: "SIG" }]);
  });

  test("a namespace comes back from the declared tool", () => {
    const context = decodeContext(targetOf(), { ...hello, tools: [{ name: "f", namespace: "ns" }] });
    expect(folded([call({ index: 0, id: "a", function: { name: "f", arguments: "{}" } }), end], context).toolCalls[0]!.namespace).toBe(
      "ns",
    );
  });
});

describe("the end", () => {
  test("X65 OC27 usage after the finish chunk counts", () => {
    expect(folded([chunk({ content: "a" }), end, { ...chunk({}), choices: [], usage }, "[DONE]"]).usage.total).toBe(15);
  });

  test("GR07 usage in x_groq; Moonshot's in the choice", () => {
    expect(folded([chunk({ content: "a" }), chunk({}, "stop", { x_groq: { id: "r", usage } })]).usage.total).toBe(15);
    expect(folded([{ ...chunk({}), choices: [{ index: 0, delta: {}, finish_reason: "stop", usage }] }]).usage.total).toBe(15);
  });

  test("X59 CP11 a stream without a finish reason is interrupted", () => {
    for (const frames of [[chunk({ content: "a" })], [chunk({ content: "a" }), "[DONE]"], ["[DONE]"], []]) {
      expect(() => streamed(frames)).toThrow(expect.objectContaining({ code: "STREAM_INTERRUPTED" }));
    }
  });

  test("a finish without [DONE] is an end; frames after [DONE] are nothing", () => {
    const decoder = openaiChat.decodeStream(decodeContext());
    const out: StreamEvent[] = [];
    decoder.push(JSON.stringify(chunk({ content: "a" }, "stop")), undefined, out);
    expect(decoder.done).toBe(false);
    decoder.push("[DONE]", undefined, out);
    expect(decoder.done).toBe(true);
    const { length } = out;
    decoder.push(JSON.stringify(chunk({ content: "b" })), undefined, out);
    decoder.end(out);
    expect(out).toHaveLength(length);
  });

  test("X51 a malformed frame is skipped and reported", () => {
    const response = folded([chunk({ content: "a" }), '{"choices":[{', "[1]", chunk({ content: "b" }), end]);
    expect(response.text).toBe("ab");
    expect(response.warnings).toEqual(Array(2).fill({ type: "other", feature: "stream", details: "skipped a malformed frame" }));
  });

  test("X60 X61 CP12 OC35 GR08 error frames throw, with numeric codes, at any time", () => {
    const broken = { error: { message: "Slow down", code: 429 } };
    for (const frames of [[broken], [chunk({ content: "a" }), chunk({ content: "b" }), broken]]) {
      expect(() => streamed(frames)).toThrow(
        expect.objectContaining({ code: "RATE_LIMITED", status: 429, providerCode: "429", retryable: true }),
      );
    }
    expect(() => streamed([chunk({}, null, { x_groq: { error: "over capacity" } })])).toThrow(/^over capacity/);
    expect(() => streamed([{ object: "error", message: "too many tokens", code: 400, type: "BadRequestError" }])).toThrow(
      expect.objectContaining({ code: "BAD_REQUEST" }),
    );
    const decoder = openaiChat.decodeStream(decodeContext());
    expect(() => decoder.push("gone", "error", [])).toThrow(/^gone/);
  });

  test("OC33 CP09 Azure's first chunk has no choices, no id and no model", () => {
    const events = streamed([
      { id: "", object: "", created: 0, model: "", choices: [], prompt_filter_results: [{ prompt_index: 0 }] },
      chunk({ content: "a" }),
      end,
    ]);
    expect(events[0]).toEqual({ type: "response-start", id: "chatcmpl-1", model: "m-1", created: 1 });
    expect(events.at(-1)).toMatchObject({ providerMetadata: { lab: { prompt_filter_results: [{ prompt_index: 0 }] } } });
  });

  test("several choices, interleaved", () => {
    const at = (index: number, content: string, reason: string | null = null) => ({
      ...chunk({}),
      choices: [{ index, delta: { content }, finish_reason: reason }],
    });
    const { choices } = folded([at(0, "a"), at(1, "x"), at(0, "b"), at(1, "y", "length"), at(0, "", "stop")]);
    expect(choices).toEqual([
      { content: [{ type: "text", text: "ab" }], finishReason: { unified: "stop", raw: "stop" } },
      { content: [{ type: "text", text: "xy" }], finishReason: { unified: "length", raw: "length" } },
    ]);
    expect(() => folded([at(1e9, "a")])).toThrow(CrosspointError);
  });

  test("OC30 annotations of a stream become citations of its text", () => {
    const note = { type: "url_citation", url_citation: { url: "https://a.example/", title: "A", start_index: 1, end_index: 3 } };
    const { content, sources } = folded([chunk({ content: "abc" }), chunk({ annotations: [note] }), end]);
    expect(content).toEqual([
      {
        type: "text",
        text: "abc",
        citations: [
          { source: { url: "https://a.example/", title: "A" }, answerStart: 1, answerEnd: 3, raw: { family: "lab", value: note } },
        ],
      },
    ]);
    expect(sources).toHaveLength(1);
  });

  test("X37 CP18 XA13 sources beside the choices come once", () => {
    const more = { citations: ["https://a.example/", "https://b.example/", "https://a.example/"] };
    expect(folded([chunk({ content: "a" }, null, more), chunk({}, "stop", more)]).sources).toEqual([
      { url: "https://a.example/" },
      { url: "https://b.example/" },
    ]);
    const better = { ...more, search_results: [{ url: "https://a.example/", title: "A", date: "2026-01-01" }] };
    expect(folded([chunk({ content: "a" }, "stop", better)]).sources).toEqual([{ url: "https://a.example/", title: "A" }]);
  });

  test("sound is one part with its transcript", () => {
    const target = targetOf();
    const context = decodeContext(target, { ...hello, providerOptions: { "openai-chat": { audio: { format: "mp3", voice: "x" } } } });
    const pieces = [btoa("ab"), btoa("c"), btoa("def")];
    const { content } = folded(
      [
        chunk({ audio: { id: "aud_1", transcript: "He" } }),
        ...pieces.map((data) => chunk({ audio: { data } })),
        chunk({ audio: { transcript: "llo", expires_at: 7 } }),
        end,
      ],
      context,
    );
    expect(content).toEqual([
      {
        type: "file",
        mediaType: "audio/mpeg",
        data: { type: "base64", base64: btoa("abcdef") },
        transcript: "Hello",
        itemId: "aud_1",
        opaque: [{ family: "lab", model: "m-1", kind: "audio", data: "aud_1" }],
        providerOptions: { "openai-chat": { expires_at: 7 } },
      },
    ]);
  });

  test("hostile types never make a TypeError", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom("choice", "delta", "calls", "frame", "usage", "details"), (json, place) => {
        const value = JSON.parse(json) as never;
        const frame = {
          frame: value,
          choice: { choices: [value] },
          usage: { choices: [], usage: value },
          delta: chunk(value),
          calls: chunk({ tool_calls: [value, { index: 0, function: value }], audio: value, annotations: [value] }),
          details: chunk(
            { reasoning_details: [value, { type: "x", text: value }], content: [value], images: [value], function_call: value },
            "stop",
          ),
        }[place];
        try {
          streamed([frame, end]);
        } catch (error) {
          expect(CrosspointError.is(error)).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe("reasoning state", () => {
  const own = targetOf({ replayReasoning: "reasoning_details" });

  test("details are joined and ride on the reasoning they belong to", () => {
    const { content } = folded(
      [
        chunk({ reasoning: "a", reasoning_details: [{ type: "reasoning.text", text: "a", index: 0, format: "f" }] }),
        chunk({ reasoning: "b", reasoning_details: [{ type: "reasoning.text", text: "b", index: 0 }] }),
        chunk({ reasoning_details: [{ type: "reasoning.text", signature: "S", index: 0 }] }),
        chunk({ content: "Hi" }),
        chunk({ reasoning_details: [{ type: "reasoning.encrypted", data: "E", index: 1 }] }),
        end,
      ],
      decodeContext(own),
    );
    const states = content.flatMap((part) => part.opaque ?? []).map((each) => JSON.parse(each.data) as unknown);
    expect(content.map((part) => part.type)).toEqual(["reasoning", "text", "reasoning"]);
    expect(states).toEqual([
      [{ type: "reasoning.text", text: "ab", index: 0, format: "f", signature: "S" }],
      [{ type: "reasoning.encrypted", data: "E", index: 1 }],
    ]);
  });

  test("reasoning is marked as the host's own only where it may go back", () => {
    expect(folded([chunk({ reasoning: "a" }), end]).content).toEqual([{ type: "reasoning", text: "a" }]);
    expect(folded([chunk({ reasoning: "a" }), end], decodeContext(targetOf({ replayReasoning: "reasoning" }))).content).toEqual([
      { type: "reasoning", text: "a", opaque: [{ family: "lab", model: "m-1", kind: "reasoning", data: "" }] },
    ]);
  });
});
