import { getEventListeners } from "node:events";
import { TracerProvider, type ReadableSpan } from "@opentelemetry/sdk-trace";
import { createCrosspoint, CrosspointError, type CallRequest, type SpendRow, type StrategyName, type StreamEvent } from "crosspoint";
import { expect, test } from "vitest";
import { createChance } from "../support/chance.ts";
import { ANSWER, createChaos, createFastClock } from "./chaos-provider.ts";

const AT_ONCE = 250;
const MODES = ["error", "restart", "continue", "buffer"] as const;
const STRATEGIES: readonly StrategyName[] = ["shuffle", "round-robin", "least-busy", "latency", "usage", "cost", "cache-affinity"];

const place = (id: string, more: object = {}): { model: string; id: string; apiKey: string } => ({
  model: "openai-chat/gpt-4o",
  id,
  apiKey: `sk-${id}-0000000000`,
  ...more,
});
const models = {
  ...Object.fromEntries(
    STRATEGIES.map((strategy, index) => [
      strategy,
      {
        deployments: [
          place(`${strategy}1`),
          place(`${strategy}2`, { maxParallelRequests: 20 }),
          place(`${strategy}3`, { order: 2, rpm: 100_000 }),
        ],
        strategy,
        fallbacks: [STRATEGIES[(index + 1) % STRATEGIES.length]!, "last"],
      },
    ]),
  ),
  last: { deployments: [place("last")] },
};

/** Counts the spans that begin, and how often each ends. */
function createSpanCount(): { readonly tracerProvider: TracerProvider; readonly started: Set<string>; readonly ended: string[] } {
  const started = new Set<string>();
  const ended: string[] = [];
  const counter = {
    onStart: (span: { spanContext(): { spanId: string } }) => void started.add(span.spanContext().spanId),
    onEnd: (span: ReadableSpan) => void ended.push(span.spanContext().spanId),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  return { tracerProvider: new TracerProvider({ spanProcessors: [counter] }), started, ended };
}

/** As `expect`, for what is looked at a hundred thousand times. */
function must(holds: boolean, ...facts: unknown[]): void {
  if (!holds) expect.fail(facts.map(String).join(", "));
}

/** Holds what a reader sees against the answer, event by event. */
function createWitness(mode: (typeof MODES)[number]): { see(event: StreamEvent): void; readonly shown: string; readonly ended: boolean } {
  let shown = "";
  let ended = false;
  let begun = false;
  const open = new Set<string>();
  return {
    see(event) {
      must(!ended, mode, event.type, "after the end");
      switch (event.type) {
        case "response-restart":
          must(mode === "restart", mode, "a restart");
          shown = "";
          begun = false;
          open.clear();
          break;
        case "response-start":
          must(!begun, mode, "two heads");
          begun = true;
          break;
        case "text-start":
          open.add(event.id);
          break;
        case "text-end":
          must(open.delete(event.id), mode, "an end without a start");
          break;
        case "text-delta":
          must(open.has(event.id), mode, "text outside of a block");
          shown += event.text;
          must(ANSWER.startsWith(shown), mode, shown);
          break;
        case "response-end":
          ended = true;
          must(begun && open.size === 0, mode, "an end with open blocks");
          break;
        default:
          must(false, event.type);
      }
    },
    get shown() {
      return shown;
    },
    get ended() {
      return ended;
    },
  };
}

/**
 * Makes so many calls at providers that fail by chance, and holds what comes of it against what must be: each ends, within its tries, with nothing left open,
 * nothing shown twice, and all of it paid for once. `bound`: the milliseconds that one attempt may be silent.
 */
async function storm(calls: number, bound: number, silence: boolean): Promise<void> {
  const chance = createChance(20_261_120);
  const clock = createFastClock();
  const { fetch, open, asked } = createChaos(chance, silence);
  const spans = createSpanCount();
  const rows = new Map<string, SpendRow>();
  const twice: string[] = [];
  const crosspoint = createCrosspoint({
    env: {},
    fetch,
    clock,
    random: chance,
    models,
    timeout: bound,
    firstEventTimeout: bound,
    idleTimeout: bound,
    deadline: bound * 15,
    budgets: [
      { id: "money", limit: 1_000_000, window: "lifetime" },
      { id: "tokens", limit: 1_000_000_000, unit: "tokens", window: "lifetime" },
      { id: "poor", scope: { user: "poor" }, limit: 1_000, unit: "tokens", window: "lifetime", expectedOutput: 20 },
      { id: "thrifty", scope: { user: "thrifty" }, limit: 100, unit: "requests", window: "lifetime", onExceed: "downgrade", to: "last" },
      { id: "local", scope: { provider: "openai-chat" }, limit: 1_000_000_000, unit: "tokens", window: "lifetime" },
    ],
    limits: [{ id: "few", scope: { user: "few" }, parallel: 5 }],
    telemetry: { tracerProvider: spans.tracerProvider },
    onSpend(row) {
      const name = row.attribution!.session!;
      if (rows.has(name)) twice.push(name);
      rows.set(name, row);
    },
  });

  /** How each call ended for its caller: `success`, `left`, or the code of its error. */
  const outcomes = new Map<string, string>();
  const told = new Map<string, number>();
  const streamed = new Map<string, (typeof MODES)[number]>();
  /** When a reader left that had seen something. */
  const leftAt = new Map<string, number>();
  /** The signal of a program that runs on: what listens to it must go. */
  const lasting = new AbortController().signal;
  const users = ["rich", "rich", "rich", "rich", "rich", "rich", "few", "poor", "thrifty"];
  const one = async (name: string): Promise<void> => {
    const mode = MODES[Math.floor(chance() * MODES.length)]!;
    const patience = chance();
    const signal = patience < 0.1 ? AbortSignal.timeout(Math.ceil(chance() * 20)) : patience < 0.5 ? lasting : undefined;
    const request: CallRequest = {
      model: STRATEGIES[Math.floor(chance() * STRATEGIES.length)]!,
      messages: [{ role: "user", content: "Hi" }],
      recovery: mode,
      headers: { "x-call": name },
      attribution: { session: name, user: users[Math.floor(chance() * users.length)]! },
      ...(chance() < 0.3 && { hedge: { afterMs: 1_500, maxExtraCost: 1 } }),
      ...(signal !== undefined && { signal }),
    };
    let outcome = "success";
    let witness: ReturnType<typeof createWitness> | undefined;
    try {
      if (chance() < 0.2) {
        const { text, cost } = await crosspoint.generate(request);
        expect(text).toBe(ANSWER);
        told.set(name, cost!.nanoUsd);
      } else {
        const leaves = chance() < 0.08;
        witness = createWitness(mode);
        streamed.set(name, mode);
        const stream = crosspoint.stream(request);
        const later = leaves && chance() < 0.6;
        if (later) {
          const seen = witness;
          clock.after(chance() * 6_000, () => {
            if (seen.shown !== "") leftAt.set(name, clock.now());
            stream.cancel();
          });
        }
        for await (const event of stream) {
          witness.see(event);
          if (event.type === "response-end") told.set(name, event.cost!.nanoUsd);
          if (leaves && !later && witness.shown.length > 10) break;
        }
        if (leaves) outcome = "left";
        else {
          expect(witness.ended).toBe(true);
          expect(witness.shown).toBe(ANSWER);
        }
      }
    } catch (error) {
      if (!CrosspointError.is(error)) throw error;
      outcome = error.code;
      must(mode !== "buffer" || (witness?.shown ?? "") === "", "buffer: shown before the end", witness?.shown);
    }
    outcomes.set(name, outcome);
  };
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < calls) await one(`call-${next++}`);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));

  // Nothing is left open: rows, timers, exchanges, spans, listeners, places.
  const poll = { timeout: 5_000 };
  await expect.poll(() => rows.size, poll).toBe(calls);
  expect(twice).toEqual([]);
  const log = await crosspoint.spend({});
  const states = await crosspoint.budgets({ user: "poor" });
  await expect.poll(() => [clock.pending.size, open.size], poll).toEqual([0, 0]);
  expect(getEventListeners(lasting, "abort")).toHaveLength(0);
  expect((await crosspoint.health()).filter(({ inFlight }) => inFlight !== 0)).toEqual([]);
  expect(spans.ended).toHaveLength(spans.started.size);
  expect(new Set(spans.ended).size).toBe(spans.started.size);
  const attemptsOf = [...rows.values()].map(({ attempts }) => attempts.length);
  expect(spans.started.size).toBe(calls + attemptsOf.reduce((sum, each) => sum + each));

  let nanoUsd = 0;
  let tokens = 0;
  for (const [name, { attempts, outcome, usage, cost, error }] of rows) {
    const got = outcomes.get(name)!;
    const facts = [name, got, outcome, ...attempts.map((each) => `${each.reason} ${each.outcome} ${each.error?.code}`)];
    const tried = (reason: string): number => attempts.filter((each) => each.reason === reason).length;
    // Two retries, a hedge, and one try at each of seven other groups; a budget that refused the call lets it begin anew elsewhere.
    must(tried("first") <= (attempts[0]?.error?.code === "BUDGET_EXCEEDED" ? 2 : 1), "first", ...facts);
    must(tried("retry") <= 2 && tried("hedge") <= 1 && tried("fallback") <= 7, "tries", ...facts);
    // Every request is an attempt's, and what showed something was asked.
    const requests = asked.get(name) ?? 0;
    must(requests <= attempts.length, "requests", requests, ...facts);
    must(requests >= attempts.filter(({ firstEventMs }) => firstEventMs !== undefined).length, "requests", requests, ...facts);
    // The row says what the caller got.
    if (got === "success") must(outcome === "success" && attempts.some((each) => each.outcome === "success"), ...facts);
    else if (got === "ABORTED") must(outcome === "aborted", ...facts);
    else if (got !== "left") must(outcome === "failure" && error?.code === got, ...facts);
    for (const attempt of attempts) {
      must(attempt.durationMs! >= 0, "not over", ...facts);
      // What broke off, or was left, after it had shown something is paid for as well.
      if (attempt.firstEventMs !== undefined) must(attempt.usage!.total! > 0 && attempt.cost!.nanoUsd > 0, "unpaid", ...facts);
    }
    // Who lost to another, or was left, was given up at once: its time did not run out later.
    const raced = attempts.filter(({ reason }) => reason === "first" || reason === "hedge");
    const won = raced.find((each) => each.firstEventMs !== undefined && each.outcome !== "aborted");
    const racedUntil = won === undefined || streamed.get(name) === "buffer" ? Infinity : won.startedAt + won.firstEventMs!;
    const until = leftAt.get(name) ?? Infinity;
    for (const each of attempts) {
      const end = each.error?.code === "TIMEOUT" ? each.startedAt + each.durationMs! : 0;
      must(each === won || end <= until, "ran on after its reader left", ...facts);
      must(each === won || !raced.includes(each) || end <= racedUntil, "ran on after another answered", ...facts);
      must(each.startedAt <= until, "began after its reader left", ...facts);
    }
    const total = attempts.reduce((sum, each) => sum + (each.cost?.nanoUsd ?? 0), 0);
    const used = attempts.reduce((sum, each) => sum + (each.usage?.total ?? 0), 0);
    must((cost?.nanoUsd ?? 0) === total && (usage?.total ?? 0) === used, "sums", ...facts);
    // The answer tells what its parts cost: its own attempt's, or where it was gone on with, of each that showed something.
    const wrote = attempts.filter((each) =>
      streamed.get(name) === "continue" ? each.firstEventMs !== undefined && each.outcome !== "aborted" : each.outcome === "success",
    );
    if (got === "success")
      must(told.get(name) === wrote.reduce((sum, each) => sum + each.cost!.nanoUsd, 0), "told", told.get(name), ...facts);
    nanoUsd += total;
    tokens += used;
  }
  // The log and the budgets hold the same sums, and nothing is reserved any more.
  expect(log.lines).toMatchObject([{ calls: calls, nanoUsd: BigInt(nanoUsd) }]);
  const all = [...states, ...(await crosspoint.budgets({ user: "few" })), ...(await crosspoint.budgets({ provider: "openai-chat" }))];
  const stateOf = (id: string): (typeof all)[number] => all.find((each) => each.id.startsWith(id))!;
  for (const state of all) expect([state.id, state.reserved]).toEqual([state.id, 0]);
  expect(Math.round(stateOf("money").used * 1e9)).toBe(nanoUsd);
  expect([stateOf("tokens").used, stateOf("local").used]).toEqual([tokens, tokens]);
  const poor = [...rows.values()]
    .filter(({ attribution }) => attribution?.user === "poor")
    .reduce((sum, { usage }) => sum + (usage?.total ?? 0), 0);
  expect(stateOf("poor").used).toBe(poor);
  expect(stateOf("few").used).toBe(0);

  const counts: Partial<Record<string, readonly string[]>> = Object.groupBy(outcomes.values(), (each) => each);
  // A busy machine lets time bounds pass: how many succeed is not the point.
  expect((counts["success"] ?? []).length / calls).toBeGreaterThan(0.3);
  if (calls > 1_000)
    for (const code of ["ABORTED", "STREAM_INTERRUPTED", "CONTENT_POLICY", "BUDGET_EXCEEDED", "RATE_LIMITED", "left"])
      expect([code, (counts[code] ?? []).length > 0]).toEqual([code, true]);
  for (const code of Object.keys(counts)) expect(["BAD_REQUEST", "INVALID_OPTIONS", "UNSUPPORTED"]).not.toContain(code);
  await crosspoint.close();
  expect(clock.pending.size).toBe(0);
}

test("10,000 calls under random faults", () => storm(10_000, 4_000, true), 240_000);

// A timer that outlives its call stands out where it would wait for long.
test("400 calls under random faults, with time bounds that nothing meets", () => storm(400, 40_000_000, false), 120_000);
