import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from "@langchain/core/language_models/base";
import {
  assembleStructuredOutputPipeline,
  createContentParser,
  createFunctionCallingParser,
} from "@langchain/core/language_models/structured_output";
import type { Runnable } from "@langchain/core/runnables";
import { getSchemaDescription } from "@langchain/core/utils/types";
import { CrosspointError } from "crosspoint";
import type { ChatCrosspointCallOptions } from "./options.ts";
import { isRecord, text, toSchema } from "./schema.ts";

type Output = Record<string, unknown>;

/** Binds a schema to a model in the way that `method` names, and parses its answers. */
export function bindStructuredOutput(
  bind: (options: Partial<ChatCrosspointCallOptions> & Record<string, unknown>) => Runnable<BaseLanguageModelInput>,
  schema: unknown,
  { name, method = "functionCalling", includeRaw = false, strict }: StructuredOutputMethodOptions<boolean> = {},
): Runnable<BaseLanguageModelInput, Output> {
  // A function of OpenAI's form is a schema with a name around it.
  const named = isRecord(schema) && typeof schema["name"] === "string" && isRecord(schema["parameters"]) ? schema : undefined;
  const json = toSchema(named?.["parameters"] ?? schema);
  const toolName = name ?? text(named?.["name"]) ?? text(json["title"])?.replaceAll(/[^\w-]/g, "_") ?? "extract";
  const description =
    text(named?.["description"]) ?? getSchemaDescription(schema as Parameters<typeof getSchemaDescription>[0]) ?? text(json["description"]);
  const traced = { ls_structured_output_format: { kwargs: { method }, schema: json } };
  const described = description === undefined ? undefined : { description };
  const strictly = strict === undefined ? undefined : { strict };
  const parsed = schema as Record<string, unknown>;
  const finish = (llm: Runnable<BaseLanguageModelInput>, parser: unknown): Runnable<BaseLanguageModelInput, Output> =>
    assembleStructuredOutputPipeline(
      llm,
      parser as Runnable<unknown, Output>,
      includeRaw,
      includeRaw ? "StructuredOutputRunnable" : "StructuredOutput",
    ) as Runnable<BaseLanguageModelInput, Output>;
  switch (method) {
    case "functionCalling": {
      const tool = { type: "function", function: { name: toolName, ...described, parameters: json, ...strictly } };
      return finish(bind({ tools: [tool], tool_choice: toolName, ...traced }), createFunctionCallingParser(parsed, toolName));
    }
    case "jsonSchema": {
      const format = { type: "json_schema", json_schema: { name: toolName, ...described, schema: json, ...strictly } } as const;
      return finish(bind({ response_format: format, ...traced }), createContentParser(parsed));
    }
    case "jsonMode":
      return finish(bind({ response_format: { type: "json_object" }, ...traced }), createContentParser(parsed));
    default:
      throw new CrosspointError(
        "INVALID_OPTIONS",
        `method must be functionCalling, jsonSchema or jsonMode, not ${JSON.stringify(method)}`,
        { param: "method" },
      );
  }
}
