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
}

const SHARES: Readonly<Record<string, keyof CostShares>> = {
  input: "input",
  audioInput: "input",
  imageInput: "input",
  cacheRead: "cacheRead",
  audioCacheRead: "cacheRead",
  cacheWrite: "cacheWrite",
  cacheWrite1h: "cacheWrite",
  output: "output",
  audioOutput: "output",
  imageOutput: "output",
  reasoning: "reasoning",
};

/** Adds up the lines of a cost by kind; a cost that the provider only told as one sum has no shares. */
export function costShares({ items }: Cost): CostShares {
  const shares: { -readonly [K in keyof CostShares]: CostShares[K] } = {};
  for (const { kind, amount } of items) {
    const share = SHARES[kind] ?? (kind.startsWith("tool:") ? "tools" : undefined);
    if (share !== undefined) shares[share] = Math.round(((shares[share] ?? 0) + amount) * 1e9) / 1e9;
  }
  return shares;
}

/** Counts without those that are part of another. */
export interface TokenShares {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly reasoning?: number;
  readonly total: number;
}

/** `undefined` where a total is unknown. */
export function tokenShares({ input, output, total }: Usage): TokenShares | undefined {
  if (total === undefined || input.total === undefined || output.total === undefined) return undefined;
  return {
    input: input.total - (input.cacheRead ?? 0) - (input.cacheWrite ?? 0),
    output: output.total - (output.reasoning ?? 0),
    ...(input.cacheRead === undefined ? undefined : { cacheRead: input.cacheRead }),
    ...(input.cacheWrite === undefined ? undefined : { cacheWrite: input.cacheWrite }),
    ...(output.reasoning === undefined ? undefined : { reasoning: output.reasoning }),
    total,
  };
}
