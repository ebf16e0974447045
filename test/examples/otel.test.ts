import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { root } from "../docs/snippets.ts";
import { childEnv } from "../support/child-env.ts";

test("the example prints the tree of its spans: a fallback, tokens and cost", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=crosspoint:source", `${root}examples/otel.ts`], {
    cwd: root,
    env: childEnv,
    timeout: 30_000,
  });
  const lines = stdout.trimEnd().split("\n").slice(1);
  expect(lines[0]!.trim()).toBe("agent");
  expect(lines[1]!.trim()).toBe("route smart");
  expect(lines[2]).toMatch(/^ {4}chat gemini-that-is-down +error "503"$/);
  expect(lines.at(-2)).toMatch(/^ {4}chat gpt-4o-mini +\d+ \+ \d+ tokens, \$0\.0\d+$/);
  expect(lines.at(-1)).toMatch(/^ {2}chat claude-sonnet-4-5 +\d+ \+ \d+ tokens, \$0\.0\d+$/);
}, 30_000);
