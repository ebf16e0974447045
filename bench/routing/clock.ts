import type { Clock } from "../../src/transport/clock.ts";

/** Time that stands still while something happens, and then goes to whatever is due next. */
export interface EventClock extends Clock {
  /** Goes from event to event until none is left. All that an event sets off by promises is over before the next one. */
  run(): Promise<void>;
}

interface Event {
  readonly at: number;
  /** Events of one moment happen in the order in which they were made. */
  readonly order: number;
  /** Absent once it was taken back. */
  callback: (() => void) | undefined;
}

export const START = 1_700_000_000_000;

export function createEventClock(): EventClock {
  const heap: Event[] = [];
  let now = START;
  let made = 0;
  const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
  const push = (event: Event): void => {
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  };
  const pop = (): Event | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  };
  return {
    now: () => now,
    after(ms, callback) {
      const event: Event = { at: now + Math.max(0, ms), order: made++, callback };
      push(event);
      return () => (event.callback = undefined);
    },
    async run() {
      for (let event = pop(); event !== undefined; event = pop()) {
        if (event.callback === undefined) continue;
        now = event.at;
        event.callback();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
