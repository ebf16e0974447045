import fc from "../support/fast-check.ts";
import { describe, expect, it } from "vitest";
import type { ModelTraits } from "../../src/ir/target.ts";
import { catalogue, modelTraits, traitsFor } from "../../src/models/index.ts";

const LADDER = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

describe("facts by family", () => {
  const facts: readonly (readonly [model: string, traits: ModelTraits])[] = [
    ["gpt-4o", { reasoning: false, sampling: "always", jsonSchema: true, input: ["image", "pdf"] }],
    ["gpt-4o-2024-05-13", { jsonSchema: false }],
    ["gpt-4.1-mini-2025-04-14", { reasoning: false, sampling: "always" }],
    ["gpt-4", { reasoning: false, jsonSchema: false, input: [] }],
    ["gpt-4-turbo", { jsonSchema: false, input: ["image"] }],
    ["gpt-35-turbo", { reasoning: false, jsonSchema: false }],
    ["gpt-4o-search-preview", { sampling: "never" }],
    ["gpt-4o-mini-search-preview-2025-03-11", { sampling: "never" }],
    ["gpt-4o-audio-preview", { input: ["audio"], jsonSchema: false }],
    ["o1", { reasoning: true, sampling: "never", efforts: ["low", "medium", "high"], alwaysThinks: true }],
    ["o3-mini-2025-01-31", { input: [], sampling: "never" }],
    ["o4-mini", { reasoning: true, sampling: "never", stop: false }],
    ["gpt-5", { efforts: ["minimal", "low", "medium", "high"], sampling: "never", alwaysThinks: true }],
    ["gpt-5-mini-2025-08-07", { efforts: ["minimal", "low", "medium", "high"] }],
    ["gpt-5-chat-latest", { reasoning: false, sampling: "always" }],
    ["gpt-5-pro", { efforts: ["high"] }],
    ["gpt-5.2-pro", { efforts: ["medium", "high", "xhigh"] }],
    ["gpt-5.1", { efforts: ["none", "low", "medium", "high"], sampling: "without-reasoning", alwaysThinks: false }],
    ["gpt-5.1-2025-11-13", { efforts: ["none", "low", "medium", "high"] }],
    ["gpt-5.1-codex", { efforts: ["low", "medium", "high"] }],
    ["gpt-5.4-nano", { efforts: ["none", "low", "medium", "high", "xhigh"] }],
    ["gpt-5.6-sol", { efforts: ["none", "low", "medium", "high", "xhigh", "max"], chatToolsWhileThinking: false }],
    ["gpt-6-sol", { sampling: "without-reasoning", efforts: ["none", "low", "medium", "high", "xhigh", "max"] }],
    ["gpt-6.1-sol", { sampling: "never", alwaysThinks: true, efforts: ["low", "medium", "high", "xhigh", "max"] }],
    ["gpt-oss-120b", { reasoning: true, sampling: "always", alwaysThinks: true }],
    ["o1-mini", { tools: false }],
    ["gpt-4o-search-preview", { tools: false }],
    ["claude-2.1", { tools: false }],
    ["gemini-2.5-flash-image", { tools: false }],
    ["claude-3-haiku-20240307", { reasoning: false, maxOutput: 4096, prefill: true }],
    ["claude-3-5-sonnet-latest", { reasoning: false, maxOutput: 8192 }],
    ["claude-3-7-sonnet-20250219", { thinking: "budget", minBudget: 1024, maxOutput: 64_000, jsonSchema: false }],
    ["claude-sonnet-4-20250514", { thinking: "budget", maxOutput: 64_000, jsonSchema: false, exclusiveSampling: true }],
    ["claude-opus-4-0", { thinking: "budget", maxOutput: 32_000, jsonSchema: false }],
    ["claude-opus-4-1-20250805", { maxOutput: 32_000, jsonSchema: true }],
    ["claude-sonnet-4-5", { thinking: "budget", efforts: [], jsonSchema: true, forcedToolWhileThinking: false, prefill: true }],
    ["claude-opus-4-5", { thinking: "budget", efforts: ["low", "medium", "high"] }],
    ["claude-opus-4-6", { thinking: "adaptive", efforts: ["low", "medium", "high", "max"], sampling: "without-reasoning", prefill: false }],
    ["claude-opus-4-7", { thinking: "adaptive", sampling: "never", lateSystem: false, thinksAboveHigh: false }],
    ["claude-opus-4-8", { sampling: "never", lateSystem: true }],
    ["claude-sonnet-5", { sampling: "never", lateSystem: false, thinksAboveHigh: false }],
    ["claude-sonnet-5-5", { alwaysThinks: true, betweenTools: true, forcedToolWhileThinking: false }],
    ["claude-opus-5", { sampling: "never", thinksAboveHigh: true, forcedToolWhileThinking: true }],
    ["claude-opus-5-5", { alwaysThinks: true, forcedToolWhileThinking: false }],
    ["claude-fable-5", { alwaysThinks: true, forcedToolWhileThinking: true }],
    ["claude-fable-5-2", { alwaysThinks: true, forcedToolWhileThinking: false }],
    ["gemini-1.5-pro", { reasoning: false, jsonSchemaWithTools: false }],
    ["gemini-2.0-flash", { reasoning: false, toolResultMedia: false }],
    ["gemini-2.5-pro", { thinking: "budget", minBudget: 128, maxBudget: 32_768, alwaysThinks: true, penalties: false }],
    ["gemini-2.5-flash", { thinking: "budget", maxBudget: 24_576, jsonSchemaWithTools: false }],
    ["gemini-2.5-flash-lite", { minBudget: 512 }],
    ["gemini-3-pro-preview", { thinking: "effort", efforts: ["low", "high"], signedCalls: true }],
    ["gemini-3-flash-preview", { efforts: ["minimal", "low", "medium", "high"], jsonSchemaWithTools: true }],
    ["gemini-3.7-flash", { efforts: ["low", "medium", "high"] }],
    ["gemini-4-hydrogen", { efforts: ["low", "medium", "high", "xhigh"] }],
    ["gemma-3-27b-it", { reasoning: false, system: false }],
    ["grok-3", { reasoning: false }],
    ["grok-3-mini", { efforts: ["low", "high"] }],
    ["grok-4-0709", { efforts: [], alwaysThinks: true, stop: false }],
    ["grok-4.20-0309-reasoning", { efforts: [], reasoning: true }],
    ["grok-4.20-0309-non-reasoning", { reasoning: false }],
    ["grok-4.3", { efforts: ["none", "low", "medium", "high", "xhigh"] }],
    ["deepseek-reasoner", { alwaysThinks: true, efforts: [] }],
    ["deepseek-v4-pro", { efforts: ["none", "high", "max"], sampling: "without-reasoning" }],
    ["magistral-medium-2509", { alwaysThinks: true, efforts: [] }],
    ["mistral-large-2512", { reasoning: false }],
    ["mistral-small-latest", { efforts: ["none", "high"] }],
    ["codestral-2508", { reasoning: false }],
    ["qwen3-coder-480b", { reasoning: false }],
    ["qwen3-235b-a22b-thinking-2507", { alwaysThinks: true }],
    ["llama-3.3-70b-versatile", { reasoning: false, input: [] }],
    ["kimi-k2-thinking", { alwaysThinks: true }],
    ["glm-5.2", { efforts: ["none", "high", "max"] }],
  ];
  it.each(facts)("OC16 OC17 OR05 AN05–AN12 GG15 GG19 GG20: %s", (model, traits) => {
    expect(modelTraits(model)).toMatchObject(traits);
  });

  it("X21: an unknown member of a known family counts as its newest, an unknown family claims nothing", () => {
    expect(modelTraits("claude-lyra-7")).toEqual(modelTraits("claude-opus-5"));
    expect(modelTraits("claude-opus-4-9")).toEqual(modelTraits("claude-opus-5"));
    expect(modelTraits("gpt-7-nova")).toMatchObject({
      reasoning: true,
      sampling: "never",
      efforts: ["low", "medium", "high", "xhigh", "max"],
    });
    expect(modelTraits("gemini-9-ultra")).toMatchObject({ thinking: "effort", signedCalls: true });
    expect(modelTraits("grok-9")).toMatchObject({ reasoning: true });
    for (const unknown of ["my-model", "", "text-embedding-3-small", "command-r", "o", "fo3-x", "nogpt"])
      expect(modelTraits(unknown)).toEqual({});
  });

  it("depends on the host where hosts differ", () => {
    expect(modelTraits("gemini-2.5-flash", "google").penalties).toBe(false);
    expect(modelTraits("gemini-2.5-flash", "google-vertex").penalties).toBeUndefined();
    expect(modelTraits("llama-3.1-8b-instant", "groq").jsonSchema).toBe(false);
    expect(modelTraits("gemma-3-4b", "ollama").system).toBeUndefined();
  });
});

describe("names", () => {
  it.each([
    ["claude-sonnet-4-5", "anthropic/claude-sonnet-4.5"],
    ["claude-sonnet-4-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"],
    ["claude-sonnet-4-5", "claude-sonnet-4-5@20250929"],
    ["claude-sonnet-4-5", "publishers/anthropic/models/claude-sonnet-4-5"],
    ["claude-3-5-haiku", "anthropic.claude-3-5-haiku-20241022-v1:0"],
    ["claude-3-7-sonnet", "anthropic/claude-3.7-sonnet:thinking"],
    ["claude-sonnet-4", "claude-sonnet-4@20250514"],
    ["gpt-5", "openrouter/openai/gpt-5"],
    ["gpt-5", "GPT-5"],
    ["gpt-4o-mini", "ft:gpt-4o-mini:org::abc"],
    ["gemini-2.5-pro", "models/gemini-2.5-pro"],
    ["gemini-2.5-pro", "google/gemini-2.5-pro-preview-05-06"],
    ["deepseek-r1", "us.deepseek.r1-v1:0"],
    ["llama-3.3-70b", "@cf/meta/llama-3.3-70b-instruct-fp8-fast"],
    ["kimi-k2.5", "accounts/fireworks/models/kimi-k2p5"],
  ])("%s is found in %s", (bare, name) => {
    expect(modelTraits(name)).toEqual(modelTraits(bare));
    expect(modelTraits(bare)).not.toEqual({});
  });

  it("are matched quickly, and remembered without bound neither in number nor in length", () => {
    expect(modelTraits("gpt-5")).toBe(modelTraits("gpt-5"));
    const start = performance.now();
    for (let index = 0; index < 3000; index++) modelTraits(`gpt-5-${index}`);
    modelTraits("qwen".repeat(100_000));
    modelTraits(`${"mistral-".repeat(50_000)}!`);
    modelTraits(`grok-4${"-non".repeat(50_000)}`);
    expect(performance.now() - start).toBeLessThan(3000);
    expect(modelTraits("gpt-5")).toMatchObject({ reasoning: true });
  });

  it("never throw and never break the types' promises", () => {
    const words = fc.constantFrom(
      "gpt",
      "claude",
      "gemini",
      "opus",
      "5",
      "4",
      ".",
      "-",
      "/",
      ":",
      "@",
      "latest",
      "20250514",
      "o3",
      "__proto__",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((list) => list.join("")),
        ),
        fc.string(),
        (model, provider) => {
          const { efforts = [], alwaysThinks, reasoning } = modelTraits(model, provider);
          expect(efforts).toEqual(LADDER.filter((effort) => efforts.includes(effort)));
          if (alwaysThinks === true) expect([reasoning, efforts.includes("none")]).toEqual([true, false]);
        },
      ),
    );
  });
});

describe("with the catalogue", () => {
  it("gives the limits", () => {
    expect(traitsFor("openai", "gpt-5-2025-08-07")).toMatchObject({ contextWindow: 400_000, maxOutput: 128_000, sampling: "never" });
    expect(traitsFor("anthropic", "claude-sonnet-4-5")).toMatchObject({ contextWindow: 200_000, maxOutput: 64_000, thinking: "budget" });
    expect(traitsFor("lab", "claude-next")).toBe(modelTraits("claude-next", "lab"));
    expect(traitsFor("openai", "gpt-5")).toBe(traitsFor("openai", "gpt-5"));
  });

  it("agrees with it on what thinks", () => {
    const differing = catalogue.list().filter((name) => {
      const [provider = "", ...rest] = name.split("/");
      const own = modelTraits(rest.join("/"), provider).reasoning;
      return own !== undefined && own !== catalogue.lookup(provider, rest.join("/"))?.reasoning;
    });
    expect(differing).toEqual([]);
  });
});
