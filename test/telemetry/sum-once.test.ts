import { describe, expect, test } from "vitest";
import type { Crosspoint } from "../../src/index.ts";
import { chatAnswer, chatFrames, createFeed, failure, streamed, type Reply } from "../support/wire.ts";
import { langfuseShows, phoenixShows, signozShows } from "./support/rules.ts";
import { createTraced, type Traced } from "./support/spans.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const models = {
  one: "openai-chat/gpt-4o",
  smart: { deployments: ["openai-chat/gpt-4o", "openai-chat/gpt-4o-mini"], fallbacks: ["groq/llama-3.3-70b-versatile"] },
};

/** What the tools show of the spans is what the spend log holds, to the last integer. */
function expectSumsAgree({ spans, rows }: Pick<Traced, "spans" | "rows">, calls: number): void {
  const tokens = rows.reduce((sum, { usage }) => sum + (usage?.total ?? 0), 0);
  const nanoUsd = rows.reduce((sum, { cost }) => sum + (cost?.nanoUsd ?? 0), 0);
  expect(langfuseShows(spans())).toEqual({ tokens, nanoUsd, guessed: [] });
  expect(phoenixShows(spans())).toEqual({ tokens });
  expect(signozShows(spans())).toEqual({ calls, tokens });
}

const usage = {
  prompt_tokens: 1_000,
  completion_tokens: 200,
  total_tokens: 1_200,
  prompt_tokens_details: { cached_tokens: 600 },
  completion_tokens_details: { reasoning_tokens: 150 },
};
const answer: Reply = ({ body }) => (body["stream"] === true ? streamed(chatFrames(["Hello ", "there"])) : chatAnswer("Hello", { usage }));
const failing =
  (times: number, status: number): Reply =>
  (sent, index) =>
    index < times ? failure(status, {}) : answer(sent, index);
const cut: Reply = () => streamed(chatFrames(["Hello ", "there"]).slice(0, 3));

type Ask = (crosspoint: Crosspoint, model: string) => Promise<unknown>;
const generate: Ask = (crosspoint, model) => crosspoint.generate({ model, messages });
const stream: Ask = (crosspoint, model) => crosspoint.stream({ model, messages }).response;
const leave: Ask = async (crosspoint, model) => {
  for await (const event of crosspoint.stream({ model, messages })) if (event.type === "text-delta") return;
};
const abort: Ask = async (crosspoint, model) => {
  const controller = new AbortController();
  reached = () => controller.abort();
  await crosspoint.generate({ model, messages, signal: controller.signal });
};
/** Called when the provider that never answers is asked. */
let reached = (): void => {};
const held: Reply = ({ signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    setTimeout(reached, 1);
  });
const waiting: Reply = ({ signal }) => {
  const feed = createFeed(signal);
  for (const frame of chatFrames(["Hello there"]).slice(0, 2)) feed.push(frame);
  return feed.response;
};

/** Waits that are over at once. */
const clock = {
  now: () => Date.now(),
  after(ms: number, callback: () => void) {
    const timer = setTimeout(callback, ms >= 30_000 ? ms : 0);
    return () => clearTimeout(timer);
  },
};

const SCENARIOS: readonly (readonly [name: string, reply: Reply, ask: Ask, calls: number])[] = [
  ["an answer", answer, generate, 1],
  ["a stream", answer, stream, 1],
  ["retries", failing(2, 500), generate, 3],
  ["retries of a stream", failing(1, 429), stream, 2],
  ["a failure", failing(9, 400), generate, 1],
  ["a cut stream", cut, stream, 1],
  ["a stream that is left", waiting, leave, 1],
  ["an abort", held, abort, 1],
];

describe.each(["one", "smart"])("sums agree: %s", (model) => {
  test.each(SCENARIOS)("%s", async (_name, reply, ask, calls) => {
    const traced = createTraced(reply, { models, clock });
    await ask(traced.crosspoint, model).catch(() => {});
    expect(traced.rows).toHaveLength(1);
    expectSumsAgree(traced, calls);
  });
});

test("sums agree: a fallback after all deployments failed", async () => {
  const traced = createTraced(failing(2, 403), {
    models,
    clock,
    prices: { "groq/llama-3.3-70b-versatile": { input: 0.59, output: 0.79 } },
  });
  await generate(traced.crosspoint, "smart");
  expect(traced.rows[0]!.attempts.map(({ reason }) => reason)).toEqual(["first", "retry", "fallback"]);
  expectSumsAgree(traced, 3);
});

test("sums agree: two deployments that race, the loser with what it may cost", async () => {
  const traced = createTraced((sent, index) => (index === 0 ? held(sent, index) : answer(sent, index)), {
    models: { smart: { deployments: ["openai-chat/gpt-4o", "openai-chat/gpt-4o"] } },
    hedge: { afterMs: 5, maxExtraCost: 9 },
  });
  reached = () => {};
  await generate(traced.crosspoint, "smart");
  await expect.poll(() => traced.rows.length).toBe(1);
  expect(traced.rows[0]!.attempts.map(({ reason, outcome }) => `${reason} ${outcome}`)).toEqual(["first aborted", "hedge success"]);
  expect(traced.rows[0]!.attempts[0]!.usage?.estimated).toBe(true);
  expectSumsAgree(traced, 2);
  const [lost, won] = traced.started
    .slice(1)
    .map((span) => traced.spans().find((each) => each.spanContext().spanId === span.spanContext().spanId)!);
  expect(lost!.attributes["crosspoint.cancelled"]).toBe(true);
  expect(won!.links).toMatchObject([
    { context: { spanId: lost!.spanContext().spanId }, attributes: { "crosspoint.link.reason": "hedge" } },
  ]);
  expect([...traced.endings.values()]).toEqual([1, 1, 1]);
});

test.each(["restart", "continue", "buffer"] as const)("sums agree: a stream that breaks and is made good (%s)", async (recovery) => {
  const traced = createTraced((sent, index) => (index === 0 ? cut(sent, index) : answer(sent, index)), { models, clock, recovery });
  await stream(traced.crosspoint, "smart");
  expect(traced.rows[0]!.attempts.map(({ outcome }) => outcome)).toEqual(["failure", "success"]);
  expectSumsAgree(traced, 2);
  expect([...traced.endings.values()]).toEqual([1, 1, 1]);
});

test("without a spend log an abort tells the same", async () => {
  const told = [];
  for (const counts of [true, false]) {
    const traced = createTraced(held, { models }, {}, counts);
    await abort(traced.crosspoint, "one").catch(() => {});
    told.push(langfuseShows(traced.spans()));
  }
  expect(told[0]!.tokens).toBeGreaterThan(0);
  expect(told[0]).toEqual(told[1]);
});

test.each(["1.41", "next", "both"] as const)("sums agree with the names of conventions %s", async (semconv) => {
  const traced = createTraced(answer, { models }, { semconv });
  await generate(traced.crosspoint, "one");
  expectSumsAgree(traced, 1);
});

test("sums agree with every preset at once", async () => {
  const presets = ["langfuse", "openinference", "langsmith", "sentry", "openlit", "signoz", "litellm"] as const;
  const traced = createTraced(answer, { models }, { presets });
  await stream(traced.crosspoint, "smart");
  expectSumsAgree(traced, 1);
});

test("the rules see what counts twice", async () => {
  const traced = createTraced(answer, { models }, { presets: [] });
  await generate(traced.crosspoint, "one");
  const span = traced.spans()[0]!;
  expect(langfuseShows([span, span]).tokens).toBe(2_400);
  expect(phoenixShows([span, span]).tokens).toBe(2_400);
  expect(signozShows([span, span])).toEqual({ calls: 2, tokens: 2_400 });
  expect(langfuseShows([{ ...span, attributes: { "gen_ai.request.model": "gpt-4o" } } as unknown as typeof span]).guessed).toEqual([
    "chat gpt-4o",
  ]);
});
