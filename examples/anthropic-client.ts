/** The official Anthropic client on any provider: thinking, a tool that it runs by itself, and a stream. */
import { stdout } from "node:process";
import Anthropic from "@anthropic-ai/sdk";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { z } from "zod";
import { createLayer } from "./layer.ts";

const { crosspoint, model } = createLayer();

// One line moves a client: its requests are answered in this process.
const anthropic = new Anthropic({
  apiKey: "crosspoint",
  baseURL: "http://crosspoint.invalid",
  fetch: crosspoint.fetch,
  maxRetries: 0,
  defaultHeaders: { "x-crosspoint-team": "examples", "x-crosspoint-project": "anthropic-client" },
});

const weather = betaZodTool({
  name: "weather",
  description: "The weather in a city",
  inputSchema: z.object({ city: z.string() }),
  run: ({ city }) => `${city}: 21 degrees, sunny`,
});
const answer = await anthropic.beta.messages.toolRunner({
  model,
  max_tokens: 4000,
  thinking: { type: "enabled", budget_tokens: 1024 },
  messages: [{ role: "user", content: 'What is the weather in "Oslo"? Use the tool.' }],
  tools: [weather],
});
stdout.write(`Tool loop: ${answer.content.map((block) => (block.type === "text" ? block.text : "")).join("")}\n`);

const { data, response } = await anthropic.messages
  .create({ model, max_tokens: 300, messages: [{ role: "user", content: "Name a river." }], metadata: { user_id: "ada" } })
  .withResponse();
stdout.write(`Message: ${data.content[0]?.type === "text" ? data.content[0].text : ""}\n`);
stdout.write(
  `Answered by ${response.headers.get("x-crosspoint-deployment")} for ${response.headers.get("x-crosspoint-cost")} US dollars.\n`,
);

stdout.write("Stream: ");
const stream = anthropic.messages.stream({ model, max_tokens: 300, messages: [{ role: "user", content: "Count to three." }] });
stream.on("text", (text) => stdout.write(text));
await stream.done();
stdout.write("\n");
