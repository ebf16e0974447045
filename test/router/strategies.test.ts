import { describe, expect, test } from "vitest";
import type { Attempt } from "../../src/index.ts";
import type { Deployment } from "../../src/router/deployment.ts";
import type { Monitor } from "../../src/router/monitor.ts";
import { createStrategy } from "../../src/router/strategies/create.ts";
import { STRATEGY_ALIASES, STRATEGY_NAMES, type StrategyAlias } from "../../src/router/strategies/names.ts";
import type { Strategy } from "../../src/router/strategies/strategy.ts";
import { createChance } from "../support/chance.ts";
import { ask, begun, NOW, watched } from "../support/deployments.ts";

const A = { model: "openai/gpt-4o", id: "a" };
const B = { model: "openai/gpt-4o", id: "b" };
const C = { model: "openai/gpt-4o", id: "c" };

/** How often each is chosen in many calls. */
function spread(strategy: Strategy, list: readonly Deployment[], calls = 10_000, request = {}): Record<string, number> {
  const random = createChance(7);
  const counts: Record<string, number> = Object.fromEntries(list.map(({ id }) => [id, 0]));
  for (let call = 0; call < calls; call++) counts[strategy.pick(list, ask(random, request)).id]! += 1;
  return counts;
}

function answered(monitor: Monitor, deployment: Deployment, firstEventMs: number, durationMs: number, tokens: number, at = NOW): void {
  const record: Attempt = {
    provider: deployment.provider.id,
    model: deployment.model,
    deployment: deployment.id,
    reason: "first",
    outcome: "success",
    startedAt: at,
    firstEventMs,
    durationMs,
    usage: { input: { total: 10 }, output: { total: tokens }, total: 10 + tokens },
  };
  monitor.begin(deployment, record, true);
  monitor.end(deployment, record, true, false);
}

describe("shuffle", () => {
  test("follows the weights within chance", () => {
    const { list } = watched([A, { ...B, weight: 3 }]);
    const { a, b } = spread(createStrategy("shuffle"), list);
    // 10,000 draws of 1/4: the standard deviation is 43.
    expect(Math.abs(a! - 2_500)).toBeLessThan(200);
    expect(a! + b!).toBe(10_000);
  });

  test("weight 0 is taken only where there is no other", () => {
    const { list } = watched([A, { ...B, weight: 0 }]);
    expect(spread(createStrategy("shuffle"), list)).toEqual({ a: 10_000, b: 0 });
    const { list: none } = watched([
      { ...A, weight: 0 },
      { ...B, weight: 0 },
    ]);
    expect(Math.abs(spread(createStrategy("shuffle"), none)["a"]! - 5_000)).toBeLessThan(250);
  });
});

describe("round-robin", () => {
  test("takes turns exactly, spread by weight", () => {
    const { list } = watched([{ ...A, weight: 2 }, B, C]);
    const strategy = createStrategy("round-robin");
    const order = Array.from(
      { length: 8 },
      () =>
        strategy.pick(
          list,
          ask(() => 0),
        ).id,
    );
    expect(order.slice(0, 4).toSorted()).toEqual(["a", "a", "b", "c"]);
    expect(order.slice(4)).toEqual(order.slice(0, 4));
    expect(order[0]).not.toBe(order[1]);
  });

  test("a dry run takes no turn", () => {
    const { list } = watched([A, B]);
    const strategy = createStrategy("round-robin");
    const dry = strategy.pick(list, { ...ask(() => 0), dry: true });
    expect(
      strategy.pick(
        list,
        ask(() => 0),
      ),
    ).toBe(dry);
    expect(
      strategy.pick(
        list,
        ask(() => 0),
      ),
    ).not.toBe(dry);
  });
});

test("least-busy takes the one with the fewest calls under way, equal ones by chance", () => {
  const { list, monitor } = watched([A, B, C]);
  monitor.begin(list[0]!, begun(list[0]!), true);
  monitor.begin(list[0]!, begun(list[0]!), true);
  monitor.begin(list[1]!, begun(list[1]!), true);
  const strategy = createStrategy("least-busy");
  expect(spread(strategy, list)).toEqual({ a: 0, b: 0, c: 10_000 });
  monitor.begin(list[2]!, begun(list[2]!), true);
  const { a, b } = spread(strategy, list);
  expect(a).toBe(0);
  expect(Math.abs(b! - 5_000)).toBeLessThan(250);
});

describe("latency", () => {
  test("of a few the fastest, of many the faster one of two drawn: the slowest never wins, the fastest mostly", () => {
    const { list, monitor } = watched([A, B, C]);
    for (const [index, ms] of [100, 300, 900].entries()) answered(monitor, list[index]!, ms, ms, 1);
    expect(spread(createStrategy("latency"), list)).toEqual({ a: 10_000, b: 0, c: 0 });
    const ten = watched(Array.from({ length: 10 }, (_, index) => ({ ...A, id: `d${index}` })));
    for (const [index, each] of ten.list.entries()) answered(ten.monitor, each, 100 + index, 100 + index, 1);
    const counts = spread(createStrategy("latency"), ten.list);
    expect(counts["d9"]).toBe(0);
    // Of the 45 pairs the fastest is in nine; the standard deviation is 40.
    expect(Math.abs(counts["d0"]! - 2_000)).toBeLessThan(200);
  });

  test("counts the time for each token, for the answer's expected length", () => {
    const { list, monitor } = watched([A, B]);
    answered(monitor, list[0]!, 100, 100 + 50 * 100, 100); // prompt, but 50 ms a token
    answered(monitor, list[1]!, 400, 400 + 5 * 100, 100);
    expect(spread(createStrategy("latency"), list, 100)).toEqual({ a: 0, b: 100 });
    expect(spread(createStrategy("latency"), list, 100, { maxOutputTokens: 1 })).toEqual({ a: 100, b: 0 });
  });

  test("calls under way count as waiting", () => {
    const { list, monitor } = watched([A, B]);
    answered(monitor, list[0]!, 100, 100, 1);
    answered(monitor, list[1]!, 130, 130, 1);
    monitor.begin(list[0]!, begun(list[0]!), true);
    expect(spread(createStrategy("latency"), list, 100)).toEqual({ a: 0, b: 100 });
  });

  test("a call that waits for longer than is usual counts while it waits, and the time of a first event before the end", () => {
    const { list, monitor } = watched([A, B]);
    answered(monitor, list[0]!, 100, 100, 1);
    answered(monitor, list[1]!, 200, 200, 1);
    const [a, b] = [begun(list[0]!), begun(list[1]!)];
    monitor.begin(list[0]!, a, true);
    monitor.begin(list[1]!, b, true);
    const at = (ms: number): string => createStrategy("latency").pick(list, ask(createChance(1), {}, NOW + ms)).id;
    expect(at(50)).toBe("a");
    monitor.shown(list[1]!, Object.assign(b, { firstEventMs: 200 }));
    expect(at(210)).toBe("b");
    monitor.shown(list[0]!, Object.assign(a, { firstEventMs: 2_000 }));
    expect(at(2_010)).toBe("b");
    monitor.end(list[0]!, Object.assign(a, { outcome: "success", durationMs: 2_100 }), true, false);
    expect(at(2_110)).toBe("b");
    expect(monitor.stateOf(list[0]!)).toMatchObject({ inFlight: 0, silent: new Set() });
  });

  test("a peak counts at once and is forgiven with time", () => {
    const { list, monitor } = watched([A, B]);
    for (const each of list) answered(monitor, each, 100, 100, 1);
    answered(monitor, list[0]!, 5_000, 5_000, 1, NOW + 10);
    answered(monitor, list[1]!, 100, 100, 1, NOW + 10);
    const strategy = createStrategy("latency");
    const at = (now: number): string => strategy.pick(list, ask(createChance(1), {}, now)).id;
    expect(at(NOW + 5_020)).toBe("b");
    answered(monitor, list[1]!, 100, 100, 1, NOW + 120_000);
    expect(at(NOW + 120_000)).toBe("a");
  });

  test("what was never measured is tried, by one call at a time", () => {
    const { list, monitor } = watched([A, B]);
    answered(monitor, list[0]!, 100, 100, 1);
    const strategy = createStrategy("latency");
    expect(spread(strategy, list, 100)).toEqual({ a: 0, b: 100 });
    monitor.begin(list[1]!, begun(list[1]!), true);
    expect(spread(strategy, list, 100)).toEqual({ a: 100, b: 0 });
  });
});

describe("usage", () => {
  test("takes the largest headroom", () => {
    const { list, monitor } = watched([
      { ...A, tpm: 1_000 },
      { ...B, tpm: 100 },
    ]);
    answered(monitor, list[0]!, 1, 1, 190); // 200 of 1,000
    answered(monitor, list[1]!, 1, 1, 5); // 15 of 100
    expect(spread(createStrategy("usage"), list, 10)).toEqual({ a: 0, b: 10 });
    answered(monitor, list[1]!, 1, 1, 5);
    expect(spread(createStrategy("usage"), list, 10)).toEqual({ a: 10, b: 0 });
  });

  test("without limits, the fewest tokens of the last minute", () => {
    const { list, monitor } = watched([A, B]);
    answered(monitor, list[0]!, 1, 1, 500);
    expect(spread(createStrategy("usage"), list, 10)).toEqual({ a: 0, b: 10 });
  });
});

describe("cost", () => {
  const cheap = { model: "openai/gpt-4o", id: "cheap", price: { input: 1, output: 1 }, quality: 1 };
  const dear = { model: "openai/gpt-4o", id: "dear", price: { input: 5, output: 20 }, quality: 3 };
  const unknown = { model: "openai/none-such-9", id: "unknown" };

  test("takes the cheapest; one without a price is the dearest", () => {
    const { list } = watched([unknown, dear, cheap]);
    expect(spread(createStrategy("cost"), list, 10)).toEqual({ unknown: 0, dear: 0, cheap: 10 });
    expect(spread(createStrategy("cost"), watched([unknown, dear]).list, 10)).toEqual({ unknown: 0, dear: 10 });
  });

  test("that meets what the request needs: quality, size, media", () => {
    expect(spread(createStrategy("cost", 2), watched([cheap, dear]).list, 10)).toEqual({ cheap: 0, dear: 10 });
    const small = { model: "openai/gpt-4o", id: "small", price: { input: 0.1, output: 0.1 } };
    const large = { ...dear, model: "openai/gpt-4.1", id: "dear" };
    const { list } = watched([small, large]);
    expect(spread(createStrategy("cost"), list, 10)).toEqual({ small: 10, dear: 0 });
    const long = { messages: [{ role: "user", content: "word ".repeat(150_000) }] };
    expect(spread(createStrategy("cost"), list, 3, long)).toEqual({ small: 0, dear: 3 });
  });

  test("depends on the shape of the call where prices cross", () => {
    const reads = { model: "openai/gpt-4o", id: "reads", price: { input: 0.1, output: 30 } };
    const writes = { model: "openai/gpt-4o", id: "writes", price: { input: 3, output: 3 } };
    const { list } = watched([reads, writes]);
    const strategy = createStrategy("cost");
    const long = { messages: [{ role: "user", content: "word ".repeat(4_000) }], maxOutputTokens: 1 };
    expect(spread(strategy, list, 3, long)["reads"]).toBe(3);
    expect(spread(strategy, list, 3, { maxOutputTokens: 400 })["writes"]).toBe(3);
  });
});

describe("cache-affinity", () => {
  const talk = (name: string, turns: number) => ({
    messages: [
      { role: "system" as const, content: "You help. ".repeat(500) },
      { role: "user" as const, content: `I am ${name}.` },
      ...Array.from({ length: turns }, (_, turn) => ({
        role: turn % 2 === 0 ? ("assistant" as const) : ("user" as const),
        content: `${turn}`,
      })),
    ],
  });
  const home = (strategy: Strategy, list: readonly Deployment[], name: string, turns = 0): string =>
    strategy.pick(list, ask(Math.random, talk(name, turns))).id;

  test("a conversation stays where it is while it grows, in every process", () => {
    const { list } = watched([A, B, C]);
    for (let user = 0; user < 200; user++) {
      const first = home(createStrategy("cache-affinity"), list, `user ${user}`);
      for (const turns of [2, 4, 20]) expect(home(createStrategy("cache-affinity"), list, `user ${user}`, turns)).toBe(first);
    }
  });

  test("conversations are spread by weight", () => {
    const { list } = watched([A, { ...B, weight: 3 }]);
    const strategy = createStrategy("cache-affinity");
    const counts = { a: 0, b: 0 } as Record<string, number>;
    for (let user = 0; user < 4_000; user++) counts[home(strategy, list, `user ${user}`)]! += 1;
    expect(Math.abs(counts["a"]! - 1_000)).toBeLessThan(120);
  });

  test("when one is out, only its own conversations move", () => {
    const { list } = watched([A, B, C]);
    const strategy = createStrategy("cache-affinity");
    const rest = list.slice(1);
    for (let user = 0; user < 500; user++) {
      const before = home(strategy, list, `user ${user}`);
      const after = home(strategy, rest, `user ${user}`);
      if (before !== "a") expect(after).toBe(before);
    }
  });

  test("groups without a strategy keep long prompts together, and shuffle short ones", () => {
    const { list } = watched([A, B, C]);
    const strategy = createStrategy(undefined);
    const first = home(strategy, list, "Ada");
    for (let turn = 0; turn < 50; turn++) expect(home(strategy, list, "Ada", turn)).toBe(first);
    const { a, b, c } = spread(strategy, list, 3_000);
    for (const count of [a, b, c]) expect(Math.abs(count! - 1_000)).toBeLessThan(130);
  });

  test("promptCacheKey names the conversation", () => {
    const { list } = watched([A, B, C]);
    const strategy = createStrategy(undefined);
    const chosen = new Set(
      Array.from({ length: 30 }, (_, index) =>
        strategy.pick(list, ask(Math.random, { promptCacheKey: "k1", messages: [{ role: "user", content: `${index}` }] })),
      ),
    );
    expect(chosen.size).toBe(1);
  });
});

describe("a function of one's own", () => {
  test("chooses by what it sees, or leaves it to chance", () => {
    const { list, monitor } = watched([A, { ...B, region: "eu", tags: ["x"] }]);
    answered(monitor, list[0]!, 120, 120, 1);
    let seen: unknown;
    const strategy = createStrategy((candidates) => {
      seen = candidates;
      return "b";
    });
    expect(spread(strategy, list, 5)).toEqual({ a: 0, b: 5 });
    expect(seen).toEqual([
      { id: "a", provider: "openai", model: "gpt-4o", weight: 1, inFlight: 0, firstEventMs: expect.any(Number) as unknown },
      { id: "b", provider: "openai", model: "gpt-4o", weight: 1, inFlight: 0, region: "eu", tags: ["x"] },
    ]);
    expect(
      Math.abs(
        spread(
          createStrategy(() => undefined),
          list,
        )["a"]! - 5_000,
      ),
    ).toBeLessThan(250);
  });

  test("that names no candidate is told so", () => {
    const { list } = watched([A, B]);
    expect(() =>
      createStrategy(() => "z").pick(
        list,
        ask(() => 0),
      ),
    ).toThrow(/"z", which is no candidate/);
  });
});

test("every strategy has its name, LiteLLM's names too, and none chooses what is no candidate", () => {
  const { list } = watched([A, B, C]);
  for (const name of STRATEGY_NAMES) {
    expect(createStrategy(name).name).toBe(name);
    expect(Object.keys(spread(createStrategy(name), list, 50)).toSorted()).toEqual(["a", "b", "c"]);
  }
  for (const [alias, name] of Object.entries(STRATEGY_ALIASES)) expect(createStrategy(alias as StrategyAlias).name).toBe(name);
});
