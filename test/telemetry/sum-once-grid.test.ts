import { describe, expect, test } from "vitest";
import type { CrosspointOptions } from "../../src/index.ts";
import { chatAnswer, chatFrames, createFeed, failure, streamed, type Reply } from "../support/wire.ts";
import { FACES } from "./support/faces.ts";
import { langfuseShows, phoenixShows, signozShows } from "./support/rules.ts";
import { createTraced } from "./support/spans.ts";

const usage = {
  prompt_tokens: 1_000,
  completion_tokens: 200,
  total_tokens: 1_200,
  prompt_tokens_details: { cached_tokens: 600 },
  completion_tokens_details: { reasoning_tokens: 150 },
};
const answer: Reply = ({ body }) => (body["stream"] === true ? streamed(chatFrames(["Hello ", "there"])) : chatAnswer("Hello"));
/** Read from the provider's prompt cache, and partly reasoning. */
const cached: Reply = ({ body }) =>
  body["stream"] === true
    ? streamed(chatFrames(["Hello"]).map((frame) => frame.replace(/"usage":\{.*?\}/, `"usage":${JSON.stringify(usage)}`)))
    : chatAnswer("Hello", { usage });
const failing =
  (status: number): Reply =>
  (sent, index) =>
    index === 0 ? failure(status, {}) : answer(sent, index);
/** Whole answers do not break off half-way: their body is cut. */
const cut: Reply = ({ body }) =>
  body["stream"] === true ? streamed(chatFrames(["Hello ", "there"]).slice(0, 3)) : new Response('{"id":"chatcmpl-1","choi', { headers: { "content-type": "application/json" } }); // oxfmt-ignore
const never: Reply = ({ signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }));
const slow: Reply = (sent, index) => (index === 0 ? never(sent, index) : answer(sent, index));
/** Shows some text and waits. */
const waiting: Reply = ({ signal }) => {
  const feed = createFeed(signal);
  for (const frame of chatFrames(["Hello there"]).slice(0, 2)) feed.push(frame);
  return feed.response;
};

/** Waits between tries are over at once. */
const clock = {
  now: () => Date.now(),
  after(ms: number, callback: () => void) {
    const timer = setTimeout(callback, ms >= 30_000 ? ms : Math.min(ms, 5));
    return () => clearTimeout(timer);
  },
};

interface Scenario {
  readonly reply: Reply;
  readonly options?: CrosspointOptions;
  readonly attempts: readonly string[];
  readonly aborts?: true;
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  direct: { reply: answer, attempts: ["first success"] },
  "prompt cache": { reply: cached, attempts: ["first success"] },
  retry: { reply: failing(500), attempts: ["first failure", "retry success"] },
  fallback: { reply: failing(500), options: { retries: 0 }, attempts: ["first failure", "fallback success"] },
  hedge: { reply: slow, options: { hedge: { afterMs: 5, maxExtraCost: 9 } }, attempts: ["first aborted", "hedge success"] },
  cut: { reply: cut, options: { retries: 0, fallbacks: [] }, attempts: ["first failure"] },
  abort: { reply: (sent, index) => (sent.body["stream"] === true ? waiting(sent, index) : never(sent, index)), attempts: ["first aborted"], aborts: true }, // oxfmt-ignore
};

const models = (name: string): NonNullable<CrosspointOptions["models"]> => {
  const deployments = name === "hedge" ? ["openai-chat/gpt-4o", "openai-chat/gpt-4o"] : ["openai-chat/gpt-4o"];
  return { smart: { deployments, fallbacks: name === "fallback" ? ["openai-chat/gpt-4o-mini"] : [] } };
};

const cells = Object.keys(FACES).flatMap((face) => Object.keys(SCENARIOS).map((scenario) => [face, scenario] as const));

describe("what tools show of the spans is what the spend log holds", () => {
  test.each(cells)("%s: %s", async (face, name) => {
    const { reply, options, attempts, aborts } = SCENARIOS[name]!;
    const { ask, streams } = FACES[face]!;
    const traced = createTraced(reply, { clock, models: models(name), ...options });
    const controller = new AbortController();
    const reached = (): void => (aborts === true ? controller.abort() : undefined);
    const asking = ask({ traced, model: "smart", signal: controller.signal, reached });
    if (aborts === true && !streams)
      await expect
        .poll(() => traced.sent.length, { interval: 2 })
        .toBe(1)
        .then(reached);
    await asking.catch(() => {});
    await expect.poll(() => traced.rows.length, { interval: 2 }).toBe(1);
    await expect.poll(() => traced.started.every((span) => traced.endings.has(span.spanContext().spanId)), { interval: 2 }).toBe(true);
    const [row] = traced.rows;
    expect(row!.attempts.map(({ reason, outcome }) => `${reason} ${outcome}`)).toEqual(attempts);
    const tokens = row!.usage?.total ?? 0;
    expect(tokens).toBeGreaterThan(0);
    expect(langfuseShows(traced.spans())).toEqual({ tokens, nanoUsd: row!.cost?.nanoUsd ?? 0, guessed: [] });
    expect(phoenixShows(traced.spans())).toEqual({ tokens });
    expect(signozShows(traced.spans()).tokens).toBe(tokens);
    expect([...traced.endings.values()].every((count) => count === 1)).toBe(true);
  });
});
