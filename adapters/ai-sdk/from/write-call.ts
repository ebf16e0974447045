import type { JSONObject, ModelCallOptions, ModelRequest, Tool, ToolChoice, Warning } from "crosspoint";
import type { LanguageModelCall, ToolInput } from "../types.ts";
import type { AISDKModel, Origin } from "./model.ts";
import { writePrompt } from "./write-prompt.ts";

/** Settings that no specification has a field for. */
const WITHOUT_FIELD = [
  "parallelToolCalls",
  "n",
  "logprobs",
  "topLogprobs",
  "logitBias",
  "verbosity",
  "serviceTier",
  "modalities",
  "promptCacheKey",
  "cache",
  "user",
  "safetyIdentifier",
  "metadata",
  "store",
] as const;

const SETTINGS = ["maxOutputTokens", "temperature", "topP", "topK", "presencePenalty", "frequencyPenalty", "seed"] as const;

/** A request as a model of the AI SDK takes it; what cannot be said goes to `warnings`. */
export function writeCall(
  request: ModelRequest,
  { specificationVersion: version }: AISDKModel,
  origin: Origin,
  { signal, headers }: ModelCallOptions,
  warnings: Warning[],
): LanguageModelCall {
  const call: { -readonly [K in keyof LanguageModelCall]: LanguageModelCall[K] } = {
    prompt: writePrompt(request.messages, version, origin),
  };
  for (const key of SETTINGS) if (request[key] !== undefined) call[key] = request[key];
  for (const key of WITHOUT_FIELD) {
    if (request[key] !== undefined)
      warnings.push({ type: "unsupported", feature: key, details: "models of the AI SDK have no such setting" });
  }
  const { stop, tools, toolChoice, output, reasoning, providerOptions } = request;
  if (stop !== undefined) call.stopSequences = stop;
  if (tools !== undefined && tools.length > 0) {
    const chosen = typeof toolChoice === "object" && "tools" in toolChoice ? toolChoice.tools : undefined;
    const offered = chosen === undefined ? tools : tools.filter((tool) => tool.type !== "provider" && chosen.includes(tool.name));
    call.tools = offered.map((tool) => writeTool(tool, version));
    if (toolChoice !== undefined) call.toolChoice = writeChoice(toolChoice);
  }
  if (output?.type === "json") {
    const { schema, name, description } = output;
    call.responseFormat = {
      type: "json",
      ...(schema === undefined ? undefined : { schema }),
      ...(name === undefined ? undefined : { name }),
      ...(description === undefined ? undefined : { description }),
    };
  }
  let options: Record<string, JSONObject> = { ...providerOptions };
  if (reasoning !== undefined) {
    const { effort, budget } = reasoning;
    if (version === "v4" && effort !== undefined) call.reasoning = effort;
    const own = thinkingOptions(origin, version === "v4" ? undefined : effort, budget);
    if (own !== undefined) options = { ...options, [origin.family]: { ...own, ...options[origin.family] } };
    else if (budget !== undefined || version !== "v4")
      warnings.push({ type: "unsupported", feature: "reasoning", details: "not known how to ask for it" });
  }
  if (Object.keys(options).length > 0) call.providerOptions = options;
  if (headers !== undefined) call.headers = headers;
  call.abortSignal = signal;
  return call;
}

/** Thinking in the words of the AI SDK's own providers, where the specification has none. */
function thinkingOptions({ family }: Origin, effort: string | undefined, budget: number | "dynamic" | undefined): JSONObject | undefined {
  if (family === "anthropic" && typeof budget === "number") {
    return { thinking: budget === 0 ? { type: "disabled" } : { type: "enabled", budgetTokens: budget } };
  }
  if (family === "google" && budget !== undefined) return { thinkingConfig: { thinkingBudget: budget === "dynamic" ? -1 : budget } };
  if (family === "openai" && effort !== undefined) return { reasoningEffort: effort };
  return undefined;
}

function writeTool(tool: Tool, version: AISDKModel["specificationVersion"]): ToolInput {
  if (tool.type === "provider") {
    const { type, name, ...args } = tool.raw;
    const kind = typeof type === "string" ? type : (Object.keys(tool.raw)[0] ?? "tool");
    const snake = kind.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return {
      type: version === "v2" ? "provider-defined" : "provider",
      id: `${tool.family}.${snake}`,
      name: typeof name === "string" ? name : snake,
      args: typeof type === "string" ? (camelKeys(args) as JSONObject) : ((tool.raw[kind] as JSONObject | undefined) ?? {}),
    };
  }
  if (tool.type === "custom") {
    const { name, description, format } = tool;
    const args = { ...(description && { description }), ...(format && { format: { type: "grammar", ...format } }) };
    return { type: version === "v2" ? "provider-defined" : "provider", id: "openai.custom", name, args };
  }
  const { name, description, inputSchema, inputExamples, strict } = tool;
  return {
    type: "function",
    name,
    inputSchema: inputSchema ?? { type: "object", properties: {} },
    ...(description === undefined ? undefined : { description }),
    ...(strict === undefined ? undefined : { strict }),
    ...(inputExamples === undefined ? undefined : { inputExamples: inputExamples.map((input) => ({ input })) }),
  };
}

function writeChoice(choice: ToolChoice): NonNullable<LanguageModelCall["toolChoice"]> {
  if (typeof choice === "string") return { type: choice };
  return "tool" in choice ? { type: "tool", toolName: choice.tool } : { type: choice.mode ?? "auto" };
}

function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (typeof value !== "object" || value === null) return value;
  const rename = (key: string): string => key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [rename(key), camelKeys(field)]));
}
