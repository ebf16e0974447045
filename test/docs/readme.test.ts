import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withSupport } from "../../scripts/support.ts";
import { root } from "./snippets.ts";

const readme = readFileSync(`${root}README.md`, "utf8");

test("the support table is current: node scripts/support.ts writes it", () => {
  expect(readme).toBe(withSupport(readme));
});

test("the first program has at most 12 lines", () => {
  const [, program] = /```ts\n([\s\S]*?)```/.exec(readme)!;
  expect(program!.trim().split("\n").length).toBeLessThanOrEqual(12);
});

test("links lead somewhere", () => {
  for (const [, target] of readme.matchAll(/\]\((?!http)([^)#]+)/g)) expect(existsSync(root + target!), target).toBe(true);
});
