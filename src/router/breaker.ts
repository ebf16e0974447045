import type { CrosspointError } from "../ir/error.ts";

const SLOT_MS = 5_000;
/** Thirty seconds of outcomes. */
const SLOTS = 6;
/** A probe that has not ended after this is no longer waited for. */
const PROBE_MS = 60_000;
/** The longest that a provider's `Retry-After` is obeyed. */
const MAX_ASKED_MS = 3_600_000;

/**
 * A circuit breaker: closed while things go well, open for a time after failures, then half open: one call at a time may try, and its outcome
 * closes the gate or opens it for longer.
 */
export interface Gate {
  /** Moment until which nothing may pass; 0 while closed. */
  openUntil: number;
  openedAt: number;
  /** How long it was opened last, for the next time. */
  openedFor: number;
  /** When the probe that is under way began; 0 without one. */
  probeAt: number;
  slot: number;
  readonly good: number[];
  readonly bad: number[];
  lastError: CrosspointError | undefined;
}

/** How long a gate stays open: at first, and at most after it has doubled. */
export interface Patience {
  readonly firstMs: number;
  readonly mostMs: number;
  /** So many failures within the window, and at least as many as successes, open a gate. */
  readonly failures: number;
}

export const FOR_PROVIDER: Patience = { firstMs: 5_000, mostMs: 20_000, failures: 3 };
/** A key that was refused is seldom mended within seconds. */
export const FOR_KEY: Patience = { firstMs: 60_000, mostMs: 1_800_000, failures: 3 };

export function createGate(): Gate {
  return {
    openUntil: 0,
    openedAt: 0,
    openedFor: 0,
    probeAt: 0,
    slot: 0,
    good: Array.from({ length: SLOTS }, () => 0),
    bad: Array.from({ length: SLOTS }, () => 0),
    lastError: undefined,
  };
}

/** Whether a call has to go elsewhere. */
export function isShut({ openUntil, probeAt }: Gate, now: number): boolean {
  return openUntil !== 0 && (now < openUntil || (probeAt !== 0 && now - probeAt < PROBE_MS));
}

export function stateOf(gate: Gate, now: number): "closed" | "open" | "half-open" {
  if (gate.openUntil === 0) return "closed";
  return now < gate.openUntil ? "open" : "half-open";
}

/** Counts an outcome in its slot; slots that have passed meanwhile are emptied, however many. */
function count(gate: Gate, list: "good" | "bad", now: number): void {
  const slot = Math.floor(now / SLOT_MS);
  for (let passed = Math.max(gate.slot + 1, slot - SLOTS + 1); passed <= slot; passed++) {
    gate.good[passed % SLOTS] = 0;
    gate.bad[passed % SLOTS] = 0;
  }
  gate.slot = Math.max(slot, gate.slot);
  gate[list][slot % SLOTS]! += 1;
}

export function recentOutcomes(gate: Gate, now: number): { readonly good: number; readonly bad: number } {
  const oldest = Math.floor(now / SLOT_MS) - SLOTS;
  let [good, bad] = [0, 0];
  for (let slot = gate.slot; slot > oldest && slot > gate.slot - SLOTS; slot--) {
    good += gate.good[slot % SLOTS]!;
    bad += gate.bad[slot % SLOTS]!;
  }
  return { good, bad };
}

/** A call that began at `startedAt` went well. One that began before the gate opened proves nothing. */
export function passed(gate: Gate, startedAt: number, now: number): void {
  if (gate.openUntil === 0) return count(gate, "good", now);
  if (startedAt < gate.openedAt) return;
  gate.openUntil = gate.openedFor = gate.probeAt = 0;
  gate.good.fill(0);
  gate.bad.fill(0);
  gate.lastError = undefined;
  count(gate, "good", now);
}

/** A call ended in a way that says nothing of the deployment: the next one may probe. */
export function unclear(gate: Gate, startedAt: number): void {
  if (startedAt >= gate.openedAt) gate.probeAt = 0;
}

/** A call that began at `startedAt` failed. `atOnce` opens the gate without waiting for further failures. Tells whether this opened it. */
export function failed(gate: Gate, error: CrosspointError, startedAt: number, now: number, patience: Patience, atOnce: boolean): boolean {
  gate.lastError = error;
  count(gate, "bad", now);
  const asked = error.retryAfter === undefined ? 0 : Math.min(error.retryAfter, MAX_ASKED_MS);
  const wasOpen = gate.openUntil !== 0;
  if (wasOpen && startedAt < gate.openedAt) {
    // Calls from before the gate opened tell only how long the provider wants to be left alone.
    gate.openUntil = Math.max(gate.openUntil, now + asked);
    return false;
  }
  const { good, bad } = recentOutcomes(gate, now);
  const isProbe = wasOpen && gate.openedFor > 0;
  if (atOnce || isProbe || (bad >= patience.failures && bad >= good)) {
    gate.openedFor = gate.openedFor === 0 ? patience.firstMs : Math.min(gate.openedFor * 2, patience.mostMs);
    open(gate, now, Math.max(gate.openedFor, asked));
  } else if (asked > 0) open(gate, now, asked);
  else {
    gate.probeAt = 0;
    return false;
  }
  return true;
}

function open(gate: Gate, now: number, ms: number): void {
  gate.openedAt = now;
  gate.openUntil = now + ms;
  gate.probeAt = 0;
}
