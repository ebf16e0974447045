import { CrosspointError } from "../../ir/error.ts";
import type { JSONObject, JSONValue } from "../../ir/json.ts";
import { field, isObject, listOf, merge } from "./wire.ts";

const MAX_DEPTH = 100;
/** Parts of a schema whose references are inlined. */
const MAX_NODES = 10_000;
const MAPS = ["properties", "$defs", "definitions"];
const LISTS = ["anyOf", "oneOf", "allOf", "prefixItems"];
const SINGLES = ["items", "additionalProperties", "not"];

/** Applies `change` to a schema after its parts; untouched schemas are returned as they are. */
function mapSchema(schema: JSONObject, change: (schema: JSONObject) => JSONObject, depth = 0): JSONObject {
  if (depth > MAX_DEPTH) return schema;
  const inner = (value: JSONValue | undefined): JSONValue | undefined => (isObject(value) ? mapSchema(value, change, depth + 1) : value);
  let result = schema;
  const set = (key: string, value: JSONValue | undefined): void => {
    if (value !== schema[key]) result = { ...result, [key]: value };
  };
  for (const key of SINGLES) set(key, inner(schema[key]));
  for (const key of LISTS) {
    const list = schema[key];
    if (!Array.isArray(list)) continue;
    const mapped = (list as JSONValue[]).map((each) => inner(each)!);
    if (mapped.some((each, index) => each !== (list as JSONValue[])[index])) set(key, mapped);
  }
  for (const key of MAPS) {
    const map = schema[key];
    if (!isObject(map)) continue;
    const mapped = Object.entries(map).map(([name, value]) => [name, inner(value)] as const);
    if (mapped.some(([name, value]) => value !== map[name])) set(key, Object.fromEntries(mapped));
  }
  return change(result);
}

/** The wire's JSON Schema has no `const` (Gemini API, GenerationConfig.responseJsonSchema): an `enum` of one says the same. */
export function withoutConst(schema: JSONObject): JSONObject {
  return mapSchema(schema, ({ const: value, ...rest }) => (value === undefined ? (rest as JSONObject) : { ...rest, enum: [value] }));
}

/** Lower-case types and `nullable` of an OpenAPI schema, in words of JSON Schema. */
export function toJsonSchema(schema: JSONObject): JSONObject {
  return mapSchema(schema, ({ nullable, type, ...rest }) => {
    const lower = typeof type === "string" ? type.toLowerCase() : type;
    return {
      ...(lower === undefined ? undefined : { type: nullable === true && typeof lower === "string" ? [lower, "null"] : lower }),
      ...rest,
    };
  });
}

/** What an OpenAPI schema of this wire may hold. */
const KEPT = new Set([
  ..."type format title description nullable enum items minItems maxItems properties required minProperties maxProperties".split(" "),
  ..."minimum maximum minLength maxLength pattern anyOf propertyOrdering default".split(" "),
]);

/** A JSON Schema in the OpenAPI subset that older back-ends take: references inlined, unions as `anyOf`, the rest left out. */
export function toOpenApi(schema: JSONObject): JSONObject {
  let nodes = 0;
  const resolve = (node: JSONObject, open: readonly string[]): JSONObject => {
    if (open.length > MAX_DEPTH || ++nodes > MAX_NODES) throw recursion();
    const { $ref } = node;
    if (typeof $ref === "string") {
      if (open.includes($ref)) throw recursion();
      const { $ref: _ref, ...beside } = node;
      return resolve({ ...lookUp(schema, $ref), ...beside }, [...open, $ref]);
    }
    const next = [...open, ""];
    const each = (value: JSONValue): JSONValue => (isObject(value) ? resolve(value, next) : value === true ? {} : value);
    const { type, const: constant, oneOf, anyOf, allOf, ...rest } = node;
    let result: Record<string, JSONValue | undefined> = {};
    for (const part of listOf(allOf)) {
      if (!isObject(part)) continue;
      const { required, ...more } = resolve(part, next);
      result = { ...merge(result, more), ...field("required", [...listOf(result.required), ...listOf(required)]) };
    }
    for (const [key, value] of Object.entries(rest)) {
      if (!KEPT.has(key)) continue;
      if (key === "properties" && isObject(value)) {
        const own = Object.entries(value).map(([name, property]) => [name, each(property!)] as const);
        result[key] = { ...(isObject(result[key]) ? result[key] : undefined), ...Object.fromEntries(own) };
      } else result[key] = key === "items" ? each(value!) : value;
    }
    if (constant !== undefined) result.enum = [constant];
    const types = Array.isArray(type) ? (type as JSONValue[]) : type === undefined ? [] : [type];
    const real = types.filter((name) => name !== "null");
    const choices = [...listOf(anyOf), ...listOf(oneOf)];
    const some = choices.filter((choice) => !isObject(choice) || choice.type !== "null").map(each);
    if (real.length < types.length || some.length < choices.length) result.nullable = true;
    if (real.length === 1) result.type = real[0];
    else if (real.length > 1) some.push(...real.map((name) => ({ type: name })));
    if (some.length === 1 && isObject(some[0])) result = { ...some[0], ...result };
    else if (some.length > 0) result.anyOf = some;
    return result;
  };
  return resolve(schema, []);
}

function recursion(): CrosspointError {
  return new CrosspointError("UNSUPPORTED", "the target takes no recursive or boundless schema", { param: "schema" });
}

function lookUp(root: JSONObject, reference: string): JSONObject {
  let found: JSONValue | undefined = reference.startsWith("#") ? root : undefined;
  for (const step of reference.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  if (!isObject(found))
    throw new CrosspointError("UNSUPPORTED", `the schema refers to "${reference}", which is not in it`, { param: "schema" });
  return found;
}
