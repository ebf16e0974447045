import { ContextOverflowError, getRetryable, ModelAbortError } from "@langchain/core/errors";
import { load } from "@langchain/core/load";
import { AIMessage, HumanMessage, type AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { z } from "zod";
import { ChatCrosspoint } from "crosspoint/langchain";
import { joined, setUp, weather } from "./support.ts";

const MODEL = "openai-chat/gpt-4o";

async function failureOf(promise: PromiseLike<unknown>): Promise<Error & Record<string, unknown>> {
  return promise.then(
    () => expect.fail("it should have failed"),
    (error: unknown) => error as Error & Record<string, unknown>,
  );
}

describe("construction", () => {
  test("takes a model's name first, or in its fields, and what other models take", () => {
    expect(new ChatCrosspoint("openai/gpt-5-mini", { temperature: 0 }).model).toBe("openai/gpt-5-mini");
    const model = new ChatCrosspoint({
      model: MODEL,
      temperature: 0,
      maxTokens: 100,
      timeout: 60,
      stopSequences: [],
      maxRetries: 2,
      apiKey: "test",
      streaming: true,
    });
    expect(model.model).toBe(MODEL);
    expect(model.bindTools([weather])).toBeDefined();
    expect(model.withStructuredOutput(z.object({}))).toBeDefined();
  });

  test("settings of the model and of the call reach the provider, those of the call first", async () => {
    const { chat, simulator } = setUp();
    await chat(MODEL, { temperature: 0.1, maxTokens: 50, topP: 0.5, seed: 1, stop: ["a"] }).invoke("hi", { temperature: 0.9, stop: ["b"] });
    expect(simulator.requests[0]!.body).toMatchObject({ temperature: 0.9, top_p: 0.5, seed: 1, stop: ["b"] });
    await chat(MODEL).invoke("hi", { model: "anthropic/claude-sonnet-4-5", maxTokens: 7 });
    expect(simulator.requests[1]).toMatchObject({ wire: "anthropic-messages", body: { max_tokens: 7 } });
  });

  test("streaming: true asks for a stream, and callbacks hear each piece", async () => {
    const { chat, simulator } = setUp();
    const pieces: string[] = [];
    const message = await chat(MODEL, { streaming: true }).invoke("hi", {
      callbacks: [{ handleLLMNewToken: (text) => void pieces.push(text) }],
    });
    expect(message.text).toBe("You said: hi");
    expect(pieces.join("")).toBe("You said: hi");
    expect(simulator.requests[0]!.body).toMatchObject({ stream: true });
  });

  test("two answers are two generations, with usage once", async () => {
    const { chat } = setUp();
    const { generations } = await chat(MODEL, { n: 2 }).generate([[new HumanMessage("hi")]]);
    expect(generations[0]).toHaveLength(2);
  });
});

describe("serialisation and traces", () => {
  test("no key, header or layer is in it, and it can be loaded", async () => {
    const { chat } = setUp();
    const model = chat(MODEL, { apiKey: "sk-secret-000000", headers: { "x-secret": "hush" }, temperature: 0.5 });
    const text = JSON.stringify(model);
    expect(text).not.toMatch(/sk-secret|hush|simulator/);
    expect(JSON.parse(text)).toMatchObject({
      lc: 1,
      type: "constructor",
      id: ["langchain", "chat_models", "crosspoint", "ChatCrosspoint"],
    });
    const loaded = await load<ChatCrosspoint>(text, {
      importMap: { chat_models__crosspoint: { ChatCrosspoint } },
      secretsMap: { CROSSPOINT_API_KEY: "sk-other" },
    });
    expect(loaded).toBeInstanceOf(ChatCrosspoint);
    expect(loaded.model).toBe(MODEL);
    expect(Object.keys(model)).not.toContain("inner");
  });

  test("tracers see parameters and the options of structured output, never keys or headers", async () => {
    const { chat } = setUp();
    const started = vi.fn();
    const schema = z.object({ a: z.number() });
    const model = chat(MODEL, { apiKey: "sk-secret-000000", headers: { "x-secret": "hush" }, temperature: 0.5 });
    await model
      .withStructuredOutput(schema)
      .invoke("a is 1", { callbacks: [{ handleChatModelStart: started }], headers: { "x-secret": "hush" } } as object);
    const [, , , , extra] = started.mock.calls[0] as [unknown, unknown, unknown, unknown, Record<string, Record<string, unknown>>];
    expect(extra["invocation_params"]).toMatchObject({ model: MODEL, temperature: 0.5 });
    expect(extra["options"]!["ls_structured_output_format"]).toMatchObject({
      kwargs: { method: "functionCalling" },
      schema: { type: "object", properties: { a: { type: "number" } } },
    });
    expect(JSON.stringify(started.mock.calls[0])).not.toMatch(/sk-secret|hush/);
  });

  test("names the model behind the name for LangSmith, in six fields", () => {
    const { chat } = setUp({ models: { smart: { deployments: ["google/gemini-2.5-flash", MODEL] } } });
    const params = chat("smart", { temperature: 0.5, maxTokens: 9, stop: ["x"] }).getLsParams({} as never);
    expect(params).toEqual({
      ls_provider: "google_genai",
      ls_model_name: "gemini-2.5-flash",
      ls_model_type: "chat",
      ls_temperature: 0.5,
      ls_max_tokens: 9,
      ls_stop: ["x"],
    });
    const unknown = chat("no-such-model").getLsParams({} as never);
    expect(Object.keys(unknown).toSorted()).toEqual([
      "ls_max_tokens",
      "ls_model_name",
      "ls_model_type",
      "ls_provider",
      "ls_stop",
      "ls_temperature",
    ]);
  });

  test("tokens of a batch are summed", async () => {
    const { chat } = setUp();
    const { llmOutput } = await chat(MODEL).generate([[new HumanMessage("a")], [new HumanMessage("b")]]);
    expect(llmOutput).toMatchObject({ tokenUsage: { promptTokens: 4, completionTokens: 6, totalTokens: 10 } });
  });
});

test("profile: the least that every deployment of a name can take", () => {
  const { chat } = setUp({ models: { smart: { deployments: ["openai/gpt-5-mini", "anthropic/claude-sonnet-4-5"] } } });
  const profile = chat("smart").profile;
  expect(profile).toMatchObject({
    maxInputTokens: 200_000,
    maxOutputTokens: 64_000,
    imageInputs: true,
    audioInputs: false,
    toolCalling: true,
    structuredOutput: true,
  });
  expect(chat("smart", { profile: { maxInputTokens: 5 } }).profile).toMatchObject({ maxInputTokens: 5, imageInputs: true });
  expect(chat("google/gemini-2.5-flash").profile.structuredOutput).toBe(false);
  expect(chat("no-such-model").profile).toEqual({});
});

describe("aborts", () => {
  test("before the call: it rejects, and nothing is sent", async () => {
    const { chat, simulator } = setUp();
    const signal = AbortSignal.abort();
    await expect(chat(MODEL).invoke("hi", { signal })).rejects.toThrow();
    await expect(chat(MODEL).stream("hi", { signal }).then(joined)).rejects.toThrow();
    expect(simulator.requests).toHaveLength(0);
  });

  test("in the middle of a stream that agents read: what came so far is kept", async () => {
    const { chat, simulator } = setUp();
    simulator.script({ text: "one two three four five six", delayMs: 5 });
    const controller = new AbortController();
    const callbacks = [
      { name: "tokens", lc_prefer_streaming: true, handleLLMNewToken: (text: string) => void (text.includes("two") && controller.abort()) },
    ];
    const error = await failureOf(chat(MODEL).invoke("hi", { signal: controller.signal, callbacks }));
    expect(ModelAbortError.isInstance(error)).toBe(true);
    expect((error as unknown as ModelAbortError).partialOutput!.text).toMatch(/^one two/);
    await vi.waitFor(() => expect(simulator.open).toBe(0));
  });

  test("leaving a stream early closes the connection and settles the spend, once", async () => {
    const { chat, rows, simulator } = setUp();
    simulator.script({ text: "one two three four five six", delayMs: 5 });
    for await (const _ of await chat(MODEL).stream("hi")) break;
    await vi.waitFor(() => expect(rows).toMatchObject([{ outcome: "aborted" }]));
    await vi.waitFor(() => expect(simulator.open).toBe(0));
  });

  test("a timeout of the call ends it", async () => {
    const { chat, simulator } = setUp();
    simulator.fault({ delayMs: 5_000 });
    await expect(chat(MODEL).invoke("hi", { timeout: 10 })).rejects.toThrow();
  });
});

describe("errors", () => {
  test("say who failed and how, and that nobody should retry what the layer has retried", async () => {
    const { chat, simulator } = setUp({ retries: 1 });
    simulator.fault({ status: 429, retryAfter: 0, times: Infinity });
    const model = chat(MODEL);
    const asks = [model.invoke("hi"), model.stream("hi").then(joined), (async () => model.streamEvents("hi"))()];
    for (const error of await Promise.all(asks.map(failureOf))) {
      expect(error).toMatchObject({ code: "RATE_LIMITED", status: 429, lc_error_code: "MODEL_RATE_LIMIT", retryAfterMs: 0 });
      expect(getRetryable(error)).toBe(false);
    }
    expect(simulator.requests.length).toBe(6);
  });

  test("with maxRetries: 0 the layer does not retry, and says what may be retried", async () => {
    const { chat, simulator } = setUp({ retries: 5 });
    simulator.fault({ status: 503, times: Infinity });
    const error = await failureOf(chat(MODEL).invoke("hi", { maxRetries: 0 }));
    expect(getRetryable(error)).toBe(true);
    expect(simulator.requests).toHaveLength(1);
    await failureOf(chat(MODEL, { maxRetries: 1 }).invoke("hi"));
    expect(simulator.requests).toHaveLength(3);
  });

  test("a conversation that does not fit is a ContextOverflowError", async () => {
    const { chat, simulator } = setUp();
    simulator.fault({
      status: 400,
      error: { code: "context_length_exceeded", message: "This model's maximum context length is 8192 tokens." },
    });
    const error = await failureOf(chat(MODEL).invoke("hi"));
    expect(ContextOverflowError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: "CONTEXT_WINDOW_EXCEEDED", status: 400 });
    expect(getRetryable(error)).toBe(false);
  });

  test("a stream that breaks off after its first words throws, on every path", async () => {
    const { chat, simulator } = setUp();
    simulator.fault({ cutAfterChunks: 2, times: Infinity });
    await expect(joined(await chat(MODEL).stream("hi there you"))).rejects.toMatchObject({ code: "STREAM_INTERRUPTED" });
    await expect((async () => chat(MODEL).streamEvents("hi there you"))()).rejects.toMatchObject({ code: "STREAM_INTERRUPTED" });
  });

  test("what cannot be sent is the caller's fault", async () => {
    const { chat } = setUp();
    expect(await failureOf(chat(MODEL).invoke("hi", { tools: [{ nonsense: true }] }))).toMatchObject({
      code: "BAD_REQUEST",
      param: "tools[0]",
    });
    expect(await failureOf(chat("no/such").invoke("hi"))).toMatchObject({ code: "MODEL_NOT_FOUND", lc_error_code: "MODEL_NOT_FOUND" });
    expect(() => chat(MODEL).withStructuredOutput(z.object({}), { method: "none" as never })).toThrow(
      /functionCalling, jsonSchema or jsonMode/,
    );
  });
});

describe("concurrency", () => {
  test("maxConcurrency bounds the calls that are under way, streams too", async () => {
    const { chat, simulator } = setUp();
    let most = 0;
    simulator.script(Array.from({ length: 6 }, () => ({ text: "a b c", delayMs: 2 })));
    const model = chat(MODEL, { maxConcurrency: 2 });
    const watch = setInterval(() => (most = Math.max(most, simulator.open)), 1);
    await Promise.all([model.batch(["1", "2", "3"]), ...["4", "5", "6"].map(async (text) => joined(await model.stream(text)))]);
    clearInterval(watch);
    expect(most).toBeLessThanOrEqual(2);
    expect(simulator.requests).toHaveLength(6);
  });

  test("whoever waits can be aborted, and takes nobody's place", async () => {
    const { chat, simulator } = setUp();
    simulator.script({ text: "a b c", delayMs: 10 });
    const model = chat(MODEL, { maxConcurrency: 1 });
    const controller = new AbortController();
    const first = model.invoke("1");
    const second = model.invoke("2", { signal: controller.signal });
    controller.abort();
    await expect(second).rejects.toThrow();
    await first;
    expect((await model.invoke("3")).text).toBe("You said: 3");
  });

  test("waiting calls keep their own async context", async () => {
    const { crosspoint, chat, rows } = setUp();
    const model = chat(MODEL, { maxConcurrency: 1 });
    await Promise.all(["a", "b", "c"].map((user) => crosspoint.withAttribution({ user }, () => model.invoke(user))));
    expect(new Set(rows.map((row) => row.attribution?.user))).toEqual(new Set(["a", "b", "c"]));
  });
});

test("a cache answers the second time, with the key that LangChain computes", async () => {
  const { chat, simulator } = setUp();
  const model = chat(MODEL, { cache: true });
  const messages = [new HumanMessage({ content: [{ type: "text", text: "cache me" }] })];
  const first = await model.invoke(messages);
  const second = await model.invoke(messages);
  expect(simulator.requests).toHaveLength(1);
  expect(second.content).toEqual(first.content);
  await model.invoke(messages, { temperature: 0.3 });
  expect(simulator.requests).toHaveLength(2);
  expect(model._getSerializedCacheKeyParametersForCall({})).toBe(model._getSerializedCacheKeyParametersForCall({ metadata: { a: 1 } }));
});

test("tokens are counted without a network", async () => {
  const count = await new ChatCrosspoint(MODEL).getNumTokens("The quick brown fox jumps over the lazy dog.");
  expect(count).toBeGreaterThan(7);
  expect(count).toBeLessThan(20);
});

test("types: no any, and what LangChain gives is what is promised", () => {
  const { chat } = setUp();
  const model = chat(MODEL);
  expectTypeOf(model.invoke("x")).resolves.toEqualTypeOf<AIMessageChunk>();
  expectTypeOf(model.withStructuredOutput(z.object({ a: z.number() }))).toExtend<Runnable<never, { a: number }>>();
  expectTypeOf(model.withStructuredOutput(z.object({ a: z.number() }), { includeRaw: true })).toExtend<
    Runnable<never, { raw: BaseMessage; parsed: { a: number } }>
  >();
  expect(AIMessage.isInstance(model)).toBe(false);
});
