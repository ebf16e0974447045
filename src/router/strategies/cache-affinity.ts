import { hashText, isLong, prefixOf } from "../prefix.ts";
import type { Deployment } from "../deployment.ts";
import { createShuffle } from "./shuffle.ts";
import type { Strategy } from "./strategy.ts";

/**
 * The deployment that holds the prompt's cached prefix: conversations are spread by rendezvous hashing, by weight, so that each goes where it went
 * before, in every process, without anything kept. When one deployment is out, only its own conversations move, and come back later.
 */
export function createCacheAffinity(): Strategy {
  const seeds = new Map<Deployment, number>();
  const seedOf = (each: Deployment): number => {
    let seed = seeds.get(each);
    if (seed === undefined) seeds.set(each, (seed = hashText(each.id)));
    return seed;
  };
  return {
    name: "cache-affinity",
    compares: true,
    pick(candidates, { request }, scores) {
      const key = prefixOf(request);
      let best = candidates[0]!;
      let least = Infinity;
      for (const each of candidates) {
        const score = -Math.log(mix(key, seedOf(each))) / (each.weight || 1e-9);
        if (scores !== undefined) scores[each.id] = score;
        if (score < least) [best, least] = [each, score];
      }
      return best;
    },
  };
}

/** Affinity for long prompts, chance for the others: what groups do that name no strategy. */
export function createDefault(): Strategy {
  const affinity = createCacheAffinity();
  const shuffle = createShuffle();
  return { name: "shuffle", pick: (candidates, ask, scores) => (isLong(ask.request) ? affinity : shuffle).pick(candidates, ask, scores) };
}

/** Two numbers as one between 0 and 1, evenly spread. */
function mix(a: number, b: number): number {
  let hash = Math.imul(a ^ (b >>> 15), 2_246_822_519) ^ Math.imul(b ^ (a >>> 13), 3_266_489_917);
  hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_519);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_917);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296 + 1e-12;
}
