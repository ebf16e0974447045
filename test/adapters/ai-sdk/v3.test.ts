import { APICallError, embedMany, generateText, Output, stepCountIs, streamText, tool, ToolLoopAgent, type LanguageModel } from "ai6";
import * as ai7 from "ai";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { createCrosspointProvider, type CrosspointLanguageModelV3 } from "crosspoint/ai-sdk";
import { createFace, drain, MODELS } from "./support.ts";

function createFaceV3(...options: Parameters<typeof createFace>) {
  const face = createFace(...options);
  return { ...face, provider: createCrosspointProvider(face.crosspoint, { specification: "v3" }) };
}

const weather = tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => ({ city, degrees: 21 }) });
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

test("the model has the types of ai 6", () => {
  expectTypeOf<CrosspointLanguageModelV3>().toExtend<LanguageModel>();
});

describe.each(MODELS)("ai 6 on %s", (id) => {
  test("text, whole and streamed", async () => {
    const { provider } = createFaceV3();
    const result = await generateText({ model: provider(id), prompt: "hello" });
    expect(result.text).toBe("You said: hello");
    expect(result.usage.totalTokens).toBeGreaterThan(0);
    expect(result.providerMetadata!["crosspoint"]!["cost"]).toBeGreaterThan(0);
    const streamed = streamText({ model: provider(id), prompt: "hello" });
    expect(await streamed.text).toBe("You said: hello");
    expect((await streamed.providerMetadata)!["crosspoint"]!["cost"]).toBe(result.providerMetadata!["crosspoint"]!["cost"]);
  });

  test("tools in a loop, with reasoning that goes back", async () => {
    const { provider, simulator } = createFaceV3();
    simulator.script([{ reasoning: "Look.", toolCalls: [{ name: "weather", arguments: { city: "Oslo" } }] }, { text: "21 degrees." }]);
    const agent = new ToolLoopAgent({ model: provider(id), tools: { weather }, stopWhen: stepCountIs(4) });
    const result = await agent.generate({ prompt: "weather?" });
    expect(result.text).toBe("21 degrees.");
    expect(result.steps).toHaveLength(2);
    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200]);
  });

  test("structured output and pictures", async () => {
    const { provider } = createFaceV3();
    const schema = z.object({ name: z.string() });
    const { output } = await generateText({ model: provider(id), prompt: "A person", output: Output.object({ schema }) });
    expect(schema.parse(output)).toEqual(output);
    const image = Uint8Array.from(atob(PNG), (character) => character.charCodeAt(0));
    const seen = await generateText({ model: provider(id), messages: [{ role: "user", content: [{ type: "image", image }] }] });
    expect(seen.text).toContain("image/png");
  });

  test("a failure is an error of the API that is not tried again", async () => {
    const { provider, simulator } = createFaceV3({ retries: 0 });
    simulator.fault({ status: 500, times: Infinity });
    const error: unknown = await generateText({ model: provider(id), prompt: "x" }).catch((thrown: unknown) => thrown);
    expect(APICallError.isInstance(error)).toBe(true);
    expect(simulator.requests).toHaveLength(1);
  });
});

test("embeddings, and the same model under ai 7", async () => {
  const { provider } = createFaceV3();
  const { embeddings } = await embedMany({ model: provider.embeddingModel("openai/text-embedding-3-small"), values: ["a", "b"] });
  expect(embeddings).toHaveLength(2);
  expect((await ai7.generateText({ model: provider("openai/gpt-5-mini"), prompt: "hi" })).text).toBe("You said: hi");
});

test("generated files are bare, and a provider's own block is a tool that it ran", async () => {
  const { crosspoint } = createFace({
    providers: {
      own: {
        call: async function* () {
          yield [
            { type: "response-start" },
            { type: "part", part: { type: "file", mediaType: "image/png", data: { type: "base64", base64: PNG } } },
            { type: "part", part: { type: "provider", family: "own", codec: "openai-chat", raw: { type: "compaction", content: "c" } } },
            { type: "response-end", finishReason: { unified: "stop" } },
          ];
        },
      },
    },
  });
  const model = createCrosspointProvider(crosspoint, { specification: "v3" })("own/x");
  const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "x" }] }];
  const { content } = await model.doGenerate({ prompt });
  expect(content).toMatchObject([
    { type: "file", data: PNG },
    { type: "tool-call", toolName: "own.compaction", providerExecuted: true, dynamic: true },
    { type: "tool-result", toolName: "own.compaction", result: {} },
  ]);
  const streamed = await drain((await model.doStream({ prompt })).stream);
  expect(streamed.map(({ type }) => type)).toEqual(["stream-start", "response-metadata", "file", "tool-call", "tool-result", "finish"]);
});
