import type { JSONObject } from "../../ir/json.ts";
import type { ModelRequest, OutputFormat, Reasoning } from "../../ir/request.ts";
import type { ClientRequest, ClientRoute } from "../codec.ts";
import { decodeMessages } from "./decode-messages.ts";
import { decodeChoice, decodeTools } from "./tools.ts";
import { asObject, asText, CODEC, demand, restOf, SETTINGS, type Wire } from "./wire.ts";

const EFFORTS: readonly string[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] satisfies Reasoning["effort"][];

const CHECKS = {
  number: (value: unknown) => typeof value === "number" && Number.isFinite(value),
  integer: (value: unknown) => Number.isInteger(value),
  boolean: (value: unknown) => typeof value === "boolean",
  string: (value: unknown) => typeof value === "string",
  object: (value: unknown) => asObject(value) !== undefined,
};

const KNOWN = new Set(
  "model messages stream stream_options max_completion_tokens stop tools tool_choice functions function_call parallel_tool_calls response_format reasoning_effort modalities"
    .split(" ")
    .concat(SETTINGS.map(([, field]) => field)),
);
// Hosts of this wire get it as it was sent, those of another as the setting.
KNOWN.delete("top_k");

export function decodeRequest(body: unknown, route: ClientRoute): ClientRequest {
  const wire = asObject(body);
  demand(wire !== undefined, "body", "a JSON object");
  const given = wire!;
  const model = asText(given["model"]) ?? route.model;
  demand(model !== undefined, "model", "a non-empty string");
  const fields: { -readonly [K in keyof ModelRequest]?: unknown } = {};
  for (const [key, field, check] of SETTINGS) {
    const value = given[field];
    if (value == null) continue;
    demand(CHECKS[check](value), field, check === "integer" || check === "object" ? `an ${check}` : `a ${check}`);
    fields[key] = value;
  }
  const most = given["max_completion_tokens"];
  if (most != null) {
    demand(Number.isInteger(most), "max_completion_tokens", "an integer");
    fields.maxOutputTokens = most;
  }
  if (fields.metadata !== undefined) demand(areStrings(Object.values(fields.metadata as object)), "metadata", "an object of strings");
  const { stop, modalities, stream } = given;
  if (stop != null) {
    const list = typeof stop === "string" ? [stop] : stop;
    demand(Array.isArray(list) && areStrings(list), "stop", "a string or an array of strings");
    fields.stop = list;
  }
  if (modalities != null) {
    demand(Array.isArray(modalities) && areStrings(modalities), "modalities", "an array of strings");
    fields.modalities = modalities;
  }
  demand(stream == null || typeof stream === "boolean", "stream", "a boolean");
  const options = asObject(given["stream_options"]);
  demand(given["stream_options"] == null || options !== undefined, "stream_options", "an object");

  const legacyFunctions = given["functions"] != null && given["tools"] == null;
  if (given["tools"] != null) fields.tools = decodeTools(given["tools"], "tools");
  else if (legacyFunctions) fields.tools = decodeTools(given["functions"], "functions");
  const choice = given["tool_choice"] ?? given["function_call"];
  if (choice != null) fields.toolChoice = decodeChoice(choice, given["tool_choice"] == null ? "function_call" : "tool_choice");
  const parallel = given["parallel_tool_calls"];
  if (parallel != null) {
    demand(typeof parallel === "boolean", "parallel_tool_calls", "a boolean");
    fields.parallelToolCalls = parallel;
  } else if (legacyFunctions) fields.parallelToolCalls = false;
  const effort = given["reasoning_effort"];
  if (effort != null) {
    demand(EFFORTS.includes(effort as string), "reasoning_effort", `one of ${EFFORTS.join(", ")}`);
    fields.reasoning = { effort };
  }
  const rest: Wire = { ...restOf(given, KNOWN).providerOptions?.[CODEC] };
  const format = given["response_format"];
  if (format != null) {
    const output = decodeFormat(format);
    if (output === undefined) rest["response_format"] = format;
    else fields.output = output;
  }
  if (options !== undefined) {
    const { include_usage: _, ...others } = options;
    if (Object.keys(others).length > 0) rest["stream_options"] = others;
  }
  if (Object.keys(rest).length > 0) fields.providerOptions = { [CODEC]: rest };
  return {
    request: { ...(fields as Partial<ModelRequest>), model: model!, messages: decodeMessages(given["messages"]) },
    stream: stream === true || (stream == null && route.stream === true),
    includeUsage: options?.["include_usage"] === true,
    ...(legacyFunctions ? { legacyFunctions } : undefined),
    warnings: [],
  };
}

function areStrings(values: readonly unknown[]): boolean {
  return values.every((each) => typeof each === "string");
}

/** `undefined` for a format that the IR does not know. The wire does not enforce a schema unless told to. */
function decodeFormat(value: unknown): OutputFormat | undefined {
  const format = asObject(value);
  demand(typeof format?.["type"] === "string", "response_format.type", "a string");
  if (format!["type"] === "text") return { type: "text" };
  if (format!["type"] === "json_object") return { type: "json" };
  if (format!["type"] !== "json_schema") return undefined;
  const inner = asObject(format!["json_schema"]);
  demand(inner !== undefined, "response_format.json_schema", "an object");
  const { name, description, schema, strict } = inner as JSONObject;
  demand(schema == null || asObject(schema) !== undefined, "response_format.json_schema.schema", "an object");
  return {
    type: "json",
    schema: asObject(schema) ?? {},
    strict: strict === true,
    ...(asText(name) === undefined ? undefined : { name: name as string }),
    ...(asText(description) === undefined ? undefined : { description: description as string }),
  };
}
