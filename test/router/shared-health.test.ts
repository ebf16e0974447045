import { describe, expect, test, vi } from "vitest";
import { CrosspointError, type CrosspointOptions, type DeploymentHealth, type SpendAlert, type Store } from "../../src/index.ts";
import { FOR_PROVIDER, createGate, failed, passed, stateOf, type Gate } from "../../src/router/breaker.ts";
import { createSharedHealth } from "../../src/router/shared-health.ts";
import { memoryStore } from "../../src/spend/memory.ts";
import { createFakeClock as createStillClock, type FakeClock } from "../support/clock.ts";
import fc from "../support/fast-check.ts";
import { chatAnswer, createWired, failure, type Sent } from "../support/wire.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const A = { model: "openai-chat/gpt-4o", id: "a", apiKey: "sk-key-a-00000000" };
const B = { model: "openai-chat/gpt-4o", id: "b", apiKey: "sk-key-b-00000000", order: 2 };
const keyOf = (sent: Sent): string => /sk-key-(\w)/.exec(sent.headers.get("authorization") ?? "")?.[1] ?? "?";
const MODELS = { main: { deployments: [A, B] } };

const digest = crypto.subtle.digest.bind(crypto.subtle);
const hashing: Promise<unknown>[] = [];
vi.spyOn(crypto.subtle, "digest").mockImplementation((...words) => {
  const hash = digest(...words);
  hashing.push(hash);
  return hash;
});

/** A clock that waits for the hashes, which other threads make in time of their own. */
function createFakeClock(start?: number): FakeClock {
  const clock = createStillClock(start);
  const advance = clock.advance.bind(clock);
  clock.advance = async (ms) => {
    await Promise.all(hashing.splice(0));
    await advance(ms);
  };
  return clock;
}

/** A process: its own layer over a store that others may have too. `a` answers as it is told. */
function layer(store: Store, clock: FakeClock, options: CrosspointOptions = {}, status: (index: number) => number = () => 503) {
  const mood = { status };
  const wired = createWired(
    (sent, index) => {
      const code = keyOf(sent) === "a" ? mood.status(index) : 200;
      return code === 200 ? chatAnswer("ok") : failure(code, {}, code === 429 ? { "retry-after": "20" } : {});
    },
    { clock, random: () => 0, models: MODELS, store, ...options },
  );
  const call = async (): Promise<string> => (await wired.crosspoint.generate({ model: "main", messages })).deployment;
  const health = async (id = "a"): Promise<DeploymentHealth> =>
    (await wired.crosspoint.health()).find(({ deployment }) => deployment === id)!;
  return { ...wired, mood, call, health };
}

/** Two processes that have both made a call, so that they read what the other one writes. */
async function pair(options: CrosspointOptions = {}, store: Store = memoryStore()) {
  const clock = createFakeClock();
  const [one, two] = [layer(store, clock, options), layer(store, clock, options)];
  two.mood.status = () => 200;
  await two.call();
  two.sent.length = 0;
  return { store, clock, one, two };
}

describe("shared health", () => {
  test("what one process finds out, the other knows within a second, and so again when it is well", async () => {
    const { clock, one, two } = await pair();
    for (let call = 0; call < 3; call++) expect(await one.call()).toBe("b");
    expect((await one.health()).state).toBe("open");
    expect((await two.health()).state).toBe("closed");
    await clock.advance(1_000);
    const told = await two.health();
    expect(told).toMatchObject({ state: "open", at: "deployment", learned: true, error: { code: "OVERLOADED" } });
    expect((await one.health()).learned).toBeUndefined();
    expect(told.openUntil).toBe((await one.health()).openUntil);
    expect(await two.call()).toBe("b");
    expect(two.sent.map(keyOf)).toEqual(["b"]);

    await clock.advance(5_000);
    expect(await two.call()).toBe("a");
    expect((await two.health()).state).toBe("closed");
    expect((await one.health()).state).toBe("half-open");
    await clock.advance(1_000);
    expect((await one.health()).state).toBe("closed");
    one.mood.status = () => 200;
    expect(await one.call()).toBe("a");
  });

  test("a deployment that this process has not asked yet is known as well, that of a fallback too", async () => {
    const store = memoryStore();
    const clock = createFakeClock();
    const models = { first: { deployments: [B], fallbacks: ["main"] }, ...MODELS };
    const [one, two] = [layer(store, clock), layer(store, clock, { models })];
    await two.crosspoint.generate({ model: "first", messages });
    for (let call = 0; call < 3; call++) await one.call();
    await clock.advance(1_000);
    expect(await two.call()).toBe("b");
    expect(two.sent.map(keyOf)).toEqual(["b", "b"]);
  });

  test("half open, one process probes at a time; when it fails all wait for longer", async () => {
    const { clock, one, two } = await pair();
    for (let call = 0; call < 3; call++) await one.call();
    await clock.advance(5_500);
    one.mood.status = () => 503;
    two.mood.status = () => 503;
    one.sent.length = two.sent.length = 0;
    const probing = one.crosspoint.generate({ model: "main", messages });
    const other = two.crosspoint.generate({ model: "main", messages });
    expect((await other).deployment).toBe("b");
    expect((await probing).deployment).toBe("b");
    expect(one.sent.map(keyOf)).toEqual(["a", "b"]);
    expect(two.sent.map(keyOf)).toEqual(["b"]);
    await clock.advance(1_000);
    const [first, second] = [await one.health(), await two.health()];
    expect(second).toMatchObject({ state: "open", learned: true });
    expect(second.openUntil).toBe(first.openUntil);
  });

  test("whoever has the right to probe and does not use it is waited for ten seconds", async () => {
    const { store, clock, one, two } = await pair();
    for (let call = 0; call < 3; call++) await one.call();
    await clock.advance(5_100);
    const set = store.set.bind(store);
    store.set = (key, value, options, now) => (key.endsWith("/probe") ? false : set(key, value, options, now));
    two.sent.length = 0;
    expect(await two.call()).toBe("b");
    await clock.advance(10_000);
    expect(await two.call()).toBe("a");
  });

  test("a refused key is out for all, and only that key", async () => {
    const { clock, one, two } = await pair();
    one.mood.status = () => 401;
    await one.call();
    await clock.advance(1_000);
    expect(await two.health()).toMatchObject({ state: "open", at: "key", learned: true, error: { code: "AUTHENTICATION" } });
    expect(await two.health("b")).toMatchObject({ state: "closed" });
  });

  test("another key, address, model or id is another place", async () => {
    const store = memoryStore();
    const clock = createFakeClock();
    const one = layer(store, clock);
    const providers = { "openai-chat": { baseURL: "http://127.0.0.1:9/v1" } };
    const others = [
      { models: { main: { deployments: [{ ...A, apiKey: "sk-key-a-00000001" }, B] } } },
      { models: { main: { deployments: [{ ...A, model: "openai-chat/gpt-4o-mini" }, B] } } },
      { models: { main: { deployments: [{ ...A, id: "c" }, B] } } },
      { models: MODELS, providers },
      { models: { main: { deployments: [{ ...A, provider: providers["openai-chat"] }, B] } } },
      { shareHealth: false },
    ].map((options) => layer(store, clock, options, () => 200));
    const same = layer(store, clock, {}, () => 200);
    for (const each of [...others, same]) await each.call();
    for (let call = 0; call < 3; call++) await one.call();
    await clock.advance(1_000);
    for (const each of others) expect(await each.call()).not.toBe("b");
    expect(await same.call()).toBe("b");
  });

  test("nothing secret is written: no key, no text of an error", async () => {
    const store = memoryStore();
    const written: string[] = [];
    const set = store.set.bind(store);
    store.set = (key, value, options, now) => {
      written.push(key, value);
      expect(options.expiresAt! % 1).toBe(0);
      return set(key, value, options, now);
    };
    const { clock, one } = await pair({}, store);
    one.mood.status = () => 401;
    await one.call();
    await clock.advance(1_000);
    one.mood.status = () => 429;
    await one.call();
    await clock.advance(61_000.25);
    await one.call();
    await clock.advance(1_000);
    expect(written.length).toBeGreaterThan(0);
    expect(written.join("\n")).not.toMatch(/sk-|gpt-4o|no\b/);
    expect(written[0]).toMatch(/^health\/[0-9a-f]{32}$/);
  });

  test("a layer that goes on with another's memory is the same process", async () => {
    const { store, clock, one, two } = await pair();
    for (let call = 0; call < 3; call++) await one.call();
    const next = layer(store, clock, { continues: one.crosspoint });
    expect(await next.call()).toBe("b");
    expect(next.sent.map(keyOf)).toEqual(["b"]);
    await clock.advance(1_000);
    Object.assign(store, { close: () => {} });
    await one.crosspoint.close();
    expect(await two.health()).toMatchObject({ state: "open", learned: true });
    expect((await next.health()).state).toBe("open");
    expect(await next.health()).not.toHaveProperty("learned");
    next.mood.status = () => 200;
    await clock.advance(5_000);
    expect(await next.call()).toBe("a");
    await clock.advance(1_000);
    expect((await two.health()).state).toBe("closed");
  });

  test("one gate that cannot be written does not keep the others from being read", async () => {
    const { store, clock, one, two } = await pair();
    const set = store.set.bind(store);
    store.set = (key, value, options, now) => {
      if (value.includes("RATE_LIMITED")) throw new Error("not this one");
      return set(key, value, options, now);
    };
    two.mood.status = () => 429;
    await two.call();
    one.mood.status = () => 401;
    await one.call();
    await clock.advance(10_000);
    expect(await two.health()).toMatchObject({ at: "key", learned: true });
  });

  test("one opening is one write, and where nobody calls nothing is read", async () => {
    const store = memoryStore();
    const seen = { writes: 0, reads: 0 };
    const [set, getMany] = [store.set.bind(store), store.getMany.bind(store)];
    Object.assign(store, {
      set: (...words: Parameters<Store["set"]>) => (seen.writes++, set(...words)),
      getMany: (...words: Parameters<Store["getMany"]>) => (seen.reads++, getMany(...words)),
    });
    const clock = createFakeClock();
    const one = layer(store, clock);
    await Promise.all(Array.from({ length: 100 }, () => one.call()));
    expect(seen).toEqual({ writes: 0, reads: 0 });
    await clock.advance(10);
    expect(seen.writes).toBe(1);
    expect((await one.health()).openUntil! - clock.now()).toBeLessThanOrEqual(5_000);
    await clock.advance(31_000);
    const { reads } = seen;
    expect(reads).toBeLessThanOrEqual(65);
    await clock.advance(600_000);
    expect(seen.reads).toBe(reads);
    expect(clock.pending).toBe(0);
  });

  test.each([
    ["fails", () => Promise.reject(new Error("no store"))],
    ["throws", () => { throw new Error("no store"); }], // oxfmt-ignore
    ["never answers", () => new Promise<never>(() => {})],
    ["answers nonsense", () => Promise.resolve(["{", 5, null, '{"until":"x"}'] as never)],
  ])("a store that %s leaves calls, recovery and close() alone, and is told of once", async (name, answer) => {
    const store = memoryStore();
    Object.assign(store, { get: answer, getMany: answer, set: answer, delete: answer });
    const clock = createFakeClock();
    const alerts: SpendAlert[] = [];
    const one = layer(store, clock, { onAlert: (alert) => void alerts.push(alert) });
    for (let call = 0; call < 3; call++) expect(await one.call()).toBe("b");
    expect((await one.health()).state).toBe("open");
    for (let second = 0; second < 20; second++) {
      await one.call();
      await clock.advance(1_000);
    }
    one.mood.status = () => 200;
    await clock.advance(20_000);
    await one.call();
    expect(await one.call()).toBe("a");
    const told = alerts.filter(({ type }) => type === "store");
    expect(told.length).toBe(name === "answers nonsense" ? 0 : 1);
    await one.crosspoint.close();
    await clock.advance(60_000);
    expect(told.length).toBeLessThanOrEqual(1);
  });

  test("a connection that fails is this process's own affair", async () => {
    const { clock, one, two } = await pair();
    one.mood.status = () => {
      throw new TypeError("fetch failed");
    };
    for (let call = 0; call < 3; call++) await one.call();
    await clock.advance(1_000);
    expect((await one.health()).state).toBe("open");
    expect((await two.health()).state).toBe("closed");
  });

  test("clocks apart: nobody waits for longer than the one who knows", async () => {
    const store = memoryStore();
    const clock = createFakeClock();
    for (const skew of [-30_000, 3_000]) {
      const other = createFakeClock(clock.now() + skew);
      const one = layer(store, clock);
      const two = layer(store, other, {}, () => 200);
      await two.call();
      for (let call = 0; call < 3; call++) await one.call();
      // Names are hashed on a thread of their own, which a busy machine delays.
      await vi.waitFor(async () => {
        await Promise.all([clock.advance(200), other.advance(200)]);
        const { state, openUntil } = await two.health();
        expect(state).toBe("open");
        expect(openUntil! - other.now()).toBeLessThanOrEqual(5_000);
      });
      await clock.advance(60_000);
      await one.crosspoint.close();
    }
  });
});

test("whatever opens and closes where, all processes come to agree", async () => {
  const step = fc.record({
    who: fc.constantFrom(0, 1, 2),
    what: fc.constantFrom("fail", "pass", "ask"),
    wait: fc.constantFrom(0, 0, 1, 400, 6_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 20 }), async (steps) => {
      const store = memoryStore();
      const clock = createFakeClock();
      const stop = new AbortController();
      let ids = 0;
      const newId = (): string => `id${ids++}`;
      const processes = [0, 1, 2].map((self) => {
        const gate = createGate();
        const options = {
          store,
          clock,
          newId,
          self: `p${self}`,
          track: () => {},
          warn: () => expect.fail("the store fails"),
          signal: stop.signal,
        };
        const sharing = createSharedHealth(options);
        sharing.join(gate, "place", true);
        return { gate, sharing };
      });
      const beginAll = (): void => {
        for (const { sharing } of processes) sharing.begin(clock.now());
      };
      beginAll();
      await clock.advance(1_000);
      for (const { who, what, wait } of steps) {
        const { gate, sharing } = processes[who]!;
        const now = clock.now();
        const was = gate.openUntil;
        const error = what === "pass" ? undefined : new CrosspointError("OVERLOADED", "down", what === "ask" ? { retryAfter: 3_000 } : {});
        if (error === undefined) passed(gate, now, now);
        else failed(gate, error, now, now, FOR_PROVIDER, what === "fail");
        if (gate.openUntil !== was) sharing.changed(gate, error);
        beginAll();
        if (wait > 0) await clock.advance(wait);
      }
      await clock.advance(1_100);
      const states = processes.map(({ gate }: { gate: Gate }) => stateOf(gate, clock.now() + 60_000));
      expect(new Set(states).size).toBe(1);
      stop.abort();
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 25 },
  );
});
