import { expect, test } from "vitest";
import { createCrosspoint, CrosspointError, type Clock, type CallRequest, type SpendRow, type StrategyName } from "../../src/index.ts";
import { createChance } from "../support/chance.ts";
import { chatAnswer, chatFrames, failure } from "../support/wire.ts";

const SPEED = 400;
const WORDS = Array.from({ length: 12 }, (_, index) => ` w${index}`);
const CALLS = 10_000;
const AT_ONCE = 250;

/** A clock that runs fast and knows what waits. */
function createFastClock(): Clock & { readonly pending: ReadonlySet<object> } {
  const start = Date.now();
  const pending = new Set<object>();
  return {
    pending,
    now: () => start + (Date.now() - start) * SPEED,
    after(ms, callback) {
      const entry = {};
      pending.add(entry);
      const timer = setTimeout(() => {
        pending.delete(entry);
        callback();
      }, ms / SPEED);
      return () => {
        pending.delete(entry);
        clearTimeout(timer);
      };
    },
  };
}

test("10,000 calls under random faults: each ends, within its tries, with nothing left open and nothing shown twice", async () => {
  const chance = createChance(20_261_120);
  const clock = createFastClock();
  /** Bodies that are neither read to their end nor cancelled. */
  const open = new Set<object>();
  const rows = new Map<string, SpendRow>();

  const hang = (signal: AbortSignal): Promise<Response> =>
    new Promise((_, reject) => {
      if (signal.aborted) reject(signal.reason as Error);
      signal.addEventListener("abort", () => reject(signal.reason as Error));
    });
  /** A stream that ends, breaks, is cut or stalls somewhere. */
  const body = (signal: AbortSignal, what: "whole" | "cut" | "break" | "stall"): Response => {
    const frames = chatFrames(WORDS);
    const stop = what === "whole" ? frames.length : Math.floor(chance() * (frames.length - 2));
    let at = 0;
    const self = {};
    open.add(self);
    const stream = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          if (at < stop) return controller.enqueue(new TextEncoder().encode(frames[at++]));
          if (what === "stall") await hang(signal).catch(() => {});
          open.delete(self);
          if (signal.aborted) controller.error(signal.reason);
          else if (what === "break") controller.error(new Error("ECONNRESET"));
          else controller.close();
        },
        cancel: () => void open.delete(self),
      },
      { highWaterMark: 0 },
    );
    signal.addEventListener("abort", () => open.delete(self));
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  };
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const signal = init!.signal!;
    if (signal.aborted) throw signal.reason;
    const streams = (JSON.parse(init!.body as string) as { stream?: boolean }).stream === true;
    const die = chance();
    if (die < 0.08) return failure(503, {});
    if (die < 0.13) return failure(429, {}, { "retry-after": String(Math.ceil(chance() * 4)) });
    if (die < 0.16) return failure(500, {});
    if (die < 0.18) return failure(401, {});
    if (die < 0.2) return failure(400, { code: chance() < 0.5 ? "context_length_exceeded" : "content_policy_violation" });
    if (die < 0.23) throw new TypeError("fetch failed");
    if (die < 0.26) return hang(signal);
    if (die < 0.28) return new Response("<html>", { headers: { "content-type": "text/html" } });
    if (!streams) return chatAnswer(WORDS.join(""));
    return body(signal, die < 0.34 ? "cut" : die < 0.38 ? "break" : die < 0.42 ? "stall" : "whole");
  };

  const place = (id: string, more: object = {}): { model: string; id: string; apiKey: string } => ({
    model: "openai-chat/gpt-4o",
    id,
    apiKey: `sk-${id}-0000000000`,
    ...more,
  });
  const strategies: StrategyName[] = ["shuffle", "round-robin", "least-busy", "latency", "usage", "cost", "cache-affinity"];
  const groups = strategies.map(
    (strategy, index) =>
      [
        strategy,
        {
          deployments: [
            place(`${strategy}1`),
            place(`${strategy}2`, { maxParallelRequests: 20 }),
            place(`${strategy}3`, { order: 2, rpm: 100_000 }),
          ],
          strategy,
          fallbacks: [strategies[(index + 1) % strategies.length]!, "last"],
        },
      ] as const,
  );
  const crosspoint = createCrosspoint({
    env: {},
    fetch,
    clock,
    random: chance,
    models: { ...Object.fromEntries(groups), last: { deployments: [place("last")] } },
    timeout: 4_000,
    firstEventTimeout: 4_000,
    idleTimeout: 4_000,
    deadline: 60_000,
    onSpend: (row) => {
      expect(rows.has(row.id)).toBe(false);
      rows.set(row.id, row);
    },
  });

  const outcomes: Record<string, number> = {};
  const one = async (): Promise<void> => {
    const mode = (["error", "restart", "buffer"] as const)[Math.floor(chance() * 3)]!;
    const signal = chance() < 0.1 ? AbortSignal.timeout(Math.ceil(chance() * 20)) : undefined;
    const request: CallRequest = {
      model: strategies[Math.floor(chance() * strategies.length)]!,
      messages: [{ role: "user", content: "Hi" }],
      recovery: mode,
      ...(chance() < 0.3 && { hedge: { afterMs: 1_500, maxExtraCost: 1 } }),
      ...(signal !== undefined && { signal }),
    };
    let outcome = "success";
    try {
      if (chance() < 0.3) expect((await crosspoint.generate(request)).text).toBe(WORDS.join(""));
      else {
        const leaves = chance() < 0.05;
        let shown = "";
        let ended = false;
        for await (const event of crosspoint.stream(request)) {
          if (event.type === "response-restart") {
            expect(mode).toBe("restart");
            shown = "";
          }
          if (event.type === "text-delta") shown += event.text;
          expect(WORDS.join("").startsWith(shown)).toBe(true);
          ended ||= event.type === "response-end";
          if (leaves && shown.length > 10) break;
        }
        if (leaves) outcome = "left";
        else {
          expect(ended).toBe(true);
          expect(shown).toBe(WORDS.join(""));
        }
      }
    } catch (error) {
      if (!CrosspointError.is(error)) throw error;
      outcome = error.code;
    }
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  };
  let left = CALLS;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));

  await expect.poll(() => rows.size, { timeout: 5_000 }).toBe(CALLS);
  await expect.poll(() => [clock.pending.size, open.size], { timeout: 5_000 }).toEqual([0, 0]);
  expect((await crosspoint.health()).map(({ inFlight }) => inFlight).every((count) => count === 0)).toBe(true);
  for (const { attempts, outcome, usage, cost } of rows.values()) {
    // The first, two retries, a hedge, and one try at each of eight groups.
    expect(attempts.length).toBeLessThanOrEqual(3 + 1 + 8);
    expect(attempts.filter(({ reason }) => reason === "retry").length).toBeLessThanOrEqual(2);
    expect(attempts.filter(({ reason }) => reason === "hedge").length).toBeLessThanOrEqual(1);
    if (outcome === "success") expect(attempts.some((each) => each.outcome === "success")).toBe(true);
    const total = attempts.reduce((sum, each) => sum + (each.cost?.nanoUsd ?? 0), 0);
    expect(cost?.nanoUsd ?? 0).toBe(total);
    expect(usage?.total ?? 0).toBe(attempts.reduce((sum, each) => sum + (each.usage?.total ?? 0), 0));
  }
  const calls = Object.values(outcomes).reduce((sum, each) => sum + each, 0);
  expect(calls).toBe(CALLS);
  expect(outcomes["success"]! / CALLS).toBeGreaterThan(0.7);
  for (const code of ["ABORTED", "STREAM_INTERRUPTED", "CONTENT_POLICY", "left"]) expect(outcomes[code] ?? 0).toBeGreaterThan(0);
  for (const code of Object.keys(outcomes)) expect(["BAD_REQUEST", "INVALID_OPTIONS", "UNSUPPORTED"]).not.toContain(code);
}, 120_000);
