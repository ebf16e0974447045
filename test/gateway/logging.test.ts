import { createCrosspoint, type Logger } from "crosspoint";
import { createLogger, serve, type GatewayLogger } from "crosspoint/gateway";
import { createSimulator } from "crosspoint/testing";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { childEnv } from "../support/child-env.ts";

const main = fileURLToPath(new URL("../../adapters/gateway/cli/main.ts", import.meta.url));

function createLines(options: Omit<Parameters<typeof createLogger>[0], "write"> = {}) {
  const lines: string[] = [];
  return { lines, logger: createLogger({ now: () => Date.UTC(2026, 10, 20, 12), ...options, write: (line) => void lines.push(line) }) };
}

test("JSON: an object a line, with the fields beside the message", () => {
  const { lines, logger } = createLines();
  logger.info({ url: "http://127.0.0.1:4000", models: ["a"], left: undefined }, "listens");
  logger.debug({}, "not at this level");
  expect(lines).toEqual([
    '{"time":"2026-11-20T12:00:00.000Z","level":"info","message":"listens","url":"http://127.0.0.1:4000","models":["a"]}',
  ]);
});

test("text: for people", () => {
  const { lines, logger } = createLines({ level: "debug", format: "text" });
  logger.debug({ model: "openai/gpt-5", inputTokens: 10, error: undefined, details: 'two "words"\n' }, "call");
  logger.warn({}, "careful");
  expect(lines).toEqual(['12:00:00 debug call model=openai/gpt-5 inputTokens=10 details="two \\"words\\"\\n"', "12:00:00 warn  careful"]);
});

test.each([
  ["debug", ["debug", "info", "warn"]],
  ["info", ["info", "warn"]],
  ["warn", ["warn"]],
  ["silent", []],
] as const)("%s lets through %j", (level, through) => {
  const { lines, logger } = createLines({ level });
  for (const each of ["debug", "info", "warn"] as const) logger[each]({}, each);
  expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(through);
});

test("secrets are blanked out, by what is given, by name and by look; counts of tokens are not", () => {
  const { lines, logger } = createLines({ secrets: ["my-very-own-key", "short"] });
  logger.warn(
    {
      apiKey: "anything",
      headers: { Authorization: "Basic abc", "x-api-key": "abc" },
      refresh_token: "abc",
      inputTokens: 3,
      nested: [{ url: "postgresql://user:pa55word@host/db", said: "Bearer eyJhbGciOi" }],
      error: new Error("refused sk-proj-abcdefghijklmnop and AIzaSyA1234567890abcdefghij"),
      key: "team-alias",
      note: "my-very-own-key is short",
      big: 5n,
    },
    "refused my-very-own-key",
  );
  expect(JSON.parse(lines[0]!)).toEqual({
    time: "2026-11-20T12:00:00.000Z",
    level: "warn",
    message: "refused [REDACTED]",
    apiKey: "[REDACTED]",
    headers: { Authorization: "[REDACTED]", "x-api-key": "[REDACTED]" },
    refresh_token: "[REDACTED]",
    inputTokens: 3,
    nested: [{ url: "postgresql://user:[REDACTED]@host/db", said: "Bearer [REDACTED]" }],
    error: "refused [REDACTED] and [REDACTED]",
    key: "team-alias",
    note: "[REDACTED] is short",
    big: "5",
  });
});

test("fields that are no JSON break nothing", () => {
  const { lines, logger } = createLines();
  const circle: Record<string, unknown> = {};
  circle["itself"] = circle;
  logger.warn(circle, "round");
  expect(JSON.parse(lines[0]!)).toMatchObject({ message: "round", fields: "no JSON" });
});

test("one logger serves layer and server; one of pino's shape fits both", async () => {
  const said: [string, object, string][] = [];
  /** As pino has it: methods with the fields first, and more of them than are needed. */
  const pino = {
    level: "debug",
    child: () => pino,
    ...Object.fromEntries(
      ["trace", "debug", "info", "warn", "error", "fatal"].map((level) => [
        level,
        (fields: object, message: string, ..._more: unknown[]) => void said.push([level, fields, message]),
      ]),
    ),
  } as unknown as GatewayLogger & Logger;
  const simulator = createSimulator();
  const crosspoint = createCrosspoint({ env: {}, providers: simulator.providers(), fetch: simulator.fetch, logger: pino });
  const gateway = await serve({ crosspoint, port: 0, logger: pino });
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "openai-chat/gpt-4o", messages: [{ role: "user", content: "the prompt" }] }),
  });
  await response.text();
  expect(said).toEqual([["debug", expect.objectContaining({ model: "openai-chat/gpt-4o", outcome: "success" }), "call"]]);
  expect(JSON.stringify(said)).not.toContain("the prompt");
  await gateway.close(0);
  await crosspoint.close();
});

describe("crosspoint serve", () => {
  test("writes JSON lines where nobody looks, a line a call at debug, no key among them", async () => {
    const simulator = createSimulator();
    const upstream = await simulator.listen();
    const env = {
      ...childEnv,
      NODE_OPTIONS: "--conditions=crosspoint:source",
      OPENAI_API_KEY: "sk-very-secret-0000",
      OPENAI_BASE_URL: `${upstream.url}/openai/v1`,
    };
    const child = spawn(process.execPath, [main, "serve", "--port", "0", "--log", "debug"], { env });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    const lines = (): Record<string, unknown>[] => out.split("\n").filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>); // oxfmt-ignore
    const until = async (message: string): Promise<Record<string, unknown>> => {
      for (;;) {
        const found = lines().find((line) => line["message"] === message);
        if (found !== undefined) return found;
        if (child.exitCode !== null) expect.fail(`the gateway ended: ${out}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const { url } = await until("crosspoint listens");
    await fetch(`${url as string}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "openai-chat/no-such", messages: [{ role: "user", content: "the prompt" }] }),
    }).then((response) => response.text());
    expect(await until("call")).toMatchObject({ level: "debug", model: "openai-chat/no-such" });
    expect((await (await fetch(`${url as string}/metrics`)).text()).includes("crosspoint_operation_duration_seconds_count")).toBe(true);
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(lines().at(-1)).toMatchObject({ level: "info", signal: "SIGTERM" });
    expect(out).not.toMatch(/very-secret|the prompt/);
    await upstream.close();
  }, 20_000);

  test.each([
    ["--log", "loud"],
    ["--log-format", "xml"],
    ["--metrics", "maybe"],
  ])(
    "%s %s is refused",
    async (option, word) => {
      const child = spawn(process.execPath, [main, "serve", "--port", "0", option, word], { env: { ...childEnv, NODE_OPTIONS: "--conditions=crosspoint:source" } }); // oxfmt-ignore
      let error = "";
      child.stderr.on("data", (chunk: Buffer) => (error += chunk.toString()));
      expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(1);
      expect(error).toContain(`${option} must be`);
      expect(error).toContain(`not "${word}"`);
    },
    20_000,
  );
});
