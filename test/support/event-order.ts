import { expect } from "vitest";
import type { StreamEvent } from "../../src/index.ts";

/** Holds the events of one whole answer: one head, one end, every block started once, written while it is open, and ended. */
export function checkOrder(events: readonly StreamEvent[]): void {
  const open = new Set<string>();
  const seen = new Set<string>();
  for (const event of events.slice(1, -1)) {
    if (event.type === "part") continue;
    if (!("id" in event) || event.type === "response-start") return expect.fail(`${event.type} in the middle`);
    if (event.type.endsWith("-start")) {
      expect(seen.has(event.id)).toBe(false);
      seen.add(event.id);
      open.add(event.id);
    } else if (!open.has(event.id)) expect.fail(`${event.type} of ${event.id}, which is not open`);
    if (event.type.endsWith("-end")) open.delete(event.id);
  }
  expect([...open]).toEqual([]);
  expect([events[0]?.type, events.at(-1)?.type]).toEqual(["response-start", "response-end"]);
}
