/** OpenAI's Agents SDK on any provider: a desk that hands over to an expert with a tool, and the answer as it comes. */
import { env, stdout } from "node:process";
import { Agent, OpenAIProvider, Runner, tool } from "@openai/agents";
import { z } from "zod";
import { createOpenAI } from "crosspoint/openai";
import { createLayer } from "./layer.ts";

let spent = 0;
const { crosspoint, model } = createLayer({ onSpend: ({ cost }) => void (spent += cost?.total ?? 0) });
const openAIClient = createOpenAI(crosspoint, { attribution: { project: "openai-agents" } });

// Both APIs work: `useResponses: false` is Chat Completions.
const useResponses = env["AGENTS_API"] !== "chat";
const runner = new Runner({ modelProvider: new OpenAIProvider({ openAIClient, useResponses }), tracingDisabled: true });

const weather = tool({
  name: "weather",
  description: "The weather in a city",
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `${city}: 21 degrees, sunny`,
});
const expert = new Agent({
  name: "weather expert",
  handoffDescription: "Answers questions about the weather",
  instructions: "Look the weather up with the tool, then answer in one sentence.",
  model,
  tools: [weather],
});
const desk = Agent.create({ name: "desk", instructions: "Hand over to the expert who can answer.", model, handoffs: [expert] });

const handedOver = await runner.run(desk, 'What is the weather in "Lisbon"?');
stdout.write(`${handedOver.lastAgent?.name ?? "nobody"}: ${String(handedOver.finalOutput)}\n`);

const result = await runner.run(expert, 'What is the weather in "Oslo"?', { stream: true });
stdout.write("weather expert: ");
for await (const text of result.toTextStream()) stdout.write(text);
await result.completed;
stdout.write(`\nSpent ${spent.toFixed(6)} US dollars.\n`);
