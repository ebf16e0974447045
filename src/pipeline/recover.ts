import { ERROR_CODES, type CrosspointError } from "../ir/error.ts";
import { fallback } from "./fallback.ts";
import type { EventSource, Outcome } from "./stage.ts";
import { asFailure, type Trip } from "./trip.ts";

/**
 * Lets an answer begin anew that broke off after a part of it was shown: `response-restart` says that this part is void, then another attempt follows, within
 * the tries and the time that the call has left. It is made only once the reader has taken the restart and asks for more, so a reader that
 * cannot take back what it showed leaves without a second answer being paid for.
 */
export function restart(first: EventSource, trip: Trip): EventSource {
  const callbacks: ((outcome: Outcome) => void)[] = [];
  let source = first;
  let outcome: Outcome | undefined;
  let lost: CrosspointError | undefined;
  const settle = (end: Outcome): void => {
    if (outcome !== undefined) return;
    outcome = end;
    for (const callback of callbacks) callback(end);
  };
  const fail = (error: CrosspointError): never => {
    settle({ error });
    throw error;
  };
  const renew = async (): Promise<void> => {
    const error = lost!;
    lost = undefined;
    try {
      source = await fallback(trip, trip.context.answer!.deployment, error);
    } catch (failure) {
      fail(asFailure(failure));
    }
    if (outcome !== undefined) source.cancel();
  };
  return {
    async pull() {
      if (outcome !== undefined) {
        if (outcome.error !== undefined) throw outcome.error;
        return undefined;
      }
      if (lost !== undefined) await renew();
      try {
        const batch = await source.pull();
        if (batch === undefined || batch.at(-1)?.type === "response-end") settle({});
        return batch;
      } catch (failure) {
        const error = asFailure(failure);
        if (outcome !== undefined || !isCurable(error)) return fail(error);
        lost = error;
        return [{ type: "response-restart", reason: error.message }];
      }
    },
    cancel() {
      source.cancel();
      settle({ cancelled: true });
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
