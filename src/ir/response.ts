import type { Part, Source, ToolCallPart } from "./content.ts";
import type { JSONObject } from "./json.ts";
import type { CrosspointError } from "./error.ts";
import type { Usage } from "./usage.ts";

/** Why the model stopped: one word for all providers, and the provider's own. */
export interface FinishReason {
  readonly unified: "stop" | "length" | "tool-calls" | "content-filter" | "error" | "other";
  readonly raw?: string;
  /** The stop sequence that was met, where the provider tells. */
  readonly stopSequence?: string;
}

/**
 * Something that was changed or dropped on the way. `unsupported`: the target cannot take the feature; `compatibility`: it was
 * carried in another form; `other`: anything else worth knowing.
 */
export interface Warning {
  readonly type: "unsupported" | "compatibility" | "other";
  /** The setting or part concerned, in IR words: `topK`, `messages[3].content[0]`. */
  readonly feature: string;
  readonly details?: string;
}

/** One line of an invoice. */
export interface CostItem {
  readonly kind: string;
  readonly quantity: number;
  /** US dollars per million units. */
  readonly unitPrice: number;
  /** US dollars. */
  readonly amount: number;
}

/** What a call cost. */
export interface Cost {
  /** US dollars. */
  readonly total: number;
  /** The same in billionths of a US dollar, exact. */
  readonly nanoUsd: number;
  readonly items: readonly CostItem[];
  /**
   * Where the prices come from: the built-in catalogue, the `prices` option, the list that the `catalogue` option loads, or the provider's own
   * figure.
   */
  readonly source: "catalogue" | "override" | "refresh" | "provider";
  /** The day the prices were read, `YYYY-MM-DD`. */
  readonly date?: string;
  readonly estimated?: boolean;
}

/** A deployment that could not take an attempt, and why. */
export interface DroppedDeployment {
  readonly deployment: string;
  readonly reason: string;
}

/** A group that was passed over as a whole, and why. */
export interface SkippedGroup {
  readonly group: string;
  readonly reason: string;
}

/** Why an attempt went where it went. */
export interface RouteDecision {
  /** The name that was looked up: what the call asked for, or a fallback. */
  readonly group: string;
  readonly strategy: string;
  /** The deployments that could have taken it, the chosen one included. */
  readonly candidates: readonly string[];
  readonly dropped?: readonly DroppedDeployment[];
  /** What the strategy compared, by deployment: the lowest won. */
  readonly scores?: Readonly<Record<string, number>>;
  /** The groups that were passed over on the way from the attempt before; with the last attempt of a call that failed, those after it too. */
  readonly skipped?: readonly SkippedGroup[];
}

/** One try at one deployment. */
export interface Attempt {
  readonly provider: string;
  readonly model: string;
  readonly deployment: string;
  /** Why this deployment was tried; `hedge`: beside one that was slow. */
  readonly reason: "first" | "retry" | "fallback" | "hedge";
  /** Absent where there was nothing to decide. */
  readonly decision?: RouteDecision;
  readonly outcome: "success" | "failure" | "aborted";
  readonly error?: CrosspointError;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds until the first event, and until the end. */
  readonly firstEventMs?: number;
  readonly durationMs?: number;
  readonly usage?: Usage;
  readonly cost?: Cost;
}

/** One answer of several (`n` above 1). */
export interface Choice {
  readonly content: readonly Part[];
  readonly finishReason: FinishReason;
}

/** A whole answer. */
export interface ModelResponse {
  /** The provider's id of the response. */
  readonly id?: string;
  /** The model that answered, as the provider names it. */
  readonly model: string;
  readonly provider: string;
  readonly deployment: string;
  /** Seconds since 1970, as the provider tells. */
  readonly created?: number;
  readonly content: readonly Part[];
  /** The text parts of `content`, joined; comments on the way (`phase`) only where no final answer follows them. */
  readonly text: string;
  /** The visible reasoning, joined. */
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCallPart[];
  /** Every source of `content`, once: those of citations and those that stand alone. */
  readonly sources: readonly Source[];
  readonly finishReason: FinishReason;
  /** All answers, the first included, when more than one was asked for. */
  readonly choices?: readonly Choice[];
  readonly usage: Usage;
  /** Absent when a price is unknown; never a wrong 0. */
  readonly cost?: Cost;
  readonly serviceTier?: string;
  readonly warnings: readonly Warning[];
  readonly attempts: readonly Attempt[];
  /** The provider's id of the HTTP request, for its support. */
  readonly requestId?: string;
  readonly rateLimit?: RateLimit;
  readonly providerMetadata?: Readonly<Record<string, JSONObject>>;
}

/** What the provider's rate-limit headers say. Resets are milliseconds from now. */
export interface RateLimit {
  readonly limitRequests?: number;
  readonly remainingRequests?: number;
  readonly resetRequestsMs?: number;
  readonly limitTokens?: number;
  readonly remainingTokens?: number;
  readonly resetTokensMs?: number;
}
