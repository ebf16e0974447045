import { describe, expect, test } from "vitest";
import { CrosspointError, type CrosspointOptions, type SpendRow } from "../../src/index.ts";
import { createFakeClock } from "../support/clock.ts";
import { chatAnswer, chatFrames, createWired, failure, streamed, type Reply, type Sent } from "../support/wire.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const A = { model: "openai-chat/gpt-4o", id: "a", apiKey: "sk-key-a-00000000" };
const B = { model: "openai-chat/gpt-4o", id: "b", apiKey: "sk-key-b-00000000" };
const keyOf = (sent: Sent): string => /sk-key-(\w)/.exec(sent.headers.get("authorization") ?? "")?.[1] ?? "?";

function wired(reply: Reply, options: CrosspointOptions = {}) {
  const clock = createFakeClock();
  const models = { main: { deployments: [A, B], strategy: "round-robin" } } as const;
  /** Answers after so many milliseconds, or never when the call is given up before. */
  const later = (ms: number, answer: () => Response, signal: AbortSignal): Promise<Response> =>
    new Promise((resolve, reject) => {
      const stop = clock.after(ms, () => resolve(answer()));
      signal.addEventListener("abort", () => {
        stop();
        reject(signal.reason as Error);
      });
    });
  return { clock, later, ...createWired(reply, { clock, random: () => 0, models, ...options }) };
}

describe("hedging", () => {
  test("a slow call gets a second one; the faster answers, the other is cancelled and billed", async () => {
    const rows: SpendRow[] = [];
    const spied = wired((each) => spied.later(keyOf(each) === "a" ? 5_000 : 100, () => chatAnswer(keyOf(each)), each.signal), {
      hedge: { afterMs: 300 },
      onSpend: (row) => void rows.push(row),
    });
    const pending = spied.crosspoint.generate({ model: "main", messages });
    await spied.clock.advance(450);
    const response = await pending;
    expect(response).toMatchObject({ text: "b", deployment: "b" });
    expect(response.attempts).toMatchObject([
      { deployment: "a", reason: "first", outcome: "aborted" },
      { deployment: "b", reason: "hedge", outcome: "success" },
    ]);
    expect(spied.sent[0]!.signal.aborted).toBe(true);
    await spied.clock.advance(0);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ deployment: "b", outcome: "success" });
    // What the loser was asked counts, as an estimate.
    expect(rows[0]!.usage!.input.total).toBeGreaterThan(10);
    expect(rows[0]!.cost!.nanoUsd).toBeGreaterThan(response.cost!.nanoUsd);
    expect(spied.clock.pending).toBe(0);
  });

  test("a call that is fast enough stays alone", async () => {
    const spied = wired((each) => spied.later(200, () => chatAnswer("ok"), each.signal), { hedge: { afterMs: 300 } });
    const pending = spied.crosspoint.generate({ model: "main", messages });
    await spied.clock.advance(1_000);
    expect((await pending).attempts).toHaveLength(1);
    expect(spied.clock.pending).toBe(0);
  });

  test("a deployment of weight 0 is not the second one", async () => {
    const spied = wired((each) => spied.later(1_000, () => chatAnswer(keyOf(each)), each.signal), {
      models: { main: { deployments: [A, { ...B, weight: 0 }] } },
      hedge: { afterMs: 300 },
    });
    const pending = spied.crosspoint.generate({ model: "main", messages });
    await spied.clock.advance(1_100);
    expect((await pending).attempts).toMatchObject([{ deployment: "a", outcome: "success" }]);
  });

  test("streams: the first to show something is shown, whole", async () => {
    const spied = wired(
      (each) => spied.later(keyOf(each) === "a" ? 900 : 50, () => streamed(chatFrames([keyOf(each), "!"])), each.signal),
      {
        hedge: { afterMs: 100 },
      },
    );
    const stream = spied.crosspoint.stream({ model: "main", messages });
    const response = stream.response;
    await spied.clock.advance(2_000);
    expect((await response).text).toBe("b!");
    expect((await response).cost?.nanoUsd).toBe(10 * 2_500 + 5 * 10_000);
  });

  test("the slow one still wins when the second is slower", async () => {
    const spied = wired((each) => spied.later(keyOf(each) === "a" ? 500 : 5_000, () => chatAnswer(keyOf(each)), each.signal), {
      hedge: { afterMs: 100 },
    });
    const pending = spied.crosspoint.generate({ model: "main", messages });
    await spied.clock.advance(600);
    expect((await pending).deployment).toBe("a");
    expect(spied.sent[1]!.signal.aborted).toBe(true);
    expect(spied.clock.pending).toBe(0);
  });

  test("one that fails leaves the word to the other; both failing, the search goes on as ever", async () => {
    const first = wired((each) => first.later(200, () => (keyOf(each) === "a" ? failure(503, {}) : chatAnswer("b")), each.signal), {
      hedge: { afterMs: 100 },
    });
    const pending = first.crosspoint.generate({ model: "main", messages });
    await first.clock.advance(400);
    expect((await pending).deployment).toBe("b");
    const second = wired((each) => second.later(200, () => failure(503, {}), each.signal), { hedge: { afterMs: 100 }, retries: 0 });
    const failing = second.crosspoint.generate({ model: "main", messages }).catch((error: unknown) => error);
    await second.clock.advance(10_000);
    expect(CrosspointError.is(await failing, "OVERLOADED")).toBe(true);
    expect(second.sent).toHaveLength(2);
    expect(second.clock.pending).toBe(0);
  });

  test("a call that fails before its time is up is retried at once", async () => {
    const spied = wired((each) => (keyOf(each) === "a" ? failure(503, {}) : chatAnswer("b")), { hedge: { afterMs: 60_000 } });
    const response = await spied.crosspoint.generate({ model: "main", messages });
    expect(response.attempts.map(({ reason }) => reason)).toEqual(["first", "retry"]);
    expect(spied.clock.pending).toBe(0);
  });

  test("extra cost has its bound", async () => {
    const spied = wired((each) => spied.later(1_000, () => chatAnswer("ok"), each.signal), { hedge: { afterMs: 100, maxExtraCost: 0.25 } });
    let hedges = 0;
    for (let call = 0; call < 41; call++) {
      const pending = spied.crosspoint.generate({ model: "main", messages });
      await spied.clock.advance(3_000);
      hedges += (await pending).attempts.length - 1;
    }
    // A first one is free, then one of four.
    expect(hedges).toBeGreaterThanOrEqual(9);
    expect(hedges).toBeLessThanOrEqual(11);
  }, 30_000);

  test("p95 waits as long as nearly all calls took, once there were some", async () => {
    let ms = 200;
    const spied = wired((each) => spied.later(ms, () => chatAnswer("ok"), each.signal), { hedge: { afterMs: "p95", maxExtraCost: 1 } });
    for (let call = 0; call < 24; call++) {
      const pending = spied.crosspoint.generate({ model: "main", messages });
      await spied.clock.advance(500);
      expect((await pending).attempts).toHaveLength(1);
      if (call === 1) ms = 100;
    }
    ms = 2_000;
    const pending = spied.crosspoint.generate({ model: "main", messages });
    await spied.clock.advance(190);
    expect(spied.sent).toHaveLength(25);
    await spied.clock.advance(20);
    expect(spied.sent).toHaveLength(26);
    await spied.clock.advance(5_000);
    await pending;
  });

  test("the caller's abort ends both", async () => {
    const spied = wired((each) => spied.later(60_000, () => chatAnswer("x"), each.signal), { hedge: { afterMs: 100 } });
    const controller = new AbortController();
    const pending = spied.crosspoint.generate({ model: "main", messages, signal: controller.signal }).catch((error: unknown) => error);
    await spied.clock.advance(200);
    expect(spied.sent).toHaveLength(2);
    controller.abort();
    expect(CrosspointError.is(await pending, "ABORTED")).toBe(true);
    expect(spied.sent.every(({ signal }) => signal.aborted)).toBe(true);
    await spied.clock.advance(0);
    expect(spied.clock.pending).toBe(0);
  });
});
