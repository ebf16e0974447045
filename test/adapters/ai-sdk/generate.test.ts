import { embedMany, generateObject, generateText, isStepCount, Output, streamText, tool, ToolLoopAgent } from "ai";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { crosspointOf } from "crosspoint/ai-sdk";
import { createFace, MODELS } from "./support.ts";

const weather = tool({
  description: "The weather in a city",
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => ({ city, degrees: 21 }),
});

describe.each(MODELS)("%s", (id) => {
  test("generateText answers, with usage, cost and where it came from", async () => {
    const { provider, spend } = createFace();
    const result = await generateText({ model: provider(id), prompt: "hello", system: "Be kind." });
    expect(result.text).toBe("You said: hello");
    expect(result.finishReason).toBe("stop");
    expect(result.usage.inputTokens).toBeGreaterThan(0);
    expect(result.usage.outputTokens).toBeGreaterThan(0);
    const metadata = crosspointOf(result)!;
    expect(metadata.cost).toBeGreaterThan(0);
    expect(metadata.cost).toBe(spend[0]!.cost!.total);
    expect(metadata.costItems!.length).toBeGreaterThan(0);
    expect(metadata.provider).toBe(id.split("/")[0]);
    expect(metadata.attempts).toMatchObject([{ outcome: "success", reason: "first" }]);
    expect(result.response.modelId).toBeTruthy();
    expect(result.response.id).toBeTruthy();
  });

  test("streamText streams the same answer", async () => {
    const { provider, simulator } = createFace();
    const result = streamText({ model: provider(id), prompt: "hello there, friend" });
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    expect(pieces.join("")).toBe("You said: hello there, friend");
    expect(pieces.length).toBeGreaterThan(1);
    expect(await result.finishReason).toBe("stop");
    const whole = await generateText({ model: provider(id), prompt: "hello there, friend" });
    expect({ ...(await result.usage), raw: 0 }).toEqual({ ...whole.usage, raw: 0 });
    const streamed = (await result.providerMetadata)!["crosspoint"]!;
    expect(streamed["cost"]).toBe(whole.providerMetadata!["crosspoint"]!["cost"]);
    expect(simulator.open).toBe(0);
  });

  test.each(["generate", "stream"] as const)("tools run in a loop (%s)", async (mode) => {
    const { provider, simulator } = createFace();
    const agent = new ToolLoopAgent({ model: provider(id), tools: { weather }, stopWhen: isStepCount(5) });
    const prompt = 'What is the weather in "Oslo"?';
    const steps = mode === "generate" ? (await agent.generate({ prompt })).steps : await (await agent.stream({ prompt })).steps;
    expect(steps).toHaveLength(2);
    expect(steps[0]!.finishReason).toBe("tool-calls");
    expect(steps[0]!.toolCalls[0]).toMatchObject({ toolName: "weather", input: { city: "Oslo" } });
    expect(steps[0]!.toolResults[0]!.output).toEqual({ city: "Oslo", degrees: 21 });
    expect(steps[1]!.text).toContain("21");
    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200]);
  });

  test("structured output", async () => {
    const { provider } = createFace();
    const schema = z.object({ name: z.string(), age: z.number() });
    const { output } = await generateText({ model: provider(id), prompt: "A person", output: Output.object({ schema }) });
    expect(schema.parse(output)).toEqual(output);
    const { object } = await generateObject({ model: provider(id), prompt: "A person", schema });
    expect(schema.parse(object)).toEqual(object);
    const streamed = streamText({ model: provider(id), prompt: "Some", output: Output.array({ element: schema }) });
    expect(z.array(schema).parse(await streamed.output)).toBeInstanceOf(Array);
    const choice = await generateText({ model: provider(id), prompt: "x", output: Output.choice({ options: ["sun", "rain"] }) });
    expect(["sun", "rain"]).toContain(choice.output);
  });
});

test.each(["openai/text-embedding-3-small", "google/gemini-embedding-001"])("embedMany on %s", async (id) => {
  const { provider } = createFace();
  const { embeddings, usage, providerMetadata } = await embedMany({ model: provider.embeddingModel(id), values: ["a", "b", "c"] });
  expect(embeddings).toHaveLength(3);
  expect(embeddings[0]!.length).toBeGreaterThan(10);
  expect(usage.tokens === undefined || Number.isNaN(usage.tokens) || usage.tokens > 0).toBe(true);
  expect(providerMetadata!["crosspoint"]).toMatchObject({ deployment: id });
});
