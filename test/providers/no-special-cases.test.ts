import { existsSync, globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { builtinRows } from "../../src/providers/registry.ts";

/** Names that are codec ids or families too, and so may stand in code as data. */
const DATA = new Set(["openai-chat", "openai-responses", "anthropic-messages", "gemini", "openai", "anthropic", "google"]);

const folders = ["codecs", "pipeline", "transport", "router", "spend", "telemetry"].filter((folder) => existsSync(`src/${folder}`));
const ids = [...builtinRows().keys()].filter((id) => !DATA.has(id));
const names = ids.map((id) => id.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");

/** A provider's id compared, looked for or switched on. */
const ASKS = new RegExp(
  `(?:[!=]==?\\s*|\\bcase\\s+|\\.(?:startsWith|includes|endsWith)\\(\\s*)["'\`](?:${names})/?["'\`]|["'\`](?:${names})["'\`]\\s*[!=]==?`,
);
const ASKS_PROVIDER = /\b(?:provider(?:\.id)?)\s*[!=]==?\s*["'`]/;

test("the pattern sees what it looks for", () => {
  expect('if (target.provider === "groq") {').toMatch(ASKS);
  expect("case 'mistral':").toMatch(ASKS);
  expect('id.startsWith("deepseek/")').toMatch(ASKS);
  expect('"xai" == id').toMatch(ASKS);
  expect('if (provider.id === "openai") {').toMatch(ASKS_PROVIDER);
  expect('quirks.effortField === "reasoning.effort"').not.toMatch(ASKS);
});

test.each(folders)("src/%s asks no one which provider it is", (folder) => {
  for (const file of globSync(`src/${folder}/**/*.ts`)) {
    for (const [index, line] of readFileSync(file, "utf8").split("\n").entries()) {
      expect(ASKS.test(line) || ASKS_PROVIDER.test(line), `${file}:${index + 1}: ${line.trim()}`).toBe(false);
    }
  }
});
