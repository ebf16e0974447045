import { CrosspointError, ERROR_CODES } from "../ir/error.ts";
import type { Deployment } from "../router/deployment.ts";
import type { ModelGroup } from "../router/groups.ts";
import { misfit, overflows, tokensOf } from "../router/needs.ts";
import { stopSignal, type CallContext } from "./context.ts";
import { retry } from "./retry.ts";
import type { EventSource } from "./stage.ts";
import { asFailure, withSkipped, type Trip } from "./trip.ts";

/** More groups than this are not asked for one call. */
export const MAX_GROUPS = 10;

/**
 * The group that a call is at, with its retries, then the fallbacks that the failure allows, each once, and theirs after them. Rejects with the last
 * failure. `error` is that of an attempt at `failed`, or the reason not to begin with the group at all.
 */
export async function fallback(trip: Trip, failed: Deployment | undefined, error: CrosspointError | undefined): Promise<EventSource> {
  const { context, asked, queue } = trip;
  const { group } = trip;
  asked.add(group.name);
  trip.hasElsewhere = mayLead(trip, group);
  const began = error !== undefined && failed === undefined;
  let outcome = began ? error : await retry(trip, group, "first", error && { deployment: failed, error });
  if (!(outcome instanceof Error)) return outcome;
  let failure = outcome;
  if (context.attempts.length === 0) skip(trip, group.name, failure.message);
  queue.push(...fallbacksOf(group, context, failure));
  while (queue.length > 0 && asked.size < MAX_GROUPS && mayMoveOn(failure, context)) {
    const name = queue.shift()!;
    if (asked.has(name)) continue;
    asked.add(name);
    const next = lead(trip, name, failure);
    if (typeof next === "string") {
      skip(trip, name, next);
      continue;
    }
    const { length } = context.attempts;
    trip.group = next;
    trip.hasElsewhere = context.attempts.length === 0 || queue.some((each) => !asked.has(each)) || mayLead(trip, next);
    outcome = await retry(trip, next, "fallback");
    if (!(outcome instanceof Error)) return outcome;
    failure = outcome;
    if (context.attempts.length === length) skip(trip, name, failure.message);
    queue.push(...fallbacksOf(next, context, failure));
  }
  // Everything was down before it was asked: then the first group is, after all.
  if (context.attempts.length === 0 && mayMoveOn(failure, context)) {
    trip.hasElsewhere = false;
    trip.group = group;
    outcome = await retry(trip, group, "first");
    if (!(outcome instanceof Error)) return outcome;
    failure = outcome;
  }
  const last = context.attempts.at(-1);
  if (last !== undefined && trip.skipped !== undefined) last.decision = withSkipped(trip, last.deployment, last.decision);
  throw failure;
}

function skip(trip: Trip, group: string, reason: string): void {
  (trip.skipped ??= []).push({ group, reason });
}

/** The group of a name, or why it is passed over. A name that leads nowhere hides no failure of a provider. */
function lead(trip: Trip, name: string, error?: CrosspointError): ModelGroup | string {
  let group: ModelGroup;
  try {
    group = trip.router.groups.get(name);
  } catch (problem) {
    return asFailure(problem).message;
  }
  return takes(group, trip, error) ? group : misfitsOf(group, trip);
}

/** What each deployment of a group cannot take of a request. */
export function misfitsOf({ deployments }: ModelGroup, { request, needs }: Trip): string {
  return deployments.map(({ id, target }) => `${id} ${misfit(target.traits, request, needs) ?? "can"}`).join(", ");
}

/** The refusal that a conversation would meet which is surely too long, where a fallback can take it. */
export function overflow(trip: Trip, group: ModelGroup): CrosspointError | undefined {
  const { context, request, needs } = trip;
  const list = context.fallbacks ?? group.contextWindowFallbacks ?? group.fallbacks;
  if (list.length === 0 || !group.deployments.every(({ target }) => overflows(target.traits, request, needs))) return undefined;
  const error = new CrosspointError(
    "CONTEXT_WINDOW_EXCEEDED",
    `the conversation of about ${tokensOf(needs)} tokens is too long for ${group.name}`,
    {
      model: group.name,
    },
  );
  return list.some((name) => name !== group.name && typeof lead(trip, name, error) === "object") ? error : undefined;
}

export function fallbacksOf(group: ModelGroup, { fallbacks }: CallContext, { code }: CrosspointError): readonly string[] {
  if (code === "CONTENT_POLICY") return group.contentPolicyFallbacks;
  const general = fallbacks ?? group.fallbacks;
  return code === "CONTEXT_WINDOW_EXCEEDED" ? (group.contextWindowFallbacks ?? general) : general;
}

/** Whether another group may be asked when this one is down. */
export function mayLead(trip: Trip, group: ModelGroup): boolean {
  const list = trip.context.fallbacks ?? group.fallbacks;
  return list.some((name) => name !== group.name && !trip.asked.has(name) && typeof lead(trip, name) === "object");
}

/** Whether a group can take all of a request; with an overflow in hand, whether its window is not surely too small as well. */
export function takes({ deployments, degrade }: ModelGroup, { request, needs }: Trip, error?: CrosspointError): boolean {
  if (error?.code === "CONTEXT_WINDOW_EXCEEDED" && deployments.every(({ target }) => overflows(target.traits, request, needs)))
    return false;
  return degrade || deployments.some(({ target }) => misfit(target.traits, request, needs) === undefined);
}

/** The caller's faults would meet the same refusal elsewhere; only a conversation that is too long may fit another model. */
function mayMoveOn(error: CrosspointError, context: CallContext): boolean {
  if (stopSignal(context).aborted) return false;
  const verdict = context.account?.verdict(error);
  if (verdict !== undefined) return verdict === "elsewhere";
  if (error.code === "CONTEXT_WINDOW_EXCEEDED" || error.code === "MODEL_NOT_FOUND" || error.code === "CONTENT_POLICY") return true;
  const { blame } = ERROR_CODES[error.code];
  return blame !== "caller" && blame !== "none";
}
