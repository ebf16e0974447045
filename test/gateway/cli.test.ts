import { execFile, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { childEnv } from "../support/child-env.ts";

const main = fileURLToPath(new URL("../../adapters/gateway/cli/main.ts", import.meta.url));
const env = { ...childEnv, NODE_OPTIONS: "--conditions=crosspoint:source" };

interface Run {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

const crosspoint = (...args: string[]): Promise<Run> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env, timeout: 15_000 }, (failure, out, error) =>
      resolve({ code: failure === null ? 0 : Number(failure.code), out, error }),
    );
  });

test("help tells the commands", async () => {
  expect(await crosspoint("--help")).toMatchObject({ code: 0, out: expect.stringContaining("crosspoint serve") as unknown });
});

test.each(["serve", "check", "spend", "prices", "trace"])("%s tells its own options", async (command) => {
  const { code, out } = await crosspoint(command, "--help");
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`^crosspoint ${command}: `));
});

test("a pipe gets long output whole", async () => {
  const { out } = await crosspoint("prices", "--json");
  expect(Object.keys((JSON.parse(out) as { models: object }).models).length).toBeGreaterThan(1_000);
});

test("the version is the package's", async () => {
  expect((await crosspoint("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.each([
  [["dance"], 2, 'no command "dance"'],
  [["serv"], 2, 'did you mean "serve"'],
  [["spend", "--stroe", "x"], 1, 'no option --stroe (did you mean "--store"?); crosspoint spend --help'],
  [["serve", "--model", "opnai/gpt-5", "--port", "0"], 1, '--model: No model "opnai/gpt-5"'],
  [["serve", "--port", "many"], 1, "--port"],
  [["serve", "--colour", "blue"], 1, "--colour"],
  [["serve", "--config", "none-such.yaml"], 1, "none-such.yaml"],
])("crosspoint %j says what is wrong", async (args, code, message) => {
  const run = await crosspoint(...args);
  expect(run.code).toBe(code);
  expect(run.error).toContain(message);
  expect(run.error).not.toContain("    at ");
});

test.each([
  ["port: 0\nretires: 3\n", "crosspoint.yaml:2:1", "retires"],
  ["models:\n  a:\n    deployments: []\n", "crosspoint.yaml:3:5", "models.a.deployments"],
  ["models:\n  a: openai/gpt-5\n  b: opnai/gpt-5\n", "crosspoint.yaml:3:3", "openai/gpt-5"],
  ["budgets:\n  - { limit: 1 }\n  - { limit: many }\n", "crosspoint.yaml:3:7", "budgets[1].limit"],
  ["providers:\n  lab: { codec: openai-chat, apiKey: ${LAB_KEY} }\n", "crosspoint.yaml:2:", 'write "${NAME}" in quotes'],
])("a wrong option in the file is told with its place: %j", async (text, place, words) => {
  const file = join(mkdtempSync(join(tmpdir(), "crosspoint-")), "crosspoint.yaml");
  writeFileSync(file, text);
  const { error } = await crosspoint("serve", "--config", file);
  expect(error).toContain(place);
  expect(error).toContain(words);
});

test("serves until it is told to stop, and then stops cleanly", async () => {
  const child = spawn(process.execPath, [main, "serve", "--model", "ollama/llama3.2", "--port", "0", "--log-format", "text"], { env });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  while (!out.includes("models")) await new Promise((resolve) => setTimeout(resolve, 10));
  const url = /listens on (\S+)/.exec(out)![1]!;
  const { data } = (await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toContain("default");
  const ended = new Promise((resolve) => child.on("exit", resolve));
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
}, 20_000);
