import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import * as full from "../../src/models/catalogue-full.gen.ts";
import * as small from "../../src/models/catalogue.gen.ts";
import { catalogue, createCatalogue } from "../../src/models/index.ts";
import { readRows } from "../../src/models/row.ts";

describe("lookup", () => {
  it.each([
    ["openai", "gpt-5", "gpt-5-2025-08-07"],
    ["openai", "gpt-5", "GPT-5"],
    ["openai-chat", "gpt-5", "gpt-5"],
    ["azure", "gpt-5", "gpt-5-2025-08-07"],
    ["openai", "gpt-5-chat-latest", "gpt-5-chat"],
    ["anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929"],
    ["anthropic", "claude-sonnet-4-5", "claude-sonnet-4.5"],
    ["anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5@20250929"],
    ["anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-latest"],
    ["anthropic", "claude-opus-4-6", "us.anthropic.claude-opus-4-6-v1:0"],
    ["google", "gemini-2.5-flash", "models/gemini-2.5-flash"],
    ["gemini", "gemini-2.5-flash", "gemini-2.5-flash-001"],
    ["google-vertex", "gemini-2.5-pro", "publishers/google/models/gemini-2.5-pro"],
    ["groq", "openai/gpt-oss-120b", "openai/gpt-oss-120b"],
    ["mistral", "mistral-large-latest", "mistral-large"],
  ])("%s: %s answers to %s", (provider, listed, name) => {
    const own = { "openai-chat": "openai", azure: "openai", gemini: "google", "google-vertex": "google" }[provider] ?? provider;
    expect(catalogue.list()).toContain(`${own}/${listed}`);
    const facts = catalogue.lookup(provider, name);
    expect(facts).toEqual(catalogue.lookup(own, listed));
    expect(facts).toMatchObject({ source: "catalogue", date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
    expect(facts?.price?.input).toBeGreaterThan(0);
  });

  it.each([
    ["openai", "gpt-9"],
    ["openai", "gpt-3.5-turbo"],
    ["anthropic", "claude-sonnet-4-20250514"],
    ["openai", "ft:gpt-4o-mini:org::abc"],
    ["openai", "gpt-4o-realtime-preview"],
    ["openai", "gpt-5-mini-turbo"],
    ["mistral", "mistral-small-2402"],
    ["lab", "gpt-5"],
    ["__proto__", "toString"],
    ["openai", "__proto__"],
    ["openai", ""],
  ])("%s/%s is not known", (provider, name) => {
    expect(catalogue.lookup(provider, name)).toBeUndefined();
  });

  it("tells a dated price from the current one", () => {
    expect(catalogue.lookup("openai", "gpt-4o-2024-05-13")?.price?.input).toBe(5);
    expect(catalogue.lookup("openai", "gpt-4o-2024-08-06")?.price?.input).toBe(2.5);
  });

  it("gives the facts as the lists have them", () => {
    expect(catalogue.lookup("anthropic", "claude-sonnet-4-5-20250929")).toEqual({
      price: {
        input: 3,
        output: 15,
        cacheRead: 0.3,
        cacheWrite: 3.75,
        cacheWrite1h: 6,
        tools: { web_search: 0.01 },
        serviceTiers: { batch: 0.5 },
        source: small.SOURCE,
        date: small.DATE,
      },
      contextWindow: 200_000,
      maxOutput: 64_000,
      input: ["image"],
      reasoning: true,
      source: "catalogue",
      date: small.DATE,
    });
    expect(catalogue.lookup("openai", "gpt-4o-audio-preview")).toMatchObject({
      price: { input: 2.5, output: 10, audioInput: 40, audioOutput: 80, source: "the provider's price page", date: small.HAND_DATE },
      date: small.HAND_DATE,
    });
    expect(catalogue.lookup("google", "gemini-2.5-pro")?.price).toMatchObject({
      cacheRead: 0.125,
      tiers: [{ above: 200_000, input: 2.5, output: 15, cacheRead: 0.25 }],
      source: small.SOURCE,
    });
    expect(catalogue.lookup("google", "gemma-4-31b-it")?.price).toMatchObject({ input: 0, output: 0 });
  });

  it("lets the user's price win, under any name of the model", () => {
    const price = { input: 0.2, output: 0.6 };
    const dated = { ...price, date: "2026-01-02" };
    expect(catalogue.lookup("lab", "my-model", { "lab/my-model": price })).toEqual({ price, source: "override" });
    expect(catalogue.lookup("lab", "my-model", { "my-model": dated })).toEqual({ price: dated, source: "override", date: "2026-01-02" });
    expect(catalogue.lookup("openai", "gpt-5-2025-08-07", { "openai/gpt-5": price })).toMatchObject({
      price,
      contextWindow: 400_000,
      source: "override",
    });
    expect(catalogue.lookup("openai", "gpt-5", { "lab/gpt-5": price })?.source).toBe("catalogue");
    expect(catalogue.lookup("lab", "constructor", {})).toBeUndefined();
    expect(catalogue.lookup("openai", "gpt-5", { "openai/gpt-5": price })).not.toHaveProperty("date");
  });
});

describe("generated data", () => {
  const both = [...Object.entries(small.MODELS), ...Object.entries(full.MODELS)];
  const lines = both.flatMap(([, text]) => text.split("\n"));
  const rows = both.flatMap(([provider, text]) => readRows(text).map((row) => ({ provider, row })));

  it("is sound", () => {
    for (const line of lines) expect(line).toMatch(/^\S+ (?:-|[\d./e-]+) \d+ \d+ (?:-|r?i?h?)(?: \d+:[\d./]+)*$/);
    for (const { provider, row } of rows) {
      const { price } = row;
      if (price === undefined) continue;
      for (const rates of [price, ...(price.tiers ?? [])]) {
        expect(rates.cacheRead ?? 0, `${provider}/${row.id}`).toBeLessThanOrEqual(rates.input ?? 0);
        expect(
          Object.values(rates)
            .flat()
            .every((value) => typeof value === "object" || Number.isFinite(value)),
        ).toBe(true);
      }
    }
    expect(rows.length).toBeGreaterThan(1000);
    expect(new Set(rows.map(({ provider, row }) => `${provider}/${row.id}`)).size).toBe(rows.length);
  });

  it("gives every Claude its price for an hour in the cache", () => {
    const claudes = readRows(small.MODELS["anthropic"]!);
    for (const { id, price } of claudes) expect(price?.cacheWrite1h, id).toBe(price!.input * 2);
  });

  it("has no window where only the long-context price begins", () => {
    for (const { provider, row } of rows) {
      for (const { above } of row.price?.tiers ?? []) expect(row.contextWindow ?? Infinity, `${provider}/${row.id}`).toBeGreaterThan(above);
    }
    expect(catalogue.lookup("openai", "gpt-5.4")?.contextWindow).toBe(1_050_000);
  });

  it("can be had whole", () => {
    const whole = createCatalogue(
      { models: full.MODELS, source: full.SOURCE, date: full.DATE, handDate: full.HAND_DATE },
      { models: small.MODELS, source: small.SOURCE, date: small.DATE, handDate: small.HAND_DATE },
    );
    expect(whole.list()).toHaveLength(rows.length);
    expect(whole.lookup("openai", "gpt-5")).toEqual(catalogue.lookup("openai", "gpt-5"));
    expect(whole.lookup("mistral", "labs-devstral-small-2512")).toMatchObject({ contextWindow: 256_000 });
    expect(whole.lookup("mistral", "labs-devstral-small-2512")).not.toHaveProperty("price");
    expect(whole.lookup("openai", "gpt-4o-2024-11-20")?.price).toEqual(whole.lookup("openai", "gpt-4o")?.price);
    expect(catalogue.lookup("moonshotai", "kimi-k3")).toBeUndefined();
    expect(whole.lookup("moonshotai", "kimi-k3")?.price).toMatchObject({ input: 3, output: 15, cacheRead: 0.3 });
    expect(whole.lookup("openrouter", "anthropic/claude-sonnet-4.5")?.price).toMatchObject({ input: 3, cacheWrite1h: 6 });
  });
});

describe("scripts/catalogue.ts", () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  /** Runs the generator over a package of one provider and returns its report and what it wrote. */
  function generate(
    out: string,
    models: readonly object[],
    ...flags: readonly string[]
  ): { status: number | null; report: string; written: string } {
    const root = mkdtempSync(join(tmpdir(), "package-"));
    folders.push(root);
    const data = join(root, "dist/providers/data");
    mkdirSync(data, { recursive: true });
    writeFileSync(join(root, "package.json"), JSON.stringify({ version: "9.9.9" }));
    writeFileSync(join(data, ".manifest.json"), JSON.stringify({ generatedAt: "2026-12-01T00:00:00Z" }));
    const chats = Object.fromEntries(models.map((model, index) => [`chat:${index}`, model]));
    writeFileSync(join(data, "xai.json"), JSON.stringify({ api: chats, pictures: { "image:x": { id: "x", type: "image" } } }));
    const script = join(import.meta.dirname, "../../scripts/catalogue.ts");
    const run = spawnSync(process.execPath, [script, root, "--out", out, ...flags], { encoding: "utf8" });
    let written = "";
    try {
      written = readFileSync(join(out, "catalogue.gen.ts"), "utf8");
    } catch {}
    return { status: run.status, report: run.stderr, written };
  }

  const cost = { input: 1, output: 2, cacheRead: 0.1, cacheWrite: 0 };
  const grok = { id: "grok-x", type: "chat", cost, contextWindow: 1000, maxTokens: 100, input: ["text", "image"], reasoning: true };

  it("writes rows, and stops at what looks wrong", () => {
    const out = mkdtempSync(join(tmpdir(), "out-"));
    folders.push(out);
    const unpriced = {
      ...grok,
      id: "grok-y",
      cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
      reasoning: false,
      input: ["text"],
    };
    const tiers = [{ inputTokensAbove: 500, input: 2, output: 4, cacheRead: 0.2, cacheWrite: 0 }];
    const first = generate(out, [grok, { ...grok, id: "grok-w" }, unpriced, { ...grok, id: "grok-z", cost: { ...cost, tiers } }]);
    expect(first).toMatchObject({ status: 0, report: "" });
    expect(first.written).toContain('"2026-12-01"');
    expect(first.written).toContain("grok-w,grok-x 1/2/0.1 1000 100 ri\ngrok-y - 1000 100 -\ngrok-z 1/2/0.1 1000 100 ri 500:2/4/0.2`");
    expect(first.written).not.toContain("x - 0 0");

    const dearer = { ...grok, cost: { input: 10, output: 2, cacheRead: 11, cacheWrite: 0 } };
    const second = generate(out, [dearer, unpriced]);
    expect(second.status).toBe(1);
    expect(second.report).toContain("xai/grok-x: a cache read is dearer than input");
    expect(second.report).toContain("xai/grok-x: input went from 1 to 10");
    expect(second.report).toContain("xai/grok-w: vanished");
    expect(second.report).toContain("xai/grok-z: vanished");
    expect(second.written).toBe(first.written);

    const accepted = generate(out, [dearer, unpriced], "--accept");
    expect(accepted.status).toBe(0);
    expect(accepted.written).toContain("grok-x 10/2/11 1000");
  });
});
