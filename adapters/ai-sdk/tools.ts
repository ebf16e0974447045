import type { CustomTool, FunctionTool, JSONObject, Tool, ToolChoice } from "crosspoint";
import { familyOf } from "./file-data.ts";
import { isObject, readState } from "./part-state.ts";
import type { LanguageModelCall, ToolInput } from "./types.ts";

/** Typed tools have a name on the wire and one that the caller gave them. */
export interface ToolNames {
  /** The caller's name; `undefined` when the caller gave no such tool. */
  toCaller(wire: string): string | undefined;
  toWire(name: string): string;
}

/** The tools in the layer's words, and how their names are translated. */
export function readTools(tools: readonly ToolInput[] | undefined): { readonly tools?: readonly Tool[]; readonly names: ToolNames } {
  const caller = new Map<string, string>();
  const wire = new Map<string, string>();
  const read = tools?.map((tool): Tool => {
    if (tool.type === "function") {
      caller.set(tool.name, tool.name);
      return readFunction(tool);
    }
    const dot = tool.id.indexOf(".");
    const family = familyOf(tool.id.slice(0, Math.max(0, dot)));
    const id = tool.id.slice(dot + 1);
    if (family === "openai" && id === "custom") {
      caller.set(tool.name, tool.name);
      return readCustom(tool.name, tool.args);
    }
    const name = wireName(family, id);
    caller.set(name, tool.name);
    wire.set(tool.name, name);
    return { type: "provider", family, raw: wireTool(family, id, name, tool.args) };
  });
  return {
    ...(read === undefined || read.length === 0 ? undefined : { tools: read }),
    names: { toCaller: (name) => caller.get(name), toWire: (name) => wire.get(name) ?? name },
  };
}

export function readToolChoice(choice: NonNullable<LanguageModelCall["toolChoice"]>, names: ToolNames): ToolChoice {
  return choice.type === "tool" ? { tool: names.toWire(choice.toolName) } : choice.type;
}

function readFunction({
  name,
  description,
  inputSchema,
  inputExamples,
  strict,
  providerOptions,
}: Extract<ToolInput, { type: "function" }>): FunctionTool {
  const { cache } = readState(providerOptions);
  return {
    name,
    inputSchema: inputSchema as JSONObject,
    ...(description === undefined ? undefined : { description }),
    ...(inputExamples === undefined ? undefined : { inputExamples: inputExamples.map((each) => each.input as JSONObject) }),
    ...(strict === undefined ? undefined : { strict }),
    ...(cache === undefined ? undefined : { cache }),
  };
}

function readCustom(name: string, { description, format }: Readonly<Record<string, unknown>>): CustomTool {
  const { syntax, definition } = isObject(format) ? format : {};
  return {
    type: "custom",
    name,
    ...(typeof description === "string" ? { description } : undefined),
    ...((syntax === "lark" || syntax === "regex") && typeof definition === "string" ? { format: { syntax, definition } } : undefined),
  };
}

/** Anthropic names the tools that it defines; elsewhere the type is the name. */
function wireName(family: string, id: string): string {
  if (family !== "anthropic") return id;
  const name = id.replace(/_\d{8}$/, "");
  if (name === "text_editor") return id < "text_editor_20250429" ? "str_replace_editor" : "str_replace_based_edit_tool";
  return name.replace(/^tool_search_/, "tool_search_tool_");
}

/** The tool as the wire of its family writes it. */
function wireTool(family: string, id: string, name: string, args: Readonly<Record<string, unknown>>): JSONObject {
  if (family === "google") {
    if (id === "vertex_rag_store") return { retrieval: { vertexRagStore: toJSON(args) } };
    return { [camelCase(id)]: toJSON(args) };
  }
  const fields = snakeKeys(args) as JSONObject;
  if (family === "anthropic") return { type: id.replace(/^tool_search_/, "tool_search_tool_"), name, ...fields };
  const { ranking, container, ...rest } = fields;
  if (id === "code_interpreter") {
    return {
      type: id,
      container: typeof container === "string" ? container : { type: "auto", ...(container as JSONObject | undefined) },
      ...rest,
    };
  }
  return {
    type: id,
    ...rest,
    ...(ranking === undefined ? undefined : { ranking_options: ranking }),
    ...(container === undefined ? undefined : { container }),
  };
}

/** Keys as wires write them, at every depth; the names of HTTP headers stay. */
export function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries.map(([key, field]) => [snakeCase(key), key === "headers" ? field : snakeKeys(field)]));
}

export function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function toJSON(args: Readonly<Record<string, unknown>>): JSONObject {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as JSONObject;
}
