import type { Clock } from "../transport/clock.ts";
import { put, take, type Bag, type Member } from "../transport/bag.ts";

/** Calls back when a time has come; for bounds that are hardly ever reached. */
export interface Watch {
  /** The result takes the bound back. */
  after(ms: number, callback: () => void): () => void;
}

interface Bound extends Member {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * One timer for all bounds of a layer: it stands at the earliest and moves on when it finds that one gone. A timer for each call costs
 * more than the translation of the call. While there are no bounds it does not keep the process from ending.
 */
export function createWatch(clock: Clock): Watch {
  const bounds: Bag<Bound> = [];
  let wakeAt = Infinity;
  let timer: ReturnType<NonNullable<Clock["standing"]>> | undefined;
  const start = (ms: number): NonNullable<typeof timer> => clock.standing?.(ms, wake) ?? { stop: clock.after(ms, wake) };
  const sleepUntil = (due: number, now: number): void => {
    timer?.stop();
    wakeAt = due;
    timer = start(due - now);
  };
  const wake = (): void => {
    timer = undefined;
    wakeAt = Infinity;
    const now = clock.now();
    const due = bounds.filter((bound) => bound.due <= now).sort((a, b) => a.due - b.due);
    for (const bound of due) if (take(bounds, bound)) bound.callback();
    let earliest = Infinity;
    for (const bound of bounds) if (bound.due < earliest) earliest = bound.due;
    if (earliest < wakeAt) sleepUntil(earliest, now);
  };
  return {
    after(ms, callback) {
      const now = clock.now();
      const bound: Bound = { due: now + ms, callback, at: -1 };
      put(bounds, bound);
      if (bound.due < wakeAt) sleepUntil(bound.due, now);
      else if (bounds.length === 1) timer?.hold?.(true);
      return () => {
        if (!take(bounds, bound) || bounds.length > 0 || timer === undefined) return;
        if (timer.hold !== undefined) return timer.hold(false);
        timer.stop();
        timer = undefined;
        wakeAt = Infinity;
      };
    },
  };
}
