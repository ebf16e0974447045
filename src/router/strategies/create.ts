import { createCacheAffinity, createDefault } from "./cache-affinity.ts";
import { createCost } from "./cost.ts";
import { createCustom } from "./custom.ts";
import { createLatency } from "./latency.ts";
import { createLeastBusy } from "./least-busy.ts";
import { STRATEGY_ALIASES, type StrategyName, type StrategyOption } from "./names.ts";
import { createRoundRobin } from "./round-robin.ts";
import { createShuffle } from "./shuffle.ts";
import type { Strategy } from "./strategy.ts";
import { createUsage } from "./usage.ts";

const MAKERS: Readonly<Record<StrategyName, (minQuality: number | undefined) => Strategy>> = {
  shuffle: createShuffle,
  "round-robin": createRoundRobin,
  "least-busy": createLeastBusy,
  latency: createLatency,
  usage: createUsage,
  cost: createCost,
  "cache-affinity": createCacheAffinity,
};

/** The strategy that an option names; `minQuality` counts for `cost`, the group's name for a function. */
export function createStrategy(option: StrategyOption | undefined, minQuality?: number, group = ""): Strategy {
  if (option === undefined) return createDefault();
  if (typeof option === "function") return createCustom(option, group);
  const aliases: Readonly<Record<string, StrategyName>> = STRATEGY_ALIASES;
  return MAKERS[aliases[option] ?? (option as StrategyName)](minQuality);
}
