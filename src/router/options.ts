import { CrosspointError } from "../ir/error.ts";
import { STRATEGY_ALIASES, STRATEGY_NAMES, type StrategyOption } from "./strategies/names.ts";

/**
 * What happens to a stream that breaks off after a part of it was shown. `error`: the reader is told. `restart`: an event `response-restart` takes back
 * what was shown, and another attempt answers from the beginning. `continue`: another attempt goes on where the text broke off, and the reader sees one
 * answer; what is not text is as `error`. `buffer`: nothing is shown before the whole answer is there, so that
 * nothing ever has to be taken back.
 */
export type Recovery = (typeof RECOVERIES)[number];

const RECOVERIES = ["error", "restart", "continue", "buffer"] as const;

/** When a call is sent to a second deployment as well; what answers first counts, the other is cancelled. */
export interface HedgeOption {
  /** Milliseconds without an answer; `p95`: as long as 95 of 100 calls to that deployment took of late. */
  readonly afterMs: number | "p95";
  /** The share by which second calls may raise what calls cost, by their prices. Default 0.1. */
  readonly maxExtraCost?: number;
}

/** What takes a failing deployment out, and for how long. */
export interface CooldownOption {
  /** Failures within half a minute, no fewer than successes. Default 3. */
  readonly failures?: number;
  /** Milliseconds at first; each time that it fails again the double, up to four times as much. Default 5,000. */
  readonly ms?: number;
}

/** What says how calls find their way. */
export interface RoutingOptions {
  /** How groups spread their calls that do not say. Default: `shuffle` by weight, and `cache-affinity` for long prompts. */
  readonly strategy?: StrategyOption;
  /** Models or groups to try when the one that was asked for fails and has no list of its own. Default: none. */
  readonly fallbacks?: readonly string[];
  /** Names of `models` that answer, but are not listed by `models()` and `/v1/models`. */
  readonly hidden?: readonly string[];
  /** When a deployment that fails is left alone. */
  readonly cooldown?: CooldownOption;
  /**
   * Whether deployments and keys that fail are known to all processes of a `store` that is an object, within about a second. Default true.
   */
  readonly shareHealth?: boolean;
  /** Default `error`. */
  readonly recovery?: Recovery;
  /** Default: never. */
  readonly hedge?: HedgeOption;
}

/** The same for a single call. */
export interface RoutingCallOptions {
  /** Replaces the fallbacks of the model that is asked for; an empty list: none. */
  readonly fallbacks?: readonly string[];
  readonly recovery?: Recovery;
  readonly hedge?: HedgeOption;
  /** Only deployments of this region take the call. */
  readonly region?: string;
}

/** Throws INVALID_OPTIONS that names the option at fault. Cheap enough for every call. */
export function checkRouting({
  fallbacks,
  recovery,
  hedge,
  region,
  strategy,
  hidden,
  cooldown,
  shareHealth,
}: RoutingOptions & RoutingCallOptions): void {
  if (fallbacks !== undefined) checkNames("fallbacks", fallbacks);
  if (hidden !== undefined) checkNames("hidden", hidden);
  if (cooldown !== undefined) checkCooldown(cooldown);
  if (shareHealth !== undefined && typeof shareHealth !== "boolean") throw wrong("shareHealth", "must be true or false");
  checkStrategy(strategy);
  if (recovery !== undefined && !RECOVERIES.includes(recovery)) {
    throw wrong("recovery", `must be "error", "restart", "continue" or "buffer", not ${JSON.stringify(recovery)}`);
  }
  if (region !== undefined && typeof region !== "string") {
    throw wrong("region", "must be a text");
  }
  if (hedge !== undefined) checkHedge(hedge);
}

/** Throws INVALID_OPTIONS for what is no cooldown. */
export function checkCooldown(cooldown: unknown, at = "cooldown"): void {
  if (typeof cooldown !== "object" || cooldown === null) throw wrong(at, "must be as { failures: 3, ms: 5000 }");
  for (const [field, value] of Object.entries(cooldown) as [string, unknown][]) {
    if (field !== "failures" && field !== "ms") throw wrong(`${at}.${field}`, "is unknown; there are: failures, ms");
    if (!(typeof value === "number" && value >= (field === "ms" ? 0 : 1))) throw wrong(`${at}.${field}`, "must be a number");
  }
}

function checkHedge(hedge: HedgeOption): void {
  const { afterMs, maxExtraCost = 0 } = typeof hedge === "object" && hedge !== null ? hedge : { afterMs: -1 };
  if (!(afterMs === "p95" || (typeof afterMs === "number" && afterMs >= 0)) || !(typeof maxExtraCost === "number" && maxExtraCost >= 0)) {
    throw wrong("hedge", 'must be as { afterMs: 800, maxExtraCost: 0.1 }; afterMs may be "p95"');
  }
}

/** Throws INVALID_OPTIONS for what is no list of names. */
export function checkNames(at: string, list: unknown): void {
  if (!Array.isArray(list) || list.some((each) => typeof each !== "string" || each === "")) throw wrong(at, "must be a list of texts");
}

export function checkStrategy(strategy: unknown, at = "strategy"): void {
  if (strategy === undefined || typeof strategy === "function") return;
  const names = [...STRATEGY_NAMES, ...Object.keys(STRATEGY_ALIASES)];
  if (!names.includes(strategy as string)) throw wrong(at, `must be a function or one of ${names.join(", ")}`);
}

export function wrong(param: string, problem: string): CrosspointError {
  return new CrosspointError("INVALID_OPTIONS", `${param} ${problem}`, { param });
}
