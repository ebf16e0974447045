import fc from "../support/fast-check.ts";
import { expect, test } from "vitest";
import type { Attempt, BudgetState, Crosspoint, SpendRow, Store } from "../../src/index.ts";
import { memoryStore } from "../../src/spend/memory.ts";
import { chatAnswer, chatFrames, createFeed, createWired, failure, type Reply } from "../support/wire.ts";

await import("../../src/pipeline/spending.ts");

/** What the provider does with one request. */
type Fate = "answer" | "cut" | "empty" | "silent" | "no usage" | "unreachable" | "nonsense" | 400 | 401 | 429 | 500 | 503;
const FATES: readonly Fate[] = [
  "answer",
  "answer",
  "answer",
  "cut",
  "empty",
  "silent",
  "no usage",
  "unreachable",
  "nonsense",
  400,
  401,
  429,
  500,
  503,
];

/** What the caller does. */
interface Plan {
  readonly team: string;
  readonly model: string;
  readonly way: "generate" | "read" | "leave" | "never read" | "abort early" | "abort late";
  readonly retries: number;
  readonly wait: number;
}

const plans = fc.record({
  team: fc.constantFrom("a", "b"),
  model: fc.constantFrom("openai-chat/gpt-4o", "pair", "falling"),
  way: fc.constantFrom("generate", "generate", "read", "read", "leave", "never read", "abort early", "abort late"),
  retries: fc.nat(2),
  wait: fc.nat(3),
});

const other = "groq/llama-3.3-70b-versatile";
const models = {
  pair: { deployments: ["openai-chat/gpt-4o", other] },
  falling: { deployments: ["openai-chat/gpt-4o"], fallbacks: [other] },
};
const prices = { "openai-chat/gpt-4o": { input: 2.5, output: 10 }, [other]: { input: 0.59, output: 0.79 } };

function replyWith(fates: readonly Fate[]): Reply {
  return async ({ signal, body }, index) => {
    const fate = fates[index % fates.length]!;
    const streams = body["stream"] === true;
    const frames = chatFrames(["one ", "two ", "three"]);
    if (typeof fate === "number") return failure(fate, {});
    if (fate === "unreachable") throw new TypeError("fetch failed");
    if (fate === "nonsense") return new Response("<html>", { headers: { "content-type": "text/html" } });
    if (fate === "silent") {
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }));
    }
    if (!streams) return chatAnswer("one two three", fate === "no usage" ? { usage: undefined } : {});
    const feed = createFeed(signal);
    const shown =
      fate === "cut"
        ? frames.slice(0, 3)
        : fate === "empty"
          ? []
          : fate === "no usage"
            ? frames.filter((frame) => !frame.includes('"usage"'))
            : frames;
    for (const frame of shown) feed.push(frame);
    feed.close();
    return feed.response;
  };
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

async function carryOut({ team, model, way, retries, wait }: Plan, crosspoint: Crosspoint): Promise<void> {
  const stop = new AbortController();
  const messages = [{ role: "user", content: "Count to three." }] as const;
  const request = {
    model,
    messages,
    retries,
    maxOutputTokens: 50,
    attribution: { team },
    signal: stop.signal,
    timeout: 40,
    firstEventTimeout: 40,
  };
  await turns(wait);
  try {
    if (way === "generate") await crosspoint.generate(request);
    else if (way.startsWith("abort")) {
      const running = crosspoint.generate(request);
      running.catch(() => {});
      if (way === "abort late") await turns(2);
      stop.abort();
      await running;
    } else {
      const stream = crosspoint.stream(request);
      if (way === "never read") return stream.cancel();
      for await (const event of stream) if (way === "leave" && event.type === "text-delta") break;
    }
  } catch {
    // how a call fails is told elsewhere; here only what is counted matters
  }
}

const PARALLEL = "all parallel/parallel";
const sum = (list: readonly (number | undefined)[]): number => list.reduce<number>((total, each) => total + (each ?? 0), 0);

/** A store that answers a moment later, as one on another machine does. */
function distantStore(): Store {
  const inner = memoryStore();
  const entries = Object.entries(inner).map(([name, method]) => [
    name,
    async (...given: unknown[]) => {
      await turns(1);
      const answer = await (method as (...given: unknown[]) => unknown)(...given);
      await turns(1);
      return answer;
    },
  ]);
  return Object.fromEntries(entries) as Store;
}

test.each([
  ["in memory", () => "memory" as const, 150],
  ["that is distant", distantStore, 60],
])(
  "whatever happens to calls, a store %s has spend log, attempts and budgets agree, and nothing stays held",
  async (_, open, numRuns) => {
    const run = fc.asyncProperty(
      fc.array(plans, { minLength: 1, maxLength: 12 }),
      fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: 15 }),
      fc.constantFrom(0.0005, 0.002, 1),
      fc.constantFrom(2, 100),
      async (calls, fates, limit, parallel) => {
        const rows: SpendRow[] = [];
        const { crosspoint } = createWired(replyWith(fates), {
          models,
          prices,
          random: () => 0,
          onSpend: (row) => void rows.push(row),
          budgets: [
            { id: "cap", limit, window: "lifetime" },
            { id: "teams", scope: { team: "*" }, limit: 1, window: "lifetime", onExceed: "alert" },
            { id: "providers", scope: { provider: "*" }, limit: 1, window: "lifetime", onExceed: "alert" },
            { id: "tokens", unit: "tokens", limit: 1e6, window: "lifetime" },
            { id: "calls", unit: "requests", limit: 1e6, window: "lifetime" },
            { id: "attempts", unit: "requests", limit: 1e6, window: "lifetime", scope: { provider: ["openai-chat", "groq"] } },
          ],
          limits: [{ parallel }],
          store: open(),
        });
        await Promise.all(calls.map((plan) => carryOut(plan, crosspoint)));
        await turns(3);

        const { entries } = await crosspoint.spendLog({ limit: 10_000 });
        const { lines } = await crosspoint.spend({ groupBy: ["team"] });
        const total = sum(entries.map(({ nanoUsd }) => nanoUsd));
        expect(entries).toHaveLength(calls.filter(({ way }) => way !== "never read").length);
        expect(rows).toHaveLength(entries.length);
        for (const { attempts, nanoUsd, inputTokens, outputTokens } of entries) {
          expect(nanoUsd).toBe(sum(attempts.map((each) => each.nanoUsd)));
          expect(inputTokens ?? 0).toBe(sum(attempts.map((each) => each.inputTokens)));
          expect(outputTokens ?? 0).toBe(sum(attempts.map((each) => each.outputTokens)));
        }
        expect(sum(rows.map(({ cost }) => cost?.nanoUsd))).toBe(total);

        const states = new Map<string, BudgetState>();
        for (const query of [{}, { team: "a" }, { team: "b" }, { provider: "openai-chat" }, { provider: "groq" }]) {
          for (const state of await crosspoint.budgets(query)) states.set(`${state.id} ${Object.values(state.scope).join()}`, state);
        }
        for (const state of states.values()) expect([state.id, state.reserved]).toEqual([state.id, 0]);
        const used = (name: string): number => Math.round((states.get(name)?.used ?? 0) * 1e9);
        expect(used("cap ")).toBe(total);
        expect(used("cap ")).toBeLessThanOrEqual(limit * 1e9);
        for (const team of ["a", "b"]) {
          expect(used(`teams ${team}`)).toBe(Number(lines.find(({ group }) => group.team === team)?.nanoUsd ?? 0));
        }
        expect(used("providers openai-chat") + used("providers groq")).toBe(total);
        expect(states.get("tokens ")!.used).toBe(sum(entries.map(({ inputTokens = 0, outputTokens = 0 }) => inputTokens + outputTokens)));
        // What a budget or limit refused was no attempt; a call is one that made an attempt. Of one that was given up while the store was asked, the
        // record does not tell which it was.
        const isRefused = ({ error }: Attempt): boolean => error?.param === "cap" || error?.param === PARALLEL;
        const isUnclear = ({ error, usage }: Attempt): boolean => error?.code === "ABORTED" && usage === undefined;
        const sure = rows.map(({ attempts }) => attempts.filter((each) => !isRefused(each) && !isUnclear(each)).length);
        const most = rows.map(({ attempts }) => attempts.filter((each) => !isRefused(each)).length);
        const callsUsed = states.get("calls ")!.used;
        expect(callsUsed).toBeGreaterThanOrEqual(sure.filter((count) => count > 0).length);
        expect(callsUsed).toBeLessThanOrEqual(most.filter((count) => count > 0).length);
        const attemptsUsed = states.get("attempts openai-chat|groq")!.used;
        expect(attemptsUsed).toBeGreaterThanOrEqual(sum(sure));
        expect(attemptsUsed).toBeLessThanOrEqual(sum(most));
        await crosspoint.close();
      },
    );
    await fc.assert(run, { numRuns });
  },
  60_000,
);
