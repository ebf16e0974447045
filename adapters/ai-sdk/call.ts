import type { CallRequest, JSONObject } from "crosspoint";
import type { Addressee } from "./addressee.ts";
import { readOptions, withOptions } from "./call-options.ts";
import type { CrosspointCallOptions } from "./crosspoint-options.ts";
import { readPrompt } from "./prompt.ts";
import { fitsStrict } from "./strict-schema.ts";
import { readToolChoice, readTools, type ToolNames } from "./tools.ts";
import type { CallWarning, LanguageModelCall } from "./types.ts";
import { toCallWarning } from "./usage.ts";

/** A call of the AI SDK in the layer's words. */
export interface ReadCall {
  readonly request: CallRequest;
  readonly names: ToolNames;
  readonly warnings: CallWarning[];
}

const SETTINGS = ["maxOutputTokens", "temperature", "topP", "topK", "presencePenalty", "frequencyPenalty", "seed"] as const;

export function readCall(options: LanguageModelCall, to: Addressee, defaults: CrosspointCallOptions | undefined): ReadCall {
  const read = readOptions(options.providerOptions, to, defaults);
  const { tools, names } = readTools(options.tools);
  const { stopSequences, toolChoice, reasoning, responseFormat, abortSignal, headers } = options;
  const request: { -readonly [K in keyof CallRequest]: CallRequest[K] } = {
    model: to.modelId,
    messages: readPrompt(options.prompt, to, names),
  };
  for (const key of SETTINGS) if (options[key] !== undefined) request[key] = options[key];
  if (stopSequences !== undefined && stopSequences.length > 0) request.stop = stopSequences;
  if (tools !== undefined) {
    request.tools = tools;
    if (toolChoice !== undefined) request.toolChoice = readToolChoice(toolChoice, names);
  }
  if (reasoning !== undefined && reasoning !== "provider-default") request.reasoning = { effort: reasoning };
  if (responseFormat?.type === "json") {
    const { schema, name, description } = responseFormat;
    const strict = read.strict ?? (fitsStrict(schema) ? true : undefined);
    request.output = {
      type: "json",
      ...(schema === undefined ? undefined : { schema: schema as JSONObject }),
      ...(name === undefined ? undefined : { name }),
      ...(description === undefined ? undefined : { description }),
      ...(strict === undefined ? undefined : { strict }),
    };
  }
  if (abortSignal !== undefined) request.signal = abortSignal;
  if (headers !== undefined) request.headers = headers;
  return { request: withOptions(request, read), names, warnings: read.warnings.map(toCallWarning) };
}
