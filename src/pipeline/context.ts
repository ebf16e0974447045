import type { CrosspointError } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { Attempt, Cost, RateLimit, Warning } from "../ir/response.ts";
import type { CodecId } from "../ir/target.ts";
import type { Usage } from "../ir/usage.ts";
import type { Deployment } from "../router/deployment.ts";
import type { ModelGroup } from "../router/groups.ts";
import type { Monitor } from "../router/monitor.ts";
import type { HedgeOption, Recovery } from "../router/options.ts";
import type { Attribution } from "../spend/attribution.ts";
import type { OpenCallTrace } from "../telemetry/call-trace.ts";
import type { OtelContext } from "../telemetry/otel.ts";
import type { Clock } from "../transport/clock.ts";
import type { Transport, WireEvent } from "../transport/transport.ts";
import type { Closing } from "./exchange.ts";
import type { Watch } from "./watch.ts";

/** What the layer takes from outside, so that a test can hand in its own. */
export interface Runtime {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly watch: Watch;
  /** Ends every call when the layer is closed. */
  readonly closing: Closing;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** An id that no other call of this process has. */
  readonly newId: (prefix: string) => string;
  /** Hears of every attempt, where calls may go to more than one place. */
  monitor: Monitor | undefined;
}

/** Milliseconds; absent means no bound. */
export interface Timeouts {
  /** The whole call until its answer begins (streams) or ends, all attempts together. */
  readonly deadline?: number;
  /** One attempt at a whole (not streamed) answer. */
  readonly timeout?: number;
  /** From sending until the first event that shows something, for streams. */
  readonly firstEventTimeout?: number;
  /** Silence within a stream. */
  readonly idleTimeout?: number;
  /** Tokens a second that a stream must show, about. */
  readonly minTokensPerSecond?: number | undefined;
}

/** An attempt while it is under way. */
export type AttemptRecord = { -readonly [K in keyof Attempt]: Attempt[K] };

/** What accounts for the attempts of a call while they run. */
export interface CallAccount {
  /** Before an attempt sends anything; throws or rejects when a budget or limit refuses it. */
  begin(request: ModelRequest, deployment: Deployment, record: AttemptRecord): void | Promise<void>;
  /** The attempt is being sent: from now on it may cost. */
  sends(record: AttemptRecord): void;
  /** Events of an attempt that is under way. */
  saw(record: AttemptRecord, events: readonly StreamEvent[]): void;
  /** The attempt is over. Fills in what it used where the provider did not tell. */
  end(record: AttemptRecord): void;
  /** Calls back once no attempt is under way. */
  whenIdle(callback: () => void): void;
  /** What a refusal by `begin` means for the search of an answer: it ends, or goes on at another deployment. */
  verdict(error: CrosspointError): "end" | "elsewhere" | undefined;
}

/** One call on its way through the stages. */
export interface CallContext {
  readonly id: string;
  readonly stream: boolean;
  readonly runtime: Runtime;
  /** The caller's own; with its reader's leaving, once another attempt follows one that broke off. */
  signal: AbortSignal | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly timeouts: Timeouts;
  /** Further tries after the first, where the group that is asked says nothing. */
  readonly retries: number;
  /** The call itself says how many. */
  readonly ownRetries: boolean;
  readonly fallbacks: readonly string[] | undefined;
  /** What happens to a stream that breaks off after a part of it was shown. */
  readonly recovery: Recovery;
  readonly hedge: HedgeOption | undefined;
  /** Only deployments of this region. */
  readonly region: string | undefined;
  readonly headers: Readonly<Record<string, string | undefined>> | undefined;
  readonly apiKey: string | undefined;
  readonly unsupported: "warn" | "drop" | "error";
  readonly attempts: AttemptRecord[];
  /** Warnings of the call itself; those of the translation are added by the attempt that answers. */
  readonly warnings: Warning[];
  attribution: Attribution | undefined;
  readonly onWire: ((event: WireEvent) => void) | undefined;
  /** Set where what calls use is counted. */
  account: CallAccount | undefined;
  /** OpenTelemetry's context where the call was made. */
  readonly outer: OtelContext | undefined;
  /** Set where the call has spans. */
  trace: OpenCallTrace | undefined;
  /** The client's wire, when it would take the provider's bytes unchanged. */
  readonly passThrough: CodecId | undefined;
  /** Set by the attempt that answers. */
  answer: Answer | undefined;
  usage: Usage | undefined;
  cost: Cost | undefined;
}

/** The signal that ends a wait between attempts: the caller's, or the closing of the layer. */
export function stopSignal({ signal, runtime: { closing } }: CallContext): AbortSignal {
  return signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
}

/** The call's own key where it may be used: it is meant for the provider that was asked first, a fallback elsewhere must not see it. */
export function ownKeyFor({ apiKey, attempts }: CallContext, provider: string): string | undefined {
  return attempts[0]?.provider === provider ? apiKey : undefined;
}

/** Further tries of a call: its own, else those of the group that it asks, else the layer's. */
export function retriesOf({ retries }: ModelGroup, context: CallContext): number {
  return context.ownRetries ? context.retries : (retries ?? context.retries);
}

/** Who answers. */
export interface Answer {
  readonly deployment: Deployment;
  readonly requestId: string | undefined;
  readonly rateLimit: RateLimit | undefined;
  /** The model as the provider names it, where it went on with another's answer. */
  readonly model?: string;
  /** The provider's whole body, where it may pass through to the client. */
  readonly body?: string;
}
