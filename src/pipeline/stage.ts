import type { CrosspointError } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { CallContext } from "./context.ts";

/** How a source came to its end: `error` when it failed, `cancelled` when its reader left early. */
export interface Outcome {
  readonly error?: CrosspointError;
  readonly cancelled?: boolean;
}

/** The events of one answer, in batches as they arrive. */
export interface EventSource {
  /** The next batch, never empty, or `undefined` after the last. Rejects with the failure; nothing follows one. */
  pull(): Promise<readonly StreamEvent[] | undefined>;
  /** The next batch, where it is there already: spares who asks a wait. */
  take?(): readonly StreamEvent[] | undefined;
  /** Ends early and closes what is upstream; idempotent. */
  cancel(this: void): void;
  /** Calls back once, when the last batch was pulled, the source failed or was cancelled. A callback costs nothing per batch. */
  onSettled(callback: (outcome: Outcome) => void): void;
  /** The provider's own bytes, for a client of the same wire; present only where nothing must change. Pull either these or events. */
  pullBytes?(): Promise<Uint8Array | undefined>;
}

/** Answers a request with its events. Rejects when nothing was shown yet. */
export type Handler = (request: ModelRequest, context: CallContext) => Promise<EventSource>;

/** A step that every call passes, around the steps after it. */
export type Stage = (next: Handler) => Handler;

/** Nests the stages, the first one outermost, around the handler. */
export function compose(stages: readonly Stage[], handler: Handler): Handler {
  return stages.reduceRight<Handler>((next, stage) => stage(next), handler);
}
