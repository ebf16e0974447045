import { reportUnsupported } from "../codec.ts";
import { optionsFor } from "../../ir/target.ts";
import type { ModelRequest } from "../../ir/request.ts";
import type { CustomTool, FunctionTool, Tool, ToolChoice } from "../../ir/tool.ts";
import { seal, type Encoding } from "./encoding.ts";
import { sanitizeSchema } from "./schema.ts";
import { isObject, put, text, type Draft } from "./wire.ts";

/** The object that a tool without schema takes. */
const NO_ARGUMENTS = { type: "object", properties: {} };

/** Provider tools that are still in beta, by the beginning of their type. */
const BETAS: readonly (readonly [type: string, beta: string])[] = [
  ["computer_20241022", "computer-use-2024-10-22"],
  ["computer_20250124", "computer-use-2025-01-24"],
  ["computer_20251124", "computer-use-2025-11-24"],
  ["advisor_20260301", "advisor-tool-2026-03-01"],
  ["mcp_toolset", "mcp-client-2025-04-04"],
];

/** Writes `tools` and `tool_choice`; `thinking` forbids a forced choice unless the model is known to take it. */
export function encodeTools(request: ModelRequest, encoding: Encoding, thinking: boolean, body: Draft): void {
  if (!request.tools?.length) return;
  const { target, warnings } = encoding;
  const { traits } = target;
  let choice: ToolChoice | undefined = request.toolChoice;
  if (thinking && traits.forcedToolWhileThinking !== true && choice !== undefined && choice !== "auto" && choice !== "none") {
    const forced = choice;
    choice = typeof forced === "string" ? "auto" : { tools: "tool" in forced ? [forced.tool] : forced.tools };
    if (typeof forced === "string" || "tool" in forced || forced.mode === "required") {
      warnings.push({
        type: "compatibility",
        feature: "toolChoice",
        details: "a thinking model cannot be forced to call a tool; it may choose to",
      });
    }
  }
  const only = typeof choice === "object" && "tools" in choice ? choice.tools : undefined;
  const tools: Draft[] = [];
  for (const [index, tool] of request.tools.entries()) {
    const name = tool.type === "provider" ? text(tool.raw["name"]) : tool.name;
    if (only !== undefined && (name === undefined || !only.includes(name))) continue;
    const encoded = encodeTool(tool, `tools[${index}]`, encoding);
    if (encoded !== undefined) tools.push(encoded);
  }
  if (tools.length === 0) return;
  body["tools"] = tools as Draft["tools"];
  const sequential = request.parallelToolCalls === false;
  if (choice === undefined && !sequential) return;
  const encoded: Draft =
    choice === undefined || typeof choice === "string"
      ? { type: choice === "required" ? "any" : (choice ?? "auto") }
      : "tool" in choice
        ? { type: "tool", name: choice.tool }
        : { type: choice.mode === "required" ? "any" : "auto" };
  if (sequential && choice !== "none") encoded["disable_parallel_tool_use"] = true;
  body["tool_choice"] = encoded;
}

function encodeTool(tool: Tool, feature: string, encoding: Encoding): Draft | undefined {
  const { target, warnings, betas } = encoding;
  if (tool.type === "provider") {
    if (tool.family !== target.family) {
      reportUnsupported(target, warnings, feature, `a tool that ${tool.family} runs itself`);
      return undefined;
    }
    const type = text(tool.raw["type"]) ?? "";
    for (const [beginning, beta] of BETAS) if (type.startsWith(beginning)) betas.add(beta);
    return seal({ ...tool.raw }, undefined, undefined, encoding);
  }
  const draft: Draft = { name: tool.name };
  put(draft, "description", tool.description);
  if (tool.type === "custom") {
    warnings.push({ type: "compatibility", feature, details: "a free-form tool became a function with one text argument" });
    draft["input_schema"] = { type: "object", properties: { input: inputOf(tool) }, required: ["input"] };
  } else encodeFunction(tool, feature, encoding, draft);
  return seal(draft, tool.cache, optionsFor(tool.providerOptions, target), encoding);
}

function encodeFunction(tool: FunctionTool, feature: string, { target, warnings }: Encoding, draft: Draft): void {
  const schema = tool.inputSchema ?? NO_ARGUMENTS;
  const typed = schema["type"] === "object" ? schema : { ...schema, type: "object" };
  if (target.quirks.coreFieldsOnly) {
    draft["input_schema"] = typed;
    return;
  }
  draft["input_schema"] = tool.strict === true ? sanitizeSchema(typed) : typed;
  put(draft, "strict", tool.strict);
  put(draft, "input_examples", tool.inputExamples);
  if (tool.outputSchema !== undefined) reportUnsupported(target, warnings, `${feature}.outputSchema`, "the wire has no such field");
}

function inputOf({ format }: CustomTool): Draft {
  return { type: "string", ...(format && { description: `Text that matches this ${format.syntax} grammar:\n${format.definition}` }) };
}

const FUNCTION = new Set(["name", "description", "input_schema", "strict", "input_examples", "cache_control", "type"]);

/** Names of a client's tool fields that the IR has, beyond which they are kept for this wire. */
export function isFunctionField(key: string): boolean {
  return FUNCTION.has(key);
}

/** Reads `tool_choice`; `undefined` for one of another kind. */
export function decodeToolChoice(choice: unknown): ToolChoice | undefined {
  if (!isObject(choice)) return undefined;
  const { type, name } = choice;
  if (type === "tool" && typeof name === "string") return { tool: name };
  return type === "any" ? "required" : type === "auto" || type === "none" ? type : undefined;
}
