import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { createSimulator, type SimulatorServer } from "crosspoint/testing";
import { createCrosspoint } from "crosspoint";
import { parseConfig } from "crosspoint/gateway";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSnippets, root, type Snippet } from "./snippets.ts";
import { childEnv } from "../support/child-env.ts";

const run = promisify(execFile);
const folder = `${root}.crosspoint/snippets/`;
const snippets = readSnippets();
const programs = snippets.filter(({ language, flags }) => language === "ts" && !flags.includes("fragment"));
const fileOf = (snippet: Snippet): string => `${folder}${snippet.name.replace(/\W/g, "-")}.ts`;

const simulator = createSimulator();
let server: SimulatorServer;
let env: Record<string, string>;

beforeAll(async () => {
  server = await simulator.listen();
  const urls = simulator.baseURLs(server.url);
  env = {
    ...childEnv,
    OPENAI_API_KEY: "sk-simulated-000000",
    ANTHROPIC_API_KEY: "sk-ant-simulated-000000",
    GEMINI_API_KEY: "simulated-key-000000",
    OPENAI_BASE_URL: urls.openai,
    ANTHROPIC_BASE_URL: urls.anthropic,
    GOOGLE_GEMINI_BASE_URL: urls.google,
    NODE_OPTIONS: "--conditions=crosspoint:source",
  };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const snippet of programs) writeFileSync(fileOf(snippet), `${snippet.code}\nexport {};\n`);
  writeFileSync(
    `${folder}tsconfig.json`,
    JSON.stringify({ extends: "../../tsconfig.json", compilerOptions: { noUnusedLocals: false }, include: ["*.ts"] }),
  );
});

afterAll(() => server.close());

test("every TypeScript snippet compiles", async () => {
  const { stdout } = await run(`${root}node_modules/.bin/tsc`, ["-p", `${folder}tsconfig.json`], { cwd: root }).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe("");
}, 60_000);

test.each(programs.filter(({ flags }) => !flags.includes("no-run")).map((snippet) => [snippet.name, snippet] as const))(
  "%s runs",
  async (_, snippet) => {
    const { stdout } = await run(process.execPath, [fileOf(snippet)], { cwd: folder, env, timeout: 15_000 });
    expect(stdout).not.toMatch(/undefined|NaN|\[object Object\]/);
  },
  20_000,
);

test.each(
  snippets
    .filter(({ language, flags }) => language === "yaml" && !flags.includes("fragment"))
    .map((snippet) => [snippet.name, snippet] as const),
)("%s is a config that loads", (_, snippet) => {
  const { options } = parseConfig(snippet.code, snippet.name, {
    ...env,
    LAB_KEY: "lab-key-000000",
    GATEWAY_KEY: "gateway-key-000000",
    OPENAI_KEY_2: "sk-second-000000",
  });
  expect(createCrosspoint({ env, ...options }).models().length).toBeGreaterThan(0);
});

describe("shell snippets", () => {
  const shell = snippets
    .filter(({ language, flags }) => language === "sh" && !flags.includes("fragment"))
    .flatMap(({ name, code }) =>
      code
        .split(/\n(?!\s)/)
        .filter((line) => line.trim() !== "" && !line.startsWith("#"))
        .map((line) => [name, line.trim()] as const),
    );

  test.each(shell.filter(([, line]) => line.startsWith("npm run ") || line.includes("npm run") || line.includes("npm test")))(
    "%s: %s names scripts that exist",
    (_, line) => {
      const { scripts } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { scripts: Record<string, string> };
      for (const [, script] of line.matchAll(/npm run ([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(script);
    },
  );

  test("crosspoint serve and the curl of the README work together", async () => {
    const readme = shell.filter(([name]) => name.startsWith("README.md"));
    const serve = readme.find(([, line]) => line.startsWith("npx crosspoint serve"))![1];
    const curl = readme.find(([, line]) => line.startsWith("curl "))![1];
    const args = serve.replace(/#.*$/, "").replace(/&\s*$/, "").trim().split(/\s+/).slice(2);
    const gateway = spawn(process.execPath, [`${root}adapters/gateway/cli/main.ts`, ...args, "--port", "0", "--log-format", "text"], {
      env,
    });
    try {
      const url = await firstLine(gateway);
      const command = curl.replace(/https?:\/\/[\w.]+:\d+/, url);
      const { stdout } = await run("sh", ["-c", command], { timeout: 15_000 });
      expect(JSON.parse(stdout)).toMatchObject({
        object: "chat.completion",
        choices: [{ message: { content: expect.any(String) as unknown } }],
      });
    } finally {
      gateway.kill("SIGTERM");
    }
  }, 20_000);
});

/** The address that the gateway prints when it listens. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const onData = (chunk: Buffer): void => {
      text += chunk.toString();
      const url = /listens on (\S+)/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout!.on("data", onData);
    child.stderr!.on("data", onData);
    child.on("exit", (code) => reject(new Error(`the gateway ended with ${code}: ${text}`)));
  });
}
