import type { Clock } from "../transport/clock.ts";

/** Calls back when a time has come; for bounds that are hardly ever reached. */
export interface Watch {
  /** The result takes the bound back. */
  after(ms: number, callback: () => void): () => void;
}

interface Bound {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * One timer for all bounds of a layer: it stands at the earliest and moves on when it finds that one gone. A timer for each call costs
 * more than the translation of the call. While there are no bounds it does not keep the process from ending.
 */
export function createWatch(clock: Clock): Watch {
  const bounds = new Set<Bound>();
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
    let earliest = Infinity;
    for (const bound of bounds) {
      if (bound.due <= now) {
        bounds.delete(bound);
        bound.callback();
      } else if (bound.due < earliest) earliest = bound.due;
    }
    if (earliest < wakeAt) sleepUntil(earliest, now);
  };
  return {
    after(ms, callback) {
      const now = clock.now();
      const bound = { due: now + ms, callback };
      bounds.add(bound);
      if (bound.due < wakeAt) sleepUntil(bound.due, now);
      else if (bounds.size === 1) timer?.hold?.(true);
      return () => {
        if (!bounds.delete(bound) || bounds.size > 0 || timer === undefined) return;
        if (timer.hold !== undefined) return timer.hold(false);
        timer.stop();
        timer = undefined;
        wakeAt = Infinity;
      };
    },
  };
}
