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
  /** Whose price list LiteLLM goes by for a model of that name, wherever its `api_base` leads. */
  readonly list?: string;
}

/** A server that speaks Chat Completions, at the `api_base` of a deployment. Defined in the options when there is one. */
export const COMPATIBLE = "openai-compatible";

/** Needs an address for every deployment; the variable is for those that give none. */
export const COMPATIBLE_ROW: ProviderSettings = { codec: "openai-chat", baseURL: "{OPENAI_COMPATIBLE_BASE_URL}", keyOptional: true };

const compatible: ProviderRoute = { ids: [], elsewhere: COMPATIBLE };

/** By its endpoint that speaks Chat Completions (https://docs.cohere.com/docs/compatibility-api). */
const cohere: ProviderRoute = {
  ids: ["cohere"],
  keyEnv: ["COHERE_API_KEY", "CO_API_KEY"],
  row: { codec: "openai-chat", baseURL: "https://api.cohere.ai/compatibility/v1", keyEnv: ["COHERE_API_KEY", "CO_API_KEY"] },
};

/** The prefixes that are not names of our providers, or need more than the name. All others are looked up as they are. */
export const PROVIDER_ROUTES: Readonly<Record<string, ProviderRoute>> = {
  openai: { ids: ["openai"], elsewhere: COMPATIBLE, hosts: /(^|\.)openai\.com$/, skip: /^responses\//, list: "openai" },
  "text-completion-openai": { ids: ["openai-chat"], elsewhere: COMPATIBLE, hosts: /(^|\.)openai\.com$/ },
  custom_openai: compatible,
  openai_like: compatible,
  custom: compatible,
  aiohttp_openai: compatible,
  oobabooga: compatible,
  anyscale: compatible,
  qwencloud: compatible,
  qwen_ai_platform: compatible,
  cognition: compatible,
  empiriolabs: compatible,
  libertai: compatible,
  monet: compatible,
  pinstripes: compatible,
  "scx-ai": compatible,
  tensormesh: compatible,
  azure: {
    ids: ["azure", "azure-openai"],
    path: "/openai/v1",
    keyEnv: ["AZURE_API_KEY", "AZURE_OPENAI_API_KEY"],
    baseEnv: ["AZURE_API_BASE", "AZURE_OPENAI_ENDPOINT"],
    row: { extends: "openai-chat", baseURL: "{AZURE_API_BASE}", auth: { header: "api-key" } },
    skip: /^(responses|o_series|gpt5_series)\//,
  },
  azure_ai: { ids: ["azure_ai", "azure-ai", "azure-foundry"], elsewhere: COMPATIBLE, keyEnv: ["AZURE_AI_API_KEY"], list: "azure" },
  gemini: { ids: ["google"] },
  palm: { ids: ["google"] },
  anthropic_text: { ids: ["anthropic"] },
  cohere: cohere,
  cohere_chat: cohere,
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

const AWS = "requests are not signed for AWS";
const TOKENS = "no tokens are fetched for it";
const IN_FRONT = "put a server in front of it that speaks Chat Completions, and write openai/ with its api_base";
const NO_CHAT = "it has no language models that are called here";

/** Prefixes of LiteLLM that lead nowhere here: why, and what to write. */
const ABSENT: readonly (readonly [prefixes: string, why: string])[] = [
  [
    "bedrock bedrock_converse",
    `${AWS}: make a Bedrock API key, and write bedrock_mantle/MODEL with it as api_key, or openai/MODEL with api_base ` +
      "https://bedrock-runtime.REGION.amazonaws.com/openai/v1",
  ],
  [
    "vertex_ai vertex_ai_beta",
    `${TOKENS}: write gemini/MODEL with a Gemini API key, or openai/google/MODEL with an access token, which lasts an hour, as api_key and api_base ` +
      "https://LOCATION-aiplatform.googleapis.com/v1/projects/PROJECT/locations/LOCATION/endpoints/openapi",
  ],
  ["sagemaker sagemaker_chat sagemaker_nova", `${AWS}: ${IN_FRONT}`],
  [
    "watsonx watsonx_text",
    `${TOKENS}: write openai/MODEL with api_base https://REGION.ml.cloud.ibm.com/ml/gateway/v1 (the model gateway) and a key of IBM Cloud as api_key`,
  ],
  ["oci", `requests are not signed for it: ${IN_FRONT}`],
  ["sap gigachat github_copilot chatgpt gdc", `${TOKENS}: ${IN_FRONT}`],
  ["replicate predibase nlp_cloud bytez petals triton datarobot", `its wire is not spoken here: ${IN_FRONT}`],
  ["azure_text text-completion-codestral", "completions of old are not spoken: write azure/ or codestral/ and a model that chats"],
  ["ragflow langgraph langflow manus pydantic_ai_agents a2a cursor", "it runs agents, not models"],
  ["auto_router", "a router model that picks by content is not there: write a group with a strategy"],
  ["voyage jina_ai infinity", "it has embeddings in a form of its own: if it takes OpenAI's, write openai/MODEL with its api_base"],
  [
    "deepgram elevenlabs soniox nvidia_riva aws_polly black_forest_labs fal_ai stability recraft topaz runwayml reducto milvus pg_vector valkey " +
      "s3_vectors e2b opensandbox",
    NO_CHAT,
  ],
  [
    "tavily exa_ai brave serper parallel_ai firecrawl linkup searxng searchapi google_pse dataforseo duckduckgo you_com apiserpent tinyfish nimble fastcrw",
    NO_CHAT,
  ],
];

/** The same by prefix. */
export const ABSENT_PREFIXES: Readonly<Record<string, string>> = Object.fromEntries(
  ABSENT.flatMap(([prefixes, why]) => prefixes.split(" ").map((prefix) => [prefix, why] as const)),
);
