import type { JSONObject, JSONValue } from "../../ir/json.ts";
import { isObject, text, toText, type Draft } from "./wire.ts";

/** Keywords that constrained decoding takes as they are. */
const PLAIN = new Set([
  "type",
  "enum",
  "const",
  "default",
  "title",
  "description",
  "required",
  "$ref",
  "$schema",
  "$id",
  "additionalProperties",
]);
/** Keywords whose value is a schema or a list of schemas, and their name on the wire. */
const SCHEMAS: Readonly<Record<string, string>> = { items: "items", anyOf: "anyOf", oneOf: "anyOf", allOf: "allOf" };
/** Keywords whose value is a map of schemas. */
const MAPS = new Set(["properties", "$defs", "definitions"]);
const FORMATS = new Set(["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"]);

/** Deeper schemas, and those that contain themselves, allow anything there. */
const DEPTH = 64;

/**
 * A copy of a schema that structured output accepts: objects are closed, `oneOf` becomes `anyOf`, and what the decoder cannot
 * enforce is told to the model in the description (structured outputs, "JSON Schema limitations").
 */
export function sanitizeSchema(schema: JSONObject, above: readonly JSONObject[] = []): JSONObject {
  if (above.length > DEPTH || above.includes(schema)) return {};
  const path = [...above, schema];
  const inner = (value: JSONValue | undefined): JSONValue | undefined =>
    Array.isArray(value) ? value.map((each: JSONValue) => inner(each)!) : isObject(value) ? sanitizeSchema(value, path) : value;
  const clean: Draft = {};
  const notes: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined) continue;
    if (Object.hasOwn(SCHEMAS, key)) {
      const name = SCHEMAS[key]!;
      const sanitized = inner(value)!;
      clean[name] = Array.isArray(clean[name]) && Array.isArray(sanitized) ? [...clean[name], ...sanitized] : sanitized;
    } else if (MAPS.has(key) && isObject(value))
      clean[key] = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inner(each)]));
    else if (
      PLAIN.has(key) ||
      (key === "format" && typeof value === "string" && FORMATS.has(value)) ||
      (key === "minItems" && (value === 0 || value === 1))
    )
      clean[key] = value;
    else notes.push(`${key}: ${toText(value)}`);
  }
  const open = schema["additionalProperties"];
  if (isObject(open)) notes.push(`additionalProperties: ${toText(open)}`);
  if ([schema["type"]].flat().includes("object") || isObject(schema["properties"])) clean["additionalProperties"] = false;
  else delete clean["additionalProperties"];
  if (notes.length > 0) clean["description"] = `${text(clean["description"]) ?? ""}\n${notes.join(", ")}`.trimStart();
  return clean;
}
