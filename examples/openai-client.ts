/** The official OpenAI client on any provider: a typed tool loop, a conversation that goes on by its id, a stream, and what it all cost. */
import { stdout } from "node:process";
import { zodFunction } from "openai/helpers/zod";
import { z } from "zod";
import { createOpenAI, crosspointOf } from "crosspoint/openai";
import { createLayer } from "./layer.ts";

const { crosspoint, model } = createLayer();
const openai = createOpenAI(crosspoint, { attribution: { team: "examples", project: "openai-client" } });
const print = (title: string, text: string | null): void => void stdout.write(`${title}: ${text}\n`);

// Chat Completions with a tool that the client calls by itself.
const runner = openai.chat.completions.runTools({
  model,
  messages: [{ role: "user", content: 'What is the weather in "Oslo"? Use the tool.' }],
  tools: [
    zodFunction({
      name: "weather",
      description: "The weather in a city",
      parameters: z.object({ city: z.string() }),
      function: ({ city }) => `${city}: 21 degrees, sunny`,
    }),
  ],
  user: "ada",
});
print("Tool loop", await runner.finalContent());

// Responses, whose conversations go on by id on providers that have no Responses API.
const first = await openai.responses.create({ model, input: "Name a river." });
const second = await openai.responses.create({ model, input: "And another one.", previous_response_id: first.id });
print("First turn", first.output_text);
print("Second turn", second.output_text);

// A stream; its last event tells the cost.
const stream = openai.responses.stream({ model, input: "Count to three." });
stdout.write("Stream: ");
for await (const event of stream) if (event.type === "response.output_text.delta") stdout.write(event.delta);
const { deployment, cost } = crosspointOf(await stream.finalResponse())!;
stdout.write(`\nAnswered by ${deployment} for ${cost?.toFixed(6) ?? "an unknown number of"} US dollars.\n`);
