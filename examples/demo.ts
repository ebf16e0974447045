/**
 * Agents on three frameworks and one plain call with a fallback, each on a provider with a wire of its own. A provider whose key is in the environment is
 * the real one; the others are simulated on loopback.
 */
import { generateText, stepCountIs, tool as aiTool } from "ai";
import { createAgent, tool as langchainTool } from "langchain";
import { zodFunction } from "openai/helpers/zod";
import { z } from "zod";
import { createCrosspoint, type SpendRow } from "crosspoint";
import { createCrosspointProvider } from "crosspoint/ai-sdk";
import { ChatCrosspoint } from "crosspoint/langchain";
import { createOpenAI } from "crosspoint/openai";
import { DOWN, printAnswer, printSpend, startProviders } from "./demo/stage.ts";

const { providers, close } = await startProviders();
const rows: SpendRow[] = [];
const crosspoint = createCrosspoint({
  providers,
  attribution: { team: "demo" },
  models: { resilient: { deployments: [`broken/${DOWN}`], fallbacks: ["openai-chat/gpt-4o-mini"] } },
  onSpend: (row) => void rows.push(row),
});

const question = (city: string): string => `What is the weather in "${city}"? Use the tool.`;
const weather = ({ city }: { city: string }): string => `${city}: 21 °C, sunny`;
const description = "The weather in a city";
const schema = z.object({ city: z.string() });

const agent = createAgent({
  model: new ChatCrosspoint({ crosspoint, model: "anthropic/claude-sonnet-4-5", attribution: { project: "langchain-agent", user: "ada" } }),
  tools: [langchainTool(weather, { name: "weather", description, schema })],
});
const { messages } = await agent.invoke({ messages: [{ role: "user", content: question("Paris") }] });
printAnswer("LangChain createAgent → Anthropic Messages", messages.at(-1)!.text);

const { text } = await generateText({
  model: createCrosspointProvider(crosspoint)("google/gemini-2.5-flash"),
  tools: { weather: aiTool({ description, inputSchema: schema, execute: weather }) },
  stopWhen: stepCountIs(5),
  prompt: question("Lisbon"),
  providerOptions: { crosspoint: { attribution: { project: "ai-sdk-loop", user: "grace" } } },
});
printAnswer("AI SDK generateText → Gemini generateContent", text);

const runner = createOpenAI(crosspoint).chat.completions.runTools(
  {
    model: "openai/gpt-5-mini",
    messages: [{ role: "user", content: question("Oslo") }],
    tools: [zodFunction({ name: "weather", description, parameters: schema, function: weather })],
  },
  { headers: { "x-crosspoint-project": "openai-loop", "x-crosspoint-user": "edsger" } },
);
printAnswer("OpenAI client runTools → OpenAI Responses", (await runner.finalContent()) ?? "");

const { text: answer } = await crosspoint.generate({
  model: "resilient",
  retries: 1,
  messages: [{ role: "user", content: "Say hello." }],
  attribution: { project: "plain-call", user: "alan" },
});
printAnswer("generate, its provider down, falls back → OpenAI Chat Completions", answer);

printSpend(rows);
await crosspoint.close();
await close();
