import { ChatAnthropic } from "@langchain/anthropic";
import { ContextOverflowError } from "@langchain/core/errors";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { fakeModel } from "@langchain/core/testing";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCrosspoint, type Crosspoint, type SpendRow } from "crosspoint";
import { ChatCrosspoint, fromLangChain } from "crosspoint/langchain";
import { createSimulator, type SimulatorServer } from "crosspoint/testing";
import { weather } from "./support.ts";

const simulator = createSimulator();
let server: SimulatorServer;
let crosspoint: Crosspoint;
const rows: SpendRow[] = [];

beforeAll(async () => {
  server = await simulator.listen();
  const urls = simulator.baseURLs(server.url);
  const openai = (useResponsesApi: boolean) => (model: string) =>
    new ChatOpenAI({ model, useResponsesApi, apiKey: "k", maxRetries: 0, configuration: { baseURL: urls.openai } });
  const claude = new ChatAnthropic({
    model: "claude-sonnet-4-5",
    apiKey: "k",
    maxRetries: 0,
    maxTokens: 4_000,
    thinking: { type: "enabled", budget_tokens: 1_024 },
    anthropicApiUrl: urls.anthropic,
  });
  crosspoint = createCrosspoint({
    env: {},
    fetch: simulator.fetch,
    providers: {
      ...simulator.providers(),
      chat: fromLangChain(openai(false)),
      responses: fromLangChain(openai(true)),
      thinker: fromLangChain(claude),
    },
    models: { safe: { deployments: ["chat/gpt-4o"], fallbacks: ["anthropic/claude-sonnet-4-5"] } },
    prices: { "chat/gpt-4o": { input: 1, output: 2 } },
    onSpend: (row) => void rows.push(row),
  });
});
afterAll(() => server.close());

const messages = [{ role: "user", content: "weather in Oslo" }] as const;
const tools = [
  { name: "weather", description: "Tells.", inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } },
] as const;

describe.each(["chat/gpt-4o", "responses/gpt-4o", "thinker/claude-sonnet-4-5"])("%s", (model) => {
  test("whole and streamed answers say the same", async () => {
    const whole = await crosspoint.generate({ model, messages, tools });
    const streamed = await crosspoint.stream({ model, messages, tools }).response;
    for (const response of [whole, streamed]) {
      expect(response).toMatchObject({
        provider: model.split("/")[0],
        finishReason: { unified: "tool-calls" },
        toolCalls: [{ name: "weather", arguments: '{"city":"Oslo"}' }],
      });
      expect(response.usage.total).toBe(response.usage.input.total! + response.usage.output.total!);
    }
    expect(streamed.reasoning).toBe(whole.reasoning);
    expect(streamed.usage.input.total).toBe(whole.usage.input.total);
  });

  test("text comes in pieces", async () => {
    const pieces: string[] = [];
    for await (const piece of crosspoint.stream({ model, messages: [{ role: "user", content: "one two three" }] }).textStream)
      pieces.push(piece);
    expect(pieces.join("")).toBe("You said: one two three");
    expect(pieces.length).toBeGreaterThan(2);
  });

  test("an agent's loop, its state and thoughts included, goes round", async () => {
    const agent = createAgent({ model: new ChatCrosspoint({ crosspoint, model }), tools: [weather] });
    for (const _ of [1, 2]) {
      const { messages: said } = await agent.invoke({ messages: [{ role: "user", content: "weather in Oslo" }] });
      expect(said.at(-1)!.text).toBe("weather returned 21 degrees in Oslo.");
    }
    let text = "";
    for await (const [message] of await agent.stream(
      { messages: [{ role: "user", content: "weather in Oslo" }] },
      { streamMode: "messages" },
    )) {
      if (message.getType() === "ai") text += message.text;
    }
    expect(text).toBe("weather returned 21 degrees in Oslo.");
  });
});

test("structured answers, images, and results with errors", async () => {
  const output = {
    type: "json",
    schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false },
  } as const;
  const { text } = await crosspoint.generate({ model: "chat/gpt-4o", messages: [{ role: "user", content: "In Oslo" }], output });
  expect(JSON.parse(text)).toEqual({ city: "Oslo" });
  const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const image = { type: "file", mediaType: "image/png", data: { type: "base64", base64: png } } as const;
  const seen = await crosspoint.generate({
    model: "chat/gpt-4o",
    messages: [{ role: "user", content: [{ type: "text", text: "look" }, image] }],
  });
  expect(seen.text).toContain("image/png");
  const call = { type: "tool-call", id: "call_1", name: "weather", arguments: "{}" } as const;
  const result = { type: "tool-result", callId: "call_1", output: "no such city", isError: true } as const;
  const told = await crosspoint.generate({
    model: "chat/gpt-4o",
    messages: [...messages, { role: "assistant", content: [call] }, { role: "tool", content: [result] }],
    tools,
  });
  expect(told.text).toContain("no such city");
});

test("its failures are retried and fallen back from, and it is priced", async () => {
  rows.length = 0;
  simulator.fault({ wire: "openai-chat", status: 503, times: 2 });
  const retried = await crosspoint.generate({ model: "chat/gpt-4o", messages });
  expect(retried.attempts.map((each) => each.outcome)).toEqual(["failure", "failure", "success"]);
  expect(retried.cost?.total).toBeGreaterThan(0);
  simulator.fault({ wire: "openai-chat", status: 401 });
  expect((await crosspoint.generate({ model: "safe", messages })).provider).toBe("anthropic");
  expect(rows.map((row) => row.outcome)).toEqual(["success", "success"]);
});

test("settings that belong to the LangChain model are reported", async () => {
  const { warnings } = await crosspoint.generate({ model: "chat/gpt-4o", messages, temperature: 0.5 });
  expect(warnings).toContainEqual(expect.objectContaining({ type: "unsupported", feature: "temperature" }));
});

test("any chat model will do: one that neither streams nor takes tools, one that fails", async () => {
  class Plain extends BaseChatModel {
    override _llmType(): string {
      return "plain";
    }
    override _generate(given: BaseMessage[]): Promise<ChatResult> {
      if (given.at(-1)!.text === "too long") return Promise.reject(new ContextOverflowError("too long"));
      const message = new AIMessage({ content: `heard ${given.at(-1)!.text}` });
      return Promise.resolve({ generations: [{ text: message.text, message }] });
    }
  }
  const layer = createCrosspoint({
    env: {},
    retries: 0,
    providers: { plain: fromLangChain(new Plain({})), fake: fromLangChain(fakeModel().respond(new AIMessage("scripted"))) },
  });
  const ask = (content: string) => layer.generate({ model: "plain/x", messages: [{ role: "user", content }] });
  expect(await ask("hi")).toMatchObject({ text: "heard hi", finishReason: { unified: "stop" } });
  expect((await layer.stream({ model: "plain/x", messages }).response).text).toBe("heard weather in Oslo");
  await expect(ask("too long")).rejects.toMatchObject({ code: "CONTEXT_WINDOW_EXCEEDED" });
  await expect(layer.generate({ model: "plain/x", messages, tools })).rejects.toMatchObject({ code: "UNSUPPORTED" });
  expect((await layer.generate({ model: "fake/x", messages })).text).toBe("scripted");
});
