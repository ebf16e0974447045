import fc from "../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { CrosspointError } from "../../src/index.ts";
import { createGate, failed, FOR_KEY, FOR_PROVIDER, isShut, passed, recentOutcomes, stateOf, unclear } from "../../src/router/breaker.ts";
import { addToCount, createCount, readCount, roomIn } from "../../src/router/minute-count.ts";
import { createChance } from "../support/chance.ts";

const T = 1_700_000_000_000;
const down = new CrosspointError("OVERLOADED", "down");
const asking = (retryAfter: number): CrosspointError => new CrosspointError("RATE_LIMITED", "slow", { retryAfter });
const fail = (gate: ReturnType<typeof createGate>, at: number, error = down): boolean => failed(gate, error, at, at, FOR_PROVIDER, false);

describe("a gate", () => {
  test("opens after three failures within the window, when successes are no more", () => {
    const gate = createGate();
    fail(gate, T);
    fail(gate, T + 1);
    expect(stateOf(gate, T + 2)).toBe("closed");
    fail(gate, T + 2);
    expect(stateOf(gate, T + 3)).toBe("open");
    expect(isShut(gate, T + 4_999)).toBe(true);
    expect(stateOf(gate, T + 5_002)).toBe("half-open");
  });

  test("stays closed while more goes well than not, and forgets what is half a minute old", () => {
    const gate = createGate();
    for (let call = 0; call < 10; call++) passed(gate, T, T);
    for (let call = 0; call < 9; call++) fail(gate, T);
    expect(stateOf(gate, T)).toBe("closed");
    expect(recentOutcomes(gate, T + 29_000)).toEqual({ good: 10, bad: 9 });
    expect(recentOutcomes(gate, T + 31_000)).toEqual({ good: 0, bad: 0 });
    fail(gate, T + 60_000);
    fail(gate, T + 60_001);
    expect(stateOf(gate, T + 60_001)).toBe("closed");
  });

  test("the window is whole at every lap", () => {
    const gate = createGate();
    for (let second = 0; second < 300; second++) {
      passed(gate, T + second * 1_000, T + second * 1_000);
      if (second > 30) {
        const { good } = recentOutcomes(gate, T + second * 1_000);
        expect(good).toBeGreaterThanOrEqual(26);
        expect(good).toBeLessThanOrEqual(30);
      }
    }
  });

  test("half open, one probe passes; its failure opens for twice as long, up to 20 s", () => {
    const gate = createGate();
    for (let call = 0; call < 3; call++) fail(gate, T);
    let now = T;
    const waits: number[] = [];
    for (let probe = 0; probe < 5; probe++) {
      waits.push(gate.openUntil - now);
      now = gate.openUntil;
      expect(isShut(gate, now)).toBe(false);
      gate.probeAt = now;
      expect(isShut(gate, now + 1)).toBe(true);
      fail(gate, now);
    }
    expect(waits).toEqual([5_000, 10_000, 20_000, 20_000, 20_000]);
    now = gate.openUntil;
    gate.probeAt = now;
    passed(gate, now, now + 50);
    expect(stateOf(gate, now + 50)).toBe("closed");
  });

  test("a probe whose end says nothing makes room for the next, and one that is lost as well", () => {
    const gate = createGate();
    for (let call = 0; call < 3; call++) fail(gate, T);
    const now = gate.openUntil;
    gate.probeAt = now;
    unclear(gate, now);
    expect(isShut(gate, now + 1)).toBe(false);
    gate.probeAt = now + 1;
    expect(isShut(gate, now + 59_000)).toBe(true);
    expect(isShut(gate, now + 61_000)).toBe(false);
  });

  test("what began before it opened proves nothing", () => {
    const gate = createGate();
    for (let call = 0; call < 3; call++) fail(gate, T);
    passed(gate, T - 10, T + 100);
    failed(gate, down, T - 10, T + 100, FOR_PROVIDER, false);
    expect(gate.openUntil).toBe(T + 5_000);
  });

  test("a crowd that fails at once opens it once, in the same millisecond too", () => {
    for (const spread of [0, 1]) {
      const gate = createGate();
      for (let call = 0; call < 100; call++) failed(gate, down, T + call * spread, T + call * spread, FOR_PROVIDER, false);
      expect(gate).toMatchObject({ openUntil: T + 2 * spread + 5_000, openedFor: 5_000 });
      const refused = createGate();
      for (let call = 0; call < 100; call++) failed(refused, down, T, T + call * spread, FOR_KEY, true);
      expect(refused).toMatchObject({ openUntil: T + 60_000, openedFor: 60_000 });
    }
  });

  test("calls that are made though it is open do not prolong it, unless the provider asks", () => {
    const gate = createGate();
    for (let call = 0; call < 3; call++) fail(gate, T);
    for (let ms = 100; ms < 5_000; ms += 100) fail(gate, T + ms);
    expect(gate).toMatchObject({ openUntil: T + 5_000, openedFor: 5_000 });
    fail(gate, T + 4_000, asking(9_000));
    expect(gate.openUntil).toBe(T + 13_000);
  });

  test("a call that was made though it is open, or a probe that the provider asked to wait meanwhile, is no probe that is waited for", () => {
    const gate = createGate();
    for (let call = 0; call < 3; call++) fail(gate, T);
    gate.probeAt = T + 1_000;
    fail(gate, T + 1_000);
    expect(isShut(gate, T + 5_000)).toBe(false);
    gate.probeAt = T + 5_001;
    failed(gate, asking(2_000), T - 1_000, T + 5_002, FOR_PROVIDER, false);
    fail(gate, T + 5_001);
    expect(isShut(gate, T + 7_002)).toBe(false);
  });

  test("one error in twenty under load never opens it", () => {
    const chance = createChance(7);
    const gate = createGate();
    for (let call = 0; call < 20; call++) passed(gate, T, T);
    for (let call = 0; call < 50_000; call++) {
      const now = T + call;
      if (chance() < 0.05) fail(gate, now);
      else passed(gate, now, now);
      if (gate.openUntil !== 0) expect.fail(`open after ${call} calls`);
    }
  });

  test("ten failures in a row open it, whatever went well before or began before them", () => {
    const gate = createGate();
    for (let call = 0; call < 1_000; call++) passed(gate, T, T + call);
    for (let call = 0; call < 10; call++) {
      expect(stateOf(gate, T + 2_000)).toBe("closed");
      passed(gate, T - 60_000, T + 2_000);
      failed(gate, down, T + 1_900, T + 2_000, FOR_PROVIDER, false);
    }
    expect(gate.openUntil).toBe(T + 7_000);
    const other = createGate();
    for (let call = 0; call < 20; call++) passed(other, T, T);
    for (let call = 0; call < 9; call++) fail(other, T);
    passed(other, T, T + 1);
    fail(other, T + 2);
    expect(stateOf(other, T + 2)).toBe("closed");
  });

  test("Retry-After is kept from the first failure on", () => {
    const gate = createGate();
    fail(gate, T, asking(2_000));
    expect(isShut(gate, T + 1_999)).toBe(true);
    expect(isShut(gate, T + 2_000)).toBe(false);
    passed(gate, T + 2_000, T + 2_100);
    expect(stateOf(gate, T + 2_100)).toBe("closed");
    fail(gate, T + 3_000, asking(36_000_000));
    expect(gate.openUntil).toBe(T + 3_000 + 3_600_000);
  });

  test("is never shut for longer than it may be, whatever happens", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.constantFrom("good", "bad", "unclear"))), (steps) => {
        const gate = createGate();
        let now = T;
        for (const [ms, what] of steps) {
          now += ms;
          if (isShut(gate, now)) continue;
          if (gate.openUntil !== 0) gate.probeAt = now;
          if (what === "good") passed(gate, now, now);
          else if (what === "bad") fail(gate, now);
          else unclear(gate, now);
          expect(gate.openUntil - now).toBeLessThanOrEqual(20_000);
        }
      }),
    );
  });
});

describe("a minute's count", () => {
  test("holds what is a minute old at most, and a second", () => {
    const count = createCount();
    addToCount(count, 100, T);
    addToCount(count, 7, T + 30_000);
    expect(readCount(count, T + 60_000)).toBe(107);
    expect(readCount(count, T + 61_000)).toBe(7);
    expect(readCount(count, T + 91_000)).toBe(0);
  });

  test("the wait that it tells is enough and no longer than that", () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 1, max: 20 })), { maxLength: 20 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 20, max: 70 }), (calls, limit) => {
        const count = createCount();
        const taken: { at: number; amount: number }[] = [];
        let now = T;
        for (const [ms, amount] of calls) {
          now += ms;
          const wait = roomIn(count, amount, limit, now);
          expect(wait).toBeLessThanOrEqual(61_000);
          if (wait > 0) {
            expect(roomIn(structuredClone(count), amount, limit, now + wait)).toBe(0);
            expect(roomIn(structuredClone(count), amount, limit, now + wait - 1)).toBeGreaterThan(0);
            continue;
          }
          addToCount(count, amount, now);
          taken.push({ at: now, amount });
          const minute = taken.filter(({ at }) => at > now - 60_000).reduce((sum, each) => sum + each.amount, 0);
          expect(minute).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });
});
