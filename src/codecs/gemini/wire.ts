import { isObject, type JSONObject, type JSONValue } from "../../ir/json.ts";

export { isObject };

/** The wire's name for itself in `providerOptions` and provider parts. */
export const GEMINI = "gemini";

/** The family whose opaque state this wire carries raw. */
export const GOOGLE = "google";

/** The kind of opaque state that a part's `thoughtSignature` is. */
export const THOUGHT_SIGNATURE = "thought-signature";

/** Stands in for a signature that a call of another model never had (Google's guide to thought signatures). */
export const SKIP_SIGNATURE = "skip_thought_signature_validator";

/** One turn of a conversation. */
export interface Content extends JSONObject {
  readonly role: "user" | "model";
  readonly parts: JSONObject[];
}

export function objectOf(value: unknown): JSONObject {
  return isObject(value) ? value : {};
}

export function listOf(value: unknown): readonly JSONValue[] {
  return Array.isArray(value) ? (value as JSONValue[]) : [];
}

/** A string that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** `over` laid on `base`; objects that both have are joined one level deep. */
export function merge(base: JSONObject, over: JSONObject | undefined): JSONObject {
  if (over === undefined) return base;
  const joined = Object.entries(over).map(([key, value]) => {
    const below = Object.hasOwn(base, key) ? base[key] : undefined;
    return [key, isObject(below) && isObject(value) ? { ...below, ...value } : value] as const;
  });
  return { ...base, ...Object.fromEntries(joined) };
}

/** `{ [key]: value }`, or nothing when the value is absent or an empty object or list. */
export function field(key: string, value: JSONValue | undefined): JSONObject | undefined {
  if (value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0)) return undefined;
  return { [key]: value };
}
