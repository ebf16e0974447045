import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import { ChatAnthropic } from "@langchain/anthropic";
import { ChatOpenAI } from "@langchain/openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SimulatorServer } from "crosspoint/testing";
import { MODELS, setUp, time, weather, type Setup } from "./support.ts";

let setup: Setup;
let server: SimulatorServer;
beforeAll(async () => {
  setup = setUp();
  server = await setup.simulator.listen();
});
afterAll(() => server.close());

const openai = (model: string, useResponsesApi: boolean, more: object = {}): ChatOpenAI =>
  new ChatOpenAI({
    model,
    useResponsesApi,
    apiKey: "k",
    maxRetries: 0,
    configuration: { baseURL: setup.simulator.baseURLs(server.url).openai },
    ...more,
  });

const anthropic = (): ChatAnthropic =>
  new ChatAnthropic({
    model: "claude-sonnet-4-5",
    apiKey: "k",
    maxRetries: 0,
    maxTokens: 4_000,
    thinking: { type: "enabled", budget_tokens: 1_024 },
    anthropicApiUrl: setup.simulator.baseURLs(server.url).anthropic,
  });

const thinking = { reasoningEffort: "low" } as const;

/** Those whose histories are handed over, LangChain's own models and ours. */
const MAKERS = {
  "ChatOpenAI, Chat Completions": () => openai("gpt-4o", false),
  "ChatOpenAI, Responses": () => openai("gpt-5-mini", true, { reasoning: { effort: "low", summary: "auto" } }),
  "ChatOpenAI, Responses, standard content": () => openai("gpt-5-mini", true, { reasoning: { effort: "low" }, outputVersion: "v1" }),
  ChatAnthropic: () => anthropic(),
  "ours on OpenAI": () => setup.chat("openai/gpt-5-mini", thinking),
  "ours on Chat Completions": () => setup.chat("openai-chat/gpt-4o"),
  "ours on Anthropic": () => setup.chat("anthropic/claude-sonnet-4-5", thinking),
  "ours on Gemini": () => setup.chat("google/gemini-3-pro-preview", thinking),
  "ours on Gemini, standard content": () => setup.chat("google/gemini-3-pro-preview", { ...thinking, outputVersion: "v1" }),
} as const;

type Maker = keyof typeof MAKERS;

/** A question, its two calls, their results, and the answer; each step streamed or not. */
async function converse(name: Maker, streamed: boolean): Promise<BaseMessage[]> {
  const bound = MAKERS[name]().bindTools([weather, time]);
  const ask = async (messages: BaseMessage[]): Promise<BaseMessage> => {
    if (!streamed) return bound.invoke(messages);
    let sum: BaseMessage | undefined;
    for await (const chunk of await bound.stream(messages)) sum = sum === undefined ? chunk : (sum as typeof chunk).concat(chunk);
    return sum!;
  };
  const messages: BaseMessage[] = [new HumanMessage("weather and time in Oslo")];
  const asked = (await ask(messages)) as AIMessage;
  expect(asked.tool_calls).toHaveLength(2);
  messages.push(asked, ...asked.tool_calls!.map(({ id, name: tool }) => new ToolMessage({ content: `${tool}: fine`, tool_call_id: id! })));
  messages.push(await ask(messages));
  return messages;
}

describe.each(Object.keys(MAKERS) as Maker[])("%s", (maker) => {
  test.each([false, true])("its conversation goes on everywhere (streamed: %s)", async (streamed) => {
    const messages = await converse(maker, streamed);
    for (const model of MODELS) {
      const fields = model === "openai-chat/gpt-4o" ? {} : thinking;
      const answer = await setup.chat(model, fields).invoke([...messages, new HumanMessage("thanks")], { tools: [weather, time] });
      expect(setup.simulator.requests.at(-1)).toMatchObject({ status: 200 });
      expect(answer.response_metadata["attempts"]).toHaveLength(1);
      // After the calls alone, in the middle of the loop, too.
      const open = await setup.chat(model, fields).invoke(messages.slice(0, -1), { tools: [weather, time] });
      expect(open.response_metadata["attempts"]).toHaveLength(1);
      expect(open.text).toContain("fine");
    }
  });
});

describe("reasoning", () => {
  const sent = (): string => JSON.stringify(setup.simulator.requests.at(-1)!.body);

  test("goes back to the family that made it, and to no other", async () => {
    for (const [maker, model, mark] of [
      ["ChatAnthropic", "anthropic/claude-sonnet-4-5", '"signature"'],
      ["ours on Anthropic", "anthropic/claude-sonnet-4-5", '"signature"'],
      ["ours on OpenAI", "openai/gpt-5-mini", '"encrypted_content"'],
      ["ours on Gemini", "google/gemini-3-pro-preview", '"thoughtSignature"'],
    ] as const) {
      const messages = await converse(maker, true);
      await setup.chat(model, thinking).invoke(messages.slice(0, -1), { tools: [weather, time] });
      expect(sent()).toContain(mark);
      await setup.chat("openai-chat/gpt-4o").invoke(messages.slice(0, -1), { tools: [weather, time] });
      expect(sent()).not.toContain(mark);
    }
  });

  test("survives being stored as JSON and loaded again", async () => {
    const { mapChatMessagesToStoredMessages, mapStoredMessagesToChatMessages } = await import("@langchain/core/messages");
    const messages = await converse("ours on Gemini", true);
    const stored = JSON.parse(JSON.stringify(mapChatMessagesToStoredMessages(messages.slice(0, -1)))) as ReturnType<
      typeof mapChatMessagesToStoredMessages
    >;
    await setup.chat("google/gemini-3-pro-preview", thinking).invoke(mapStoredMessagesToChatMessages(stored), { tools: [weather, time] });
    expect(sent()).toContain('"thoughtSignature"');
  });
});

test("the shapes of ChatGoogle's messages", async () => {
  const google = { model_provider: "google", model_name: "gemini-3-pro-preview" };
  const call = { name: "weather", args: { city: "Oslo" }, id: "c1", type: "tool_call" } as const;
  const messages = [
    new HumanMessage("weather in Oslo"),
    new AIMessage({
      content: [
        { type: "reasoning", reasoning: "I should ask." },
        { type: "text", text: "Let me see." },
        { type: "functionCall", functionCall: { name: "weather", args: { city: "Oslo" } }, thoughtSignature: "c2lnbmF0dXJl" },
      ],
      tool_calls: [call],
      response_metadata: google,
    }),
    new ToolMessage({ content: "21 degrees", tool_call_id: "c1" }),
  ];
  for (const model of MODELS.filter((each) => !each.startsWith("google"))) {
    const answer = await setup.chat(model).invoke(messages, { tools: [weather] });
    expect(answer.text).toBe("weather returned 21 degrees.");
    expect(JSON.stringify(setup.simulator.requests.at(-1)!.body)).not.toContain("c2lnbmF0dXJl");
  }
});
