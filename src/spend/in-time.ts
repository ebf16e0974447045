import type { Clock } from "../transport/clock.ts";

/** How long anything waits for a store. */
const STORE_TIMEOUT = 5_000;

/** A store's answer, if it comes within five seconds; one that comes later is taken back. */
export function inTime<T>(answer: Promise<T>, clock: Pick<Clock, "after">, takeBack?: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let late = false;
    const stop = clock.after(STORE_TIMEOUT, () => {
      late = true;
      reject(new Error(`no answer within ${STORE_TIMEOUT} ms`));
    });
    answer.then(
      (value) => {
        stop();
        if (late) takeBack?.();
        else resolve(value);
      },
      (error: unknown) => {
        stop();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
