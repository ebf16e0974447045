import type { CacheHint } from "../../ir/content.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { Warning } from "../../ir/response.ts";
import type { Target } from "../../ir/target.ts";
import { isObject, text, type Draft } from "./wire.ts";

/** What the encoding of one request collects. */
export interface Encoding {
  readonly target: Target;
  readonly warnings: Warning[];
  /** The objects that carry `cache_control`, in the order of the prompt. */
  readonly marks: Draft[];
  readonly betas: Set<string>;
}

/** Cache breakpoints that a request may have (prompt caching, "Cache limitations"). */
const MAX_MARKS = 4;

/** The lifetimes are 5 minutes and 1 hour; a longer wish becomes the hour. */
export function encodeCache({ ttl }: CacheHint): JSONObject {
  return { type: "ephemeral", ...(ttl !== undefined && { ttl: ttl === "5m" ? ttl : "1h" }) };
}

/** Completes a block or tool: its cache mark and the options that are meant for this target. */
export function seal<T extends Draft>(block: T, cache: CacheHint | undefined, options: JSONObject | undefined, { marks }: Encoding): T {
  const draft: Draft = block;
  const thinking = text(draft["type"])?.endsWith("thinking") === true;
  if (cache !== undefined && !thinking) draft["cache_control"] = encodeCache(cache);
  if (options !== undefined) Object.assign(draft, options);
  if (thinking) delete draft["cache_control"];
  else if (draft["cache_control"] !== undefined) marks.push(draft);
  return block;
}

/**
 * Removes the breakpoints beyond the limit. The last ones stay: each covers everything before it, so that they reach furthest.
 * Where a longer lifetime follows a shorter one, which the API refuses, the earlier ones live as long.
 */
export function limitMarks({ marks, warnings }: Encoding, whole: JSONObject | undefined): void {
  const excess = Math.max(0, marks.length - (whole === undefined ? MAX_MARKS : MAX_MARKS - 1));
  for (const block of marks.slice(0, excess)) delete block["cache_control"];
  if (excess > 0) {
    warnings.push({ type: "compatibility", feature: "cache", details: `the first ${excess} of ${marks.length} cache hints were dropped` });
  }
  const kept = marks.slice(excess);
  const isLong = (control: unknown): boolean => isObject(control) && control["ttl"] === "1h";
  const last = isLong(whole) ? kept.length : kept.findLastIndex((block) => isLong(block["cache_control"]));
  for (const block of kept.slice(0, Math.max(0, last))) block["cache_control"] = encodeCache({ ttl: "1h" });
}
