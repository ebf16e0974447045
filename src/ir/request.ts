import type { CacheHint, Message, ProviderOptions } from "./content.ts";
import type { JSONObject } from "./json.ts";
import type { Tool, ToolChoice } from "./tool.ts";

export type ReasoningEffort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** Three independent axes; each is translated by itself. */
export interface Reasoning {
  readonly effort?: ReasoningEffort;
  /** Tokens to think with: 0 turns thinking off, `dynamic` leaves the amount to the model. */
  readonly budget?: number | "dynamic";
  /** What the caller gets to see of it. Default: what the provider shows by itself. */
  readonly visibility?: "none" | "auto" | "concise" | "detailed";
}

export type OutputFormat =
  | { readonly type: "text" }
  | {
      readonly type: "json";
      /** JSON Schema of the answer; absent asks for any JSON. */
      readonly schema?: JSONObject;
      readonly name?: string;
      readonly description?: string;
      readonly strict?: boolean;
    };

/** What happens to a setting that the target cannot take: report it on the response, drop it silently, or refuse the call. */
export type UnsupportedPolicy = "warn" | "drop" | "error";

/** What a model is asked, in no provider's words. */
export interface ModelRequest {
  /** `provider/model`, a well-known bare name, or a name from the `models` option. */
  readonly model: string;
  readonly messages: readonly Message[];
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly output?: OutputFormat;
  readonly reasoning?: Reasoning;
  /** Upper bound of the answer in tokens, reasoning included. */
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  /** Number of answers to the same question. Default 1. */
  readonly n?: number;
  readonly logprobs?: boolean;
  readonly topLogprobs?: number;
  readonly logitBias?: Readonly<Record<string, number>>;
  readonly verbosity?: "low" | "medium" | "high";
  readonly serviceTier?: string;
  readonly modalities?: readonly string[];
  /** Groups requests that share a prefix (OpenAI `prompt_cache_key`). */
  readonly promptCacheKey?: string;
  /** Whole-request cache marker (Anthropic's top-level `cache_control`). */
  readonly cache?: CacheHint;
  /** The caller's end user in the provider's own field (`user`, Anthropic `metadata.user_id`). */
  readonly user?: string;
  readonly safetyIdentifier?: string;
  /** Key and value pairs stored by the provider (OpenAI `metadata`). */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Whether the provider keeps the response. */
  readonly store?: boolean;
  readonly providerOptions?: ProviderOptions;
}
