import { createCrosspoint, type CallRequest, type Clock, type Crosspoint, type CrosspointOptions } from "crosspoint";
import { openStore, type Place } from "../stores/place.ts";

export const WORKERS = 16;
/** US dollars. */
export const LIMIT = 0.02;
export const MAX_OUTPUT = 100;
const MODEL = "openai-chat/gpt-4o";
const NOW = 1_700_000_000_000;

/** What one process of the test is to do. */
export interface SpendJob {
  readonly place: Place;
  readonly team: string;
  /** Begins its calls and never ends them. */
  readonly hang: boolean;
}

export interface SpendResult {
  readonly calls: number;
  readonly answered: number;
  readonly refused: number;
  /** Other failures, by code. */
  readonly failed: Readonly<Record<string, number>>;
  readonly nanoUsd: number;
}

/** Time stands still, so that no lease runs out by itself; timers run. */
const clockAt = (now: number): Clock => ({
  now: () => now,
  after(ms, callback) {
    const timer = setTimeout(callback, ms).unref();
    return () => clearTimeout(timer);
  },
});

/** A layer over the shared store, with the one budget that all share. */
export function createLayer(place: Place, options: CrosspointOptions & { readonly later?: number }): Crosspoint {
  const { later = 0, ...rest } = options;
  return createCrosspoint({
    store: openStore(place),
    budgets: [{ id: "everyone", limit: LIMIT, window: "lifetime" }],
    prices: { [MODEL]: { input: 1, output: 1 } },
    clock: clockAt(NOW + later),
    retries: 8,
    ...rest,
  });
}

export function requestOf(team: string, user: string): CallRequest {
  return {
    model: MODEL,
    messages: [{ role: "user", content: "Name a river." }],
    maxOutputTokens: MAX_OUTPUT,
    attribution: { team, user },
  };
}
