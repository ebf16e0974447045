import type { JSONObject } from "../../ir/json.ts";
import type { ModelRequest, Reasoning, ReasoningEffort } from "../../ir/request.ts";
import type { Warning } from "../../ir/response.ts";
import type { Target } from "../../ir/target.ts";
import { reportUnsupported } from "../codec.ts";
import { decodeToolChoice, decodeTools, encodeToolChoice, encodeTools } from "./tools.ts";
import { badRequest, isObject, maybe, string, unnamed, type Wire } from "./wire.ts";

/** Settings that are the same on both sides but for their name. */
const PLAIN = [
  ["maxOutputTokens", "max_output_tokens", "number"],
  ["temperature", "temperature", "number"],
  ["topP", "top_p", "number"],
  ["topLogprobs", "top_logprobs", "number"],
  ["serviceTier", "service_tier", "string"],
  ["promptCacheKey", "prompt_cache_key", "string"],
  ["user", "user", "string"],
  ["safetyIdentifier", "safety_identifier", "string"],
  ["metadata", "metadata", "object"],
] as const satisfies readonly (readonly [keyof ModelRequest, string, string])[];

/** Settings that the wire has no field for. */
const LACKING = ["topK", "seed", "frequencyPenalty", "presencePenalty", "stop", "logitBias"] as const;

const EFFORTS: readonly ReasoningEffort[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
const SUMMARIES = ["auto", "concise", "detailed"];
const VERBOSITIES = ["low", "medium", "high"];

/** The fields of the IR's settings, tools included; state, input and instructions are not among them. */
export function encodeSettings(request: ModelRequest, target: Target, warnings: Warning[]): Wire {
  const { quirks, traits } = target;
  const report = (feature: string, details: string): void => reportUnsupported(target, warnings, feature, details);
  const refused = (key: string): boolean => {
    const is = quirks.unsupportedSettings?.includes(key) === true;
    if (is) report(key, "the provider refuses it");
    return is;
  };
  const body: Wire = {};
  for (const [key, field] of PLAIN) {
    if (request[key] !== undefined && !refused(key)) body[field] = request[key];
  }
  if (quirks.topKField !== undefined && request.topK !== undefined) body[quirks.topKField] = request.topK;
  for (const key of LACKING) {
    const value = key === "topK" && quirks.topKField !== undefined ? undefined : request[key];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) report(key, "the Responses API has no such setting");
  }
  if (request.n !== undefined && request.n > 1) report("n", "the Responses API gives one answer");
  if (request.modalities?.some((modality) => modality !== "text")) report("modalities", "the Responses API answers in text");

  const reasoning = request.reasoning && !refused("reasoning") ? encodeReasoning(request.reasoning, target, warnings) : undefined;
  if (reasoning !== undefined) body["reasoning"] = reasoning;
  if (traits.sampling === "never" || (traits.sampling === "without-reasoning" && reasoning?.["effort"] !== "none")) {
    for (const [key, field] of PLAIN.slice(1, 3)) {
      if (body[field] === undefined) continue;
      delete body[field];
      report(key, "the model takes no sampling settings while it reasons");
    }
  }
  const { maxTemperature } = quirks;
  if (maxTemperature !== undefined && (body["temperature"] as number) > maxTemperature) {
    body["temperature"] = maxTemperature;
    warnings.push({ type: "compatibility", feature: "temperature", details: `cut to ${maxTemperature}` });
  }
  if (traits.exclusiveSampling === true && body["temperature"] !== undefined && body["top_p"] !== undefined) {
    delete body["top_p"];
    report("topP", "the model takes temperature or topP, not both");
  }

  const text: Wire = {};
  if (request.output?.type === "json") text["format"] = encodeFormat(request.output, target);
  if (request.verbosity !== undefined && !refused("verbosity")) text["verbosity"] = request.verbosity;
  if (Object.keys(text).length > 0) body["text"] = text as JSONObject;

  const tools = request.tools ?? [];
  const wireTools = encodeTools(tools, target, warnings);
  if (wireTools.length > 0) {
    body["tools"] = wireTools;
    const choice = request.toolChoice && encodeToolChoice(request.toolChoice, tools, target, warnings);
    if (choice !== undefined) body["tool_choice"] = choice;
    if (request.parallelToolCalls !== undefined && !refused("parallelToolCalls")) body["parallel_tool_calls"] = request.parallelToolCalls;
  }
  return body;
}

/** The options as they go over the settings: they win, and the two objects that both sides fill are joined. */
export function mergeOptions(settings: JSONObject, options: JSONObject | undefined): Wire {
  const merged: Wire = { ...options };
  for (const key of ["text", "reasoning"]) {
    const [own, given] = [settings[key], merged[key]];
    if (isObject(own) && isObject(given)) merged[key] = { ...own, ...given };
  }
  return merged;
}

/** True when the schema must be asked for in words. */
export function lacksJsonSchema({ quirks, traits }: Target): boolean {
  return quirks.noJsonSchema === true || traits.jsonSchema === false;
}

function encodeFormat(
  { schema, name, description, strict }: Extract<ModelRequest["output"], { type: "json" }>,
  target: Target,
): JSONObject {
  if (schema === undefined || lacksJsonSchema(target)) return { type: "json_object" };
  return { type: "json_schema", name: name ?? "response", schema, ...maybe("description", description), ...maybe("strict", strict) };
}

/**
 * A token budget becomes the nearest effort word; an effort that the model lacks becomes the next lower one, else the next
 * higher one, and never `none`.
 */
function encodeReasoning({ effort, budget, visibility }: Reasoning, target: Target, warnings: Warning[]): JSONObject | undefined {
  const { reasoning, efforts } = target.traits;
  let word = effort;
  if (word === undefined && typeof budget === "number") {
    word = budget <= 0 ? "none" : budget <= 1024 ? "low" : budget <= 8192 ? "medium" : "high";
    if (budget > 0) warnings.push({ type: "compatibility", feature: "reasoning.budget", details: `sent as effort "${word}"` });
  }
  if (reasoning === false) {
    if (word !== undefined && word !== "none") reportUnsupported(target, warnings, "reasoning", "the model does not reason");
    return undefined;
  }
  if (word !== undefined && efforts !== undefined && !efforts.includes(word)) {
    const at = EFFORTS.indexOf(word);
    const near = [...EFFORTS.slice(1, Math.max(at, 1)).reverse(), ...EFFORTS.slice(at + 1)].find((each) => efforts.includes(each));
    if (near === undefined) reportUnsupported(target, warnings, "reasoning.effort", `the model has no effort "${word}"`);
    else warnings.push({ type: "compatibility", feature: "reasoning.effort", details: `"${word}" sent as "${near}"` });
    word = near;
  }
  // A wire that speaks of budgets shows the thoughts unless told not to.
  const shown = visibility ?? (budget === undefined || word === "none" ? "none" : "auto");
  const summary = shown === "none" ? undefined : shown;
  return word === undefined && summary === undefined ? undefined : { ...maybe("effort", word), ...maybe("summary", summary) };
}

/** A client's settings and, beside them, the fields that only this wire knows. */
export function decodeSettings(body: JSONObject): { settings: Partial<ModelRequest>; options: Wire } {
  const settings: { -readonly [K in keyof ModelRequest]?: ModelRequest[K] } = {};
  const options: Wire = {};
  const typed = (field: string, type: string): unknown => {
    const value = body[field] ?? undefined;
    if (value !== undefined && (type === "object" ? !isObject(value) : typeof value !== type))
      throw badRequest(field, `must be of type ${type}`);
    return value;
  };
  for (const [key, field, type] of PLAIN) {
    const value = typed(field, type);
    if (value !== undefined) (settings as Wire)[key] = value as string;
  }
  for (const [name, value] of Object.entries(settings.metadata ?? {})) {
    if (typeof value !== "string") throw badRequest(`metadata.${name}`, "must be a string");
  }
  for (const [key, field] of [
    ["store", "store"],
    ["parallelToolCalls", "parallel_tool_calls"],
  ] as const) {
    const value = typed(field, "boolean");
    if (value !== undefined) settings[key] = value as boolean;
  }

  const reasoning = typed("reasoning", "object") as JSONObject | undefined;
  if (reasoning !== undefined) {
    const { effort, summary } = reasoning;
    const word = EFFORTS.find((each) => each === effort);
    const visibility = SUMMARIES.find((each) => each === summary) as Reasoning["visibility"];
    if (word !== undefined || visibility !== undefined)
      settings.reasoning = { ...maybe("effort", word), ...maybe("visibility", visibility) };
    const rest = unnamed(reasoning, `${word ? "effort" : ""} ${visibility ? "summary" : ""}`);
    if (rest !== undefined) options["reasoning"] = rest;
  }

  const text = typed("text", "object") as JSONObject | undefined;
  if (text !== undefined) {
    const verbosity = VERBOSITIES.find((each) => each === text["verbosity"]) as ModelRequest["verbosity"];
    if (verbosity !== undefined) settings.verbosity = verbosity;
    const output = decodeFormat(text["format"]);
    if (output !== undefined && output.type !== "text") settings.output = output;
    const rest = unnamed(text, `${verbosity ? "verbosity" : ""} ${output ? "format" : ""}`);
    if (rest !== undefined) options["text"] = rest;
  }

  const include = body["include"];
  if (Array.isArray(include)) {
    const others = include.filter((each) => each !== LOGPROBS);
    if (others.length < include.length) settings.logprobs = true;
    if (others.length > 0) options["include"] = others;
  } else if (include !== undefined && include !== null) throw badRequest("include", "must be a list");

  if (body["tools"] !== undefined && body["tools"] !== null) settings.tools = decodeTools(body["tools"]);
  const choice = body["tool_choice"];
  if (choice !== undefined && choice !== null) {
    const decoded = decodeToolChoice(choice);
    if (decoded === undefined) options["tool_choice"] = choice;
    else settings.toolChoice = decoded;
  }
  return { settings, options };
}

/** The `include` value that asks for log probabilities. */
export const LOGPROBS = "message.output_text.logprobs";

function decodeFormat(format: unknown): ModelRequest["output"] {
  if (!isObject(format)) return undefined;
  const { type, schema, strict } = format;
  if (type === "text") return { type };
  if (type === "json_object") return { type: "json" };
  if (type !== "json_schema") return undefined;
  if (!isObject(schema)) throw badRequest("text.format.schema", "must be a JSON Schema object");
  return {
    type: "json",
    schema,
    ...maybe("name", string(format["name"])),
    ...maybe("description", string(format["description"])),
    ...(typeof strict === "boolean" && { strict }),
  };
}
