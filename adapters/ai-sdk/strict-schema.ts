import { isObject } from "./part-state.ts";

/** Keywords that OpenAI's strict mode has no form for, among those that the AI SDK's schemas hold. */
const REFUSED = [
  "allOf",
  "oneOf",
  "not",
  "if",
  "patternProperties",
  "propertyNames",
  "prefixItems",
  "dependentRequired",
  "dependentSchemas",
];

/** Whether every object of a schema is closed and asks for all its properties, so that strict mode takes it (OpenAI, "Structured outputs: supported schemas"). */
export function fitsStrict(schema: unknown): boolean {
  return isObject(schema) && schema["type"] === "object" && fits(schema);
}

function fits(node: unknown): boolean {
  if (Array.isArray(node)) return node.every(fits);
  if (!isObject(node)) return node === undefined;
  const { properties, required, additionalProperties, items, anyOf, $defs, definitions } = node;
  if (REFUSED.some((key) => node[key] !== undefined)) return false;
  if (properties !== undefined || node["type"] === "object") {
    if (!isObject(properties) || additionalProperties !== false || !Array.isArray(required)) return false;
    if (Object.keys(properties).some((name) => !required.includes(name))) return false;
  } else if (
    node["type"] === undefined &&
    anyOf === undefined &&
    node["$ref"] === undefined &&
    node["enum"] === undefined &&
    node["const"] === undefined
  ) {
    return false; // anything at all
  }
  return [properties, $defs, definitions].every((map) => !isObject(map) || Object.values(map).every(fits)) && fits(items) && fits(anyOf);
}
