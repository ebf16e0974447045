import type { CrosspointError } from "../ir/error.ts";

const SLOT_MS = 5_000;
/** Thirty seconds of outcomes. */
const SLOTS = 6;
/** A probe that has not ended after this is no longer waited for. */
const PROBE_MS = 60_000;
/** So many failures in a row, all within the window, open a gate, whatever went well before. */
const STREAK = 10;
/** The longest that a provider's `Retry-After` is obeyed. */
export const MAX_ASKED_MS = 3_600_000;

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
  /** Failures since the last success, and when the first of them began. */
  streak: number;
  streakFrom: number;
  lastError: CrosspointError | undefined;
  /** Another process opened it. */
  learned: boolean;
  /** The record by which all processes know that it is open. */
  record: string | undefined;
  /** Whether it is this process's turn to probe, where processes take turns. */
  mayProbe: ((gate: Gate, now: number) => boolean) | undefined;
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
    streak: 0,
    streakFrom: 0,
    lastError: undefined,
    learned: false,
    record: undefined,
    mayProbe: undefined,
  };
}

/** Whether a call has to go elsewhere. */
export function isShut(gate: Gate, now: number): boolean {
  const { openUntil, probeAt } = gate;
  if (openUntil === 0) return false;
  return now < openUntil || (probeAt !== 0 && now - probeAt < PROBE_MS) || gate.mayProbe?.(gate, now) === false;
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
  if (gate.openUntil === 0) {
    if (startedAt >= gate.streakFrom) gate.streak = 0;
    return count(gate, "good", now);
  }
  if (startedAt < gate.openedAt) return;
  close(gate);
  count(gate, "good", now);
}

/** Closes a gate and forgets what failed. */
export function close(gate: Gate): void {
  gate.openUntil = gate.openedFor = gate.probeAt = gate.streak = 0;
  gate.good.fill(0);
  gate.bad.fill(0);
  gate.lastError = undefined;
  gate.learned = false;
}

/** Opens a gate as another process did, or leaves it open for longer where this one knows more. */
export function adopt(gate: Gate, until: number, openedFor: number, error: CrosspointError, now: number): void {
  gate.openedFor = Math.max(gate.openedFor, openedFor);
  if (gate.openUntil >= until) return;
  open(gate, now, until - now);
  gate.lastError = error;
  gate.learned = true;
}

/** A call ended in a way that says nothing of the deployment: the next one may probe. */
export function unclear(gate: Gate, startedAt: number): void {
  if (startedAt >= gate.openedAt) gate.probeAt = 0;
}

/** A call that began at `startedAt` failed. `atOnce` opens the gate without waiting for further failures. Tells whether this opened it. */
export function failed(gate: Gate, error: CrosspointError, startedAt: number, now: number, patience: Patience, atOnce: boolean): boolean {
  gate.lastError = error;
  count(gate, "bad", now);
  if (gate.streak++ === 0) gate.streakFrom = startedAt;
  const asked = error.retryAfter === undefined ? 0 : Math.min(error.retryAfter, MAX_ASKED_MS);
  const wasOpen = gate.openUntil !== 0;
  if (wasOpen && startedAt < gate.openUntil) {
    // Calls that did not wait for it tell only how long the provider wants to be left alone: a crowd that fails at once opens it once.
    gate.openUntil = Math.max(gate.openUntil, now + asked);
    unclear(gate, startedAt);
    return false;
  }
  const { good, bad } = recentOutcomes(gate, now);
  const isProbe = wasOpen && gate.openedFor > 0;
  const isStreak = Math.min(gate.streak, bad) >= Math.max(STREAK, patience.failures);
  if (atOnce || isProbe || isStreak || (bad >= patience.failures && bad >= good)) {
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
  gate.probeAt = gate.streak = 0;
  gate.learned = false;
}
