import type { Step, StepCitation, StepLogprob, Wire } from "../types.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Signer } from "./signing.ts";

/** A refusal of the provider, before it is put in that provider's words. */
export interface Failure {
  readonly status: number;
  readonly message: string;
  readonly type?: string;
  readonly code?: string | null;
  readonly param?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly details?: readonly Json[];
}

/** A stretch of the prompt; a breakpoint marks the end of a cacheable prefix. */
export interface Segment {
  readonly text: string;
  /** Tokens that are not text. */
  readonly tokens?: number;
  readonly breakpoint?: boolean;
}

export interface ToolOffer {
  readonly name: string;
  readonly schema?: Json;
  readonly freeform?: boolean;
}

/** What a request asks for, the same for every wire. */
export interface Turn {
  readonly wire: Wire;
  readonly model: string;
  readonly stream: boolean;
  readonly text: string;
  readonly media: readonly string[];
  readonly tools: readonly ToolOffer[];
  readonly choice: { readonly mode: "auto" | "none" | "required"; readonly names?: readonly string[] };
  readonly parallel: boolean;
  readonly toolResults: readonly { readonly name: string; readonly text: string }[];
  /** Tools called since the last user text. */
  readonly called: readonly string[];
  /** `true` for any JSON, else a JSON Schema. */
  readonly output?: Json;
  readonly reasoning: boolean;
  readonly maxTokens?: number;
  readonly stop: readonly string[];
  readonly count: number;
  readonly logprobs?: number;
  readonly prompt: readonly Segment[];
  readonly cache: "marked" | "automatic" | "none";
}

export interface ResolvedUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly reasoning: number;
}

export interface ResolvedCall {
  readonly id: string;
  readonly itemId: string;
  readonly name: string;
  readonly arguments: string;
  readonly freeform: boolean;
}

/** A complete answer, ready to be put on any wire. */
export interface Answer {
  readonly id: string;
  readonly itemId: string;
  readonly reasoningId: string;
  /** Milliseconds. */
  readonly created: number;
  readonly model: string;
  readonly reasoning?: string;
  readonly text?: string;
  readonly refusal?: string;
  readonly toolCalls: readonly ResolvedCall[];
  readonly citations: readonly StepCitation[];
  readonly logprobs?: readonly StepLogprob[];
  readonly finish: string;
  readonly stopSequence?: string;
  readonly usage: ResolvedUsage;
  readonly count: number;
  /** Text, or refusal, as it is streamed. */
  readonly pieces: readonly string[];
  readonly reasoningPieces: readonly string[];
  readonly step: Step;
}

/** One event of a stream. `delta` frames carry content and are the chunks that faults count. */
export interface Frame {
  readonly kind: "head" | "delta" | "tail" | "end";
  readonly event?: string;
  readonly data: string;
}

export interface WireContext {
  readonly signer: Signer;
  readonly headers: Readonly<Record<string, string>>;
  /** Model named by the path. */
  readonly model: string;
  readonly stream: boolean;
  readonly reasoningField: "reasoning_content" | "reasoning" | "none";
  readonly stored: ReadonlyMap<string, StoredResponse>;
}

/** A response the provider kept, and the conversation up to and including it. */
export interface StoredResponse {
  readonly response: JsonObject;
  readonly items: readonly JsonObject[];
}

/** One wire format, seen from the provider's side. */
export interface WireSide {
  /** The request with server-side state filled in, or why it is refused; runs also when not strict. */
  expand?(body: JsonObject, context: WireContext): { readonly body: JsonObject } | { readonly failure: Failure };
  check(body: JsonObject, context: WireContext): Failure | undefined;
  read(body: JsonObject, context: WireContext): Turn;
  answer(answer: Answer, body: JsonObject, context: WireContext): JsonObject;
  frames(answer: Answer, body: JsonObject, context: WireContext): readonly Frame[];
  error(failure: Failure, requestId: string): JsonObject;
  errorFrame(failure: Failure, requestId: string): Frame;
}
