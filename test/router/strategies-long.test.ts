import { describe, expect, test } from "vitest";
import { createStrategy } from "../../src/router/strategies/create.ts";
import { STRATEGY_NAMES } from "../../src/router/strategies/names.ts";
import type { ModelRequest } from "../../src/index.ts";
import type { Attempt } from "../../src/ir/response.ts";
import { CrosspointError } from "../../src/ir/error.ts";
import { readCount } from "../../src/router/minute-count.ts";
import { createChance } from "../support/chance.ts";
import { ask, begun, NOW, watched } from "../support/deployments.ts";

const many = (count: number, weight: (index: number) => number = () => 1) =>
  watched(Array.from({ length: count }, (_, index) => ({ model: "openai/gpt-4o", id: `d${index}`, weight: weight(index) })));

describe("long lists", () => {
  for (const name of STRATEGY_NAMES) {
    test(`${name} leaves none of 200 out`, () => {
      const { list } = many(200);
      const strategy = createStrategy(name);
      const random = createChance(5);
      const seen = new Map<string, number>();
      for (let call = 0; call < 20_000; call++) {
        const request: Partial<ModelRequest> = { messages: [{ role: "user", content: `conversation ${call}` }] };
        const { id } = strategy.pick(list, ask(random, request));
        seen.set(id, (seen.get(id) ?? 0) + 1);
      }
      expect(seen.size).toBe(200);
      // A hundred each on average.
      expect(Math.max(...seen.values())).toBeLessThan(170);
    });
  }

  test("least-busy finds an idle one among busy neighbours", () => {
    const { list, monitor } = many(100);
    for (const [index, each] of list.entries()) if (index % 4 !== 0) monitor.begin(each, begun(each), true);
    const random = createChance(6);
    for (let call = 0; call < 500; call++) expect(createStrategy("least-busy").pick(list, ask(random)).state!.inFlight).toBe(0);
  });

  test("shuffle, round-robin and cache-affinity keep weights, and what weighs nothing is left out", () => {
    const { list } = many(40, (index) => index % 4);
    for (const name of ["shuffle", "round-robin", "cache-affinity"] as const) {
      const strategy = createStrategy(name);
      const random = createChance(8);
      const counts = [0, 0, 0, 0];
      for (let call = 0; call < 24_000; call++) {
        const { weight } = strategy.pick(list, ask(random, { messages: [{ role: "user", content: `conversation ${call}` }] }));
        counts[weight]! += 1;
      }
      expect(counts[0], name).toBeLessThan(11); // round-robin gives each a turn at the very first
      for (const weight of [1, 2, 3]) expect(Math.abs(counts[weight]! - 4_000 * weight), `${name} ${weight}`).toBeLessThan(450);
    }
  });

  test("a list that changes is looked at anew", () => {
    const { list } = many(4);
    for (const name of STRATEGY_NAMES) {
      const strategy = createStrategy(name);
      const random = createChance(9);
      for (let call = 0; call < 40; call++) {
        const part = call % 2 === 0 ? list : list.slice(2);
        expect(part).toContain(strategy.pick(part, ask(random)));
      }
    }
  });
});

describe("cost", () => {
  test("meets what the request needs: pictures, tools, a schema", () => {
    // Takes neither pictures nor tools nor a schema.
    const cheap = { model: "openai/o1-mini", id: "cheap", price: { input: 0.01, output: 0.01 } };
    const able = { model: "openai/gpt-4o", id: "able", price: { input: 2, output: 8 } };
    const { list } = watched([cheap, able]);
    const to = (request: Partial<ModelRequest>): string => createStrategy("cost").pick(list, ask(createChance(1), request)).id;
    expect(to({})).toBe("cheap");
    const picture = { type: "file", mediaType: "image/png", data: { type: "url", url: "https://example.com/a.png" } } as const;
    expect(to({ messages: [{ role: "user", content: [picture] }] })).toBe("able");
    expect(to({ tools: [{ type: "function", name: "look", inputSchema: { type: "object" } }] })).toBe("able");
    expect(to({ output: { type: "json", name: "x", schema: { type: "object" } } })).toBe("able");
  });
});

test("latency: after a long silence one call finds out whether a slow one has recovered, the next ones wait for it", () => {
  const { list, monitor } = watched([
    { model: "openai/gpt-4o", id: "a" },
    { model: "openai/gpt-4o", id: "b" },
  ]);
  const answered = (index: number, firstEventMs: number, at: number): void => {
    const each = list[index]!;
    const usage = { input: { total: 10 }, output: { total: 1 }, total: 11 };
    const from = { provider: "openai", model: "gpt-4o", deployment: each.id, reason: "first", outcome: "success" } as const;
    const record: Attempt = { ...from, startedAt: at, firstEventMs, durationMs: firstEventMs, usage };
    monitor.begin(each, record, true);
    monitor.end(each, record, true, false);
  };
  answered(0, 100, NOW);
  answered(1, 3_000, NOW);
  const later = NOW + 60_000;
  answered(0, 100, later);
  const strategy = createStrategy("latency");
  const next = (): string => strategy.pick(list, ask(createChance(2), {}, later)).id;
  expect(next()).toBe("b");
  monitor.begin(list[1]!, begun(list[1]!, later), true);
  expect(next()).toBe("a");
});

test("a call that the provider turned away uses nothing of the deployment's own limit", () => {
  const { list, monitor } = watched([{ model: "openai/gpt-4o", id: "a", rpm: 10 }]);
  const [each] = list;
  const end = (error: CrosspointError | undefined): void => {
    monitor.begin(each!, begun(each!), true);
    const from = { provider: "openai", model: "gpt-4o", deployment: "a", reason: "first", startedAt: NOW, durationMs: 5 } as const;
    monitor.end(each!, { ...from, outcome: error === undefined ? "success" : "failure", ...(error && { error }) }, false, false);
  };
  end(undefined);
  end(new CrosspointError("RATE_LIMITED", "slow down", { retryAfter: 1_000 }));
  end(new CrosspointError("SERVER", "broken"));
  expect(readCount(each!.state!.requests, NOW + 10)).toBe(2);
});
