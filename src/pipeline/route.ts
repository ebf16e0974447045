import { isOpaqueRejection, stripOpaque } from "../codecs/history/state.ts";
import { CrosspointError, ERROR_CODES } from "../ir/error.ts";
import type { ModelRequest } from "../ir/request.ts";
import { backoff } from "../router/backoff.ts";
import type { Deployment } from "../router/deployment.ts";
import type { Groups, ModelGroup } from "../router/groups.ts";
import { shuffle } from "../router/pick.ts";
import { sleep } from "../transport/clock.ts";
import { attempt } from "./attempt.ts";
import { stopSignal, type CallContext } from "./context.ts";
import { aborted } from "./exchange.ts";
import type { EventSource, Handler } from "./stage.ts";

/**
 * Finds who answers: the group that was asked for, with retries over its deployments, then each fallback once. The caller's own faults end
 * the search at once; `retries` bounds the further tries of the whole call.
 */
export function createRoute(groups: Groups): Handler {
  return function routed(request, context) {
    const group = groups.get(request.model);
    const first = group.deployments.length === 1 ? group.deployments : shuffle(group.deployments, context.runtime.random);
    const run = attempt(request, first[0]!, "first", context);
    // The common case ends here; the search is only entered with a failure in hand.
    return run.catch((error: unknown) => search({ groups, request, context, retries: context.retries }, group, first, asFailure(error)));
  };
}

interface Search {
  readonly groups: Groups;
  readonly context: CallContext;
  request: ModelRequest;
  retries: number;
}

async function search(state: Search, group: ModelGroup, order: readonly Deployment[], failure: CrosspointError): Promise<EventSource> {
  const { context, groups } = state;
  let error = await retry(state, order, 0, failure);
  if (!(error instanceof Error)) return error;
  const tried = new Set([group.name]);
  const queue = [...fallbacksOf(group, context, error)];
  while (queue.length > 0 && mayMoveOn(error, context)) {
    const name = queue.shift()!;
    if (tried.has(name)) continue;
    tried.add(name);
    const next = groups.get(name);
    const candidates = shuffle(next.deployments, context.runtime.random);
    const outcome = await tryOne(state, candidates[0]!, "fallback");
    if (!(outcome instanceof Error)) return outcome;
    error = await retry(state, candidates, 0, outcome);
    if (!(error instanceof Error)) return error;
    queue.push(...fallbacksOf(next, context, error));
  }
  throw error;
}

/** Further tries over the deployments of one group; the failure that remains, or the answer. */
async function retry(
  state: Search,
  order: readonly Deployment[],
  from: number,
  failure: CrosspointError,
): Promise<EventSource | CrosspointError> {
  const { context } = state;
  const { clock, random } = context.runtime;
  let error = failure;
  let index = from;
  const spent = new Set<Deployment>();
  let stripped = false;
  for (let tries = 0; ; tries++) {
    const current = order[index]!;
    const bare = stripped || !isOpaqueRejection(error) ? state.request : stripOpaque(state.request);
    if (bare !== state.request) {
      stripped = true;
      state.request = bare;
      context.warnings.push({
        type: "compatibility",
        feature: "messages",
        details: `${current.id} refused replayed reasoning state; it was dropped`,
      });
    } else {
      const verdict = context.account?.verdict(error);
      const { blame } = ERROR_CODES[error.code];
      if (verdict === "end" || (verdict === undefined && (blame === "caller" || blame === "none"))) return error;
      // A deployment that is silent, or whose key or model is refused, is not asked again within the call.
      if (error.code === "TIMEOUT" || !error.retryable) spent.add(current);
      const next = nextIndex(order, index, spent);
      if (next === undefined) return error;
      // What a budget refused was no try.
      if (verdict === undefined && state.retries-- <= 0) return error;
      const other = next !== index;
      index = next;
      if (!other) {
        const wait = backoff(error, tries, random);
        if (wait === undefined || !fitsDeadline(wait, context)) return error;
        const stop = stopSignal(context);
        try {
          await sleep(clock, wait, stop);
        } catch {
          return aborted(stop);
        }
      }
    }
    const outcome = await tryOne(state, order[index]!, "retry");
    if (!(outcome instanceof Error)) return outcome;
    error = outcome;
  }
}

function nextIndex(order: readonly Deployment[], index: number, spent: ReadonlySet<Deployment>): number | undefined {
  for (let step = 1; step <= order.length; step++) {
    const next = (index + step) % order.length;
    if (!spent.has(order[next]!)) return next;
  }
  return undefined;
}

async function tryOne(state: Search, deployment: Deployment, reason: "retry" | "fallback"): Promise<EventSource | CrosspointError> {
  const { context } = state;
  if (!fitsDeadline(0, context))
    return new CrosspointError("TIMEOUT", `the call did not end within ${context.timeouts.deadline} ms (option deadline)`);
  try {
    return await attempt(state.request, deployment, reason, context);
  } catch (error) {
    return asFailure(error);
  }
}

function fallbacksOf(group: ModelGroup, context: CallContext, error: CrosspointError): readonly string[] {
  const general = context.fallbacks ?? group.fallbacks;
  return error.code === "CONTEXT_WINDOW_EXCEEDED" ? (group.contextWindowFallbacks ?? general) : general;
}

/** The caller's faults would meet the same refusal elsewhere; only a conversation that is too long may fit another model. */
function mayMoveOn(error: CrosspointError, context: CallContext): boolean {
  if (stopSignal(context).aborted) return false;
  const verdict = context.account?.verdict(error);
  if (verdict !== undefined) return verdict === "elsewhere";
  if (error.code === "CONTEXT_WINDOW_EXCEEDED" || error.code === "MODEL_NOT_FOUND") return true;
  const { blame } = ERROR_CODES[error.code];
  return blame !== "caller" && blame !== "none";
}

function fitsDeadline(wait: number, { timeouts, startedAt, runtime }: CallContext): boolean {
  return timeouts.deadline === undefined || runtime.clock.now() + wait < startedAt + timeouts.deadline;
}

function asFailure(error: unknown): CrosspointError {
  if (CrosspointError.is(error)) return error;
  throw error;
}
