import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { HumanMessage } from "@langchain/core/messages";
import { tool as langchainTool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import { generateText, Output, stepCountIs, streamText, tool } from "ai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createSimulator } from "crosspoint/testing";

const simulator = createSimulator();
const { fetch } = simulator;
const urls = simulator.providers();

const openai = createOpenAI({ ...urls["openai"], fetch });
const anthropic = createAnthropic({ ...urls["anthropic"], fetch });
const google = createGoogleGenerativeAI({ ...urls["google"], fetch });

const MODELS = {
  Responses: openai("gpt-4.1"),
  "Responses, reasoning": openai("gpt-5"),
  "Chat Completions": openai.chat("gpt-4.1"),
  Anthropic: anthropic("claude-sonnet-4-6"),
  "Anthropic, newest": anthropic("claude-opus-4-7"),
  "Gemini 2.5": google("gemini-2.5-flash"),
  "Gemini 3": google("gemini-3-pro"),
};

describe.each(Object.entries(MODELS))("AI SDK on %s", (_, model) => {
  const weather = tool({
    description: "weather of a city",
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => `sun in ${city}`,
  });

  it("runs a tool loop, streamed and not", async () => {
    const ask = { model, tools: { weather }, stopWhen: stepCountIs(3), prompt: "Tell me the weather in Paris.", maxRetries: 0 };
    expect((await generateText(ask)).text).toBe("weather returned sun in Paris.");
    expect(await streamText(ask).text).toBe("weather returned sun in Paris.");
  });

  it("gets structured output", async () => {
    const { output } = await generateText({
      model,
      prompt: 'Pick "Oslo" and 7.',
      maxRetries: 0,
      output: Output.object({ schema: z.object({ city: z.string(), count: z.number() }) }),
    });
    expect(output).toEqual({ city: "Oslo", count: 7 });
  });
});

describe.each([true, false])("LangChain on OpenAI, Responses: %s", (useResponsesApi) => {
  it("runs an agent", async () => {
    const model = new ChatOpenAI({
      model: "gpt-4.1",
      apiKey: "k",
      useResponsesApi,
      maxRetries: 0,
      configuration: { baseURL: urls["openai"].baseURL, fetch },
    });
    const weather = langchainTool(({ city }: { city: string }) => `sun in ${city}`, {
      name: "weather",
      description: "weather of a city",
      schema: z.object({ city: z.string() }),
    });
    const agent = createAgent({ model, tools: [weather] });
    const { messages } = await agent.invoke({ messages: [new HumanMessage("Tell me the weather in Paris.")] });
    expect(messages.at(-1)?.text).toBe("weather returned sun in Paris.");
  });
});
