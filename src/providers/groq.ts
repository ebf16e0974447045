import { defineProvider } from "./provider.ts";

/** Answers 400 to `logprobs`, `top_logprobs`, `logit_bias` and `n` above 1 (console.groq.com/docs/openai), and to a schema beside tools. */
export const groq = defineProvider({
  id: "groq",
  label: "Groq",
  codec: "openai-chat",
  baseURL: "https://api.groq.com/openai/v1",
  quirks: {
    replayReasoning: "reasoning",
    noJsonSchemaWithTools: true,
    files: "images",
    unsupportedSettings: ["topK", "logprobs", "topLogprobs", "logitBias", "n"],
  },
});
