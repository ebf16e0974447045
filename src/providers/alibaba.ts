import { defineProvider } from "./provider.ts";

/** Model Studio (DashScope) outside China. The other Alibaba hosts of the table of compatible hosts extend this row. */
export const alibaba = defineProvider({
  id: "alibaba",
  aliases: ["dashscope", "qwen"],
  label: "Alibaba DashScope (Qwen)",
  codec: "openai-chat",
  baseURL: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
  baseURLEnv: ["DASHSCOPE_BASE_URL", "DASHSCOPE_API_BASE"],
  keyEnv: ["DASHSCOPE_API_KEY", "ALIBABA_API_KEY"],
  quirks: {
    replayReasoning: "reasoning_content",
    effortField: "enable_thinking",
    cacheHints: "cache_control",
    unsupportedSettings: ["frequencyPenalty"],
  },
});
