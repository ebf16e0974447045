import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SpendEntry, Store } from "crosspoint";
import { postgresStore } from "crosspoint/postgres";
import { redisStore } from "crosspoint/redis";
import { sqliteStore } from "crosspoint/sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runSpend } from "../../adapters/gateway/cli/spend.ts";
import { createSchema, dropPrefix, POSTGRES_URL, REDIS_URL } from "../stores/servers.ts";
import { childEnv } from "../support/child-env.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const DAY = 86_400_000;
const entry = (id: string, team: string | undefined, more: Partial<SpendEntry>): SpendEntry => ({
  id,
  time: NOW - 3_600_000,
  model: "gpt-5",
  outcome: "success",
  durationMs: 10,
  attempts: [],
  ...(team !== undefined && { team }),
  ...more,
});
const ENTRIES = [
  entry("1", "search", {
    nanoUsd: 1_234_567_891,
    inputTokens: 1_200_000,
    cacheReadTokens: 200_000,
    outputTokens: 40_000,
    tags: ["a", "b"],
  }),
  entry("2", "search", { nanoUsd: 1, inputTokens: 5, outputTokens: 1, model: "claude", tags: ["a"], metadata: { env: "prod" } }),
  entry("3", "search", { outcome: "failure", error: "SERVER" }),
  entry("4", "support", { nanoUsd: 500_000, estimated: true, time: NOW - 10 * DAY }),
  entry("5", undefined, { nanoUsd: 250_000 }),
];

let folder = "";
let file = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "crosspoint-spend-"));
  file = join(folder, "spend.db");
  await fill(sqliteStore({ path: file }));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function fill(store: Store): Promise<void> {
  await store.append(ENTRIES);
  await store.close();
}

async function spend(...args: string[]): Promise<string> {
  let out = "";
  expect(await runSpend(["--store", `sqlite:${file}`, ...args], NOW, (text) => (out += text))).toBe(0);
  return out;
}

test("prints an aligned table, dearest first, with the sum of all calls", async () => {
  expect(await spend("--group", "team,model")).toBe(
    [
      "team       model   calls  failures      input   cached  output       USD",
      "---------  ------  -----  --------  ---------  -------  ------  --------",
      "search     gpt-5       2         1  1,200,000  200,000  40,000  1.234568",
      "support    gpt-5       1         0          0        0       0  0.000500",
      "-          gpt-5       1         0          0        0       0  0.000250",
      "search     claude      1         0          5        0       1  0.000000",
      "---------  ------  -----  --------  ---------  -------  ------  --------",
      "all calls              5         1  1,200,005  200,000  40,001  1.235318",
      'not in the sums, because their price is not known (option "prices"): 1',
      "estimated, at least in part: 1",
      "",
    ].join("\n"),
  );
});

test("a call that has two tags counts once in the sum", async () => {
  const lines = (await spend("--group", "tag", "--order", "group")).split("\n");
  expect(lines.map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual(expect.arrayContaining([["a", "2"], ["b", "1"], ["-", "3"], ["all calls", "5"]])); // oxfmt-ignore
});

test("CSV and JSON are exact", async () => {
  expect(await spend("--group", "team", "--where", "team=search", "--csv")).toBe(
    "team,calls,failures,inputTokens,cacheReadTokens,outputTokens,unpriced,estimated,costUsd\r\nsearch,3,1,1200005,200000,40001,1,0,1.234567892\r\n",
  );
  expect(JSON.parse(await spend("--group", "team", "--limit", "1", "--json"))).toEqual([
    {
      group: { team: "search" },
      calls: 3,
      failures: 1,
      inputTokens: 1_200_005,
      cacheReadTokens: 200_000,
      cacheWriteTokens: 0,
      outputTokens: 40_001,
      reasoningTokens: 0,
      cost: 1.234567892,
      currency: "USD",
      nanoUsd: "1234567892",
      unpriced: 1,
      estimated: 0,
    },
  ]);
});

test.each([
  [
    ["--from", "7d"],
    ["search", ""],
  ],
  [["--to", "2026-11-11"], ["support"]],
  [["--from", "2026-11-01T00:00:00Z", "--to", "7d"], ["support"]],
  [
    ["--where", "team=search", "--where", "team=support"],
    ["search", "support"],
  ],
  [["--where", "metadata.env=prod"], ["search"]],
  [["--where", "outcome=failure", "--where", "team=support"], []],
])("%j narrows", async (args, teams) => {
  const lines = (await spend("--group", "team", "--order", "group", "--csv", ...args)).trim().split("\r\n").slice(1);
  expect(lines.map((line) => line.split(",")[0])).toEqual(teams);
});

test("says so when there was no call", async () => {
  expect(await spend("--where", "team=nobody")).toBe("no calls in this range\n");
  expect(await spend("--where", "team=nobody", "--json")).toBe("[]\n");
});

test("names that would steer a terminal or a spreadsheet do not", async () => {
  const path = join(folder, "hostile.db");
  const store = sqliteStore({ path });
  await store.append([entry("1", "\u001b[2Jx\n\u202ey", {}), entry("2", '=1+"2"', {})]);
  await store.close();
  let out = "";
  for (const form of [[], ["--csv"]])
    await runSpend(["--store", `sqlite:${path}`, "--group", "team", ...form], NOW, (text) => (out += text));
  expect(out).toContain("?[2Jx??y");
  expect(out).toContain(`"'=1+""2""",1`);
});

test.each([
  [[], "--store is missing: it names the spend log, as sqlite:spend.db"],
  [["--store", "spend.db"], "--store must be sqlite:spend.db, postgresql://"],
  [["--store", "sqlite:"], "needs a path"],
  [["--store", "sqlite:none-such.db"], "there is no file none-such.db"],
  [["--store", "redis://a:b:c"], "no URL of Redis"],
  [["--group", "colour"], "--group must be a list of user, team"],
  [["--order", "colour"], "--order must be one of cost"],
  [["--where", "team"], "--where must be FIELD=VALUE"],
  [["--where", "colour=blue"], '--where: "colour" must be one of user, team'],
  [["--from", "yesterday"], "--from must be a date as 2026-11-01"],
  [["--to", "2026-13-01"], "--to must be a date"],
  [["--limit", "0"], "--limit must be a number of lines"],
  [["--csv", "--json"], "either --csv or --json"],
  [["--colour"], "--colour"],
])("%j is refused with what would help", async (args, message) => {
  const store = args.includes("--store") || args.length === 0 ? [] : ["--store", `sqlite:${file}`];
  await expect(runSpend([...store, ...args], NOW, () => {})).rejects.toThrow(message);
});

test("a file that is no spend log is left as it is and named", async () => {
  await expect(runSpend(["--store", `sqlite:${fileURLToPath(import.meta.url)}`], NOW, () => {})).rejects.toThrow("cannot be used");
});

if (POSTGRES_URL === undefined) test.skip("PostgreSQL: CROSSPOINT_POSTGRES_URL is not set", () => {});
else {
  const server = POSTGRES_URL;
  test("reads PostgreSQL", async () => {
    const schema = await createSchema(server);
    try {
      await fill(postgresStore({ url: schema.url }));
      let out = "";
      await runSpend(["--store", schema.url, "--group", "team"], NOW, (text) => (out += text));
      expect(out).toMatch(/^all calls +5 +1 .* 1\.235318$/m);
    } finally {
      await schema.drop();
    }
  });
}

if (REDIS_URL === undefined) test.skip("Redis: CROSSPOINT_REDIS_URL is not set", () => {});
else {
  const url = REDIS_URL;
  test("reads Redis", async () => {
    const prefix = `crosspoint-test-${randomUUID()}`;
    try {
      await fill(redisStore({ url, prefix }));
      let out = "";
      await runSpend(["--store", `${url}?prefix=${prefix}`, "--group", "team"], NOW, (text) => (out += text));
      expect(out).toMatch(/^all calls +5 +1 .* 1\.235318$/m);
    } finally {
      await dropPrefix(url, prefix);
    }
  });
}

test("the command runs, and fails without a stack", async () => {
  const main = fileURLToPath(new URL("../../adapters/gateway/cli/main.ts", import.meta.url));
  const env = { ...childEnv, NODE_OPTIONS: "--conditions=crosspoint:source" };
  const run = (...args: string[]): Promise<readonly unknown[]> =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, "spend", ...args], { env }, (failure, out, error) => resolve([failure?.code ?? 0, out, error]));
    });
  const [worked, failed] = await Promise.all([run("--store", `sqlite:${file}`, "--limit", "1"), run()]);
  expect(worked).toEqual([0, expect.stringMatching(/^model .*\n-+ .*\ngpt-5 /), expect.not.stringContaining("    at ")]);
  expect(failed).toEqual([1, "", expect.stringMatching(/^crosspoint: --store is missing/)]);
});
