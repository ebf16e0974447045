import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { root } from "../docs/snippets.ts";
import { childEnv } from "../support/child-env.ts";

const KEYS = ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"];

async function run(name: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=crosspoint:source", `${root}examples/${name}.ts`], {
    cwd: root,
    env: { ...childEnv, ...env },
    timeout: 60_000,
  });
  return stdout;
}

test("ai-sdk-agent", async () => {
  const output = await run("ai-sdk-agent");
  expect(output).toContain('Agent: weather returned {"city":"Oslo","degrees":21,"sky":"sunny"}.');
  expect(output).toMatch(/Step 1: anthropic\/claude-sonnet-4-5, 1 attempt\(s\), 0\.0\d+ US dollars/);
  expect(output).toMatch(/Structured: \{"name":"\w+","age":\d+\}/);
});

test("ai-sdk-route", async () => {
  const output = await run("ai-sdk-route");
  expect(output).toContain("200 text/event-stream");
  expect(output).toContain('"type":"tool-output-available"');
  expect(output).toMatch(/"messageMetadata":\{"cost":0\.\d+,"deployment":"anthropic\/claude-sonnet-4-5"\}/);
  expect(output.trimEnd().endsWith("data: [DONE]")).toBe(true);
});

// Sends to the provider whose key is set.
test.runIf(KEYS.some((key) => process.env[key] !== undefined))("run with a real key", { timeout: 200_000 }, async () => {
  const env = Object.fromEntries(KEYS.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])));
  for (const name of ["ai-sdk-agent", "ai-sdk-route"]) {
    const output = await run(name, env);
    expect(output).toContain("Real answers of");
    expect(output).toMatch(/21/);
  }
});
