import { describe, expect, test } from "vitest";
import { CrosspointError, type BudgetOption, type CrosspointOptions, type SpendAlert } from "../../src/index.ts";
import { createFakeClock } from "../support/clock.ts";
import { chatAnswer, createWired, failure, type Reply } from "../support/wire.ts";

await import("../../src/pipeline/spending.ts");

const messages = [{ role: "user", content: "Hi" }] as const;
const model = "openai-chat/gpt-4o";
/** A dollar a million tokens: what `chatAnswer` tells of, 10 in and 5 out, costs 15,000 billionths; 100 out at most, 100,000 and a little. */
const prices = { [model]: { input: 1, output: 1 }, "openai-chat/gpt-4o-mini": { input: 0.1, output: 0.1 } };
const call = { model, messages, maxOutputTokens: 100 } as const;
const ANSWERED = 15_000;

function wired(options: CrosspointOptions, reply: Reply = () => chatAnswer("Hello")) {
  const clock = createFakeClock(Date.parse("2026-11-16T09:00:00Z"));
  return { ...createWired(reply, { prices, clock, retries: 0, ...options }), clock };
}

async function failureOf(promise: Promise<unknown>): Promise<CrosspointError> {
  const error: unknown = await promise.then(
    () => expect.fail("it should have failed"),
    (reason: unknown) => reason,
  );
  if (!CrosspointError.is(error)) throw error;
  return error;
}

/** A budget of so many billionths of a dollar. */
const nano = (limit: number, more: Partial<BudgetOption> = {}): BudgetOption => ({ limit: limit / 1e9, ...more });

describe("a budget that blocks", () => {
  test("lets through what surely fits, and settles what it truly cost", async () => {
    const { crosspoint, sent } = wired({ budgets: [nano(200_000, { id: "all" })] });
    await crosspoint.generate(call);
    expect(await crosspoint.budgets()).toEqual([
      {
        id: "all",
        scope: {},
        unit: "usd",
        onExceed: "block",
        limit: 0.0002,
        used: ANSWERED / 1e9,
        reserved: 0,
        remaining: (200_000 - ANSWERED) / 1e9,
        resetAt: Date.parse("2026-12-01T00:00:00Z"),
      },
    ]);
    expect(sent).toHaveLength(1);
  });

  test("refuses what might not fit, says which, how much and when, and sends nothing", async () => {
    const { crosspoint, sent, clock } = wired({ budgets: [nano(120_000, { scope: { team: "search" }, window: "day" })] });
    const attributed = { ...call, attribution: { team: "search" } };
    await crosspoint.generate(attributed);
    const error = await failureOf(crosspoint.generate(attributed));
    expect(error).toMatchObject({
      code: "BUDGET_EXCEEDED",
      status: 429,
      retryable: false,
      retryAfter: 15 * 3_600_000,
      param: "team=search usd/day",
    });
    expect(error.message).toBe(
      'budget "team=search usd/day" (team "search") allows 0.00012 USD in its window (day): 0.000015 USD used, 0 USD held by calls that run, ' +
        "this call may take 0.00011 USD; there is room again at 2026-11-17T00:00:00.000Z",
    );
    expect(sent).toHaveLength(1);
    await crosspoint.generate({ ...call, attribution: { team: "other" } });
    await clock.advance(15 * 3_600_000);
    await crosspoint.generate(attributed);
    expect(sent).toHaveLength(3);
  });

  test("says of a call that can never fit what would make it fit", async () => {
    const { crosspoint } = wired({ budgets: [nano(100_000)] });
    const error = await failureOf(crosspoint.generate(call));
    expect(error.retryAfter).toBeUndefined();
    expect(error.message).toMatch(
      /may take 0.00011 USD; no such call ever fits: lower its maxOutputTokens, or give the budget expectedOutput$/,
    );
    const { crosspoint: limited } = wired({ limits: [{ tpm: 10 }] });
    expect((await failureOf(limited.generate(call))).message).toMatch(
      /in its window \(the last 60 s\): .* or give the limit expectedOutput$/,
    );
  });

  test("concurrent calls cannot pass it together", async () => {
    const { crosspoint, sent } = wired({ budgets: [nano(350_000)] });
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => crosspoint.generate(call)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    expect(sent).toHaveLength(3);
    const [state] = await crosspoint.budgets();
    expect(state).toMatchObject({ used: (3 * ANSWERED) / 1e9, reserved: 0 });
  });

  test("what is held comes free: a refusal for that reason asks to try again soon", async () => {
    let answer!: (response: Response) => void;
    const { crosspoint } = wired({ budgets: [nano(150_000)] }, () => new Promise((resolve) => (answer = resolve)));
    const first = crosspoint.generate(call);
    await new Promise((resolve) => setImmediate(resolve));
    await expect.poll(async () => (await crosspoint.budgets())[0]!.reserved).toBeGreaterThan(0);
    expect((await failureOf(crosspoint.generate(call))).retryAfter).toBe(1_000);
    answer(chatAnswer("Hello"));
    await first;
    expect((await crosspoint.budgets())[0]!.reserved).toBe(0);
  });

  test("a failed call gives back what it held", async () => {
    const { crosspoint } = wired({ budgets: [nano(150_000)] }, () => failure(500, {}));
    for (let turn = 0; turn < 3; turn++) expect((await failureOf(crosspoint.generate(call))).code).toBe("SERVER");
    expect((await crosspoint.budgets())[0]).toMatchObject({ used: 0, reserved: 0 });
  });

  test("without maxOutputTokens the model's most is reserved, or what the budget expects", async () => {
    const { maxOutputTokens: _, ...open } = call;
    const { crosspoint } = wired({ budgets: [nano(10_000_000)] });
    // gpt-4o writes up to 16,384 tokens.
    expect((await failureOf(crosspoint.generate(open))).message).toContain("this call may take 0.0163");
    const expecting = wired({ budgets: [nano(10_000_000, { expectedOutput: 500 })] });
    await expecting.crosspoint.generate(open);
  });

  test("a model without a price is refused, unless told otherwise; a free one passes a full budget", async () => {
    const unknown = { ...call, model: "openai-chat/none-such-9" };
    const { crosspoint } = wired({ budgets: [nano(0)], prices: { "openai-chat/free-1": { input: 0, output: 0 } } });
    const error = await failureOf(crosspoint.generate(unknown));
    expect([error.code, error.message]).toEqual(["BUDGET_EXCEEDED", expect.stringContaining("option prices")]);
    await crosspoint.generate({ ...call, model: "openai-chat/free-1" });
    await wired({ budgets: [nano(1e6, { unknownPrice: "allow" })] }).crosspoint.generate(unknown);
  });

  test("one of a provider sends the call elsewhere", async () => {
    const models = { smart: { deployments: [model], fallbacks: ["groq/llama-3.3-70b-versatile"] } };
    const { crosspoint } = wired({ models, budgets: [nano(0, { scope: { provider: "openai-chat" } })] });
    const response = await crosspoint.generate({ ...call, model: "smart" });
    expect(response.attempts).toMatchObject([
      { provider: "openai-chat", outcome: "failure", error: { code: "BUDGET_EXCEEDED" } },
      { provider: "groq", outcome: "success" },
    ]);
  });

  test("tokens, requests, and each value by itself", async () => {
    const budgets: BudgetOption[] = [
      { id: "tokens", unit: "tokens", limit: 1_000, window: "lifetime" },
      { id: "each", unit: "requests", limit: 1, scope: { user: "*" }, window: "hour" },
      { id: "tags", unit: "requests", limit: 10, scope: { tag: "*" } },
    ];
    const { crosspoint } = wired({ budgets });
    const as = (user: string) => crosspoint.generate({ ...call, attribution: { user, tags: ["a", "b"] } });
    await as("u1");
    await as("u2");
    expect((await failureOf(as("u1"))).message).toContain('budget "each" (user "u1")');
    await crosspoint.generate(call);
    expect(await crosspoint.budgets({ user: "u1", tags: ["b"] })).toMatchObject([
      { id: "tokens", used: 45, reserved: 0 },
      { id: "each", scope: { user: "u1" }, used: 1 },
      { id: "tags", scope: { tag: "b" }, used: 2 },
    ]);
    expect((await crosspoint.budgets()).map(({ id }) => id)).toEqual(["tokens"]);
  });
});

test("over HTTP a refusal has its status and says how long to wait", async () => {
  const { crosspoint } = wired({ budgets: [nano(120_000, { scope: { team: "search" }, window: "day" })] });
  const ask = () =>
    crosspoint.fetch("http://crosspoint.invalid/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json", "x-crosspoint-team": "search" },
      body: JSON.stringify({ model, messages, max_tokens: 100 }),
    });
  expect((await ask()).status).toBe(200);
  const response = await ask();
  expect([response.status, response.headers.get("retry-after")]).toEqual([429, String(15 * 3_600)]);
  expect(await response.text()).toContain('budget \\"team=search usd/day\\"');
});

describe("a budget that downgrades", () => {
  const models = { big: model, small: "openai-chat/gpt-4o-mini", blind: "openai-chat/gpt-3.5-turbo" };

  test("sends the call to the model named, with a warning, past its own limit", async () => {
    const { crosspoint, sent } = wired({ models, budgets: [nano(0, { id: "b", onExceed: "downgrade", to: "small" })] });
    const response = await crosspoint.generate({ ...call, model: "big" });
    expect(sent.map(({ body }) => body["model"])).toEqual(["gpt-4o-mini"]);
    expect(response.warnings).toContainEqual({ type: "other", feature: "model", details: 'budget "b" is used up: big gave way to small' });
    expect((await crosspoint.budgets())[0]).toMatchObject({ used: 1_500 / 1e9, reserved: 0, remaining: 0 });
  });

  test("finds the cheapest that can take the call", async () => {
    const cheap = { ...prices, "openai-chat/gpt-3.5-turbo": { input: 0.01, output: 0.01 } };
    const { crosspoint, sent } = wired({ models, prices: cheap, budgets: [nano(0, { onExceed: "downgrade" })] });
    const image = { type: "file", mediaType: "image/png", data: { type: "url", url: "https://example.com/a.png" } } as const;
    await crosspoint.generate({ ...call, model: "big" });
    await crosspoint.generate({ ...call, model: "big", messages: [{ role: "user", content: [image] }] });
    expect(sent.map(({ body }) => body["model"])).toEqual(["gpt-3.5-turbo", "gpt-4o-mini"]);
  });

  test("refuses when nothing is cheaper", async () => {
    const { crosspoint } = wired({ budgets: [nano(0, { onExceed: "downgrade" })] });
    expect((await failureOf(crosspoint.generate(call))).code).toBe("BUDGET_EXCEEDED");
  });
});

test("alerts are told once a window, in order, and stop nothing", async () => {
  const alerts: SpendAlert[] = [];
  const budget = nano(4 * ANSWERED, { id: "b", onExceed: "alert", alertAt: [0.5, 0.75], window: "hour" });
  const { crosspoint, clock } = wired({ budgets: [budget], onAlert: (alert) => void alerts.push(alert) });
  const told = () => alerts.splice(0).map(({ share }) => share);
  const after = [];
  for (let turn = 0; turn < 6; turn++) {
    await crosspoint.generate(call);
    await crosspoint.budgets();
    after.push(told());
  }
  expect(after).toEqual([[], [0.5], [0.75], [1], [], []]);
  await clock.advance(3_600_000);
  await crosspoint.generate(call);
  await crosspoint.generate(call);
  await crosspoint.budgets();
  expect(alerts).toEqual([
    { type: "threshold", budget: "b", scope: {}, share: 0.5, used: (2 * ANSWERED) / 1e9, limit: (4 * ANSWERED) / 1e9, unit: "usd" },
  ]);
});

describe("limits", () => {
  test("calls a minute: RATE_LIMITED with the time to wait, after which there is room", async () => {
    const { crosspoint, clock, sent } = wired({ limits: [{ rpm: 2, scope: { user: "*" } }] });
    const as = { ...call, attribution: { user: "u" } };
    await crosspoint.generate(as);
    await clock.advance(30_000);
    await crosspoint.generate(as);
    const error = await failureOf(crosspoint.generate(as));
    expect(error).toMatchObject({ code: "RATE_LIMITED", status: 429, retryable: false });
    expect(error.retryAfter).toBeGreaterThan(30_000 - 1);
    expect(error.retryAfter).toBeLessThanOrEqual(31_000);
    await clock.advance(error.retryAfter! - 1);
    expect((await failureOf(crosspoint.generate(as))).retryAfter).toBe(1);
    await clock.advance(1);
    await crosspoint.generate(as);
    expect(sent).toHaveLength(3);
  });

  test("what a limit refuses says nothing of the deployment: it stays in service for others", async () => {
    const models = {
      pair: {
        deployments: [
          { model, id: "one" },
          { model, id: "two" },
        ],
      },
    };
    const { crosspoint, sent } = wired({ models, limits: [{ rpm: 1, scope: { user: "*" } }] });
    const ask = (user: string) => crosspoint.generate({ ...call, model: "pair", attribution: { user } });
    await ask("u");
    expect(await failureOf(ask("u"))).toMatchObject({ code: "RATE_LIMITED" });
    expect((await crosspoint.health()).map(({ state, total }) => [state, total.failures])).toEqual([
      ["closed", 0],
      ["closed", 0],
    ]);
    await ask("v");
    expect(sent).toHaveLength(2);
  });

  test("parallel calls, also those of a stream that is read", async () => {
    const answers: ((response: Response) => void)[] = [];
    const { crosspoint } = wired({ limits: [{ parallel: 2 }] }, () => new Promise((resolve) => answers.push(resolve)));
    const running = [crosspoint.generate(call), crosspoint.generate(call)];
    await expect.poll(() => answers.length).toBe(2);
    expect(await failureOf(crosspoint.generate(call))).toMatchObject({ code: "RATE_LIMITED", retryAfter: 1_000 });
    for (const answer of answers) answer(chatAnswer("Hello"));
    await Promise.all(running);
    const third = crosspoint.generate(call);
    await expect.poll(() => answers.length).toBe(3);
    answers[2]!(chatAnswer("Hello"));
    await third;
  });

  test("tokens a minute count what was used, once it is known", async () => {
    const { crosspoint } = wired({ limits: [{ tpm: 150 }] });
    for (let turn = 0; turn < 2; turn++) await crosspoint.generate(call);
    expect((await failureOf(crosspoint.generate({ ...call, maxOutputTokens: 140 }))).code).toBe("RATE_LIMITED");
    expect(await crosspoint.budgets()).toMatchObject([{ id: "all tokens/tpm", unit: "tokens", used: 30, reserved: 0, limit: 150 }]);
  });

  test("a retry counts as the same call, and each attempt where the limit names who answers", async () => {
    const models = { pair: { deployments: [model, "groq/llama-3.3-70b-versatile"] } };
    const limits = [
      { rpm: 5, parallel: 1 },
      { scope: { provider: "*" }, rpm: 5 },
    ];
    const { crosspoint } = wired({ models, retries: 1, limits, random: () => 0 }, (_, index) =>
      index === 0 ? failure(401, {}) : chatAnswer("Hello"),
    );
    const { attempts } = await crosspoint.generate({ ...call, model: "pair" });
    expect(attempts).toHaveLength(2);
    expect(await crosspoint.budgets({ provider: "groq" })).toMatchObject([
      { unit: "requests", used: 1 },
      { unit: "parallel", used: 0, reserved: 0 },
      { unit: "requests", scope: { provider: "groq" }, used: 1 },
    ]);
    expect((await crosspoint.budgets({ provider: "openai-chat" }))[2]).toMatchObject({ used: 1 });
  });
});

test("a lease that its process renews no more ends within a minute; one that runs is renewed", async () => {
  let answer!: (response: Response) => void;
  const { crosspoint, clock } = wired(
    { budgets: [nano(150_000)], timeout: Infinity, deadline: Infinity },
    () => new Promise((resolve) => (answer = resolve)),
  );
  const running = crosspoint.generate(call);
  await clock.advance(10 * 60_000);
  expect((await crosspoint.budgets())[0]!.reserved).toBeGreaterThan(0);
  answer(chatAnswer("Hello"));
  await running;
  expect((await crosspoint.budgets())[0]).toMatchObject({ used: ANSWERED / 1e9, reserved: 0 });
});

test("required attribution: a call without it is refused before anything else", async () => {
  const { crosspoint, sent } = wired({ require: ["team", "tags"] });
  const error = await failureOf(crosspoint.generate({ ...call, attribution: { team: "a" } }));
  expect([error.code, error.param]).toEqual(["BAD_REQUEST", "attribution.tags"]);
  await crosspoint.withAttribution({ tags: ["x"] }, () => crosspoint.generate({ ...call, attribution: { team: "a" } }));
  expect(sent).toHaveLength(1);
});

test.each([
  [{ budgets: [{ limit: -1 }] }, "budgets[0].limit"],
  [{ budgets: [{ limit: 1e8 }] }, "budgets[0].limit"],
  [{ budgets: [{ limit: 1, window: "year" }] }, "budgets[0].window"],
  [{ budgets: [{ limit: 1, window: { every: "day", timeZone: "Mars/Olympus" } }] }, "budgets[0].window"],
  [{ budgets: [{ limit: 1, window: { rolling: 10 } }] }, "budgets[0].window"],
  [{ budgets: [{ limit: 1, window: { every: "day", timezone: "Europe/Berlin" } }] }, "budgets[0].window"],
  [{ budgets: [{ limit: 1, window: { every: "day", rolling: "day" } }] }, "budgets[0].window"],
  [{ budgets: [{ limit: 1, window: { rolling: "day", timeZone: "Europe/Berlin" } }] }, "budgets[0].window"],
  [{ budgets: [{ limit: 0.5, unit: "requests" }] }, "budgets[0].limit"],
  [{ budgets: [{ limit: 1, alertAt: 80 }] }, "budgets[0].alertAt"],
  [{ budgets: [{ limit: 1, alertAt: "0.8" }] }, "budgets[0].alertAt"],
  [{ budgets: [{ limit: 1, to: "openai/gpt-5-nano" }] }, "budgets[0].to"],
  [{ budgets: [{ limit: 1, scope: { team: ["search", "*"] } }] }, "budgets[0].scope.team"],
  [{ budgets: [{ limit: 1, scope: { teem: "x" } }] }, "budgets[0].scope.teem"],
  [{ budgets: [{ limit: 1, scope: { team: 7 } }] }, "budgets[0].scope.team"],
  [{ budgets: [{ limit: 1, onExceed: "explode" }] }, "budgets[0].onExceed"],
  [{ budgets: [{ limit: 1, max: 2 }] }, "budgets[0].max"],
  [{ budgets: [null] }, "budgets[0].limit"],
  [{ budgets: {} }, "budgets"],
  [{ limits: [{}] }, "limits[0]"],
  [{ limits: [{ rpm: "10" }] }, "limits[0].rpm"],
  [{ limits: [{ parallel: 1.5 }] }, "limits[0].parallel"],
  [{ onSpend: 5 }, "onSpend"],
  [{ retention: 0 }, "retention"],
  [{ store: "disk" }, "store"],
  [{ require: ["teem"] }, "require"],
  [{ currency: { code: "EUR" } }, "currency.rate"],
  [{ currency: { code: "EUR", rate: 0 } }, "currency.rate"],
  [{ retention: Infinity }, "retention"],
])("the option at fault is named: %j", (options, param) => {
  expect(() => wired(options as CrosspointOptions)).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS", param }));
});
