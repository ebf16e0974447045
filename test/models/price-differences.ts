import type { Trait } from "./random-usage.ts";

/** Where `@pydantic/genai-prices` bills something else than we do, and why. */
export interface PriceDifference {
  /** Of `provider/model`. */
  readonly models: RegExp;
  /** What the usage has that makes the difference. Default: nothing special. */
  readonly when?: Trait;
  /** What our bill is beside theirs. */
  readonly ours: "more" | "less";
  readonly reason: string;
}

/** A difference that is in nobody's favour alone: which side is dearer depends on the usage. */
const both = (difference: Omit<PriceDifference, "ours">): readonly PriceDifference[] => [
  { ...difference, ours: "more" },
  { ...difference, ours: "less" },
];

export const PRICE_DIFFERENCES: readonly PriceDifference[] = [
  {
    models: /^deepseek\/deepseek-v4-pro$/,
    ours: "more",
    reason:
      "DeepSeek halves its prices outside two windows of the day and at weekends. The catalogue has the full price, theirs knows the hours.",
  },
  {
    models: /^zai\/glm-5\.3-flash$/,
    ours: "more",
    reason: "Theirs still has half the list price, a launch offer that by its own comment ended on 9 September 2026.",
  },
  ...both({
    models: /^cloudflare-workers-ai\/@cf\/(?:qwen\/qwen3-30b-a3b-fp8|zai-org\/glm-4\.7-flash)$/,
    reason: "The catalogue's source has these rates with four decimals, theirs with fewer (0.0509 and 0.051, 0.0605 and 0.06).",
  }),
  {
    models: /^cloudflare-workers-ai\//,
    when: "cacheRead",
    ours: "less",
    reason: "Cloudflare takes less for cached input of some models; theirs has no such price and takes that of plain input.",
  },
  {
    models: /^groq\/openai\/gpt-oss-safeguard-20b$/,
    ours: "less",
    reason: "Theirs counts the 20b safeguard model as gpt-oss-120b.",
  },
  {
    models: /^anthropic\/claude-sonnet-4-5/,
    when: "long",
    ours: "less",
    reason: "Theirs has the prices above 200,000 tokens of the beta with a million; the model that is sold now ends at 200,000.",
  },
  {
    models: /^anthropic\/claude-sonnet-5-5$|^amazon-bedrock\/(?:[a-z]+\.)?anthropic\.claude-sonnet-5-5$/,
    when: "cacheRead",
    ours: "less",
    reason: "Theirs does not know claude-sonnet-5-5 and takes claude-sonnet-5, whose cache reads cost twice as much.",
  },
  {
    models: /^amazon-bedrock\/(?:[a-z]+\.)?anthropic\./,
    when: "cacheWrite1h",
    ours: "more",
    reason: "Theirs has no price for writes that last an hour on most Bedrock models, and takes that of five minutes.",
  },
  {
    models: /^amazon-bedrock\/(?:apac|ca|eu|jp)\.amazon\.nova-/,
    ours: "more",
    reason: "Nova costs more through the profiles of other regions; theirs has one price for all but nova-2.",
  },
  {
    models: /^amazon-bedrock\/us-gov\.openai\.gpt-oss-/,
    ours: "more",
    reason: "GovCloud costs a fifth more; theirs has the commercial price.",
  },
  {
    models: /^mistral\/mistral-large-latest$/,
    ours: "less",
    reason: "The alias has moved on to Mistral Large 3; theirs bills it as Mistral Large 2.",
  },
  ...both({
    models: /^mistral\/mistral-small-latest$/,
    reason: "The alias has moved on to Mistral Small 4, dearer but for cache reads; theirs bills it as Mistral Small 3.2.",
  }),
  {
    models: /^mistral\/(?:codestral-latest|codestral-2508|magistral-medium-latest|open-mistral-nemo|pixtral-12b)$/,
    when: "cacheRead",
    ours: "less",
    reason: "Mistral takes a tenth for cached input; theirs has no such price and takes that of plain input.",
  },
  {
    models: /^mistral\/mistral-medium-3\.5$/,
    when: "cacheRead",
    ours: "more",
    reason: "The catalogue's source has no price for cached input here: plain input stands in, and the cost counts as estimated.",
  },
  {
    models: /^google\/gemini-2\.5-flash-lite$/,
    when: "audio",
    ours: "less",
    reason: "We have no price for sound here: the price of text stands in, and the cost counts as estimated.",
  },
  {
    models: /^google\/gemini-(?:2\.5-flash|3-flash-preview)$/,
    when: "cachedAudio",
    ours: "less",
    reason: "We have no price for cached sound here: that of cached text stands in, and the cost counts as estimated.",
  },
  {
    models: /^openai\/gpt-4o-audio-preview$/,
    when: "audio",
    ours: "more",
    reason: "Theirs has no price for sound here and takes that of text.",
  },
  {
    models: /^openai\/(?:gpt-4(?:-turbo)?|gpt-4\.1-nano|gpt-4o-audio-preview|gpt-4o-2024-05-13|gpt-5\.3-codex|o1|o1-pro|o3-mini|o3-pro)$/,
    when: "tools",
    ours: "more",
    reason: "Ours has the fee of a web search for every model; theirs leaves it out for models that it does not list with the tool.",
  },
  {
    models: /^openai\/|^amazon-bedrock\/(?:[a-z]+\.)?openai\.|^xai\//,
    when: "threshold",
    ours: "less",
    reason: "At exactly 272,000 tokens (xAI: 200,000) theirs begins to bill a long context, ours with the next token.",
  },
];
