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
