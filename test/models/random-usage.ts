import type { Usage } from "../../src/ir/usage.ts";
import { makeUsage } from "../../src/ir/usage.ts";

/** What a usage has that price lists may treat differently. */
export type Trait = "any" | "cacheRead" | "cacheWrite" | "cacheWrite1h" | "audio" | "cachedAudio" | "long" | "threshold" | "tools";

/** Numbers from 0 to 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Lengths at which some provider's price changes. */
const THRESHOLDS = [200_000, 272_000, 512_000];

/** A usage as providers report them: short and long, at and about thresholds, cached, with cache writes, sound and tools where `extras` has them. */
export function randomUsage(
  random: () => number,
  extras: { readonly writes: boolean; readonly audio: boolean; readonly tools: boolean; readonly output: boolean },
): Usage {
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const chance = (share: number): boolean => random() < share;
  const edge = THRESHOLDS[upTo(THRESHOLDS.length - 1)]!;
  const total = chance(0.15) ? edge + upTo(2) - 1 : chance(0.3) ? 100_000 + upTo(800_000) : upTo(chance(0.5) ? 2000 : 99_999);
  const cacheRead = chance(0.5) ? upTo(total) : 0;
  const cacheWrite = extras.writes && chance(0.4) ? upTo(total - cacheRead) : 0;
  const hour = chance(0.4) ? upTo(cacheWrite) : 0;
  const audio = extras.audio && chance(0.5) ? upTo(total - cacheRead - cacheWrite) : 0;
  const cachedAudio = audio > 0 && chance(0.8) ? upTo(cacheRead) : 0;
  const written = upTo(chance(0.5) ? 500 : 30_000);
  const output = extras.output ? written : 0;
  const searches = extras.tools && chance(0.2) ? 1 + upTo(4) : 0;
  return makeUsage({
    input: {
      total,
      cacheRead,
      cacheWrite,
      audio,
      cachedAudio,
      ...(hour > 0 && { cacheWriteByTtl: { "5m": cacheWrite - hour, "1h": hour } }),
    },
    output: { total: output, reasoning: upTo(output) },
    ...(searches > 0 && { serverTools: { web_search: searches } }),
  });
}

export function traitsOf({ input, serverTools }: Usage): ReadonlySet<Trait> {
  const has: readonly (readonly [Trait, unknown])[] = [
    ["any", true],
    ["cacheRead", input.cacheRead],
    ["cacheWrite", input.cacheWrite],
    ["cacheWrite1h", input.cacheWriteByTtl?.["1h"]],
    ["audio", input.audio],
    ["cachedAudio", input.cachedAudio],
    ["long", input.total! > 200_000],
    ["threshold", THRESHOLDS.includes(input.total!)],
    ["tools", serverTools],
  ];
  return new Set(has.flatMap(([trait, given]) => (given !== undefined && given !== 0 && given !== false ? [trait] : [])));
}
