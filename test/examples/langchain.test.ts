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

test("langchain-agent", async () => {
  const output = await run("langchain-agent");
  expect(output.match(/Answer of anthropic\/claude-sonnet-4-5: tool_calls, 0\.\d+ US dollars/g)).toHaveLength(2);
  expect(output.match(/Spent: 0\.\d+ US dollars for ada, examples/g)).toHaveLength(4);
  expect(output).toContain('Structured: {"city":"Oslo","degrees":21}');
  expect(output).toContain("Streamed: weather returned Bergen: 21 degrees, sunny.");
});

test("langgraph", async () => {
  const output = await run("langgraph");
  expect(output).toContain('{"write":{"draft":"You said: Write one sentence about fjords."}}');
  expect(output).toMatch(/\{"check":\{"approved":(?:true|false)\}\}/);
  expect(output).toMatch(/writer: anthropic\/claude-sonnet-4-5, 0\.\d+ US dollars, for ada in thread-1/);
  expect(output).toMatch(/reviewer: anthropic\/claude-sonnet-4-5, 0\.\d+ US dollars, for ada in thread-1/);
});

// Sends to the provider whose key is set.
test.runIf(KEYS.some((key) => process.env[key] !== undefined))("run with a real key", { timeout: 200_000 }, async () => {
  const env = Object.fromEntries(KEYS.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])));
  expect(await run("langchain-agent", env)).toMatch(/Real answers of[^]*"degrees":21/);
  expect(await run("langgraph", env)).toMatch(/Real answers of[^]*writer: /);
});
