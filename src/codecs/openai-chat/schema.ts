import { CrosspointError } from "../../ir/error.ts";
import type { JSONObject, JSONValue } from "../../ir/json.ts";
import type { Warning } from "../../ir/response.ts";
import { asObject, type Wire } from "./wire.ts";

/** Keywords whose values are schemas by name, and those whose values are data. */
const MAPS = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
const DATA = new Set(["enum", "const", "default", "examples"]);
const LOOKAROUND = /\(\?<?[=!]/;
const MAX_DEPTH = 64;

/**
 * The schema without what OpenAI refuses in it: `propertyNames` and patterns that look around are left out with a warning, an
 * `allOf` of one reference becomes the reference. The same object when nothing changes.
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function supportedSchema(schema: JSONObject, feature: string, warnings: Warning[]): JSONObject {
  const drop = (keyword: string): void => {
    if (warnings.some((each) => each.feature === `${feature}.${keyword}`)) return;
    warnings.push({ type: "compatibility", feature: `${feature}.${keyword}`, details: "left out of the schema: OpenAI refuses it" });
  };
  const walk = (value: JSONValue, depth: number, isMap: boolean): JSONValue => {
    if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return value;
    if (Array.isArray(value)) {
      const list = (value as readonly JSONValue[]).map((each) => walk(each, depth + 1, false));
      return list.every((each, index) => each === (value as readonly JSONValue[])[index]) ? value : list;
    }
    const source = value as JSONObject;
    let changed: Wire | undefined;
    const set = (key: string, to: JSONValue | undefined): void => {
      changed ??= { ...source };
      if (to === undefined) delete changed[key];
      else changed[key] = to;
    };
    for (const key of Object.keys(source)) {
      const child = source[key];
      if (child === undefined || (!isMap && DATA.has(key))) continue;
      if (!isMap && key === "propertyNames") {
        const type = asObject(child)?.["type"];
        if (typeof child === "boolean" || (type !== undefined && type !== "string")) {
          throw new CrosspointError("UNSUPPORTED", `${feature}: OpenAI takes no propertyNames that are not strings`, { param: feature });
        }
        drop(key);
        set(key, undefined);
      } else if (!isMap && key === "pattern" && typeof child === "string" && LOOKAROUND.test(child)) {
        drop(key);
        set(key, undefined);
      } else if (
        !isMap &&
        key === "allOf" &&
        Array.isArray(child) &&
        child.length === 1 &&
        asObject(child[0])?.["$ref"] !== undefined &&
        source["$ref"] === undefined
      ) {
        set(key, undefined);
        set("$ref", asObject(child[0])!["$ref"]);
      } else {
        const next = walk(child, depth + 1, !isMap && MAPS.has(key));
        if (next !== child) set(key, next);
      }
    }
    return changed ?? source;
  };
  return walk(schema, 0, false) as JSONObject;
}
