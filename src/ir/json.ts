/** Any value that JSON can hold. */
export type JSONValue = null | boolean | number | string | readonly JSONValue[] | JSONObject;

/** A JSON object; an absent key and an `undefined` value mean the same. */
export interface JSONObject {
  readonly [key: string]: JSONValue | undefined;
}

/** Whether a value that came as JSON is an object: no list, not null. */
export function isObject(value: unknown): value is JSONObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
