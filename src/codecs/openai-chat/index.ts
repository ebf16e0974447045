import type { Codec } from "../codec.ts";
import { client } from "./client.ts";
import { provider } from "./provider.ts";

/** OpenAI Chat Completions and every host that speaks it: https://platform.openai.com/docs/api-reference/chat. */
export const openaiChat: Codec = { ...provider, ...client };
