import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { root } from "../docs/snippets.ts";
import { childEnv } from "../support/child-env.ts";

test("the demo runs agents on three frameworks over four wires and counts what they cost", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=crosspoint:source", `${root}examples/demo.ts`], {
    cwd: root,
    env: childEnv,
    timeout: 30_000,
  });
  for (const city of ["Paris", "Lisbon", "Oslo"]) expect(stdout).toContain(`${city}: 21 °C, sunny`);
  for (const deployment of ["anthropic/claude", "google/gemini", "openai/gpt", "openai-chat/gpt"]) expect(stdout).toContain(deployment);
  expect(stdout).toMatch(
    /alan\s+demo\s+plain-call\s+openai-chat\/gpt-4o-mini\s+\d+\s+\d+\s+\$0\.\d+\s+first ✗ broken.*retry ✗ broken.*fallback/,
  );
  expect(stdout).toMatch(/7 calls, \d+ tokens, \$0\.00\d+/);
  expect(stdout).not.toMatch(/undefined|NaN|unknown/);
}, 40_000);
