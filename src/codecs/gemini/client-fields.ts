import { CrosspointError } from "../../ir/error.ts";
import type { JSONObject, JSONValue } from "../../ir/json.ts";
import { isObject } from "./wire.ts";

/** BAD_REQUEST for one field of a client's request. */
export function bad(param: string, what: string): CrosspointError {
  return new CrosspointError("BAD_REQUEST", `${param} ${what}`, { param });
}

/** The fields of an object, in camel case: the service takes its protocol-buffer names (`system_instruction`) as well. */
export function fields(value: JSONValue | undefined, param: string): JSONObject {
  if (!isObject(value)) throw bad(param, "must be an object");
  return camel(value);
}

function camel(object: JSONObject): JSONObject {
  for (const key in object) {
    if (!key.includes("_")) continue;
    return Object.fromEntries(Object.entries(object).map(([name, value]) => [camelName(name), value]));
  }
  return object;
}

function camelName(name: string): string {
  return name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

interface Types {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
}

/** A value of one type, or nothing; `null` counts as nothing. */
export function optional<T extends keyof Types>(value: JSONValue | undefined, type: T, param: string): Types[T] | undefined {
  if (value == null) return undefined;
  if (typeof value !== type) throw bad(param, `must be a ${type}`);
  return value as Types[T];
}

/** A list of strings, or nothing. */
export function strings(value: JSONValue | undefined, param: string): readonly string[] | undefined {
  if (value == null) return undefined;
  if (!Array.isArray(value) || (value as JSONValue[]).some((each) => typeof each !== "string"))
    throw bad(param, "must be a list of strings");
  return value as string[];
}
