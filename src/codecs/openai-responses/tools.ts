import type { JSONObject } from "../../ir/json.ts";
import type { Warning } from "../../ir/response.ts";
import { optionsFor, type Target } from "../../ir/target.ts";
import type { FunctionTool, Tool, ToolChoice } from "../../ir/tool.ts";
import { reportUnsupported } from "../codec.ts";
import { badRequest, ID, isObject, maybe, NATIVE, objects, string, unnamed, type Wire } from "./wire.ts";

/** The tools as the wire writes them. Functions of a namespace are grouped again where the target knows namespaces. */
export function encodeTools(tools: readonly Tool[], target: Target, warnings: Warning[]): JSONObject[] {
  const encoded: JSONObject[] = [];
  const groups = new Map<string, Wire[]>();
  for (const [index, tool] of tools.entries()) {
    if (tool.type === "provider") {
      if (tool.family === target.family) encoded.push(tool.raw);
      else reportUnsupported(target, warnings, `tools[${index}]`, `a hosted tool of ${tool.family}`);
      continue;
    }
    const { namespace, ...options } = optionsFor(tool.providerOptions, target) ?? {};
    const wire: Wire = { ...encodeTool(tool), ...options };
    const group = isObject(namespace) ? string(namespace["name"]) : tool.type === "custom" ? undefined : tool.namespace;
    if (group === undefined || target.family !== NATIVE) {
      encoded.push(wire);
      continue;
    }
    let members = groups.get(group);
    if (members === undefined) {
      groups.set(group, (members = []));
      const description = (isObject(namespace) && string(namespace["description"])) || group;
      encoded.push({ type: "namespace", name: group, description, tools: members });
    }
    members.push(wire);
  }
  return encoded;
}

function encodeTool(tool: Exclude<Tool, { type: "provider" }>): Wire {
  const { name, description } = tool;
  if (tool.type === "custom") {
    const format = tool.format && { type: "grammar", ...tool.format };
    return { type: "custom", name, ...maybe("description", description), ...maybe("format", format) };
  }
  return {
    type: "function",
    name,
    ...maybe("description", description),
    parameters: tool.inputSchema ?? { type: "object", properties: {} },
    strict: tool.strict ?? false,
    ...maybe("output_schema", tool.outputSchema),
  };
}

/** A tool by the name that a choice gives it; a hosted tool is named by its type. */
function named(tools: readonly Tool[], name: string): JSONObject | undefined {
  for (const tool of tools) {
    if (tool.type !== "provider" && tool.name === name) return { type: tool.type ?? "function", name };
  }
  return tools.some((tool) => tool.type === "provider" && tool.raw["type"] === name) ? { type: name } : undefined;
}

/** The choice in the wire's words; names of tools that are not there are reported and left out. */
export function encodeToolChoice(
  choice: ToolChoice,
  tools: readonly Tool[],
  target: Target,
  warnings: Warning[],
): JSONObject | string | undefined {
  if (typeof choice === "string") return choice;
  const lookUp = (name: string): JSONObject[] => {
    const found = named(tools, name);
    if (found !== undefined) return [found];
    reportUnsupported(target, warnings, "toolChoice", `there is no tool "${name}"`);
    return [];
  };
  if ("tool" in choice) return lookUp(choice.tool)[0];
  return { type: "allowed_tools", mode: choice.mode ?? "auto", tools: choice.tools.flatMap(lookUp) };
}

/** A client's tools; a namespace is flattened, each of its tools remembering it, and hosted tools are kept as they are. */
export function decodeTools(wire: unknown): Tool[] {
  if (!Array.isArray(wire)) throw badRequest("tools", "must be a list");
  return wire.flatMap((tool: unknown, index) => decodeTool(tool, `tools[${index}]`, undefined));
}

function decodeTool(wire: unknown, param: string, namespace: JSONObject | undefined): Tool | Tool[] {
  if (!isObject(wire)) throw badRequest(param, "must be an object");
  const { type, name } = wire;
  if (typeof type !== "string") throw badRequest(`${param}.type`, "must be a string");
  if (type !== "function" && type !== "custom" && (type !== "namespace" || namespace !== undefined)) {
    return { type: "provider", family: NATIVE, raw: wire };
  }
  if (typeof name !== "string" || name === "") throw badRequest(`${param}.name`, "must be a non-empty string");
  const description = maybe("description", string(wire["description"]));
  if (type === "namespace") {
    if (!Array.isArray(wire["tools"])) throw badRequest(`${param}.tools`, "must be a list");
    return wire["tools"].flatMap((tool: unknown, index) => decodeTool(tool, `${param}.tools[${index}]`, { name, ...description }));
  }
  const options = (known: string): Pick<FunctionTool, "providerOptions"> | undefined => {
    const rest = unnamed(wire, known);
    return (rest || namespace) && { providerOptions: { [ID]: { ...rest, ...maybe("namespace", namespace) } } };
  };
  if (type === "custom") return { type, name, ...description, ...decodeFormat(wire, options) };
  const schema = (key: string): JSONObject | undefined => {
    const value = wire[key];
    if (value === undefined || value === null) return undefined;
    if (!isObject(value)) throw badRequest(`${param}.${key}`, "must be a JSON Schema object");
    return value;
  };
  return {
    name,
    ...description,
    ...maybe("inputSchema", schema("parameters")),
    ...maybe("outputSchema", schema("output_schema")),
    ...(typeof wire["strict"] === "boolean" && { strict: wire["strict"] }),
    ...maybe("namespace", namespace && name && string(namespace["name"])),
    ...options("type name description parameters output_schema strict"),
  };
}

function decodeFormat(wire: JSONObject, options: (known: string) => Pick<FunctionTool, "providerOptions"> | undefined): object {
  const format = wire["format"];
  const { type, syntax, definition } = isObject(format) ? format : {};
  if (type !== "grammar" || (syntax !== "lark" && syntax !== "regex") || typeof definition !== "string") {
    return { ...options("type name description") };
  }
  return { format: { syntax, definition }, ...options("type name description format") };
}

/** `undefined` for a choice that only this wire knows; it stays in the options. */
export function decodeToolChoice(wire: unknown): ToolChoice | undefined {
  if (wire === "auto" || wire === "none" || wire === "required") return wire;
  if (!isObject(wire)) throw badRequest("tool_choice", "must be auto, none, required or an object");
  const nameOf = (entry: JSONObject): string | undefined =>
    entry["type"] === "function" || entry["type"] === "custom"
      ? string(entry["name"])
      : Object.keys(entry).length === 1
        ? string(entry["type"])
        : undefined;
  if (wire["type"] !== "allowed_tools") {
    const tool = nameOf(wire);
    return tool === undefined ? undefined : { tool };
  }
  const names = objects(wire["tools"]).map(nameOf);
  if (names.includes(undefined)) return undefined;
  return { tools: names as string[], mode: wire["mode"] === "required" ? "required" : "auto" };
}
