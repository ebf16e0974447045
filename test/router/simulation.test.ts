import { beforeAll, describe, expect, test } from "vitest";
import { claimOf, drawings, page } from "../../bench/routing/page.ts";
import { percentile, POLICIES, simulate, type Result } from "../../bench/routing/run.ts";
import { createWorld, type World } from "../../bench/routing/world.ts";

/** What docs/routing-simulation.md tells, in a world of two minutes. */
describe("routing, simulated", () => {
  let world: World;
  let results: readonly Result[];
  const find = (name: string): Result => results.find(({ policy }) => policy.name === name)!;

  beforeAll(async () => {
    world = createWorld(1, 2_000);
    const wanted = ["plain shuffle", "simple-shuffle", "shuffle", "latency", "cache-affinity"];
    results = await simulate(
      world,
      POLICIES.filter(({ name }) => wanted.includes(name)),
    );
    // A second or two of work; a busy machine takes longer.
  }, 60_000);

  test("the world is the same for the same seed, and not for another", () => {
    const again = createWorld(1, 2_000);
    expect(again.calls).toEqual(world.calls);
    expect(again.weather.map(({ bursts }) => bursts)).toEqual(world.weather.map(({ bursts }) => bursts));
    expect(createWorld(2, 10).calls).not.toEqual(world.calls.slice(0, 10));
    expect(world.weather.flatMap(({ bursts }) => bursts).length).toBeGreaterThan(0);
  });

  test("latency has far shorter waits than plain shuffle", () => {
    // In two minutes the p99 is the twentieth slowest call.
    const { first, whole, firstOwn } = claimOf(world.seed, results);
    expect(first).toBeGreaterThan(2);
    expect(whole).toBeGreaterThan(2);
    expect(firstOwn).toBeGreaterThan(2);
    expect(percentile(find("latency").first, 50)).toBeLessThan(percentile(find("plain shuffle").first, 50));
  });

  test("cache-affinity keeps what a single deployment would have in its cache, and costs less for it", () => {
    const affinity = find("cache-affinity");
    const shuffle = find("shuffle");
    // The caches are cold at first: each deployment has to read every system prompt once.
    expect(affinity.keptTokens).toBeGreaterThan(0.9);
    expect(shuffle.keptTokens).toBeLessThan(affinity.keptTokens - 0.08);
    expect(affinity.cost).toBeLessThan(shuffle.cost * 0.9);
  });

  test("health makes more calls succeed than plain shuffle does, with fewer attempts than a router without circuit breakers", () => {
    for (const name of ["shuffle", "latency", "cache-affinity"]) {
      expect(find(name).success).toBeGreaterThan(find("plain shuffle").success);
      expect(find(name).attempts).toBeLessThan(find("simple-shuffle").attempts);
    }
  });

  test("the page and its drawings tell it", () => {
    const text = page({ world, results, claims: [claimOf(world.seed, results)] });
    expect(text.match(/^\| `/gm)).toHaveLength(results.length);
    for (const [name, svg] of Object.entries(drawings(world, results))) {
      expect(text).toContain(name);
      expect(svg).toMatch(/^<svg [^]*<\/svg>\n$/);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});
