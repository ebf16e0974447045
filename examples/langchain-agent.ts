/** A LangChain agent on any provider: tools, a structured answer, a fallback inside the model, and what it cost. */
import { stdout } from "node:process";
import { AIMessage } from "@langchain/core/messages";
import { createAgent, tool, toolStrategy } from "langchain";
import { z } from "zod";
import { ChatCrosspoint } from "crosspoint/langchain";
import { createLayer } from "./layer.ts";

const { crosspoint, model: name } = createLayer({
  onSpend: ({ attribution, cost }) =>
    void stdout.write(`Spent: ${cost?.total} US dollars for ${attribution?.user}, ${attribution?.team}\n`),
});

// One line moves an agent: the model stands where `new ChatOpenAI(…)` or `new ChatAnthropic(…)` stood.
const model = new ChatCrosspoint({
  crosspoint,
  model: name,
  fallbacks: [name],
  attribution: { team: "examples", project: "langchain-agent" },
});

const weather = tool(({ city }) => `${city}: 21 degrees, sunny`, {
  name: "weather",
  description: "The weather in a city",
  schema: z.object({ city: z.string() }),
});
const agent = createAgent({
  model,
  tools: [weather],
  systemPrompt: "Be brief. Ask the tool, then report.",
  responseFormat: toolStrategy(z.object({ city: z.string(), degrees: z.number() })),
});

const { messages, structuredResponse } = await agent.invoke(
  { messages: [{ role: "user", content: 'What is the weather in "Oslo"? Use the tool. It should be 21 degrees.' }] },
  { metadata: { user_id: "ada" }, tags: ["example"] },
);
for (const { response_metadata: answer } of messages.filter(
  (each) => AIMessage.isInstance(each) && "deployment" in each.response_metadata,
)) {
  stdout.write(`Answer of ${String(answer["deployment"])}: ${String(answer["finish_reason"])}, ${String(answer["cost"])} US dollars\n`);
}
stdout.write(`Structured: ${JSON.stringify(structuredResponse)}\n`);

let text = "";
const stream = await createAgent({ model, tools: [weather] }).stream(
  { messages: [{ role: "user", content: 'What is the weather in "Bergen"? Use the tool.' }] },
  { streamMode: "messages", configurable: { user_id: "ada" } },
);
for await (const [message] of stream) if (message.getType() === "ai") text += message.text;
stdout.write(`Streamed: ${text}\n`);
