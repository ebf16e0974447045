/**
 * The main uses of every face, as a caller under `exactOptionalPropertyTypes` writes them: what this file asks of the types is checked by `tsc`,
 * and that it runs by the test.
 */
import { AIMessage, AIMessageChunk, HumanMessage, type BaseMessage } from "@langchain/core/messages";
import { tool as langchainTool } from "@langchain/core/tools";
import { embedMany, generateText, isStepCount, Output, streamText, tool, ToolLoopAgent, wrapLanguageModel, type LanguageModel } from "ai";
import { createAgent } from "langchain";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import OpenAI from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { createCrosspoint, CrosspointError, type Crosspoint, type ModelResponse, type StreamEvent } from "crosspoint";
import { createCrosspointProvider, crosspointOf as ofAISDK, type CrosspointMetadata } from "crosspoint/ai-sdk";
import { ChatCrosspoint } from "crosspoint/langchain";
import { createOpenAI, crosspointOf, openaiFetch, type CrosspointInfo } from "crosspoint/openai";
import { createSimulator } from "crosspoint/testing";

globalThis.AI_SDK_LOG_WARNINGS = false;

const model = "anthropic/claude-sonnet-4-5";
const PLACES = [model, "openai/gpt-5-mini"];
const Report = z.object({ city: z.string(), degrees: z.number() });
type Report = z.infer<typeof Report>;
const question = 'What of "Oslo" at 21 degrees?';

function createLayer(): Crosspoint {
  const simulator = createSimulator();
  return createCrosspoint({
    env: {},
    fetch: simulator.fetch,
    providers: { ...simulator.providers(), lab: { codec: "openai-chat", baseURL: "http://127.0.0.1:8000/v1" } },
    models: {
      smart: { deployments: [model, { model: "openai/gpt-5-mini", apiKey: "k" }], fallbacks: ["fast"] },
      fast: "openai/gpt-5-mini",
    },
  });
}

test("the layer", async () => {
  const crosspoint = createLayer();
  const response = await crosspoint.generate({
    model: "smart",
    messages: [{ role: "user", content: "hello" }],
    attribution: { team: "a" },
  });
  expectTypeOf(response).toEqualTypeOf<ModelResponse>();
  expectTypeOf(response.cost?.total).toEqualTypeOf<number | undefined>();
  const stream = crosspoint.stream({ model: "smart", messages: [{ role: "user", content: "hello" }] });
  for await (const event of stream) expectTypeOf(event).toEqualTypeOf<StreamEvent>();
  expectTypeOf((await stream.response).text).toEqualTypeOf<string>();
  // @ts-expect-error: an option that is left out is left out.
  await crosspoint.generate({ model, messages: [{ role: "user", content: "hello" }], temperature: undefined });
  const failure: unknown = await crosspoint.generate({ model: "none/x", messages: [] }).catch((error: unknown) => error);
  expect(CrosspointError.is(failure, "MODEL_NOT_FOUND")).toBe(true);
});

test("LangChain", async () => {
  const chat = new ChatCrosspoint({ crosspoint: createLayer(), model: "smart", attribution: { team: "a" }, temperature: 0 });
  const message = await chat.invoke([new HumanMessage("hello")]);
  expectTypeOf(message).toExtend<AIMessageChunk>();
  expect(AIMessage.isInstance(message)).toBe(true);
  for await (const chunk of await chat.stream("hello")) expectTypeOf(chunk).toEqualTypeOf<AIMessageChunk>();
  const weather = langchainTool(({ city }) => `21 degrees in ${city}`, { name: "weather", schema: z.object({ city: z.string() }) });
  const bound = chat.bindTools([weather], { tool_choice: "auto", parallel_tool_calls: false });
  expectTypeOf(await bound.invoke("hello")).toExtend<AIMessageChunk>();
  const structured = chat.withStructuredOutput(Report);
  expectTypeOf(structured.invoke(question)).resolves.toEqualTypeOf<Report>();
  const raw = chat.withStructuredOutput(Report, { includeRaw: true, method: "jsonSchema" });
  expectTypeOf(raw.invoke(question)).resolves.toEqualTypeOf<{ raw: BaseMessage; parsed: Report }>();
  expect(await structured.invoke(question)).toEqual({ city: "Oslo", degrees: 21 });
  const agent = createAgent({ model: chat, tools: [weather], systemPrompt: "Be brief." });
  expect((await agent.invoke({ messages: [new HumanMessage(question)] })).messages.length).toBeGreaterThan(2);
  expect(createReactAgent({ llm: chat, tools: [weather] })).toBeDefined();
});

test("the AI SDK", async () => {
  const provider = createCrosspointProvider(createLayer(), { defaults: { attribution: { team: "a" } } });
  const smart = provider("smart");
  expectTypeOf(smart).toExtend<LanguageModel>();
  const weather = tool({
    description: "Tells the weather.",
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => ({ city, degrees: 21 }),
  });
  const result = await generateText({
    model: smart,
    prompt: question,
    tools: { weather },
    stopWhen: isStepCount(3),
    providerOptions: { crosspoint: { attribution: { user: "ada" }, retries: 1 } },
  });
  expectTypeOf(ofAISDK(result)).toEqualTypeOf<CrosspointMetadata | undefined>();
  expect(PLACES).toContain(ofAISDK(result)?.deployment);
  const { output } = await generateText({ model: smart, prompt: question, output: Output.object({ schema: Report }) });
  expectTypeOf(output).toEqualTypeOf<Report>();
  const streamed = streamText({ model: provider.languageModel("fast"), prompt: "hello" });
  for await (const text of streamed.textStream) expectTypeOf(text).toEqualTypeOf<string>();
  const { embeddings } = await embedMany({ model: provider.embeddingModel("openai/text-embedding-3-small"), values: ["a", "b"] });
  expect(embeddings).toHaveLength(2);
  const agent = new ToolLoopAgent({ model: wrapLanguageModel({ model: smart, middleware: {} }), tools: { weather } });
  expect((await agent.generate({ prompt: question })).text).not.toBe("");
});

test("the OpenAI client", async () => {
  const crosspoint = createLayer();
  const openai = createOpenAI(crosspoint, { attribution: { team: "a" }, timeout: 5000 });
  expectTypeOf(openai).toEqualTypeOf<OpenAI>();
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: question }];
  const completion = await openai.chat.completions.create({ model: "smart", messages });
  expectTypeOf(completion).toExtend<OpenAI.ChatCompletion>();
  expectTypeOf(crosspointOf(completion)).toEqualTypeOf<CrosspointInfo | undefined>();
  for await (const chunk of await openai.chat.completions.create({ model: "smart", messages, stream: true })) {
    expectTypeOf(chunk).toExtend<OpenAI.ChatCompletionChunk>();
  }
  const parsed = await openai.chat.completions.parse({ model: "smart", messages, response_format: zodResponseFormat(Report, "report") });
  expectTypeOf(parsed.choices[0]!.message.parsed).toEqualTypeOf<Report | null>();
  const response = await openai.responses.parse({ model: "smart", input: question, text: { format: zodTextFormat(Report, "report") } });
  expect(response.output_parsed satisfies Report | null).toEqual({ city: "Oslo", degrees: 21 });
  const { data, response: head } = await openai.responses.create({ model: "smart", input: "hello" }).withResponse();
  expectTypeOf(data).toExtend<OpenAI.Responses.Response>();
  expect(PLACES).toContain(head.headers.get("x-crosspoint-deployment"));
  const other = new OpenAI({ apiKey: "k", maxRetries: 0, fetch: openaiFetch(crosspoint, { attribution: { team: "b" } }) });
  expect((await other.models.list()).data.length).toBeGreaterThan(0);
});
