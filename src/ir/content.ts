import type { JSONObject, JSONValue } from "./json.ts";

/**
 * State that only its origin understands: a thinking signature, encrypted reasoning, a thought signature. It is replayed to
 * the same family (and model) or dropped, never turned into text.
 */
export interface Opaque {
  /** The family of providers that made it (`Target.family`), or `sealed` for an envelope that is not opened yet. */
  readonly family: string;
  /** The upstream model that made it; absent when the wire that carried it does not tell. */
  readonly model?: string;
  /** What it is, in the codec's words: `signature`, `redacted`, `encrypted-content`, `thought-signature`, … */
  readonly kind: string;
  readonly data: string;
  /** The same state as an authenticated envelope, for clients whose wire is of another family. */
  readonly sealed?: string;
}

/** Marks the end of a prefix that the provider should cache; `ttl` is mapped to the nearest one that the target offers. */
export interface CacheHint {
  readonly ttl?: "5m" | "30m" | "1h" | "12h";
}

/** Options for one provider, by provider or codec id, merged verbatim into what is sent there. */
export type ProviderOptions = Readonly<Record<string, JSONObject>>;

interface PartBase {
  /** The provider's id of this item, where it has one (OpenAI Responses items). */
  readonly itemId?: string;
  readonly cache?: CacheHint;
  readonly opaque?: readonly Opaque[];
  readonly providerOptions?: ProviderOptions;
}

/** A place that an answer rests on. */
export interface Source {
  readonly id?: string;
  readonly url?: string;
  readonly title?: string;
  /** Set for documents. */
  readonly mediaType?: string;
  readonly filename?: string;
  /** The provider's id of the file, for file citations. */
  readonly fileId?: string;
}

/** Ties a span of the answer, or of a source, to the source. Indexes are UTF-16 code units of the text part; `end` is exclusive. */
export interface Citation {
  readonly source: Source;
  readonly answerStart?: number;
  readonly answerEnd?: number;
  /** The words of the source that are cited. */
  readonly citedText?: string;
  /** The citation as the provider sent it, replayed only to `family`. */
  readonly raw?: { readonly family: string; readonly value: JSONObject };
}

export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes?: readonly number[];
  readonly top?: readonly { readonly token: string; readonly logprob: number; readonly bytes?: readonly number[] }[];
}

export interface TextPart extends PartBase {
  readonly type: "text";
  readonly text: string;
  readonly citations?: readonly Citation[];
  readonly logprobs?: readonly TokenLogprob[];
  /** OpenAI Responses: whether the text is a comment on the way or the answer. */
  readonly phase?: "commentary" | "final_answer";
}

/** Where the bytes of a file are. `base64` has no data-URL prefix. An `id` belongs to one family of providers. */
export type FileData =
  | { readonly type: "base64"; readonly base64: string }
  | { readonly type: "bytes"; readonly bytes: Uint8Array }
  | { readonly type: "url"; readonly url: string }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "id"; readonly id: string; readonly family: string };

/** An image, a sound, a video or a document, told apart by `mediaType`. */
export interface FilePart extends PartBase {
  readonly type: "file";
  /** A full media type (`image/png`), or only its first half with a star (`image/*`) when the rest is unknown. */
  readonly mediaType: string;
  readonly data: FileData;
  readonly filename?: string;
  /** How closely an image is looked at (OpenAI `detail`, Gemini `mediaResolution`). */
  readonly detail?: "auto" | "low" | "high" | "original";
  /** Documents: a title, background for the model, and whether the answer may cite it (Anthropic). */
  readonly title?: string;
  readonly context?: string;
  readonly citable?: boolean;
  /** Generated sound: what it says. */
  readonly transcript?: string;
}

export interface ReasoningPart extends PartBase {
  readonly type: "reasoning";
  /** Empty when the provider shows nothing and only `opaque` counts. */
  readonly text: string;
  readonly form?: "raw" | "summary" | "redacted";
}

export interface ToolCallPart extends PartBase {
  readonly type: "tool-call";
  readonly id: string;
  readonly name: string;
  /** The arguments as sent: JSON text (perhaps invalid), or free text when `custom`. */
  readonly arguments: string;
  /** A free-form call: `arguments` is text, not JSON. */
  readonly custom?: boolean;
  /** OpenAI Responses: the namespace that the tool was declared in. */
  readonly namespace?: string;
}

/** What a tool gave back. A bare string is shorthand for text. */
export type ToolOutput =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "json"; readonly value: JSONValue }
  | { readonly type: "content"; readonly parts: readonly (TextPart | FilePart | ProviderPart)[] }
  | { readonly type: "denied"; readonly reason?: string };

export interface ToolResultPart extends PartBase {
  readonly type: "tool-result";
  /** The `id` of the tool call that it answers. */
  readonly callId: string;
  /** The tool's name; looked up from the call when absent. */
  readonly name?: string;
  readonly output: string | ToolOutput;
  readonly isError?: boolean;
  readonly custom?: boolean;
}

export interface RefusalPart extends PartBase {
  readonly type: "refusal";
  readonly text: string;
}

/** A source that is tied to no span of text. */
export interface SourcePart extends PartBase {
  readonly type: "source";
  readonly source: Source;
}

/** A block of one family that has no form elsewhere (server-side tools, compaction): replayed to that family, else dropped. */
export interface ProviderPart extends PartBase {
  readonly type: "provider";
  readonly family: string;
  /** The wire that `raw` is a block of. */
  readonly codec: string;
  readonly raw: JSONObject;
}

export type Part = TextPart | FilePart | ReasoningPart | ToolCallPart | ToolResultPart | RefusalPart | SourcePart | ProviderPart;

export interface Message {
  readonly role: "system" | "user" | "assistant" | "tool";
  /** A string is shorthand for one text part. The order of parts is meaning. */
  readonly content: string | readonly Part[];
  readonly id?: string;
  readonly name?: string;
  /** `role: "system"` that the client's wire called `developer`. */
  readonly developer?: boolean;
  readonly cache?: CacheHint;
  readonly providerOptions?: ProviderOptions;
}
