import type { Json } from "./core/json.ts";

/** The four generation formats the simulator speaks. */
export type Wire = "openai-chat" | "openai-responses" | "anthropic-messages" | "gemini";

/** Neutral reasons; any other string is sent as the provider's own raw value. */
export type StepFinishReason =
  | "stop"
  | "stop-sequence"
  | "length"
  | "tool-calls"
  | "content-filter"
  | "context-window"
  | "pause"
  | (string & {});

/** Token counts. `input` includes cache reads and writes, `output` includes reasoning. */
export interface StepUsage {
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly reasoning?: number;
}

export interface StepToolCall {
  readonly name: string;
  /** An object, or the raw string to send where the wire carries a string (it may be invalid JSON). */
  readonly arguments: Json;
  /** Default: an id in the provider's own style. */
  readonly id?: string;
}

export interface StepCitation {
  readonly url: string;
  readonly title?: string;
  /** Span of the answer text in UTF-16 units. Default: the whole text. */
  readonly start?: number;
  readonly end?: number;
}

export interface StepLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly top?: readonly { readonly token: string; readonly logprob: number }[];
}

/** One answer of a simulated model, in no provider's words. */
export interface Step {
  readonly text?: string;
  readonly reasoning?: string;
  /** Anthropic: the reasoning is sent redacted. */
  readonly redacted?: boolean;
  readonly toolCalls?: readonly StepToolCall[];
  /** Structured output; sent as JSON text. */
  readonly output?: Json;
  readonly usage?: StepUsage;
  readonly finishReason?: StepFinishReason;
  readonly refusal?: string;
  readonly citations?: readonly StepCitation[];
  readonly logprobs?: readonly StepLogprob[];
  /** How many deltas the text is streamed in, or the length of each in code points. Default: one per word. */
  readonly chunks?: number | readonly number[];
  /** Cuts the stream into network chunks of this many bytes, across characters and frames. */
  readonly splitBytes?: number;
  /** Milliseconds between deltas. Default: 0. */
  readonly delayMs?: number;
  readonly fault?: Fault;
  /** Answers only requests for this model. */
  readonly model?: string;
  /** Answers only requests on this wire. */
  readonly wire?: Wire;
}

/** What an injected error says; defaults follow the status as the provider would. */
export interface FaultError {
  readonly message?: string;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
}

/**
 * Something that goes wrong. "Chunks" are deltas that carry content: frames that open a stream are not counted.
 * Fields combine, for instance `{ delayMs: 100, status: 503 }`.
 */
export interface Fault {
  /** Answer with this status and an error body in the provider's form. */
  readonly status?: number;
  readonly error?: FaultError;
  /** Added to the response, also to a successful one. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds, sent as `retry-after`. */
  readonly retryAfter?: number;
  /** Wait before the response headers. */
  readonly delayMs?: number;
  /** Silence of this length after `afterChunks` deltas (default 0: before the first). */
  readonly stallMs?: number;
  readonly afterChunks?: number;
  /** Destroy the connection before the headers, or after this many deltas. */
  readonly reset?: "before-headers" | number;
  /** End the body cleanly after this many deltas, without the rest. */
  readonly cutAfterChunks?: number;
  /** Put a frame of broken JSON after this many deltas, then go on. */
  readonly malformedAfterChunks?: number;
  /** Send an error in the stream's own form after this many deltas, then end. */
  readonly errorAfterChunks?: { readonly after: number; readonly status?: number } & FaultError;
  /** Leave out the frame that ends the stream (`[DONE]`, `message_stop`, `response.completed`, Gemini's finish chunk). */
  readonly noTerminator?: boolean;
  /** Cut a non-streamed JSON body in half. */
  readonly truncateJson?: boolean;
}

/** A fault with its address: which requests it hits and how many of them. */
export interface FaultSpec extends Fault {
  readonly wire?: Wire;
  readonly model?: string;
  /** How many matching requests are hit. Default: 1; `Infinity` for all. */
  readonly times?: number;
}

export interface SimulatedTool {
  readonly name: string;
  readonly schema?: Json;
}

/** A request as the simulator understood it. */
export interface SimulatedRequest {
  readonly wire: Wire;
  readonly model: string;
  readonly stream: boolean;
  /** Text of the last user turn. */
  readonly text: string;
  readonly tools: readonly SimulatedTool[];
  /** Results that no assistant turn has answered yet. */
  readonly toolResults: readonly { readonly name: string; readonly text: string }[];
  readonly body: Json;
  readonly headers: Readonly<Record<string, string>>;
}

/** One request the simulator received. Secrets are removed from the headers and the path. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or the text when it was not JSON. */
  readonly body: Json;
  readonly wire: Wire;
  readonly model?: string;
  /** Milliseconds of the simulator's clock. */
  readonly time: number;
  readonly status?: number;
  /** The client went away before the answer was complete. */
  readonly aborted: boolean;
}

export interface SimulatorOptions {
  /** Refuse what the real provider refuses. Default: true. */
  readonly strict?: boolean;
  /** The only accepted key. Default: any key but `wrong` and those starting with `wrong-`. */
  readonly apiKey?: string;
  /** Model names that exist, or a test for them. Default: all but those starting with `missing-`. */
  readonly models?: readonly string[] | ((model: string) => boolean);
  readonly script?: Step | readonly Step[];
  /** Asked when no scripted step fits; `undefined` leaves the answer to the simulator. */
  readonly respond?: (request: SimulatedRequest) => Step | undefined;
  /** The field that carries reasoning text on Chat Completions; `none` sends only its token count. Default: `reasoning_content`. */
  readonly reasoningField?: "reasoning_content" | "reasoning" | "none";
  /** Largest request body in bytes. Default: 32 MiB. */
  readonly maxBodyBytes?: number;
  /** Key of the signatures on reasoning state. Two simulators with different secrets refuse each other's. */
  readonly secret?: string;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly clock?: () => number;
  /** Waits, and ends early when the signal aborts. Default: a timer. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface SimulatorServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface SimulatorProvider {
  readonly baseURL: string;
  readonly apiKey: string;
}

export interface Simulator {
  /** Answers in process, as `fetch` would over the network. */
  readonly fetch: typeof globalThis.fetch;
  /** Serves over HTTP on 127.0.0.1. */
  listen(options?: { readonly port?: number }): Promise<SimulatorServer>;
  /** Base URLs for the official clients. Default host: a name that cannot be resolved, for use with `fetch`. */
  baseURLs(url?: string): { readonly openai: string; readonly anthropic: string; readonly google: string };
  /** Settings for `createCrosspoint({ providers })`. */
  providers(url?: string): Readonly<Record<"openai" | "openai-chat" | "anthropic" | "google", SimulatorProvider>>;
  /** Adds steps to the queue; each answers one request. */
  script(steps: Step | readonly Step[]): void;
  /** Adds faults to the queue. */
  fault(faults: FaultSpec | readonly FaultSpec[]): void;
  /** Every request received since the last reset. */
  readonly requests: readonly RecordedRequest[];
  /** Answers under way: requests received whose body has not ended, failed or been cancelled. */
  readonly open: number;
  /** Forgets scripts, faults, requests, stored responses and caches. */
  reset(): void;
}
