import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import type { LanguageModelV2, LanguageModelV3, LanguageModelV4 } from "@ai-sdk/provider";
import { MockLanguageModelV4, simulateReadableStream } from "ai/test";
import { describe, expect, test } from "vitest";
import { createCrosspoint, type CallRequest, type CrosspointOptions, type Message, type StreamEvent } from "crosspoint";
import { createCrosspointProvider, fromAISDK } from "crosspoint/ai-sdk";
import { createSimulator } from "crosspoint/testing";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const weather = {
  name: "weather",
  inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
} as const;

/** The official providers over the simulator, behind the layer. */
function createFace(options: CrosspointOptions = {}) {
  const simulator = createSimulator();
  const { openai, anthropic, google } = simulator.baseURLs();
  const settings = { apiKey: "k", fetch: simulator.fetch };
  const providers = {
    mine: fromAISDK(createOpenAI({ ...settings, baseURL: openai })),
    chat: fromAISDK((name) => createOpenAI({ ...settings, baseURL: openai }).chat(name)),
    ours: fromAISDK(createAnthropic({ ...settings, baseURL: anthropic })("claude-sonnet-4-5")),
    theirs: fromAISDK(createGoogle({ ...settings, baseURL: google })("gemini-2.5-flash")),
  };
  return { simulator, crosspoint: createCrosspoint({ env: {}, providers, fetch: simulator.fetch, ...options }) };
}

const IDS = ["mine/gpt-5-mini", "chat/gpt-4o", "ours/any", "theirs/any"] as const;

async function ask(crosspoint: ReturnType<typeof createCrosspoint>, request: CallRequest, mode: "generate" | "stream") {
  return mode === "generate" ? crosspoint.generate(request) : crosspoint.stream(request).response;
}

describe.each(IDS)("the official provider behind %s", (model) => {
  test.each(["generate", "stream"] as const)("text, usage and where it came from (%s)", async (mode) => {
    const { crosspoint } = createFace();
    const response = await ask(crosspoint, { model, messages: [{ role: "user", content: "hello" }] }, mode);
    expect(response.text).toBe("You said: hello");
    expect(response.finishReason.unified).toBe("stop");
    expect(response.usage.input.total).toBeGreaterThan(0);
    expect(response.usage.output.total).toBeGreaterThan(0);
    expect(response.provider).toBe(model.split("/")[0]);
    expect(response.attempts).toMatchObject([{ outcome: "success" }]);
  });

  test.each(["generate", "stream"] as const)("parallel tools, reasoning state, results and pictures (%s)", async (mode) => {
    const { crosspoint, simulator } = createFace();
    simulator.script({
      reasoning: "Look.",
      toolCalls: [
        { name: "weather", arguments: { city: "Oslo" } },
        { name: "weather", arguments: { city: "Rome" } },
      ],
    });
    const messages: Message[] = [
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "?" },
          { type: "file", mediaType: "image/png", data: { type: "base64", base64: PNG } },
        ],
      },
    ];
    const thinking = model === "chat/gpt-4o" ? undefined : ({ reasoning: { effort: "low" } } as const);
    const request = { model, messages, tools: [weather], ...thinking };
    const first = await ask(crosspoint, request, mode);
    expect(first.toolCalls.map((call) => [call.name, JSON.parse(call.arguments)])).toEqual([
      ["weather", { city: "Oslo" }],
      ["weather", { city: "Rome" }],
    ]);
    expect(first.finishReason.unified).toBe("tool-calls");
    const results: Message = {
      role: "tool",
      content: [
        { type: "tool-result", callId: first.toolCalls[0]!.id, output: { type: "json", value: { degrees: 21 } } },
        { type: "tool-result", callId: first.toolCalls[1]!.id, output: "it rains", isError: true },
      ],
    };
    const second = await ask(
      crosspoint,
      { ...request, messages: [...messages, { role: "assistant", content: first.content }, results] },
      mode,
    );
    expect(second.text).toContain("21");
    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200]);
  });

  test("structured output", async () => {
    const { crosspoint } = createFace();
    const schema = { type: "object", properties: { name: { type: "string" } }, required: ["name"], additionalProperties: false };
    const { text } = await crosspoint.generate({
      model,
      messages: [{ role: "user", content: "A person" }],
      output: { type: "json", schema },
    });
    expect(JSON.parse(text)).toEqual({ name: expect.any(String) as string });
  });

  test("errors are classed, retried by the layer and lead to a fallback", async () => {
    const { crosspoint, simulator } = createFace({ random: () => 0 });
    simulator.fault({ status: 429, retryAfter: 0, times: 1 });
    const messages = [{ role: "user", content: "hello" }] as const;
    expect((await crosspoint.generate({ model, messages })).attempts).toMatchObject([
      { outcome: "failure", error: { code: "RATE_LIMITED" } },
      {},
    ]);
    simulator.fault({ status: 401 });
    const fallbacks = [model === "ours/any" ? "chat/gpt-4o" : "ours/any"];
    expect((await crosspoint.generate({ model, messages, fallbacks })).attempts).toMatchObject([
      { error: { code: "AUTHENTICATION" } },
      { reason: "fallback" },
    ]);
    simulator.fault({ errorAfterChunks: { after: 1, status: 503, message: "overloaded" } });
    await expect(crosspoint.stream({ model, messages: [{ role: "user", content: "a b c d e f" }] }).response).rejects.toMatchObject({
      name: "CrosspointError",
    });
    expect(simulator.open).toBe(0);
  });

  test("leaving a stream closes the connection", async () => {
    const { crosspoint, simulator } = createFace();
    simulator.script({ text: "one two three four five six", delayMs: 20 });
    for await (const event of crosspoint.stream({ model, messages: [{ role: "user", content: "x" }] })) {
      if (event.type === "text-delta") break;
    }
    await expect.poll(() => simulator.open).toBe(0);
  });
});

test("the layer's own face on top of a model of the AI SDK", async () => {
  const { crosspoint } = createFace();
  const { content } = await createCrosspointProvider(crosspoint)("ours/any").doGenerate({
    prompt: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
  });
  expect(content).toMatchObject([{ type: "text", text: "You said: hi" }]);
});

describe("models by hand", () => {
  const listen = async (
    model: LanguageModelV2 | LanguageModelV3 | LanguageModelV4,
    request: Partial<CallRequest> = {},
  ): Promise<StreamEvent[]> => {
    const crosspoint = createCrosspoint({ env: {}, retries: 0, providers: { mine: fromAISDK(model) } });
    const events: StreamEvent[] = [];
    for await (const event of crosspoint.stream({ model: "mine/x", messages: [{ role: "user", content: "x" }], ...request }))
      events.push(event);
    return events;
  };

  test("a model of specification V2, with its flat usage and bare files", async () => {
    const asked: unknown[] = [];
    const model = {
      specificationVersion: "v2",
      provider: "old.chat",
      modelId: "old-1",
      supportedUrls: {},
      doGenerate: () => Promise.reject(new Error("not asked")),
      doStream(options) {
        asked.push(options.prompt, options.tools);
        return Promise.resolve({
          stream: simulateReadableStream({
            chunks: [
              { type: "stream-start", warnings: [{ type: "unsupported-setting", setting: "seed", details: "no seed" }] },
              { type: "response-metadata", id: "r", modelId: "old-1-b", timestamp: new Date(5_000) },
              { type: "text-start", id: "0" },
              { type: "text-delta", id: "0", delta: "a" },
              { type: "text-end", id: "0" },
              { type: "file", mediaType: "image/png", data: PNG },
              { type: "source", sourceType: "url", id: "s", url: "https://a.example" },
              { type: "tool-call", toolCallId: "c", toolName: "weather", input: '{"city":"Oslo"}' },
              { type: "text-start", id: "0" },
              { type: "text-delta", id: "0", delta: "b" },
              { type: "text-end", id: "0" },
              {
                type: "finish",
                finishReason: "tool-calls",
                usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15, cachedInputTokens: 4, reasoningTokens: 2 },
              },
            ],
          }) as never,
        });
      },
    } satisfies LanguageModelV2;
    const file = { type: "file", mediaType: "image/png", data: { type: "url", url: "https://a.example/x.png" } } as const;
    const events = await listen(model, { messages: [{ role: "user", content: [file] }], tools: [weather], seed: 1 });
    expect(asked[0]).toEqual([
      { role: "user", content: [{ type: "file", mediaType: "image/png", data: new URL("https://a.example/x.png") }] },
    ]);
    const text = "text-start text-delta text-end";
    const types = `response-start ${text} part part tool-call-start tool-call-delta tool-call-end ${text} response-end`;
    expect(events.map(({ type }) => type).join(" ")).toBe(types);
    expect(events[0]).toMatchObject({ id: "r", model: "old-1-b", created: 5 });
    expect(events.at(-1)).toMatchObject({
      finishReason: { unified: "tool-calls" },
      usage: { input: { total: 10, uncached: 6, cacheRead: 4 }, output: { total: 5, reasoning: 2, text: 3 } },
      warnings: expect.arrayContaining([{ type: "unsupported", feature: "seed", details: "no seed" }]) as unknown,
    });
  });

  test("a stream that ends without its end, or with an error, is a failure", async () => {
    const stream = (...chunks: object[]) => new MockLanguageModelV4({ doStream: { stream: simulateReadableStream({ chunks }) as never } });
    const text = [
      { type: "text-start", id: "0" },
      { type: "text-delta", id: "0", delta: "a" },
    ];
    await expect(listen(stream(...text))).rejects.toMatchObject({ code: "STREAM_INTERRUPTED" });
    await expect(
      listen(stream({ type: "error", error: { message: "prompt is too long: context window", statusCode: 400 } })),
    ).rejects.toMatchObject({
      code: "CONTEXT_WINDOW_EXCEEDED",
    });
    await expect(listen(stream(...text, { type: "error", error: "boom" }))).rejects.toMatchObject({ code: "SERVER", message: "boom" });
    await expect(listen(stream(...text, null as never, 7 as never, { type: "finish" }))).resolves.toHaveLength(5);
  });

  test("what the AI SDK has no word for is told", async () => {
    const model = new MockLanguageModelV4({
      provider: "anthropic.messages",
      doGenerate: {
        content: [
          {
            type: "tool-call",
            toolCallId: "s",
            toolName: "web_search",
            input: "{}",
            providerExecuted: true,
            providerMetadata: { anthropic: { a: 1 } },
          },
          { type: "tool-result", toolCallId: "s", toolName: "web_search", result: [1] },
        ],
        finishReason: { unified: "stop", raw: "end" },
        usage: { inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 }, outputTokens: { total: 1, text: 1, reasoning: 0 } },
        warnings: [],
        providerMetadata: { gateway: { cost: "0.25" } },
      },
    });
    const crosspoint = createCrosspoint({ env: {}, providers: { mine: fromAISDK(model) } });
    const ask = (messages: Message[]) =>
      crosspoint.generate({ model: "mine/x", messages, reasoning: { effort: "low", budget: 2000 }, verbosity: "low" });
    const first = await ask([{ role: "user", content: "x" }]);
    expect(first.warnings).toContainEqual(expect.objectContaining({ type: "unsupported", feature: "verbosity" }));
    expect(first.cost).toMatchObject({ total: 0.25, source: "provider" });
    expect(model.doGenerateCalls[0]).toMatchObject({
      reasoning: "low",
      providerOptions: { anthropic: { thinking: { type: "enabled", budgetTokens: 2000 } } },
    });
    await ask([
      { role: "user", content: "x" },
      { role: "assistant", content: first.content },
      { role: "user", content: "y" },
    ]);
    expect(model.doGenerateCalls[1]!.prompt[1]).toMatchObject({
      role: "assistant",
      content: [
        { type: "tool-call", toolCallId: "s", input: {}, providerExecuted: true, providerOptions: { anthropic: { a: 1 } } },
        { type: "tool-result", toolCallId: "s", output: { type: "json", value: [1] } },
      ],
    });
  });
});
