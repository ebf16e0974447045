import { createCrosspoint, type Crosspoint, type CrosspointOptions, type SpendRow } from "crosspoint";
import { createOpenAI, type OpenAIOptions } from "crosspoint/openai";
import { createSimulator, type Simulator, type SimulatorOptions } from "crosspoint/testing";
import type OpenAI from "openai";

/** One model of each provider wire. */
export const MODELS = {
  "openai-chat": "openai-chat/gpt-4o",
  "openai-responses": "openai/gpt-5-mini",
  "anthropic-messages": "anthropic/claude-sonnet-4-5",
  gemini: "google/gemini-2.5-flash",
} as const;

export const WIRES = Object.entries(MODELS);

export interface Rig {
  readonly simulator: Simulator;
  readonly crosspoint: Crosspoint;
  readonly openai: OpenAI;
  /** What the calls cost whom. */
  readonly spend: SpendRow[];
}

interface RigOptions {
  readonly simulator?: SimulatorOptions;
  readonly layer?: CrosspointOptions;
  readonly client?: OpenAIOptions;
}

/** The client over a layer on simulated providers. */
export function createRig(options: RigOptions = {}): Rig {
  const simulator = createSimulator(options.simulator);
  const spend: SpendRow[] = [];
  const crosspoint = createCrosspoint({
    env: {},
    fetch: simulator.fetch,
    providers: simulator.providers(),
    retries: 0,
    onSpend: (row) => void spend.push(row),
    ...options.layer,
  });
  return { simulator, crosspoint, openai: createOpenAI(crosspoint, options.client), spend };
}

export const weather = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};

export async function readAll<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of stream) all.push(each);
  return all;
}
