import type { AIMessage, AIMessageChunk, UsageMetadata } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { concat } from "@langchain/core/utils/stream";
import { createCrosspoint, type Crosspoint, type CrosspointOptions, type SpendRow } from "crosspoint";
import { ChatCrosspoint, type ChatCrosspointFields } from "crosspoint/langchain";
import { createSimulator, type Simulator, type SimulatorOptions } from "crosspoint/testing";
import { z } from "zod";

/** A model on each wire that the simulator plays; all of them think when asked to, but the second. */
export const MODELS = ["openai/gpt-5-mini", "openai-chat/gpt-4o", "anthropic/claude-sonnet-4-5", "google/gemini-3-pro-preview"] as const;

export interface Setup {
  readonly simulator: Simulator;
  readonly crosspoint: Crosspoint;
  /** One row for each call that is over. */
  readonly rows: SpendRow[];
  readonly chat: (model: string, fields?: Omit<ChatCrosspointFields, "model" | "crosspoint">) => ChatCrosspoint;
}

export function setUp(options: CrosspointOptions = {}, simulated: SimulatorOptions = {}): Setup {
  const simulator = createSimulator(simulated);
  const rows: SpendRow[] = [];
  const crosspoint = createCrosspoint({
    env: {},
    fetch: simulator.fetch,
    prices: { "google/gemini-3-pro-preview": { input: 2, output: 12 } },
    onSpend: (row) => void rows.push(row),
    ...options,
    providers: { ...simulator.providers(), ...options.providers },
  });
  return { simulator, crosspoint, rows, chat: (model, fields) => new ChatCrosspoint({ ...fields, crosspoint, model }) };
}

export const weather = tool(({ city }) => `21 degrees in ${city}`, {
  name: "weather",
  description: "Tells the weather.",
  schema: z.object({ city: z.string() }),
});

export const time = tool(({ city }) => `noon in ${city}`, {
  name: "time",
  description: "Tells the time.",
  schema: z.object({ city: z.string() }),
});

/** All the chunks of a stream in one. */
export async function joined(stream: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> {
  let sum: AIMessageChunk | undefined;
  for await (const chunk of stream) sum = sum === undefined ? chunk : concat(sum, chunk);
  return sum!;
}

type Block = Readonly<Record<string, unknown>>;

/** What a message says, whatever form its content has. */
export function said(message: AIMessage | AIMessageChunk): object {
  const blocks = message.contentBlocks as readonly Block[];
  const usage = message.usage_metadata as UsageMetadata | undefined;
  return {
    text: message.text,
    reasoning: blocks.map((block) => (block["type"] === "reasoning" ? block["reasoning"] : "")).join(""),
    blocks: blocks.map((block) => block["type"]),
    calls: (message.tool_calls ?? []).map(({ name, args }) => ({ name, args })),
    usage: { input: usage?.input_tokens, output: usage?.output_tokens, total: usage?.total_tokens },
    reasoningTokens: usage?.output_token_details?.reasoning,
    cost: message.response_metadata["cost"] as unknown,
    model: message.response_metadata["model"] as unknown,
    provider: message.response_metadata["provider"] as unknown,
    deployment: message.response_metadata["deployment"] as unknown,
  };
}
