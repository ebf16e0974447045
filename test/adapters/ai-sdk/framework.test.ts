import {
  createProviderRegistry,
  customProvider,
  defaultSettingsMiddleware,
  generateText,
  isStepCount,
  simulateStreamingMiddleware,
  streamText,
  tool,
  wrapLanguageModel,
  type ToolSet,
} from "ai";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createFace, MODELS } from "./support.ts";

afterEach(() => {
  delete (globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown }).AI_SDK_DEFAULT_PROVIDER;
});

test("in a registry, beside other providers", async () => {
  const { provider } = createFace({ models: { smart: "anthropic/claude-sonnet-4-5" } });
  const registry = createProviderRegistry({
    crosspoint: provider,
    own: customProvider({ languageModels: { fast: provider("openai/gpt-5-mini") } }),
  });
  expect((await generateText({ model: registry.languageModel("crosspoint:smart"), prompt: "a" })).text).toBe("You said: a");
  expect((await generateText({ model: registry.languageModel("crosspoint:openai/gpt-5-mini"), prompt: "b" })).text).toBe("You said: b");
  expect((await generateText({ model: registry.languageModel("own:fast"), prompt: "c" })).text).toBe("You said: c");
  expect(registry.embeddingModel("crosspoint:openai/text-embedding-3-small").modelId).toBe("openai/text-embedding-3-small");
});

test("as the default provider, for models that are only named", async () => {
  const { provider } = createFace();
  globalThis.AI_SDK_DEFAULT_PROVIDER = provider;
  expect((await generateText({ model: "anthropic/claude-sonnet-4-5", prompt: "hi" })).text).toBe("You said: hi");
});

test("under middleware", async () => {
  const { provider, simulator } = createFace();
  const model = wrapLanguageModel({
    model: provider("openai-chat/gpt-4o"),
    middleware: [defaultSettingsMiddleware({ settings: { temperature: 0.5 } }), simulateStreamingMiddleware()],
  });
  expect(await streamText({ model, prompt: "hi" }).text).toBe("You said: hi");
  expect(simulator.requests[0]!.body).toMatchObject({ temperature: 0.5 });
  expect(simulator.requests[0]!.body).not.toMatchObject({ stream: true });
});

test("the provider is a function, not a class", () => {
  const { provider } = createFace({}, {}, { name: "mine" });
  expect(provider("a")).toMatchObject({ specificationVersion: "v4", provider: "mine", modelId: "a" });
  expect(provider.languageModel("a").modelId).toBe("a");
  expect(provider.chat("a").modelId).toBe("a");
  expect(() => Reflect.construct(provider, ["a"]) as unknown).toThrow(TypeError);
});

describe.each(MODELS)("tool choice on %s", (id) => {
  // Tools that the caller runs: the AI SDK's own types do not take them under exactOptionalPropertyTypes.
  const tools = {
    weather: tool({ inputSchema: z.object({ city: z.string() }) }),
    time: tool({ inputSchema: z.object({ zone: z.string() }) }),
  } as unknown as ToolSet;
  test.each([
    ["required", /weather|time/],
    [{ type: "tool", toolName: "time" } as const, /time/],
  ] as const)("%j", async (toolChoice, expected) => {
    const { provider } = createFace();
    const result = await generateText({ model: provider(id), tools, toolChoice, prompt: "x", stopWhen: isStepCount(1) });
    expect(result.toolCalls[0]!.toolName).toMatch(expected);
    expect(result.finishReason).toMatch(/tool-calls|stop/);
  });

  test("none, and no tools at all", async () => {
    const { provider, simulator } = createFace();
    expect((await generateText({ model: provider(id), tools, toolChoice: "none", prompt: "x" })).toolCalls).toEqual([]);
    expect((await generateText({ model: provider(id), tools: {}, prompt: "x" })).text).toBe("You said: x");
    expect(JSON.stringify(simulator.requests.at(-1)!.body)).not.toContain("tool");
  });

  test("the input of a tool is streamed piece by piece", async () => {
    const { provider } = createFace();
    const seen: string[] = [];
    let input = "";
    for await (const part of streamText({ model: provider(id), tools, prompt: 'the weather in "Oslo"', stopWhen: isStepCount(1) }).stream) {
      if (part.type.startsWith("tool")) seen.push(part.type);
      if (part.type === "tool-input-delta") input += part.delta;
    }
    expect(seen[0]).toBe("tool-input-start");
    expect(seen.slice(-2)).toEqual(["tool-input-end", "tool-call"]);
    expect(JSON.parse(input)).toEqual({ city: "Oslo" });
  });
});
