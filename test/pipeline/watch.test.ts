import { expect, test } from "vitest";
import { systemClock, type Clock } from "../../src/transport/clock.ts";
import { createWatch } from "../../src/pipeline/watch.ts";
import { createFakeClock } from "../support/clock.ts";

test("each bound is kept, in whatever order they came, with one timer", async () => {
  const clock = createFakeClock();
  const watch = createWatch(clock);
  const called: string[] = [];
  for (const ms of [300, 100, 200]) watch.after(ms, () => called.push(`${ms}`));
  const back = watch.after(150, () => called.push("150"));
  expect(clock.pending).toBe(1);
  back();
  await clock.advance(99);
  expect(called).toEqual([]);
  await clock.advance(1);
  expect(called).toEqual(["100"]);
  await clock.advance(500);
  expect(called).toEqual(["100", "200", "300"]);
  expect(clock.pending).toBe(0);
});

test("without bounds there is no timer", () => {
  const clock = createFakeClock();
  const watch = createWatch(clock);
  const back = watch.after(100, () => {});
  back();
  back();
  expect(clock.pending).toBe(0);
});

test("a callback may set the next bound", async () => {
  const clock = createFakeClock();
  const watch = createWatch(clock);
  let count = 0;
  const again = (): void => {
    count++;
    if (count < 3) watch.after(100, again);
  };
  watch.after(100, again);
  await clock.advance(100);
  await clock.advance(100);
  await clock.advance(100);
  expect(count).toBe(3);
  expect(clock.pending).toBe(0);
});

test("a standing timer stays for the next bound, and lets the process end meanwhile", async () => {
  const fake = createFakeClock();
  let started = 0;
  const holds: boolean[] = [];
  const clock: Clock = {
    ...fake,
    standing(ms, callback) {
      started++;
      return { stop: fake.after(ms, callback), hold: (on) => void holds.push(on) };
    },
  };
  const watch = createWatch(clock);
  for (let call = 0; call < 3; call++) watch.after(100, () => {})();
  expect(started).toBe(1);
  expect(holds).toEqual([false, true, false, true, false]);
  let called = false;
  watch.after(120, () => (called = true));
  await fake.advance(100);
  expect(called).toBe(false);
  await fake.advance(20);
  expect(called).toBe(true);
});

test.each([3e9, Number.MAX_SAFE_INTEGER, Infinity])("a bound of %d ms is far away, and no timer that runs at once", async (ms) => {
  let wakes = 0;
  const clock = { ...systemClock, standing: (delay: number, wake: () => void) => systemClock.standing!(delay, () => (wakes++, wake())) };
  const stop = createWatch(clock).after(ms, () => expect.fail("it came"));
  await new Promise((resolve) => setTimeout(resolve, 30));
  stop();
  expect(wakes).toBe(0);
});
