import { defineProvider } from "./provider.ts";

export const publicai = defineProvider({
  id: "publicai",
  label: "PublicAI",
  codec: "openai-chat",
  baseURL: "https://api.publicai.co/v1",
  quirks: { plainTextContent: true },
});
