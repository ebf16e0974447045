import { CrosspointError } from "../ir/error.ts";
import type { Deployment } from "../router/deployment.ts";
import type { ModelGroup } from "../router/groups.ts";
import type { HedgeOption } from "../router/options.ts";
import type { Choice } from "../router/select.ts";
import type { AttemptRecord, CallContext } from "./context.ts";
import { find } from "./retry.ts";
import type { EventSource } from "./stage.ts";
import { run, type Trip } from "./trip.ts";

/** A percentile of fewer times than this says nothing. */
const LEAST_SAMPLES = 10;
const DEFAULT_EXTRA = 0.1;
/** The most second calls that may follow each other when none was needed for long. */
const MOST_CREDIT = 5;

/**
 * One attempt, and when it has shown nothing for a while a second one at another deployment of the group. The first to answer counts; the other is
 * cancelled. Rejects with the failure of the first when both fail, and as soon as the first fails where there is no second.
 */
export function hedged(trip: Trip, group: ModelGroup, first: Choice, option: HedgeOption): Promise<EventSource> {
  const { context, router } = trip;
  const { hedges } = router;
  hedges.credit = Math.min(MOST_CREDIT, hedges.credit + (option.maxExtraCost ?? DEFAULT_EXTRA));
  const delay = option.afterMs === "p95" ? percentile(first.chosen) : option.afterMs;
  if (delay === undefined || group.deployments.length < 2) return run(trip, first, "first");
  return new Promise((resolve, reject) => {
    const open = new Set<Runner>();
    let failure: unknown;
    let won = false;
    const start = (choice: Choice, reason: AttemptRecord["reason"]): void => {
      const runner = launch(trip, choice, reason);
      open.add(runner);
      runner.answer.then(
        (source) => {
          if (won) return source.cancel();
          won = true;
          stopTimer();
          open.delete(runner);
          runner.take();
          for (const other of open) other.abort();
          resolve(source);
        },
        (error: unknown) => {
          open.delete(runner);
          if (reason === "hedge") trip.spent.add(choice.chosen);
          else failure = error;
          if (won || open.size > 0) return;
          stopTimer();
          reject(failure as Error);
        },
      );
    };
    const stopTimer = context.runtime.clock.after(delay, () => {
      const second = secondOf(trip, group, first.chosen);
      if (second === undefined || open.size === 0) return;
      const price = relativePrice(second.chosen, first.chosen);
      if (hedges.credit < price) return;
      hedges.credit -= price;
      start(second, "hedge");
    });
    start(first, "first");
  });
}

interface Runner {
  readonly answer: Promise<EventSource>;
  abort(): void;
  /** Lets what it finds out from now on count for the call. */
  take(): void;
}

/** An attempt that can be given up by itself, and does not touch what the call knows of its answer before it has won. */
function launch(trip: Trip, choice: Choice, reason: AttemptRecord["reason"]): Runner {
  const { context } = trip;
  const control = new AbortController();
  const signal = context.signal === undefined ? control.signal : AbortSignal.any([context.signal, control.signal]);
  const own: CallContext = { ...context, signal };
  return {
    answer: run({ ...trip, context: own }, choice, reason),
    abort: () => control.abort(new CrosspointError("ABORTED", "another deployment was faster")),
    take() {
      for (const key of ["answer", "usage", "cost"] as const) {
        Object.assign(context, { [key]: own[key] });
        Object.defineProperty(own, key, {
          get: () => context[key],
          set(value: unknown) {
            Object.assign(context, { [key]: value });
          },
        });
      }
    },
  };
}

/** Another deployment of the group that can take the call now; one without a weight is no help to one that has. */
function secondOf(trip: Trip, group: ModelGroup, first: Deployment): Choice | undefined {
  const found = find({ ...trip, spent: new Set([...trip.spent, first]), hasElsewhere: true }, group);
  return found instanceof CrosspointError || (found.chosen.weight === 0 && first.weight > 0) ? undefined : found;
}

function percentile({ state }: Deployment): number | undefined {
  if (state === undefined || state.recent.length < LEAST_SAMPLES) return undefined;
  const sorted = state.recent.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1];
}

function relativePrice({ price: other }: Deployment, { price }: Deployment): number {
  const sum = price === undefined ? 0 : price.input + price.output;
  return other === undefined || sum === 0 ? 1 : (other.input + other.output) / sum;
}
