import type { Cost } from "../ir/response.ts";
import type { Usage } from "../ir/usage.ts";

/** The shares of a cost, in US dollars. */
export interface CostShares {
  readonly input?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly output?: number;
  readonly reasoning?: number;
  /** Uses of tools that the provider ran. */
  readonly tools?: number;
  /** All that was read: input, read from and written to caches. */
  readonly prompt?: number;
  /** All that was written: output and reasoning. */
  readonly completion?: number;
}

type Share = keyof CostShares;

const SHARES: Readonly<Record<string, readonly [Share, Share]>> = {
  input: ["input", "prompt"],
  audioInput: ["input", "prompt"],
  imageInput: ["input", "prompt"],
  cacheRead: ["cacheRead", "prompt"],
  audioCacheRead: ["cacheRead", "prompt"],
  cacheWrite: ["cacheWrite", "prompt"],
  cacheWrite1h: ["cacheWrite", "prompt"],
  output: ["output", "completion"],
  audioOutput: ["output", "completion"],
  imageOutput: ["output", "completion"],
  reasoning: ["reasoning", "completion"],
};
const TOOLS: readonly Share[] = ["tools"];
const NONE: readonly Share[] = [];

let lastCost: Cost | undefined;
let lastShares: CostShares = {};

/**
 * Adds up the lines of a cost by kind, in billionths of a dollar; a cost that the provider only told as one sum has no shares. Several presets ask
 * for those of one cost in a row, so the last answer is kept.
 */
export function costShares(cost: Cost): CostShares {
  if (cost === lastCost) return lastShares;
  const shares: Partial<Record<Share, number>> = {};
  for (const { kind, amount } of cost.items) {
    for (const share of SHARES[kind] ?? (kind.startsWith("tool:") ? TOOLS : NONE))
      shares[share] = Math.round(((shares[share] ?? 0) + amount) * 1e9) / 1e9;
  }
  lastCost = cost;
  lastShares = shares;
  return shares;
}

/** Counts without those that are part of another. */
export interface TokenShares {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly reasoning: number | undefined;
  readonly total: number;
}

/** `undefined` where a total is unknown. */
export function tokenShares({ input, output, total }: Usage): TokenShares | undefined {
  if (total === undefined || input.total === undefined || output.total === undefined) return undefined;
  const { cacheRead, cacheWrite } = input;
  const { reasoning } = output;
  return {
    input: input.total - (cacheRead ?? 0) - (cacheWrite ?? 0),
    output: output.total - (reasoning ?? 0),
    cacheRead,
    cacheWrite,
    reasoning,
    total,
  };
}
