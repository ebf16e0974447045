import { defineProvider } from "./provider.ts";

/**
 * Continuing the last assistant message works on `https://api.deepseek.com/beta` alone: give that as `baseURL`, with
 * `quirks: { prefixFlag: true }`.
 */
export const deepseek = defineProvider({
  id: "deepseek",
  label: "DeepSeek",
  codec: "openai-chat",
  baseURL: "https://api.deepseek.com",
  baseURLEnv: ["DEEPSEEK_BASE_URL", "DEEPSEEK_API_BASE"],
  keyEnv: ["DEEPSEEK_API_KEY"],
  quirks: {
    replayReasoning: "reasoning_content",
    reasoningOnToolTurns: true,
    noJsonSchema: true,
    effortField: "thinking.type",
    plainTextContent: true,
    toolResultImages: true,
    unsupportedSettings: ["topK", "seed"],
  },
});
