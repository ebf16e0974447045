import type {
  BaseChatModelCallOptions,
  BaseChatModelParams,
  BindToolsInput,
  ToolChoice,
} from "@langchain/core/language_models/chat_models";
import type { ModelProfile } from "@langchain/core/language_models/profile";
import type {
  Attribution,
  CacheHint,
  Crosspoint,
  ModelRequest,
  OutputFormat,
  ProviderOptions,
  Reasoning,
  UnsupportedPolicy,
} from "crosspoint";
import { toSchema } from "./schema.ts";

/** What may be set for every call in the constructor, and for one call in its options. */
export interface ChatCrosspointSettings {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  /** Upper bound of the answer in tokens, reasoning included. */
  readonly maxTokens?: number;
  readonly seed?: number;
  /** Number of answers; all of them come back from `generate`, the first from everything else. */
  readonly n?: number;
  readonly logprobs?: boolean;
  readonly topLogprobs?: number;
  readonly reasoning?: Reasoning;
  readonly reasoningEffort?: NonNullable<Reasoning["effort"]>;
  readonly verbosity?: "low" | "medium" | "high";
  readonly serviceTier?: string;
  readonly modalities?: readonly string[];
  /** Groups requests that share a prefix (OpenAI `prompt_cache_key`). */
  readonly promptCacheKey?: string;
  /** Caches the whole prefix where the provider wants that to be asked for (Anthropic). */
  readonly cacheControl?: CacheHint;
  /** The caller's end user in the provider's own field. It is not attribution. */
  readonly user?: string;
  /** Whether the provider keeps the response. */
  readonly store?: boolean;
  /** Options for one provider, by its id: sent there as they are. */
  readonly providerOptions?: ProviderOptions;
  /** Further HTTP headers for the provider. They are left out of traces and of serialised models. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Replaces the provider's key. */
  readonly apiKey?: string;
  /** Models or groups to try when the first one fails. */
  readonly fallbacks?: readonly string[];
  /** Further tries of the layer. Default: what the layer was made with. Nothing else retries. */
  readonly maxRetries?: number;
  readonly unsupported?: UnsupportedPolicy;
  /** Who and what the call is for; it wins over what `metadata`, `context` and `configurable` say. */
  readonly attribution?: Attribution;
}

export interface ChatCrosspointFields extends Omit<BaseChatModelParams, "maxRetries">, ChatCrosspointSettings {
  /** The layer. Default: one of its own with keys from the environment. */
  readonly crosspoint?: Crosspoint;
  /** A name of the `models` option, `provider/model`, or a well-known bare name. */
  readonly model: string;
  readonly stop?: readonly string[];
  /** The same as `stop`. */
  readonly stopSequences?: readonly string[];
  /** Milliseconds for one attempt. */
  readonly timeout?: number;
  /** Asks the provider for a stream even where the whole answer is wanted, as some gateways need. */
  readonly streaming?: boolean;
  /** Replaces what the layer knows of the model, field by field. */
  readonly profile?: ModelProfile;
}

export interface ChatCrosspointCallOptions extends Omit<BaseChatModelCallOptions, "maxRetries" | "stop">, ChatCrosspointSettings {
  readonly model?: string;
  stop?: string[];
  readonly tools?: readonly BindToolsInput[];
  tool_choice?: ToolChoice;
  readonly parallel_tool_calls?: boolean;
  /** As OpenAI writes it: `json_schema`, `json_object` or `text`. */
  readonly response_format?: ResponseFormat;
  /** Applies to tools that do not say themselves. */
  readonly strict?: boolean;
}

export type ResponseFormat =
  | { readonly type: "text" | "json_object" }
  | {
      readonly type: "json_schema";
      readonly json_schema: {
        readonly name?: string;
        readonly description?: string;
        readonly schema?: unknown;
        readonly strict?: boolean | null;
      };
    };

type Fields = Readonly<Partial<Record<keyof ChatCrosspointSettings, unknown>>>;

/** The settings that go into a request as they are, by the name that they have there. */
const REQUEST_FIELDS = {
  temperature: "temperature",
  topP: "topP",
  topK: "topK",
  frequencyPenalty: "frequencyPenalty",
  presencePenalty: "presencePenalty",
  maxTokens: "maxOutputTokens",
  seed: "seed",
  n: "n",
  logprobs: "logprobs",
  topLogprobs: "topLogprobs",
  reasoning: "reasoning",
  verbosity: "verbosity",
  serviceTier: "serviceTier",
  modalities: "modalities",
  promptCacheKey: "promptCacheKey",
  cacheControl: "cache",
  user: "user",
  store: "store",
  providerOptions: "providerOptions",
} as const satisfies Partial<Record<keyof ChatCrosspointSettings, keyof ModelRequest>>;

/** The settings of the layer rather than the model. */
const CALL_FIELDS = {
  headers: "headers",
  apiKey: "apiKey",
  fallbacks: "fallbacks",
  maxRetries: "retries",
  unsupported: "unsupported",
} as const;

/** Every name of a setting. */
export const SETTINGS: readonly (keyof ChatCrosspointSettings)[] = [
  ...(Object.keys({ ...REQUEST_FIELDS, ...CALL_FIELDS }) as (keyof ChatCrosspointSettings)[]),
  "reasoningEffort",
  "attribution",
];

/** What must not leave the process with a trace or a serialised model. */
export const SECRETS = ["headers", "apiKey"] as const;

/** The settings of a model with those of a call over them, in the words of a request. */
export function requestSettings(model: Fields, call: Fields): Partial<ModelRequest> {
  const settings = pick(model, call, REQUEST_FIELDS) as { reasoning?: Reasoning };
  const effort = call.reasoningEffort ?? (call.reasoning === undefined ? model.reasoningEffort : undefined);
  if (effort !== undefined && effort !== null)
    settings.reasoning = { ...settings.reasoning, effort: effort as NonNullable<Reasoning["effort"]> };
  return settings;
}

/** The settings of the layer, in its own words. */
export function layerSettings(model: Fields, call: Fields): Record<string, unknown> {
  return pick(model, call, CALL_FIELDS);
}

function pick(
  model: Fields,
  call: Fields,
  fields: Readonly<Partial<Record<keyof ChatCrosspointSettings, string>>>,
): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields) as [keyof ChatCrosspointSettings, string][]) {
    const value = call[name] ?? model[name];
    if (value !== undefined && value !== null) picked[field] = value;
  }
  return picked;
}

/** OpenAI's `response_format` in the layer's words. */
export function toOutput(format: ResponseFormat | undefined): OutputFormat | undefined {
  if (format === undefined || format === null) return undefined;
  if (format.type !== "json_schema") return format.type === "json_object" ? { type: "json" } : undefined;
  const { name, description, schema, strict } = format.json_schema;
  return {
    type: "json",
    ...(name === undefined ? undefined : { name }),
    ...(description === undefined ? undefined : { description }),
    ...(schema === undefined ? undefined : { schema: toSchema(schema) }),
    ...(typeof strict === "boolean" ? { strict } : undefined),
  };
}
