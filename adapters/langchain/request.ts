import type { BaseMessage } from "@langchain/core/messages";
import type { CallRequest, ModelRequest } from "crosspoint";
import { CONFIG, readAttribution, type WithConfig } from "./attribution.ts";
import { layerSettings, requestSettings, toOutput, type ChatCrosspointCallOptions, type ChatCrosspointFields } from "./options.ts";
import { readMessages } from "./read-messages.ts";
import { toToolChoice, toTools } from "./tools.ts";

/** The options of a call as LangChain hands them to a model. What frameworks put beside them is left alone. */
export type Options = Omit<ChatCrosspointCallOptions, keyof WithConfig> &
  WithConfig & { readonly signal?: AbortSignal; readonly promptIndex?: number };

/** What a model was made with. */
export type ModelFields = Omit<ChatCrosspointFields, "crosspoint">;

/** All of a request but its messages. */
export function toSettings(fields: ModelFields, options: Options): Omit<ModelRequest, "messages"> {
  const { tools, tool_choice: choice, parallel_tool_calls: parallel, response_format: format, strict } = options;
  const stop = options.stop ?? fields.stop ?? fields.stopSequences;
  const output = toOutput(format);
  const hasTools = tools !== undefined && tools !== null && tools.length > 0;
  return {
    ...requestSettings(fields, options),
    model: options.model ?? fields.model,
    ...(hasTools ? { tools: toTools(tools, output === undefined && strict !== null ? strict : undefined) } : undefined),
    ...(hasTools && choice !== undefined && choice !== null ? { toolChoice: toToolChoice(choice) } : undefined),
    ...(hasTools && typeof parallel === "boolean" ? { parallelToolCalls: parallel } : undefined),
    ...(output === undefined ? undefined : { output }),
    ...(stop === undefined || stop === null || stop.length === 0 ? undefined : { stop }),
  };
}

/** The whole of a call. */
export function toCallRequest(
  messages: readonly BaseMessage[],
  fields: ModelFields,
  options: Options,
  model: { readonly metadata?: Record<string, unknown> | undefined; readonly tags?: readonly string[] | undefined },
): CallRequest {
  const attribution = readAttribution({
    options,
    model: { attribution: fields.attribution, metadata: model.metadata, tags: model.tags },
  });
  const signal = options.signal ?? options[CONFIG]?.signal;
  return {
    ...toSettings(fields, options),
    messages: readMessages(messages),
    ...layerSettings(fields, options),
    ...(fields.timeout === undefined ? undefined : { timeout: fields.timeout }),
    ...(attribution === undefined ? undefined : { attribution }),
    ...(signal === undefined ? undefined : { signal }),
  };
}
