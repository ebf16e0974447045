import type { Citation, Opaque, Part, ProviderOptions, TokenLogprob } from "./content.ts";
import type { JSONObject } from "./json.ts";
import type { Cost, FinishReason, Warning } from "./response.ts";
import type { Usage } from "./usage.ts";

/** First event of a response; comes again only after `response-restart`. */
export interface ResponseStart {
  readonly type: "response-start";
  /** The provider's id of the response. */
  readonly id?: string;
  /** The model that answers, as the provider names it. */
  readonly model?: string;
  /** Seconds since 1970. */
  readonly created?: number;
  /** Where the answer comes from, and the provider's id of the HTTP request; the pipeline fills them in. */
  readonly provider?: string;
  readonly deployment?: string;
  readonly requestId?: string;
  /** What the translation of the request changed or dropped; `response-end` tells it again, with all that came later. */
  readonly warnings?: readonly Warning[];
}

/** `id` names the block; it is unique within a response, and every started block is ended. `choice` counts answers from 0. */
interface BlockStart {
  readonly id: string;
  readonly choice?: number;
  readonly itemId?: string;
}

export interface TextStart extends BlockStart {
  readonly type: "text-start";
  /** The text is a refusal: it folds to a `refusal` part. */
  readonly refusal?: boolean;
  readonly phase?: "commentary" | "final_answer";
}
export interface TextDelta {
  readonly type: "text-delta";
  readonly id: string;
  readonly text: string;
  readonly logprobs?: readonly TokenLogprob[];
}
export interface TextEnd {
  readonly type: "text-end";
  readonly id: string;
  readonly citations?: readonly Citation[];
  readonly opaque?: readonly Opaque[];
}

export interface ReasoningStart extends BlockStart {
  readonly type: "reasoning-start";
  readonly form?: "raw" | "summary" | "redacted";
}
export interface ReasoningDelta {
  readonly type: "reasoning-delta";
  readonly id: string;
  readonly text: string;
}
export interface ReasoningEnd {
  readonly type: "reasoning-end";
  readonly id: string;
  readonly opaque?: readonly Opaque[];
}

/** `id` is the tool call's id. The name is known when the block starts. */
export interface ToolCallStart extends BlockStart {
  readonly type: "tool-call-start";
  readonly name: string;
  readonly custom?: boolean;
  readonly namespace?: string;
  /** What the wire says of the call beyond this, by codec id: it becomes the part's. */
  readonly providerOptions?: ProviderOptions;
}
export interface ToolCallDelta {
  readonly type: "tool-call-delta";
  readonly id: string;
  readonly arguments: string;
}
export interface ToolCallEnd {
  readonly type: "tool-call-end";
  readonly id: string;
  /** The id that results must name, where the provider had only a provisional one at the start. Default `id`. */
  readonly callId?: string;
  readonly opaque?: readonly Opaque[];
}

/** A part that comes whole: a file, a source, a provider's own block. Never text, reasoning or a tool call. */
export interface PartEvent {
  readonly type: "part";
  readonly part: Part;
  readonly choice?: number;
}

/** All that was shown since `response-start` is void: another attempt answers from the beginning. */
export interface ResponseRestart {
  readonly type: "response-restart";
  readonly reason: string;
}

/** Last event of a response that came to its end. A response that failed has none: reading it throws. */
export interface ResponseEnd {
  readonly type: "response-end";
  readonly finishReason: FinishReason;
  /** The finish reasons of the answers after the first, when more than one was asked for. */
  readonly otherFinishReasons?: readonly FinishReason[];
  readonly usage?: Usage;
  readonly cost?: Cost;
  readonly serviceTier?: string;
  /** What the provider sent and no field here holds, by family. */
  readonly providerMetadata?: Readonly<Record<string, JSONObject>>;
  readonly warnings?: readonly Warning[];
}

export type StreamEvent =
  | ResponseStart
  | TextStart
  | TextDelta
  | TextEnd
  | ReasoningStart
  | ReasoningDelta
  | ReasoningEnd
  | ToolCallStart
  | ToolCallDelta
  | ToolCallEnd
  | PartEvent
  | ResponseRestart
  | ResponseEnd;
