import type { UnsupportedPolicy } from "./request.ts";
import type { ProviderOptions } from "./content.ts";

/** The wire formats. */
export type CodecId = "openai-chat" | "openai-responses" | "anthropic-messages" | "gemini";

/**
 * How a provider departs from the plain form of its wire. Every flag is optional; absent means the plain form. A codec reads
 * them, a provider's row sets them, and nothing else asks which provider it is.
 */
export interface Quirks {
  /** openai-chat: the field for the output limit. Default `max_tokens`. */
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens";
  /** openai-chat: takes `role: "developer"`. Default false: sent as `system`. */
  readonly developerRole?: boolean;
  /** openai-chat: refuses `stream_options`. */
  readonly noStreamOptions?: boolean;
  /** openai-chat: counts reasoning beside the completion and outside the total of all tokens. */
  readonly reasoningApart?: boolean;
  /** openai-chat: the field that carries an assistant's earlier reasoning back; absent: reasoning is not replayed. */
  readonly replayReasoning?: "reasoning_content" | "reasoning" | "reasoning_details" | "thinking-parts";
  /** openai-chat: `reasoning_content` must be on every assistant turn that calls tools, empty if unknown. */
  readonly reasoningOnToolTurns?: boolean;
  /** openai-chat: a user's turn may not follow tool results: a word of the assistant stands between. */
  readonly assistantAfterTools?: boolean;
  /** Takes `images` as files alone, or documents only where they are `linked` by URL or id. */
  readonly files?: "images" | "linked";
  /** openai-responses: the field for top-k. Default: it has none. */
  readonly topKField?: "top_k";
  /** openai-chat: what tool-call ids must look like. Default: up to 64 characters of any kind; `alnum9`: nine letters or digits. */
  readonly toolCallIds?: "alnum9";
  /** openai-chat: `tool_choice` word for "some tool". Default `required`; `auto`: the provider has no such word, and is not forced (with a warning). */
  readonly requiredToolChoice?: "any" | "auto";
  /** Lacks `response_format: json_schema`: the schema goes into an instruction. */
  readonly noJsonSchema?: boolean;
  /** Cannot combine a JSON schema with tools: a tool carries the answer instead. */
  readonly noJsonSchemaWithTools?: boolean;
  /** openai-chat: refuses parts of JSON Schema (`propertyNames`, patterns that look around): they are left out with a warning. */
  readonly schemaSubset?: boolean;
  /** openai-chat: takes `tool_choice: allowed_tools`. Default false: the list of tools is cut to the allowed ones instead. */
  readonly allowedTools?: boolean;
  /** openai-chat: the field of a content part that carries a cache hint. Absent: hints are left out. */
  readonly cacheHints?: "prompt_cache_breakpoint" | "cache_control";
  /** openai-chat: tool messages must carry the tool's `name`. */
  readonly toolResultName?: boolean;
  /** openai-chat: images are allowed inside tool messages. */
  readonly toolResultImages?: boolean;
  /** openai-chat: the seed field. Default `seed`. */
  readonly seedField?: "random_seed";
  /** openai-chat: how reasoning effort is written. Default `reasoning_effort`; `none`: the provider has no such field. */
  readonly effortField?: "reasoning_effort" | "reasoning.effort" | "thinking.type" | "enable_thinking" | "none";
  /** openai-chat: the last assistant message needs `prefix: true` to be continued. */
  readonly prefixFlag?: boolean;
  /** openai-chat: PDF files go as `document_url` parts. */
  readonly documentUrl?: boolean;
  /** openai-chat: text-only content must be a plain string. */
  readonly plainTextContent?: boolean;
  /** IR settings that the provider refuses with a 400: dropped with a warning. */
  readonly unsupportedSettings?: readonly string[];
  /** Highest temperature taken; higher ones are cut with a warning. */
  readonly maxTemperature?: number;
  /** Most stop sequences taken. */
  readonly maxStop?: number;
  /** openai-responses: keeps no responses; never send `store` or item ids. */
  readonly stateless?: boolean;
  /** anthropic-messages, gemini: the endpoint takes no fields beyond the documented core (compatible back-ends). */
  readonly coreFieldsOnly?: boolean;
  /** gemini: Vertex AI rules (no function-call ids, no file references). */
  readonly vertex?: boolean;
}

/** What a model can take, as far as its name or the catalogue tells. Absent means unknown: the codec sends what it was given. */
export interface ModelTraits {
  /** Thinks before it answers. */
  readonly reasoning?: boolean;
  /** The efforts it takes, weakest first; empty: it takes no effort word. */
  readonly efforts?: readonly string[];
  /** How thinking is set: an effort word, a token budget, or an adaptive switch (Anthropic). */
  readonly thinking?: "effort" | "budget" | "adaptive";
  /** Thinking cannot be turned off. */
  readonly alwaysThinks?: boolean;
  /** Thinking can be cut down to the time between tool calls (Anthropic `between_tools`, efforts up to `high`). */
  readonly betweenTools?: boolean;
  /** Thinking cannot be turned off at efforts above `high`. */
  readonly thinksAboveHigh?: boolean;
  readonly minBudget?: number;
  readonly maxBudget?: number;
  /** Takes temperature, top-p, top-k: always, only while it does not think, or never. */
  readonly sampling?: "always" | "without-reasoning" | "never";
  /** Takes temperature or top-p but not both. */
  readonly exclusiveSampling?: boolean;
  /** Takes stop sequences. Default true. */
  readonly stop?: boolean;
  /** Takes frequency and presence penalties. Default true. */
  readonly penalties?: boolean;
  /** Enforces a JSON schema natively. */
  readonly jsonSchema?: boolean;
  /** Takes a JSON schema beside function tools. Default: as `jsonSchema`. */
  readonly jsonSchemaWithTools?: boolean;
  /** Takes `tool_choice` that forces a tool while it thinks. */
  readonly forcedToolWhileThinking?: boolean;
  /** openai-chat: takes function tools while it thinks. Default true; false: effort `none` goes with tools. */
  readonly chatToolsWhileThinking?: boolean;
  /** Takes a system instruction. Default true; false: it goes in front of the first user message. */
  readonly system?: boolean;
  /** Takes images, sound, video, PDF as input; absent: unknown, sent. */
  readonly input?: readonly ("image" | "audio" | "video" | "pdf")[];
  /** Takes tools of any kind. Absent: unknown, sent. */
  readonly tools?: boolean;
  /** Takes images in tool results. */
  readonly toolResultMedia?: boolean;
  /** Takes a last assistant message as the beginning of its answer. */
  readonly prefill?: boolean;
  /**
   * openai-chat: which earlier turns get their own reasoning back. `current`: those since the user last spoke; `every`: all, an empty
   * one where they had none. Default: those that had some.
   */
  readonly reasoningTurns?: "current" | "every";
  /** Takes system messages after the first user message. */
  readonly lateSystem?: boolean;
  /** gemini: takes functions beside the provider's own tools. Default true; false: the provider's own stay away. */
  readonly mixedTools?: boolean;
  /** Calls must carry the signature they came with (Gemini 3). */
  readonly signedCalls?: boolean;
  /** Tokens. */
  readonly maxOutput?: number;
  readonly contextWindow?: number;
}

/** Where an encoded request goes: all that a codec may know of it. */
export interface Target {
  readonly codec: CodecId;
  /** The provider's row. */
  readonly provider: string;
  /** The providers that understand each other's opaque state and file ids. */
  readonly family: string;
  /** The model in the provider's own words. */
  readonly model: string;
  readonly quirks: Quirks;
  readonly traits: ModelTraits;
  /** The keys of `providerOptions` that are meant for this target, weakest first. */
  readonly optionKeys: readonly string[];
  readonly unsupported: UnsupportedPolicy;
}

/** The options that are meant for a target, merged; `undefined` when there are none. */
export function optionsFor(options: ProviderOptions | undefined, target: Target): ProviderOptions[string] | undefined {
  if (options === undefined) return undefined;
  let merged: ProviderOptions[string] | undefined;
  for (const key of target.optionKeys) {
    if (Object.hasOwn(options, key)) merged = merged === undefined ? options[key] : { ...merged, ...options[key] };
  }
  return merged;
}
