import { CrosspointError } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { RouteDecision, SkippedGroup } from "../ir/response.ts";
import { withDefaults } from "../router/defaults.ts";
import type { Deployment } from "../router/deployment.ts";
import type { Groups, ModelGroup } from "../router/groups.ts";
import type { Monitor } from "../router/monitor.ts";
import type { Needs } from "../router/needs.ts";
import type { Choice } from "../router/select.ts";
import type { Ask, Strategy } from "../router/strategies/strategy.ts";
import { attempt } from "./attempt.ts";
import type { AttemptRecord, CallContext } from "./context.ts";
import { continueAt, type Continuation } from "./continuation.ts";
import type { EventSource } from "./stage.ts";
import { batchSource } from "./whole-source.ts";

/** What the parts of the search share. */
export interface Router {
  readonly groups: Groups;
  readonly monitor: Monitor;
  /** What second calls may still cost, counted in first calls. */
  readonly hedges: { credit: number };
  strategyOf(group: ModelGroup): Strategy;
}

/** The search of an answer for one call. */
export interface Trip {
  readonly router: Router;
  readonly context: CallContext;
  /** As it was asked, or without what a provider refused to see again. */
  request: ModelRequest;
  readonly needs: Needs;
  readonly region: string | undefined;
  readonly tags: readonly string[] | undefined;
  readonly spent: Set<Deployment>;
  readonly due: Map<Deployment, number>;
  readonly hasKeyFor?: ((provider: string) => boolean) | undefined;
  /** The groups that were asked, the one that is being asked, and the names that may follow. */
  readonly asked: Set<string>;
  group: ModelGroup;
  readonly queue: string[];
  /** Further tries that are left. */
  retries: number;
  /** Failures so far: the next wait is longer. */
  failures: number;
  /** Replayed reasoning was dropped already. */
  stripped: boolean;
  /** What the next attempt is to go on with. */
  continuation?: Continuation | undefined;
  /** There is somewhere else to go: no wait is long, and nothing that is down is asked. */
  hasElsewhere: boolean;
  /** Groups that were passed over since the last attempt. */
  skipped?: SkippedGroup[] | undefined;
  /** Nothing will be sent. */
  readonly dry?: boolean;
}

/** Reads a stream to its end before any of it is shown, so that all that goes wrong with it can be tried elsewhere. */
async function buffer(source: EventSource): Promise<EventSource> {
  const events: StreamEvent[] = [];
  for (let batch = await source.pull(); batch !== undefined; batch = await source.pull()) events.push(...batch);
  return batchSource(events);
}

/** What a deployment is asked: settings that the call leaves open are its own. */
export function requestFor({ request }: Trip, { defaults, target }: Deployment): ModelRequest {
  return defaults === undefined ? request : withDefaults(request, defaults, target);
}

/** One attempt at what was chosen. */
export function run(trip: Trip, { chosen, decision }: Choice, reason: AttemptRecord["reason"]): Promise<EventSource> {
  const { context, continuation } = trip;
  const asked = requestFor(trip, chosen);
  const request = continuation === undefined ? asked : continueAt(asked, continuation, chosen.target);
  const source = attempt(request, chosen, reason, context, trip.skipped === undefined ? decision : withSkipped(trip, chosen.id, decision));
  return context.stream && context.recovery === "buffer" ? source.then(buffer) : source;
}

/** The record of a decision with the groups that were passed over, which are told once. */
export function withSkipped(trip: Trip, deployment: string, decision?: RouteDecision): RouteDecision {
  const { group, router, skipped = [] } = trip;
  trip.skipped = undefined;
  const own = decision ?? { group: group.name, strategy: router.strategyOf(group).name, candidates: [deployment] };
  return { ...own, skipped: [...(own.skipped ?? []), ...skipped] };
}

export function askOf({ request, needs, context, dry = false }: Trip): Ask {
  const { clock, random } = context.runtime;
  return { request, needs, stream: context.stream, now: clock.now(), random, dry };
}

export function asFailure(error: unknown): CrosspointError {
  if (CrosspointError.is(error)) return error;
  throw error;
}
