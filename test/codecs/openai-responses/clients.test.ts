import { createOpenResponses } from "@ai-sdk/open-responses";
import { createOpenAI } from "@ai-sdk/openai";
import { ChatOpenAI } from "@langchain/openai";
import { generateText, jsonSchema, stepCountIs, streamText, tool as aiTool } from "ai";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool as langchainTool } from "@langchain/core/tools";
import { describe, expect, test } from "vitest";
import { eventsOf, type ModelRequest, type Part } from "../../../src/ir/index.ts";
import { openaiResponses } from "../../../src/codecs/openai-responses/index.ts";
import { counter, whole } from "./support.ts";

const usage = { input: { total: 10, uncached: 10 }, output: { total: 5, text: 5, reasoning: 0 }, total: 15 };
const state = { family: "google", kind: "thought-signature", data: "sig", sealed: "xp1.a.b" };
const firstTurn: Part[] = [
  { type: "reasoning", text: "Let me look.", opaque: [{ ...state, kind: "signature" }] },
  { type: "text", text: "One moment." },
  { type: "tool-call", id: "call_1", name: "weather", arguments: '{"city":"Rome"}' },
];

/** A gateway that calls a tool once and then answers; it keeps what it was asked. */
function gateway(): { fetch: typeof fetch; asked: ModelRequest[] } {
  const asked: ModelRequest[] = [];
  const newId = counter();
  const answer = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    const client = openaiResponses.decodeRequest(JSON.parse(init?.body as string), {});
    asked.push(client.request);
    const context = { client, newId, now: 1_790_000_000 };
    const response =
      asked.length === 1
        ? whole({ id: "resp_1", content: firstTurn, usage, finishReason: { unified: "tool-calls" } })
        : whole({ id: "resp_2", content: [{ type: "text", text: "Sunny in Rome." }], usage });
    if (!client.stream) return Response.json(openaiResponses.encodeResponse(response, context));
    const encoder = openaiResponses.encodeStream(context);
    const text = [...eventsOf(response)].map((event) => encoder.push([event])).join("");
    return new Response(text, { headers: { "content-type": "text/event-stream" } });
  };
  return { fetch: answer as typeof fetch, asked };
}

/** The second question must hold the whole first turn and the tool's result. */
function expectReplay({ asked }: { asked: ModelRequest[] }, carriesState: boolean): void {
  expect(asked).toHaveLength(2);
  expect(asked[0]?.tools).toMatchObject([{ name: "weather", inputSchema: { type: "object" } }]);
  const parts = asked[1]!.messages.flatMap(({ content }): readonly Part[] => (typeof content === "string" ? [] : content));
  expect(parts).toContainEqual(expect.objectContaining({ type: "tool-call", id: "call_1", name: "weather", arguments: '{"city":"Rome"}' }));
  expect(parts).toContainEqual(expect.objectContaining({ type: "tool-result", callId: "call_1" }));
  expect(parts).toContainEqual(expect.objectContaining({ type: "text", text: "One moment." }));
  const sealed = parts.flatMap(({ opaque }) => opaque ?? []);
  if (carriesState) expect(sealed).toContainEqual({ family: "sealed", kind: "sealed", data: "xp1.a.b" });
}

const weather = aiTool({
  description: "The weather",
  inputSchema: jsonSchema<{ city: string }>({
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  }),
  execute: async ({ city }) => `sunny in ${city}`,
});

describe("clients of other packages", () => {
  const models = {
    "@ai-sdk/openai": (fetch: typeof globalThis.fetch) =>
      createOpenAI({ apiKey: "none", baseURL: "http://crosspoint.invalid/v1", fetch }).responses("gpt-5"),
    "@ai-sdk/open-responses": (fetch: typeof globalThis.fetch) =>
      createOpenResponses({ name: "crosspoint", url: "http://crosspoint.invalid/v1/responses", fetch })("gpt-5"),
  };

  test.each(Object.keys(models) as (keyof typeof models)[])("%s runs a tool loop over a whole answer and a stream", async (name) => {
    const options = {
      prompt: "Weather?",
      tools: { weather },
      stopWhen: stepCountIs(3),
      providerOptions: { openai: { store: false, include: ["reasoning.encrypted_content" as const] } },
    };
    const wholly = gateway();
    const result = await generateText({ ...options, model: models[name](wholly.fetch) });
    expect(result.text).toBe("Sunny in Rome.");
    expectReplay(wholly, name === "@ai-sdk/openai");
    const streamed = gateway();
    const stream = streamText({ ...options, model: models[name](streamed.fetch) });
    expect(await stream.text).toBe("Sunny in Rome.");
    const steps = await stream.steps;
    expect(steps[0]).toMatchObject({ finishReason: "tool-calls", text: "One moment.", reasoningText: "Let me look." });
    expectReplay(streamed, name === "@ai-sdk/openai");
  });

  test.each([false, true])("LangChain's ChatOpenAI runs a tool loop (streaming: %s)", async (streaming) => {
    const server = gateway();
    const lookup = langchainTool(({ city }: { city: string }) => `sunny in ${city}`, {
      name: "weather",
      description: "The weather",
      schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    });
    const model = new ChatOpenAI({
      model: "gpt-5",
      apiKey: "none",
      useResponsesApi: true,
      streaming,
      zdrEnabled: true,
      configuration: { baseURL: "http://crosspoint.invalid/v1", fetch: server.fetch },
    }).bindTools([lookup]);
    const question = new HumanMessage("Weather?");
    const first = await model.invoke([question]);
    expect(first.tool_calls).toMatchObject([{ id: "call_1", name: "weather", args: { city: "Rome" } }]);
    const second = await model.invoke([question, first, new ToolMessage({ content: "sunny", tool_call_id: "call_1" })]);
    expect(second.text).toBe("Sunny in Rome.");
    expectReplay(server, true);
  });
});
