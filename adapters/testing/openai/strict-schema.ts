import { isObject, list, object, type Json, type JsonObject } from "../core/json.ts";

const FORBIDDEN = [
  "oneOf",
  "allOf",
  "not",
  "if",
  "then",
  "else",
  "dependentRequired",
  "dependentSchemas",
  "patternProperties",
  "propertyNames",
  "unevaluatedProperties",
  "contains",
  "uniqueItems",
];
const FORMATS = new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]);
const MAX_DEPTH = 10;

/** Why a schema cannot be held to strictly, as the API puts it. */
export function strictProblem(schema: Json | undefined): string | undefined {
  if (!isObject(schema)) return "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'.";
  if (schema["anyOf"] !== undefined) return "schema must have type 'object' and not have 'anyOf' at the top level.";
  if (schema["type"] !== "object")
    return `schema must be a JSON Schema of 'type: "object"', got 'type: "${typeof schema["type"] === "string" ? schema["type"] : "None"}"'.`;
  return visit(schema, [], 0);
}

function visit(schema: JsonObject, path: readonly string[], depth: number): string | undefined {
  const context = `In context=(${path.map((step) => `'${step}'`).join(", ")}${path.length === 1 ? "," : ""}), `;
  if (schema["$ref"] !== undefined) return undefined;
  const forbidden = FORBIDDEN.find((keyword) => schema[keyword] !== undefined);
  if (forbidden !== undefined) return `${context}'${forbidden}' is not permitted.`;
  if (depth > MAX_DEPTH) return `${context}schema exceeds the maximum nesting depth of ${MAX_DEPTH}.`;
  const format = schema["format"];
  if (typeof format === "string" && !FORMATS.has(format)) return `${context}'${format}' is not a valid format.`;
  if (typeof schema["pattern"] === "string" && /\(\?<?[=!]/.test(schema["pattern"])) return `${context}'pattern' must not use lookaround.`;
  if (!["type", "anyOf", "enum", "const"].some((keyword) => schema[keyword] !== undefined))
    return `${context}schema must have a 'type' key.`;
  return objectProblem(schema, context) ?? children(schema, path, depth);
}

function objectProblem(schema: JsonObject, context: string): string | undefined {
  const types = Array.isArray(schema["type"]) ? schema["type"] : [schema["type"]];
  if (types.includes("array") && schema["items"] === undefined) return `${context}array schema missing items.`;
  if (!types.includes("object")) return undefined;
  if (schema["additionalProperties"] !== false) return `${context}'additionalProperties' is required to be supplied and to be false.`;
  const names = Object.keys(object(schema["properties"]));
  const required = list(schema["required"]);
  const missing = names.find((name) => !required.includes(name));
  if (missing !== undefined)
    return `${context}'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
  const extra = required.find((name) => typeof name === "string" && !names.includes(name));
  return extra === undefined
    ? undefined
    : `${context}'required' is required to be supplied and to be an array including every key in properties. Extra required key '${String(extra as string)}' supplied.`;
}

function children(schema: JsonObject, path: readonly string[], depth: number): string | undefined {
  for (const group of ["properties", "$defs", "definitions"]) {
    for (const [name, child] of Object.entries(object(schema[group]))) {
      const found = visit(object(child), [...path, group, name], depth + (group === "properties" ? 1 : 0));
      if (found !== undefined) return found;
    }
  }
  for (const [index, option] of list(schema["anyOf"]).entries()) {
    const found = visit(object(option), [...path, "anyOf", String(index)], depth);
    if (found !== undefined) return found;
  }
  return isObject(schema["items"]) ? visit(schema["items"], [...path, "items"], depth + 1) : undefined;
}
