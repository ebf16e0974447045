import type { Price } from "./price.ts";

/** What price lists say beside the plain token rates, for the models of a provider whose id matches. Later rows win. */
export interface Tariff {
  readonly models: RegExp;
  readonly audio?: Pick<Price, "audioInput" | "audioCacheRead" | "audioOutput">;
  readonly tools?: Price["tools"];
  readonly serviceTiers?: Price["serviceTiers"];
  readonly regions?: Price["regions"];
}

const HALF = { batch: 0.5, flex: 0.5 };

/**
 * From copies of the pages named, or lists that quote them, as of November 2026. What was not found there is left out, and costs that need it
 * count as estimated.
 */
export const TARIFFS: Readonly<Record<string, readonly Tariff[]>> = {
  // https://openai.com/api-priority-processing and https://developers.openai.com/api/docs/pricing
  openai: [
    { models: /./, serviceTiers: { batch: 0.5 } },
    { models: /^(?!text-embedding)/, tools: { web_search: 0.01, file_search: 0.0025 } },
    { models: /^(?:o[34]|gpt-[5-9])/, serviceTiers: HALF },
    { models: /^gpt-5(?:\.[124])?(?:-\d|$)|^gpt-5\.4-mini/, serviceTiers: { ...HALF, priority: 2 } },
    { models: /^gpt-5\.5(?:-\d|$)/, serviceTiers: { ...HALF, priority: 2.5 } },
    { models: /^gpt-5-mini/, serviceTiers: { ...HALF, priority: 1.8 } },
    { models: /^gpt-4\.1/, serviceTiers: { batch: 0.5, priority: 1.75 } },
    { models: /^gpt-4\.1-nano/, serviceTiers: { batch: 0.5, priority: 2 } },
    { models: /^gpt-4o(?:$|-2024-(?:08|11))/, serviceTiers: { batch: 0.5, priority: 1.7 } },
    { models: /^gpt-4o-audio/, audio: { audioInput: 40, audioOutput: 80 } },
  ],
  // https://platform.claude.com/docs/en/about-claude/pricing
  anthropic: [
    { models: /./, tools: { web_search: 0.01 }, serviceTiers: { batch: 0.5 } },
    { models: /^claude-[a-z]+-(?:4-[6-9]|[5-9])(?!\d)/, regions: { us: 1.1 } },
    { models: /opus-4-6/, serviceTiers: { batch: 0.5, fast: 6 } },
  ],
  // https://ai.google.dev/gemini-api/docs/pricing
  google: [
    { models: /./, serviceTiers: HALF },
    { models: /2\.5-flash$/, audio: { audioInput: 1 } },
    { models: /^gemini-3-flash/, audio: { audioInput: 1 } },
    { models: /3\.1-flash-lite/, audio: { audioInput: 0.5, audioCacheRead: 0.05 } },
    { models: /3\.5-flash-lite/, audio: { audioInput: 0.3 } },
  ],
  // https://docs.aws.amazon.com/bedrock/latest/userguide/capacity-limits-cost-optimization.html; it has no figures for flex and priority
  "amazon-bedrock": [{ models: /./, serviceTiers: { batch: 0.5 } }],
  // https://console.groq.com/docs/flex-processing
  groq: [{ models: /./, serviceTiers: { flex: 1 } }],
};

/** A price with its provider's tariffs. */
export function withTariffs(provider: string, model: string, price: Price): Price {
  let full = price;
  for (const { models, audio, tools, serviceTiers, regions } of TARIFFS[provider] ?? []) {
    if (!models.test(model)) continue;
    full = { ...full, ...audio, ...(tools && { tools }), ...(serviceTiers && { serviceTiers }), ...(regions && { regions }) };
  }
  return full;
}
