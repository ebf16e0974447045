import { defineProvider } from "./provider.ts";

/** `fireworks/llama-v3p1-8b-instruct` is short for `fireworks/accounts/fireworks/models/llama-v3p1-8b-instruct`. */
export const fireworks = defineProvider({
  id: "fireworks",
  aliases: ["fireworks_ai"],
  label: "Fireworks AI",
  codec: "openai-chat",
  baseURL: "https://api.fireworks.ai/inference/v1",
  baseURLEnv: ["FIREWORKS_BASE_URL", "FIREWORKS_AI_API_BASE"],
  keyEnv: ["FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY", "FIREWORKSAI_API_KEY", "FIREWORKS_AI_TOKEN"],
  modelPrefix: "accounts/fireworks/models/",
});
