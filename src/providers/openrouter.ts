import { defineProvider } from "./provider.ts";

/** `OR_SITE_URL` and `OR_APP_NAME` name the calling application in OpenRouter's statistics. */
export const openrouter = defineProvider({
  id: "openrouter",
  label: "OpenRouter",
  codec: "openai-chat",
  baseURL: "https://openrouter.ai/api/v1",
  keyEnv: ["OPENROUTER_API_KEY", "OR_API_KEY"],
  headers: { "http-referer": "{OR_SITE_URL}", "x-title": "{OR_APP_NAME}" },
  quirks: { replayReasoning: "reasoning_details", effortField: "reasoning.effort", cacheHints: "cache_control" },
});
