/** Any JSON value; objects may carry absent keys. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function object(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The array's objects; nothing for anything else. */
export function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function string(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

export function parseJson(source: string): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(source) as Json };
  } catch {
    return undefined;
  }
}

/** The object without its undefined keys, one level deep. */
export function compact(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter((entry) => entry[1] !== undefined));
}
