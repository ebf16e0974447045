import { isObject, list, object, text, type Json, type JsonObject } from "../core/json.ts";
import type { Path } from "../core/shape.ts";
import type { Failure } from "../core/turn.ts";
import { geminiInvalid, geminiPath, geminiProblem } from "./errors.ts";

const KEYWORDS = new Set([
  "anyOf",
  "default",
  "description",
  "enum",
  "example",
  "format",
  "items",
  "maxItems",
  "maxLength",
  "maxProperties",
  "maximum",
  "minItems",
  "minLength",
  "minProperties",
  "minimum",
  "nullable",
  "pattern",
  "properties",
  "propertyOrdering",
  "required",
  "title",
  "type",
]);
const TYPES = new Set(["TYPE_UNSPECIFIED", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"]);

/** Why a schema in Google's own dialect, a subset of OpenAPI, is refused, if it is. */
export function schemaProblem(value: Json | undefined, path: Path): Failure | undefined {
  const schema = object(value);
  const unknown = Object.keys(schema).find((key) => !KEYWORDS.has(key));
  if (unknown !== undefined) return geminiProblem({ path: [...path, unknown], problem: "unknown", expected: "", got: schema[unknown] });
  return typeProblem(schema, path) ?? childProblem(schema, path);
}

function typeProblem(schema: JsonObject, path: Path): Failure | undefined {
  const { type, properties, required } = schema;
  const at = `* GenerateContentRequest.${geminiPath(path)}`;
  if (Array.isArray(type))
    return geminiInvalid(
      `Invalid JSON payload received. Unknown name "type" at '${geminiPath(path)}': Proto field is not repeating, cannot start list.`,
    );
  if (type !== undefined && !TYPES.has(text(type).toUpperCase()))
    return geminiProblem({ path: [...path, "type"], problem: "value", expected: "", got: type });
  const kind = text(type).toUpperCase();
  if (kind === "OBJECT" && properties !== undefined && Object.keys(object(properties)).length === 0)
    return geminiInvalid(`${at}.properties: should be non-empty for OBJECT type\n`);
  if (kind === "ARRAY" && schema["items"] === undefined) return geminiInvalid(`${at}.items: missing field.\n`);
  if (schema["enum"] !== undefined && kind !== "STRING") return geminiInvalid(`${at}.enum: only allowed for STRING type\n`);
  const names = Object.keys(object(properties));
  const extra = list(required).findIndex((name) => typeof name !== "string" || !names.includes(name));
  return extra < 0 ? undefined : geminiInvalid(`${at}.required[${extra}]: property is not defined\n`);
}

function childProblem(schema: JsonObject, path: Path): Failure | undefined {
  for (const [name, child] of Object.entries(object(schema["properties"]))) {
    const found = schemaProblem(child, [...path, "properties", name]);
    if (found !== undefined) return found;
  }
  for (const [index, child] of list(schema["anyOf"]).entries()) {
    const found = schemaProblem(child, [...path, "anyOf", index]);
    if (found !== undefined) return found;
  }
  return isObject(schema["items"]) ? schemaProblem(schema["items"], [...path, "items"]) : undefined;
}
