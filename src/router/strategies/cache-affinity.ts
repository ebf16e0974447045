import { hashText, isLong, prefixOf } from "../prefix.ts";
import { createShuffle } from "./shuffle.ts";
import { perList, type Strategy } from "./strategy.ts";

/**
 * The deployment that holds the prompt's cached prefix: conversations are spread by rendezvous hashing, by weight, so that each goes where it went
 * before, in every process, without anything kept. When one deployment is out, only its own conversations move, and come back later.
 */
export function createCacheAffinity(): Strategy {
  const seedsOf = perList((candidates) => Uint32Array.from(candidates, ({ id }) => hashText(id)));
  return {
    name: "cache-affinity",
    compares: true,
    pick(candidates, { request }, scores) {
      const key = prefixOf(request);
      const seeds = seedsOf(candidates);
      let best = 0;
      let least = Infinity;
      for (let index = 0; index < candidates.length; index++) {
        const chance = mix(key, seeds[index]!);
        const weight = candidates[index]!.weight || 1e-9;
        // A logarithm is never above this: most need not be taken.
        if (scores === undefined && 1 - chance >= least * weight) continue;
        const score = -Math.log(chance) / weight;
        if (scores !== undefined) scores[candidates[index]!.id] = score;
        if (score < least) [best, least] = [index, score];
      }
      return candidates[best]!;
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
