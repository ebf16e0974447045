import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from "@langchain/core/language_models/base";
import { BaseChatModel, type BindToolsInput, type LangSmithParams } from "@langchain/core/language_models/chat_models";
import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import type { ModelProfile } from "@langchain/core/language_models/profile";
import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import type { ChatGenerationChunk, ChatResult, LLMResult } from "@langchain/core/outputs";
import type { Runnable, RunnableConfig } from "@langchain/core/runnables";
import type { SerializableSchema } from "@langchain/core/utils/standard_schema";
import type { InteropZodType } from "@langchain/core/utils/types";
import { createCrosspoint, estimateTokens, type Crosspoint, type ModelResponse } from "crosspoint";
import { CONFIG } from "./attribution.ts";
import { generate, readBatches, type Call } from "./call.ts";
import { toLangChainError } from "./errors.ts";
import { createGate, type Gate } from "./gate.ts";
import { SECRETS, SETTINGS, type ChatCrosspointCallOptions, type ChatCrosspointFields } from "./options.ts";
import { deploymentsOf, profileOf, tracingNames } from "./profile.ts";
import { toCallRequest, toSettings, type ModelFields, type Options } from "./request.ts";
import { bindStructuredOutput } from "./structured-output.ts";
import { registerTranslator } from "./translator.ts";
import { createChunkWriter } from "./write-chunks.ts";
import { createEventWriter } from "./write-events.ts";
import { toGenerations } from "./write-message.ts";

type Output = Record<string, unknown>;

/** What a model keeps out of sight: a layer must not be written into traces. */
interface Inner {
  readonly fields: ModelFields;
  readonly gate: Gate | undefined;
  layer: Crosspoint | undefined;
}

/**
 * Any model behind the layer as a LangChain chat model: `new ChatCrosspoint({ crosspoint, model: "smart" })`. Retries and fallbacks are the
 * layer's, so that agents keep tools and structured output on every model; what a call cost is in `response_metadata.cost`.
 */
export class ChatCrosspoint extends BaseChatModel<ChatCrosspointCallOptions> {
  override lc_serializable = true;
  readonly model: string;
  declare private readonly inner: Inner;

  constructor(model: string, fields?: Omit<ChatCrosspointFields, "model">);
  constructor(fields: ChatCrosspointFields);
  constructor(first: string | ChatCrosspointFields, more?: Omit<ChatCrosspointFields, "model">) {
    const { crosspoint, ...fields }: ChatCrosspointFields = typeof first === "string" ? { ...more, model: first } : first;
    const { headers: _headers, ...shown } = fields;
    super(shown as ConstructorParameters<typeof BaseChatModel>[0]);
    registerTranslator();
    this.model = fields.model;
    const { maxConcurrency: max } = fields;
    const gate = max === undefined || max === Infinity ? undefined : createGate(max);
    const inner: Inner = { fields, gate, layer: crosspoint };
    Object.defineProperty(this, "inner", { value: inner });
  }

  static override lc_name(): string {
    return "ChatCrosspoint";
  }

  override get lc_secrets(): { [key: string]: string } {
    return { apiKey: "CROSSPOINT_API_KEY" };
  }

  override _llmType(): string {
    return "crosspoint";
  }

  /** The layer that answers; one with keys from the environment when none was given. */
  get crosspoint(): Crosspoint {
    return (this.inner.layer ??= createCrosspoint());
  }

  override get callKeys(): string[] {
    return [...super.callKeys, ...SETTINGS, "model", "tools", "tool_choice", "parallel_tool_calls", "response_format", "strict"];
  }

  override get profile(): ModelProfile {
    return { ...profileOf(deploymentsOf(this.crosspoint, this.model)), ...this.inner.fields.profile };
  }

  override getLsParams(options: this["ParsedCallOptions"]): LangSmithParams {
    const { model, maxOutputTokens, temperature, stop } = toSettings(this.inner.fields, { ...(options as Options), tools: [] });
    const params: { [K in keyof LangSmithParams]: LangSmithParams[K] | undefined } = {
      ...tracingNames(deploymentsOf(this.crosspoint, model), model),
      ls_model_type: "chat",
      ls_temperature: temperature,
      ls_max_tokens: maxOutputTokens,
      ls_stop: stop === undefined ? undefined : [...stop],
    };
    return params as LangSmithParams;
  }

  /** What traces show of a call; never keys or headers. */
  override invocationParams(options?: this["ParsedCallOptions"]): Output {
    try {
      return { ...toSettings(this.inner.fields, (options ?? {}) as Options) };
    } catch (error) {
      throw toLangChainError(error, undefined);
    }
  }

  override _identifyingParams(): Output {
    return this.invocationParams();
  }

  protected override _getCallOptionsForTracing(options: this["ParsedCallOptions"]): this["ParsedCallOptions"] {
    const shown: Output = { ...options };
    for (const name of SECRETS) delete shown[name];
    return shown as this["ParsedCallOptions"];
  }

  /** Only what changes the answer counts: agents put into options what is new in every run. */
  override _getSerializedCacheKeyParametersForCall(options: Partial<ChatCrosspointCallOptions>): string {
    return JSON.stringify([
      this._llmType(),
      options.outputVersion ?? this.outputVersion,
      this.invocationParams(options as this["ParsedCallOptions"]),
    ]);
  }

  protected override _separateRunnableConfigFromCallOptionsCompat(
    options?: Partial<ChatCrosspointCallOptions>,
  ): [RunnableConfig, this["ParsedCallOptions"]] {
    const [config, call] = super._separateRunnableConfigFromCallOptionsCompat(options);
    Object.assign(call, { [CONFIG]: config });
    return [config, call];
  }

  override bindTools(
    tools: BindToolsInput[],
    options?: Partial<ChatCrosspointCallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, ChatCrosspointCallOptions> {
    // Translated when the call is made: which provider answers is not known before.
    return this.withConfig({ ...options, tools });
  }

  override async _generate(
    messages: BaseMessage[],
    given: this["ParsedCallOptions"],
    manager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const options = given as Options;
    options.signal?.throwIfAborted();
    let response: ModelResponse | undefined;
    if (this.inner.fields.streaming === true) {
      for await (const chunk of this.chunks(messages, options, (whole) => (response = whole))) await report(chunk, options, manager);
    } else {
      response = await generate(this.callOf(messages, options));
    }
    const generations = toGenerations(response!);
    const { input, output, total } = response!.usage;
    const tokenUsage = { promptTokens: input.total ?? 0, completionTokens: output.total ?? 0, totalTokens: total ?? 0 };
    return { generations, ...(total === undefined ? undefined : { llmOutput: { tokenUsage } }) };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    given: this["ParsedCallOptions"],
    manager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const options = given as Options;
    try {
      for await (const chunk of this.chunks(messages, options)) {
        yield chunk;
        await report(chunk, options, manager);
      }
    } catch (error) {
      // LangChain throws by itself, and keeps what came so far, when the stream merely ends.
      if (options.signal?.aborted !== true) throw error;
    }
  }

  override async *_streamChatModelEvents(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
  ): AsyncGenerator<ChatModelStreamEvent> {
    const writer = createEventWriter();
    let response: ModelResponse | undefined;
    for await (const batch of readBatches(this.callOf(messages, options as Options), (whole) => (response = whole))) {
      for (const event of batch) yield* writer.write(event);
    }
    yield* writer.finish(response!);
  }

  override _combineLLMOutput(...outputs: LLMResult["llmOutput"][]): LLMResult["llmOutput"] {
    const tokenUsage = { promptTokens: 0, completionTokens: 0, totalTokens: 0 };
    for (const output of outputs) {
      const counted = output?.["tokenUsage"] as typeof tokenUsage | undefined;
      for (const key of ["promptTokens", "completionTokens", "totalTokens"] as const) tokenUsage[key] += counted?.[key] ?? 0;
    }
    return { tokenUsage };
  }

  /** A rough count that needs no network and no tokeniser. */
  override getNumTokens(content: BaseMessage["content"]): Promise<number> {
    const texts =
      typeof content === "string" ? [content] : content.map((block) => (typeof block["text"] === "string" ? block["text"] : ""));
    return Promise.resolve(estimateTokens({ model: this.model, messages: [{ role: "user", content: texts.join("") }] }));
  }

  override withStructuredOutput<T extends Output = Output>(
    schema: SerializableSchema<T> | InteropZodType<T> | Output,
    config?: StructuredOutputMethodOptions<false>,
  ): Runnable<BaseLanguageModelInput, T>;
  override withStructuredOutput<T extends Output = Output>(
    schema: SerializableSchema<T> | InteropZodType<T> | Output,
    config?: StructuredOutputMethodOptions<true>,
  ): Runnable<BaseLanguageModelInput, { raw: BaseMessage; parsed: T }>;
  override withStructuredOutput(
    schema: unknown,
    config?: StructuredOutputMethodOptions<boolean>,
  ): Runnable<BaseLanguageModelInput, Output> | Runnable<BaseLanguageModelInput, { raw: BaseMessage; parsed: Output }> {
    return bindStructuredOutput((options) => this.withConfig(options), schema, config);
  }

  private callOf(messages: readonly BaseMessage[], options: Options): Call {
    const { fields, gate } = this.inner;
    try {
      return { crosspoint: this.crosspoint, request: toCallRequest(messages, fields, options, this), gate };
    } catch (error) {
      throw toLangChainError(error, undefined);
    }
  }

  private async *chunks(
    messages: readonly BaseMessage[],
    options: Options,
    onResponse?: (response: ModelResponse) => void,
  ): AsyncGenerator<ChatGenerationChunk> {
    const writer = createChunkWriter((options.outputVersion ?? this.outputVersion) === "v1");
    let response: ModelResponse | undefined;
    for await (const batch of readBatches(this.callOf(messages, options), (whole) => (response = whole))) {
      for (const event of batch) {
        const chunk = writer.write(event);
        if (chunk !== undefined) yield chunk;
      }
    }
    onResponse?.(response!);
    yield writer.finish(response!);
  }
}

/** Tells callbacks of a chunk, also of one without text: `streamMode: "messages"` shows nothing else. */
async function report(chunk: ChatGenerationChunk, options: Options, manager: CallbackManagerForLLMRun | undefined): Promise<void> {
  const place = { prompt: options.promptIndex ?? 0, completion: 0 };
  await manager?.handleLLMNewToken(chunk.text, place, undefined, undefined, undefined, { chunk });
}
