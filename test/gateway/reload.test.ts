import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkConfig, createLogger, serve, type Gateway } from "crosspoint/gateway";
import { createSimulator, type Simulator } from "crosspoint/testing";
import type { CrosspointOptions } from "crosspoint";
import { afterEach, describe, expect, test } from "vitest";
import { createLive, type Live } from "../../adapters/gateway/cli/live.ts";
import { createReloader, type Reloader } from "../../adapters/gateway/cli/reload.ts";
import { childEnv } from "../support/child-env.ts";

interface Stack {
  readonly file: string;
  readonly simulator: Simulator;
  readonly gateway: Gateway;
  readonly reloader: Reloader;
  readonly first: Live;
  readonly log: string[];
  /** Resolves when so many configs have taken over. */
  readonly taken: (count: number) => Promise<void>;
}

const stacks: Stack[] = [];
afterEach(async () => {
  for (const { gateway, reloader } of stacks.splice(0)) {
    await gateway.close(0);
    await reloader.close();
  }
});

const until = async (holds: () => boolean, what: string): Promise<void> => {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 500) expect.fail(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

async function start(text: string, watch = true, goneMs = 60_000): Promise<Stack> {
  const file = join(mkdtempSync(join(tmpdir(), "crosspoint-reload-")), "crosspoint.yaml");
  writeFileSync(file, text);
  const simulator = createSimulator();
  const env = { OPENAI_API_KEY: "simulator-key", ANTHROPIC_API_KEY: "simulator-key" };
  const log: string[] = [];
  const logger = createLogger({ write: (line) => log.push(line) });
  const complete = (options: CrosspointOptions): CrosspointOptions => ({
    env,
    fetch: simulator.fetch,
    providers: simulator.providers(),
    ...options,
  });
  const read = await checkConfig(file, env);
  const { config, problems } = read;
  if (config === undefined) expect.fail(problems.map(({ message }) => message).join());
  const first = await createLive(config, complete);
  const gateway = await serve({ ...first.served, port: 0 });
  let count = 0;
  const reloader = await createReloader({
    file,
    env,
    config,
    read,
    live: first,
    gateway,
    complete,
    logger,
    watch,
    goneMs,
    onReload: () => count++,
  });
  const taken = (wanted: number): Promise<void> => until(() => count >= wanted, `config ${wanted} took over: ${log.join("\n")}`);
  const stack = { file, simulator, gateway, reloader, first, log, taken };
  stacks.push(stack);
  return stack;
}

const models = (to: string, more = ""): string => `models:\n  chat:\n    deployments: [${to}]\n${more}`;
const ask = (gateway: Gateway, stream = false, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers,
    body: JSON.stringify({ model: "chat", stream, max_tokens: 50, messages: [{ role: "user", content: "Hello" }] }),
  });

describe("while the gateway runs", () => {
  test("a changed file takes over for new calls, however it is written", async () => {
    const { file, gateway, simulator, taken } = await start(models("openai-chat/one"));
    await (await ask(gateway)).text();
    writeFileSync(file, models("openai-chat/two"));
    await taken(1);
    await (await ask(gateway)).text();
    // As editors and deployments do: a new file in the place of the old.
    writeFileSync(`${file}.new`, models("openai-chat/three"));
    renameSync(`${file}.new`, file);
    await taken(2);
    await (await ask(gateway)).text();
    writeFileSync(file, models("openai-chat/four"));
    await taken(3);
    await (await ask(gateway)).text();
    expect(simulator.requests.map(({ model }) => model)).toEqual(["one", "two", "three", "four"]);
  });

  test("a wrong file is told with its place, and the one before stays", async () => {
    const { file, gateway, simulator, taken, log } = await start(models("openai-chat/one"));
    writeFileSync(file, models("opnai/one", "retires: 3\n"));
    await until(() => log.some((line) => line.includes("the one before stays")), "the mistake is told");
    expect(log.join("\n")).toMatch(/crosspoint\.yaml:3:19.*opnai/);
    expect(log.join("\n")).toMatch(/crosspoint\.yaml:4:1.*did you mean .{1,2}retries/);
    expect((await ask(gateway)).status).toBe(200);
    // While a file is written it may be empty for a moment.
    writeFileSync(file, "");
    writeFileSync(file, models("openai-chat/two", "port: 1234\n"));
    await taken(1);
    expect(log.join("\n")).toContain("port and host change with a restart alone");
    expect((await ask(gateway)).status).toBe(200);
    expect(simulator.requests.map(({ model }) => model)).toEqual(["one", "two"]);
  });

  test.each([true, false])("a file that is deleted or emptied is told once, and the one before stays; watched: %s", async (watched) => {
    const { file, gateway, reloader, taken, log } = await start(models("openai-chat/one"), watched, 20);
    const told = (): number => log.filter((line) => line.includes("empty or away")).length;
    const changed = async (): Promise<void> => (watched ? undefined : reloader.reload());
    rmSync(file);
    await changed();
    await until(() => told() === 1, "the loss is told");
    writeFileSync(file, " \n");
    await changed();
    await reloader.reload();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(told()).toBe(1);
    expect((await ask(gateway)).status).toBe(200);
    writeFileSync(file, models("openai-chat/two"));
    await changed();
    await taken(1);
    writeFileSync(file, "");
    await changed();
    await until(() => told() === 2, "the next loss is told");
  });

  test("200 streams run through ten changes, and none is lost or cut", async () => {
    const { file, gateway, simulator, taken } = await start(models("openai-chat/m0"));
    const words = Array.from({ length: 20 }, (_, index) => `word${index}`).join(" ");
    simulator.script(Array.from({ length: 200 }, () => ({ text: words, delayMs: 5 })));
    const answers: Promise<string>[] = [];
    for (let change = 1; change <= 10; change++) {
      for (let call = 0; call < 20; call++) answers.push(ask(gateway, true).then((response) => response.text()));
      await until(() => simulator.requests.length >= change * 20 - 10, "calls are under way");
      writeFileSync(file, models(`openai-chat/m${change}`));
      await taken(change);
    }
    const told = (await Promise.all(answers)).map(
      (text) =>
        [...text.matchAll(/"content":"([^"]*)"/g)]
          .map(([, part]) => part)
          .join("")
          .trim() + (text.includes("[DONE]") ? "" : " CUT"),
    );
    expect(told).toHaveLength(200);
    expect(new Set(told)).toEqual(new Set([words]));
    expect(new Set(simulator.requests.map(({ model }) => model)).size).toBeGreaterThanOrEqual(10);
  }, 30_000);

  test("the layer before is closed when its last call is over", async () => {
    const { file, gateway, simulator, taken, first } = await start(models("openai-chat/one"));
    simulator.script({ text: "a b c d e f g h", delayMs: 30 });
    const response = await ask(gateway, true);
    writeFileSync(file, models("openai-chat/two"));
    await taken(1);
    await expect(first.crosspoint.generate({ model: "chat", messages: [{ role: "user", content: "x" }] })).resolves.toBeDefined();
    expect(await response.text()).toContain("[DONE]");
    let error: unknown;
    for (let turn = 0; turn < 100 && error === undefined; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      error = await first.crosspoint.generate({ model: "chat", messages: [{ role: "user", content: "x" }] }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    }
    expect(error).toMatchObject({ code: "ABORTED" });
  });

  test.each(["", "store: sqlite:FILE\n"])("budgets, kept responses and the key go on: %j", async (store) => {
    const spend = join(mkdtempSync(join(tmpdir(), "crosspoint-reload-")), "spend.db");
    const more = (limit: number): string =>
      `${store.replace("FILE", spend)}masterKey: sk-master\nbudgets: [{ id: calls, limit: ${limit}, unit: requests, window: lifetime }]\n`;
    const { file, gateway, taken } = await start(models("openai/gpt-5", more(2)));
    const key = { authorization: "Bearer sk-master" };
    const kept = await fetch(`${gateway.url}/v1/responses`, {
      method: "POST",
      headers: key,
      body: JSON.stringify({ model: "chat", input: "Hello" }),
    });
    const { id } = (await kept.json()) as { id: string };
    writeFileSync(file, models("openai/gpt-5-mini", more(3)));
    await taken(1);
    expect((await fetch(`${gateway.url}/v1/responses/${id}`, { headers: key })).status).toBe(200);
    expect([(await ask(gateway, false, key)).status, (await ask(gateway, false, key)).status]).toEqual([200, 200]);
    expect((await ask(gateway, false, key)).status).toBe(429);
    writeFileSync(file, models("openai/gpt-5-mini", more(9)).replace("sk-master", "sk-other"));
    await taken(2);
    expect((await ask(gateway, false, key)).status).toBe(401);
    expect((await ask(gateway, false, { "x-api-key": "sk-other" })).status).toBe(200);
  });

  test("without watching, only reload() takes a change over", async () => {
    const { file, gateway, reloader, simulator } = await start(models("openai-chat/one"), false);
    writeFileSync(file, models("openai-chat/two"));
    await new Promise((resolve) => setTimeout(resolve, 250));
    await (await ask(gateway)).text();
    await reloader.reload();
    await (await ask(gateway)).text();
    expect(simulator.requests.map(({ model }) => model)).toEqual(["one", "two"]);
  });
});

test("crosspoint serve reads its file again at SIGHUP, and takes crosspoint.yaml of its folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "crosspoint-reload-"));
  const file = join(folder, "crosspoint.yaml");
  writeFileSync(file, "port: 0\nhost: 0.0.0.0\nmodels: { before: ollama/llama3.2 }\n");
  const main = fileURLToPath(new URL("../../adapters/gateway/cli/main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, "serve", "--no-watch"], {
    cwd: folder,
    env: { ...childEnv, NODE_OPTIONS: "--conditions=crosspoint:source", NODE_PATH: "" },
  });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (out += chunk.toString()));
  try {
    await until(() => out.includes("crosspoint listens"), `it listens: ${out}`);
    expect(out).toContain("set masterKey in the config file");
    const url = (JSON.parse(out.split("\n").find((line) => line.includes("crosspoint listens"))!) as { url: string }).url.replace(
      "0.0.0.0",
      "127.0.0.1",
    );
    writeFileSync(file, readFileSync(file, "utf8").replace("before", "after"));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await (await fetch(`${url}/v1/models`)).text()).toContain('"before"');
    child.kill("SIGHUP");
    await until(() => out.includes("has taken over"), `it took over: ${out}`);
    expect(await (await fetch(`${url}/v1/models`)).text()).toContain('"after"');
  } finally {
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  }
}, 20_000);
