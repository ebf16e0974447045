import type { JSONObject } from "../../ir/json.ts";
import type { ModelRequest } from "../../ir/request.ts";
import type { Warning } from "../../ir/response.ts";
import { optionsFor, type Target } from "../../ir/target.ts";
import type { CustomTool, FunctionTool, ToolChoice } from "../../ir/tool.ts";
import { reportUnsupported } from "../codec.ts";
import { toOpenApi } from "./schema.ts";
import { isObject, merge } from "./wire.ts";

/** `tools` and `toolConfig` of a request; empty when it has no tools. */
export function encodeTools(request: ModelRequest, target: Target, warnings: Warning[]): JSONObject {
  const { tools = [], toolChoice } = request;
  const declarations: JSONObject[] = [];
  const own: JSONObject[] = [];
  let strict = false;
  const alone = target.traits.mixedTools === false && tools.some((tool) => tool.type !== "provider");
  for (const [index, tool] of tools.entries()) {
    if (tool.type !== "provider") {
      declarations.push(encodeDeclaration(tool, target, `tools[${index}]`, warnings));
      strict ||= tool.type !== "custom" && tool.strict === true;
    } else if (tool.family !== target.family) {
      reportUnsupported(target, warnings, `tools[${index}]`, `a tool of ${tool.family} runs only there`);
    } else if (alone) reportUnsupported(target, warnings, `tools[${index}]`, "the model does not run it beside functions");
    else if (toolChoice !== "none") own.push(tool.raw);
  }
  if (declarations.length + own.length === 0) return {};
  const mixed = declarations.length > 0 && own.length > 0 && target.traits.signedCalls === true;
  const calling = declarations.length === 0 ? undefined : encodeChoice(toolChoice, strict || mixed);
  const config = {
    ...(calling === undefined ? undefined : { functionCallingConfig: calling }),
    // The service mixes both kinds of tools only when it shows its own calls (Gemini API, tool combination).
    ...(mixed && target.quirks.vertex !== true ? { includeServerSideToolInvocations: true } : undefined),
  };
  return {
    tools: [...(declarations.length === 0 ? [] : [{ functionDeclarations: declarations }]), ...own],
    ...(Object.keys(config).length === 0 ? undefined : { toolConfig: config }),
  };
}

function encodeDeclaration(tool: FunctionTool | CustomTool, target: Target, where: string, warnings: Warning[]): JSONObject {
  const options = optionsFor(tool.providerOptions, target);
  const { name, description } = tool;
  const base = { name, ...(description === undefined ? undefined : { description }) };
  if (tool.type === "custom") {
    warnings.push({ type: "compatibility", feature: where, details: "sent as a function with one text argument" });
    return merge({ ...base, parametersJsonSchema: INPUT_SCHEMA }, options);
  }
  if (tool.inputExamples !== undefined) reportUnsupported(target, warnings, `${where}.inputExamples`, "the wire has no field for them");
  const core = target.quirks.coreFieldsOnly === true;
  const { inputSchema, outputSchema } = tool;
  const schema: JSONObject = {
    ...(inputSchema === undefined || options?.parameters !== undefined
      ? undefined
      : core
        ? hasProperties(inputSchema) && { parameters: toOpenApi(inputSchema) }
        : { parametersJsonSchema: inputSchema }),
    ...(outputSchema === undefined || core || options?.response !== undefined ? undefined : { responseJsonSchema: outputSchema }),
  };
  return merge({ ...base, ...schema }, options);
}

/** Older back-ends refuse an object without properties. */
function hasProperties(schema: JSONObject): boolean {
  return schema.type !== "object" || (isObject(schema.properties) && Object.keys(schema.properties).length > 0);
}

function encodeChoice(choice: ToolChoice | undefined, validated: boolean): JSONObject | undefined {
  if (choice === undefined || choice === "auto") return validated ? { mode: "VALIDATED" } : choice && { mode: "AUTO" };
  if (choice === "none") return { mode: "NONE" };
  if (choice === "required") return { mode: "ANY" };
  if ("tool" in choice) return { mode: "ANY", allowedFunctionNames: [choice.tool] };
  return { mode: choice.mode === "required" ? "ANY" : "VALIDATED", allowedFunctionNames: [...choice.tools] };
}

const INPUT_SCHEMA: JSONObject = { type: "object", properties: { input: { type: "string" } }, required: ["input"] };

/** The free text of a call to a custom tool, out of the arguments of the function that stood for it. */
export function customInput(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && typeof value.input === "string" ? value.input : text;
  } catch {
    return text;
  }
}

/** A call's arguments as the object that the wire wants; what is no object is kept under a name of its own. */
export function argumentObject(text: string, custom: boolean | undefined): JSONObject {
  if (custom === true) return { input: text };
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Kept as text below.
  }
  return { rawArguments: text };
}
