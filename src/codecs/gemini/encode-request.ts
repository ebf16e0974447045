import { CrosspointError } from "../../ir/error.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { ModelRequest } from "../../ir/request.ts";
import type { Warning } from "../../ir/response.ts";
import { optionsFor, type Target } from "../../ir/target.ts";
import type { EncodedRequest } from "../codec.ts";
import { encodeMessages } from "./content.ts";
import { encodeSettings } from "./settings.ts";
import { encodeTools } from "./tools.ts";
import { field, merge, objectOf } from "./wire.ts";

export function encodeRequest(request: ModelRequest, target: Target, stream: boolean): EncodedRequest {
  const warnings: Warning[] = [];
  const options = placeOptions(optionsFor(request.providerOptions, target), request.output?.type === "json");
  const { contents, system } = encodeMessages(request, target, warnings);
  const body: JSONObject = {
    contents,
    ...(system.length === 0 ? undefined : { systemInstruction: { parts: system } }),
    ...encodeTools(request, target, warnings),
    ...encodeSettings(request, target, objectOf(options?.generationConfig), warnings),
  };
  return { path: modelPath(target.model, stream), body: merge(body, options), warnings };
}

/** `models/x`, `tunedModels/x` and the full names of Vertex AI stand as they are; a bare name is one of `models`. */
function modelPath(model: string, stream: boolean): string {
  if (model === "" || /(^|\/)\.{0,2}(\/|$)/.test(model))
    throw new CrosspointError("BAD_REQUEST", `"${model}" is no model name`, { param: "model" });
  const name = /^(models|tunedModels|endpoints|publishers|projects)\//.test(model) ? model : `models/${model}`;
  const path = name.split("/").map(encodeURIComponent).join("/");
  return `/${path}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`;
}

/** Fields of `generationConfig` and `toolConfig` that callers write without their parent, as the AI SDK's options do. */
const GENERATION = new Set([
  ..."thinkingConfig responseModalities imageConfig speechConfig mediaResolution audioTimestamp responseMimeType responseSchema".split(" "),
  ..."responseJsonSchema routingConfig enableAffectiveDialog audioTranscriptionConfig translationConfig".split(" "),
]);

function placeOptions(options: JSONObject | undefined, json: boolean): JSONObject | undefined {
  if (options === undefined) return undefined;
  const { generationConfig, toolConfig, retrievalConfig, ...rest } = options;
  const inner = Object.entries(rest).filter(([key]) => GENERATION.has(key));
  const { responseSchema, ...generation } = { ...Object.fromEntries(inner), ...objectOf(generationConfig) };
  // A schema without its media type is refused; a tool carries the answer then.
  const kept = responseSchema !== undefined && (json || generation.responseMimeType !== undefined);
  const outer = Object.entries(rest).filter(([key]) => !GENERATION.has(key));
  return {
    ...Object.fromEntries(outer),
    ...field("generationConfig", { ...generation, ...(kept ? { responseSchema } : undefined) }),
    ...field("toolConfig", { ...(retrievalConfig === undefined ? undefined : { retrievalConfig }), ...objectOf(toolConfig) }),
  };
}
