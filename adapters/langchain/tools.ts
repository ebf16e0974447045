import type { BindToolsInput, ToolChoice as LangChainChoice } from "@langchain/core/language_models/chat_models";
import { isLangChainTool } from "@langchain/core/utils/function_calling";
import { CrosspointError, type CustomTool, type FunctionTool, type JSONObject, type Tool, type ToolChoice } from "crosspoint";
import { isRecord, text, toSchema } from "./schema.ts";

/** Server-side tools of OpenAI, whose objects bear no mark of it. */
const OPENAI_TOOLS =
  /^(?:web_search|file_search|code_interpreter|image_generation|mcp|computer|local_shell|shell|apply_patch|tool_search)(?:_|$)/;
/** Server-side tools of Gemini are objects with one such key and no type. */
const GOOGLE_TOOLS = /^(?:google_?search(?:_?retrieval)?|code_?execution|url_?context|computer_?use|file_?search|google_?maps)$/i;

/** The tools of all the forms that LangChain binds. Throws BAD_REQUEST for an object that is none. */
export function toTools(tools: readonly BindToolsInput[], strict?: boolean): readonly Tool[] {
  return tools.flatMap((tool, index) => {
    const found = toTool(tool);
    if (found === undefined) {
      throw new CrosspointError("BAD_REQUEST", `tools[${index}] is no tool: it needs a name and a schema, or a type`, {
        param: `tools[${index}]`,
      });
    }
    return found.map((each) =>
      strict === undefined || (each.type ?? "function") !== "function" || "strict" in each ? each : ({ ...each, strict } as Tool),
    );
  });
}

function toTool(tool: BindToolsInput): readonly Tool[] | undefined {
  if (!isRecord(tool)) return undefined;
  const extras = isRecord(tool["extras"]) ? tool["extras"] : {};
  const definition = extras["providerToolDefinition"];
  if (isRecord(definition)) return [providerTool(definition)];
  const custom = isRecord(tool["metadata"]) ? tool["metadata"]["customTool"] : undefined;
  if (isRecord(custom)) return [customTool(custom)];
  if (isLangChainTool(tool)) {
    return [
      functionTool({ name: tool.name, description: (tool as { description?: unknown }).description, parameters: tool.schema }, extras),
    ];
  }
  const { type } = tool;
  if (type === "function") return [functionTool(isRecord(tool["function"]) ? tool["function"] : tool, tool)];
  if (type === "custom" && !("input_schema" in tool)) return [customTool(isRecord(tool["custom"]) ? tool["custom"] : tool)];
  const declared = tool["functionDeclarations"] ?? tool["function_declarations"];
  if (Array.isArray(declared)) return declared.filter(isRecord).map((each) => functionTool(each, each));
  if ((type === undefined || type === "custom") && typeof tool["name"] === "string") return [functionTool(tool, tool)];
  if (typeof type === "string" || Object.keys(tool).some((key) => GOOGLE_TOOLS.test(key))) return [providerTool(tool)];
  return undefined;
}

function functionTool(given: Readonly<Record<string, unknown>>, extras: Readonly<Record<string, unknown>>): FunctionTool {
  const { name, description } = given;
  const schema = given["parameters"] ?? given["input_schema"] ?? given["schema"] ?? given["parametersJsonSchema"];
  const strict = given["strict"] ?? extras["strict"];
  const cache = extras["cache_control"];
  const examples = extras["input_examples"];
  const deferred = extras["defer_loading"];
  return {
    name: String(name),
    ...(typeof description === "string" && description !== "" ? { description } : undefined),
    inputSchema: schema === undefined ? { type: "object", properties: {} } : plainTypes(toSchema(schema)),
    ...(typeof strict === "boolean" ? { strict } : undefined),
    ...(isRecord(cache) ? { cache: cache["ttl"] === "1h" ? { ttl: "1h" } : {} } : undefined),
    ...(Array.isArray(examples) ? { inputExamples: examples as JSONObject[] } : undefined),
    ...(typeof deferred === "boolean" ? { providerOptions: { anthropic: { defer_loading: deferred } } } : undefined),
  };
}

function customTool(given: Readonly<Record<string, unknown>>): CustomTool {
  const { format } = given;
  const grammar = isRecord(format) ? (isRecord(format["grammar"]) ? format["grammar"] : format) : undefined;
  return {
    type: "custom",
    name: String(given["name"]),
    ...(typeof given["description"] === "string" ? { description: given["description"] } : undefined),
    ...(typeof grammar?.["definition"] === "string"
      ? { format: { syntax: grammar["syntax"] === "regex" ? "regex" : "lark", definition: grammar["definition"] } }
      : undefined),
  };
}

function providerTool(raw: Readonly<Record<string, unknown>>): Tool {
  const type = text(raw["type"]);
  // Anthropic dates its tools.
  const family =
    type === undefined
      ? "google"
      : /_\d{8}$/.test(type) && !/_preview_/.test(type)
        ? "anthropic"
        : OPENAI_TOOLS.test(type)
          ? "openai"
          : type.split(/[.:]/)[0]!;
  return { type: "provider", family, raw: raw as JSONObject };
}

/** Gemini's own declarations write the types of a schema in capitals. */
function plainTypes(schema: JSONObject): JSONObject {
  const { type } = schema;
  if (typeof type !== "string" || type !== type.toUpperCase()) return schema;
  return lower(schema) as JSONObject;
}

function lower(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lower);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, key === "type" && typeof each === "string" ? each.toLowerCase() : lower(each)]),
  );
}

const WORDS: Readonly<Record<string, ToolChoice>> = { auto: "auto", none: "none", any: "required", required: "required" };

/** A choice in the words of LangChain, OpenAI, Anthropic or Gemini. */
export function toToolChoice(choice: LangChainChoice): ToolChoice {
  if (typeof choice === "string") return Object.hasOwn(WORDS, choice) ? WORDS[choice]! : { tool: choice };
  const { type } = choice as { type?: unknown };
  const inner: unknown = choice["function"] ?? choice["custom"] ?? choice["allowed_tools"] ?? choice;
  const name = isRecord(inner) ? inner["name"] : undefined;
  if (typeof name === "string") return { tool: name };
  if (type === "allowed_tools" && isRecord(inner) && Array.isArray(inner["tools"])) {
    const tools = inner["tools"].map((each: unknown) =>
      isRecord(each) ? ((each["function"] as typeof each | undefined)?.["name"] ?? each["name"]) : each,
    );
    return { tools: tools.map(String), mode: inner["mode"] === "required" ? "required" : "auto" };
  }
  if (typeof type === "string" && Object.hasOwn(WORDS, type)) return WORDS[type]!;
  throw new CrosspointError("BAD_REQUEST", `tool_choice is of no known form: ${JSON.stringify(choice).slice(0, 200)}`, {
    param: "tool_choice",
  });
}
