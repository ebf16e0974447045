import { createCrosspoint, type CrosspointOptions } from "crosspoint";
import { createCrosspointProvider, type CrosspointProviderOptions } from "crosspoint/ai-sdk";
import { createSimulator, type SimulatorOptions } from "crosspoint/testing";

globalThis.AI_SDK_LOG_WARNINGS = false;

/** One model for each wire. */
export const MODELS = ["openai/gpt-5-mini", "openai-chat/gpt-4o", "anthropic/claude-sonnet-4-5", "google/gemini-2.5-flash"] as const;

type SpendRow = Parameters<NonNullable<CrosspointOptions["onSpend"]>>[0];

/** A simulator, a layer over it, and the face over that. */
export function createFace(
  options: CrosspointOptions = {},
  simulated: SimulatorOptions = {},
  face: CrosspointProviderOptions & { readonly specification?: "v4" } = {},
) {
  const simulator = createSimulator(simulated);
  const spend: SpendRow[] = [];
  const crosspoint = createCrosspoint({
    env: {},
    fetch: simulator.fetch,
    providers: simulator.providers(),
    onSpend: (row) => void spend.push(row),
    ...options,
  });
  return { simulator, crosspoint, spend, provider: createCrosspointProvider(crosspoint, face) };
}

export async function drain<T>(stream: ReadableStream<T>): Promise<T[]> {
  const parts: T[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}
