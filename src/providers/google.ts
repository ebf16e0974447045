import { defineProvider } from "./provider.ts";

/** The Gemini API of Google AI Studio. */
export const google = defineProvider({
  id: "google",
  aliases: ["gemini"],
  label: "Google AI Studio (Gemini)",
  telemetryName: "gcp.gemini",
  codec: "gemini",
  baseURL: "https://generativelanguage.googleapis.com/v1beta",
  baseURLEnv: ["GOOGLE_GEMINI_BASE_URL", "GEMINI_API_BASE"],
  keyEnv: ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"],
});
