import { defineProvider } from "./provider.ts";

/** Speaks Responses, so that encrypted reasoning survives from turn to turn. */
export const xai = defineProvider({
  id: "xai",
  aliases: ["grok", "x-ai"],
  label: "xAI",
  telemetryName: "x_ai",
  codec: "openai-responses",
  baseURL: "https://api.x.ai/v1",
  quirks: { files: "linked", topKField: "top_k" },
});

/** The same host over Chat Completions. */
export const xaiChat = defineProvider({
  id: "xai-chat",
  label: "xAI (Chat Completions)",
  extends: "xai",
  codec: "openai-chat",
  baseURL: "https://api.x.ai/v1",
  baseURLEnv: ["XAI_BASE_URL", "XAI_API_BASE"],
  keyEnv: ["XAI_API_KEY"],
});
