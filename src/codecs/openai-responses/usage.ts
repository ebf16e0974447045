import type { JSONObject } from "../../ir/json.ts";
import { makeUsage, type Usage, type UsageCounts } from "../../ir/usage.ts";
import { isObject, maybe, number, objects, string } from "./wire.ts";

/** xAI's `cost_in_usd_ticks` (docs.x.ai): ten billion ticks are one US dollar. */
const TICKS_PER_USD = 1e10;

/** The usage of a finished response; unknown when the provider sent none. */
export function decodeUsage(response: JSONObject): Usage | undefined {
  const raw = response["usage"];
  if (!isObject(raw)) return undefined;
  const inputDetails = detail(raw, "input_tokens_details");
  const byTtl = detail(inputDetails, "cache_write_tokens_details");
  const cached = number(inputDetails["cached_tokens"]);
  const given = number(raw["input_tokens"]);
  const ttls = { ...maybe("30m", number(byTtl["ttl_30m_tokens"])), ...maybe("12h", number(byTtl["ttl_12h_tokens"])) };
  const ticks = number(raw["cost_in_usd_ticks"]);
  const counts: UsageCounts = {
    raw,
    input: {
      // Some hosts count cached tokens beside the total instead of inside it.
      ...maybe("total", given !== undefined && cached !== undefined && cached > given ? given + cached : given),
      ...maybe("cacheRead", cached),
      ...maybe("cacheWrite", number(inputDetails["cache_write_tokens"])),
      ...(Object.keys(ttls).length > 0 && { cacheWriteByTtl: ttls }),
    },
    output: {
      ...maybe("total", number(raw["output_tokens"])),
      ...maybe("reasoning", number(detail(raw, "output_tokens_details")["reasoning_tokens"])),
    },
    ...maybe("serverTools", serverTools(response, raw)),
    ...maybe("serviceTier", string(response["service_tier"])),
    ...maybe("reportedCost", ticks === undefined ? undefined : ticks / TICKS_PER_USD),
  };
  return makeUsage(counts);
}

/** What the provider counted, else the calls that stand in the output. */
function serverTools(response: JSONObject, usage: JSONObject): Record<string, number> | undefined {
  const counts: Record<string, number> = {};
  for (const { type } of objects(response["output"])) {
    if (type === "web_search_call" || type === "file_search_call") add(counts, type.slice(0, -5), 1);
  }
  for (const [name, count] of Object.entries(detail(usage, "server_side_tool_usage_details"))) {
    if (number(count)) counts[name.replace(/_calls$/, "")] = count as number;
  }
  const searches = number(detail(detail(response, "tool_usage"), "web_search")["num_requests"]);
  if (searches) counts["web_search"] = searches;
  return Object.keys(counts).length === 0 ? undefined : counts;
}

function add(counts: Record<string, number>, name: string, count: number): void {
  counts[name] = (counts[name] ?? 0) + count;
}

function detail(object: JSONObject, key: string): JSONObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

/** The wire's usage object, which knows no unknown: absent unless both totals are known. */
export function encodeUsage({ input, output }: Usage): JSONObject | undefined {
  if (input.total === undefined || output.total === undefined) return undefined;
  return {
    input_tokens: input.total,
    input_tokens_details: { cached_tokens: input.cacheRead ?? 0, cache_write_tokens: input.cacheWrite ?? 0 },
    output_tokens: output.total,
    output_tokens_details: { reasoning_tokens: output.reasoning ?? 0 },
    total_tokens: input.total + output.total,
  };
}
