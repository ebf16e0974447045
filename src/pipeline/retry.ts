import { isOpaqueRejection, stripOpaque } from "../codecs/history/state.ts";
import { CrosspointError, ERROR_CODES } from "../ir/error.ts";
import { backoff } from "../router/backoff.ts";
import type { Deployment } from "../router/deployment.ts";
import type { ModelGroup } from "../router/groups.ts";
import { choose, select, type Choice, type Selection } from "../router/select.ts";
import { sleep } from "../transport/clock.ts";
import { takesPrefill } from "./continuation.ts";
import { stopSignal, type AttemptRecord, type CallContext } from "./context.ts";
import { aborted, isOverdue } from "./exchange.ts";
import type { EventSource } from "./stage.ts";
import { askOf, asFailure, requestFor, run, type Trip } from "./trip.ts";

/** With a fallback at hand nobody waits longer than this for a deployment that has failed; a gateway's timeout that came sooner is worth another try. */
const PATIENCE_MS = 5_000;
/** Without one, a limit of our own is waited for so long. */
const MAX_WAIT_MS = 70_000;
/** How often a call that waits for another to end looks by itself. */
const GLANCE_MS = 1_000;

/** A failure, and the deployment that is to blame where one was asked. */
export interface Failed {
  readonly deployment: Deployment | undefined;
  readonly error: CrosspointError;
}

/**
 * Tries the deployments of one group: those that were not tried before those that failed, and these only after a wait. Gives the answer, or the
 * failure that remains.
 */
export async function retry(
  trip: Trip,
  group: ModelGroup,
  first: AttemptRecord["reason"],
  failed?: Failed,
): Promise<EventSource | CrosspointError> {
  const { context } = trip;
  let error = failed?.error;
  let last = failed?.deployment;
  let reason = failed === undefined ? first : "retry";
  for (;;) {
    let next: Choice | undefined;
    if (error !== undefined && last !== undefined) {
      if (strip(trip, error, last)) next = { chosen: last, decision: undefined };
      else if (!mayRetry(trip, error, last)) return error;
    }
    if (next === undefined) {
      const found = await waitFor(trip, group);
      if (!("chosen" in found)) return stopSignal(context).aborted ? found : (error ?? found);
      // What a budget refused was no try.
      if (error !== undefined && context.account?.verdict(error) === undefined && trip.retries-- <= 0) return error;
      next = found;
      const wait = (trip.due.get(next.chosen) ?? 0) - context.runtime.clock.now();
      if (wait > 0) {
        if (!fitsDeadline(wait, context) || (trip.hasElsewhere && wait > PATIENCE_MS)) return error!;
        const stopped = await pause(wait, context);
        if (stopped !== undefined) return stopped;
      }
    }
    if (!fitsDeadline(0, context)) {
      return new CrosspointError("TIMEOUT", `the call did not end within ${context.timeouts.deadline} ms (option deadline)`);
    }
    try {
      return await run(trip, next, reason);
    } catch (failure) {
      error = asFailure(failure);
      last = next.chosen;
      reason = "retry";
    }
  }
}

/** Lets a request go again without what its target refused to see: a prefilled answer, replayed reasoning; each once. */
function strip(trip: Trip, error: CrosspointError, deployment: Deployment): boolean {
  const { continuation } = trip;
  if (error.code === "BAD_REQUEST" && continuation?.prefill === true && takesPrefill(requestFor(trip, deployment), deployment.target)) {
    trip.continuation = { ...continuation, prefill: false };
    return true;
  }
  const bare = trip.stripped || !isOpaqueRejection(error) ? trip.request : stripOpaque(trip.request);
  if (bare === trip.request) return false;
  trip.stripped = true;
  trip.request = bare;
  trip.context.warnings.push({
    type: "compatibility",
    feature: "messages",
    details: `${deployment.id} refused replayed reasoning state; it was dropped`,
  });
  return true;
}

/** Notes when a deployment may be asked again, and tells whether the call may be tried further within the group. */
function mayRetry(trip: Trip, error: CrosspointError, deployment: Deployment): boolean {
  const { context, due, spent } = trip;
  const verdict = context.account?.verdict(error);
  const { blame } = ERROR_CODES[error.code];
  if (verdict === "end" || (verdict === undefined && (blame === "caller" || blame === "none") && error.code !== "MODEL_NOT_FOUND"))
    return false;
  const { clock, random } = context.runtime;
  // A deployment that is silent, or whose key or model is refused, is not asked again within the call; one that soon says that it timed out is.
  const { durationMs = 0 } = context.attempts.at(-1) ?? {};
  const silent = error.code === "TIMEOUT" && (isOverdue(error) || durationMs > PATIENCE_MS);
  const wait = silent || !error.retryable ? undefined : backoff(error, trip.failures++, random);
  if (wait === undefined) spent.add(deployment);
  else due.set(deployment, clock.now() + wait);
  return true;
}

/** The next deployment to ask, or why there is none. Where all that could are at a limit, it waits for room. */
async function waitFor(trip: Trip, group: ModelGroup): Promise<Choice | CrosspointError> {
  const { context, router } = trip;
  const { clock } = context.runtime;
  const until = clock.now() + (trip.hasElsewhere ? 0 : MAX_WAIT_MS);
  for (;;) {
    const ask = askOf(trip);
    const selection = select(group, ask, trip, router.monitor);
    const found = settle(trip, group, selection);
    if (!(found instanceof CrosspointError) || selection.full.length === 0) return found;
    const wait = Math.min(...selection.full.map(([, ms]) => (ms === 0 ? GLANCE_MS : ms)));
    if (clock.now() + wait > until || !fitsDeadline(wait, context)) return found;
    const stopped = await pause(
      wait,
      context,
      selection.full.filter(([, ms]) => ms === 0).map(([each]) => each),
    );
    if (stopped !== undefined) return stopped;
  }
}

/** The deployment that a group offers just now, or why it offers none. */
export function find(trip: Trip, group: ModelGroup): Choice | CrosspointError {
  return settle(trip, group, select(group, askOf(trip), trip, trip.router.monitor));
}

function settle(trip: Trip, group: ModelGroup, selection: Selection): Choice | CrosspointError {
  const { router, due } = trip;
  const { candidates, shut, full } = selection;
  const ask = askOf(trip);
  if (candidates.length > 0) {
    if (candidates.length === 1 || due.size === 0 || !due.has(candidates[0]!))
      return choose(group, selection, ask, router.strategyOf(group));
    const soonest = candidates.reduce((a, b) => (due.get(b)! < due.get(a)! ? b : a));
    return choose(group, { ...selection, candidates: [soonest] }, ask, router.strategyOf(group));
  }
  // With nowhere else to go, one that is down is better than none.
  if (shut.length > 0 && full.length === 0 && !trip.hasElsewhere) {
    const openUntil = ({ state }: Deployment): number => Math.max(state!.gate.openUntil, state!.keyGate.openUntil);
    const soonest = shut.reduce((a, b) => (openUntil(b) < openUntil(a) ? b : a));
    return choose(group, { ...selection, candidates: [soonest] }, ask, router.strategyOf(group));
  }
  return nobody(group, selection, ask.now);
}

function nobody({ name }: ModelGroup, { dropped, full, shut }: Selection, now: number): CrosspointError {
  const why = dropped.map(({ deployment, reason }) => `${deployment} (${reason})`).join(", ");
  const message = `no deployment of ${JSON.stringify(name)} can take the call: ${why}`;
  const waits = [...full.map(([, ms]) => ms), ...shut.map(({ state }) => Math.max(state!.gate.openUntil, state!.keyGate.openUntil) - now)];
  if (waits.length === 0) return new CrosspointError("MODEL_NOT_FOUND", message, { model: name });
  const code = full.length > 0 ? "RATE_LIMITED" : "OVERLOADED";
  return new CrosspointError(code, message, { model: name, retryAfter: Math.max(0, Math.min(...waits)) });
}

/** Waits, or until one of `woken` has ended a call; the failure when the call was given up meanwhile. */
async function pause(ms: number, context: CallContext, woken: readonly Deployment[] = []): Promise<CrosspointError | undefined> {
  const stop = stopSignal(context);
  const early = new AbortController();
  const wake = (): void => early.abort();
  for (const { state } of woken) state!.waiting.push(wake);
  try {
    await sleep(context.runtime.clock, ms, woken.length === 0 ? stop : AbortSignal.any([stop, early.signal]));
  } catch {
    if (stop.aborted) return aborted(stop);
  } finally {
    for (const { state } of woken) if (state!.waiting.includes(wake)) state!.waiting.splice(state!.waiting.indexOf(wake), 1);
  }
  return undefined;
}

function fitsDeadline(wait: number, { timeouts, startedAt, runtime }: CallContext): boolean {
  return timeouts.deadline === undefined || runtime.clock.now() + wait < startedAt + timeouts.deadline;
}
