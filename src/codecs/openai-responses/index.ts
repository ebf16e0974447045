import type { Codec } from "../codec.ts";
import { client } from "./client.ts";
import { provider } from "./provider.ts";

/** The OpenAI Responses API and its relatives (xAI, LM Studio, vLLM). */
export const openaiResponses: Codec = { ...provider, ...client };
