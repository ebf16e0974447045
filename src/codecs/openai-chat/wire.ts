import type { Opaque } from "../../ir/content.ts";
import { CrosspointError } from "../../ir/error.ts";
import type { JSONObject, JSONValue } from "../../ir/json.ts";
import type { ModelRequest } from "../../ir/request.ts";
import type { Target } from "../../ir/target.ts";

export const CODEC = "openai-chat";

/** A JSON object that is being built. */
export type Wire = { [key: string]: JSONValue | undefined };

/** Reads of untrusted JSON: what has another type counts as absent. */
export function asObject(value: unknown): JSONObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JSONObject) : undefined;
}
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
/** A string that says something; the empty one counts as absent. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
export function asNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The fields without the absent ones. */
export function compact<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  const kept: Partial<T> = {};
  for (const key in fields) if (fields[key] !== undefined) kept[key] = fields[key];
  return kept as T;
}

/** Throws BAD_REQUEST unless the client's value holds. */
export function demand(holds: boolean, param: string, expected: string): void {
  if (!holds) throw new CrosspointError("BAD_REQUEST", `${param} must be ${expected}`, { param });
}

/** The fields of `source` that `known` does not name, as options of this wire. */
export function restOf(source: JSONObject, known: ReadonlySet<string>): { providerOptions?: { [CODEC]: JSONObject } } {
  let rest: Wire | undefined;
  for (const key of Object.keys(source)) {
    if (!known.has(key) && key !== "__proto__" && source[key] != null) (rest ??= {})[key] = source[key];
  }
  return rest === undefined ? {} : { providerOptions: { [CODEC]: rest } };
}

/** State that may be written to the target as it is. */
export function ownState(opaque: readonly Opaque[] | undefined, target: Target, kind?: string): Opaque | undefined {
  return opaque?.find((each) => each.family === target.family && (kind === undefined || each.kind === kind));
}

/** State that a client sent back in one of our carriers. */
export function carriedState(data: string, family: string, kind: string): Opaque {
  return data.startsWith("xp1.") ? { family: "sealed", kind: "sealed", data } : { family, kind, data };
}

type Check = "number" | "integer" | "boolean" | "string" | "object";

/** Settings whose value is the same in the IR and on the wire. */
export const SETTINGS: readonly (readonly [ir: keyof ModelRequest, wire: string, check: Check])[] = [
  ["maxOutputTokens", "max_tokens", "integer"],
  ["temperature", "temperature", "number"],
  ["topP", "top_p", "number"],
  ["topK", "top_k", "integer"],
  ["frequencyPenalty", "frequency_penalty", "number"],
  ["presencePenalty", "presence_penalty", "number"],
  ["seed", "seed", "integer"],
  ["n", "n", "integer"],
  ["logprobs", "logprobs", "boolean"],
  ["topLogprobs", "top_logprobs", "integer"],
  ["logitBias", "logit_bias", "object"],
  ["verbosity", "verbosity", "string"],
  ["serviceTier", "service_tier", "string"],
  ["promptCacheKey", "prompt_cache_key", "string"],
  ["user", "user", "string"],
  ["safetyIdentifier", "safety_identifier", "string"],
  ["metadata", "metadata", "object"],
  ["store", "store", "boolean"],
];
