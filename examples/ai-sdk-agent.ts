/** An AI SDK agent on any provider: a tool loop, a fallback inside the model, and what it cost. */
import { stdout } from "node:process";
import { generateText, isStepCount, Output, tool, ToolLoopAgent } from "ai";
import { z } from "zod";
import { createCrosspointProvider, crosspointOf } from "crosspoint/ai-sdk";
import { createLayer } from "./layer.ts";

const { crosspoint, model } = createLayer();

// One line moves an agent: the provider stands where `openai` or `anthropic` stood.
const provider = createCrosspointProvider(crosspoint, {
  defaults: { attribution: { team: "examples", project: "ai-sdk-agent" }, fallbacks: [model] },
});

const weather = tool({
  description: "The weather in a city",
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => ({ city, degrees: 21, sky: "sunny" }),
});
const agent = new ToolLoopAgent({ model: provider(model), instructions: "Be brief.", tools: { weather }, stopWhen: isStepCount(5) });
const { text, steps } = await agent.generate({ prompt: 'What is the weather in "Oslo"? Use the tool.' });
stdout.write(`Agent: ${text}\n`);

let total = 0;
for (const step of steps) {
  const info = crosspointOf(step);
  total += info?.cost ?? 0;
  stdout.write(`Step ${step.stepNumber}: ${info?.deployment}, ${info?.attempts.length} attempt(s), ${info?.cost} US dollars\n`);
}
stdout.write(`Together: ${total.toFixed(6)} US dollars\n`);

const { output } = await generateText({
  model: provider(model),
  prompt: "Invent a person.",
  output: Output.object({ schema: z.object({ name: z.string(), age: z.number() }) }),
  providerOptions: { crosspoint: { attribution: { user: "ada", tags: ["structured"] }, retries: 1 } },
});
stdout.write(`Structured: ${JSON.stringify(output)}\n`);
