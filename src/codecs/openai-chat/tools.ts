import { CrosspointError } from "../../ir/error.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { ModelRequest } from "../../ir/request.ts";
import type { Warning } from "../../ir/response.ts";
import { optionsFor, type Target } from "../../ir/target.ts";
import type { CustomTool, FunctionTool, Tool, ToolChoice } from "../../ir/tool.ts";
import { reportUnsupported } from "../codec.ts";
import { thinks } from "./reasoning.ts";
import { supportedSchema } from "./schema.ts";
import { asArray, asObject, asText, CODEC, compact, demand, restOf, type Wire } from "./wire.ts";

/** Writes `tools`, `tool_choice` and `parallel_tool_calls`; the latter two only beside tools. */
export function encodeTools(request: ModelRequest, target: Target, body: Wire, warnings: Warning[]): void {
  const { tools, toolChoice, parallelToolCalls } = request;
  if (tools === undefined || tools.length === 0) return;
  const { quirks, traits } = target;
  let allowed: readonly string[] | undefined;
  let choice: ToolChoice | undefined = toolChoice;
  if (typeof choice === "object" && "tools" in choice && quirks.allowedTools !== true) {
    allowed = choice.tools;
    choice = choice.mode ?? "auto";
  }
  const forced = choice === "required" || (typeof choice === "object" && ("tool" in choice || choice.mode === "required"));
  const unforced = quirks.requiredToolChoice === "auto" && choice === "required";
  if (forced && (unforced || (traits.forcedToolWhileThinking === false && thinks(request, target)))) {
    if (typeof choice === "object") allowed = "tool" in choice ? [choice.tool] : choice.tools;
    choice = "auto";
    warnings.push({ type: "compatibility", feature: "toolChoice", details: "sent as auto: the model cannot be forced to call a tool" });
  }
  const list: JSONObject[] = [];
  for (let index = 0; index < tools.length; index++) {
    const tool = tools[index]!;
    if (allowed !== undefined && tool.type !== "provider" && !allowed.includes(tool.name)) continue;
    const encoded = encodeTool(tool, index, target, warnings);
    if (encoded !== undefined) list.push(encoded);
  }
  if (list.length === 0) return;
  body["tools"] = list;
  if (choice !== undefined) body["tool_choice"] = encodeChoice(choice, tools, target);
  if (parallelToolCalls !== undefined) {
    if (quirks.unsupportedSettings?.includes("parallelToolCalls")) {
      reportUnsupported(target, warnings, "parallelToolCalls", "the provider refuses it");
    } else body["parallel_tool_calls"] = parallelToolCalls;
  }
}

function encodeTool(tool: Tool, index: number, target: Target, warnings: Warning[]): JSONObject | undefined {
  if (tool.type === "provider") {
    if (tool.family === target.family || tool.family === CODEC) return tool.raw;
    reportUnsupported(target, warnings, `tools[${index}]`, `only ${tool.family} runs this tool`);
    return undefined;
  }
  const { name, description } = tool;
  const options = optionsFor(tool.providerOptions, target);
  if (tool.type === "custom") {
    const format = tool.format && { type: "grammar", grammar: { syntax: tool.format.syntax, definition: tool.format.definition } };
    return { type: "custom", custom: compact<Wire>({ name, description, format }), ...options };
  }
  for (const key of ["inputExamples", "outputSchema"] as const) {
    if (tool[key] !== undefined) reportUnsupported(target, warnings, `tools[${index}].${key}`, "the wire has no such field");
  }
  const { inputSchema, strict } = tool;
  const parameters =
    inputSchema !== undefined && target.quirks.schemaSubset === true
      ? supportedSchema(inputSchema, `tools[${index}].inputSchema`, warnings)
      : inputSchema;
  const described: Wire = { name };
  if (description !== undefined) described["description"] = description;
  if (parameters !== undefined) described["parameters"] = parameters;
  if (strict !== undefined) described["strict"] = strict;
  return options === undefined ? { type: "function", function: described } : { type: "function", function: described, ...options };
}

function reference(name: string, tools: readonly Tool[]): JSONObject {
  const type = tools.some((tool) => tool.type === "custom" && tool.name === name) ? "custom" : "function";
  return { type, [type]: { name } };
}

function encodeChoice(choice: ToolChoice, tools: readonly Tool[], { quirks }: Target): string | JSONObject {
  if (choice === "required") return quirks.requiredToolChoice ?? "required";
  if (typeof choice === "string") return choice;
  if ("tool" in choice) return reference(choice.tool, tools);
  return {
    type: "allowed_tools",
    allowed_tools: { mode: choice.mode ?? "auto", tools: choice.tools.map((name) => reference(name, tools)) },
  };
}

const TOOL_FIELDS = new Set(["type", "function", "custom"]);

/** Reads `tools`, or the older `functions`. */
export function decodeTools(value: unknown, param: "tools" | "functions"): readonly Tool[] {
  demand(Array.isArray(value), param, "an array");
  return asArray(value).map((each, index): Tool => {
    const at = `${param}[${index}]`;
    const entry = asObject(each);
    demand(entry !== undefined, at, "an object");
    const type = param === "functions" ? "function" : entry!["type"];
    if (type !== "function" && type !== "custom") {
      demand(typeof type === "string", `${at}.type`, "a string");
      return { type: "provider", family: CODEC, raw: entry! };
    }
    const body = param === "functions" ? entry! : asObject(entry![type]);
    const name = body?.["name"];
    demand(asText(name) !== undefined, `${at}.${type}.name`, "a non-empty string");
    const { description, parameters, strict } = body!;
    demand(description == null || typeof description === "string", `${at}.${type}.description`, "a string");
    const shared = {
      name: name as string,
      description: asText(description),
      ...(param === "tools" ? restOf(entry!, TOOL_FIELDS) : undefined),
    };
    if (type === "custom") {
      const grammar = asObject(asObject(body!["format"])?.["grammar"]);
      return compact<CustomTool>({
        type,
        ...shared,
        format: grammar && {
          syntax: grammar["syntax"] === "regex" ? "regex" : "lark",
          definition: asText(grammar["definition"]) ?? "",
        },
      });
    }
    demand(parameters == null || asObject(parameters) !== undefined, `${at}.function.parameters`, "an object");
    return compact<FunctionTool>({
      ...shared,
      inputSchema: asObject(parameters),
      strict: typeof strict === "boolean" ? strict : undefined,
    });
  });
}

/** Reads `tool_choice`, or the older `function_call`. */
export function decodeChoice(value: unknown, param: string): ToolChoice {
  if (value === "auto" || value === "none" || value === "required") return value;
  if (value === "any") return "required";
  const choice = asObject(value);
  const allowed = asObject(choice?.["allowed_tools"]);
  if (allowed !== undefined) {
    return {
      tools: asArray(allowed["tools"]).flatMap((each) => nameIn(asObject(each)) ?? []),
      mode: allowed["mode"] === "required" ? "required" : "auto",
    };
  }
  const tool = nameIn(choice);
  if (tool === undefined) throw new CrosspointError("BAD_REQUEST", `${param} must be "auto", "none", "required" or name a tool`, { param });
  return { tool };
}

function nameIn(choice: JSONObject | undefined): string | undefined {
  return asText((asObject(choice?.["function"]) ?? asObject(choice?.["custom"]) ?? choice)?.["name"]);
}
