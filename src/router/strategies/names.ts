import type { ModelRequest } from "../../ir/request.ts";

/** The strategies by name. */
export const STRATEGY_NAMES = ["shuffle", "round-robin", "least-busy", "latency", "usage", "cost", "cache-affinity"] as const;
export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** LiteLLM's names for them. */
export const STRATEGY_ALIASES = {
  "simple-shuffle": "shuffle",
  "latency-based-routing": "latency",
  "usage-based-routing": "usage",
  "usage-based-routing-v2": "usage",
  "cost-based-routing": "cost",
} as const satisfies Record<string, StrategyName>;
export type StrategyAlias = keyof typeof STRATEGY_ALIASES;

/** What a strategy of one's own sees of a deployment. */
export interface RoutingCandidate {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly weight: number;
  /** Calls under way. */
  readonly inFlight: number;
  /** Milliseconds until a stream shows something, and for each output token after that; absent before it was measured. */
  readonly firstEventMs?: number;
  readonly msPerToken?: number;
  readonly tags?: readonly string[];
  readonly region?: string;
}

/** A strategy of one's own: the id of the chosen candidate, or `undefined` to leave it to chance. Called for each attempt; must not wait. */
export type StrategyFunction = (candidates: readonly RoutingCandidate[], request: ModelRequest) => string | undefined;

/** How a group spreads its calls. Default: `shuffle`, and `cache-affinity` for long prompts. */
export type StrategyOption = StrategyName | StrategyAlias | StrategyFunction;
