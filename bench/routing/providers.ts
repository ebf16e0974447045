import { START } from "./clock.ts";
import type { EventClock } from "./clock.ts";
import { createCaches, type Cached } from "./caches.ts";
import { luck, normal } from "./chance.ts";
import { PLACES, WORLD, type Call, type World } from "./world.ts";

/** What a place says at first: a refusal, or an answer that has begun. */
export interface Reply {
  readonly status: number;
  readonly retryAfterSeconds?: number;
  readonly usage: { readonly input: number; readonly cached: number; readonly output: number };
  /** Resolves at the end of the answer; rejects when the connection breaks. */
  readonly rest: Promise<void>;
}

/** What asking the places came to, by call. */
export interface Ledger {
  readonly attempts: Uint8Array;
  /** US dollars. */
  readonly cost: Float64Array;
  readonly cached: Float64Array;
  /** The conversation's own beginning was read from a cache. */
  readonly found: Uint8Array;
}

export interface Providers {
  /** Resolves with the head of the answer, at its first token; rejects when there is none, and when the signal aborts. */
  ask(place: number, call: Call, signal: AbortSignal): Promise<Reply>;
  readonly ledger: Ledger;
}

interface Quota {
  calls: number;
  tokens: number;
  at: number;
}

/** The five places as servers: whoever asks them with the same call at the same moment and load has the same luck. */
export function createProviders(world: World, clock: EventClock): Providers {
  const { seed, calls } = world;
  const count = calls.length;
  const ledger: Ledger = {
    attempts: new Uint8Array(count),
    cost: new Float64Array(count),
    cached: new Float64Array(count),
    found: new Uint8Array(count),
  };
  const load = PLACES.map(() => 0);
  const caches = PLACES.map(() => createCaches());
  const quotas = PLACES.map(({ rpm, tpm }): Quota => ({ calls: rpm * WORLD.quotaBurst, tokens: tpm * WORLD.quotaBurst, at: 0 }));

  /** Takes a call from the quota; otherwise the milliseconds until it has room. */
  const take = (index: number, tokens: number, at: number): number => {
    const quota = quotas[index]!;
    const { rpm, tpm } = PLACES[index]!;
    const share = world.weather[index]!.quota(at);
    const passed = (at - quota.at) / 60_000;
    quota.at = at;
    quota.calls = Math.min(rpm * WORLD.quotaBurst, quota.calls + rpm * share * passed);
    quota.tokens = Math.min(tpm * WORLD.quotaBurst, quota.tokens + tpm * share * passed);
    const wait = Math.max((1 - quota.calls) / (rpm * share), (Math.min(tokens, 1) - quota.tokens) / (tpm * share));
    if (wait > 0) return wait * 60_000;
    quota.calls -= 1;
    quota.tokens -= tokens;
    return 0;
  };
  const bill = (index: number, call: Call, { tokens, own }: Cached, output: number): void => {
    const { price } = PLACES[index]!;
    ledger.cached[call.index]! += tokens;
    if (own) ledger.found[call.index] = 1;
    ledger.cost[call.index]! += ((call.input - tokens) * price.input + tokens * price.cacheRead + output * price.output) / 1e6;
  };

  return {
    ledger,
    ask(index, call, signal) {
      const at = clock.now() - START;
      const number = (ledger.attempts[call.index]! += 1);
      const { firstMs, msPerToken, capacity } = PLACES[index]!;
      const weather = world.weather[index]!;
      const key = [seed, 20, call.index, index, number] as const;
      const { promise, resolve, reject } = Promise.withResolvers<Reply>();
      const rest = Promise.withResolvers<void>();
      rest.promise.catch(() => {}); // told to whoever reads so far
      let stop: (() => void) | undefined;
      const onAbort = (): void => {
        stop?.();
        leave();
        reject(signal.reason);
        rest.reject(signal.reason);
      };
      const leave = (): void => {
        signal.removeEventListener("abort", onAbort);
        load[index]! -= 1;
      };
      load[index]! += 1;
      if (signal.aborted) {
        onAbort();
        return promise;
      }
      signal.addEventListener("abort", onAbort);
      const nothing = { input: 0, cached: 0, output: 0 };
      const refuse = (status: number, ms: number, retryAfterSeconds?: number): void => {
        stop = clock.after(ms, () => {
          leave();
          resolve({ status, usage: nothing, rest: rest.promise, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });
        });
      };
      const breakOff = (ms: number, how: (error: Error) => void): void => {
        stop = clock.after(ms, () => {
          leave();
          how(new TypeError("fetch failed", { cause: new Error("read ECONNRESET") }));
        });
      };

      const burst = weather.burst(at);
      const fails = luck(...key, 1) < (burst === undefined ? WORLD.failureShare : WORLD.burstShare);
      if (fails && burst === "hang") return promise;
      if (fails && burst !== "reset") {
        refuse(503, 50 + 450 * luck(...key, 2));
        return promise;
      }
      if (fails && luck(...key, 3) >= 0.2) {
        breakOff(20 + 100 * luck(...key, 2), reject);
        return promise;
      }
      const full = take(index, call.input + call.output, at);
      if (full > 0) {
        refuse(429, 30 + 50 * luck(...key, 2), Math.max(1, Math.ceil(full / 1_000)));
        return promise;
      }
      const cached = caches[index]!.read(call, at);
      const slow = weather.slowness(at) * (1 + (load[index]! / capacity) ** 2);
      const first = slow * Math.exp(WORLD.noise * normal(...key, 4)) * (firstMs + WORLD.readMs * (call.input - cached.tokens));
      const writing = slow * Math.exp(WORLD.noise * normal(...key, 5)) * msPerToken * call.output;
      stop = clock.after(first, () => {
        caches[index]!.keep(call, clock.now() - START);
        resolve({ status: 200, usage: { input: call.input, cached: cached.tokens, output: call.output }, rest: rest.promise });
        if (fails) {
          bill(index, call, cached, call.output / 2);
          breakOff(writing / 2, rest.reject);
          return;
        }
        stop = clock.after(writing, () => {
          leave();
          bill(index, call, cached, call.output);
          rest.resolve();
        });
      });
      return promise;
    },
  };
}
