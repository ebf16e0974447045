import { describe, expect, test } from "vitest";
import fc from "../support/fast-check.ts";
import { readPriceList } from "../../src/models/formats/read.ts";

/** One model of LiteLLM's form. */
const litellm = (fields: object, key = "gpt-x", litellm_provider = "openai"): ReturnType<typeof readPriceList> =>
  readPriceList({
    sample_spec: { litellm_provider: "one of …", input_cost_per_token: 0 },
    [key]: { litellm_provider, mode: "chat", ...fields },
  });
const perToken = { input_cost_per_token: 1.25e-6, output_cost_per_token: 1e-5 };

describe("LiteLLM's form", () => {
  test("dollars for a token become dollars for a million, and limits tokens", () => {
    const list = litellm({
      ...perToken,
      cache_read_input_token_cost: 1.25e-7,
      cache_creation_input_token_cost: "1.5e-06",
      cache_creation_input_token_cost_above_1hr: 2.5e-6,
      input_cost_per_audio_token: 4e-5,
      output_cost_per_audio_token: 8e-5,
      input_cost_per_image_token: 5e-6,
      output_cost_per_image_token: 4e-5,
      output_cost_per_reasoning_token: 1.2e-5,
      max_input_tokens: 272_000,
      max_output_tokens: "128000",
      supports_vision: true,
      supports_reasoning: true,
      supports_pdf_input: true,
    });
    expect(list).toEqual({
      format: "litellm",
      refused: [],
      unused: {},
      models: [
        {
          provider: "openai",
          id: "gpt-x",
          price: {
            input: 1.25,
            output: 10,
            cacheRead: 0.125,
            cacheWrite: 1.5,
            cacheWrite1h: 2.5,
            audioInput: 40,
            audioOutput: 80,
            imageInput: 5,
            imageOutput: 40,
            reasoning: 12,
          },
          contextWindow: 272_000,
          maxOutput: 128_000,
          input: ["image"],
          reasoning: true,
        },
      ],
    });
  });

  test("long contexts and service tiers, alone and together", () => {
    const [model] = litellm({
      ...perToken,
      input_cost_per_token_above_200k_tokens: 2.5e-6,
      output_cost_per_token_above_200k_tokens: 1.5e-5,
      cache_creation_input_token_cost_above_1hr_above_200k_tokens: 5e-6,
      input_cost_per_token_priority: 2e-6,
      output_cost_per_token_priority: 2e-5,
      input_cost_per_token_above_200k_tokens_priority: 4e-6,
      input_cost_per_token_flex: 6e-7,
      input_cost_per_token_batches: 5e-7,
      output_cost_per_token_batches: 5e-6,
      provider_specific_entry: { us: 1.1, fast: 6 },
      search_context_cost_per_query: { search_context_size_low: 0.01, search_context_size_medium: 0.01, search_context_size_high: 0.01 },
      file_search_cost_per_1k_calls: 2.5,
    }).models;
    const long = { above: 200_000, input: 2.5, output: 15, cacheWrite1h: 5 };
    expect(model!.price).toEqual({
      input: 1.25,
      output: 10,
      tiers: [long],
      tools: { web_search: 0.01, file_search: 0.0025 },
      regions: { us: 1.1 },
      serviceTiers: {
        fast: 6,
        priority: { input: 2, output: 20, tiers: [{ ...long, input: 4 }] },
        flex: { input: 0.6, tiers: [long] },
        batch: { input: 0.5, output: 5, tiers: [long] },
      },
    });
  });

  test("what has no place is counted; what is no price gives none", () => {
    const list = litellm({
      ...perToken,
      input_cost_per_character: 1e-7,
      output_cost_per_image: 0.04,
      input_cost_per_video_per_second: 0.001,
      search_context_cost_per_query: { search_context_size_low: 0.01, search_context_size_high: 0.02 },
      regional_processing_uplift_multiplier_eu: 1.1,
      deprecation_date: "2027-01-01",
    });
    expect(Object.keys(list.unused).sort()).toEqual([
      "input_cost_per_character",
      "input_cost_per_video_per_second",
      "output_cost_per_image",
      "regional_processing_uplift_multiplier_eu",
      "search_context_cost_per_query",
    ]);
    for (const none of [
      {},
      { input_cost_per_token: 0, output_cost_per_token: 0 },
      { input_cost_per_token: 1e-6 },
      { input_cost_per_second: 1 },
    ]) {
      expect(litellm(none).models[0]).not.toHaveProperty("price");
    }
    expect(litellm({ input_cost_per_token: 2e-8, mode: "embedding" }).models[0]!.price).toEqual({ input: 0.02, output: 0 });
  });

  test.each([
    ["openai", "gpt-x", "openai/gpt-x"],
    ["gemini", "gemini/gemini-x", "gemini/gemini-x"],
    ["vertex_ai-language-models", "gemini-x", "google-vertex/gemini-x"],
    ["vertex_ai-anthropic_models", "vertex_ai/claude-x@20260101", "google-vertex/claude-x@20260101"],
    ["bedrock_converse", "us.anthropic.claude-x", "amazon-bedrock/us.anthropic.claude-x"],
    ["azure", "azure/eu/gpt-x", "azure/eu/gpt-x"],
    ["together_ai", "together_ai/zai-org/GLM-5", "together_ai/zai-org/GLM-5"],
    ["openrouter", "openrouter/anthropic/claude-x", "openrouter/anthropic/claude-x"],
    ["cohere_chat", "command-x", "cohere/command-x"],
  ])("%s: %s is %s", (label, key, name) => {
    const [model] = litellm(perToken, key, label).models;
    expect(`${model!.provider}/${model!.id}`).toBe(name);
  });

  test("an amount that is none is refused", () => {
    const list = litellm({ ...perToken, output_cost_per_token: "free" });
    expect(list).toMatchObject({ models: [], refused: [{ model: "openai/gpt-x", reason: 'output_cost_per_token is no amount: "free"' }] });
    expect(litellm({ ...perToken, cache_read_input_token_cost: -1e-7 }).refused).toHaveLength(1);
    expect(litellm({ ...perToken, cache_read_input_token_cost: null }).refused).toEqual([]);
  });
});

describe("the form of models.dev", () => {
  const read = (cost: object, rest: object = {}): ReturnType<typeof readPriceList> =>
    readPriceList({ lab: { id: "lab", name: "Lab", models: { m: { id: "m", cost, ...rest } } } });

  test("is taken as it is", () => {
    const cost = {
      input: 1.25,
      output: 10,
      cache_read: 0.125,
      cache_write: 1.5,
      reasoning: 12,
      input_audio: 3,
      output_audio: 6,
      context_over_200k: { input: 2.5, output: 15 },
      tiers: [
        { size: 400_000, input: 5 },
        { tier: { type: "context", size: 800_000 }, output: 30 },
      ],
    };
    const list = read(cost, { limit: { context: 400_000, output: 128_000 }, modalities: { input: ["text", "image"] }, reasoning: true });
    expect(list.models).toEqual([
      {
        provider: "lab",
        id: "m",
        price: {
          input: 1.25,
          output: 10,
          cacheRead: 0.125,
          cacheWrite: 1.5,
          reasoning: 12,
          audioInput: 3,
          audioOutput: 6,
          tiers: [
            { above: 200_000, input: 2.5, output: 15 },
            { above: 400_000, input: 5 },
            { above: 800_000, output: 30 },
          ],
        },
        contextWindow: 400_000,
        maxOutput: 128_000,
        input: ["image"],
        reasoning: true,
      },
    ]);
  });

  test("0 for all stands for unknown; what has no place is counted; nonsense is refused", () => {
    expect(read({ input: 0, output: 0 }).models[0]).not.toHaveProperty("price");
    expect(read({ input: 1, output: 2, per_call: 3 }).unused).toEqual({ per_call: 1 });
    expect(read({ input: "a", output: 2 }).refused).toEqual([{ model: "lab/m", reason: 'input is no amount: "a"' }]);
  });
});

describe("our own form", () => {
  const price = { input: 1, output: 2, tiers: [{ above: 9, input: 2 }] };
  const read = (models: object): ReturnType<typeof readPriceList> =>
    readPriceList(JSON.stringify({ crosspoint: 1, date: "2026-11-20", models }));

  test("is taken as it is, free models too", () => {
    const facts = { contextWindow: 10, maxOutput: 5, input: [], reasoning: false };
    expect(read({ "lab/a/b": { price, ...facts }, "lab/free": { price: { input: 0, output: 0 } } })).toEqual({
      format: "crosspoint",
      date: "2026-11-20",
      refused: [],
      unused: {},
      models: [
        { provider: "lab", id: "a/b", price, ...facts },
        { provider: "lab", id: "free", price: { input: 0, output: 0 } },
      ],
    });
  });

  test.each([
    ["m", {}, "is no provider/model"],
    ["lab/m", 5, "is no object"],
    ["lab/m", { cost: 1 }, "cost is unknown; there are: price, contextWindow, maxOutput, input, reasoning"],
    ["lab/m", { price: { input: 1 } }, "price.output is missing"],
    ["lab/m", { price, contextWindow: -1 }, "contextWindow must be a number of tokens"],
    ["lab/m", { price, input: ["audio"] }, 'input must be [] or ["image"]'],
    ["lab/m", { price, reasoning: 1 }, "reasoning must be true or false"],
  ])("%s %j %s", (model, entry, reason) => {
    expect(read({ [model]: entry })).toMatchObject({ models: [], refused: [{ model, reason }] });
  });
});

test.each([
  ["{", "is no JSON"],
  ["[]", "is no JSON object"],
  [null, "is no JSON object"],
  [{}, "is neither ours"],
  [{ a: { b: 1 } }, "is neither ours"],
  [{ crosspoint: 1 }, "has no models in the format crosspoint"],
])("%j %s", (given, message) => {
  expect(() => readPriceList(given)).toThrow(message);
});

test("no document makes it throw anything else, and none pollutes", () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  const keys = fc.constantFrom(
    "crosspoint",
    "models",
    "cost",
    "litellm_provider",
    "input_cost_per_token",
    "tiers",
    "__proto__",
    "lab/m",
    "price",
    "limit",
  );
  const document = fc.dictionary(keys, fc.oneof(value, fc.dictionary(keys, fc.oneof(value, fc.dictionary(keys, value)))));
  fc.assert(
    fc.property(document, fc.constantFrom("crosspoint", "litellm", "models.dev", undefined), (given, format) => {
      try {
        readPriceList(given, format);
      } catch (error) {
        expect(error).toMatchObject({ code: "BAD_RESPONSE" });
      }
      expect(({} as Record<string, unknown>)["price"]).toBeUndefined();
    }),
  );
});
