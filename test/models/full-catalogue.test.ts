import { describe, expect, test } from "vitest";
import * as full from "../../src/models/catalogue-full.gen.ts";
import * as small from "../../src/models/catalogue.gen.ts";
import { catalogue, loadWhole, MORE } from "../../src/models/catalogue.ts";
import { createCrosspoint, makeUsage } from "../../src/index.ts";
import { listOf, listsOf } from "../../src/models/lists.ts";
import { builtinRows } from "../../src/providers/registry.ts";
import { chatAnswer, chatFrames, createWired, streamed } from "../support/wire.ts";

const env = { TOGETHER_API_KEY: "tgp_test_0000000000", OPENAI_API_KEY: "sk-test-openai-000000", MOONSHOT_API_KEY: "sk-test-moonshot-000" };
const model = "together/openai/gpt-oss-120b";
const messages = [{ role: "user", content: "Hi" }] as const;
const { catalogue: whole } = await loadWhole();
const price = whole.lookup("together", "openai/gpt-oss-120b")!.price!;
/** Of 10 tokens in and 5 out. */
const nanoUsd = Math.round((10 * price.input + 5 * price.output) * 1_000);

describe("a model that only the full catalogue knows", () => {
  test("has its price from the first call on", async () => {
    expect(catalogue.lookup("together", "openai/gpt-oss-120b")).toBeUndefined();
    const { crosspoint } = createWired(() => chatAnswer("Hello."), { env });
    for (let call = 0; call < 2; call++) {
      const { cost } = await crosspoint.generate({ model, messages });
      expect(cost).toMatchObject({ nanoUsd, source: "catalogue", date: full.DATE });
      expect(cost).not.toHaveProperty("estimated");
    }
  });

  test("streamed", async () => {
    const { crosspoint } = createWired(() => streamed(chatFrames(["Hello."])), { env });
    expect((await crosspoint.stream({ model, messages }).response).cost?.nanoUsd).toBe(nanoUsd);
  });

  test("through fetch, and in the spend log", async () => {
    const { crosspoint } = createWired(() => chatAnswer("Hello."), { env, store: "memory" });
    const body = JSON.stringify({ model, messages });
    const response = await crosspoint.fetch("http://localhost/v1/chat/completions", { method: "POST", body });
    expect(response.status).toBe(200);
    const { lines } = await crosspoint.spend();
    expect(lines[0]).toMatchObject({ calls: 1, unpriced: 0, nanoUsd: BigInt(nanoUsd) });
  });

  test("passes a budget that blocks what has no price, by its worst case", async () => {
    const wired = (limit: number): ReturnType<typeof createWired> =>
      createWired(() => chatAnswer("Hello."), { env, budgets: [{ limit, window: "lifetime" }] });
    const request = { model, messages, maxOutputTokens: 1_000 };
    await expect(wired(1).crosspoint.generate(request)).resolves.toMatchObject({ cost: { nanoUsd } });
    const { crosspoint, sent } = wired((1_000 * price.output) / 1e6);
    await expect(crosspoint.generate(request)).rejects.toMatchObject({ code: "BUDGET_EXCEEDED" });
    expect(sent).toEqual([]);
  });

  test.each([
    ["of the call", {}, { fallbacks: [model] }],
    ["of a group", { models: { main: { deployments: ["openai/gpt-4o"], fallbacks: ["other"] }, other: { deployments: [model] } } }, {}],
    ["of the layer", { fallbacks: [model] }, {}],
  ] as const)("as a fallback %s", async (_, options, own) => {
    const reply = ({ url }: { readonly url: string }): Response =>
      url.includes("together") ? chatAnswer("Hello.") : Response.json({}, { status: 500 });
    const { crosspoint } = createWired(reply, { env, retries: 0, ...options });
    const asked = "models" in options ? "main" : "openai-chat/gpt-4o";
    expect((await crosspoint.generate({ model: asked, messages, ...own })).cost?.nanoUsd).toBe(nanoUsd);
  });

  test("is what a budget goes down to", async () => {
    const { crosspoint } = createWired(() => chatAnswer("Hello."), {
      env,
      budgets: [{ limit: 0.0001, window: "lifetime", onExceed: "downgrade", to: model }],
    });
    const { cost, warnings } = await crosspoint.generate({ model: "openai-chat/gpt-4o", messages, maxOutputTokens: 1_000 });
    expect(cost?.nanoUsd).toBe(nanoUsd);
    expect(warnings).toHaveLength(1);
  });

  test("limits count: explain, and deployments once all is loaded", async () => {
    const options = { models: { main: { deployments: [model], contextWindowFallbacks: ["openai/gpt-4.1"] } } };
    const { crosspoint } = createWired(() => chatAnswer("Hello."), { env, ...options });
    const window = whole.lookup("together", "openai/gpt-oss-120b")!.contextWindow!;
    expect(crosspoint.deployments("main")[0]!.traits.contextWindow).toBeUndefined();
    const long = [{ role: "user", content: "word ".repeat(window * 1.5) }] as const;
    expect((await crosspoint.explain({ model: "main", messages: long })).skipped).toContain("too long for main");
    expect(crosspoint.deployments("main")[0]!.traits.contextWindow).toBe(window);
  });

  test("cost() never takes it for free or unknown: it says that it must be loaded", async () => {
    const { crosspoint } = createWired(() => chatAnswer("Hello."), { env });
    const usage = makeUsage({ input: { total: 10 }, output: { total: 5 } });
    expect(() => crosspoint.cost({ model, usage })).toThrow("await crosspoint.catalogue() once");
    expect(crosspoint.cost({ model, usage: { ...usage, reportedCost: 0.5 } })?.total).toBe(0.5);
    expect(crosspoint.cost({ model: "openai/gpt-4o", usage })?.nanoUsd).toBe(75_000);
    // A provider of which the rest knows nothing needs no rest.
    expect(crosspoint.cost({ model: "ollama/llama3", usage })).toBeUndefined();
    await crosspoint.catalogue();
    expect(crosspoint.cost({ model, usage })?.nanoUsd).toBe(nanoUsd);
    expect(crosspoint.cost({ model: "openai/gpt-999", usage })).toBeUndefined();
  });

  test("is named as a base model by a deployment of another provider", async () => {
    const models = { main: { deployments: [{ model: "openai-chat/mine", baseModel: "moonshotai/kimi-k3" }] } };
    const { crosspoint } = createWired(() => chatAnswer("Hello."), { env, models });
    const { input, output } = whole.lookup("moonshotai", "kimi-k3")!.price!;
    expect((await crosspoint.generate({ model: "main", messages })).cost?.nanoUsd).toBe(Math.round((10 * input + 5 * output) * 1_000));
  });

  test("a call to a known model waits for nothing, and loads nothing", async () => {
    const { crosspoint } = createWired(() => chatAnswer("Hello."), { env });
    await crosspoint.generate({ model: "openai-chat/gpt-4o", messages });
    expect(() => crosspoint.cost({ model, usage: makeUsage({ input: { total: 1 }, output: { total: 1 } }) })).toThrow("not loaded");
  });
});

test("models() is short until all is asked for", async () => {
  const crosspoint = createCrosspoint({ env, models: { main: model } });
  const brief = crosspoint.models().map(({ id }) => id);
  expect(brief[0]).toBe("main");
  expect(brief).toContain("openai/gpt-5");
  expect(brief.every((id) => id === "main" || id.startsWith("openai/"))).toBe(true);
  const { models, priced } = await crosspoint.catalogue();
  expect(crosspoint.models().map(({ id }) => id)).toEqual(brief);
  const all = crosspoint.models({ all: true });
  expect(all).toHaveLength(models + 1);
  expect(all.filter((one) => one.price !== undefined)).toHaveLength(priced);
  // Under the ids that calls use, not those of the lists.
  for (const id of [model, "moonshot/kimi-k3", "vercel/openai/gpt-5"]) expect(all.map((one) => one.id)).toContain(id);
});

describe("lists and providers", () => {
  /** Lists that no provider of ours asks for, and why. */
  const WITHOUT_ROW = {
    "ant-ling": "no row has its address (api.ant-ling.com)",
    "cloudflare-ai-gateway": "the gateway is reached by a base URL of one's own",
  };
  /** Lists of providers that are reached by other ways than a row of the table. */
  const BY_ADAPTER = ["amazon-bedrock"];

  test("every list is one of a provider, or the reason is listed", () => {
    const lists = new Set([...builtinRows().keys()].flatMap(listsOf));
    const orphans = whole.lists().filter((list) => !lists.has(list) && !BY_ADAPTER.includes(list));
    expect(orphans.sort()).toEqual(Object.keys(WITHOUT_ROW));
    for (const id of ["bedrock", "amazon-bedrock", "bedrock_mantle"]) expect(listOf(id)).toBe("amazon-bedrock");
    for (const id of ["vertex", "vertex_ai", "google-vertex"]) expect(listsOf(id)).toEqual(["google-vertex", "google", "anthropic"]);
  });

  test("these providers have prices, under any of their names", () => {
    const rows = [...new Set(builtinRows().values())];
    const priced = rows.filter(({ id }) => listsOf(id).some((list) => whole.rows(list).size > 0)).map(({ id }) => id);
    expect(priced.sort()).toEqual(
      (
        "anthropic baseten bedrock_mantle cerebras cloudflare-workers-ai deepseek fireworks google groq huggingface meta minimax " +
        "minimax-anthropic minimax-cn mistral moonshot moonshotai-cn openai openai-chat opencode openrouter together vercel xai xai-chat " +
        "xiaomi_mimo zai"
      ).split(" "),
    );
  });

  test("Vertex has Google's prices, those of long contexts too, and Anthropic's", () => {
    for (const id of ["gemini-2.5-pro", "publishers/google/models/gemini-2.5-pro"]) {
      expect(whole.lookup("vertex", id)?.price).toEqual(whole.lookup("google", "gemini-2.5-pro")!.price);
    }
    // Google gives Gemma away; on Vertex it is sold.
    expect(whole.lookup("google", "gemma-4-31b-it")?.price?.input).toBe(0);
    expect(whole.lookup("vertex", "gemma-4-31b-it")).toMatchObject({ contextWindow: 262_144 });
    expect(whole.lookup("vertex", "gemma-4-31b-it")).not.toHaveProperty("price");
    expect(whole.lookup("vertex", "claude-sonnet-4-5@20250929")?.price).toMatchObject({ input: 3, output: 15 });
  });

  test("the short list says where the long one knows more", () => {
    expect([...MORE].sort()).toEqual(Object.keys(full.MODELS).sort());
  });

  test("what the short list answers, the whole one answers alike", () => {
    for (const list of Object.keys(small.MODELS)) {
      for (const id of whole.rows(list).keys()) {
        const short = catalogue.lookup(list, id);
        if (short !== undefined) expect(whole.lookup(list, id)?.price, `${list}/${id}`).toEqual(short.price);
      }
    }
  });
});
