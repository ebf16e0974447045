/** Time as the layer sees it; tests hand in their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back after `ms`; the result cancels it. */
  after(ms: number, callback: () => void): () => void;
  /** The same for a timer that may stay when nobody needs it: `hold(false)` lets the process end meanwhile. Default: made of `after`. */
  standing?(ms: number, callback: () => void): { readonly stop: () => void; readonly hold?: (on: boolean) => void };
}

/** The longest delay of a platform's timer; a longer one would be none at all. */
const LONGEST = 2 ** 31 - 1;

/** The platform's time. A timer of more than 24 days comes after 24 days: whoever waits longer sets it again. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, LONGEST));
    return () => clearTimeout(timer);
  },
  standing(ms, callback) {
    const timer: unknown = setTimeout(callback, Math.min(ms, LONGEST));
    const stop = (): void => clearTimeout(timer as number);
    if (typeof timer !== "object" || timer === null || !("ref" in timer)) return { stop };
    const handle = timer as { ref(): void; unref(): void };
    return { stop, hold: (on) => (on ? handle.ref() : handle.unref()) };
  },
};

/** Waits `ms`, or rejects with the signal's reason as soon as it aborts. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
