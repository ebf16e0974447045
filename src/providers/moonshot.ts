import { defineProvider } from "./provider.ts";

export const moonshot = defineProvider({
  id: "moonshot",
  aliases: ["moonshotai", "kimi"],
  label: "Moonshot AI (Kimi)",
  telemetryName: "moonshot_ai",
  codec: "openai-chat",
  baseURL: "https://api.moonshot.ai/v1",
  quirks: {
    replayReasoning: "reasoning_content",
    requiredToolChoice: "auto",
    effortField: "thinking.type",
    plainTextContent: true,
    maxTemperature: 1,
    unsupportedSettings: ["topK", "seed"],
  },
});

/** The host inside China, with accounts of its own. */
export const moonshotChina = defineProvider({
  id: "moonshotai-cn",
  label: "Moonshot AI (China)",
  extends: "moonshot",
  codec: "openai-chat",
  baseURL: "https://api.moonshot.cn/v1",
  baseURLEnv: ["MOONSHOT_CN_API_BASE"],
  keyEnv: ["MOONSHOT_API_KEY"],
  verified: false,
});
