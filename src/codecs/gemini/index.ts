import type { Codec } from "../codec.ts";
import { client } from "./client.ts";
import { provider } from "./provider.ts";

/** Google's generateContent, on the Gemini API and on Vertex AI (quirk `vertex`). */
export const gemini: Codec = { ...provider, ...client };
