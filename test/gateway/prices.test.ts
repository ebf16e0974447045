import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runPrices } from "../../adapters/gateway/cli/prices.ts";

const LIST = {
  "gpt-4o": { litellm_provider: "openai", input_cost_per_token: 3e-6, output_cost_per_token: 1e-5, output_cost_per_image: 0.04 },
  "gpt-4.1": { litellm_provider: "openai", input_cost_per_token: 2, output_cost_per_token: 8 },
};

let folder = "";
let file = "";
let server: Server;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "crosspoint-prices-"));
  file = join(folder, "list.json");
  writeFileSync(file, JSON.stringify(LIST));
  server = createServer((_, response) => response.end(JSON.stringify(LIST)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  server.close();
});

async function run(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  let text = "";
  const code = await runPrices(args, (piece) => void (text += piece));
  return { code, text };
}

test("a table of the models that have a text in their name", async () => {
  const { code, text } = await run("openai/gpt-5.4-p", "anthropic/claude-sonnet-4-5");
  expect(code).toBe(0);
  expect(text.split("\n").map((line) => line.trimEnd())).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^anthropic\/claude-sonnet-4-5 +200,000 +3 +0\.3 +3\.75 +15 +2\d{3}-/),
      expect.stringMatching(/^openai\/gpt-5\.4-pro +1,050,000 +30 +180 +2\d{3}-/),
      expect.stringMatching(/^ {2}above 272,000 +60 +270$/),
    ]),
  );
  await expect(run("no-such-model")).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
});

test("what --json prints, --check takes, all of it", async () => {
  const { text } = await run("--json");
  const own = join(folder, "own.json");
  writeFileSync(own, text);
  const checked = await run("--check", own, "--json");
  const { models } = JSON.parse(text) as { models: Record<string, { price?: object }> };
  const priced = Object.values(models).filter(({ price }) => price !== undefined).length;
  expect(priced).toBeGreaterThan(1_000);
  expect(checked.code).toBe(0);
  expect(JSON.parse(checked.text)).toEqual({ format: "crosspoint", models: priced, refused: [], unused: {} });
  expect((await run("--from", own, "--json")).text).toBe(text);
});

test("--check tells what was taken, what has no place and what was refused; --from uses the rest", async () => {
  const { code, text } = await run("--check", file);
  expect(code).toBe(1);
  expect(text).toBe(`1 models with a price, in the form of litellm

without a place here   models
---------------------  ------
output_cost_per_image       1

refused         why
--------------  ----------------------------------------------------------------------------------------------------------------------------------------------------------
openai/gpt-4.1  input is 2000000 dollars for a million tokens; output is 8000000 dollars for a million tokens; input went from 2 to 2000000; output went from 8 to 8000000
`);
  const { port } = server.address() as AddressInfo;
  const from = await run("openai/gpt-4o", "--from", `http://127.0.0.1:${port}/list.json`, "--json");
  expect(JSON.parse(from.text)).toMatchObject({ models: { "openai/gpt-4o": { price: { input: 3, output: 10 } } } });
});

test("what is wrong is told", async () => {
  await expect(run("--check", join(folder, "none.json"))).rejects.toThrow("cannot read");
  await expect(run("--check", file, "--from", file)).rejects.toThrow("give either --from or --check");
  await expect(run("--check", file, "--format", "yaml")).rejects.toThrow("catalogue.format must be one of");
  await expect(run("--format", "litellm")).rejects.toThrow("--format says what");
});
