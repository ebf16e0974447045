import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { page } from "../../scripts/provider-table.ts";
import { makeTable } from "../../scripts/providers.ts";
import { defineProvider } from "../../src/providers/provider.ts";
import { builtinRows, createRegistry } from "../../src/providers/registry.ts";

const rows = [...new Set(builtinRows().values())];
const byId = new Map(rows.map((row) => [row.id, row]));

test("far more than a hundred providers are known, and the base URLs of 80 are confirmed", () => {
  expect(rows.length).toBeGreaterThanOrEqual(160);
  expect(rows.filter((row) => row.verified !== false).length).toBeGreaterThanOrEqual(80);
});

test("every row is one that defineProvider takes", () => {
  for (const row of rows) expect(() => defineProvider({ ...row }), row.id).not.toThrow();
});

test("no two rows claim the same id or alias", () => {
  const names = rows.flatMap((row) => [row.id, ...(row.aliases ?? [])]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test("every row becomes a provider once its placeholders have values", () => {
  const env = Object.fromEntries(
    rows.flatMap((row) => [...row.baseURL.matchAll(/\{([\w|]+)\}/g)].map(([, names]) => [names!.split("|").at(-1)!, "value"])),
  );
  const registry = createRegistry(
    {},
    { ...env, NEON_AI_GATEWAY_BASE_URL: "https://neon.example", LITELLM_PROXY_API_BASE: "http://10.0.0.1:4000" },
  );
  for (const row of rows) {
    const provider = registry.get(row.id);
    expect(provider?.id).toBe(row.id);
    expect(provider?.baseURL, row.id).toMatch(/^https?:\/\/[^/{}]+(?:\/[^{}]*[^/{}])?$/);
    expect(provider!.keyEnv.length, row.id).toBeGreaterThan(0);
    for (const name of provider!.keyEnv) expect(name).toMatch(/^[A-Z0-9][A-Z0-9_]+$/);
  }
});

test("only servers on one's own machine go without TLS", () => {
  for (const row of rows) if (row.baseURL.startsWith("http:")) expect(row.local, row.id).toBe(true);
});

test.each([
  ["openai", "openai-responses", "https://api.openai.com/v1", "openai"],
  ["openai-chat", "openai-chat", "https://api.openai.com/v1", "openai"],
  ["anthropic", "anthropic-messages", "https://api.anthropic.com/v1", "anthropic"],
  ["google", "gemini", "https://generativelanguage.googleapis.com/v1beta", "google"],
  ["gemini", "gemini", "https://generativelanguage.googleapis.com/v1beta", "google"],
  ["xai", "openai-responses", "https://api.x.ai/v1", "xai"],
  ["xai-chat", "openai-chat", "https://api.x.ai/v1", "xai"],
  ["together", "openai-chat", "https://api.together.xyz/v1", "together"],
  ["nvidia-nim", "openai-chat", "https://integrate.api.nvidia.com/v1", "nvidia_nim"],
  ["perplexity-agent", "openai-responses", "https://api.perplexity.ai/v1", "perplexity-agent"],
  ["minimax-anthropic", "anthropic-messages", "https://api.minimax.io/anthropic/v1", "minimax-anthropic"],
  ["minimax", "openai-chat", "https://api.minimax.io/v1", "minimax"],
  ["ollama", "openai-chat", "http://127.0.0.1:11434/v1", "ollama"],
  ["docker_model_runner", "openai-chat", "http://localhost:22088/engines/llama.cpp/v1", "docker_model_runner"],
  ["perplexity", "openai-chat", "https://api.perplexity.ai", "perplexity"],
  ["alibaba-cn", "openai-chat", "https://dashscope.aliyuncs.com/compatible-mode/v1", "alibaba"],
  ["bailing", "openai-chat", "https://api.tbox.cn/api/llm/v1", "bailing"],
])("%s speaks %s at %s, family %s", (id, codec, baseURL, family) => {
  expect(createRegistry({}, {}).get(id)).toMatchObject({ codec, baseURL, family });
});

test("a row that extends another has its quirks and family, but its own standing and keys", () => {
  const provider = createRegistry({}, {}).get("alibaba-cn")!;
  expect(provider.quirks).toEqual(createRegistry({}, {}).get("dashscope")!.quirks);
  expect(provider).toMatchObject({ verified: false, keyEnv: ["DASHSCOPE_API_KEY"] });
  expect(byId.get("codestral")?.quirks?.toolCallIds).toBe("alnum9");
  expect(byId.get("openai-chat")?.auth).toBeUndefined();
});

describe("quirks of the providers", () => {
  test.each([
    ["MI02 tool-call ids of nine characters", "mistral", { toolCallIds: "alnum9" }],
    ["MI03 required becomes any", "mistral", { requiredToolChoice: "any" }],
    ["MI01 MI08 prefix, documents", "mistral", { prefixFlag: true, documentUrl: true }],
    ["MI07 MI15 thinking parts, tool names", "mistral", { replayReasoning: "thinking-parts", toolResultName: true }],
    ["MI09 MI16 random_seed, temperature", "mistral", { seedField: "random_seed", maxTemperature: 1.5 }],
    ["GR01 GR04 reasoning field, schema without tools", "groq", { replayReasoning: "reasoning", noJsonSchemaWithTools: true }],
    ["DS01 DS02 instruction for schemas, reasoning on tool turns", "deepseek", { noJsonSchema: true, reasoningOnToolTurns: true }],
    ["DS03 DS05 thinking, plain text", "deepseek", { effortField: "thinking.type", plainTextContent: true, toolResultImages: true }],
    ["OpenAI Chat", "openai-chat", { maxTokensField: "max_completion_tokens", developerRole: true }],
    ["OpenRouter", "openrouter", { replayReasoning: "reasoning_details", effortField: "reasoning.effort" }],
    ["CP18 Perplexity", "perplexity", { noStreamOptions: true, effortField: "none" }],
    ["CP18 Moonshot", "moonshot", { maxTemperature: 1, requiredToolChoice: "auto" }],
    ["CP18 Alibaba", "alibaba", { effortField: "enable_thinking" }],
    ["CP03 vLLM", "vllm", { replayReasoning: "reasoning_content" }],
    ["back-ends with the Anthropic wire", "kimi-for-coding", { coreFieldsOnly: true }],
  ])("%s", (_title, id, quirks) => {
    expect(byId.get(id)?.quirks).toMatchObject(quirks);
  });
});

test("the page of providers is what the registry says", () => {
  expect(readFileSync("docs/providers.md", "utf8")).toBe(page);
});

const list = process.env["CROSSPOINT_PROVIDERS_JSON"] ?? "../shared/reference/providers.json";

describe.skipIf(!existsSync(list))("against the list that the table was made from", () => {
  interface Entry {
    id: string;
    baseURL: string | null;
    baseURLVerified: boolean | null;
    apiKeyEnv: string[];
    alternates?: { baseURL: string }[];
  }
  const entries = existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as Entry[]) : [];
  const names = builtinRows();

  test("the table is what the generator makes, and what is not in it has a reason", () => {
    const { text, report } = makeTable(readFileSync(list, "utf8"));
    expect(readFileSync("src/providers/compatible.gen.ts", "utf8")).toBe(text);
    for (const entry of entries)
      expect(names.has(entry.id) || report.some((line) => line.startsWith(`  ${entry.id}: `)), entry.id).toBe(true);
  });

  test("no row is called verified whose base URL the list does not confirm", () => {
    for (const entry of entries) {
      const row = names.get(entry.id);
      if (row === undefined || row.local === true) continue;
      if (entry.baseURLVerified !== true) expect(row.verified, entry.id).toBe(false);
    }
  });

  test("hosts and key variables are those of the list", () => {
    for (const entry of entries) {
      const row = names.get(entry.id);
      if (row === undefined || entry.baseURL === null || !/^https?:\/\/[^{(]+$/.test(entry.baseURL) || row.local === true) continue;
      const hosts = [entry.baseURL, ...(entry.alternates ?? []).map((each) => each.baseURL)].map((url) => url.split("/")[2]);
      expect(hosts, entry.id).toContain(row.baseURL.split("/")[2]);
      const keys = [...(row.keyEnv ?? []), ...(row.tokenEnv ?? [])];
      for (const key of entry.apiKeyEnv.filter((name) => /_(?:KEY|TOKEN)$/.test(name))) expect(keys, entry.id).toContain(key);
    }
  });
});
