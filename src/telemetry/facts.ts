import type { CrosspointError } from "../ir/error.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { Attempt, Cost } from "../ir/response.ts";
import type { Target } from "../ir/target.ts";
import type { Usage } from "../ir/usage.ts";
import type { Price } from "../models/price.ts";
import type { ResolvedProvider } from "../providers/provider.ts";
import type { Attribution } from "../spend/attribution.ts";
import type { Content } from "./content.ts";
import type { Attributes } from "./otel.ts";

export type Operation = "chat" | "embeddings";

/** Who is asked, as far as telemetry needs to know. */
export interface Place {
  readonly id: string;
  readonly provider: Pick<ResolvedProvider, "id" | "family" | "baseURL" | "telemetryName">;
  readonly model: string;
  readonly target: Pick<Target, "codec">;
  readonly price?: Price;
  readonly priceSource?: "catalogue" | "override" | "refresh";
}

/** What a call that asks a model came to: one attempt, or all of them where another library's span stands for the call. */
export interface InferenceFacts {
  readonly kind: "inference";
  readonly operation: Operation;
  /** The name that the conventions give the provider; others go by their id. */
  readonly provider: string;
  /** The model that was asked, as its provider names it. */
  readonly model: string;
  readonly responseModel?: string;
  readonly responseId?: string;
  readonly finishReasons?: readonly string[];
  readonly stream: boolean;
  /** Milliseconds since 1970 of the first event of a stream, and from its beginning to that event. */
  readonly firstEventAt?: number;
  readonly firstEventMs?: number;
  readonly usage?: Usage;
  /** Absent when a price is unknown. */
  readonly cost?: Cost;
  readonly attribution?: Attribution;
  readonly content?: Content;
  readonly error?: CrosspointError;
  /** Its reader left, or the caller aborted it. */
  readonly cancelled: boolean;
  /** A gateway answered, whose spans in the same trace tell what was used: here it is left out. */
  readonly relayed?: boolean;
}

/** A span around attempts: it must never look like a call of a model. */
export interface RouteFacts {
  readonly kind: "route";
  readonly attribution?: Attribution;
}

export type SpanFacts = InferenceFacts | RouteFacts;

/** The attributes that one tool reads, beside those of the conventions. Pure. */
export type Preset = (facts: SpanFacts) => Attributes;

/** A preset as it is run: it adds to the attributes of the span. */
export type Fill = (attributes: Attributes, facts: SpanFacts) => void;

/** A call as the stage hands it over. */
export interface CallFacts {
  readonly id: string;
  readonly stream: boolean;
  /** The name that was asked for, and whether there was a choice who answers. */
  readonly asked: string;
  readonly routed: boolean;
  readonly attribution: Attribution | undefined;
  readonly attempts: readonly Attempt[];
  /** Milliseconds since the call began. */
  elapsed(): number;
  /** Whether an account fills in what attempts used that nothing tells of. */
  counted(): boolean;
  /** What all attempts used and cost together, or those of one outcome. */
  totals(outcome?: Attempt["outcome"]): { readonly usage: Usage | undefined; readonly cost: Cost | undefined };
}

/** An attempt that has begun. */
export interface Begun {
  readonly attempt: Attempt;
  readonly request: ModelRequest;
  readonly place: Place;
  readonly operation: Operation;
  /** Counts from 1. */
  readonly number: number;
}
