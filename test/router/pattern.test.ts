import { expect, test } from "vitest";
import { fillIn, metBy } from "../../src/router/pattern.ts";
import fc from "../support/fast-check.ts";

test.each<[string, string, readonly string[] | undefined]>([
  ["openai/*", "openai/gpt-5", ["gpt-5"]],
  ["*", "", [""]],
  ["a*", "b", undefined],
  ["a*a", "a", undefined],
  ["fo::*:static::*", "fo::hi::static::hello", ["hi:", "hello"]],
  ["*/*", "a/b/c", ["a/b", "c"]],
  ["*-*-*", "a-b", undefined],
  ["x*y*y", "xy", undefined],
  ["**", "ab", ["ab", ""]],
  ["plain", "plain", undefined],
])("%s meets %s with %j", (pattern, name, met) => {
  expect(metBy(pattern, name)).toEqual(met);
});

test("meets what a regular expression meets", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 7 });
  fc.assert(
    fc.property(letters, letters, (pattern, name) => {
      const expected = new RegExp(`^${pattern.split("*").join("(.*)")}$`).exec(name)?.slice(1);
      expect(metBy(pattern, name)).toEqual(pattern.includes("*") ? expected : undefined);
    }),
  );
});

test("of one all get its text, of several each its own", () => {
  expect(fillIn("x/*-*", ["a"])).toBe("x/a-a");
  expect(fillIn("x/*-*", ["a", "b"])).toBe("x/a-b");
  expect(fillIn("x/*", ["a", "b"])).toBe("x/a");
  expect(fillIn("$&*", ["$1"])).toBe("$&$1");
});
