import { createChance } from "../../test/support/chance.ts";
import { createCaches } from "./caches.ts";
import { createEventClock, START } from "./clock.ts";
import { plainShuffle, type Client, type Surroundings } from "./clients.ts";
import { layer } from "./layer.ts";
import { litellm, LITELLM_STRATEGIES } from "./litellm.ts";
import { createProviders } from "./providers.ts";
import type { StrategyName } from "../../src/router/strategies/names.ts";
import type { World } from "./world.ts";

/** A way to choose among the places. */
export interface Policy {
  readonly name: string;
  readonly by: "plain" | "litellm" | "crosspoint";
  readonly create: (around: Surroundings, world: World) => Client | Promise<Client>;
}

const own = (strategy: StrategyName | undefined): Policy => ({
  name: strategy ?? "none given",
  by: "crosspoint",
  create: (around, { calls }) => layer(strategy, around, calls),
});

export const POLICIES: readonly Policy[] = [
  { name: "plain shuffle", by: "plain", create: plainShuffle },
  ...LITELLM_STRATEGIES.map((name): Policy => ({ name, by: "litellm", create: (around) => litellm(name, around) })),
  own(undefined),
  ...(["shuffle", "round-robin", "least-busy", "latency", "usage", "cost", "cache-affinity"] as const).map(own),
  { name: "latency, hedged", by: "crosspoint", create: (around, { calls }) => layer("latency", around, calls, { afterMs: "p95" }) },
];

/** What a policy came to. */
export interface Result {
  readonly policy: Policy;
  readonly calls: number;
  /** Shares of all calls. */
  readonly success: number;
  /** Milliseconds of the calls that were answered, sorted: until the first token, and until the end. */
  readonly first: Float64Array;
  readonly whole: Float64Array;
  /** US dollars for a thousand calls. */
  readonly cost: number;
  readonly attempts: number;
  /** Share of the tokens sent, and of the calls beyond a conversation's first, that were read from the conversation's own cache. */
  readonly cachedTokens: number;
  readonly cachedCalls: number;
  /** The same against one place that takes every call and never fails. */
  readonly keptTokens: number;
  readonly keptCalls: number;
  /** By call: 1 where it was answered, its first token within five seconds. */
  readonly prompt: Uint8Array;
}

/** Runs a world once for each policy, all side by side, each in a time of its own. */
export async function simulate(world: World, policies: readonly Policy[]): Promise<readonly Result[]> {
  const best = oneDeployment(world);
  return Promise.all(policies.map((policy) => run(world, policy, best)));
}

async function run(world: World, policy: Policy, best: Best): Promise<Result> {
  const { calls, seed } = world;
  const clock = createEventClock();
  const providers = createProviders(world, clock);
  const client = await policy.create({ clock, providers, random: createChance(seed) }, world);
  const first = new Float64Array(calls.length);
  const whole = new Float64Array(calls.length).fill(Number.NaN);
  const answered = new Uint8Array(calls.length);
  const start = (index: number): void => {
    const call = calls[index];
    if (call === undefined) return;
    clock.after(START + call.at - clock.now(), () => {
      start(index + 1);
      const began = clock.now();
      client(call, () => (first[index] = clock.now() - began)).then(
        () => {
          whole[index] = clock.now() - began;
          answered[index] = 1;
        },
        () => {}, // counted as not answered
      );
    });
  };
  start(0);
  await clock.run();
  const { ledger } = providers;
  const good = answered.reduce((sum, each) => sum + each, 0);
  const cached = total(ledger.cached);
  const found = total(ledger.found);
  return {
    policy,
    calls: calls.length,
    success: good / calls.length,
    first: first.filter((_, index) => answered[index] === 1).sort(),
    whole: whole.filter((_, index) => answered[index] === 1).sort(),
    cost: (total(ledger.cost) / calls.length) * 1_000,
    attempts: total(ledger.attempts) / calls.length,
    cachedTokens: cached / best.sent,
    cachedCalls: found / best.later,
    keptTokens: cached / best.cached,
    keptCalls: found / best.found,
    prompt: answered.map((each, index) => (each === 1 && first[index]! <= 5_000 ? 1 : 0)),
  };
}

interface Best {
  readonly cached: number;
  readonly found: number;
  readonly sent: number;
  readonly later: number;
}

/** What the caches of a single place give that takes every call, at once and without fail. */
function oneDeployment({ calls }: World): Best {
  const cache = createCaches();
  const best = { cached: 0, found: 0, sent: 0, later: 0 };
  for (const call of calls) {
    const { tokens, own: isOwn } = cache.read(call, call.at);
    best.cached += tokens;
    best.found += isOwn ? 1 : 0;
    best.sent += call.input;
    best.later += call.turn > 0 ? 1 : 0;
    cache.keep(call, call.at);
  }
  return best;
}

function total(list: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < list.length; index++) sum += list[index]!;
  return sum;
}

/** The same of all calls: one that was not answered took longer than any. */
export function percentileOfAll({ first, whole, calls }: Result, what: "first" | "whole", share: number): number {
  return { first, whole }[what][Math.ceil((calls * share) / 100) - 1] ?? Infinity;
}

/** The value that so many of a hundred do not exceed. */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * share) / 100) - 1)] ?? Number.NaN;
}
