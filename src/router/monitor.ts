import { ERROR_CODES, type ErrorCode } from "../ir/error.ts";
import type { Attempt } from "../ir/response.ts";
import { createGate, failed, FOR_KEY, FOR_PROVIDER, passed, unclear, type Gate, type Patience } from "./breaker.ts";
import type { Deployment } from "./deployment.ts";
import type { CooldownOption } from "./options.ts";
import { addToCount, createCount } from "./minute-count.ts";
import { placeOf, type Place } from "./place.ts";
import type { HealthSharing } from "./shared-health.ts";
import { addSample, createAverage } from "./moving-average.ts";
import type { DeploymentState } from "./state.ts";

/** Times that are kept for percentiles. */
const RECENT = 64;
const MAX_STATES = 2_000;
/** Refusals by the provider's limits, and what fails before anything is sent, have used nothing of a deployment's minute. */
const UNUSED: readonly ErrorCode[] = ["RATE_LIMITED", "BUDGET_EXCEEDED", "UNSUPPORTED", "INVALID_OPTIONS", "MISSING_API_KEY"];

/** Hears of every attempt, and keeps what routing is decided by. */
export interface Monitor {
  begin(deployment: Deployment, record: Attempt, stream: boolean): void;
  /** A stream shows its first event: its time counts from now on, not only from its end. */
  shown(deployment: Deployment, record: Attempt): void;
  /**
   * `ownKey`: a key that the call brought was used, whose faults and limits are the caller's. `isOurs`: a budget or limit of ours refused it, or the
   * call's deadline left it little time.
   * Tells whether the deployment, or its key, rests from now on.
   */
  end(deployment: Deployment, record: Attempt, stream: boolean, ownKey: boolean, isOurs?: boolean): boolean;
  stateOf(deployment: Deployment): DeploymentState;
  /** Gates that are not closed. While there are none, nothing needs to be looked at. */
  readonly open: ReadonlySet<Gate>;
}

/** How deployments and keys have fared; outlives a monitor. */
export interface HealthMemory {
  readonly states: Map<string, DeploymentState>;
  readonly keys: Map<string, Gate>;
  readonly open: Set<Gate>;
  /** Names this process among those that share a store. */
  self?: string;
}

export function createHealthMemory(): HealthMemory {
  return { states: new Map(), keys: new Map(), open: new Set() };
}

function patienceOf({ failures = FOR_PROVIDER.failures, ms = FOR_PROVIDER.firstMs }: CooldownOption): Patience {
  return { firstMs: ms, mostMs: ms * 4, failures };
}

export function createMonitor(
  cooldown: CooldownOption = {},
  { states, keys, open }: HealthMemory = createHealthMemory(),
  sharing?: HealthSharing,
): Monitor {
  const patience = patienceOf(cooldown);

  const join = (state: DeploymentState, deployment: Deployment, { place, key, known }: Place): DeploymentState => {
    // What a function answers may be another thing in each process.
    if (deployment.provider.call !== undefined) return state;
    sharing?.join(state.gate, place, known);
    if (known) sharing?.join(state.keyGate, key, true);
    return state;
  };
  /** Drops a place with its gate, which no call would close any more. */
  const forget = (place: string): void => {
    open.delete(states.get(place)!.gate);
    states.delete(place);
  };
  const make = (deployment: Deployment): DeploymentState => {
    const where = placeOf(deployment);
    const { place, key } = where;
    let state = states.get(place);
    if (state !== undefined) return join(state, deployment, where);
    let keyGate = keys.get(key);
    if (keyGate === undefined) keys.set(key, (keyGate = createGate()));
    state = {
      inFlight: 0,
      silent: new Set(),
      gate: createGate(),
      keyGate,
      firstEvent: createAverage(),
      perToken: createAverage(),
      requests: createCount(),
      tokens: createCount(),
      recent: [],
      successes: 0,
      failures: 0,
      waiting: [],
    };
    if (states.size >= MAX_STATES) forget(states.keys().next().value!);
    states.set(place, state);
    return join(state, deployment, where);
  };
  const stateOf = (deployment: Deployment): DeploymentState => (deployment.state ??= make(deployment));
  const track = (gate: Gate): void => {
    if (gate.openUntil !== 0) open.add(gate);
    else open.delete(gate);
  };
  const learn = (deployment: Deployment, state: DeploymentState, record: Attempt, now: number, ownKey: boolean): boolean => {
    const { gate, keyGate } = state;
    const { startedAt, error } = record;
    let opened = false;
    const [was, wasKey] = [gate.openUntil, keyGate.openUntil];
    if (error === undefined) {
      state.successes++;
      passed(gate, startedAt, now);
      if (ownKey) unclear(keyGate, startedAt);
      else passed(keyGate, startedAt, now);
    } else {
      const { blame } = ERROR_CODES[error.code];
      const isOfCaller = ownKey && (blame === "key" || error.code === "RATE_LIMITED" || error.code === "MODEL_NOT_FOUND");
      if (isOfCaller) for (const each of [gate, keyGate]) unclear(each, startedAt);
      else if (blame === "provider" || blame === "network" || error.code === "MODEL_NOT_FOUND") {
        state.failures++;
        const its = deployment.cooldown === undefined ? patience : patienceOf({ ...cooldown, ...deployment.cooldown });
        opened = failed(gate, error, startedAt, now, its, error.code === "MODEL_NOT_FOUND");
        unclear(keyGate, startedAt);
      } else if (blame === "key") {
        state.failures++;
        // A model may be closed to a key that is good for others.
        const own = error.code === "PERMISSION_DENIED";
        opened = failed(own ? gate : keyGate, error, startedAt, now, FOR_KEY, true);
        unclear(own ? keyGate : gate, startedAt);
      } else for (const each of [gate, keyGate]) unclear(each, startedAt);
    }
    for (const each of [gate, keyGate]) track(each);
    if (gate.openUntil !== was) sharing?.changed(gate, error);
    if (keyGate.openUntil !== wasKey) sharing?.changed(keyGate, error);
    return opened;
  };

  /** A stream is silent no more: it has shown something, or is over. */
  const hear = ({ silent, firstEvent }: DeploymentState, record: Attempt): void => {
    const { startedAt, firstEventMs } = record;
    if (silent.delete(record) && firstEventMs !== undefined) addSample(firstEvent, firstEventMs, startedAt + firstEventMs);
  };

  return {
    open,
    stateOf,
    begin(deployment, record, stream) {
      const state = stateOf(deployment);
      const now = record.startedAt;
      if (stream) state.silent.add(record);
      sharing?.begin(now);
      state.inFlight++;
      addToCount(state.requests, 1, now);
      if (open.size > 0) for (const gate of [state.gate, state.keyGate]) if (gate.openUntil !== 0) gate.probeAt = now;
    },
    shown(deployment, record) {
      hear(stateOf(deployment), record);
    },
    end(deployment, record, stream, ownKey, isOurs) {
      const state = stateOf(deployment);
      const { startedAt, durationMs = 0, firstEventMs, usage, outcome, error } = record;
      const now = startedAt + durationMs;
      // One that began before this was loaded was not counted.
      state.inFlight = Math.max(0, state.inFlight - 1);
      state.waiting.shift()?.();
      // Counted, a crowd of refusals would keep itself alive.
      if (error !== undefined && UNUSED.includes(error.code)) addToCount(state.requests, -1, now);
      if (usage?.total !== undefined) addToCount(state.tokens, usage.total, now);
      hear(state, record);
      if (isOurs) {
        for (const each of [state.gate, state.keyGate]) unclear(each, startedAt);
        return false;
      }
      const opened = learn(deployment, state, record, now, ownKey);
      const { firstEvent, perToken } = state;
      // One that was given up took that long at least.
      const lasted = error?.code === "TIMEOUT" || (error?.code === "ABORTED" && durationMs > firstEvent.value);
      if (lasted && firstEventMs === undefined) addSample(firstEvent, durationMs, now);
      if (firstEventMs === undefined) return opened;
      if (state.recent.push(firstEventMs) > RECENT) state.recent.shift();
      const output = usage?.output.total;
      if (outcome !== "success" || output === undefined || output <= 1) return opened;
      const writing = stream ? durationMs - firstEventMs : durationMs - Math.min(firstEvent.value, durationMs);
      addSample(perToken, writing / output, now);
      return opened;
    },
  };
}
