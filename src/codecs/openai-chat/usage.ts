import type { JSONObject } from "../../ir/json.ts";
import { makeUsage, type Usage } from "../../ir/usage.ts";
import { asNumber, asObject, type Wire } from "./wire.ts";

/** xAI counts money in ten-billionths of a US dollar. */
const TICKS_PER_USD = 1e10;

/** Reads every host's variant of the usage object; cached tokens stand in five places. */
export function decodeUsage(raw: JSONObject, serviceTier: string | undefined, reasoningApart = false): Usage {
  const read = asObject(raw["prompt_tokens_details"] ?? raw["prompt_token_details"]) ?? {};
  const written = asObject(raw["completion_tokens_details"]) ?? {};
  const cacheRead = asNumber(
    raw["num_cached_tokens"] ??
      read["cached_tokens"] ??
      raw["prompt_cache_hit_tokens"] ??
      raw["cached_tokens"] ??
      raw["cache_read_input_tokens"],
  );
  const reasoning = asNumber(written["reasoning_tokens"] ?? raw["reasoning_tokens"]);
  let input = asNumber(raw["prompt_tokens"]);
  let output = asNumber(raw["completion_tokens"]);
  const all = asNumber(raw["total_tokens"]);
  // Some hosts leave reasoning out of the completion, and cached tokens out of the prompt; only the sums tell.
  if (output !== undefined && reasoning) {
    const apart = all === undefined || input === undefined ? reasoning > output : all === input + output + reasoning;
    if (apart || (reasoningApart && written["reasoning_tokens"] == null)) output += reasoning;
  }
  if (input !== undefined && cacheRead !== undefined && cacheRead > input) input += cacheRead;
  const ticks = asNumber(raw["cost_in_usd_ticks"]);
  const cost = asObject(raw["cost"]);
  const searches = asNumber(raw["num_search_queries"]);
  return makeUsage({
    input: {
      total: input,
      cacheRead,
      cacheWrite: asNumber(
        read["cache_write_tokens"] ??
          read["cache_creation_tokens"] ??
          read["cache_creation_input_tokens"] ??
          raw["cache_creation_input_tokens"],
      ),
      audio: asNumber(read["audio_tokens"]),
      image: asNumber(read["image_tokens"]),
      video: asNumber(read["video_tokens"]),
    },
    output: {
      total: output,
      reasoning,
      audio: asNumber(written["audio_tokens"]),
      image: asNumber(written["image_tokens"]),
    },
    serverTools: searches ? { web_search: searches } : undefined,
    serviceTier,
    reportedCost: ticks === undefined ? asNumber(cost ? cost["total_cost"] : raw["cost"]) : ticks / TICKS_PER_USD,
    raw,
  });
}

/** Absent when the provider told nothing. */
export function encodeUsage(usage: Usage | undefined): Wire | undefined {
  if (usage === undefined || (usage.input.total ?? usage.output.total) === undefined) return undefined;
  const { input, output } = usage;
  const read = input.total ?? 0;
  const written = output.total ?? 0;
  return {
    prompt_tokens: read,
    completion_tokens: written,
    total_tokens: read + written,
    prompt_tokens_details: {
      cached_tokens: input.cacheRead ?? 0,
      ...(input.cacheWrite === undefined ? undefined : { cache_write_tokens: input.cacheWrite }),
      ...(input.audio === undefined ? undefined : { audio_tokens: input.audio }),
    },
    completion_tokens_details: {
      reasoning_tokens: output.reasoning ?? 0,
      ...(output.audio === undefined ? undefined : { audio_tokens: output.audio }),
    },
  };
}
