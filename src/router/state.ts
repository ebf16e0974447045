import type { Attempt } from "../ir/response.ts";
import type { Gate } from "./breaker.ts";
import type { MovingAverage } from "./moving-average.ts";
import type { MinuteCount } from "./minute-count.ts";

/** How a deployment fares. Deployments of several groups that are the same place share one. */
export interface DeploymentState {
  inFlight: number;
  /** Streams under way that have shown nothing yet, the oldest first. */
  readonly silent: Set<Attempt>;
  readonly gate: Gate;
  /** That of its key, shared by all deployments of the key. */
  readonly keyGate: Gate;
  /** Milliseconds until a stream shows something. */
  readonly firstEvent: MovingAverage;
  /** Milliseconds for each output token after that. */
  readonly perToken: MovingAverage;
  readonly requests: MinuteCount;
  readonly tokens: MinuteCount;
  /** The last times until the first event (of whole answers: until the end), a ring. */
  readonly recent: number[];
  successes: number;
  failures: number;
  /** Calls that wait for a place where `maxParallelRequests` are under way. */
  readonly waiting: (() => void)[];
}
