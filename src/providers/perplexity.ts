import { defineProvider } from "./provider.ts";

/** Sonar models: no stop sequences, no seed, no reasoning settings, no `stream_options`, no list of models. */
export const perplexity = defineProvider({
  id: "perplexity",
  aliases: ["pplx"],
  label: "Perplexity",
  codec: "openai-chat",
  baseURL: "https://api.perplexity.ai",
  keyEnv: ["PERPLEXITY_API_KEY", "PERPLEXITYAI_API_KEY"],
  quirks: { noStreamOptions: true, reasoningApart: true, effortField: "none", unsupportedSettings: ["stop", "seed"] },
  modelsPath: false,
});
