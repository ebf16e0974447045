import fc from "../../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { createCrosspoint, CrosspointError, type Part, type StreamEvent } from "crosspoint";
import { createCrosspointProvider, type CrosspointLanguageModel } from "crosspoint/ai-sdk";
import { createFace, drain, MODELS } from "./support.ts";

type StreamPart = Awaited<ReturnType<CrosspointLanguageModel["doStream"]>>["stream"] extends ReadableStream<infer T> ? T : never;

const text = fc.string({ minLength: 1, maxLength: 12 });
const state = fc.record(
  { itemId: text, opaque: fc.array(fc.record({ family: text, kind: text, data: text }), { minLength: 1, maxLength: 2 }) },
  { requiredKeys: [] },
);
const source = fc.record({ url: fc.webUrl(), title: text }, { requiredKeys: ["url"] });
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.tuple(text, fc.array(source, { maxLength: 2 }), state).map(([words, sources, own]): Part => ({
    type: "text",
    text: words,
    ...(sources.length === 0 ? undefined : { citations: sources.map((each) => ({ source: each, answerStart: 0, answerEnd: 1 })) }),
    ...own,
  })),
  fc.tuple(text, state).map(([words, own]): Part => ({ type: "refusal", text: words, ...own })),
  fc.tuple(text, state).map(([words, own]): Part => ({ type: "reasoning", text: words, form: "summary", ...own })),
  fc
    .tuple(text, fc.oneof(fc.json(), text), state)
    .map(([name, input, own]): Part => ({ type: "tool-call", id: name, name, arguments: input, ...own })),
  source.map((each): Part => ({ type: "source", source: each })),
  fc.base64String().map((base64): Part => ({ type: "file", mediaType: "image/png", data: { type: "base64", base64 } })),
  fc
    .tuple(text, fc.dictionary(text, fc.jsonValue() as fc.Arbitrary<string>))
    .map(([family, raw]): Part => ({ type: "provider", family, codec: "openai-chat", raw })),
);

/** The events of an answer, its texts in pieces of one character. */
function* eventsOf(parts: readonly Part[]): Generator<StreamEvent> {
  yield { type: "response-start", id: "r", model: "m" };
  for (const [index, each] of parts.entries()) {
    const id = `b${index}`;
    const itemId = each.itemId === undefined ? undefined : { itemId: each.itemId };
    const opaque = each.opaque === undefined ? undefined : { opaque: each.opaque };
    if (each.type === "text" || each.type === "refusal") {
      yield { type: "text-start", id, ...itemId, ...(each.type === "refusal" ? { refusal: true } : undefined) };
      for (const character of each.text) yield { type: "text-delta", id, text: character };
      const citations = each.type === "text" && each.citations !== undefined ? { citations: each.citations } : undefined;
      yield { type: "text-end", id, ...citations, ...opaque };
    } else if (each.type === "reasoning") {
      yield { type: "reasoning-start", id, form: "summary", ...itemId };
      for (const character of each.text) yield { type: "reasoning-delta", id, text: character };
      yield { type: "reasoning-end", id, ...opaque };
    } else if (each.type === "tool-call") {
      yield { type: "tool-call-start", id, name: each.name, ...itemId };
      for (const character of each.arguments) yield { type: "tool-call-delta", id, arguments: character };
      yield { type: "tool-call-end", id, ...opaque };
    } else yield { type: "part", part: each };
  }
  yield { type: "response-end", finishReason: { unified: "stop" } };
}

/** Folds a stream as the AI SDK does. */
function fold(parts: readonly StreamPart[]): unknown[] {
  const content: unknown[] = [];
  const open = new Map<string, Record<string, unknown>>();
  for (const each of parts) {
    if (each.type === "text-start" || each.type === "reasoning-start") {
      const block = { type: each.type.slice(0, -6), text: "" };
      open.set(each.id, block);
      content.push(block);
    } else if (each.type === "text-delta" || each.type === "reasoning-delta") {
      const block = open.get(each.id)!;
      block["text"] = (block["text"] as string) + each.delta;
    } else if (each.type === "text-end" || each.type === "reasoning-end") {
      const { type: _type, id, ...rest } = each;
      Object.assign(open.get(id)!, rest);
    } else if (["source", "file", "custom", "tool-call", "tool-result"].includes(each.type)) content.push(each);
  }
  return content;
}

const byType = (content: readonly unknown[]): unknown[] => [
  ...content.filter((each) => (each as { type: string }).type !== "source"),
  ...content.filter((each) => (each as { type: string }).type === "source"),
];

test("a whole answer and its stream show the same", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
      const call = async function* () {
        yield [...eventsOf(parts)];
      };
      const crosspoint = createCrosspoint({ env: {}, retries: 0, providers: { own: { call } } });
      const model = createCrosspointProvider(crosspoint)("own/x");
      const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "x" }] }];
      const whole = await model.doGenerate({ prompt });
      const streamed = await drain((await model.doStream({ prompt })).stream);
      expect(byType(fold(streamed))).toEqual(byType(whole.content));
      const finish = streamed.at(-1);
      expect(finish).toMatchObject({ type: "finish", finishReason: whole.finishReason, usage: whole.usage });
      for (const { type, id } of streamed as { type: string; id?: string }[]) if (type.endsWith("-delta")) expect(id).toBeDefined();
    }),
    { numRuns: 150 },
  );
});

describe("whatever the options are, a call answers or fails with an error of the layer", () => {
  const { provider } = createFace({ retries: 0 }, { strict: false });
  test.each(MODELS)("%s", async (id) => {
    const json = fc.jsonValue() as fc.Arbitrary<never>;
    const keyed = fc.dictionary(
      fc.constantFrom("crosspoint", "gateway", "openai", "anthropic", "google"),
      fc.oneof(
        json,
        fc.dictionary(
          fc.constantFrom(
            ..."opaque itemId citations raw family codec cache arguments custom refusal covered attribution fallbacks reasoning thinking thinkingConfig metadata models order byok user signature cacheControl".split(
              " ",
            ),
          ),
          json,
        ) as fc.Arbitrary<never>,
      ),
    );
    await fc.assert(
      fc.asyncProperty(keyed, keyed, async (ofPart, ofCall) => {
        const providerOptions = ofPart as never;
        try {
          await provider(id).doGenerate({
            prompt: [
              { role: "user", content: [{ type: "text", text: "x", providerOptions }] },
              {
                role: "assistant",
                content: [
                  { type: "reasoning", text: "r", providerOptions },
                  { type: "text", text: "t", providerOptions },
                  { type: "tool-call", toolCallId: "c", toolName: "f", input: {}, providerOptions },
                ],
                providerOptions,
              },
              {
                role: "tool",
                content: [{ type: "tool-result", toolCallId: "c", toolName: "f", output: { type: "text", value: "v" }, providerOptions }],
              },
            ],
            providerOptions: ofCall as never,
          });
        } catch (error) {
          if (!CrosspointError.is(error)) throw error;
        }
      }),
      { numRuns: 60 },
    );
  });
});
