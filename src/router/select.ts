import type { DroppedDeployment, RouteDecision } from "../ir/response.ts";
import { isShut } from "./breaker.ts";
import type { Deployment } from "./deployment.ts";
import type { ModelGroup } from "./groups.ts";
import { roomIn } from "./minute-count.ts";
import type { Monitor } from "./monitor.ts";
import { misfit } from "./needs.ts";
import type { DeploymentState } from "./state.ts";
import type { Ask, Scores, Strategy } from "./strategies/strategy.ts";

/** What a call says of where it may go, and what it has met so far. */
export interface Trip {
  readonly region: string | undefined;
  readonly tags: readonly string[] | undefined;
  /** Deployments that the call must not ask again. */
  readonly spent: ReadonlySet<Deployment>;
  /** Deployments that failed it, and when they may be asked again. */
  readonly due: ReadonlyMap<Deployment, number>;
  /** Whether a provider is sent a key that the call brought: how the configured one fares does not matter then. */
  readonly hasKeyFor?: ((provider: string) => boolean) | undefined;
}

export interface Selection {
  /** The deployments that can take the call now. */
  readonly candidates: readonly Deployment[];
  readonly dropped: readonly DroppedDeployment[];
  /** Those that are well but at a limit, and the milliseconds until there is room; 0: until a call ends. */
  readonly full: readonly (readonly [Deployment, number])[];
  /** Those that are cooling down. */
  readonly shut: readonly Deployment[];
}

const NONE: readonly never[] = [];

const SPARE = "weight 0";

const spares = new WeakMap<ModelGroup, readonly DroppedDeployment[]>();

/** What is said of the deployments without a weight while the others can take every call; made once. */
function sparesOf(group: ModelGroup): readonly DroppedDeployment[] {
  if (group.regular === group.deployments) return NONE;
  let known = spares.get(group);
  if (known === undefined) {
    known = group.deployments.flatMap(({ id, weight }) => (weight === 0 ? [{ deployment: id, reason: SPARE }] : []));
    spares.set(group, known);
  }
  return known;
}

const uniform = new WeakMap<ModelGroup, boolean>();

/** Whether any deployment of a group that has a weight can take any call as long as it is well and below its limits. */
function isUniform(group: ModelGroup): boolean {
  if (group.plain || group.mixed) return !group.mixed;
  let known = uniform.get(group);
  if (known === undefined) {
    const { order } = group.regular[0]!;
    known =
      group.regular.every((each) => each.order === order && each.terms?.enabled !== false) &&
      group.deployments.every(({ terms }) => terms?.tags === undefined);
    uniform.set(group, known);
  }
  return known;
}

/**
 * The deployments of a group that can take a call, after each filter in its turn: in service, region, tags, refusals met before, health, limits,
 * what the request needs, those not tried yet before those that failed, those with a weight before those without, the lowest order.
 */
export function select(group: ModelGroup, ask: Ask, trip: Trip, monitor: Monitor): Selection {
  const isFresh = trip.spent.size === 0 && trip.due.size === 0 && trip.region === undefined;
  if (isFresh && monitor.open.size === 0 && isUniform(group) && (group.plain || !group.regular.some((each) => limitOf(each, ask.now))))
    return { candidates: group.regular, dropped: sparesOf(group), full: NONE, shut: NONE };
  const dropped: DroppedDeployment[] = [];
  const full: [Deployment, number][] = [];
  const shut: Deployment[] = [];
  const drop = ({ id }: Deployment, reason: string): void => void dropped.push({ deployment: id, reason });
  let kept = tagged(group.deployments, trip.tags, drop).filter((each) => {
    const { terms, state } = each;
    if (terms?.enabled === false) drop(each, "disabled");
    else if (trip.region !== undefined && terms?.region !== trip.region) drop(each, `not in region ${trip.region}`);
    else if (trip.spent.has(each)) drop(each, "refused this call");
    else {
      const rest = state && restOf(state, trip.hasKeyFor?.(each.provider.id) === true, ask.now, trip.due.get(each));
      if (rest !== undefined) {
        drop(each, rest);
        shut.push(each);
        return false;
      }
      const limit = limitOf(each, ask.now);
      if (limit === undefined) return true;
      drop(each, limit[0]);
      full.push([each, limit[1]]);
    }
    return false;
  });
  if (group.mixed) {
    kept = prefer(kept, (each) => misfit(each.target.traits, ask.request, ask.needs), drop);
  }
  kept = prefer(kept, (each) => (trip.due.has(each) ? "tried before" : undefined), drop);
  if (group.regular !== group.deployments) kept = prefer(kept, ({ weight }) => (weight === 0 ? SPARE : undefined), drop);
  let lowest = Infinity;
  for (const { order } of kept) lowest = Math.min(lowest, order);
  kept = prefer(kept, ({ order }) => (order > lowest ? `order ${order}` : undefined), drop);
  return { candidates: kept, dropped, full, shut };
}

/** Why a deployment must be left alone: not by a call that will wait for it, and that no longer than the provider asked. */
function restOf({ gate, keyGate }: DeploymentState, ownKey: boolean, now: number, due = now): string | undefined {
  if (!ownKey && isShut(keyGate, now)) return "its key is cooling down";
  return isShut(gate, now) && !(gate.openUntil <= due && due > now) ? "cooling down" : undefined;
}

type Drop = (each: Deployment, reason: string) => void;

/** Those without a reason against them, or all where there is one against each. */
function prefer(list: readonly Deployment[], against: (each: Deployment) => string | undefined, drop: Drop): Deployment[] {
  const reasons = list.map(against);
  if (!reasons.includes(undefined)) return [...list];
  return list.filter((each, index) => {
    const reason = reasons[index];
    if (reason !== undefined) drop(each, reason);
    return reason === undefined;
  });
}

/** The deployments that share a tag with the call; where none does, those that serve every call. */
function tagged(list: readonly Deployment[], tags: readonly string[] | undefined, drop: Drop): readonly Deployment[] {
  if (list.every(({ terms }) => terms?.tags === undefined)) return list;
  const shares = ({ terms }: Deployment): boolean => terms?.tags?.some((tag) => tags?.includes(tag)) ?? false;
  const general = ({ terms }: Deployment): boolean => terms?.tags?.includes("default") ?? true;
  const wanted = list.some(shares) ? shares : general;
  return list.filter((each) => {
    if (wanted(each)) return true;
    drop(each, "tags");
    return false;
  });
}

/** The limit that a deployment has reached, and the milliseconds until there is room. */
function limitOf({ terms, state }: Deployment, now: number): readonly [reason: string, wait: number] | undefined {
  if (terms === undefined || state === undefined) return undefined;
  const { rpm, tpm, maxParallelRequests } = terms;
  if (maxParallelRequests !== undefined && state.inFlight >= maxParallelRequests) return [`${state.inFlight} calls under way`, 0];
  const calls = rpm === undefined ? 0 : roomIn(state.requests, 1, rpm, now);
  if (calls > 0) return [`${rpm} calls a minute used`, calls];
  const tokens = tpm === undefined ? 0 : roomIn(state.tokens, 1, tpm, now);
  return tokens > 0 ? [`${tpm} tokens a minute used`, tokens] : undefined;
}

const ids = new WeakMap<readonly Deployment[], readonly string[]>();

/** The ids of a list; for the list of a whole group made once. */
function idsOf(list: readonly Deployment[], { regular }: ModelGroup): readonly string[] {
  if (list !== regular) return list.map(({ id }) => id);
  let known = ids.get(list);
  if (known === undefined) ids.set(list, (known = list.map(({ id }) => id)));
  return known;
}

/** Scores of more candidates than this are not written down. */
const MAX_SCORES = 32;

export interface Choice {
  readonly chosen: Deployment;
  readonly decision: RouteDecision | undefined;
}

/** Lets the strategy choose among candidates, of which there is one at least. */
export function choose(group: ModelGroup, { candidates, dropped }: Selection, ask: Ask, strategy: Strategy): Choice {
  if (group.deployments.length === 1) return { chosen: candidates[0]!, decision: undefined };
  const scores: Scores | undefined = strategy.compares === true && candidates.length <= MAX_SCORES ? {} : undefined;
  const chosen = candidates.length === 1 ? candidates[0]! : strategy.pick(candidates, ask, scores);
  const decision: RouteDecision = {
    group: group.name,
    strategy: strategy.name,
    candidates: idsOf(candidates, group),
    ...(dropped.length > 0 && { dropped }),
    ...(scores !== undefined && candidates.length > 1 && { scores }),
  };
  return { chosen, decision };
}
