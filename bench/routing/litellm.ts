import { sleep } from "../../src/transport/clock.ts";
import { attempt, RETRIES, type Client, type Failed, type Surroundings } from "./clients.ts";
import { PLACES, type Call } from "./world.ts";

export const LITELLM_STRATEGIES = [
  "simple-shuffle",
  "least-busy",
  "latency-based-routing",
  "usage-based-routing-v2",
  "cost-based-routing",
] as const;
export type LitellmStrategy = (typeof LITELLM_STRATEGIES)[number];

/** Router default of `cooldown_time`. */
const COOLDOWN_MS = 5_000;
const LATENCY_LIST = 10;
const LATENCY_TTL_MS = 3_600_000;
/** What a timeout counts as. */
const PENALTY_SECONDS = 1_000;

interface Standing {
  cooledUntil: number;
  inFlight: number;
  minute: number;
  /** Of this minute of the clock. */
  calls: number;
  tokens: number;
  successes: number;
  failures: number;
  latencies: readonly { readonly seconds: number; readonly at: number }[];
}

/**
 * A router that follows the rules that LiteLLM documents for one process: choice by strategy among what is not cooling down, cooldowns for 429, for
 * statuses that are not retried, and for more than half of at least five calls of this minute failed; broken connections never cool anything
 * down. Retries go at once while anything else is well, else after `Retry-After` or 0.5 s and more. What broke off after it was shown is told.
 */
export function litellm(strategy: LitellmStrategy, around: Surroundings): Client {
  const { clock, random } = around;
  const places = PLACES.map((): Standing => ({
    cooledUntil: 0,
    inFlight: 0,
    minute: 0,
    calls: 0,
    tokens: 0,
    successes: 0,
    failures: 0,
    latencies: [],
  }));
  const current = (index: number): Standing => {
    const standing = places[index]!;
    const minute = Math.floor(clock.now() / 60_000);
    if (standing.minute !== minute) Object.assign(standing, { minute, calls: 0, tokens: 0, successes: 0, failures: 0 });
    return standing;
  };
  const healthy = (): readonly number[] => PLACES.map((_, index) => index).filter((index) => clock.now() >= current(index).cooledUntil);
  const choose = choosers[strategy];
  const pick = (call: Call): number | undefined => {
    const well = healthy();
    return well.length === 0
      ? undefined
      : choose({ well, standings: PLACES.map((_, index) => current(index)), call, random, now: clock.now() });
  };
  const learn = (index: number, { status, retryAfterSeconds }: Failed): void => {
    const standing = current(index);
    standing.failures++;
    // A broken connection is an APIConnectionError.
    if (status === 0) return;
    const total = standing.successes + standing.failures;
    const isRetried = status === 408 || status === 409 || status === 429 || status >= 500;
    const cools = status === 429 || !isRetried || (total >= 5 && standing.failures / total > 0.5);
    if (cools) standing.cooledUntil = clock.now() + (retryAfterSeconds === undefined ? COOLDOWN_MS : retryAfterSeconds * 1_000);
  };
  const time = (index: number, seconds: number): void => {
    const standing = current(index);
    standing.latencies = [...standing.latencies.slice(1 - LATENCY_LIST), { seconds, at: clock.now() }];
  };

  return async (call, onFirst) => {
    for (let tries = 0; ; tries++) {
      const index = pick(call);
      if (index === undefined) throw new Error("no deployments available");
      const standing = current(index);
      const began = clock.now();
      standing.calls++;
      standing.inFlight++;
      let used = 0;
      const failed = await attempt(around, index, call, (tokens) => {
        used = tokens;
        time(index, (clock.now() - began) / 1_000);
        onFirst();
      });
      standing.inFlight--;
      if (failed === undefined) {
        const after = current(index);
        after.successes++;
        after.tokens += used;
        return;
      }
      if (failed.status === 408) time(index, PENALTY_SECONDS);
      learn(index, failed);
      if (failed.shown || tries === RETRIES) throw new Error(`failed with ${failed.status}`);
      if (healthy().length > 0) continue;
      const asked = failed.retryAfterSeconds ?? 0;
      const wait = asked > 0 && asked <= 60 ? asked * 1_000 : Math.min(500 * 2 ** tries, 8_000) * (1 + 0.75 * random());
      await sleep(clock, wait, undefined);
    }
  };
}

interface Choosing {
  readonly well: readonly number[];
  readonly standings: readonly Standing[];
  readonly call: Call;
  readonly random: () => number;
  readonly now: number;
}

const choosers: Readonly<Record<LitellmStrategy, (choosing: Choosing) => number | undefined>> = {
  // By `rpm`, where no weight is given.
  "simple-shuffle": ({ well, random }) => {
    let point = random() * well.reduce((sum, index) => sum + PLACES[index]!.rpm, 0);
    return well.find((index) => (point -= PLACES[index]!.rpm) < 0) ?? well[0];
  },
  "least-busy": (choosing) => lowest(choosing, choosing.well, ({ inFlight }) => inFlight),
  "latency-based-routing": (choosing) =>
    lowest(choosing, withinLimits(choosing), ({ latencies }) => {
      const fresh = latencies.filter(({ at }) => choosing.now - at < LATENCY_TTL_MS);
      return fresh.length === 0 ? 0 : fresh.reduce((sum, { seconds }) => sum + seconds, 0) / fresh.length;
    }),
  "usage-based-routing-v2": (choosing) => lowest(choosing, withinLimits(choosing), ({ tokens }) => tokens),
  "cost-based-routing": (choosing) =>
    lowest(choosing, withinLimits(choosing), (_, index) => PLACES[index]!.price.input + PLACES[index]!.price.output),
};

function withinLimits({ well, standings, call }: Choosing): readonly number[] {
  return well.filter((index) => {
    const { rpm, tpm } = PLACES[index]!;
    return standings[index]!.calls + 1 <= rpm && standings[index]!.tokens + call.input <= tpm;
  });
}

/** The lowest, equal ones by chance. */
function lowest(
  { standings, random }: Choosing,
  among: readonly number[],
  score: (standing: Standing, index: number) => number,
): number | undefined {
  const scores = among.map((index) => score(standings[index]!, index));
  const least = Math.min(...scores);
  const best = among.filter((_, at) => scores[at] === least);
  return best[Math.floor(random() * best.length)];
}
