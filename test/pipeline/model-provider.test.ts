import { beforeEach, describe, expect, test } from "vitest";
import { CrosspointError, createCrosspoint, type ModelProvider, type ModelRequest, type StreamEvent } from "../../src/index.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const usage = { input: { total: 10, uncached: 10 }, output: { total: 2, text: 2 }, total: 12 };

const start: readonly StreamEvent[] = [
  { type: "response-start", id: "r1", model: "inner" },
  { type: "text-start", id: "t" },
];
const end: readonly StreamEvent[] = [
  { type: "text-end", id: "t" },
  { type: "response-end", finishReason: { unified: "stop" }, usage },
];
const say = (text: string): readonly StreamEvent[] => [{ type: "text-delta", id: "t", text }];

const asked: ModelRequest[] = [];
beforeEach(() => void asked.splice(0));

function answering(...batches: readonly (readonly StreamEvent[])[]): ModelProvider {
  return {
    async *call(request) {
      asked.push(request);
      yield* batches;
    },
  };
}

describe("a provider that is a function", () => {
  test("answers whole, with cost, attribution and where it came from", async () => {
    const rows: unknown[] = [];
    const crosspoint = createCrosspoint({
      env: {},
      providers: { mine: answering(start, say("Hel"), say("lo"), end) },
      prices: { "mine/m": { input: 1, output: 2 } },
      attribution: { team: "search" },
      onSpend: (row) => void rows.push(row),
    });
    const response = await crosspoint.generate({ model: "mine/m", messages, temperature: 0.5 });
    expect(response).toMatchObject({ text: "Hello", model: "inner", provider: "mine", deployment: "mine/m", usage });
    expect(response.cost?.nanoUsd).toBe(14_000);
    expect(asked).toMatchObject([{ messages, temperature: 0.5 }]);
    expect(rows).toMatchObject([{ attribution: { team: "search" }, outcome: "success", provider: "mine" }]);
  });

  test("streams what it gives, as it gives it", async () => {
    const crosspoint = createCrosspoint({ env: {}, providers: { mine: answering(start, say("Hel"), [], say("lo"), end) } });
    const stream = crosspoint.stream({ model: "mine/m", messages });
    const texts: string[] = [];
    for await (const text of stream.textStream) texts.push(text);
    expect(texts).toEqual(["Hel", "lo"]);
    expect((await stream.response).attempts).toMatchObject([{ outcome: "success", provider: "mine" }]);
  });

  test("is retried, and fallen back from, like any other", async () => {
    let tries = 0;
    const failing: ModelProvider = {
      async *call() {
        tries += 1;
        yield [];
        throw new CrosspointError("OVERLOADED", "busy", { retryAfter: 0 });
      },
    };
    const crosspoint = createCrosspoint({
      env: {},
      providers: { down: failing, mine: answering(start, say("ok"), end) },
      models: { smart: { deployments: ["down/m"], fallbacks: ["mine/m"] } },
      retries: 1,
    });
    const response = await crosspoint.generate({ model: "smart", messages });
    expect([tries, response.text]).toEqual([2, "ok"]);
    expect(response.attempts.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ["down", "failure"],
      ["down", "failure"],
      ["mine", "success"],
    ]);
  });

  test("an answer without its end is interrupted, in the middle of a stream too", async () => {
    const crosspoint = createCrosspoint({ env: {}, retries: 0, providers: { mine: answering(start, say("half")) } });
    await expect(crosspoint.generate({ model: "mine/m", messages })).rejects.toMatchObject({ code: "STREAM_INTERRUPTED" });
    const read = async (): Promise<void> => {
      for await (const _ of crosspoint.stream({ model: "mine/m", messages }));
    };
    await expect(read()).rejects.toMatchObject({ code: "STREAM_INTERRUPTED", deployment: "mine/m" });
  });

  test("one that never answers and hears no signal ends with the timeout", async () => {
    const deaf: ModelProvider = {
      async *call() {
        await new Promise(() => {});
        yield [];
      },
    };
    const crosspoint = createCrosspoint({ env: {}, providers: { mine: deaf }, retries: 0, timeout: 5, firstEventTimeout: 5 });
    await expect(crosspoint.generate({ model: "mine/m", messages })).rejects.toMatchObject({ code: "TIMEOUT" });
    await expect(crosspoint.stream({ model: "mine/m", messages }).response).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  test("leaving a stream ends the function", async () => {
    let left = false;
    const endless: ModelProvider = {
      async *call() {
        try {
          yield start;
          for (;;) yield say("x");
        } finally {
          left = true;
        }
      },
    };
    const crosspoint = createCrosspoint({ env: {}, providers: { mine: endless } });
    for await (const event of crosspoint.stream({ model: "mine/m", messages })) if (event.type === "text-delta") break;
    await new Promise((resolve) => setTimeout(resolve));
    expect(left).toBe(true);
  });

  test("its signal aborts with the caller's", async () => {
    const controller = new AbortController();
    let heard: unknown;
    const patient: ModelProvider = {
      async *call(_request, { signal }) {
        controller.abort();
        heard = signal.aborted;
        yield [];
      },
    };
    const crosspoint = createCrosspoint({ env: {}, providers: { mine: patient } });
    const call = crosspoint.generate({ model: "mine/m", messages, signal: controller.signal });
    await expect(call).rejects.toMatchObject({ code: "ABORTED" });
    expect(heard).toBe(true);
  });

  test("is listed as configured, and its key needs no check", async () => {
    const crosspoint = createCrosspoint({ env: {}, providers: { mine: answering(start, end) } });
    expect(await crosspoint.checkKey("mine")).toEqual({ provider: "mine", ok: true });
    expect(() => createCrosspoint({ env: {}, providers: { mine: { call: "no" as unknown as ModelProvider["call"] } } })).toThrow(
      /call must be/,
    );
  });
});
