import type { EventClock } from "./clock.ts";
import type { Providers } from "./providers.ts";
import { PLACES, type Call } from "./world.ts";

/** Asks for one answer and reads it to its end; `onFirst` at its first token. Rejects when there is none, or only a part of one. */
export type Client = (call: Call, onFirst: () => void) => Promise<void>;

/** What a client stands on. */
export interface Surroundings {
  readonly clock: EventClock;
  readonly providers: Providers;
  readonly random: () => number;
}

/** Milliseconds until a first token has to be there, and further tries: the same for everyone. */
export const TIMEOUT_MS = 10_000;
export const RETRIES = 2;

/** How an attempt failed: `status` as HTTP tells it, 408 for a timeout, 0 for a broken connection. */
export interface Failed {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
  /** A part of the answer was shown already. */
  readonly shown: boolean;
}

/** One attempt as any simple client makes it: `undefined` when it went well. */
export async function attempt(
  { clock, providers }: Surroundings,
  place: number,
  call: Call,
  onFirst: (tokens: number) => void,
): Promise<Failed | undefined> {
  const control = new AbortController();
  const stop = clock.after(TIMEOUT_MS, () => control.abort());
  let shown = false;
  try {
    const { status, retryAfterSeconds, usage, rest } = await providers.ask(place, call, control.signal);
    stop();
    if (status !== 200) return { status, retryAfterSeconds, shown };
    shown = true;
    onFirst(usage.input + usage.output);
    await rest;
    return undefined;
  } catch {
    stop();
    return { status: control.signal.aborted ? 408 : 0, retryAfterSeconds: undefined, shown };
  }
}

/** Any place by chance, and after a failure at once any place again. */
export function plainShuffle(around: Surroundings): Client {
  return async (call, onFirst) => {
    for (let tries = 0; ; tries++) {
      const failed = await attempt(around, Math.floor(around.random() * PLACES.length), call, onFirst);
      if (failed === undefined) return;
      if (failed.shown || tries === RETRIES) throw new Error(`failed with ${failed.status}`);
    }
  };
}
