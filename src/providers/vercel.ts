import { defineProvider } from "./provider.ts";

/** `VERCEL_SITE_URL` and `VERCEL_APP_NAME` name the calling application in the gateway's statistics. */
export const vercel = defineProvider({
  id: "vercel",
  aliases: ["vercel_ai_gateway"],
  label: "Vercel AI Gateway",
  codec: "openai-chat",
  baseURL: "https://ai-gateway.vercel.sh/v1",
  baseURLEnv: ["VERCEL_AI_GATEWAY_API_BASE"],
  keyEnv: ["AI_GATEWAY_API_KEY", "VERCEL_AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"],
  headers: { "http-referer": "{VERCEL_SITE_URL}", "x-title": "{VERCEL_APP_NAME}" },
});
