/** Lets a bounded number of calls in at a time; the others wait in their order. */
export interface Gate {
  /** Resolves when the call may begin, with what to call when it is over. Rejects when the signal aborts before. */
  enter(signal: AbortSignal | undefined): Promise<() => void>;
}

/** A gate of the package's own: LangChain's queue runs a waiting call in the async context of another. */
export function createGate(max: number): Gate {
  let inside = 0;
  const waiting = new Set<() => void>();
  const leave = (): void => {
    const [next] = waiting;
    if (next === undefined) inside -= 1;
    else next();
  };
  const wait = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const begin = (): void => {
        waiting.delete(begin);
        signal?.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = (): void => {
        waiting.delete(begin);
        reject(signal!.reason as Error);
      };
      waiting.add(begin);
      signal?.addEventListener("abort", giveUp, { once: true });
    });
  return {
    async enter(signal) {
      signal?.throwIfAborted();
      if (inside < max) inside += 1;
      else await wait(signal);
      let left = false;
      return () => {
        if (!left) leave();
        left = true;
      };
    },
  };
}
