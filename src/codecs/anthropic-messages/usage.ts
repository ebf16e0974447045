import type { JSONObject } from "../../ir/json.ts";
import { makeUsage, type Usage } from "../../ir/usage.ts";
import { isObject, list, text, type Draft } from "./wire.ts";

const TTL = { "5m": "ephemeral_5m_input_tokens", "1h": "ephemeral_1h_input_tokens" } as const;

const number = (value: unknown): number | undefined => (typeof value === "number" && Number.isFinite(value) ? value : undefined);

/** Lays a later usage over an earlier one: counts are cumulative, so what comes later replaces; nulls say nothing. */
export function mergeUsage(earlier: JSONObject | undefined, later: unknown): JSONObject | undefined {
  if (!isObject(later)) return earlier;
  if (earlier === undefined) return later;
  const merged: Draft = { ...earlier };
  const written = "cache_creation_input_tokens";
  // The split by lifetime belongs to the count that it came with.
  if (number(later[written]) !== undefined && later[written] !== earlier[written]) delete merged["cache_creation"];
  for (const key of Object.keys(later)) if (later[key] !== null && key !== "__proto__") merged[key] = later[key];
  return merged;
}

/**
 * Input tokens exclude both cache counts on this wire. When the answer took several model runs (`iterations`), those of the
 * message itself and of compaction are summed; an advisor's run is another model's bill and counts as a use of that tool, and after a
 * server-side fallback the top-level counts are already final. Fast mode is a price class of its own.
 */
export function decodeUsage(raw: JSONObject | undefined): Usage | undefined {
  if (raw === undefined) return undefined;
  const runs = list(raw["iterations"]).filter(isObject);
  const own = runs.filter(({ type }) => type === "message" || type === "compaction");
  const counted = own.length === 0 || runs.some(({ type }) => type === "fallback_message") ? [raw] : own;
  const sum = (pick: (run: JSONObject) => unknown): number | undefined => {
    let total: number | undefined;
    for (const run of counted) {
      const count = number(pick(run));
      if (count !== undefined) total = (total ?? 0) + count;
    }
    // Runs need not repeat what the answer as a whole tells.
    return total ?? number(pick(raw));
  };
  const byTtl: Partial<Record<keyof typeof TTL, number>> = {};
  for (const ttl of Object.keys(TTL) as (keyof typeof TTL)[]) {
    const count = sum(({ cache_creation }) => (isObject(cache_creation) ? cache_creation[TTL[ttl]] : undefined));
    if (count !== undefined) byTtl[ttl] = count;
  }
  const serverTools: Record<string, number> = {};
  if (isObject(raw["server_tool_use"])) {
    for (const [key, value] of Object.entries(raw["server_tool_use"])) {
      if (number(value) !== undefined && key.endsWith("_requests")) serverTools[key.slice(0, -9)] = value as number;
    }
  }
  const advice = runs.filter(({ type }) => type === "advisor_message").length;
  if (advice > 0) serverTools["advisor"] = advice;
  const details = raw["output_tokens_details"];
  const counts = {
    uncached: sum((run) => run["input_tokens"]),
    cacheRead: sum((run) => run["cache_read_input_tokens"]),
    cacheWrite: sum((run) => run["cache_creation_input_tokens"]),
  };
  const total = sum((run) => run["output_tokens"]);
  const reasoning = isObject(details) ? number(details["thinking_tokens"]) : undefined;
  const serviceTier = raw["speed"] === "fast" ? "fast" : text(raw["service_tier"]);
  return makeUsage({
    input: {
      ...(Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined)) as Partial<
        Record<keyof typeof counts, number>
      >),
      ...(Object.keys(byTtl).length > 0 && { cacheWriteByTtl: byTtl }),
    },
    output: { ...(total !== undefined && { total }), ...(reasoning !== undefined && { reasoning }) },
    ...(Object.keys(serverTools).length > 0 && { serverTools }),
    ...(serviceTier !== undefined && { serviceTier }),
    region: text(raw["inference_geo"]),
    raw,
  });
}

const SERVICE_TIERS = ["standard", "priority", "batch"];

/** All fields that the official types require; unknown counts are null, or 0 where the type forbids null. */
export function encodeUsage(usage: Usage | undefined): JSONObject {
  const { input = {}, output = {}, serverTools, serviceTier, raw } = usage ?? {};
  const { cacheWriteByTtl: byTtl } = input;
  const tier = text(raw?.["service_tier"]) ?? serviceTier ?? "";
  return {
    input_tokens: input.uncached ?? input.total ?? 0,
    output_tokens: output.total ?? 0,
    cache_creation_input_tokens: input.cacheWrite ?? null,
    cache_read_input_tokens: input.cacheRead ?? null,
    cache_creation:
      byTtl === undefined
        ? null
        : { [TTL["5m"]]: byTtl["5m"] ?? 0, [TTL["1h"]]: (byTtl["1h"] ?? 0) + (byTtl["30m"] ?? 0) + (byTtl["12h"] ?? 0) },
    output_tokens_details: output.reasoning === undefined ? null : { thinking_tokens: output.reasoning },
    server_tool_use:
      serverTools === undefined
        ? null
        : { web_search_requests: serverTools["web_search"] ?? 0, web_fetch_requests: serverTools["web_fetch"] ?? 0 },
    service_tier: SERVICE_TIERS.includes(tier) ? tier : null,
    inference_geo: text(raw?.["inference_geo"]) ?? null,
    speed: text(raw?.["speed"]) ?? null,
    ...(Array.isArray(raw?.["iterations"]) && { iterations: raw["iterations"] }),
  };
}
