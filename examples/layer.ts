import { env, stdout } from "node:process";
import { createCrosspoint, type Crosspoint, type CrosspointOptions } from "crosspoint";
import { createSimulator } from "crosspoint/testing";

/** What to ask of whom, by the key that is in the environment. */
const MODELS = [
  ["ANTHROPIC_API_KEY", "anthropic/claude-sonnet-4-5"],
  ["OPENAI_API_KEY", "openai/gpt-5-mini"],
  ["GEMINI_API_KEY", "google/gemini-2.5-flash"],
] as const;

/** The layer that an example runs on: a real provider when its key is set, else simulated ones. */
export function createLayer(options: CrosspointOptions = {}): { readonly crosspoint: Crosspoint; readonly model: string } {
  const [key, model] = MODELS.find(([name]) => env[name] !== undefined) ?? [undefined, MODELS[0][1]];
  stdout.write(key === undefined ? "No provider key is set: the answers are simulated.\n" : `Real answers of ${model}.\n`);
  if (key !== undefined) return { crosspoint: createCrosspoint(options), model };
  const simulator = createSimulator();
  return { crosspoint: createCrosspoint({ providers: simulator.providers(), fetch: simulator.fetch, ...options }), model };
}
