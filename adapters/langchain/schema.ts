import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { isSerializableSchema } from "@langchain/core/utils/standard_schema";
import { isInteropZodSchema } from "@langchain/core/utils/types";
import type { JSONObject } from "crosspoint";

/** A schema of zod, Standard Schema or JSON Schema, as JSON Schema. */
export function toSchema(schema: unknown): JSONObject {
  const json =
    isInteropZodSchema(schema) || isSerializableSchema(schema) ? toJsonSchema(schema as Parameters<typeof toJsonSchema>[0]) : schema;
  return (isRecord(json) ? json : {}) as JSONObject;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
