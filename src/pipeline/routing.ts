import { CrosspointError } from "../ir/error.ts";
import type { ModelRequest } from "../ir/request.ts";
import { checkGroups } from "../router/check-group.ts";
import type { Deployment } from "../router/deployment.ts";
import type { Groups, ModelGroup, ModelGroupOption } from "../router/groups.ts";
import { healthOf, type DeploymentHealth } from "../router/health.ts";
import type { Memory } from "../memory.ts";
import { createHealthMemory, createMonitor, type HealthMemory, type Monitor } from "../router/monitor.ts";
import type { CooldownOption } from "../router/options.ts";
import { createSharedHealth, type HealthSharing } from "../router/shared-health.ts";
import type { SpendOptions } from "../spend/options.ts";
import type { Logger } from "../telemetry/logger.ts";
import { needsOf } from "../router/needs.ts";
import { createStrategy } from "../router/strategies/create.ts";
import type { Strategy } from "../router/strategies/strategy.ts";
import { judge } from "./call.ts";
import { ownKeyFor, retriesOf, type CallContext, type Runtime } from "./context.ts";
import { explain, type Explanation } from "./explain.ts";
import { fallback, MAX_GROUPS, mayLead, overflow } from "./fallback.ts";
import { hedged } from "./hedge.ts";
import { carryOn } from "./continue.ts";
import { recover, RESTART } from "./recover.ts";
import { find } from "./retry.ts";
import type { EventSource } from "./stage.ts";
import { asFailure, run, type Router, type Trip } from "./trip.ts";

/** All that is loaded when calls may go to more than one place. */
export interface Routing {
  open(request: ModelRequest, context: CallContext): Promise<EventSource>;
  /** Goes on for a call whose first attempt began before this was loaded, and failed; `isHeard`: after it, so that the monitor knows. */
  rescue(request: ModelRequest, context: CallContext, failed: Deployment, error: unknown, isHeard: boolean): Promise<EventSource>;
  explain(request: ModelRequest, context: CallContext): Explanation;
  health(): readonly DeploymentHealth[];
}

interface RoutedOptions extends Pick<SpendOptions, "store" | "onAlert"> {
  readonly models?: Readonly<Record<string, string | ModelGroupOption>>;
  readonly cooldown?: CooldownOption;
  readonly shareHealth?: boolean;
  readonly logger?: Logger;
}

/** Where a group cannot be meant, every call is refused with INVALID_OPTIONS; `health` tells of the others all the same. */
export function createRouting(groups: Groups, runtime: Runtime, options: RoutedOptions, memory: Memory): Routing {
  const mistake = mistakeIn(options.models ?? {});
  const health = (memory.health ??= createHealthMemory());
  const monitor = createMonitor(options.cooldown, health, shareHealth(options, runtime, health));
  runtime.monitor = monitor;
  const strategies = new WeakMap<ModelGroup, Strategy>();
  const watched = watch(groups, monitor);
  const router: Router = {
    groups: watched,
    monitor,
    hedges: { credit: 1 },
    strategyOf(group) {
      let strategy = strategies.get(group);
      if (strategy === undefined) strategies.set(group, (strategy = createStrategy(group.strategy, group.minQuality, group.name)));
      return strategy;
    },
  };
  /** What a call names must be there before anything is sent. */
  const checkFallbacks = (names: readonly string[]): void => {
    for (const [index, name] of names.entries()) {
      try {
        watched.get(name);
      } catch (error) {
        const { code, message } = asFailure(error);
        const param = `fallbacks[${index}]`;
        throw new CrosspointError(code, `${param}: ${message}`, { param, cause: error });
      }
    }
  };
  const tripOf = (request: ModelRequest, context: CallContext): Trip => {
    if (mistake !== undefined) throw mistake;
    const group = watched.get(request.model);
    if (context.fallbacks !== undefined) checkFallbacks(context.fallbacks);
    return {
      router,
      context,
      request,
      needs: needsOf(request),
      region: context.region,
      tags: context.attribution?.tags,
      spent: new Set(),
      due: new Map(),
      asked: new Set(),
      group,
      queue: [],
      retries: retriesOf(group, context),
      failures: 0,
      stripped: false,
      hasElsewhere: false,
      ...(context.apiKey !== undefined && {
        hasKeyFor: (provider: string) => context.attempts.length === 0 || ownKeyFor(context, provider) !== undefined,
      }),
    };
  };
  const begin = (trip: Trip): Promise<EventSource> => {
    const { group } = trip;
    if (monitor.open.size > 0 || !group.plain) trip.hasElsewhere = mayLead(trip, group);
    const tooLong = overflow(trip, group);
    if (tooLong !== undefined) return fallback(trip, undefined, tooLong);
    const found = find(trip, group);
    // The common case ends here; the search is only entered with a failure in hand.
    if (found instanceof CrosspointError) return fallback(trip, undefined, undefined);
    const { hedge } = trip.context;
    const answer = hedge === undefined ? run(trip, found, "first") : hedged(trip, group, found, hedge);
    return answer.catch((error: unknown) => fallback(trip, found.chosen, asFailure(error)));
  };
  return {
    open(request, context) {
      const trip = tripOf(request, context);
      const opened = begin(trip);
      const { recovery } = context;
      if (!context.stream || (recovery !== "restart" && recovery !== "continue")) return opened;
      return opened.then((source) => recover(source, trip, recovery === "restart" ? RESTART : carryOn(trip)));
    },
    rescue(request, context, failed, error, isHeard) {
      const failure = asFailure(error);
      const record = context.attempts.at(-1);
      // A call that was given up before its first attempt.
      if (record === undefined) return Promise.reject(failure);
      if (!isHeard) {
        monitor.begin(failed, record, context.stream);
        judge(record, context, failed);
      }
      return fallback(tripOf(request, context), failed, failure);
    },
    explain: (request, context) => explain({ ...tripOf(request, context), dry: true }),
    health: () => healthOf(groups, monitor, runtime.clock.now()),
  };
}

function mistakeIn(models: Readonly<Record<string, string | ModelGroupOption>>): Error | undefined {
  try {
    checkGroups(models);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** Groups whose deployments are watched as soon as they, or one that falls back to them, are asked for: what is known of them counts for the first call. */
function watch(groups: Groups, monitor: Monitor): Groups {
  const met = new WeakSet<ModelGroup>();
  const meet = (group: ModelGroup, further = MAX_GROUPS): ModelGroup => {
    if (met.has(group) || further === 0) return group;
    met.add(group);
    for (const each of group.deployments) monitor.stateOf(each);
    for (const name of group.fallbacks) {
      try {
        meet(groups.get(name), further - 1);
      } catch {
        // whoever goes there hears of it
      }
    }
    return group;
  };
  return { ...groups, get: (name) => meet(groups.get(name)) };
}

/** Health is shared through a store that was handed in, for that one others may have too. */
function shareHealth(
  { store, shareHealth, onAlert, logger }: RoutedOptions,
  runtime: Runtime,
  health: HealthMemory,
): HealthSharing | undefined {
  if (typeof store !== "object" || typeof store.getMany !== "function" || shareHealth === false) return undefined;
  const { clock, newId, closing } = runtime;
  return createSharedHealth({
    store,
    clock,
    newId,
    self: (health.self ??= newId("process")),
    track: (gate) => void (gate.openUntil === 0 ? health.open.delete(gate) : health.open.add(gate)),
    warn(error) {
      try {
        logger?.warn({ error }, "the store fails: how deployments fare is not shared meanwhile");
        const told = onAlert?.({ type: "store", error });
        if (told instanceof Promise) told.catch(() => {});
      } catch {
        // who listens is not to hurt calls
      }
    },
    signal: closing.signal,
  });
}
