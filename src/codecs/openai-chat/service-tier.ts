/** The tiers that OpenAI's answers name, Responses one more than Chat Completions. */
const TIERS: ReadonlySet<string> = new Set(["auto", "default", "flex", "scale", "priority", "fast", "ultrafast"]);

/** The tier that served, in OpenAI's words; absent when it has none for it. */
export function tierField(tier: string | undefined): string | undefined {
  if (tier === "standard") return "default";
  return tier !== undefined && TIERS.has(tier) ? tier : undefined;
}
