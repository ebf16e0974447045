import { CrosspointError } from "../ir/error.ts";
import type { DroppedDeployment, RouteDecision } from "../ir/response.ts";
import type { ModelGroup } from "../router/groups.ts";
import { tokensOf } from "../router/needs.ts";
import { select } from "../router/select.ts";
import { fallbacksOf, misfitsOf, overflow, takes } from "./fallback.ts";
import { find } from "./retry.ts";
import { askOf, type Trip } from "./trip.ts";

/** What one group would do with a call. */
export interface ExplainedGroup {
  readonly group: string;
  readonly strategy: string;
  /** The deployment that would be asked now; absent when none can. Where chance or load decides, the next call may see another. */
  readonly chosen?: string;
  readonly candidates: readonly string[];
  readonly dropped: readonly DroppedDeployment[];
  readonly scores?: RouteDecision["scores"];
  /** Why it would be passed over as a whole. */
  readonly skipped?: string;
}

/** Where a call would go, and why. */
export interface Explanation extends ExplainedGroup {
  /** Input tokens, estimated. */
  readonly estimatedTokens: number;
  /** What follows when it fails, in order. */
  readonly fallbacks: readonly ExplainedGroup[];
  readonly contextWindowFallbacks: readonly ExplainedGroup[];
  readonly contentPolicyFallbacks: readonly ExplainedGroup[];
}

/** A dry run: nothing is sent, and nothing is counted. */
export function explain(trip: Trip): Explanation {
  const { router, context, request, needs } = trip;
  const group = router.groups.get(request.model);
  const tooLong = overflow(trip, group);
  const follow = (code: "SERVER" | "CONTEXT_WINDOW_EXCEEDED" | "CONTENT_POLICY"): readonly ExplainedGroup[] =>
    chain(trip, group, (each) => fallbacksOf(each, context, new CrosspointError(code, "")), code);
  const fallbacks = follow("SERVER");
  trip.hasElsewhere = fallbacks.some(({ skipped }) => skipped === undefined);
  return {
    ...explainGroup(trip, group, tooLong?.message),
    estimatedTokens: tokensOf(needs),
    fallbacks,
    contextWindowFallbacks: follow("CONTEXT_WINDOW_EXCEEDED"),
    contentPolicyFallbacks: follow("CONTENT_POLICY"),
  };
}

function chain(
  trip: Trip,
  from: ModelGroup,
  next: (group: ModelGroup) => readonly string[],
  code: "SERVER" | "CONTEXT_WINDOW_EXCEEDED" | "CONTENT_POLICY",
): readonly ExplainedGroup[] {
  const seen = new Set([from.name]);
  const queue = [...next(from)];
  const found: ExplainedGroup[] = [];
  for (const name of queue) {
    if (seen.has(name)) continue;
    seen.add(name);
    const group = trip.router.groups.get(name);
    const able = takes(group, trip, new CrosspointError(code, ""));
    found.push(explainGroup(trip, group, able ? undefined : misfitsOf(group, trip)));
    if (able) queue.push(...next(group));
  }
  return found;
}

function explainGroup(trip: Trip, group: ModelGroup, skipped: string | undefined): ExplainedGroup {
  const selection = select(group, askOf(trip), trip, trip.router.monitor);
  const found = find(trip, group);
  const scores = found instanceof CrosspointError ? undefined : found.decision?.scores;
  return {
    group: group.name,
    strategy: trip.router.strategyOf(group).name,
    ...(!(found instanceof CrosspointError) && skipped === undefined && { chosen: found.chosen.id }),
    candidates: selection.candidates.map(({ id }) => id),
    dropped: selection.dropped,
    ...(scores !== undefined && { scores }),
    ...(skipped !== undefined && { skipped }),
  };
}
