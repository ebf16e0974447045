import fc from "../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { accumulate, createAccumulator, eventsOf, type StreamEvent } from "../../src/ir/index.ts";

const events: StreamEvent[] = [
  { type: "response-start", id: "r1", model: "m" },
  { type: "reasoning-start", id: "a" },
  { type: "reasoning-delta", id: "a", text: "hm" },
  { type: "reasoning-end", id: "a", opaque: [{ family: "f", kind: "signature", data: "s" }] },
  { type: "text-start", id: "b" },
  { type: "text-delta", id: "b", text: "Hello " },
  { type: "tool-call-start", id: "c1", name: "weather" },
  { type: "tool-call-delta", id: "c1", arguments: '{"city":' },
  { type: "text-delta", id: "b", text: "world" },
  { type: "tool-call-delta", id: "c1", arguments: '"Paris"}' },
  { type: "text-end", id: "b", citations: [{ source: { url: "https://a.example" } }] },
  { type: "tool-call-end", id: "c1" },
  { type: "part", part: { type: "source", source: { url: "https://a.example" } } },
  { type: "part", part: { type: "source", source: { url: "https://b.example" } } },
  { type: "response-end", finishReason: { unified: "tool-calls", raw: "tool_calls" }, usage: { input: {}, output: {} } },
];

describe("accumulate", () => {
  test("folds interleaved blocks into parts in the order in which they began", () => {
    const response = accumulate(events);
    expect(response.content.map((part) => part.type)).toEqual(["reasoning", "text", "tool-call", "source", "source"]);
    expect(response.text).toBe("Hello world");
    expect(response.reasoning).toBe("hm");
    expect(response.toolCalls).toEqual([{ type: "tool-call", id: "c1", name: "weather", arguments: '{"city":"Paris"}' }]);
    expect(response.sources.map((source) => source.url)).toEqual(["https://a.example", "https://b.example"]);
    expect(response.finishReason).toEqual({ unified: "tool-calls", raw: "tool_calls" });
  });

  test("does not depend on how events are batched", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(events.length)), (cuts) => {
        const accumulator = createAccumulator();
        let from = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), events.length]) {
          accumulator.push(events.slice(from, Math.max(from, cut)));
          from = Math.max(from, cut);
        }
        expect(accumulator.result()).toEqual(accumulate(events));
      }),
    );
  });

  test("a restart voids what was shown before", () => {
    const response = accumulate([...events.slice(0, 7), { type: "response-restart", reason: "cut" }, ...events]);
    expect(response).toEqual(accumulate(events));
  });

  test("a delta of a block that was not started is the provider's fault", () => {
    expect(() => accumulate([{ type: "text-delta", id: "x", text: "a" }])).toThrow(/not started/);
  });

  test("the events of a whole response fold back to it", () => {
    const response = accumulate(events);
    expect(accumulate([...eventsOf(response)])).toEqual(response);
  });
});
