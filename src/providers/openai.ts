import { defineProvider } from "./provider.ts";

/** Speaks Responses, so that reasoning state survives from turn to turn. */
export const openai = defineProvider({
  id: "openai",
  label: "OpenAI",
  codec: "openai-responses",
  baseURL: "https://api.openai.com/v1",
  headers: {
    "openai-organization": "{organization|OPENAI_ORG_ID|OPENAI_ORGANIZATION}",
    "openai-project": "{project|OPENAI_PROJECT_ID}",
  },
});

/** The same host over Chat Completions. */
export const openaiChat = defineProvider({
  id: "openai-chat",
  label: "OpenAI (Chat Completions)",
  extends: "openai",
  codec: "openai-chat",
  baseURL: "https://api.openai.com/v1",
  baseURLEnv: ["OPENAI_BASE_URL", "OPENAI_API_BASE"],
  keyEnv: ["OPENAI_API_KEY"],
  headers: { ...openai.headers },
  quirks: {
    maxTokensField: "max_completion_tokens",
    developerRole: true,
    allowedTools: true,
    cacheHints: "prompt_cache_breakpoint",
    schemaSubset: true,
    maxStop: 4,
    unsupportedSettings: ["topK"],
  },
});
