import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import {
  CrosspointError,
  type ModelCallOptions,
  type ModelProvider,
  type ModelRequest,
  type StreamEvent,
  type Tool,
  type ToolChoice,
  type Warning,
} from "crosspoint";
import { readError } from "./read-error.ts";
import { createChunkReader } from "./read-message.ts";
import { toHistory } from "./write-history.ts";

type Invocable = Runnable<BaseLanguageModelInput, AIMessageChunk>;

/** What LangChain sets on the model and not in a call. */
const OF_THE_MODEL = [
  "temperature",
  "topP",
  "topK",
  "frequencyPenalty",
  "presencePenalty",
  "maxOutputTokens",
  "seed",
  "n",
  "reasoning",
  "logprobs",
  "topLogprobs",
  "logitBias",
  "verbosity",
  "serviceTier",
  "modalities",
  "parallelToolCalls",
  "user",
  "metadata",
  "store",
] as const satisfies readonly (keyof ModelRequest)[];

/**
 * A LangChain chat model, or a function from a model's name to one, as a provider of the layer: with
 * `providers: { mine: fromLangChain(model) }`, `mine/any-name` goes through routing, fallbacks, cost and attribution like any other. Sampling
 * settings stay those of the LangChain model. Make it with `maxRetries: 0`: the layer retries.
 */
export function fromLangChain(model: BaseChatModel | ((name: string) => BaseChatModel)): ModelProvider {
  const get = typeof model === "function" ? model : () => model;
  return {
    call: (request, options) => answer(get(options.model), request, options),
    label: typeof model === "function" ? "LangChain" : model.getName(),
    modelTraits(name) {
      const { profile } = get(name);
      return {
        // Without native structured output the layer asks for it by a tool.
        jsonSchema: profile.structuredOutput === true,
        ...(profile.maxInputTokens === undefined ? undefined : { contextWindow: profile.maxInputTokens }),
        ...(profile.maxOutputTokens === undefined ? undefined : { maxOutput: profile.maxOutputTokens }),
      };
    },
  };
}

async function* answer(model: BaseChatModel, request: ModelRequest, options: ModelCallOptions): AsyncGenerator<readonly StreamEvent[]> {
  const warnings = unsupported(request);
  const reader = createChunkReader(options);
  try {
    const bound = bind(model, request);
    const messages = toHistory(request.messages);
    // Neither the callbacks nor the token stream of a graph around the call are this inner model's affair.
    const config = { signal: options.signal, callbacks: [], tags: ["nostream"], maxRetries: 0 };
    if (options.stream) {
      for await (const chunk of await bound.stream(messages, config)) yield reader.read(chunk);
    } else yield reader.read(await bound.invoke(messages, config));
  } catch (error) {
    throw readError(error);
  }
  yield reader.end(warnings);
}

function bind(model: BaseChatModel, request: ModelRequest): Invocable {
  const { tools = [], toolChoice, stop, output } = request;
  const format = output?.type === "json" && output.schema !== undefined ? output : undefined;
  const kwargs: Record<string, unknown> = {
    ...(stop === undefined ? undefined : { stop: [...stop] }),
    ...(toolChoice === undefined || tools.length === 0 ? undefined : { tool_choice: toChoice(toolChoice) }),
    // As LangChain's own agents ask: each provider's model reads its own word.
    ...(format === undefined
      ? undefined
      : {
          response_format: {
            type: "json_schema",
            json_schema: { name: format.name ?? "answer", schema: format.schema, strict: format.strict ?? true },
          },
          outputConfig: { format: { type: "json_schema", schema: format.schema } },
          responseSchema: format.schema,
        }),
  };
  if (tools.length === 0) return model.withConfig(kwargs) as Invocable;
  if (model.bindTools === undefined) throw new CrosspointError("UNSUPPORTED", `${model.getName()} takes no tools`, { param: "tools" });
  return model.bindTools(tools.map(toTool), kwargs) as Invocable;
}

function toTool(tool: Tool): Record<string, unknown> {
  if (tool.type === "provider") return tool.raw;
  const { name, description } = tool;
  const described = { name, ...(description === undefined ? undefined : { description }) };
  if (tool.type === "custom")
    return {
      type: "custom",
      custom: { ...described, ...(tool.format === undefined ? undefined : { format: { type: "grammar", grammar: tool.format } }) },
    };
  const parameters = tool.inputSchema ?? { type: "object", properties: {} };
  return { type: "function", function: { ...described, parameters, ...(tool.strict === undefined ? undefined : { strict: tool.strict }) } };
}

/** LangChain has no word for a choice among some tools: any of them may be called. */
function toChoice(choice: ToolChoice): string {
  if (typeof choice === "string") return choice === "required" ? "any" : choice;
  return "tool" in choice ? choice.tool : choice.mode === "required" ? "any" : "auto";
}

function unsupported(request: ModelRequest): Warning[] {
  return OF_THE_MODEL.filter((feature) => request[feature] !== undefined).map((feature) => ({
    type: "unsupported",
    feature,
    details: "a LangChain model has this from its constructor",
  }));
}
