import { isObject, list, object, type Json, type JsonObject } from "../core/json.ts";

const FORMATS = new Set(["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"]);

/** Keywords that constrained decoding does not know, by the type they belong to. */
const UNSUPPORTED: Readonly<Record<string, readonly string[]>> = {
  integer: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  string: ["minLength", "maxLength"],
  array: ["maxItems", "uniqueItems"],
  object: ["patternProperties", "minProperties", "maxProperties", "propertyNames"],
};

/** Why a schema cannot shape the output, as the API puts it. */
export function outputSchemaProblem(value: Json | undefined): string | undefined {
  return visit(object(value), 0);
}

function visit(schema: JsonObject, depth: number): string | undefined {
  if (depth > 64) return "Schema is too deeply nested.";
  if (schema["oneOf"] !== undefined) return "Schema type 'oneOf' is not supported";
  const types = Array.isArray(schema["type"]) ? schema["type"] : [schema["type"]];
  for (const type of types) {
    if (typeof type !== "string") continue;
    const found = (UNSUPPORTED[type] ?? []).filter((keyword) => schema[keyword] !== undefined);
    if (found.length > 0)
      return `For '${type}' type, ${found.length > 1 ? "properties" : "property"} ${found.map((keyword) => `'${keyword}'`).join(", ")} ${found.length > 1 ? "are" : "is"} not supported`;
    if (type === "object" && schema["additionalProperties"] !== false)
      return "For 'object' type, 'additionalProperties' must be explicitly set to false";
    if (type === "array" && typeof schema["minItems"] === "number" && schema["minItems"] > 1)
      return "For 'array' type, 'minItems' values other than 0 or 1 are not supported";
    if (type === "string" && typeof schema["format"] === "string" && !FORMATS.has(schema["format"]))
      return `For 'string' type, format '${schema["format"]}' is not supported`;
  }
  const inner = [
    ...["properties", "$defs", "definitions"].flatMap((group) => Object.values(object(schema[group]))),
    ...list(schema["anyOf"]),
    ...list(schema["allOf"]),
    schema["items"],
  ];
  for (const child of inner) {
    const found = isObject(child) ? visit(child, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
