import type { Step, Wire } from "../types.ts";

export interface ScriptQueue {
  add(steps: Step | readonly Step[]): void;
  /** The first step addressed to this request, removed from the queue. */
  take(wire: Wire, model: string): Step | undefined;
  clear(): void;
}

export function createScriptQueue(initial: Step | readonly Step[] = []): ScriptQueue {
  const queue: Step[] = [];
  const add: ScriptQueue["add"] = (steps) => void queue.push(...(Array.isArray(steps) ? (steps as readonly Step[]) : [steps as Step]));
  add(initial);
  return {
    add,
    take(wire, model) {
      const index = queue.findIndex((step) => (step.wire ?? wire) === wire && (step.model ?? model) === model);
      return index < 0 ? undefined : queue.splice(index, 1)[0];
    },
    clear() {
      queue.length = 0;
    },
  };
}
