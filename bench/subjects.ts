import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { ChatOpenAI } from "@langchain/openai";
import { createCrosspoint, type Crosspoint } from "crosspoint";
import { ChatCrosspoint } from "crosspoint/langchain";
import OpenAI from "openai";
import { API_KEY, BASE_URL, MODEL } from "./conversation.ts";

/** The layer and its peers over one in-memory network, each as it comes, with a fixed key. */
export interface Libraries {
  readonly crosspoint: Crosspoint;
  readonly openai: OpenAI;
  readonly provider: ReturnType<ReturnType<typeof createOpenAICompatible>>;
  readonly langchain: ChatOpenAI;
  readonly chatCrosspoint: ChatCrosspoint;
}

export function createLibraries(fetch: typeof globalThis.fetch): Libraries {
  // With a price, so that the cost is computed as for a known model.
  const crosspoint = createCrosspoint({
    fetch,
    env: {},
    providers: { bench: { codec: "openai-chat", baseURL: BASE_URL, apiKey: API_KEY } },
    prices: { [`bench/${MODEL}`]: { input: 0.15, output: 0.6, cacheRead: 0.075 } },
  });
  return {
    crosspoint,
    chatCrosspoint: new ChatCrosspoint({ crosspoint, model: `bench/${MODEL}` }),
    openai: new OpenAI({ apiKey: API_KEY, baseURL: BASE_URL, fetch }),
    provider: createOpenAICompatible({ name: "bench", apiKey: API_KEY, baseURL: BASE_URL, fetch, includeUsage: true })(MODEL),
    langchain: new ChatOpenAI({ model: MODEL, apiKey: API_KEY, configuration: { baseURL: BASE_URL, fetch } }),
  };
}

export const HEADERS = { "content-type": "application/json", authorization: `Bearer ${API_KEY}` };
