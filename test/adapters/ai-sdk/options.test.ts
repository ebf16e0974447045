import { embed, generateText, Output, streamText } from "ai";
import { expect, test } from "vitest";
import { z } from "zod";
import type { CrosspointCallOptions } from "crosspoint/ai-sdk";
import { createSimulator } from "crosspoint/testing";
import { createFace } from "./support.ts";

test("attribution, of the face and of the call, reaches the spend log and no provider", async () => {
  const { provider, spend, simulator } = createFace({}, {}, { defaults: { attribution: { team: "search", tags: ["prod"] } } });
  const crosspoint = { attribution: { user: "u-1", project: "bot", session: "s-1", tags: ["beta"], metadata: { plan: "pro" } } };
  await generateText({ model: provider("openai/gpt-5-mini"), prompt: "x", providerOptions: { crosspoint } });
  await streamText({ model: provider("openai/gpt-5-mini"), prompt: "x", providerOptions: { crosspoint } }).text;
  await embed({ model: provider.embeddingModel("openai/text-embedding-3-small"), value: "x", providerOptions: { crosspoint } });
  const whole = { team: "search", user: "u-1", project: "bot", session: "s-1", tags: ["prod", "beta"], metadata: { plan: "pro" } };
  expect(spend.slice(0, 2).map(({ attribution }) => attribution)).toEqual([whole, whole]);
  expect(JSON.stringify(simulator.requests)).not.toContain("u-1");
  await expect(
    provider("openai/gpt-5-mini").doGenerate({ prompt: [], providerOptions: { crosspoint: { attribution: { team: 1 } as never } } }),
  ).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
});

test("fallbacks and retries are the layer's own", async () => {
  const { provider, simulator } = createFace({ random: () => 0 });
  simulator.fault({ model: "gpt-5-mini", status: 500, times: Infinity });
  const crosspoint = { retries: 1, fallbacks: ["anthropic/claude-sonnet-4-5"] };
  const result = await generateText({ model: provider("openai/gpt-5-mini"), prompt: "hello", providerOptions: { crosspoint } });
  expect(result.text).toBe("You said: hello");
  expect(result.providerMetadata!["crosspoint"]).toMatchObject({
    provider: "anthropic",
    deployment: "anthropic/claude-sonnet-4-5",
    attempts: [
      { provider: "openai", outcome: "failure", error: "SERVER", reason: "first" },
      { provider: "openai", outcome: "failure", error: "SERVER", reason: "retry" },
      { provider: "anthropic", outcome: "success", reason: "fallback" },
    ],
  });
  const streamed = streamText({ model: provider("openai/gpt-5-mini"), prompt: "hello", providerOptions: { crosspoint } });
  expect(await streamed.text).toBe("You said: hello");
  // The third failure takes the deployment out: with a fallback at hand it is not asked again.
  expect((await streamed.providerMetadata)!["crosspoint"]!["attempts"]).toMatchObject([{ reason: "first" }, { reason: "fallback" }]);
});

test("settings of a call", async () => {
  const { provider, simulator } = createFace();
  const crosspoint = {
    reasoning: { effort: "high", visibility: "detailed" },
    verbosity: "low",
    parallelToolCalls: false,
    promptCacheKey: "k",
    serviceTier: "flex",
    safetyIdentifier: "safe",
    user: "end-user",
    metadata: { a: "b" },
    store: true,
  } as const satisfies CrosspointCallOptions;
  await generateText({
    model: provider("openai/gpt-5-mini"),
    prompt: "x",
    maxOutputTokens: 99,
    providerOptions: { crosspoint },
  });
  expect(simulator.requests[0]!.body).toMatchObject({
    reasoning: { effort: "high", summary: "detailed" },
    text: { verbosity: "low" },
    prompt_cache_key: "k",
    service_tier: "flex",
    safety_identifier: "safe",
    user: "end-user",
    metadata: { a: "b" },
    store: true,
    max_output_tokens: 99,
  });
  // The AI SDK's own option wins, and what it does not say stays.
  await generateText({ model: provider("openai/gpt-5-mini"), prompt: "x", reasoning: "low", providerOptions: { crosspoint } });
  expect(simulator.requests[1]!.body).toMatchObject({ reasoning: { effort: "low", summary: "detailed" } });
});

test("a timeout of the call", async () => {
  const { provider, simulator } = createFace({ retries: 0 });
  simulator.fault({ delayMs: 5_000 });
  const failing = generateText({ model: provider("openai/gpt-5-mini"), prompt: "x", providerOptions: { crosspoint: { timeout: 20 } } });
  await expect(failing).rejects.toMatchObject({ code: "TIMEOUT" });
});

test("options of the AI SDK's own providers hold wherever the call goes", async () => {
  const { provider, simulator } = createFace({ models: { smart: "anthropic/claude-sonnet-4-5" } }, { strict: false });
  const openai = {
    reasoningEffort: "low",
    reasoningSummary: "auto",
    textVerbosity: "high",
    parallelToolCalls: false,
    strictJsonSchema: true,
    maxToolCalls: 3,
    truncation: "auto",
  };
  await generateText({ model: provider("openai/gpt-5-mini"), prompt: "x", providerOptions: { openai } });
  expect(simulator.requests[0]!.body).toMatchObject({
    reasoning: { effort: "low", summary: "auto" },
    text: { verbosity: "high" },
    max_tool_calls: 3,
    truncation: "auto",
  });
  const anthropic = {
    thinking: { type: "enabled", budgetTokens: 2048 },
    metadata: { userId: "u" },
    container: { id: "c", skillIds: ["s"] },
  };
  await generateText({ model: provider("anthropic/claude-sonnet-4-5"), prompt: "x", providerOptions: { anthropic, openai } });
  expect(simulator.requests[1]!.body).toMatchObject({
    thinking: { type: "enabled", budget_tokens: 2048 },
    metadata: { user_id: "u" },
    container: { id: "c", skill_ids: ["s"] },
  });
  const google = { thinkingConfig: { thinkingBudget: 512, includeThoughts: true }, safetySettings: [{ category: "c", threshold: "t" }] };
  await generateText({ model: provider("google/gemini-2.5-flash"), prompt: "x", providerOptions: { google } });
  expect(simulator.requests[2]!.body).toMatchObject({
    generationConfig: { thinkingConfig: { thinkingBudget: 512, includeThoughts: true } },
    safetySettings: [{ category: "c", threshold: "t" }],
  });
  // A name of the layer's own: the setting holds, though it was said for another provider.
  await generateText({ model: provider("smart"), prompt: "x", providerOptions: { google: { thinkingConfig: { thinkingBudget: 2000 } } } });
  expect(simulator.requests[3]!.body).toMatchObject({ thinking: { type: "enabled", budget_tokens: 2000 } });
});

test("the options of Vercel's gateway", async () => {
  const { provider, simulator, spend } = createFace({ random: () => 0, retries: 0 });
  simulator.fault({ model: "gpt-5-mini", status: 503 });
  const gateway = {
    models: ["openai/gpt-5-mini", "anthropic/claude-sonnet-4-5"],
    user: "u-2",
    tags: ["team:search"],
    quotaEntityId: "q",
    order: ["openai", "azure"],
    only: ["openai"],
    providerTimeouts: { byok: { openai: 9_000 } },
    zeroDataRetention: false,
    sort: "cost",
    has: ["vision"],
  };
  const result = await generateText({ model: provider("openai/gpt-5-mini"), prompt: "x", providerOptions: { gateway } });
  expect(spend[0]!.attribution).toEqual({ user: "u-2", tags: ["team:search"], metadata: { quotaEntityId: "q" } });
  expect(result.providerMetadata!["crosspoint"]).toMatchObject({ provider: "anthropic" });
  expect(result.providerMetadata!["gateway"]).toMatchObject({
    cost: String(spend[0]!.cost!.total),
    routing: { resolvedProvider: "anthropic" },
  });
  const features = result.warnings!.flatMap((warning) => ("feature" in warning ? [warning.feature] : []));
  expect(features.filter((feature) => feature.includes("gateway"))).toEqual([
    "providerOptions.gateway.sort",
    "providerOptions.gateway.has",
  ]);
  const byok = { openai: [{ apiKey: "sk-of-the-caller" }] };
  await expect(
    generateText({ model: provider("openai/gpt-5-mini"), prompt: "x", providerOptions: { gateway: { zeroDataRetention: true } } }),
  ).rejects.toMatchObject({ code: "UNSUPPORTED" });
  await generateText({
    model: provider("openai/gpt-5-mini"),
    prompt: "x",
    providerOptions: { gateway: { byok, caching: "auto", serviceTier: "flex" } },
  });
  expect(simulator.requests.at(-1)!.body).toMatchObject({ service_tier: "flex" });
});

test("a key of the call's own never reaches another provider", async () => {
  const seen: Record<string, string | null>[] = [];
  const fetch = ((_url: unknown, init?: RequestInit) => {
    const headers = new Headers(init!.headers);
    seen.push({ bearer: headers.get("authorization"), key: headers.get("x-api-key") });
    return Promise.resolve(Response.json({ error: { message: "no" } }, { status: 500 }));
  }) as typeof globalThis.fetch;
  const { provider } = createFace({ fetch, retries: 0 });
  const crosspoint = { apiKey: "sk-of-the-caller", fallbacks: ["anthropic/claude-sonnet-4-5"] };
  await expect(generateText({ model: provider("openai/gpt-5-mini"), prompt: "x", providerOptions: { crosspoint } })).rejects.toThrow();
  expect(seen).toHaveLength(2);
  expect(seen[0]!["bearer"]).toBe("Bearer sk-of-the-caller");
  expect(JSON.stringify(seen[1])).not.toContain("sk-of-the-caller");
});

test("a schema that strict mode takes is sent as strict, another is not", async () => {
  const { provider, simulator } = createFace();
  const strictOf = async (schema: z.ZodType, options = {}): Promise<unknown> => {
    await generateText({ model: provider("openai/gpt-5-mini"), prompt: "x", output: Output.object({ schema }), providerOptions: options });
    return (simulator.requests.at(-1)!.body as { text: { format: { strict?: boolean } } }).text.format.strict;
  };
  const closed = z.object({ list: z.array(z.object({ a: z.string().nullable(), b: z.enum(["x", "y"]) })) });
  expect(await strictOf(closed)).toBe(true);
  expect(await strictOf(z.object({ a: z.string().optional() }))).toBeFalsy();
  expect(await strictOf(z.object({ a: z.record(z.string(), z.number()) }))).toBeFalsy();
  expect(await strictOf(closed, { openai: { strictJsonSchema: false } })).toBe(false);
});

test("a key of the call's own", async () => {
  const simulated = { apiKey: "sk-of-the-caller" };
  const { baseURL } = createSimulator(simulated).providers().openai;
  const { provider } = createFace({ providers: { openai: { baseURL, apiKey: "sk-of-the-app" } } }, simulated);
  const model = provider("openai/gpt-5-mini");
  await expect(generateText({ model, prompt: "x" })).rejects.toMatchObject({ code: "AUTHENTICATION" });
  const own = await generateText({ model, prompt: "x", providerOptions: { crosspoint: { apiKey: "sk-of-the-caller" } } });
  expect(own.text).toBe("You said: x");
  const gateway = { byok: { openai: [{ apiKey: "sk-of-the-caller" }] } };
  expect((await generateText({ model, prompt: "x", providerOptions: { gateway } })).text).toBe("You said: x");
});
