import { AIMessage, HumanMessage, type BaseMessage } from "@langchain/core/messages";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import {
  createAgent,
  createMiddleware,
  modelCallLimitMiddleware,
  modelFallbackMiddleware,
  modelRetryMiddleware,
  providerStrategy,
  summarizationMiddleware,
  toolStrategy,
} from "langchain";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { MODELS, setUp, weather } from "./support.ts";

const question = { messages: [{ role: "user" as const, content: "weather in Oslo, 21 degrees" }] };
const Report = z.object({ city: z.string(), degrees: z.number() });

type AgentOptions = Parameters<typeof createAgent>[0];
/** LangChain's own middleware does not fit its types under exactOptionalPropertyTypes. */
const middleware = (...list: readonly unknown[]): Pick<AgentOptions, "middleware"> =>
  ({ middleware: list }) as Pick<AgentOptions, "middleware">;

describe.each(MODELS)("createAgent on %s", (model) => {
  const thinks = model === "openai-chat/gpt-4o" ? {} : ({ reasoningEffort: "low" } as const);

  test("asks the tool, then answers; every call has a cost", async () => {
    const { chat, rows, simulator } = setUp();
    const agent = createAgent({ model: chat(model, thinks), tools: [weather], systemPrompt: "Be brief.", name: "my agent" });
    const { messages } = await agent.invoke(question);
    expect(messages.map((message) => message.getType())).toEqual(["human", "ai", "tool", "ai"]);
    expect(messages.at(-1)!.text).toBe("weather returned 21 degrees in Oslo.");
    expect(rows.map((row) => row.cost?.total)).toEqual([expect.any(Number), expect.any(Number)]);
    // The next turn brings the agent's own messages, named and with reasoning, back to the provider.
    const next = await agent.invoke({ messages: [...messages, new HumanMessage("And weather in Bergen?")] });
    expect(next.messages).toHaveLength(8);
    expect(simulator.requests.map((request) => request.status)).toEqual([200, 200, 200, 200]);
  });

  test("stream modes: messages come in pieces, updates and values by step, events of v3 whole", async () => {
    const { chat } = setUp();
    const agent = createAgent({ model: chat(model, thinks), tools: [weather] });
    let text = "";
    let pieces = 0;
    for await (const [message] of await agent.stream(question, { streamMode: "messages" })) {
      if (message.getType() !== "ai") continue;
      text += message.text;
      pieces += 1;
    }
    expect(text).toBe("weather returned 21 degrees in Oslo.");
    expect(pieces).toBeGreaterThan(6);
    for (const [streamMode, steps] of [
      ["updates", 3],
      ["values", 4],
    ] as const) {
      const seen: unknown[] = [];
      for await (const each of await agent.stream(question, { streamMode })) seen.push(each);
      expect(seen).toHaveLength(steps);
    }
    const run = await agent.streamEvents(question, { version: "v3" });
    const output = (await run.output) as { readonly messages: readonly BaseMessage[] };
    expect(output.messages.at(-1)!.text).toBe(text);
    expect(
      output.messages.filter((message) => AIMessage.isInstance(message)).map((message) => message.response_metadata["cost"] as unknown),
    ).toEqual([expect.any(Number), expect.any(Number)]);
  });

  test("structured answers by tool, by provider, and by what the profile says", async () => {
    const { chat } = setUp();
    for (const responseFormat of [toolStrategy(Report), providerStrategy(Report), Report]) {
      const agent = createAgent({ model: chat(model), tools: [weather], responseFormat: responseFormat as typeof Report });
      const { structuredResponse } = await agent.invoke(question);
      expect(structuredResponse).toEqual({ city: expect.any(String) as string, degrees: 21 });
    }
  });

  test("createReactAgent, with a structured answer", async () => {
    const { chat } = setUp();
    const agent = createReactAgent({ llm: chat(model), tools: [weather], responseFormat: Report });
    const { messages, structuredResponse } = await agent.invoke(question);
    expect(messages).toHaveLength(4);
    expect(structuredResponse).toMatchObject({ degrees: 21 });
  });
});

test("a fallback within the model keeps tools and structured output", async () => {
  const {
    simulator,
    crosspoint: _crosspoint,
    chat,
    rows,
  } = setUp({
    models: { smart: { deployments: ["anthropic/claude-sonnet-4-5"], fallbacks: ["openai-chat/gpt-4o"] } },
    retries: 0,
  });
  simulator.fault({ wire: "anthropic-messages", status: 529, times: Infinity });
  const agent = createAgent({ model: chat("smart"), tools: [weather], responseFormat: toolStrategy(Report) });
  const { messages, structuredResponse } = await agent.invoke(question);
  expect(structuredResponse).toMatchObject({ degrees: 21 });
  const answers = messages.filter((message) => AIMessage.isInstance(message));
  expect(answers[0]!.response_metadata).toMatchObject({ deployment: "openai-chat/gpt-4o", fallback_from: "anthropic/claude-sonnet-4-5" });
  expect(rows.every((row) => row.outcome === "success")).toBe(true);
});

describe("middleware", () => {
  test("modelFallbackMiddleware moves on to another model", async () => {
    const { simulator, chat } = setUp({ retries: 0 });
    simulator.fault({ wire: "anthropic-messages", status: 500 });
    const agent = createAgent({
      model: chat("anthropic/claude-sonnet-4-5"),
      tools: [weather],
      ...middleware(modelFallbackMiddleware(chat("openai/gpt-4o"))),
    });
    const { messages } = await agent.invoke(question);
    expect(messages[1]!.response_metadata).toMatchObject({ provider: "openai" });
  });

  test("modelRetryMiddleware retries by itself, because the layer then does not", async () => {
    const { simulator, chat } = setUp({ retries: 5 });
    simulator.fault({ status: 500, times: 2 });
    const agent = createAgent({
      model: chat("openai-chat/gpt-4o"),
      tools: [],
      ...middleware(modelRetryMiddleware({ maxRetries: 3, initialDelayMs: 1 })),
    });
    await agent.invoke(question);
    expect(simulator.requests.map((request) => request.status)).toEqual([500, 500, 200]);
  });

  test("modelRetryMiddleware gives up at once on what no retry can mend", async () => {
    const { simulator, chat } = setUp();
    simulator.fault({ status: 401, times: Infinity });
    const agent = createAgent({
      model: chat("openai-chat/gpt-4o"),
      tools: [],
      ...middleware(modelRetryMiddleware({ maxRetries: 3, initialDelayMs: 1, onFailure: "error" })),
    });
    await expect(agent.invoke(question)).rejects.toThrow();
    expect(simulator.requests).toHaveLength(1);
  });

  test("summarizationMiddleware reads the profile, and its call is marked as such", async () => {
    const { chat, rows } = setUp();
    const model = chat("openai-chat/gpt-4o", { profile: { maxInputTokens: 100 } });
    const agent = createAgent({
      model,
      tools: [],
      ...middleware(summarizationMiddleware({ model, trigger: { fraction: 0.5 }, keep: { messages: 1 } } as never)),
    });
    const history = Array.from({ length: 8 }, (_, index) => ({
      role: "user" as const,
      content: `This is sentence number ${index} of a rather long talk.`,
    }));
    const { messages } = await agent.invoke({ messages: history });
    expect(messages.length).toBeLessThan(8);
    expect(rows.map((row) => row.attribution?.metadata?.["source"])).toContain("summarization");
  });

  test("modelCallLimitMiddleware counts", async () => {
    const { chat, simulator } = setUp();
    const agent = createAgent({
      model: chat("openai-chat/gpt-4o"),
      tools: [weather],
      ...middleware(modelCallLimitMiddleware({ runLimit: 1, exitBehavior: "end" } as never)),
    });
    await agent.invoke(question);
    expect(simulator.requests).toHaveLength(1);
  });

  test("a model chosen in the middle, with settings of its own", async () => {
    const { chat, simulator } = setUp();
    const other = chat("anthropic/claude-sonnet-4-5");
    const choose = createMiddleware({
      name: "choose",
      wrapModelCall: (request, handler) => handler({ ...request, model: other, modelSettings: { temperature: 0.25, custom: "ignored" } }),
    });
    await createAgent({ model: chat("openai-chat/gpt-4o"), tools: [weather], middleware: [choose] }).invoke(question);
    expect(simulator.requests.map((request) => request.wire)).toEqual(["anthropic-messages", "anthropic-messages"]);
    expect(simulator.requests[0]!.body).toMatchObject({ temperature: 0.25 });
    expect(JSON.stringify(simulator.requests[0]!.body)).not.toContain("ignored");
  });
});

test("a cache hits within an agent, though its options differ in every run", async () => {
  const { chat, simulator } = setUp();
  const agent = createAgent({ model: chat("openai-chat/gpt-4o", { cache: true }), tools: [weather] });
  const messages = [new HumanMessage({ content: "cached weather in Oslo", id: "fixed" })];
  await agent.invoke({ messages });
  const first = simulator.requests.length;
  await agent.invoke({ messages });
  expect([first, simulator.requests.length]).toEqual([2, 2]);
});
