import type { JSONObject } from "../../ir/json.ts";
import type { ModelRequest } from "../../ir/request.ts";
import type { Warning } from "../../ir/response.ts";
import { optionsFor, type Target } from "../../ir/target.ts";
import { reportUnsupported, type EncodedRequest } from "../codec.ts";
import { encodeMessages } from "./encode-messages.ts";
import { encodeReasoning, thinks } from "./reasoning.ts";
import { supportedSchema } from "./schema.ts";
import { encodeTools } from "./tools.ts";
import { asObject, compact, SETTINGS, type Wire } from "./wire.ts";

/** Settings that a model which thinks may refuse, by the trait that says so. */
const SAMPLING = new Set(["temperature", "topP", "topK", "logprobs", "topLogprobs", "logitBias"]);
const PENALTIES = new Set(["frequencyPenalty", "presencePenalty"]);

export function encodeRequest(request: ModelRequest, target: Target, stream: boolean): EncodedRequest {
  const { quirks, traits } = target;
  const warnings: Warning[] = [];
  const body: Wire = { model: target.model, messages: [] };
  const options = optionsFor(request.providerOptions, target);

  for (const [key, field] of SETTINGS) {
    const value = request[key];
    if (value === undefined || (options !== undefined && Object.hasOwn(options, field))) continue;
    const why = refusal(key, request, target);
    if (why !== undefined) reportUnsupported(target, warnings, key, why);
    else
      body[key === "maxOutputTokens" ? (quirks.maxTokensField ?? field) : key === "seed" ? (quirks.seedField ?? field) : field] =
        value as number;
  }
  const { temperature, stop, modalities, topLogprobs, logprobs, output } = request;
  if (quirks.maxTemperature !== undefined && temperature !== undefined && temperature > quirks.maxTemperature && "temperature" in body) {
    body["temperature"] = quirks.maxTemperature;
    warnings.push({ type: "compatibility", feature: "temperature", details: `cut to ${quirks.maxTemperature}` });
  }
  if (topLogprobs !== undefined && logprobs === undefined && "top_logprobs" in body) body["logprobs"] = true;
  if (modalities !== undefined) body["modalities"] = modalities;
  if (stop !== undefined && stop.length > 0) {
    const why = traits.stop === false ? "the model takes no stop sequences" : refusal("stop", request, target);
    if (why !== undefined) reportUnsupported(target, warnings, "stop", why);
    else {
      const most = quirks.maxStop ?? stop.length;
      body["stop"] = stop.length > most ? stop.slice(0, most) : stop;
      if (stop.length > most) warnings.push({ type: "compatibility", feature: "stop", details: `cut to the first ${most}` });
    }
  }
  if (request.cache !== undefined) {
    warnings.push({ type: "compatibility", feature: "cache", details: "left out: this wire marks parts, not requests" });
  }
  encodeReasoning(request, target, body, warnings);
  encodeTools(request, target, body, warnings);
  const instruction = output?.type === "json" ? encodeOutput(output, target, body, warnings) : undefined;
  body["messages"] = encodeMessages(request, target, warnings, instruction);
  if (stream) {
    body["stream"] = true;
    if (quirks.noStreamOptions !== true) body["stream_options"] = { include_usage: true };
  }
  return { path: "/chat/completions", body: options === undefined ? body : merge(body, options), warnings };
}

/** Options win, save that a stream always asks for its usage. */
function merge(body: Wire, options: JSONObject): Wire {
  const merged: Wire = { ...body, ...options };
  const streaming = asObject(options["stream_options"]);
  if (streaming !== undefined) {
    if (body["stream_options"] === undefined) delete merged["stream_options"];
    else merged["stream_options"] = { ...streaming, include_usage: true };
  }
  return merged;
}

/** Why a setting is left out; `undefined` when it is sent. */
function refusal(key: string, request: ModelRequest, target: Target): string | undefined {
  const { quirks, traits } = target;
  if (quirks.unsupportedSettings?.includes(key)) return "the provider refuses it";
  if (traits.penalties === false && PENALTIES.has(key)) return "the model takes no penalties";
  if (traits.sampling === undefined || traits.sampling === "always" || !SAMPLING.has(key)) return undefined;
  if (traits.sampling === "never") return "the model takes no sampling settings";
  return thinks(request, target) ? "the model does not take it while it thinks" : undefined;
}

type JSONOutput = Extract<ModelRequest["output"], { readonly type: "json" }>;

/** Writes `response_format`; where the provider takes no schema, returns the instruction that stands in for it. */
function encodeOutput(output: JSONOutput, { quirks, traits }: Target, body: Wire, warnings: Warning[]): string | undefined {
  const { schema, name = "response", description, strict = true } = output;
  if (schema !== undefined && quirks.noJsonSchema !== true && traits.jsonSchema !== false) {
    const kept = quirks.schemaSubset === true ? supportedSchema(schema, "output.schema", warnings) : schema;
    body["response_format"] = { type: "json_schema", json_schema: compact<Wire>({ name, description, schema: kept, strict }) };
    return undefined;
  }
  body["response_format"] = { type: "json_object" } satisfies JSONObject;
  if (schema === undefined) return undefined;
  warnings.push({ type: "compatibility", feature: "output.schema", details: "sent as an instruction: the provider takes no schema" });
  return `Answer with JSON that fits this schema: ${JSON.stringify(schema)}`;
}
