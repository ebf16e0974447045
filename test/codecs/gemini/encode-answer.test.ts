import { describe, expect, test } from "vitest";
import fc from "../../support/fast-check.ts";
import { gemini } from "../../../src/codecs/gemini/index.ts";
import { accumulate, type Accumulated } from "../../../src/ir/accumulate.ts";
import { eventsOf } from "../../../src/ir/events-of.ts";
import type { Opaque, Part } from "../../../src/ir/content.ts";
import type { FinishReason } from "../../../src/ir/response.ts";
import { candidate, decodeFrames, decodeWhole, encodeContextOf, responseOf } from "./support.ts";

function answerOf(content: readonly Part[], more: Partial<Accumulated> = {}): Accumulated {
  return {
    model: "m",
    content,
    text: "",
    reasoning: "",
    toolCalls: [],
    sources: [],
    finishReason: { unified: "stop" },
    usage: { input: {}, output: {} },
    warnings: [],
    id: "r1",
    ...more,
  };
}

const whole = (answer: Accumulated) => gemini.encodeResponse(responseOf(answer), encodeContextOf()) as Record<string, never>;
const framesOf = (answer: Accumulated): string[] => {
  const text = gemini.encodeStream(encodeContextOf()).push([...eventsOf(answer)]);
  expect(text.endsWith("\r\n\r\n")).toBe(true);
  return text
    .split("\r\n\r\n")
    .filter((frame) => frame !== "")
    .map((frame) => {
      expect(frame.startsWith("data: ")).toBe(true);
      return frame.slice(6);
    });
};

describe("an answer of this wire passes unchanged", () => {
  const body = {
    candidates: [
      {
        content: {
          parts: [
            { text: "hm", thought: true },
            { text: "Größe", thoughtSignature: "s" },
            { executableCode: { code: "1" } },
            { inlineData: { mimeType: "image/png", data: "AA==" } },
          ],
          role: "model",
        },
        finishReason: "RECITATION",
        index: 0,
        finishMessage: "why",
        safetyRatings: [{ category: "c", probability: "LOW" }],
        groundingMetadata: { webSearchQueries: ["q"], groundingChunks: [{ web: { uri: "https://a.example", title: "A" } }] },
        avgLogprobs: -1,
        continuationToken: "t",
      },
      { content: { parts: [{ text: "two" }], role: "model" }, finishReason: "MAX_TOKENS", index: 1, avgLogprobs: -2 },
    ],
    usageMetadata: {
      promptTokenCount: 1,
      candidatesTokenCount: 2,
      thoughtsTokenCount: 3,
      totalTokenCount: 6,
      promptTokensDetails: [{ modality: "TEXT", tokenCount: 1 }],
      trafficType: "ON_DEMAND",
    },
    modelStatus: { stage: "STABLE" },
    modelVersion: "gemini-3-pro-preview",
    createTime: "2026-05-04T20:01:02.000Z",
    responseId: "r1",
  };

  test("whole", () => {
    expect(whole(decodeWhole(body))).toEqual(body);
  });

  test("as a stream", () => {
    const answer = decodeWhole(body);
    const again = decodeFrames(framesOf(answer));
    expect(again).toEqual(answer);
  });

  test("GG24 a blocked prompt has no candidates", () => {
    const blocked = {
      promptFeedback: { blockReason: "SAFETY" },
      usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 },
      modelVersion: "m",
      responseId: "r1",
    };
    expect(whole(decodeWhole(blocked))).toEqual(blocked);
    expect(decodeFrames(framesOf(decodeWhole(blocked)))).toEqual(decodeWhole(blocked));
  });

  test("log probabilities", () => {
    const logprobsResult = {
      chosenCandidates: [{ token: "A", logProbability: -0.5 }],
      topCandidates: [{ candidates: [{ token: "B", logProbability: -1 }] }],
    };
    const answer = decodeWhole(candidate([{ text: "A" }], { finishReason: "STOP", logprobsResult }));
    expect(whole(answer)).toMatchObject({ candidates: [{ logprobsResult }] });
    expect(decodeFrames(framesOf(answer))).toEqual(answer);
  });
});

describe("an answer of another provider", () => {
  test.each<[FinishReason, string]>([
    [{ unified: "stop", raw: "end_turn" }, "STOP"],
    [{ unified: "tool-calls", raw: "tool_use" }, "STOP"],
    [{ unified: "length", raw: "max_tokens" }, "MAX_TOKENS"],
    [{ unified: "content-filter", raw: "refusal" }, "SAFETY"],
    [{ unified: "content-filter", raw: "SPII" }, "SPII"],
    [{ unified: "error" }, "OTHER"],
    [{ unified: "other", raw: "pause_turn" }, "OTHER"],
    [{ unified: "stop", raw: "MAX_TOKENS" }, "STOP"],
  ])("finish %j", (finishReason, word) => {
    expect(whole(answerOf([{ type: "text", text: "x" }], { finishReason }))).toMatchObject({ candidates: [{ finishReason: word }] });
  });

  test("its citations and sources are grounding, with byte spans", () => {
    const answer = answerOf([
      {
        type: "text",
        text: "Größe 🙂 ok",
        citations: [{ source: { url: "https://a.example", title: "A" }, answerStart: 6, answerEnd: 8 }, { source: { fileId: "f1" } }],
      },
      { type: "source", source: { url: "https://a.example" } },
      { type: "source", source: { url: "https://b.example" } },
    ]);
    const groundingMetadata = {
      groundingChunks: [
        { web: { title: "A", uri: "https://a.example" } },
        { retrievedContext: { uri: "f1" } },
        { web: { uri: "https://b.example" } },
      ],
      groundingSupports: [{ segment: { startIndex: 8, endIndex: 12, text: "🙂" }, groundingChunkIndices: [0] }],
    };
    expect(whole(answer)).toMatchObject({ candidates: [{ groundingMetadata }] });
    expect(JSON.parse(framesOf(answer).at(-1)!)).toMatchObject({ candidates: [{ groundingMetadata }] });
    expect(decodeWhole(whole(answer)).content[0]).toMatchObject({
      citations: [{ source: { url: "https://a.example" }, answerStart: 6, answerEnd: 8 }],
    });
  });

  test("state without an envelope, blocks of other wires and bad arguments", () => {
    const opaque: Opaque[] = [{ family: "openai", kind: "encrypted-content", data: "secret" }];
    const answer = answerOf([
      { type: "reasoning", text: "", opaque },
      { type: "reasoning", text: "", opaque: [{ ...opaque[0]!, sealed: "xp1.x" }] },
      { type: "provider", family: "anthropic", codec: "anthropic-messages", raw: { type: "server_tool_use" } },
      { type: "refusal", text: "no" },
      { type: "tool-call", id: "c", name: "f", arguments: "oops{" },
    ]);
    const parts = [
      { text: "", thought: true, thoughtSignature: "xp1.x" },
      { text: "no" },
      { functionCall: { id: "c", name: "f", args: { rawArguments: "oops{" } } },
    ];
    expect(whole(answer)).toMatchObject({ candidates: [{ content: { parts } }] });
    expect(
      framesOf(answer)
        .slice(0, -1)
        .map((frame) => (JSON.parse(frame) as { candidates: { content: { parts: unknown[] } }[] }).candidates[0]!.content.parts[0]),
    ).toEqual(parts);
  });

  test("the extension's object rides on the end", () => {
    const extension = () => ({ cost: 1 });
    const answer = answerOf([{ type: "text", text: "x" }]);
    expect(gemini.encodeResponse(responseOf(answer), encodeContextOf({}, { extension }))).toMatchObject({ crosspoint: { cost: 1 } });
    const text = gemini.encodeStream(encodeContextOf({}, { extension })).push([...eventsOf(answer)]);
    expect(text.split("\r\n\r\n").map((frame) => frame.includes('"crosspoint":{"cost":1}'))).toEqual([false, true, false]);
  });
});

test("any answer is the same to a client, whole or streamed", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1 });
  const opaque = fc.option(
    fc
      .constantFrom("s1", "s2")
      .map((data): Opaque[] => [{ family: "google", model: "gemini-3-pro-preview", kind: "thought-signature", data }]),
    { nil: undefined },
  );
  const signed = <T extends object>(part: T, state: Opaque[] | undefined): T => (state === undefined ? part : { ...part, opaque: state });
  const part: fc.Arbitrary<Part> = fc.oneof(
    fc.tuple(text, opaque).map(([words, state]) => signed({ type: "text", text: words } as const, state)),
    fc.tuple(text, opaque).map(([words, state]) => signed({ type: "reasoning", text: words } as const, state)),
    fc
      .tuple(fc.dictionary(fc.string(), fc.jsonValue()), opaque)
      .map(([args, state]) => signed({ type: "tool-call", id: "", name: "f", arguments: JSON.stringify(args) } as const, state)),
    fc.constant({ type: "file", mediaType: "image/png", data: { type: "base64", base64: "AA==" } } as const),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), (parts) => {
      const content = parts.map((each, index) => (each.type === "tool-call" ? { ...each, id: `c${index}` } : each));
      const answer = answerOf(content);
      const read = decodeWhole(whole(answer)).content;
      expect(decodeFrames(framesOf(answer)).content).toEqual(read);
      const joined = (of: readonly Part[]) => accumulate([...eventsOf(answerOf(of))]).text;
      expect(joined(read)).toBe(joined(content));
      expect(read.filter(({ type }) => type === "tool-call")).toEqual(
        content
          .filter((each) => each.type === "tool-call")
          .map((each) => ({ ...each, arguments: JSON.stringify(JSON.parse(each.arguments)) })),
      );
    }),
  );
});
