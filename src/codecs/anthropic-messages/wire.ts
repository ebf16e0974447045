import { CrosspointError } from "../../ir/error.ts";
import { isObject, type JSONObject, type JSONValue } from "../../ir/json.ts";

export { isObject };

/** The codec's id, also the key of `providerOptions` that holds what only this wire knows. */
export const CODEC = "anthropic-messages";

/** The family whose opaque state, file ids and blocks a client of this wire sends and gets raw. */
export const FAMILY = "anthropic";

/** The API version that every compatible endpoint knows; the only one with sampling parameters. */
export const VERSION = "2023-06-01";

/** An object under construction. */
export type Draft = Record<string, JSONValue | undefined>;

/** One content block; the rest of its fields depend on `type`. */
export interface Block extends JSONObject {
  readonly type: string;
}

/** The value when it is text. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The value when it is an array, else nothing to go through. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Sets a key unless the value is absent. */
export function put(target: Draft, key: string, value: JSONValue | undefined): void {
  if (value !== undefined) target[key] = value;
}

/** A copy without `keys` and without nulls, or `undefined` when nothing is left. */
export function rest(value: JSONObject, keys: ReadonlySet<string>): JSONObject | undefined {
  let left: Draft | undefined;
  for (const key of Object.keys(value)) {
    if (!keys.has(key) && key !== "__proto__" && value[key] !== null && value[key] !== undefined) (left ??= {})[key] = value[key];
  }
  return left;
}

/** Tool input as this wire has it: an object. What is none travels whole under `rawInvalidInput`. */
export function toInput(args: string): JSONObject {
  if (args === "") return {};
  try {
    const value: unknown = JSON.parse(args);
    if (isObject(value)) return value;
  } catch {
    // Invalid JSON is kept as text below.
  }
  return { rawInvalidInput: args };
}

/** The inverse of `toInput`: arguments as text. */
export function fromInput(input: unknown): string {
  if (!isObject(input)) return input === undefined || input === null ? "{}" : JSON.stringify(input);
  const { rawInvalidInput } = input;
  return typeof rawInvalidInput === "string" && Object.keys(input).length === 1 ? rawInvalidInput : JSON.stringify(input);
}

/** JSON, or for what has none (cycles, big integers) its plain text. */
export function toText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    return String(value);
  }
}

/** Fails for a client's field of the wrong type. */
export function badRequest(param: string, expected: string): CrosspointError {
  return new CrosspointError("BAD_REQUEST", `${param}: expected ${expected}`, { param });
}
