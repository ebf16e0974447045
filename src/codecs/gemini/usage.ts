import type { JSONObject } from "../../ir/json.ts";
import { makeUsage, type InputTokens, type OutputTokens, type Usage } from "../../ir/usage.ts";
import { isObject, listOf } from "./wire.ts";

type Counts = Readonly<Record<string, number>>;

/**
 * `usageMetadata` in the IR's buckets. The prompt includes what was cached; what tools brought in, and thoughts, are counted
 * apart from prompt and candidates (Gemini API, UsageMetadata).
 */
export function decodeUsage(raw: JSONObject, searches: number): Usage {
  const prompt = plus(raw.promptTokenCount, raw.toolUsePromptTokenCount);
  const written =
    plus(raw.candidatesTokenCount, raw.thoughtsTokenCount) ??
    (prompt === undefined || typeof raw.totalTokenCount !== "number" ? undefined : raw.totalTokenCount - prompt);
  const cached = byModality(raw.cacheTokensDetails);
  const read = byModality(raw.promptTokensDetails, raw.toolUsePromptTokensDetails);
  const out = byModality(raw.candidatesTokensDetails);
  const tier = raw.serviceTier ?? raw.trafficType;
  const input: Record<string, unknown> = { total: prompt, cacheRead: raw.cachedContentTokenCount };
  const output: Record<string, unknown> = { total: written, reasoning: raw.thoughtsTokenCount };
  for (const key of ["audio", "image", "video"]) {
    if (read[key] !== undefined) input[key] = Math.max(0, read[key] - (cached[key] ?? 0));
  }
  if (cached.audio !== undefined) input.cachedAudio = cached.audio;
  if (cached.image !== undefined) input.cachedImage = cached.image;
  if (out.audio !== undefined) output.audio = out.audio;
  if (out.image !== undefined) output.image = out.image;
  return makeUsage({
    input: input as InputTokens,
    output: output as OutputTokens,
    ...(searches > 0 ? { serverTools: { google_search: searches } } : undefined),
    ...(typeof tier === "string" ? { serviceTier: tierName(tier) } : undefined),
    raw,
  });
}

/** Vertex names the traffic (`ON_DEMAND_PRIORITY`), the Gemini API the tier (`priority`): one word for both. */
function tierName(tier: string): string {
  return tier.toLowerCase().replace(/^on_demand_?/, "") || "standard";
}

function plus(first: unknown, second: unknown): number | undefined {
  if (typeof first !== "number" && typeof second !== "number") return undefined;
  return (typeof first === "number" ? first : 0) + (typeof second === "number" ? second : 0);
}

function byModality(...lists: unknown[]): Counts {
  const counts: Record<string, number> = {};
  for (const each of lists.flatMap(listOf)) {
    if (!isObject(each) || typeof each.modality !== "string" || typeof each.tokenCount !== "number") continue;
    const key = each.modality.toLowerCase();
    if (key === "audio" || key === "image" || key === "video") counts[key] = (counts[key] ?? 0) + each.tokenCount;
  }
  return counts;
}

/** `usageMetadata` for a client: the provider's own object where it is of this wire and still tells the same total. */
export function encodeUsage(usage: Usage | undefined): JSONObject | undefined {
  if (usage === undefined) return undefined;
  const { input, output, total, raw } = usage;
  if (raw !== undefined && "promptTokenCount" in raw && raw.totalTokenCount === total) return raw;
  const candidates = output.total === undefined ? undefined : output.total - (output.reasoning ?? 0);
  const fields = {
    promptTokenCount: input.total,
    cachedContentTokenCount: input.cacheRead,
    candidatesTokenCount: candidates,
    thoughtsTokenCount: output.reasoning,
    totalTokenCount: total,
  };
  const known = Object.entries(fields).filter(([, count]) => count !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}
