import { defineProvider } from "./provider.ts";

/** Refuses every body field that it does not know (422 `extra_forbidden`); usage comes in the last chunk unasked. */
export const mistral = defineProvider({
  id: "mistral",
  aliases: ["mistralai"],
  label: "Mistral AI",
  telemetryName: "mistral_ai",
  codec: "openai-chat",
  baseURL: "https://api.mistral.ai/v1",
  quirks: {
    noStreamOptions: true,
    replayReasoning: "thinking-parts",
    toolCallIds: "alnum9",
    requiredToolChoice: "any",
    toolResultName: true,
    seedField: "random_seed",
    assistantAfterTools: true,
    prefixFlag: true,
    documentUrl: true,
    maxTemperature: 1.5,
    unsupportedSettings: ["topK", "logitBias", "logprobs", "topLogprobs", "user", "safetyIdentifier", "serviceTier", "store", "verbosity"],
  },
});

/** Mistral's host for code models, with keys of its own. */
export const codestral = defineProvider({
  id: "codestral",
  label: "Mistral Codestral",
  extends: "mistral",
  codec: "openai-chat",
  baseURL: "https://codestral.mistral.ai/v1",
});
