import type { CrosspointError } from "../ir/error.ts";
import { recentOutcomes, stateOf } from "./breaker.ts";
import type { Deployment } from "./deployment.ts";
import type { Groups } from "./groups.ts";
import type { Monitor } from "./monitor.ts";
import { readAverage } from "./moving-average.ts";
import { readCount } from "./minute-count.ts";

/** How a deployment fares. */
export interface DeploymentHealth {
  readonly deployment: string;
  readonly provider: string;
  readonly model: string;
  /** `open`: cooling down, `half-open`: the next call tries it, `disabled`: taken out of service by its option. */
  readonly state: "closed" | "open" | "half-open" | "disabled";
  /** What is at fault when it is not closed. */
  readonly at?: "deployment" | "key";
  /** Milliseconds since 1970. */
  readonly openUntil?: number;
  readonly error?: CrosspointError;
  /** Another process of the same store found out. */
  readonly learned?: true;
  /** Calls under way. */
  readonly inFlight: number;
  /** Calls of the last half minute that went well, and that failed by no fault of the caller. */
  readonly recent: { readonly successes: number; readonly failures: number };
  /** The same since the layer was made. */
  readonly total: { readonly successes: number; readonly failures: number };
  /** Moving averages in milliseconds; absent before they were measured. */
  readonly firstEventMs?: number;
  readonly msPerToken?: number;
  /** Within the last minute, nearly. */
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
}

/** How the deployments of all named groups that are right fare, and those that calls have asked besides. */
export function healthOf(groups: Groups, monitor: Monitor, now: number): readonly DeploymentHealth[] {
  const seen = new Map<object, DeploymentHealth>();
  for (const deployment of [...groups.names().flatMap((name) => deploymentsOf(name, groups)), ...groups.asked()]) {
    const state = monitor.stateOf(deployment);
    if (!seen.has(state)) seen.set(state, toHealth(deployment, monitor, now));
  }
  return [...seen.values()];
}

function deploymentsOf(name: string, groups: Groups): readonly Deployment[] {
  try {
    return groups.get(name).deployments;
  } catch {
    return []; // a mistake of the options: whoever watches the others is to see them
  }
}

function toHealth(deployment: Deployment, monitor: Monitor, now: number): DeploymentHealth {
  const { id, provider, model, terms } = deployment;
  const { gate, keyGate, inFlight, successes, failures, firstEvent, perToken, requests, tokens } = monitor.stateOf(deployment);
  const worse = keyGate.openUntil > gate.openUntil ? keyGate : gate;
  const state = stateOf(worse, now);
  const { good, bad } = recentOutcomes(gate, now);
  return {
    deployment: id,
    provider: provider.id,
    model,
    state: terms?.enabled === false ? "disabled" : state,
    ...(state !== "closed" && { at: worse === keyGate ? "key" : "deployment", openUntil: worse.openUntil }),
    ...(worse.lastError !== undefined && { error: worse.lastError }),
    ...(worse.learned && { learned: true }),
    inFlight,
    recent: { successes: good, failures: bad },
    total: { successes, failures },
    ...(firstEvent.at > 0 && { firstEventMs: readAverage(firstEvent, now) }),
    ...(perToken.at > 0 && { msPerToken: readAverage(perToken, now) }),
    requestsPerMinute: Math.round(readCount(requests, now)),
    tokensPerMinute: Math.round(readCount(tokens, now)),
  };
}
