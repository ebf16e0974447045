import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CatalogueOptions, Crosspoint, CrosspointOptions } from "../../src/index.ts";
import { createFakeClock, type FakeClock } from "../support/clock.ts";
import { chatAnswer, createFeed, createWired, type Sent } from "../support/wire.ts";

await import("../../src/pipeline/refresh.ts");
await import("../../src/pipeline/catalogue-state.ts");

const env = { OPENAI_API_KEY: "sk-test-openai-000000", TOGETHER_API_KEY: "tgp_test_0000000000" };
const url = "https://prices.example/list.json?key=secret";
const messages = [{ role: "user", content: "Hi" }] as const;
const listOf = (models: object): object => ({ crosspoint: 1, date: "2026-12-24", models });
const gpt4o = (input: number, more: object = {}): object => listOf({ "openai/gpt-4o": { price: { input, output: 10, ...more } } });

interface World {
  readonly crosspoint: Crosspoint;
  readonly clock: FakeClock;
  readonly sent: readonly Sent[];
  readonly warnings: readonly object[];
  /** What asking gpt-4o for 10 tokens in and 5 out costs now. */
  readonly cost: (model?: string) => Promise<object | undefined>;
}

/** A layer whose price list is what `reply` answers; models answer at once. */
function createWorld(
  reply: (index: number, sent: Sent) => Response | Promise<Response>,
  catalogue: CatalogueOptions = { url },
  options: CrosspointOptions = {},
): World {
  const clock = createFakeClock();
  const warnings: object[] = [];
  const lists: Sent[] = [];
  const logger = { debug: () => {}, warn: (fields: object, message: string) => void warnings.push({ ...fields, message }) };
  const { crosspoint } = createWired(
    (sent) => (sent.url.startsWith("https://prices.example") ? reply(lists.push(sent) - 1, sent) : chatAnswer("Hello.")),
    { env, clock, logger, catalogue, ...options },
  );
  const cost: World["cost"] = async (model = "openai-chat/gpt-4o") => (await crosspoint.generate({ model, messages })).cost;
  return { crosspoint, clock, sent: lists, warnings, cost };
}

describe("a list from a URL", () => {
  test("is loaded at the first call, which does not wait for it; the next one has its price", async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const { crosspoint, cost, sent } = createWorld(() => promise);
    expect(sent).toEqual([]);
    expect(await cost()).toMatchObject({ nanoUsd: 75_000, source: "catalogue" });
    await expect.poll(() => sent.map((one) => one.url)).toEqual([url]);
    resolve(Response.json(gpt4o(5)));
    const { refresh } = await crosspoint.catalogue();
    expect(refresh).toEqual({
      from: "https://prices.example/list.json",
      format: "crosspoint",
      at: 1_700_000_000_000,
      models: 1,
      refused: [],
      unused: {},
    });
    expect(await cost()).toMatchObject({ nanoUsd: 100_000, source: "refresh", date: "2026-12-24" });
  });

  test("is never downloaded unless it is asked for, nor before a call", async () => {
    const { crosspoint, sent } = createWorld(() => Response.json(gpt4o(5)));
    crosspoint.models();
    crosspoint.deployments("openai/gpt-4o");
    await crosspoint.close();
    expect(sent).toEqual([]);
  });

  test.each([
    ["no answer", () => Promise.reject(new Error("ECONNREFUSED")), "CONNECTION"],
    ["a failure", () => new Response("no", { status: 500 }), "BAD_RESPONSE"],
    ["no JSON", () => new Response("<html>"), "BAD_RESPONSE"],
    ["another list", () => Response.json({ hello: "world" }), "BAD_RESPONSE"],
    ["a redirect", () => new Response(null, { status: 302, headers: { location: "https://evil.example" } }), "BAD_RESPONSE"],
  ] as const)("%s: a warning, and the old prices", async (_, reply, code) => {
    const { crosspoint, cost, warnings } = createWorld(reply);
    const { refresh } = await crosspoint.catalogue();
    expect(refresh).toMatchObject({ models: 0, error: { code } });
    if (code === "CONNECTION") expect(refresh!.error!.message).toContain("ECONNREFUSED");
    expect(refresh).not.toHaveProperty("at");
    expect(warnings).toEqual([expect.objectContaining({ catalogue: "https://prices.example/list.json", error: code })]);
    expect(await cost()).toMatchObject({ nanoUsd: 75_000, source: "catalogue" });
  });

  test("has an end in time and size", async () => {
    const slow = createWorld((_, { signal }) => createFeed(signal).response);
    const state = slow.crosspoint.catalogue();
    await slow.clock.advance(30_000);
    expect((await state).refresh).toMatchObject({ error: { code: "TIMEOUT" } });

    const piece = new Uint8Array(8 * 1024 * 1024);
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(piece),
      cancel: () => void (cancelled = true),
    });
    const big = createWorld(() => new Response(endless));
    expect((await big.crosspoint.catalogue()).refresh).toMatchObject({ error: { code: "TOO_LARGE" } });
    expect(cancelled).toBe(true);
  });

  test("is loaded again in time, with its tag, until the layer is closed", async () => {
    const answers = [
      () => Response.json(gpt4o(5), { headers: { etag: '"1"' } }),
      () => new Response(null, { status: 304 }),
      () => new Response("no", { status: 503 }),
      () => Response.json(gpt4o(6)),
    ];
    const { crosspoint, clock, cost, sent } = createWorld((index) => answers[index]!(), { url, refreshMs: 60_000 });
    const inputCost = async (): Promise<unknown> => ((await cost()) as { nanoUsd: number }).nanoUsd;
    await crosspoint.catalogue();
    expect(await inputCost()).toBe(100_000);
    await clock.advance(60_000);
    expect(sent[1]!.headers.get("if-none-match")).toBe('"1"');
    expect(await inputCost()).toBe(100_000);
    await clock.advance(60_000);
    expect((await crosspoint.catalogue()).refresh).toMatchObject({ models: 1, error: { code: "BAD_RESPONSE" } });
    expect(await inputCost()).toBe(100_000);
    await clock.advance(60_000);
    expect((await crosspoint.catalogue()).refresh).not.toHaveProperty("error");
    expect(await inputCost()).toBe(110_000);
    await crosspoint.close();
    await clock.advance(600_000);
    expect(sent).toHaveLength(4);
    expect(clock.pending).toBe(0);
  });

  test("closing stops a download", async () => {
    let signal: AbortSignal | undefined;
    const { crosspoint, sent } = createWorld((_, each) => createFeed((signal = each.signal)).response);
    const state = crosspoint.catalogue();
    await expect.poll(() => sent).toHaveLength(1);
    await crosspoint.close();
    expect(signal!.aborted).toBe(true);
    expect((await state).refresh).toMatchObject({ error: { code: "ABORTED" } });
  });

  test("a call under way keeps the price that it began with", async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    let calls = 0;
    const { crosspoint } = createWired(
      (sent) => (sent.url === url ? Response.json(gpt4o(5)) : calls++ === 0 ? promise : chatAnswer("Hello.")),
      {
        env,
        catalogue: { url },
      },
    );
    const early = crosspoint.generate({ model: "openai-chat/gpt-4o", messages });
    await expect.poll(() => calls).toBe(1);
    await crosspoint.catalogue();
    const late = await crosspoint.generate({ model: "openai-chat/gpt-4o", messages });
    resolve(chatAnswer("Hello."));
    expect((await early).cost).toMatchObject({ nanoUsd: 75_000, source: "catalogue" });
    expect(late.cost).toMatchObject({ nanoUsd: 100_000, source: "refresh" });
  });
});

describe("a list in hand", () => {
  const world = (data: unknown, options: CrosspointOptions = {}): World =>
    createWorld(() => Response.error(), { data, refreshMs: 60_000 }, options);

  test.each([
    ["an object", gpt4o(5)],
    ["a text", JSON.stringify(gpt4o(5))],
    ["a function", () => gpt4o(5)],
    ["a function that reads it", async () => JSON.stringify(gpt4o(5))],
  ])("%s", async (_, data) => {
    const { crosspoint, cost } = world(data);
    expect((await crosspoint.catalogue()).refresh).toMatchObject({ from: "data", models: 1 });
    expect(await cost()).toMatchObject({ nanoUsd: 100_000 });
  });

  test("a file, read again in time; one that is not there is told", async () => {
    const folder = mkdtempSync(join(tmpdir(), "prices-"));
    const file = join(folder, "prices.json");
    writeFileSync(file, JSON.stringify(gpt4o(5)));
    const { crosspoint, clock, cost } = createWorld(() => Response.error(), { file, refreshMs: 60_000 });
    expect((await crosspoint.catalogue()).refresh).toMatchObject({ from: file, models: 1 });
    expect(await cost()).toMatchObject({ nanoUsd: 100_000, source: "refresh" });
    rmSync(folder, { recursive: true });
    await clock.advance(60_000);
    await expect.poll(async () => (await crosspoint.catalogue()).refresh?.error).toMatchObject({ code: "NOT_FOUND" });
    expect(await cost()).toMatchObject({ nanoUsd: 100_000 });
  });

  test("in LiteLLM's form, and in that of models.dev", async () => {
    const litellm = { "gpt-4o": { litellm_provider: "openai", input_cost_per_token: 5e-6, output_cost_per_token: 1e-5 } };
    const dev = { togetherai: { models: { "new/model": { cost: { input: 1, output: 2 }, limit: { context: 1_000, output: 100 } } } } };
    const first = world(litellm);
    await first.crosspoint.catalogue();
    expect(await first.cost()).toMatchObject({ nanoUsd: 100_000, date: "2023-11-14" });
    const second = world(dev);
    await second.crosspoint.catalogue();
    expect(await second.cost("together/new/model")).toMatchObject({ nanoUsd: 20_000, source: "refresh" });
    expect(second.crosspoint.deployments("together/new/model")[0]!.traits).toMatchObject({ contextWindow: 1_000, maxOutput: 100 });
  });

  test("the prices option and a deployment's own price win", async () => {
    const models = { own: { deployments: [{ model: "openai-chat/gpt-4o", price: { input: 2, output: 2 } }] } };
    const { crosspoint, cost } = world(gpt4o(5), { prices: { "openai-chat/gpt-4o": { input: 1, output: 1 } }, models });
    await crosspoint.catalogue();
    expect(await cost()).toMatchObject({ nanoUsd: 15_000, source: "override" });
    expect(await cost("own")).toMatchObject({ nanoUsd: 30_000, source: "override" });
  });

  test("what it leaves out stays while it agrees with what it names; then only fees and factors do", async () => {
    const priceAfter = async (price: object): Promise<object | undefined> => {
      const { crosspoint } = world(listOf({ "openai/gpt-5.4": { price } }));
      await crosspoint.catalogue();
      return crosspoint.models().find(({ id }) => id === "openai/gpt-5.4")!.price;
    };
    const origin = { source: "data", date: "2026-12-24" };
    const kept = { tools: { web_search: 0.01, file_search: 0.0025 }, serviceTiers: { batch: 0.5, flex: 0.5, priority: 2 } };
    const tiers = [{ above: 272_000, input: 5, output: 22.5, cacheRead: 0.5 }];
    expect(await priceAfter({ input: 2.5, output: 15 })).toEqual({ input: 2.5, output: 15, cacheRead: 0.25, tiers, ...kept, ...origin });
    expect(await priceAfter({ input: 3, output: 15 })).toEqual({ input: 3, output: 15, ...kept, ...origin });
  });

  test("entries that cannot be right are refused, the others hold", async () => {
    const { crosspoint, cost, warnings } = world(
      listOf({
        "openai/gpt-4o": { price: { input: 25, output: 10 } },
        "openai/gpt-4.1": { price: { input: 2, output: 8, cacheRead: 3 } },
        "openai/gpt-5": { price: { input: 1.25e-6, output: 1e-5 } },
        "openai/o3": { price: { input: -2, output: 8 } },
        "openai/gpt-4o-mini": { price: { input: 0.3, output: 0.6 } },
      }),
    );
    const { refresh } = await crosspoint.catalogue();
    expect(refresh!.refused).toEqual([
      { model: "openai/o3", reason: "price.input must be a number of at least 0, not -2" },
      { model: "openai/gpt-4o", reason: "input went from 2.5 to 25" },
      { model: "openai/gpt-4.1", reason: "a cache read is dearer than input" },
      { model: "openai/gpt-5", reason: expect.stringMatching(/as if it were for one; input went from 1.25 to/) },
    ]);
    expect(refresh!.models).toBe(1);
    expect(warnings).toEqual(refresh!.refused.map((one) => ({ ...one, catalogue: "data", message: "price refused" })));
    expect(await cost()).toMatchObject({ nanoUsd: 75_000, source: "catalogue" });
    expect(await cost("openai-chat/gpt-4o-mini")).toMatchObject({ nanoUsd: 6_000, source: "refresh" });
  });

  test("an entry that vanishes, or moves tenfold within the list, stays as it was", async () => {
    const lists = [
      listOf({ "lab/a": { price: { input: 1, output: 1 } }, "lab/b": { price: { input: 1, output: 1 } } }),
      listOf({ "lab/b": { price: { input: 10, output: 1 } } }),
    ];
    let read = 0;
    const { crosspoint, clock, warnings } = world(() => lists[Math.min(read++, 1)]);
    await crosspoint.catalogue();
    await clock.advance(60_000);
    const { refresh } = await crosspoint.catalogue();
    expect(refresh!.refused).toEqual([
      { model: "lab/b", reason: "input went from 1 to 10" },
      { model: "lab/a", reason: "vanished" },
    ]);
    expect(warnings).toHaveLength(2);
    const prices = crosspoint.models({ all: true }).filter(({ id }) => id.startsWith("lab/"));
    expect(prices.map(({ price }) => price!.input)).toEqual([1, 1]);
  });

  test("a layer that knows no more of a model than the list keeps its state", async () => {
    const { crosspoint, cost } = world(gpt4o(5), { models: { main: { deployments: ["openai-chat/gpt-4o"] } } });
    await cost("main");
    await crosspoint.catalogue();
    await cost("main");
    expect((await crosspoint.health())[0]).toMatchObject({ deployment: "openai-chat/gpt-4o", total: { successes: 2 } });
  });
});
