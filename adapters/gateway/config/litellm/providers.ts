import type { ProviderSettings } from "crosspoint";

/** What a prefix of LiteLLM's models stands for here. */
export interface ProviderRoute {
  /** Our provider; of several, the first that there is. */
  readonly ids: readonly string[];
  /** Our provider for an `api_base` that is none of its own hosts. */
  readonly elsewhere?: string;
  /** Hosts that are the provider's own. */
  readonly hosts?: RegExp;
  /** Put after the host of an `api_base` that does not say it. */
  readonly path?: string;
  /** Where LiteLLM finds a key that the file does not give, also for an `api_base`. */
  readonly keyEnv?: readonly string[];
  /** Where LiteLLM finds an `api_base` that the file does not give. */
  readonly baseEnv?: readonly string[];
  /** The provider itself, where this package has none of the ids. */
  readonly row?: ProviderSettings;
  /** What stands before the model's name in LiteLLM and not here. */
  readonly skip?: RegExp;
}

/** A server that speaks Chat Completions, at the `api_base` of a deployment. Defined in the options when there is one. */
export const COMPATIBLE = "openai-compatible";

/** Needs an address for every deployment; the variable is for those that give none. */
export const COMPATIBLE_ROW: ProviderSettings = { codec: "openai-chat", baseURL: "{OPENAI_COMPATIBLE_BASE_URL}", keyOptional: true };

const compatible: ProviderRoute = { ids: [], elsewhere: COMPATIBLE };

/** The prefixes that are not names of our providers, or need more than the name. All others are looked up as they are. */
export const PROVIDER_ROUTES: Readonly<Record<string, ProviderRoute>> = {
  openai: { ids: ["openai"], elsewhere: COMPATIBLE, hosts: /(^|\.)openai\.com$/, skip: /^responses\// },
  "text-completion-openai": { ids: ["openai-chat"], elsewhere: COMPATIBLE, hosts: /(^|\.)openai\.com$/ },
  custom_openai: compatible,
  openai_like: compatible,
  custom: compatible,
  azure: {
    ids: ["azure", "azure-openai"],
    path: "/openai/v1",
    keyEnv: ["AZURE_API_KEY", "AZURE_OPENAI_API_KEY"],
    baseEnv: ["AZURE_API_BASE", "AZURE_OPENAI_ENDPOINT"],
    row: { extends: "openai-chat", baseURL: "{AZURE_API_BASE}", auth: { header: "api-key" } },
    skip: /^(responses|o_series|gpt5_series)\//,
  },
  azure_ai: { ids: ["azure_ai", "azure-ai", "azure-foundry"], elsewhere: COMPATIBLE, keyEnv: ["AZURE_AI_API_KEY"] },
  bedrock: { ids: ["bedrock", "amazon-bedrock"], skip: /^(converse|invoke|converse_like)\// },
  bedrock_converse: { ids: ["bedrock", "amazon-bedrock"] },
  vertex_ai: { ids: ["vertex", "google-vertex", "vertex_ai"] },
  vertex_ai_beta: { ids: ["vertex", "google-vertex", "vertex_ai"] },
  gemini: { ids: ["google"] },
  palm: { ids: ["google"] },
  anthropic_text: { ids: ["anthropic"] },
  cohere_chat: { ids: ["cohere"] },
  together_ai: { ids: ["together"] },
  fireworks_ai: { ids: ["fireworks"] },
  ollama_chat: { ids: ["ollama"] },
  hosted_vllm: { ids: ["vllm"] },
  lm_studio: { ids: ["lmstudio"] },
  llamafile: { ids: ["llamafile"] },
  cloudflare: { ids: ["cloudflare-workers-ai"] },
  snowflake: { ids: ["snowflake-cortex"] },
  vercel_ai_gateway: { ids: ["vercel"] },
  novita: { ids: ["novita-ai", "novita"] },
};
