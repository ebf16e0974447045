import type { ProviderOptions } from "../../ir/content.ts";
import { CrosspointError } from "../../ir/error.ts";
import { isObject, type JSONObject, type JSONValue } from "../../ir/json.ts";

export { isObject };

/** The codec's id, and the key of its own fields in `providerOptions`. */
export const ID = "openai-responses";

/** The family whose opaque state and hosted tools this wire carries as they are. */
export const NATIVE = "openai";

/** An object of this wire under construction. */
export type Wire = { [key: string]: JSONValue | undefined };

/** The objects of a list; what is no list is empty, what is no object is left out. */
export function objects(value: unknown): JSONObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function string(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** `{ [key]: value }`, or nothing to spread when the value is absent. */
export function maybe<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } | undefined {
  return value === undefined ? undefined : ({ [key]: value } as { readonly [P in K]?: V });
}

/** The fields of `wire` that the IR has no name for, without nulls; `undefined` when there are none. */
export function unnamed(wire: JSONObject, known: string): JSONObject | undefined {
  const names = known.split(" ");
  const rest = Object.entries(wire).filter(([key, value]) => value !== undefined && value !== null && !names.includes(key));
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}

/** `unnamed` as the `providerOptions` of this wire. */
export function extras(wire: JSONObject, known: string): { readonly providerOptions?: ProviderOptions } | undefined {
  const rest = unnamed(wire, known);
  return rest && { providerOptions: { [ID]: rest } };
}

/** The error for a request that is none of this wire. */
export function badRequest(param: string, problem: string): CrosspointError {
  return new CrosspointError("BAD_REQUEST", `${param}: ${problem}`, { param });
}
