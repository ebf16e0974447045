import type { JSONObject, JSONValue } from "../../ir/json.ts";
import type { ModelRequest, Reasoning, ReasoningEffort } from "../../ir/request.ts";
import type { Tool, ToolChoice } from "../../ir/tool.ts";
import type { ClientRequest, ClientRoute } from "../codec.ts";
import { bad, fields, optional, strings } from "./client-fields.ts";
import { decodeMessages } from "./decode-content.ts";
import { toJsonSchema } from "./schema.ts";
import { SETTINGS, type Setting } from "./settings.ts";
import { field, GEMINI, GOOGLE, isObject } from "./wire.ts";

/** A client's generateContent call. The model and the stream switch are in its path. */
export function decodeRequest(body: unknown, route: ClientRoute): ClientRequest {
  const { model, contents, systemInstruction, tools, toolConfig, generationConfig, serviceTier, store, ...rest } = fields(
    body as JSONValue,
    "body",
  );
  const name = (route.model ?? optional(model, "string", "model") ?? "").replace(/^models\//, "");
  if (name === "") throw bad("model", "is missing");
  const messages = decodeMessages(systemInstruction, contents);
  const config = decodeConfig(generationConfig);
  const choice = decodeToolConfig(toolConfig);
  const declared = decodeTools(tools);
  const tier = optional(serviceTier, "string", "serviceTier");
  const kept = optional(store, "boolean", "store");
  const options = { ...rest, ...field("generationConfig", config.rest), ...field("toolConfig", choice.rest) };
  return {
    request: {
      model: name,
      messages,
      ...(declared.length === 0 ? undefined : { tools: declared }),
      ...(choice.toolChoice === undefined ? undefined : { toolChoice: choice.toolChoice }),
      ...config.settings,
      ...(tier === undefined ? undefined : { serviceTier: tier }),
      ...(kept === undefined ? undefined : { store: kept }),
      ...(Object.keys(options).length === 0 ? undefined : { providerOptions: { [GEMINI]: options } }),
    },
    stream: route.stream ?? false,
    warnings: [],
  };
}

/** The JSON type of each setting that is no number. */
const TYPES: Readonly<Partial<Record<Setting, "list" | "boolean">>> = { stop: "list", logprobs: "boolean" };

function decodeConfig(value: JSONValue | undefined): { readonly settings: Partial<ModelRequest>; readonly rest: JSONObject } {
  if (value == null) return { settings: {}, rest: {} };
  const { responseModalities, thinkingConfig, responseMimeType, responseJsonSchema, responseSchema, ...others } = fields(
    value,
    "generationConfig",
  );
  const settings: Record<string, unknown> = {};
  const rest: Record<string, JSONValue | undefined> = {};
  const names = new Map<string, Setting>(SETTINGS.map(([setting, name]) => [name, setting]));
  for (const key of Object.keys(others)) {
    const setting = names.get(key);
    const at = `generationConfig.${key}`;
    if (setting === undefined) {
      Object.defineProperty(rest, key, { value: others[key], enumerable: true });
      continue;
    }
    const type = TYPES[setting] ?? "number";
    const given = type === "list" ? strings(others[key], at) : optional(others[key], type, at);
    if (given !== undefined) settings[setting] = given;
  }
  const modalities = strings(responseModalities, "generationConfig.responseModalities");
  if (modalities !== undefined) settings.modalities = modalities.map((each) => each.toLowerCase());
  if (responseMimeType === "application/json") {
    const schema = responseJsonSchema ?? responseSchema;
    if (schema != null && !isObject(schema)) throw bad("generationConfig.responseJsonSchema", "must be an object");
    const words = schema == null || responseJsonSchema != null ? schema : toJsonSchema(schema);
    settings.output = { type: "json", ...(words == null ? undefined : { schema: words }) };
    // An OpenAPI schema goes back to the same wire as it was written.
    if (responseJsonSchema == null && responseSchema != null) rest.responseSchema = responseSchema;
  } else
    Object.assign(rest, field("responseMimeType", responseMimeType ?? undefined), field("responseSchema", responseSchema ?? undefined));
  if (thinkingConfig != null) {
    const { reasoning, rest: unknown } = decodeThinking(fields(thinkingConfig, "generationConfig.thinkingConfig"));
    if (Object.keys(reasoning).length > 0) settings.reasoning = reasoning;
    Object.assign(rest, field("thinkingConfig", unknown));
  }
  return { settings: settings as Partial<ModelRequest>, rest };
}

const LEVEL = /^(minimal|low|medium|high)$/i;

function decodeThinking(config: JSONObject): { readonly reasoning: Reasoning; readonly rest: JSONObject } {
  const { includeThoughts, thinkingBudget, thinkingLevel, ...rest } = config;
  const at = "generationConfig.thinkingConfig";
  const budget = optional(thinkingBudget, "number", `${at}.thinkingBudget`);
  const level = optional(thinkingLevel, "string", `${at}.thinkingLevel`);
  const shown = optional(includeThoughts, "boolean", `${at}.includeThoughts`) ?? false;
  const known = level !== undefined && LEVEL.test(level);
  return {
    reasoning: {
      ...(known ? { effort: level.toLowerCase() as ReasoningEffort } : undefined),
      ...(budget === undefined ? undefined : { budget: budget < 0 ? "dynamic" : budget }),
      visibility: shown ? "auto" : "none",
    },
    rest: level === undefined || known ? rest : { ...rest, thinkingLevel: level },
  };
}

function decodeTools(value: JSONValue | undefined): Tool[] {
  if (value == null) return [];
  const tools: Tool[] = [];
  const list = Array.isArray(value) ? (value as JSONValue[]) : [value];
  for (const [index, each] of list.entries()) {
    const at = `tools[${index}]`;
    const { functionDeclarations, ...own } = fields(each, at);
    if (functionDeclarations != null) {
      if (!Array.isArray(functionDeclarations)) throw bad(`${at}.functionDeclarations`, "must be a list");
      for (const [place, declaration] of (functionDeclarations as JSONValue[]).entries()) {
        tools.push(decodeDeclaration(declaration, `${at}.functionDeclarations[${place}]`));
      }
    }
    if (Object.keys(own).length > 0) tools.push({ type: "provider", family: GOOGLE, raw: own });
  }
  return tools;
}

function decodeDeclaration(declaration: JSONValue, at: string): Tool {
  const { name, description, parametersJsonSchema, responseJsonSchema, ...rest } = fields(declaration, at);
  const { parameters } = rest;
  const schema = parametersJsonSchema ?? (isObject(parameters) ? toJsonSchema(parameters) : undefined);
  const words = optional(description, "string", `${at}.description`);
  if (typeof name !== "string" || name === "") throw bad(`${at}.name`, "must be a string");
  if (schema != null && !isObject(schema)) throw bad(`${at}.parametersJsonSchema`, "must be an object");
  return {
    name,
    ...(words === undefined ? undefined : { description: words }),
    ...(schema == null ? undefined : { inputSchema: schema }),
    ...(isObject(responseJsonSchema) ? { outputSchema: responseJsonSchema } : undefined),
    ...(Object.keys(rest).length === 0 ? undefined : { providerOptions: { [GEMINI]: rest } }),
  };
}

function decodeToolConfig(value: JSONValue | undefined): { readonly toolChoice?: ToolChoice; readonly rest: JSONObject } {
  if (value == null) return { rest: {} };
  const { functionCallingConfig, ...rest } = fields(value, "toolConfig");
  if (functionCallingConfig == null) return { rest };
  const at = "toolConfig.functionCallingConfig";
  const { mode, allowedFunctionNames, ...others } = fields(functionCallingConfig, at);
  const word = optional(mode, "string", `${at}.mode`)?.toUpperCase();
  const names = strings(allowedFunctionNames, `${at}.allowedFunctionNames`) ?? [];
  const any = word === "ANY";
  const toolChoice: ToolChoice =
    word === "NONE"
      ? "none"
      : names.length === 0
        ? any
          ? "required"
          : "auto"
        : any && names.length === 1
          ? { tool: names[0]! }
          : { tools: names, mode: any ? "required" : "auto" };
  // What the choice does not tell goes back as it was.
  const exact = Object.keys(others).length === 0 && (any || (names.length === 0 && (word === "AUTO" || word === "NONE")));
  return { toolChoice, rest: exact ? rest : { ...rest, functionCallingConfig } };
}
