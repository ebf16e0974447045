import { expect } from "vitest";
import type { Capability, Cell } from "./capability.ts";
import { errors, lateErrors } from "./capabilities/errors.ts";
import { imageInput, pdfInput } from "./capabilities/media.ts";
import { structuredOutput } from "./capabilities/output.ts";
import { handover, reasoning } from "./capabilities/reasoning.ts";
import { stream, text } from "./capabilities/text.ts";
import { parallelTools, toolResultImage, tools } from "./capabilities/tools.ts";
import { usage } from "./capabilities/usage.ts";
import type { Client } from "./client.ts";
import { anthropicHelpers } from "./helpers/anthropic.ts";
import { geminiHelpers } from "./helpers/gemini.ts";
import { chatHelpers, responsesHelpers } from "./helpers/openai.ts";
import type { Wire } from "./harness.ts";
import { messages } from "./clients/anthropic.ts";
import { chat } from "./clients/chat.ts";
import { generateContent } from "./clients/gemini.ts";
import { responses } from "./clients/responses.ts";
import { schemaViolations } from "./schema/bodies.ts";

export const CLIENTS: readonly Client[] = [chat, responses, messages, generateContent];

export const CAPABILITIES: readonly Capability[] = [
  text,
  stream,
  tools,
  parallelTools,
  toolResultImage,
  reasoning,
  handover,
  imageInput,
  pdfInput,
  structuredOutput,
  errors,
  lateErrors,
  usage,
];

/** What the official clients build on their wire, by that wire. */
export const HELPERS: Readonly<Record<Wire, readonly Capability[]>> = {
  "openai-chat": chatHelpers,
  "openai-responses": responsesHelpers,
  "anthropic-messages": anthropicHelpers,
  gemini: geminiHelpers,
};

/**
 * Checks a cell in one form; where both sides speak the same wire, as it passes and decoded and encoded anew. What OpenAI's client
 * received on the way must be what OpenAI's types allow.
 */
export async function checkCell(capability: Capability, asked: Omit<Cell, "recode" | "rigs">): Promise<void> {
  for (const recode of asked.client.wire === asked.provider ? [false, true] : [false]) {
    const cell: Cell = { ...asked, recode, rigs: [] };
    await capability.check(cell);
    for (const rig of cell.rigs) expect((await schemaViolations(rig)).join("\n")).toBe("");
  }
}
