import type { LanguageModelV4Prompt } from "@ai-sdk/provider";
import { generateText, isStepCount, streamText, tool, type ModelMessage } from "ai";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createFace, MODELS } from "./support.ts";

const REASONING = ["openai/gpt-5-mini", "anthropic/claude-sonnet-4-5", "google/gemini-3-pro-preview"] as const;
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const tools = {
  weather: tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `21 degrees in ${city}` }),
  time: tool({ inputSchema: z.object({ zone: z.string() }), execute: ({ zone }) => ({ zone, hour: 12 }) }),
};

describe.each(REASONING)("reasoning on %s", (id) => {
  test.each(["generate", "stream"] as const)("its state goes back to the provider, and to no other (%s)", async (mode) => {
    const { provider, simulator } = createFace();
    simulator.script([
      {
        reasoning: "I should look.",
        toolCalls: [
          { name: "weather", arguments: { city: "Oslo" } },
          { name: "time", arguments: { zone: "CET" } },
        ],
      },
      { reasoning: "Now I know.", text: "21 degrees at noon." },
    ]);
    const settings = {
      model: provider(id),
      tools,
      stopWhen: isStepCount(4),
      reasoning: "low" as const,
      prompt: "Weather and time?",
      providerOptions: { crosspoint: { reasoning: { visibility: "auto" } } },
    };
    const result = mode === "generate" ? await generateText(settings) : streamText(settings);
    const steps = await result.steps;
    expect(steps).toHaveLength(2);
    expect(steps[0]!.reasoningText).toBe("I should look.");
    expect(steps[0]!.toolCalls.map(({ toolName }) => toolName)).toEqual(["weather", "time"]);
    expect(await result.text).toBe("21 degrees at noon.");
    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200]);
    const messages: ModelMessage[] = [{ role: "user", content: "Weather and time?" }, ...(await result.responseMessages)];
    expect(JSON.stringify(messages)).toContain('"opaque"');

    // What is kept as JSON, as in a database, is still taken back.
    const stored = JSON.parse(JSON.stringify(messages)) as ModelMessage[];
    for (const other of [...MODELS, id]) {
      const next = await generateText({ model: provider(other), tools, messages: [...stored, { role: "user", content: "Thanks" }] });
      expect(next.finishReason).not.toBe("error");
    }
    expect(simulator.requests.every(({ status }) => status === 200)).toBe(true);
    const own = JSON.stringify(simulator.requests.at(-1)!.body);
    expect(own).toMatch(/signature|encrypted_content|thoughtSignature/);
  });
});

test("state of the AI SDK's own providers is understood", async () => {
  const { provider, simulator } = createFace({}, { strict: false });
  const prompt: LanguageModelV4Prompt = [
    { role: "system", content: "Be brief.", providerOptions: { anthropic: { cacheControl: { type: "ephemeral", ttl: "1h" } } } },
    { role: "user", content: [{ type: "text", text: "hi" }] },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "thoughts", providerOptions: { anthropic: { signature: "sig-1" } } },
        { type: "reasoning", text: "", providerOptions: { anthropic: { redactedData: "red-1" } } },
        { type: "text", text: "hello" },
      ],
    },
    { role: "user", content: [{ type: "text", text: "again" }] },
  ];
  await provider("anthropic/claude-sonnet-4-5").doGenerate({ prompt, reasoning: "low" });
  expect(simulator.requests[0]!.body).toMatchObject({
    system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral", ttl: "1h" } }],
    messages: [
      {},
      {
        content: [
          { type: "thinking", thinking: "thoughts", signature: "sig-1" },
          { type: "redacted_thinking", data: "red-1" },
          { type: "text", text: "hello" },
        ],
      },
      {},
    ],
  });
});

describe("files", () => {
  const ask = (
    data: Extract<Extract<LanguageModelV4Prompt[number], { role: "user" }>["content"][number], { type: "file" }>["data"],
    mediaType: string,
  ) =>
    [
      {
        role: "user",
        content: [
          { type: "text", text: "look" },
          { type: "file", data, mediaType, filename: "a.bin" },
        ],
      },
    ] satisfies LanguageModelV4Prompt;

  test.each(MODELS)("pictures as bytes, base64 and data URL on %s", async (id) => {
    const { provider, simulator } = createFace();
    const bytes = Uint8Array.from(atob(PNG), (character) => character.charCodeAt(0));
    for (const data of [
      { type: "data", data: bytes },
      { type: "data", data: PNG },
      { type: "data", data: `data:image/png;base64,${PNG}` },
    ] as const) {
      const { content } = await provider(id).doGenerate({ prompt: ask(data, data.data === PNG ? "image" : "image/png") });
      expect(content[0]).toMatchObject({ type: "text", text: expect.stringContaining("image/png") as string });
    }
    for (const { body } of simulator.requests) expect(JSON.stringify(body)).toContain(PNG);
  });

  test("addresses, uploads and text", async () => {
    const { provider, simulator } = createFace({}, { strict: false });
    const url = new URL("https://example.com/a.png");
    await provider("openai/gpt-5-mini").doGenerate({ prompt: ask({ type: "url", url }, "image/png") });
    expect(simulator.requests[0]!.body).toMatchObject({
      input: [{ content: [{}, { type: "input_image", image_url: "https://example.com/a.png" }] }],
    });
    const reference = { anthropic: "file_a", openai: "file_o" };
    await provider("openai/gpt-5-mini").doGenerate({ prompt: ask({ type: "reference", reference }, "application/pdf") });
    expect(JSON.stringify(simulator.requests[1]!.body)).toContain("file_o");
    await provider("anthropic/claude-sonnet-4-5").doGenerate({ prompt: ask({ type: "reference", reference }, "application/pdf") });
    expect(JSON.stringify(simulator.requests[2]!.body)).toContain("file_a");
    await provider("anthropic/claude-sonnet-4-5").doGenerate({ prompt: ask({ type: "text", text: "plain words" }, "text/plain") });
    expect(JSON.stringify(simulator.requests[3]!.body)).toContain("plain words");
    await expect(
      provider("google/gemini-2.5-flash").doGenerate({ prompt: ask({ type: "reference", reference: { openai: "file_o" } }, "image/png") }),
    ).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });

  test("a URL goes to a provider that fetches it; elsewhere the AI SDK downloads it", async () => {
    const { provider } = createFace({
      models: {
        both: { deployments: ["openai/gpt-5-mini", "anthropic/claude-sonnet-4-5"] },
        mixed: { deployments: ["openai/gpt-5-mini", "google/gemini-2.5-flash"] },
      },
    });
    expect(Object.keys(provider("openai/gpt-5-mini").supportedUrls)).toEqual(["image/*", "application/pdf"]);
    expect(Object.keys(provider("both").supportedUrls)).toEqual(["image/*", "application/pdf"]);
    expect(provider("mixed").supportedUrls).toEqual({});
    expect(provider("nobody/x").supportedUrls).toEqual({});
  });
});

test.each(MODELS)("every kind of tool result reaches %s", async (id) => {
  const { provider, simulator } = createFace();
  const outputs = [
    { type: "text", value: "plain" },
    { type: "json", value: { degrees: 21 } },
    { type: "error-text", value: "it broke" },
    { type: "error-json", value: { code: 7 } },
    { type: "execution-denied", reason: "not today" },
    {
      type: "content",
      value: [
        { type: "text", text: "see" },
        { type: "file", data: { type: "data" as const, data: PNG }, mediaType: "image/png" },
      ],
    },
  ] as const;
  const prompt = [
    { role: "user", content: [{ type: "text", text: "go" }] },
    {
      role: "assistant",
      content: outputs.map((_, index) => ({
        type: "tool-call",
        toolCallId: `functions.weather:${index}`,
        toolName: "mcp.weather/get",
        input: { index },
      })),
    },
    {
      role: "tool",
      content: outputs.map((output, index) => ({
        type: "tool-result",
        toolCallId: `functions.weather:${index}`,
        toolName: "mcp.weather/get",
        output,
      })),
    },
  ] as unknown as LanguageModelV4Prompt;
  const weather = {
    type: "function",
    name: "mcp.weather/get",
    inputSchema: { type: "object", properties: { index: { type: "number" } } },
  } as const;
  const { content } = await provider(id).doGenerate({ prompt, tools: [weather] });
  expect(content.length).toBeGreaterThan(0);
  const sent = JSON.stringify(simulator.requests[0]!.body);
  for (const words of ["plain", "21", "it broke", "not today", "see"]) expect(sent).toContain(words);
});

test("a call whose arguments are broken goes back as it was, unless it was repaired", async () => {
  const { provider, simulator } = createFace({}, { strict: false });
  const model = provider("openai/gpt-5-mini");
  const broken = { toolCalls: [{ name: "weather", arguments: '{"city": "Os' }] };
  const settings = { model, tools, stopWhen: isStepCount(1) };
  const sentBack = async (messages: ModelMessage[]): Promise<unknown> => {
    await generateText({ ...settings, messages: [{ role: "user", content: "weather?" }, ...messages] });
    const body = simulator.requests.at(-1)!.body as { input: { type: string; arguments?: string }[] };
    return body.input.find(({ type }) => type === "function_call")!.arguments;
  };
  simulator.script(broken);
  const first = await generateText({ ...settings, prompt: "weather?" });
  expect(first.toolCalls[0]).toMatchObject({ invalid: true });
  expect(await sentBack(first.responseMessages)).toBe('{"city": "Os');
  simulator.script(broken);
  const repaired = await generateText({
    ...settings,
    prompt: "weather?",
    repairToolCall: ({ toolCall }) => Promise.resolve({ ...toolCall, input: '{"city":"Oslo"}' }),
  });
  expect(await sentBack(repaired.responseMessages)).toBe('{"city":"Oslo"}');
});

test("a refusal is told apart from an answer, and goes back as a refusal", async () => {
  const { provider, simulator } = createFace();
  simulator.script({ refusal: "I can't help with that." });
  const model = provider("openai/gpt-5-mini");
  const result = await generateText({ model, prompt: "x" });
  expect(result.text).toBe("I can't help with that.");
  expect(result.finishReason).toBe("content-filter");
  await generateText({ model, messages: [{ role: "user", content: "x" }, ...result.responseMessages, { role: "user", content: "y" }] });
  expect(JSON.stringify(simulator.requests[1]!.body)).toContain('"refusal"');
});

test("what comes from a browser as state is not trusted to be well formed", async () => {
  const { provider } = createFace();
  for (const crosspoint of [
    { opaque: "x" },
    { opaque: [null, 1, { family: 1 }] },
    { itemId: {}, form: "evil", phase: 3, cache: [], citations: [1, { source: 2 }] },
    { raw: [], family: 1 },
    { raw: {}, family: 1, codec: null },
    JSON.parse('{"__proto__": {"polluted": true}}') as object,
    { providerOptions: "x" },
  ]) {
    const providerOptions = { crosspoint } as never;
    const prompt = [
      { role: "user", content: [{ type: "text", text: "x", providerOptions }], providerOptions },
      {
        role: "assistant",
        content: [
          { type: "text", text: "y", providerOptions },
          { type: "reasoning", text: "z", providerOptions },
        ],
      },
      { role: "user", content: [{ type: "text", text: "again" }] },
    ] satisfies LanguageModelV4Prompt;
    for (const id of MODELS) expect((await provider(id).doGenerate({ prompt })).content).toHaveLength(1);
  }
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
