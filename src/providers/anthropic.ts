import { defineProvider } from "./provider.ts";

/** A key goes into `x-api-key`, a token (`authToken`, `ANTHROPIC_AUTH_TOKEN`) into `Authorization: Bearer`. */
export const anthropic = defineProvider({
  id: "anthropic",
  aliases: ["claude"],
  label: "Anthropic",
  codec: "anthropic-messages",
  baseURL: "https://api.anthropic.com/v1",
  tokenEnv: ["ANTHROPIC_AUTH_TOKEN"],
});
