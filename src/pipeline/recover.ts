import { ERROR_CODES, type CrosspointError } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import { fallback } from "./fallback.ts";
import type { EventSource, Outcome } from "./stage.ts";
import { asFailure, type Trip } from "./trip.ts";

/** How an answer is made good that broke off after a part of it was shown. */
export interface Cure {
  /** What the reader gets of a batch; may be nothing. */
  show(batch: readonly StreamEvent[]): readonly StreamEvent[];
  /** The answer broke off: what the reader gets before anyone else is asked, or `undefined` when it cannot be made good. */
  broke(error: CrosspointError): readonly StreamEvent[] | undefined;
  /** Another attempt answers. */
  renewed(): void;
  /** What the reader is told when nobody else answers: the failure of the search, or what broke the answer off. */
  lost(failure: CrosspointError, error: CrosspointError): CrosspointError;
}

/**
 * Lets an answer begin anew: `response-restart` says that what was shown is void. The other attempt is made only once the reader has taken the
 * restart and asks for more, so a reader that cannot take back what it showed leaves without a second answer being paid for.
 */
export const RESTART: Cure = {
  show: (batch) => batch,
  broke: ({ message }) => [{ type: "response-restart", reason: message }],
  renewed() {},
  lost: (failure) => failure,
};

/** Follows an answer that breaks off by another attempt, within the tries and the time that the call has left. */
export function recover(first: EventSource, trip: Trip, cure: Cure): EventSource {
  const { context } = trip;
  const callbacks: ((outcome: Outcome) => void)[] = [];
  let source = first;
  let outcome: Outcome | undefined;
  let broken: CrosspointError | undefined;
  let left: AbortController | undefined;
  const settle = (end: Outcome): void => {
    if (outcome !== undefined) return;
    outcome = end;
    for (const callback of callbacks) callback(end);
  };
  const fail = (error: CrosspointError): never => {
    settle({ error });
    throw error;
  };
  /** What the layer's closing or the caller ends is over, also where nobody reads. */
  const follow = (next: EventSource): EventSource => {
    next.onSettled(({ error }) => {
      if (error?.code === "ABORTED") settle({ error });
    });
    return next;
  };
  follow(first);
  const renew = async (): Promise<void> => {
    const error = broken!;
    broken = undefined;
    if (left === undefined) {
      // A reader that leaves meanwhile ends the search as well.
      left = new AbortController();
      const { signal } = context;
      context.signal = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
    }
    try {
      source = follow(await fallback(trip, context.answer!.deployment, error));
    } catch (failure) {
      if (outcome !== undefined) return;
      fail(cure.lost(asFailure(failure), error));
    }
    if (outcome === undefined) cure.renewed();
    else source.cancel();
  };
  return {
    async pull() {
      for (;;) {
        if (outcome?.error !== undefined) throw outcome.error;
        if (outcome !== undefined) return undefined;
        if (broken !== undefined) {
          await renew();
          continue;
        }
        let batch: readonly StreamEvent[] | undefined;
        try {
          batch = await source.pull();
        } catch (failure) {
          if (outcome !== undefined) continue;
          const error = asFailure(failure);
          const told = isCurable(error) ? cure.broke(error) : undefined;
          if (told === undefined) return fail(error);
          broken = error;
          if (told.length > 0) return told;
          continue;
        }
        if (batch === undefined || batch.at(-1)?.type === "response-end") settle({});
        if (batch === undefined) return undefined;
        const seen = cure.show(batch);
        if (seen.length > 0) return seen;
      }
    },
    cancel() {
      source.cancel();
      settle({ cancelled: true });
      left?.abort();
    },
    onSettled(callback) {
      if (outcome === undefined) callbacks.push(callback);
      else callback(outcome);
    },
  };
}

function isCurable({ code }: CrosspointError): boolean {
  const { blame } = ERROR_CODES[code];
  return blame === "provider" || blame === "network";
}
