import type { JSONObject } from "crosspoint";

/** JSON that the AI SDK is given. */
export type Json = null | string | number | boolean | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** What providers say beside the standard fields, by provider. */
export type ProviderMetadata = Record<string, JsonObject>;

/** What callers tell providers, by provider. */
export type OptionsInput = Readonly<Record<string, JSONObject>>;

interface WithOptions {
  readonly providerOptions?: OptionsInput | undefined;
}

/** Where the bytes of a file are: tagged (V4), or a bare string, bytes or URL (V2, V3). */
export type FileDataInput =
  | { readonly type: "data"; readonly data: Uint8Array | string }
  | { readonly type: "url"; readonly url: URL }
  | { readonly type: "reference"; readonly reference: Readonly<Record<string, string>> }
  | { readonly type: "text"; readonly text: string }
  | Uint8Array
  | string
  | URL;

export type ToolContentPart = WithOptions &
  (
    | { readonly type: "text"; readonly text: string }
    | { readonly type: "file"; readonly data: FileDataInput; readonly mediaType: string; readonly filename?: string | undefined }
    | {
        readonly type: "file-data" | "image-data" | "media";
        readonly data: string;
        readonly mediaType: string;
        readonly filename?: string | undefined;
      }
    | { readonly type: "file-url" | "image-url"; readonly url: string }
    | { readonly type: "file-id" | "image-file-id"; readonly fileId: string | Readonly<Record<string, string>> }
    | { readonly type: "custom" }
  );

export type ToolOutputInput = WithOptions &
  (
    | { readonly type: "text" | "error-text"; readonly value: string }
    | { readonly type: "json" | "error-json"; readonly value: unknown }
    | { readonly type: "execution-denied"; readonly reason?: string | undefined }
    | { readonly type: "content"; readonly value: readonly ToolContentPart[] }
  );

export type PromptPart = WithOptions &
  (
    | { readonly type: "text" | "reasoning"; readonly text: string }
    | {
        readonly type: "file" | "reasoning-file";
        readonly data: FileDataInput;
        readonly mediaType: string;
        readonly filename?: string | undefined;
      }
    | { readonly type: "custom"; readonly kind: string }
    | {
        readonly type: "tool-call";
        readonly toolCallId: string;
        readonly toolName: string;
        readonly input: unknown;
        readonly providerExecuted?: boolean | undefined;
      }
    | { readonly type: "tool-result"; readonly toolCallId: string; readonly toolName: string; readonly output: ToolOutputInput }
    | { readonly type: "tool-approval-response"; readonly approvalId: string; readonly approved: boolean }
  );

export interface PromptMessage extends WithOptions {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string | readonly PromptPart[];
}

export type ToolInput =
  | (WithOptions & {
      readonly type: "function";
      readonly name: string;
      readonly description?: string | undefined;
      readonly inputSchema: object;
      readonly inputExamples?: readonly { readonly input: object }[] | undefined;
      readonly strict?: boolean | undefined;
    })
  | {
      readonly type: "provider" | "provider-defined";
      readonly id: string;
      readonly name: string;
      readonly args: Readonly<Record<string, unknown>>;
    };

/** What the AI SDK hands to a language model: the union of specifications V3 and V4. */
export interface LanguageModelCall extends WithOptions {
  readonly prompt: readonly PromptMessage[];
  readonly maxOutputTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly stopSequences?: readonly string[] | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  readonly seed?: number | undefined;
  readonly responseFormat?:
    | { readonly type: "text" }
    | {
        readonly type: "json";
        readonly schema?: object | undefined;
        readonly name?: string | undefined;
        readonly description?: string | undefined;
      }
    | undefined;
  readonly tools?: readonly ToolInput[] | undefined;
  readonly toolChoice?: { readonly type: "auto" | "none" | "required" } | { readonly type: "tool"; readonly toolName: string } | undefined;
  readonly reasoning?: "provider-default" | "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max" | undefined;
  readonly includeRawChunks?: boolean | undefined;
  readonly abortSignal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
}

interface WithMetadata {
  providerMetadata?: ProviderMetadata;
}

export type SourcePart = WithMetadata &
  (
    | { type: "source"; sourceType: "url"; id: string; url: string; title?: string }
    | { type: "source"; sourceType: "document"; id: string; mediaType: string; title: string; filename?: string }
  );

export interface Citation {
  source: SourcePart;
  startIndex?: number;
  endIndex?: number;
  citedText?: string;
}

export interface ToolCallPart extends WithMetadata {
  type: "tool-call";
  toolCallId: string;
  toolName: string;
  /** JSON text. */
  input: string;
  providerExecuted?: boolean;
  dynamic?: boolean;
}

export interface ToolResultPart extends WithMetadata {
  type: "tool-result";
  toolCallId: string;
  toolName: string;
  result: NonNullable<Json>;
  isError?: boolean;
  dynamic?: boolean;
}

/** Parts that are the same in whole answers and in streams. */
export type SharedPart<File> = SourcePart | ToolCallPart | ToolResultPart | File;

export interface FilePartV4 extends WithMetadata {
  type: "file";
  mediaType: string;
  data: { type: "data"; data: string | Uint8Array } | { type: "url"; url: URL };
}
export interface CustomPartV4 extends WithMetadata {
  type: "custom";
  kind: `${string}.${string}`;
}
export interface FilePartV3 extends WithMetadata {
  type: "file";
  mediaType: string;
  data: string | Uint8Array;
}

export type OwnPartV4 = FilePartV4 | CustomPartV4;

export type ContentPart<File = OwnPartV4> =
  | (WithMetadata & { type: "text"; text: string; citations?: Citation[] })
  | (WithMetadata & { type: "reasoning"; text: string })
  | SharedPart<File>;

export interface TokenUsage {
  inputTokens: {
    total: number | undefined;
    noCache: number | undefined;
    cacheRead: number | undefined;
    cacheWrite: number | undefined;
  };
  outputTokens: { total: number | undefined; text: number | undefined; reasoning: number | undefined };
  raw?: JsonObject;
}

export interface FinishReasonPart {
  unified: "stop" | "length" | "content-filter" | "tool-calls" | "error" | "other";
  raw: string | undefined;
}

export type CallWarning = { type: "unsupported" | "compatibility"; feature: string; details?: string } | { type: "other"; message: string };

export interface ResponseMetadata {
  id?: string;
  timestamp?: Date;
  modelId?: string;
}

export type StreamPart<File = OwnPartV4> =
  | { type: "stream-start"; warnings: CallWarning[] }
  | ({ type: "response-metadata" } & ResponseMetadata)
  | (WithMetadata & { type: "text-start" | "reasoning-start" | "reasoning-end" | "tool-input-end"; id: string })
  | (WithMetadata & { type: "text-end"; id: string; citations?: Citation[] })
  | (WithMetadata & { type: "text-delta" | "reasoning-delta" | "tool-input-delta"; id: string; delta: string })
  | (WithMetadata & { type: "tool-input-start"; id: string; toolName: string; inputEncoding?: "json" | "text" })
  | SharedPart<File>
  | (WithMetadata & { type: "finish"; usage: TokenUsage; finishReason: FinishReasonPart })
  | { type: "raw"; rawValue: unknown }
  | { type: "error"; error: unknown };

export interface GenerateResult<File = OwnPartV4> {
  content: ContentPart<File>[];
  finishReason: FinishReasonPart;
  usage: TokenUsage;
  providerMetadata: ProviderMetadata;
  request?: { body?: unknown };
  response: ResponseMetadata & { headers?: Record<string, string>; body?: unknown };
  warnings: CallWarning[];
}

export interface StreamResult<File = OwnPartV4> {
  stream: ReadableStream<StreamPart<File>>;
  request?: { body?: unknown };
  response?: { headers?: Record<string, string> };
}

interface Model<Version extends "v3" | "v4", File> {
  readonly specificationVersion: Version;
  readonly provider: string;
  readonly modelId: string;
  readonly supportedUrls: Record<string, RegExp[]>;
  doGenerate(options: LanguageModelCall): Promise<GenerateResult<File>>;
  doStream(options: LanguageModelCall): Promise<StreamResult<File>>;
}

export interface EmbeddingCall {
  readonly values: readonly string[];
  readonly dimensions?: number | undefined;
  readonly abortSignal?: AbortSignal | undefined;
  readonly providerOptions?: OptionsInput | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
}

export interface EmbeddingResult {
  embeddings: number[][];
  usage?: { tokens: number };
  providerMetadata: ProviderMetadata;
  response: { headers?: Record<string, string> };
  warnings: CallWarning[];
}

interface Embedder<Version extends "v3" | "v4"> {
  readonly specificationVersion: Version;
  readonly provider: string;
  readonly modelId: string;
  readonly maxEmbeddingsPerCall: number;
  readonly supportsParallelCalls: boolean;
  doEmbed(options: EmbeddingCall): Promise<EmbeddingResult>;
}

interface Provider<Version extends "v3" | "v4", File> {
  /** The model of that name: `provider/model`, a well-known bare name, or a name of the `models` option. */
  (modelId: string): Model<Version, File>;
  readonly specificationVersion: Version;
  languageModel(modelId: string): Model<Version, File>;
  chat(modelId: string): Model<Version, File>;
  embeddingModel(modelId: string): Embedder<Version>;
  textEmbeddingModel(modelId: string): Embedder<Version>;
  /** Throws NoSuchModelError: the layer has no image models. */
  imageModel(modelId: string): never;
}

/** A language model of specification V4, which `ai` 7 takes. */
export type CrosspointLanguageModel = Model<"v4", OwnPartV4>;
/** A language model of specification V3, which `ai` 6 takes. */
export type CrosspointLanguageModelV3 = Model<"v3", FilePartV3>;
export type CrosspointEmbeddingModel = Embedder<"v4">;
export type CrosspointEmbeddingModelV3 = Embedder<"v3">;
/** A provider of specification V4. */
export type CrosspointProvider = Provider<"v4", OwnPartV4>;
/** A provider of specification V3. */
export type CrosspointProviderV3 = Provider<"v3", FilePartV3>;
