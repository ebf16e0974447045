import { expect, test } from "vitest";
import { accumulate } from "../../src/ir/index.ts";

test.each([-1, 1e9, Number.NaN, 0.5 / 0])("a choice number that cannot be is refused: %s", (choice) => {
  expect(() => accumulate([{ type: "part", part: { type: "text", text: "x" }, choice }])).toThrow(/choice number/);
});
