import { describe, expect, test } from "vitest";
import { CrosspointError, type CrosspointOptions, type SpendAlert, type SpendRow, type Store } from "../../src/index.ts";
import { memoryStore } from "../../src/spend/memory.ts";
import { createFakeClock } from "../support/clock.ts";
import { chatAnswer, chatFrames, createWired, failure, type Reply } from "../support/wire.ts";

await import("../../src/pipeline/spending.ts");

const messages = [{ role: "user", content: "Hi" }] as const;
const model = "openai-chat/gpt-4o";
const prices = { [model]: { input: 1, output: 1 } };
const START = Date.parse("2026-11-16T09:00:00Z");

function wired(options: CrosspointOptions, reply: Reply = () => chatAnswer("Hello")) {
  const clock = createFakeClock(START);
  return { ...createWired(reply, { prices, clock, retries: 0, store: "memory", ...options }), clock };
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}

describe("the spend log", () => {
  test("has a row for each call, attempts inside, also for those that fail or are refused", async () => {
    const { crosspoint } = wired({ retries: 1, random: () => 0, budgets: [{ limit: 0, scope: { user: "poor" } }] }, (_, index) =>
      index === 0 ? failure(401, {}) : chatAnswer("Hello"),
    );
    await crosspoint.generate({ model, messages, attribution: { team: "a" } }).catch(() => {});
    await crosspoint.generate({ model, messages, attribution: { team: "a", tags: ["x"], metadata: { run: "7" } } });
    await crosspoint.generate({ model, messages, attribution: { user: "poor" } }).catch(() => {});
    const { entries } = await crosspoint.spendLog();
    expect(entries).toHaveLength(3);
    expect(entries.find(({ user }) => user === "poor")).toMatchObject({ outcome: "failure", error: "BUDGET_EXCEEDED", nanoUsd: 0 });
    expect(entries.find(({ error }) => error === "AUTHENTICATION")).toMatchObject({
      outcome: "failure",
      nanoUsd: 0,
      attempts: [{ error: "AUTHENTICATION" }],
    });
    expect(entries.find(({ outcome }) => outcome === "success")).toEqual({
      id: expect.any(String) as string,
      time: START,
      model,
      outcome: "success",
      provider: "openai-chat",
      deployment: model,
      team: "a",
      tags: ["x"],
      metadata: { run: "7" },
      inputTokens: 10,
      outputTokens: 5,
      nanoUsd: 15_000,
      durationMs: 0,
      firstEventMs: 0,
      attempts: [
        {
          provider: "openai-chat",
          model: "gpt-4o",
          deployment: model,
          reason: "first",
          outcome: "success",
          startedAt: START,
          durationMs: 0,
          firstEventMs: 0,
          inputTokens: 10,
          outputTokens: 5,
          nanoUsd: 15_000,
        },
      ],
    });
  });

  test("has a row for a call whose model nobody knows, also once everything is loaded", async () => {
    const rows: SpendRow[] = [];
    const { crosspoint } = wired({ onSpend: (row) => void rows.push(row) });
    for (const user of ["first", "second"])
      await crosspoint.generate({ model: "nobody/knows", messages, attribution: { user } }).catch(() => {});
    expect(rows).toMatchObject([{ outcome: "failure" }, { outcome: "failure", model: "nobody/knows", attribution: { user: "second" } }]);
    expect((await crosspoint.spendLog()).entries.map(({ user, error }) => [user, error])).toEqual([
      ["second", "MODEL_NOT_FOUND"],
      ["first", "MODEL_NOT_FOUND"],
    ]);
  });

  test("is summed by any dimension, in another currency beside the exact dollars", async () => {
    const { crosspoint, clock } = wired({ currency: { code: "EUR", rate: 0.5 } });
    for (const team of ["a", "b", "a"]) {
      await crosspoint.generate({ model, messages, attribution: { team } });
      await clock.advance(86_400_000);
    }
    const line = {
      inputTokens: 10,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: 5,
      reasoningTokens: 0,
      failures: 0,
      unpriced: 0,
      estimated: 0,
    };
    expect(await crosspoint.spend({ groupBy: ["team"] })).toEqual({
      lines: [
        { ...line, group: { team: "a" }, calls: 2, inputTokens: 20, outputTokens: 10, nanoUsd: 30_000n, cost: 0.000015, currency: "EUR" },
        { ...line, group: { team: "b" }, calls: 1, nanoUsd: 15_000n, cost: 0.0000075, currency: "EUR" },
      ],
    });
    const { lines } = await crosspoint.spend({ groupBy: ["day"], from: "2026-11-17", to: new Date("2026-11-18"), filter: { team: "b" } });
    expect(lines).toMatchObject([{ group: { day: "2026-11-17" }, calls: 1 }]);
    const first = await crosspoint.spend({ groupBy: ["day"], orderBy: "group", limit: 2 });
    const second = await crosspoint.spend({ groupBy: ["day"], orderBy: "group", limit: 2, cursor: first.cursor! });
    expect([...first.lines, ...second.lines].map(({ group }) => group.day)).toEqual(["2026-11-16", "2026-11-17", "2026-11-18"]);
  });

  test("has reports that JSON can hold", async () => {
    const { crosspoint } = wired({});
    await crosspoint.generate({ model, messages });
    expect(JSON.parse(JSON.stringify(await crosspoint.spend()))).toMatchObject({ lines: [{ calls: 1, cost: 0.000015, nanoUsd: "15000" }] });
  });

  test.each(["error", "restart"] as const)("close() counts a stream that nobody reads on, with recovery %s", async (recovery) => {
    const rows: SpendRow[] = [];
    const store = { ...memoryStore(), close() {} };
    const open = new ReadableStream({ start: (feed) => feed.enqueue(new TextEncoder().encode(chatFrames(["four"]).slice(0, 2).join(""))) });
    const headers = { "content-type": "text/event-stream" };
    const { crosspoint } = wired(
      { store, recovery, budgets: [{ limit: 1 }], onSpend: (row) => void rows.push(row) },
      () => new Response(open, { headers }),
    );
    const events = crosspoint.stream({ model, messages })[Symbol.asyncIterator]();
    expect((await events.next()).done).toBe(false);
    await crosspoint.close();
    expect(rows).toMatchObject([{ outcome: "aborted", usage: { output: { total: 1 }, estimated: true } }]);
    expect(await crosspoint.budgets()).toMatchObject([{ used: rows[0]!.cost!.total, reserved: 0 }]);
  });

  test("a whole answer that broke off was billed: its input is estimated", async () => {
    const { crosspoint } = wired({ budgets: [{ limit: 1 }] }, (_, index) =>
      index === 0
        ? new Response('{"id":"chatcmpl-1","cho', { headers: { "content-type": "application/json" } })
        : new Response("<html>", { headers: { "content-type": "text/html" } }),
    );
    for (let turn = 0; turn < 2; turn++) await crosspoint.generate({ model, messages }).catch(() => {});
    const { entries } = await crosspoint.spendLog();
    expect(entries.map(({ error }) => error)).toEqual(["BAD_RESPONSE", "BAD_RESPONSE"]);
    expect(entries.filter(({ estimated }) => estimated === true)).toHaveLength(1);
    const nanoUsd = entries.reduce((sum, entry) => sum + entry.nanoUsd!, 0);
    expect(nanoUsd).toBeGreaterThan(0);
    expect((await crosspoint.budgets())[0]!.used).toBe(nanoUsd / 1e9);
  });

  test("is exported as CSV and JSON lines, page by page", async () => {
    const { crosspoint } = wired({});
    await crosspoint.generate({ model, messages, attribution: { user: '=1+1,"x"', tags: ["a", "b"] } });
    await crosspoint.generate({ model: "openai-chat/none-such-9", messages });
    const csv = (await textOf(crosspoint.exportSpend("csv", { limit: 1, filter: { model } }))).split("\r\n");
    expect(csv[0]).toBe(
      "time,id,user,team,project,session,key,model,provider,deployment,outcome,error,tags,metadata," +
        "inputTokens,cacheReadTokens,cacheWriteTokens,outputTokens,reasoningTokens,costUsd,estimated,durationMs,firstEventMs,attempts",
    );
    expect(csv[1]).toMatch(
      /^2026-11-16T09:00:00\.000Z,call_\w+,"'=1\+1,""x""",,,,,openai-chat\/gpt-4o,openai-chat,openai-chat\/gpt-4o,success,,a b,,10,,,5,,0\.000015000,,0,0,1$/,
    );
    expect(csv.slice(2)).toEqual([""]);
    const lines = (await textOf(crosspoint.exportSpend("jsonl", { limit: 1 }))).trimEnd().split("\n");
    expect(lines.map((each) => (JSON.parse(each) as { model: string }).model).sort()).toEqual([
      "openai-chat/gpt-4o",
      "openai-chat/none-such-9",
    ]);
    await expect(textOf(crosspoint.exportSpend("xml" as "csv"))).rejects.toMatchObject({ code: "BAD_REQUEST", param: "format" });
    expect((await crosspoint.spend()).lines).toMatchObject([{ calls: 2, unpriced: 1, nanoUsd: 15_000n }]);
  });

  test("is written in batches within 100 ms, at once on close, and forgets what is too old", async () => {
    const batches: number[] = [];
    const pruned: number[] = [];
    const inner = memoryStore();
    let closed = 0;
    const store: Store = {
      ...inner,
      append: (entries) => (batches.push(entries.length), inner.append(entries)),
      prune: (before) => (pruned.push(before), inner.prune(before)),
      close: () => void closed++,
    };
    const { crosspoint, clock } = wired({ store, retention: 1_000 });
    for (let turn = 0; turn < 3; turn++) await crosspoint.generate({ model, messages });
    await clock.advance(99);
    expect(batches).toEqual([]);
    await clock.advance(1);
    expect(batches).toEqual([3]);
    expect(pruned).toEqual([START + 100 - 1_000]);
    await crosspoint.generate({ model, messages });
    await crosspoint.close();
    expect([batches, closed]).toEqual([[3, 1], 1]);
  });

  test.each([
    [{ groupby: ["team"] }, "groupby"],
    [{ groupBy: ["colour"] }, "groupBy"],
    [{ orderBy: "size" }, "orderBy"],
    [{ limit: 0 }, "limit"],
    [{ from: "yesterday" }, "from"],
    [{ filter: { teem: "a" } }, "filter.teem"],
    [{ filter: { team: 7 } }, "filter.team"],
  ])("a query that is wrong is told so: %j", async (query, param) => {
    const { crosspoint } = wired({});
    await expect(crosspoint.spend(query as never)).rejects.toMatchObject({ code: "BAD_REQUEST", param });
  });

  test("without a store there is none, and the error says what to do", async () => {
    const { crosspoint } = createWired(() => chatAnswer("x"));
    await expect(crosspoint.spend()).rejects.toMatchObject({ code: "INVALID_OPTIONS", param: "store" });
    await expect(crosspoint.budgets()).rejects.toThrow(CrosspointError);
  });
});

describe("a store that fails", () => {
  const broken = (methods: readonly (keyof Store)[], until = Infinity): Store & { failures: number } => {
    const inner = memoryStore();
    const store = { ...inner, failures: 0 };
    for (const method of methods) {
      const works = inner[method] as (...given: unknown[]) => unknown;
      Object.assign(store, {
        [method]: (...given: unknown[]) => (store.failures++ < until ? Promise.reject(new Error("disk full")) : works(...given)),
      });
    }
    return store;
  };

  test("refuses calls that have a limit, and lets the others pass", async () => {
    const alerts: SpendAlert[] = [];
    const budgets = [
      { limit: 1, scope: { team: "a" } },
      { limit: 1, onExceed: "alert" as const },
    ];
    const { crosspoint, sent } = wired({ store: broken(["reserve"]), budgets, onAlert: (alert) => void alerts.push(alert) });
    const refused = crosspoint.generate({ model, messages, attribution: { team: "a" } });
    await expect(refused).rejects.toMatchObject({
      code: "SERVER",
      retryable: false,
      message: expect.stringContaining("disk full") as string,
    });
    await crosspoint.generate({ model, messages });
    expect(sent).toHaveLength(1);
    expect(alerts.map(({ type }) => type)).toEqual(["store", "store"]);
  });

  test("or does not answer in time: the call ends, and what is granted later is given back", async () => {
    const inner = memoryStore();
    let grant!: () => void;
    const waits = new Promise<void>((resolve) => (grant = resolve));
    const store: Store = { ...inner, reserve: async (...given) => (await waits, inner.reserve(...given)) };
    const { crosspoint, clock } = wired({ store, budgets: [{ id: "b", limit: 1, window: "lifetime" }] });
    const refused = expect(crosspoint.generate({ model, messages })).rejects.toThrow(/no answer within 5000 ms/);
    await clock.advance(5_000);
    await refused;
    grant();
    await clock.advance(1);
    expect(inner.counters([{ key: "b", from: 0 }], clock.now())).toEqual([{ used: 0, reserved: 0 }]);
  });

  test("loses no settlement and no row while it comes back", async () => {
    const store = broken(["settle", "append"], 3);
    const { crosspoint, clock } = wired({ store, budgets: [{ limit: 1 }] });
    await crosspoint.generate({ model, messages });
    await clock.advance(10_000);
    expect(store.failures).toBeGreaterThan(3);
    expect(await crosspoint.budgets()).toMatchObject([{ used: 0.000015, reserved: 0 }]);
    expect((await crosspoint.spend()).lines).toMatchObject([{ calls: 1, nanoUsd: 15_000n }]);
  });
});

test("a layer that is closed beside a store that fails asks it no more", async () => {
  const store: Store = {
    ...memoryStore(),
    append: () => Promise.reject(new Error("disk full")),
    settle: () => Promise.reject(new Error("disk full")),
  };
  const alerts: SpendAlert[] = [];
  const { crosspoint, clock } = wired({ store, budgets: [{ limit: 1 }], onAlert: (alert) => void alerts.push(alert) });
  await crosspoint.generate({ model, messages });
  await clock.advance(10_000);
  expect(alerts.length).toBeLessThan(25); // once a second each
  await crosspoint.close();
  await clock.advance(1_000);
  const told = alerts.length;
  await clock.advance(60_000);
  expect(alerts).toHaveLength(told);
});

test("what a proxy of LiteLLM says in a header that an answer cost, it cost; its 0 says nothing", async () => {
  const { crosspoint } = wired({}, (_, index) => {
    const answer = chatAnswer("Hello");
    answer.headers.set("x-litellm-response-cost", ["0.000777", "0.0", "None"][index]!);
    return answer;
  });
  const costs = [];
  for (let turn = 0; turn < 3; turn++) costs.push((await crosspoint.generate({ model, messages })).cost);
  expect(costs.map((cost) => [cost!.nanoUsd, cost!.source])).toEqual([
    [777_000, "provider"],
    [15_000, "override"],
    [15_000, "override"],
  ]);
});

test("an embedding that a downgrade budget refuses goes to no other model", async () => {
  const { crosspoint, sent } = wired({ models: { small: model }, budgets: [{ limit: 0, onExceed: "downgrade", to: "small" }] });
  const refused = crosspoint.embed({ model: "openai/text-embedding-3-small", input: "one" });
  await expect(refused).rejects.toMatchObject({ code: "BUDGET_EXCEEDED" });
  expect(sent).toEqual([]);
});

test("embeddings are counted, attributed and held against budgets as any call", async () => {
  const reply: Reply = () =>
    Response.json({
      object: "list",
      model: "text-embedding-3-small",
      data: [{ index: 0, embedding: [1, 2] }],
      usage: { prompt_tokens: 7, total_tokens: 7 },
    });
  const embedding = "openai/text-embedding-3-small";
  const { crosspoint, sent } = wired(
    { prices: { [embedding]: { input: 1, output: 0 } }, budgets: [{ limit: 0.00001, scope: { team: "*" } }] },
    reply,
  );
  const ask = (input: string) => crosspoint.embed({ model: embedding, input, attribution: { team: "a" } });
  expect((await ask("one")).cost?.nanoUsd).toBe(7_000);
  expect((await crosspoint.spendLog()).entries).toMatchObject([
    { model: embedding, provider: "openai", team: "a", inputTokens: 7, nanoUsd: 7_000 },
  ]);
  await expect(ask("a longer text that may cost too much")).rejects.toMatchObject({ code: "BUDGET_EXCEEDED" });
  expect(await crosspoint.budgets({ team: "a" })).toMatchObject([{ used: 0.000007, reserved: 0 }]);
  expect(sent).toHaveLength(1);
});

test("a store that does not answer is asked again after five seconds, and what it wrote late stands there once", async () => {
  const inner = memoryStore();
  const late: (() => void)[] = [];
  const append: Store["append"] = (entries) =>
    late.length > 0 ? inner.append(entries) : new Promise((resolve) => late.push(() => resolve(inner.append(entries))));
  const alerts: SpendAlert[] = [];
  const store: Store = { ...inner, append };
  const { crosspoint, clock } = wired({ store, onAlert: (alert) => void alerts.push(alert) });
  await crosspoint.generate({ model, messages });
  await clock.advance(100);
  expect(late).toHaveLength(1);
  await clock.advance(5_000);
  expect(alerts).toMatchObject([{ type: "store" }]);
  late[0]!();
  await clock.advance(1_000);
  expect((await crosspoint.spendLog()).entries).toHaveLength(1);
});
