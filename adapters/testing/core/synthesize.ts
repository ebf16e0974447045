import { isObject, list, object, string, type Json, type JsonObject } from "./json.ts";

/** Words and numbers of a user's text that may fill a schema, used up in order. */
export interface Hints {
  readonly text: string;
  readonly numbers: number[];
  readonly words: string[];
}

export function readHints(text: string): Hints {
  const quoted = [...text.matchAll(/"([^"]+)"|'([^']+)'|`([^`]+)`/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
  const names = [...text.matchAll(/(?<=\s)\p{Lu}[\p{L}]+(?: \p{Lu}[\p{L}]+)*/gu)].map((match) => match[0]);
  return {
    text,
    numbers: [...text.matchAll(/-?\d+(?:\.\d+)?/g)].map((match) => Number(match[0])),
    words: quoted.length > 0 ? quoted : names,
  };
}

const FORMATS: Readonly<Record<string, string>> = {
  date: "2026-01-01",
  "date-time": "2026-01-01T00:00:00Z",
  time: "00:00:00Z",
  duration: "PT1H",
  email: "user@example.com",
  uri: "https://example.com/",
  url: "https://example.com/",
  uuid: "00000000-0000-4000-8000-000000000000",
  ipv4: "127.0.0.1",
  ipv6: "::1",
  hostname: "example.com",
};

const MAX_DEPTH = 8;
const MAX_ITEMS = 1000;
const MAX_LENGTH = 100_000;

/** A value that fits a JSON Schema (also Gemini's upper-case dialect), filled from the hints. */
export function synthesize(schema: Json, hints: Hints): Json {
  return build(schema, { root: schema, hints, name: "value", depth: 0 });
}

interface Place {
  readonly root: Json;
  readonly hints: Hints;
  readonly name: string;
  readonly depth: number;
}

function build(raw: Json | undefined, place: Place): Json {
  const schema = resolve(raw, place.root);
  if (schema["const"] !== undefined) return schema["const"];
  if (Array.isArray(schema["enum"])) return pickEnum(schema["enum"], place.hints);
  const options = list(schema["anyOf"] ?? schema["oneOf"]);
  if (options.length > 0) {
    const chosen = options.map((option) => resolve(option, place.root)).find((option) => option["type"] !== "null");
    return build({ ...without(schema, "anyOf", "oneOf"), ...chosen }, place);
  }
  if (Array.isArray(schema["allOf"])) {
    const merged = schema["allOf"].reduce<JsonObject>((all, part) => merge(all, resolve(part, place.root)), without(schema, "allOf"));
    return build(merged, place);
  }
  switch (typeOf(schema)) {
    case "object":
      return buildObject(schema, place);
    case "array":
      return buildArray(schema, place);
    case "string":
      return buildString(schema, place);
    case "integer":
      return buildNumber(schema, place, true);
    case "number":
      return buildNumber(schema, place, false);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return place.hints.words.shift() ?? place.name;
  }
}

function typeOf(schema: JsonObject): string | undefined {
  const type = schema["type"];
  const named = Array.isArray(type) ? type.find((item) => item !== "null") : type;
  if (typeof named === "string") return named.toLowerCase();
  if (schema["properties"] !== undefined) return "object";
  return schema["items"] === undefined ? undefined : "array";
}

function resolve(raw: Json | undefined, root: Json): JsonObject {
  let schema = object(raw);
  for (let hops = 0; typeof schema["$ref"] === "string" && hops < 20; hops += 1) {
    const steps = schema["$ref"].split("/").slice(1);
    schema = object(
      steps.reduce<Json | undefined>(
        (at, step) => (isObject(at) ? at[decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~")] : undefined),
        root,
      ),
    );
  }
  return schema;
}

function without(schema: JsonObject, ...keys: string[]): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)));
}

function merge(left: JsonObject, right: JsonObject): JsonObject {
  return {
    ...left,
    ...right,
    ...(left["properties"] || right["properties"] ? { properties: { ...object(left["properties"]), ...object(right["properties"]) } } : {}),
    ...(left["required"] || right["required"] ? { required: [...list(left["required"]), ...list(right["required"])] } : {}),
  };
}

function buildObject(schema: JsonObject, place: Place): Json {
  const properties = object(schema["properties"]);
  const required = schema["required"] === undefined ? Object.keys(properties) : list(schema["required"]);
  const wanted = Object.keys(properties).filter(
    (name) => required.includes(name) && (place.depth < MAX_DEPTH || schema["required"] !== undefined),
  );
  const entries =
    place.depth > MAX_DEPTH * 2 ? [] : wanted.map((name) => [name, build(properties[name], { ...place, name, depth: place.depth + 1 })]);
  return Object.fromEntries(entries) as JsonObject;
}

function buildArray(schema: JsonObject, place: Place): Json {
  const prefix = list(schema["prefixItems"]);
  const least = Math.min(Number(schema["minItems"] ?? 0) || 0, MAX_ITEMS);
  const most = Number(schema["maxItems"] ?? Infinity);
  const count = place.depth > MAX_DEPTH ? least : Math.min(Math.max(least, prefix.length, 1), most);
  return Array.from({ length: count }, (_, index) =>
    build(prefix[index] ?? (isObject(schema["items"]) ? schema["items"] : { type: "string" }), { ...place, depth: place.depth + 1 }),
  );
}

function pickEnum(values: readonly Json[], hints: Hints): Json {
  const text = hints.text.toLowerCase();
  return values.find((value) => typeof value === "string" && value !== "" && text.includes(value.toLowerCase())) ?? values[0] ?? null;
}

function buildString(schema: JsonObject, place: Place): string {
  const format = string(schema["format"]);
  const fixed = format === undefined ? undefined : FORMATS[format];
  if (fixed !== undefined) return fixed;
  const value = place.hints.words.shift() ?? place.name;
  const least = Math.min(Number(schema["minLength"] ?? 0) || 0, MAX_LENGTH);
  return value.padEnd(least, "x").slice(0, Number(schema["maxLength"] ?? Infinity));
}

function buildNumber(schema: JsonObject, place: Place, whole: boolean): number {
  const step = Number(schema["multipleOf"] ?? (whole ? 1 : 0));
  const low = Math.max(Number(schema["minimum"] ?? -Infinity), Number(schema["exclusiveMinimum"] ?? -Infinity) + (step || 0.5));
  const high = Math.min(Number(schema["maximum"] ?? Infinity), Number(schema["exclusiveMaximum"] ?? Infinity) - (step || 0.5));
  const start = place.hints.numbers.shift() ?? 1;
  const clamped = Math.min(Math.max(start, low), high);
  if (step === 0) return clamped;
  const rounded = Math.round(clamped / step) * step;
  if (rounded < low) return rounded + step;
  return rounded > high ? rounded - step : rounded;
}
