import fc from "../../support/fast-check.ts";
import { expect, test } from "vitest";
import { createDeltaReader } from "../../../src/codecs/openai-responses/delta-template.ts";
import type { JSONObject } from "../../../src/ir/index.ts";
import { folded, response } from "./support.ts";

const tricky = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom('"', "\\", '","delta":"x', '"sequence_number":7', '\\"delta\\":\\"', "\n", "}", "é🌍", "delta"),
);
const keys = fc.shuffledSubarray(
  ["type", "sequence_number", "item_id", "output_index", "content_index", "delta", "logprobs", "obfuscation"],
  { minLength: 8 },
);

test("X54 deltas read by template are the deltas of the parser, in any order of fields", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          delta: tricky,
          obfuscation: tricky,
          content_index: fc.nat(1),
          logprobs: fc.constantFrom([], [], [], [{ token: "x", logprob: -1 }]),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      keys,
      (deltas, order) => {
        const sorted = deltas.toSorted((left, right) => left.content_index - right.content_index);
        const frames = sorted.map((fields, index): JSONObject => {
          const frame: JSONObject = {
            type: "response.output_text.delta",
            sequence_number: index + 8,
            item_id: "msg_1",
            output_index: 0,
            ...fields,
          };
          return Object.fromEntries(order.map((key) => [key, frame[key]!]));
        });
        const added = { type: "response.output_item.added", output_index: 0, item: { type: "message", id: "msg_1" } };
        const { content } = folded([added, ...frames, { type: "response.completed", response: response() }]);
        for (const part of [0, 1]) {
          const text = sorted
            .filter(({ content_index }) => content_index === part)
            .map(({ delta }) => delta)
            .join("");
          if (text !== "") expect(content.map((each) => "text" in each && each.text)).toContain(text);
        }
        expect(content.map((each) => ("text" in each ? each.text : "")).join("")).toBe(sorted.map(({ delta }) => delta).join(""));
      },
    ),
    { numRuns: 300 },
  );
});

test("a frame that differs anywhere else is left to the parser, and one with escapes keeps the template", () => {
  const reader = createDeltaReader();
  const frame = (delta: string, more: JSONObject = {}): string => JSON.stringify({ sequence_number: 1, output_index: 0, delta, ...more });
  reader.learn(frame("a"));
  expect(reader.read(frame("b"))).toBe("b");
  expect(reader.read(frame("b", { sequence_number: 123 }))).toBe("b");
  expect(reader.read(frame("b", { output_index: 1 }))).toBeUndefined();
  expect(reader.read(frame("b", { more: 1 }))).toBeUndefined();
  expect(reader.read(frame('b"'))).toBeUndefined();
  reader.learn(frame('b"'));
  expect(reader.read(frame("c"))).toBe("c");
  expect(reader.read(frame("c").slice(0, -1))).toBeUndefined();
});
