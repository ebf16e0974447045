import { defineProvider } from "./provider.ts";

export const publicai = defineProvider({
  id: "publicai",
  label: "PublicAI",
  codec: "openai-chat",
  baseURL: "https://api.publicai.co/v1",
  baseURLEnv: ["PUBLICAI_API_BASE"],
  keyEnv: ["PUBLICAI_API_KEY"],
  quirks: { plainTextContent: true },
});
