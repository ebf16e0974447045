import { describe, expect, test } from "vitest";
import fc from "../../support/fast-check.ts";
import { gemini } from "../../../src/codecs/gemini/index.ts";
import { accumulate } from "../../../src/ir/accumulate.ts";
import { CrosspointError } from "../../../src/ir/error.ts";
import type { StreamEvent } from "../../../src/ir/event.ts";
import { candidate, checkEvents, contextOf, decodeFrames, decodeWhole, streamEvents, targetOf } from "./support.ts";

const signature = (data: string) => ({ family: "google", model: "gemini-3-pro-preview", kind: "thought-signature", data });
const stop = { finishReason: "STOP" };

describe("parts of an answer", () => {
  test("X30 X31 GG12 text, thoughts and calls keep their order; empty text makes no part", () => {
    const { content, text, reasoning } = decodeWhole(
      candidate(
        [
          { text: "hm", thought: true },
          { text: "A" },
          { text: "" },
          { functionCall: { id: "c1", name: "f", args: { a: 1 } } },
          { text: "B" },
        ],
        stop,
      ),
    );
    expect(content).toEqual([
      { type: "reasoning", text: "hm" },
      { type: "text", text: "A" },
      { type: "tool-call", id: "c1", name: "f", arguments: '{"a":1}' },
      { type: "text", text: "B" },
    ]);
    expect([text, reasoning]).toEqual(["AB", "hm"]);
  });

  test("GG08 a signature stays on the part it came with", () => {
    const { content } = decodeWhole(
      candidate(
        [
          { text: "x", thought: true, thoughtSignature: "s0" },
          { text: "a", thoughtSignature: "s1" },
          { text: "b" },
          { functionCall: { name: "f" }, thoughtSignature: "s2" },
          { functionCall: { name: "g" } },
          { inlineData: { mimeType: "image/png", data: "AAAA" }, thoughtSignature: "s3" },
        ],
        stop,
      ),
    );
    expect(content.map((part) => [part.type, part.opaque?.[0]?.data])).toEqual([
      ["reasoning", "s0"],
      ["text", "s1"],
      ["text", undefined],
      ["tool-call", "s2"],
      ["tool-call", undefined],
      ["file", "s3"],
    ]);
    expect(content[0]!.opaque).toEqual([signature("s0")]);
  });

  test("GG10 a signature on an empty text belongs to the text before it, or stands where it came", () => {
    const after = decodeFrames([candidate([{ text: "abc" }]), candidate([{ text: "", thoughtSignature: "s" }], stop)]);
    expect(after.content).toEqual([{ type: "text", text: "abc", opaque: [signature("s")] }]);
    const alone = decodeFrames([
      candidate([{ functionCall: { id: "c", name: "f", args: {} }, thoughtSignature: "s1" }]),
      candidate([{ text: "", thoughtSignature: "s2" }], stop),
    ]);
    expect(alone.content.map((part) => part.opaque?.[0]?.data)).toEqual(["s1", "s2"]);
  });

  test("GG27 X57 a call without arguments has {}", () => {
    expect(decodeWhole(candidate([{ functionCall: { name: "f" } }], stop)).toolCalls[0]!.arguments).toBe("{}");
  });

  test("X38 X58 a call without an id, or with one already used, gets its own", () => {
    const { toolCalls } = decodeWhole(
      candidate(
        [
          { functionCall: { name: "f" } },
          { functionCall: { id: "a", name: "f" } },
          { functionCall: { id: "a", name: "f" } },
          { functionCall: { id: "", name: "f" } },
        ],
        stop,
      ),
    );
    expect(new Set(toolCalls.map(({ id }) => id)).size).toBe(4);
    expect(toolCalls[1]!.id).toBe("a");
  });

  test("GG29 GG30 code execution and server tools stay blocks of this family, with finish stop", () => {
    const parts = [
      { executableCode: { language: "PYTHON", code: "1" } },
      { codeExecutionResult: { outcome: "OUTCOME_OK" }, thoughtSignature: "s" },
      { toolCall: { id: "t", toolType: "URL_CONTEXT", args: {} } },
      { toolResponse: { id: "t", toolType: "URL_CONTEXT", response: {} } },
    ];
    const { content, finishReason } = decodeWhole(candidate(parts, stop));
    expect(content.map((part) => part.type)).toEqual(["provider", "provider", "provider", "provider"]);
    expect(content[1]).toEqual({
      type: "provider",
      family: "google",
      codec: "gemini",
      raw: { codeExecutionResult: { outcome: "OUTCOME_OK" } },
      opaque: [signature("s")],
    });
    expect(finishReason.unified).toBe("stop");
    const { body } = gemini.encodeRequest(
      {
        model: "m",
        messages: [
          { role: "user", content: "q" },
          { role: "assistant", content },
        ],
      },
      targetOf(),
      false,
    );
    expect((body.contents as { parts: unknown[] }[])[1]!.parts).toEqual(parts);
  });

  test("GG12 GG32 a generated image is a file; one that was only thought is not", () => {
    const inlineData = { mimeType: "image/png", data: "iVBORw0KGgo=" };
    const { content } = decodeWhole(
      candidate([{ inlineData, thought: true }, { inlineData }, { fileData: { fileUri: "gs://b/x.png", mimeType: "image/png" } }], stop),
    );
    expect(content[0]).toMatchObject({ type: "provider", raw: { thought: true } });
    expect(content[1]).toEqual({ type: "file", mediaType: "image/png", data: { type: "base64", base64: "iVBORw0KGgo=" } });
    expect(content[2]).toMatchObject({ data: { type: "url", url: "gs://b/x.png" } });
  });

  test("a function that stands for a free-text tool gives its text back", () => {
    const context = contextOf({ tools: [{ type: "custom", name: "patch" }] });
    expect(
      decodeWhole(candidate([{ functionCall: { id: "c", name: "patch", args: { input: "*** Begin" } } }], stop), context).toolCalls,
    ).toEqual([{ type: "tool-call", id: "c", name: "patch", arguments: "*** Begin", custom: true }]);
  });

  test("log probabilities ride on the text", () => {
    const logprobsResult = {
      chosenCandidates: [{ token: "A", tokenId: 1, logProbability: -0.5 }],
      topCandidates: [
        {
          candidates: [
            { token: "A", logProbability: -0.5 },
            { token: "B", logProbability: -2 },
          ],
        },
      ],
    };
    const { content } = decodeWhole(candidate([{ text: "A" }], { ...stop, logprobsResult, avgLogprobs: -0.5 }));
    expect(content[0]).toMatchObject({
      logprobs: [
        {
          token: "A",
          logprob: -0.5,
          top: [
            { token: "A", logprob: -0.5 },
            { token: "B", logprob: -2 },
          ],
        },
      ],
    });
  });

  test("several candidates become choices", () => {
    const frames = [
      { candidates: [{ index: 1, content: { parts: [{ text: "b" }] } }] },
      { candidates: [{ index: 0, content: { parts: [{ text: "a" }] }, finishReason: "STOP" }] },
      { candidates: [{ index: 1, content: { parts: [{ text: "B" }] }, finishReason: "MAX_TOKENS", avgLogprobs: -1 }] },
    ];
    const answer = decodeFrames(frames);
    expect(answer.choices?.map(({ content, finishReason }) => [content, finishReason.unified])).toEqual([
      [[{ type: "text", text: "a" }], "stop"],
      [[{ type: "text", text: "bB" }], "length"],
    ]);
    expect(answer.providerMetadata).toEqual({ google: { otherCandidates: [{ avgLogprobs: -1 }] } });
  });

  test("an absurd candidate index neither hangs nor counts", () => {
    const answer = decodeWhole({ candidates: [{ index: 4e9, content: { parts: [{ text: "a" }] }, finishReason: "STOP" }] });
    expect(answer.text).toBe("a");
  });
});

describe("finish reasons", () => {
  test.each([
    ["STOP", "stop"],
    ["MAX_TOKENS", "length"],
    ["CONTINUATION", "length"],
    ["SAFETY", "content-filter"],
    ["RECITATION", "content-filter"],
    ["LANGUAGE", "content-filter"],
    ["BLOCKLIST", "content-filter"],
    ["PROHIBITED_CONTENT", "content-filter"],
    ["SPII", "content-filter"],
    ["IMAGE_SAFETY", "content-filter"],
    ["MALFORMED_FUNCTION_CALL", "error"],
    ["UNEXPECTED_TOOL_CALL", "other"],
    ["OTHER", "other"],
    ["SOMETHING_NEW", "other"],
    ["constructor", "other"],
  ])("GG23 X32 %s is %s", (raw, unified) => {
    expect(decodeWhole(candidate([{ text: "x" }], { finishReason: raw })).finishReason).toEqual({ unified, raw });
  });

  test("GG34 an answer that wants to go on tells how", () => {
    const answer = decodeWhole(candidate([{ text: "x" }], { finishReason: "CONTINUATION", continuationToken: "t" }));
    expect(answer.finishReason.unified).toBe("length");
    expect(JSON.stringify(answer.providerMetadata?.["google"])).toContain('"continuationToken":"t"');
  });

  test("GG23 X33 STOP with a call waits for the tool; a cut call does not", () => {
    const call = [{ functionCall: { name: "f" } }];
    expect(decodeWhole(candidate(call, stop)).finishReason).toEqual({ unified: "tool-calls", raw: "STOP" });
    expect(decodeWhole(candidate(call, { finishReason: "MAX_TOKENS" })).finishReason.unified).toBe("length");
  });

  test("GG24 a blocked prompt is content-filter with its reason, also when usage comes later", () => {
    const blocked = { promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, modelVersion: "m" };
    const usageMetadata = { promptTokenCount: 7, totalTokenCount: 7 };
    const whole = decodeWhole({ ...blocked, usageMetadata });
    expect(whole).toEqual(decodeFrames([blocked, { usageMetadata }]));
    expect(whole.finishReason).toEqual({ unified: "content-filter", raw: "PROHIBITED_CONTENT" });
    expect([whole.usage.input.total, whole.usage.output.total]).toEqual([7, 0]);
    expect(whole.providerMetadata).toEqual({ google: { promptFeedback: { blockReason: "PROHIBITED_CONTENT" } } });
  });
});

describe("usage", () => {
  test("GG25 C03 cached tokens are inside the prompt, thoughts and tool prompts beside it", () => {
    const usageMetadata = {
      promptTokenCount: 100,
      cachedContentTokenCount: 40,
      toolUsePromptTokenCount: 10,
      candidatesTokenCount: 20,
      thoughtsTokenCount: 30,
      totalTokenCount: 160,
      promptTokensDetails: [
        { modality: "TEXT", tokenCount: 60 },
        { modality: "AUDIO", tokenCount: 30 },
        { modality: "IMAGE", tokenCount: 10 },
      ],
      cacheTokensDetails: [{ modality: "AUDIO", tokenCount: 12 }],
      candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 8 }],
      trafficType: "ON_DEMAND_PRIORITY",
      novelty: 1,
    };
    const { usage, serviceTier } = decodeWhole(candidate([{ text: "x" }], stop, { usageMetadata }));
    expect(usage).toEqual({
      input: { total: 110, cacheRead: 40, uncached: 70, audio: 18, image: 10, cachedAudio: 12 },
      output: { total: 50, reasoning: 30, image: 8, text: 12 },
      total: 160,
      serviceTier: "priority",
      raw: usageMetadata,
    });
    expect(serviceTier).toBe("priority");
  });

  test("X34 missing usage is unknown, not zero", () => {
    expect(decodeWhole(candidate([{ text: "x" }], stop)).usage).toEqual({ input: {}, output: {} });
    expect(decodeWhole(candidate([{ text: "x" }], stop, { usageMetadata: { trafficType: "ON_DEMAND" } })).usage).toMatchObject({
      input: {},
      output: {},
    });
  });

  test("GG26 the last usage of a stream counts, also one in a frame that was not parsed", () => {
    const frame = (text: string, count: number, more = {}) =>
      candidate([{ text }], more, { usageMetadata: { promptTokenCount: 3, candidatesTokenCount: count, totalTokenCount: 3 + count } });
    expect(decodeFrames([frame("a", 1), frame("b", 2), frame("c", 3, stop)]).usage.output.total).toBe(3);
    // The finish reason comes without usage: that of the last text counts.
    expect(decodeFrames([frame("a", 1), frame("b", 2), frame("c", 3), candidate([], stop)]).usage.output.total).toBe(3);
  });

  test("searches are counted", () => {
    const groundingMetadata = { webSearchQueries: ["a", "b"] };
    const answer = decodeWhole(
      candidate(
        [{ text: "x" }],
        { ...stop, groundingMetadata },
        { usageMetadata: { promptTokenCount: 1, totalTokenCount: 2, candidatesTokenCount: 1 } },
      ),
    );
    expect(answer.usage.serverTools).toEqual({ google_search: 2 });
  });
});

describe("streams", () => {
  test("X52 X53 X54 X56 GG36 events of a stream", () => {
    const events = streamEvents([
      candidate([{ text: "hm", thought: true }], {}, { createTime: "2026-05-04T20:01:02.264968Z" }),
      candidate([{ text: "He" }]),
      candidate([{ text: "llo" }]),
      candidate([{ functionCall: { id: "c", name: "f", args: { q: "x" } } }]),
      candidate([{ text: "" }], stop),
    ]);
    expect(events).toEqual<StreamEvent[]>([
      { type: "response-start", id: "r1", model: "gemini-3-pro-preview", created: 1777924862 },
      { type: "reasoning-start", id: "r0" },
      { type: "reasoning-delta", id: "r0", text: "hm" },
      { type: "reasoning-end", id: "r0" },
      { type: "text-start", id: "t1" },
      { type: "text-delta", id: "t1", text: "He" },
      { type: "text-delta", id: "t1", text: "llo" },
      { type: "text-end", id: "t1" },
      { type: "tool-call-start", id: "c", name: "f" },
      { type: "tool-call-delta", id: "c", arguments: '{"q":"x"}' },
      { type: "tool-call-end", id: "c" },
      { type: "response-end", finishReason: { unified: "tool-calls", raw: "STOP" } },
    ]);
  });

  test("X51 a frame that is no JSON is skipped and told", () => {
    const answer = decodeFrames([candidate([{ text: "a" }]), '{"candidates":[{"con', "null", "[DONE]", candidate([{ text: "b" }], stop)]);
    expect(answer.text).toBe("ab");
    expect(answer.warnings).toEqual([
      { type: "other", feature: "stream", details: "skipped a malformed frame" },
      { type: "other", feature: "stream", details: "skipped a malformed frame" },
    ]);
  });

  test("a finish reason does not end the reading, a foreign end mark does", () => {
    const decoder = gemini.decodeStream(contextOf());
    decoder.push(JSON.stringify(candidate([{ text: "a" }], stop)), undefined, []);
    expect(decoder.done).toBe(false);
    decoder.push("[DONE]", undefined, []);
    expect(decoder.done).toBe(true);
  });

  test("X59 a stream that ends without a finish reason was cut", () => {
    expect(() => streamEvents([candidate([{ text: "a" }])])).toThrow(expect.objectContaining({ code: "STREAM_INTERRUPTED" }));
    expect(() => streamEvents([])).toThrow(expect.objectContaining({ code: "STREAM_INTERRUPTED" }));
  });

  test.each([
    ["RESOURCE_EXHAUSTED", undefined, "RATE_LIMITED", 429, true],
    ["UNAVAILABLE", undefined, "OVERLOADED", 503, true],
    ["INTERNAL", undefined, "SERVER", 500, true],
    ["INVALID_ARGUMENT", 400, "BAD_REQUEST", 400, false],
    ["DEADLINE_EXCEEDED", undefined, "TIMEOUT", 504, true],
  ])("GG33 X60 X61 an error frame %s", (status, code, unified, http, retryable) => {
    for (const wrap of [(each: unknown) => each, (each: unknown) => [each]]) {
      const frame = wrap({ error: { message: "no", status, ...(code === undefined ? undefined : { code }) } });
      expect(() => streamEvents([candidate([{ text: "a" }]), frame])).toThrow(
        expect.objectContaining({ code: unified, status: http, retryable, providerCode: status }),
      );
    }
  });

  test("X85 an error in a body with status 200", () => {
    expect(() => decodeWhole({ error: { code: 429, message: "slow down", status: "RESOURCE_EXHAUSTED" } })).toThrow(
      expect.objectContaining({ code: "RATE_LIMITED", status: 429 }),
    );
  });

  test.each([["x"], [null], [[]], [{}], [{ candidates: [] }], [[1]]])("X86 a body that answers nothing: %j", (body) => {
    expect(() => gemini.decodeResponse(body, contextOf())).toThrow(expect.objectContaining({ code: "BAD_RESPONSE" }));
  });

  test("GG28 a streamed string that goes on without having said so", () => {
    const part = (stringValue: string) =>
      candidate([{ functionCall: { partialArgs: [{ jsonPath: "$.a", stringValue }], willContinue: true } }]);
    const events = streamEvents([
      candidate([{ functionCall: { name: "f", willContinue: true } }]),
      part("one "),
      part("two"),
      candidate([{ functionCall: {} }], stop),
    ]);
    expect(accumulate(events).toolCalls[0]?.arguments).toBe('{"a":"one two"}');
  });

  test("GG28 streamed arguments: scalars, escapes, empty containers, a missing last frame", () => {
    const part = (partialArgs: unknown[], more = true) =>
      candidate([{ functionCall: { partialArgs, ...(more ? { willContinue: true } : {}) } }]);
    const events = streamEvents([
      candidate([{ functionCall: { id: "c", name: "f", willContinue: true } }]),
      part([{ jsonPath: "$.text", stringValue: 'a"\n', willContinue: true }]),
      part([{ jsonPath: "$.text", stringValue: "é}", willContinue: true }]),
      part([{ jsonPath: "$.text", stringValue: "" }]),
      part([
        { jsonPath: "$.n", numberValue: 1.5 },
        { jsonPath: "$.yes", boolValue: true },
        { jsonPath: "$.nil", nullValue: "NULL_VALUE" },
      ]),
      part([{ jsonPath: "$.list[0].x", numberValue: 0 }, { jsonPath: "$.list[1].x", numberValue: 1 }, { jsonPath: "$.list[]" }]),
      part([
        { jsonPath: "$.none[]" },
        { jsonPath: "$.empty" },
        { jsonPath: "$.grid[0][0]", numberValue: 1 },
        { jsonPath: "$.grid[0][1]", numberValue: 2 },
      ]),
      part([{ jsonPath: "$['a.b'].__proto__", stringValue: "own" }]),
      candidate([], stop),
    ]);
    expect(checkEvents(events)).toEqual([]);
    const text = accumulate(events).toolCalls[0]!.arguments;
    expect(text).toBe(
      '{"text":"a\\"\\né}","n":1.5,"yes":true,"nil":null,"list":[{"x":0},{"x":1}],"none":[],"empty":{},"grid":[[1,2]],"a.b":{"__proto__":"own"}}',
    );
  });

  test("X17 X55 hostile partial arguments stay JSON and cannot hang", () => {
    const path = fc
      .array(fc.constantFrom(".a", ".b", "[0]", "[1]", "[99999999]", "[]", ".__proto__", "['x']", "["), { maxLength: 5 })
      .map((all) => `$${all.join("")}`);
    const entry = fc.record(
      { jsonPath: path, stringValue: fc.string(), numberValue: fc.double(), boolValue: fc.boolean(), willContinue: fc.boolean() },
      { requiredKeys: ["jsonPath"] },
    );
    fc.assert(
      fc.property(fc.array(fc.array(entry)), (frames) => {
        const answer = decodeFrames([
          candidate([{ functionCall: { name: "f", willContinue: true } }]),
          ...frames.map((partialArgs) => candidate([{ functionCall: { partialArgs, willContinue: true } }])),
          candidate([], stop),
        ]);
        expect(typeof JSON.parse(answer.toolCalls[0]!.arguments)).toBe("object");
      }),
    );
  });

  test("a stream and a whole answer of the same parts are the same", () => {
    const maybe = { requiredKeys: [] as never[] };
    const part = fc.oneof(
      fc.record({ text: fc.string(), thought: fc.boolean(), thoughtSignature: fc.constantFrom("s1", "s2") }, { requiredKeys: ["text"] }),
      fc.record({ functionCall: fc.record({ name: fc.constantFrom("f", "g"), args: fc.dictionary(fc.string(), fc.jsonValue()) }) }),
      fc.record(
        { inlineData: fc.record({ mimeType: fc.constant("image/png"), data: fc.base64String() }), thoughtSignature: fc.constant("s3") },
        maybe,
      ),
      fc.record({ executableCode: fc.record({ code: fc.string() }) }),
    );
    fc.assert(
      fc.property(fc.array(part), fc.integer({ min: 0, max: 9 }), (parts, thoughtsTokenCount) => {
        const usageMetadata = { promptTokenCount: 5, candidatesTokenCount: 4, thoughtsTokenCount };
        const outer = { usageMetadata };
        const events = streamEvents([...parts.map((each) => candidate([each], {}, outer)), candidate([], stop, outer)]);
        expect(checkEvents(events)).toEqual([]);
        expect(accumulate(events)).toEqual(decodeWhole(candidate(parts, stop, outer)));
      }),
    );
  });

  test("the short way through text frames changes nothing", () => {
    const frames = fc.array(
      fc.record({
        text: fc.string({ unit: "grapheme" }),
        count: fc.nat(),
        usage: fc.boolean(),
        thought: fc.boolean(),
        pretty: fc.boolean(),
        index: fc.nat(1),
      }),
    );
    fc.assert(
      fc.property(frames, (given) => {
        const lines = given.map(({ text, count, usage, thought, pretty, index }) =>
          JSON.stringify(
            candidate(
              [thought ? { text, thought } : { text }],
              { index },
              usage ? { usageMetadata: { promptTokenCount: 1, candidatesTokenCount: count } } : {},
            ),
            null,
            pretty ? 1 : 0,
          ),
        );
        const end = { candidates: [0, 1].map((index) => ({ index, finishReason: "STOP" })) };
        const whole = decodeWhole([...lines.map((line) => JSON.parse(line) as unknown), end]);
        expect(decodeFrames([...lines, end])).toEqual(whole);
      }),
    );
  });

  test("hostile frames give an answer or a clear error", () => {
    const frame = fc.record(
      {
        candidates: fc.oneof(
          fc.jsonValue(),
          fc.array(
            fc.record(
              {
                content: fc.oneof(fc.jsonValue(), fc.record({ parts: fc.array(fc.jsonValue()) })),
                finishReason: fc.jsonValue(),
                index: fc.jsonValue(),
                groundingMetadata: fc.jsonValue(),
              },
              { requiredKeys: [] },
            ),
          ),
        ),
        usageMetadata: fc.jsonValue(),
        promptFeedback: fc.jsonValue(),
        createTime: fc.jsonValue(),
        modelVersion: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(frame), (frames) => {
        try {
          expect(checkEvents(streamEvents(frames))).toEqual([]);
        } catch (error) {
          if (!CrosspointError.is(error)) throw error;
        }
      }),
    );
  });
});

describe("sources", () => {
  const groundingMetadata = {
    webSearchQueries: ["q"],
    groundingChunks: [
      { web: { uri: "https://a.example/1", title: "A" } },
      { retrievedContext: { title: "doc", text: "the words", fileSearchStore: "fileSearchStores/s" } },
      { maps: { uri: "https://maps.example/p", title: "Place" } },
      { image: { sourceUri: "https://i.example", imageUri: "https://i.example/x.png" } },
      { web: { uri: "https://a.example/1", title: "A" } },
      {},
    ],
    groundingSupports: [
      { segment: { startIndex: 0, endIndex: 6, text: "Größ" }, groundingChunkIndices: [0] },
      { segment: { startIndex: 7, endIndex: 12 }, groundingChunkIndices: [1, 99, "x"] },
      { segment: { startIndex: 0, endIndex: 4, text: "not in the text" }, groundingChunkIndices: [2] },
    ],
  };

  test("GG31 X37 byte spans become UTF-16 spans; what no span names stands alone, once", () => {
    const frames = [candidate([{ text: "Größe " }]), candidate([{ text: "🙂 ok." }], { ...stop, groundingMetadata })];
    const answer = decodeFrames(frames);
    expect(answer).toEqual(decodeWhole(frames));
    const [text, ...sources] = answer.content;
    expect(text).toMatchObject({
      text: "Größe 🙂 ok.",
      citations: [
        { source: { url: "https://a.example/1", title: "A" }, answerStart: 0, answerEnd: 4 },
        { source: { fileId: "fileSearchStores/s", title: "doc" }, citedText: "the words" },
      ],
    });
    expect(sources).toEqual([
      { type: "source", source: { url: "https://maps.example/p", title: "Place" } },
      { type: "source", source: { url: "https://i.example" } },
    ]);
    expect(answer.providerMetadata?.google?.groundingMetadata).toEqual(groundingMetadata);
    expect(answer.sources).toHaveLength(4);
  });

  test("GG31 sources of a list that a later frame replaces are kept", () => {
    const ground = (uri: string) => ({ groundingMetadata: { groundingChunks: [{ web: { uri } }, { web: { uri: "https://b.example" } }] } });
    const answer = decodeFrames([
      candidate([{ text: "One" }], ground("https://a.example")),
      candidate([{ text: " two" }], { ...stop, ...ground("https://c.example") }),
    ]);
    expect(answer.sources).toEqual([{ url: "https://a.example" }, { url: "https://b.example" }, { url: "https://c.example" }]);
  });

  test("GG26 grounding that came before the last frame is kept", () => {
    const answer = decodeFrames([
      candidate([{ text: "Größe" }], { groundingMetadata }),
      candidate([{ text: "" }], { ...stop, groundingMetadata: {} }),
    ]);
    expect(answer.providerMetadata?.google?.groundingMetadata).toEqual(groundingMetadata);
    expect(answer.sources.length).toBeGreaterThan(0);
  });

  test("spans hold for any text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: "grapheme", minLength: 1 }),
        fc.string({ unit: "grapheme" }),
        (before, cited, after) => {
          const bytes = (each: string): number => new TextEncoder().encode(each).length;
          const metadata = {
            groundingChunks: [{ web: { uri: "https://a.example" } }],
            groundingSupports: [{ segment: { startIndex: bytes(before), endIndex: bytes(before + cited) }, groundingChunkIndices: [0] }],
          };
          const [part] = decodeWhole(candidate([{ text: before + cited + after }], { ...stop, groundingMetadata: metadata })).content;
          expect(part).toMatchObject({ citations: [{ answerStart: before.length, answerEnd: before.length + cited.length }] });
        },
      ),
    );
  });
});
