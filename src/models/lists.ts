/** Provider ids whose price list stands under another name. */
const SAME: Readonly<Record<string, string>> = {
  "openai-chat": "openai",
  "openai-responses": "openai",
  "azure-openai": "azure",
  azure_ai: "azure",
  gemini: "google",
  vertex: "google-vertex",
  vertex_ai: "google-vertex",
  vertexai: "google-vertex",
  bedrock: "amazon-bedrock",
  bedrock_mantle: "amazon-bedrock",
  "x-ai": "xai",
  "xai-chat": "xai",
  mistralai: "mistral",
  moonshot: "moonshotai",
  vercel: "vercel-ai-gateway",
  "minimax-anthropic": "minimax",
  xiaomi_mimo: "xiaomi",
};

/** Lists that hold for what a list leaves out: clouds that sell other makers' models at their prices. */
const BEHIND: Readonly<Record<string, readonly string[]>> = {
  azure: ["openai"],
  "google-vertex": ["google", "anthropic"],
};

/** The name of a provider's own price list. */
export function listOf(provider: string): string {
  return Object.hasOwn(SAME, provider) ? SAME[provider]! : provider;
}

/** The price lists that tell of a provider's models, in the order to look. */
export function listsOf(provider: string): readonly string[] {
  const own = listOf(provider);
  return Object.hasOwn(BEHIND, own) ? [own, ...BEHIND[own]!] : [own];
}
