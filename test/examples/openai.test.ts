import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
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

describe("examples of official clients", () => {
  test("openai-client", async () => {
    const output = await run("openai-client");
    expect(output).toContain("Tool loop: weather returned Oslo: 21 degrees, sunny.");
    expect(output).toContain("Second turn: You said: And another one.");
    expect(output).toMatch(/Stream: You said: Count to three\.\nAnswered by anthropic\/claude-sonnet-4-5 for 0\.0\d+ US dollars\./);
  });

  test.each(["responses", "chat"])("openai-agents over %s", async (api) => {
    const output = await run("openai-agents", { AGENTS_API: api });
    for (const city of ["Lisbon", "Oslo"]) expect(output).toContain(`weather expert: weather returned ${city}: 21 degrees, sunny.`);
    expect(output).toMatch(/Spent 0\.00\d+ US dollars/);
  });

  test("anthropic-client", async () => {
    const output = await run("anthropic-client");
    expect(output).toContain("Tool loop: weather returned Oslo: 21 degrees, sunny.");
    expect(output).toMatch(/Answered by anthropic\/claude-sonnet-4-5 for 0\.0\d+ US dollars/);
    expect(output).toContain("Stream: You said: Count to three.");
  });

  // Sends to the provider whose key is set.
  test.runIf(KEYS.some((key) => process.env[key] !== undefined))("run with a real key", { timeout: 200_000 }, async () => {
    const env = Object.fromEntries(KEYS.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])));
    for (const name of ["openai-client", "openai-agents", "anthropic-client"]) {
      const output = await run(name, env);
      expect(output).toContain("Real answers of");
      expect(output).toMatch(/21/);
    }
  });
});
