import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCheck } from "../../adapters/gateway/cli/check.ts";

const ENV = { OPENAI_API_KEY: "sk-secret-openai-00", SECOND_KEY: "sk-secret-second-00" };

async function check(text: string): Promise<{ code: number; lines: string[] }> {
  const file = join(mkdtempSync(join(tmpdir(), "crosspoint-check-")), "crosspoint.yaml");
  writeFileSync(file, text);
  const lines: string[] = [];
  const code = await runCheck([file], ENV, (line) => lines.push(line.replace(file, "crosspoint.yaml")));
  return { code, lines };
}

test("a good file is told as it was understood, without any key", async () => {
  const { code, lines } = await check(`
port: 4100
master_key: sk-secret-master-00
store: postgresql://user:secret-password@db/spend
models:
  fast: openai/gpt-5-mini
  smart:
    deployments:
      - { model: openai/gpt-5, weight: 2 }
      - { model: openai/gpt-5, apiKey: "\${SECOND_KEY}" }
      - ollama/llama3.2
    fallbacks: [fast]
  "claude-*": { deployments: ["anthropic/claude-*"] }
budgets:
  - { scope: { team: search }, limit: 50 }
limits: [{ rpm: 60 }]
prices: { ollama/llama3.2: { input: 0, output: 0 } }
`);
  expect(lines).toEqual([
    "crosspoint.yaml is good",
    "  listens    127.0.0.1:4100, for who has the master key",
    "  model      fast: openai/gpt-5-mini",
    "  model      smart: openai/gpt-5 (key from OPENAI_API_KEY), openai/gpt-5#2 (key from the deployment), ollama/llama3.2 (without a key); falls back to fast",
    "  model      claude-*: anthropic/claude-*",
    "  budget     team search: 50 usd, month, block",
    '  limit      "all calls": {"rpm":60}',
    "  store      postgresql://…@db/spend",
  ]);
  expect(code).toBe(0);
});

test.each([
  ["memory", "memory"],
  ["sqlite:spend?.db", "sqlite:spend?.db"],
  ["rediss://:secret@h:6379/1?prefix=x", "rediss://…@h:6379/1"],
  ["postgresql://u:se/cr@et@h/db?password=secret", "postgresql://…@h/db"],
  ["postgresql://h/db?user=u&password=secret", "postgresql://h/db"],
])("the store %s is listed without a password", async (store, shown) => {
  const { lines } = await check(`store: "${store}"\nmodels: { a: ollama/llama3.2 }\n`);
  expect(lines).toContain(`  store      ${shown}`);
  expect(lines.join()).not.toContain("secret");
});

test("all mistakes are told at once, each with its place and what would do", async () => {
  const { code, lines } = await check(`port: 99999
retires: 2
models:
  gpt-4.1: opnai/x
  a: b
  b: a
  c: { deployments: [openai/gpt-5, { model: openai/gpt-5-mini, wieght: 2 }], fallbacks: [nothing, c] }
budgets:
  - { limit: many }
  - { limit: 1, windw: day }
  - { limit: 2, to: fastt, onExceed: downgrade }
providers:
  lab: { codec: openai-chat, baseURL: "\${LAB_URL}", apikey: x }
store: mysql://x
onSpend: log
`);
  expect(code).toBe(1);
  const expected: readonly (readonly [string, string])[] = [
    ["13:39", "LAB_URL, which is not set"],
    ["15:10", "onSpend can only be given in code"],
    ["1:7", "port must be a port number"],
    ["14:8", "store must be memory, sqlite:FILE"],
    ["2:1", 'unknown option "retires" (did you mean "retries"?)'],
    ["9:5", "budgets[0].limit must be a number of at least 0"],
    ["10:17", 'budgets[1].windw is unknown (did you mean "window"?)'],
    ["13:3", 'unknown field "apikey" (did you mean "apiKey"?)'],
    ["4:3", "Did you mean openai/x?"],
    ["5:3", "names itself: a → b → a"],
    ["6:3", "names itself: b → a → b"],
    ["7:64", 'wieght is unknown (did you mean "weight"?)'],
    ["7:90", 'No model "nothing"'],
    ["11:17", 'No model "fastt"'],
  ];
  for (const [place, words] of expected) {
    const found = lines.find((line) => line.includes(words));
    expect(found, words).toBeDefined();
    expect(found).toMatch(/^crosspoint\.yaml:\d+:\d+: /);
    expect(Number(/:(\d+):/.exec(found!)![1]), words).toBe(Number(place.split(":")[0]));
  }
  expect(lines.at(-1)).toBe("crosspoint.yaml has 14 mistakes");
});

test("what works but may surprise is a warning", async () => {
  const { code, lines } = await check("models: { a: { deployments: [mistral/unheard-of, openai/gpt-5] } }\nbudgets: [{ limit: 3 }]\n");
  expect(code).toBe(0);
  expect(lines.slice(0, 2)).toEqual([
    "warning: crosspoint.yaml:1:11: mistral/unheard-of has no key: set MISTRAL_API_KEY, or give it apiKey",
    expect.stringContaining("warning: crosspoint.yaml:1:11: no price is known for a"),
  ]);
});

test.each([
  ["a: [1", "crosspoint.yaml:1:"],
  ["- a", "a config file must be a mapping"],
  ["a: &a [*a]", "leads to itself"],
  ["models: 3", "crosspoint.yaml:1:9: models must be a mapping"],
  ["models: { __proto__: { deployments: [x/y] } }", "crosspoint.yaml:1:"],
])("%j is told, and nothing breaks", async (text, words) => {
  const { code, lines } = await check(text);
  expect(lines[0]).toContain(words);
  expect(code).toBe(1);
});

test("a file that is not there is named", async () => {
  const lines: string[] = [];
  expect(await runCheck(["none-such.yaml"], {}, (line) => lines.push(line))).toBe(1);
  expect(lines[0]).toContain("none-such.yaml");
});
