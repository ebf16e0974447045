import { context, propagation, SpanStatusCode, trace } from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { describe, expect, test } from "vitest";
import { CrosspointError, type CrosspointOptions, type StreamEvent } from "../../src/index.ts";
import { createFakeClock } from "../support/clock.ts";
import { untilCollected } from "../support/collect.ts";
import { chatAnswer, chatFrames, createFeed, streamed, type Feed } from "../support/wire.ts";
import { createTraced, idOf, inside, parentOf, type Traced } from "./support/spans.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const model = "openai-chat/gpt-4o";
const group = { smart: { deployments: [model], fallbacks: ["groq/llama-3.3-70b-versatile"] } };

/** A stream that has shown some text and waits. */
function halfway(options: CrosspointOptions = {}): Traced & { readonly feeds: readonly Feed[] } {
  const feeds: Feed[] = [];
  const traced = createTraced(
    ({ signal }) => {
      const feed = createFeed(signal);
      feeds.push(feed);
      for (const frame of chatFrames(["Hello there"]).slice(0, 2)) feed.push(frame);
      return feed.response;
    },
    { models: group, retries: 0, ...options },
  );
  return { ...traced, feeds };
}

async function untilText(iterator: AsyncIterator<StreamEvent>): Promise<void> {
  for (;;) {
    const { value } = await iterator.next();
    if ((value as StreamEvent).type === "text-delta") return;
  }
}

/** Every span that started has ended, once. */
function expectEnded({ started, endings }: Traced, count: number): void {
  expect(started).toHaveLength(count);
  expect(started.map((span) => endings.get(idOf(span)))).toEqual(started.map(() => 1));
}

describe("a span ends once", () => {
  test("when the reader stops early", async () => {
    const traced = halfway();
    for await (const event of traced.crosspoint.stream({ model: "smart", messages })) if (event.type === "text-delta") break;
    expectEnded(traced, 2);
    expect(traced.spans().map(({ status }) => status.code)).toEqual([0, 0]);
    expect(traced.spans().map(({ attributes }) => attributes["crosspoint.cancelled"])).toEqual([true, true]);
  });

  test("when the reader throws", async () => {
    const traced = halfway();
    const read = async (): Promise<void> => {
      for await (const event of traced.crosspoint.stream({ model: "smart", messages }))
        if (event.type === "text-delta") throw new Error("mine");
    };
    await expect(read()).rejects.toThrow("mine");
    expectEnded(traced, 2);
  });

  test("when the caller aborts", async () => {
    const traced = halfway();
    const controller = new AbortController();
    const iterator = traced.crosspoint.stream({ model: "smart", messages, signal: controller.signal })[Symbol.asyncIterator]();
    await untilText(iterator);
    controller.abort();
    await expect(iterator.next().then(() => iterator.next())).rejects.toThrow(CrosspointError);
    expectEnded(traced, 2);
    expect(traced.spans().map(({ status }) => status.code)).toEqual([0, 0]);
  });

  test("when the caller aborts before anything came", async () => {
    const controller = new AbortController();
    const traced = createTraced(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
          setTimeout(() => controller.abort(), 1);
        }),
      { models: group },
    );
    const call = traced.crosspoint.generate({ model: "smart", messages, signal: controller.signal });
    await expect(call).rejects.toThrow(CrosspointError);
    expectEnded(traced, 2);
    expect(traced.spans()[0]!.attributes).toMatchObject({ "crosspoint.cancelled": true, "crosspoint.usage.estimated": true });
    expect(traced.spans()[0]!.attributes["gen_ai.usage.cost"]).toBe(traced.rows[0]!.cost!.total);
  });

  test("when the stream falls silent", async () => {
    const clock = createFakeClock();
    const feed = createFeed();
    for (const frame of chatFrames(["Hello there"]).slice(0, 2)) feed.push(frame);
    const traced = createTraced(({ signal }) => (signal.addEventListener("abort", () => feed.fail(signal.reason as Error)), feed.response), { clock, retries: 0 }); // oxfmt-ignore
    const reading = traced.crosspoint.stream({ model, messages, idleTimeout: 1_000 }).response;
    reading.catch(() => {});
    await clock.advance(3_000);
    await expect(reading).rejects.toThrow(CrosspointError);
    expectEnded(traced, 1);
    expect(traced.spans()[0]).toMatchObject({ status: { code: SpanStatusCode.ERROR } });
    expect(traced.spans()[0]!.attributes["error.type"]).toBe("timeout");
  });

  test("when the layer is closed", async () => {
    const traced = halfway();
    const iterator = traced.crosspoint.stream({ model: "smart", messages })[Symbol.asyncIterator]();
    await untilText(iterator);
    await traced.crosspoint.close();
    await iterator
      .next()
      .then(() => iterator.next())
      .catch(() => {});
    expectEnded(traced, 2);
  });

  test("when an unknown model was asked for, there is none", async () => {
    const traced = createTraced(() => chatAnswer("x"));
    await expect(traced.crosspoint.generate({ model: "nothing-such", messages })).rejects.toThrow(CrosspointError);
    expect(traced.started).toEqual([]);
  });

  test("when the reader forgets the stream: its connection is closed, what it used is counted, nothing stays held", async () => {
    const traced = halfway({ budgets: [{ id: "all", scope: {}, limit: 1 }], limits: [{ id: "at once", scope: {}, parallel: 1 }] });
    await (async () => untilText(traced.crosspoint.stream({ model: "smart", messages })[Symbol.asyncIterator]()))();
    await untilCollected(() => traced.rows.length > 0);
    expectEnded(traced, 2);
    expect(traced.spans().map(({ attributes }) => attributes["crosspoint.stream.abandoned"])).toEqual([true, true]);
    expect(traced.spans().map(({ status }) => status.code)).toEqual([0, 0]);
    expect(traced.feeds[0]!.cancelled).toBe(true);
    expect(traced.rows[0]).toMatchObject({ outcome: "aborted", usage: { estimated: true } });
    expect(traced.spans()[0]!.attributes["gen_ai.usage.cost"]).toBe(traced.rows[0]!.cost!.total);
    const [budget, limit] = await traced.crosspoint.budgets();
    expect([budget!.reserved, limit!.reserved, limit!.remaining]).toEqual([0, 0, 1]);
    expect(budget!.used).toBe(traced.rows[0]!.cost!.total);
  });

  test("when nobody reads the body of a response of the layer", async () => {
    const traced = halfway({ limits: [{ id: "at once", scope: {}, parallel: 1 }] });
    const ask = async (): Promise<number> => {
      const body = JSON.stringify({ model: "smart", messages, stream: true });
      return (await traced.crosspoint.fetch("http://layer/v1/chat/completions", { method: "POST", body })).status;
    };
    expect(await ask()).toBe(200);
    await untilCollected(() => traced.rows.length > 0);
    expectEnded(traced, 2);
    expect(traced.feeds[0]!.cancelled).toBe(true);
    expect((await traced.crosspoint.budgets())[0]!.reserved).toBe(0);
  });

  test("without telemetry too, a forgotten stream is settled", async () => {
    const traced = halfway({ limits: [{ id: "at once", scope: {}, parallel: 1 }], telemetry: false });
    await (async () => untilText(traced.crosspoint.stream({ model: "smart", messages })[Symbol.asyncIterator]()))();
    await untilCollected(() => traced.rows.length > 0);
    expect(traced.feeds[0]!.cancelled).toBe(true);
    expect((await traced.crosspoint.budgets())[0]!.reserved).toBe(0);
  });

  test("when nobody reads on, which is not the provider's silence", async () => {
    const clock = createFakeClock();
    const traced = halfway({ clock });
    const iterator = traced.crosspoint.stream({ model: "smart", messages, idleTimeout: 1_000 })[Symbol.asyncIterator]();
    await untilText(iterator);
    const pending = iterator.next();
    pending.catch(() => {});
    for (const frame of chatFrames(["x"]).slice(1, 2)) traced.feeds[0]!.push(frame);
    await pending;
    await clock.advance(5_000);
    expectEnded(traced, 2);
    expect(traced.rows).toMatchObject([{ outcome: "aborted", error: { code: "ABORTED" } }]);
    await expect(iterator.next()).rejects.toMatchObject({ code: "ABORTED", message: expect.stringContaining("idleTimeout") as unknown });
    expect((await traced.crosspoint.health())[0]).toMatchObject({ total: { failures: 0 }, inFlight: 0 });
  });

  test("a span processor that throws breaks nothing", async () => {
    const broken = (): never => {
      throw new Error("mine");
    };
    for (const fault of [{ onStart: broken }, { onEnd: broken }]) {
      const processor = { onStart() {}, onEnd() {}, forceFlush: () => Promise.resolve(), shutdown: () => Promise.resolve(), ...fault };
      const tracerProvider = new TracerProvider({ spanProcessors: [processor] });
      const traced = createTraced(({ body }) => (body["stream"] === true ? streamed(chatFrames(["Hello"])) : chatAnswer("Hello")), { models: group }, { tracerProvider }); // oxfmt-ignore
      expect(await traced.crosspoint.generate({ model: "smart", messages })).toMatchObject({ text: "Hello" });
      expect(await traced.crosspoint.stream({ model, messages }).response).toMatchObject({ text: "Hello" });
    }
  });

  test("whatever a preset of the user does", async () => {
    const traced = createTraced(() => chatAnswer("Hello"), {}, { presets: [() => expect.fail("mine"), "langfuse"] });
    expect(await traced.crosspoint.generate({ model, messages })).toMatchObject({ text: "Hello" });
    expectEnded(traced, 1);
    expect(traced.spans()[0]!.attributes["langfuse.observation.type"]).toBe("generation");
  });
});

describe("a span stands where the call was made", () => {
  test("also many at once", async () => {
    const traced = createTraced(async ({ body }) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      return body["stream"] === true ? streamed(chatFrames(["Hello"])) : chatAnswer("Hello");
    });
    const expected = new Map<string, string>();
    const call = async (index: number): Promise<void> =>
      inside(traced.provider, `agent ${index}`, async (agent) => {
        expected.set(`u${index}`, idOf(agent));
        const request = { model, messages, attribution: { user: `u${index}` } };
        if (index % 2 === 0) await traced.crosspoint.generate(request);
        else for await (const _event of traced.crosspoint.stream(request)) await Promise.resolve();
      });
    await Promise.all(Array.from({ length: 50 }, (_each, index) => call(index)));
    expect(traced.spans()).toHaveLength(50);
    for (const span of traced.spans()) expect(parentOf(span)).toBe(expected.get(String(span.attributes["user.id"])));
  });

  test("also one at a time, when an earlier call's end lets the next one go", async () => {
    const traced = createTraced(async ({ body }) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return body["stream"] === true ? streamed(chatFrames(["Hello"])) : chatAnswer("Hello");
    });
    // A queue starts what waits in it from the end of what ran, as p-limit does: the call itself still is made in its own context.
    const waiting: (() => void)[] = [];
    let busy = false;
    const limit = async <T>(body: () => Promise<T>): Promise<T> => {
      if (busy) await new Promise<void>((resolve) => waiting.push(resolve));
      busy = true;
      try {
        return await body();
      } finally {
        busy = false;
        waiting.shift()?.();
      }
    };
    const run = (index: number): Promise<string> =>
      inside(traced.provider, `run ${index}`, (span) =>
        limit(async () => {
          if (index % 2 === 0) await traced.crosspoint.generate({ model, messages });
          else for await (const _event of traced.crosspoint.stream({ model, messages })) await Promise.resolve();
          return idOf(span);
        }),
      );
    const runs = await Promise.all([0, 1, 2, 3].map(run));
    expect(traced.spans().map(parentOf)).toEqual(runs);
  });

  test("and not where its stream is read", async () => {
    const traced = createTraced(() => streamed(chatFrames(["Hello"])));
    const { stream, maker } = inside(traced.provider, "maker", (span) => ({
      stream: traced.crosspoint.stream({ model, messages }),
      maker: span,
    }));
    await inside(traced.provider, "reader", async () => {
      for await (const _event of stream) await Promise.resolve();
    });
    expect(parentOf(traced.spans()[0]!)).toBe(idOf(maker));
  });

  test("inside generators: where the generator's body runs", async () => {
    const traced = createTraced(() => streamed(chatFrames(["Hello"])));
    async function* agent(): AsyncGenerator<string> {
      yield* traced.crosspoint.stream({ model, messages }).textStream;
    }
    const texts: string[] = [];
    const outer = await inside(traced.provider, "caller", async (span) => {
      for await (const text of agent()) texts.push(text);
      return span;
    });
    expect(texts).toEqual(["Hello"]);
    expect(parentOf(traced.spans()[0]!)).toBe(idOf(outer));
  });

  test("a call within a call's reader nests under the program's span, not under the open attempt", async () => {
    const traced = createTraced(({ body }) => (body["stream"] === true ? streamed(chatFrames(["Hello"])) : chatAnswer("x")));
    await inside(traced.provider, "agent", async (agent) => {
      for await (const event of traced.crosspoint.stream({ model, messages })) {
        if (event.type === "text-delta") await traced.crosspoint.generate({ model, messages });
      }
      expect(traced.spans().map(parentOf)).toEqual([idOf(agent), idOf(agent)]);
    });
  });

  test("what asks the provider runs inside the attempt, without the caller's baggage", async () => {
    const seen: { span: string | undefined; baggage: unknown }[] = [];
    const traced = createTraced(() => {
      const active = context.active();
      seen.push({ span: trace.getSpanContext(active)?.spanId, baggage: propagation.getBaggage(active) });
      return chatAnswer("Hello");
    });
    const baggage = propagation.createBaggage({ "user.id": { value: "alice@example.com" } });
    await context.with(propagation.setBaggage(context.active(), baggage), () => traced.crosspoint.generate({ model, messages }));
    expect(seen).toEqual([{ span: idOf(traced.spans()[0]!), baggage: undefined }]);
  });

  test("a provider that is a function runs inside the attempt, each of its steps", async () => {
    const seen: (string | undefined)[] = [];
    const look = (): void => void seen.push(trace.getSpanContext(context.active())?.spanId);
    const traced = createTraced(() => chatAnswer("never"), {
      providers: {
        mine: {
          async *call() {
            look();
            yield [{ type: "response-start" }, { type: "text-start", id: "t" }, { type: "text-delta", id: "t", text: "Hi" }];
            look();
            yield [
              { type: "text-end", id: "t" },
              { type: "response-end", finishReason: { unified: "stop" } },
            ];
          },
        },
      },
    });
    await traced.crosspoint.stream({ model: "mine/any", messages }).response;
    expect(seen).toEqual([idOf(traced.spans()[0]!), idOf(traced.spans()[0]!)]);
  });
});
