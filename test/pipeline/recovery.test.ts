import { describe, expect, test } from "vitest";
import { CrosspointError, type CrosspointOptions, type SpendRow, type StreamEvent } from "../../src/index.ts";
import { createFakeClock } from "../support/clock.ts";
import { chatFrames, createFeed, createWired, failure, streamed, type Reply } from "../support/wire.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const main = { deployments: ["openai-chat/gpt-4o"], fallbacks: ["groq/llama-3.3-70b-versatile"] };
const words = ["one ", "two ", "three ", "four"];
/** A stream that ends in the middle. */
const cut = (pieces = words): Response => streamed(chatFrames(pieces).slice(0, 3));
const isPrimary = (url: string): boolean => url.includes("api.openai.com");

function wired(reply: Reply, options: CrosspointOptions = {}) {
  const clock = createFakeClock();
  return { clock, ...createWired(reply, { clock, retries: 0, models: { main }, ...options }) };
}

async function read(stream: AsyncIterable<StreamEvent>): Promise<{ events: StreamEvent[]; error: unknown }> {
  const events: StreamEvent[] = [];
  try {
    for await (const event of stream) events.push(event);
    return { events, error: undefined };
  } catch (error) {
    return { events, error };
  }
}
const shown = (events: readonly StreamEvent[]): string =>
  events.map((event) => (event.type === "text-delta" ? event.text : event.type === "response-restart" ? "|" : "")).join("");

describe("a stream that breaks off after a part of it was shown", () => {
  const half: Reply = ({ url }) => (isPrimary(url) ? cut() : streamed(chatFrames(words)));

  test("error: the reader is told", async () => {
    const { crosspoint, sent } = wired(half);
    const { events, error } = await read(crosspoint.stream({ model: "main", messages }));
    expect(shown(events)).toBe("one two ");
    expect(CrosspointError.is(error, "STREAM_INTERRUPTED")).toBe(true);
    expect(sent).toHaveLength(1);
  });

  test("restart: what was shown is taken back and the answer begins anew; both attempts are paid for", async () => {
    const rows: SpendRow[] = [];
    const { crosspoint } = wired(half, { recovery: "restart", onSpend: (row) => void rows.push(row) });
    const stream = crosspoint.stream({ model: "main", messages });
    const { events, error } = await read(stream);
    expect(error).toBeUndefined();
    expect(shown(events)).toBe("one two |one two three four");
    const restart = events.findIndex(({ type }) => type === "response-restart");
    expect(events[restart + 1]).toMatchObject({ type: "response-start", provider: "groq" });
    const response = await stream.response;
    expect(response).toMatchObject({ text: "one two three four", provider: "groq" });
    expect(response.attempts).toMatchObject([
      { outcome: "failure", error: { code: "STREAM_INTERRUPTED" } },
      { outcome: "success", reason: "fallback" },
    ]);
    expect(rows).toHaveLength(1);
    expect(rows[0]!.usage!.output.total).toBeGreaterThan(5);
    expect(rows[0]!.cost!.nanoUsd).toBeGreaterThan(response.cost!.nanoUsd);
  });

  test("restart: a reader that leaves at the restart costs nothing more", async () => {
    const { crosspoint, sent } = wired(half, { recovery: "restart" });
    for await (const event of crosspoint.stream({ model: "main", messages })) if (event.type === "response-restart") break;
    expect(sent).toHaveLength(1);
  });

  test("restart: with nobody left to answer, the last failure is told", async () => {
    const { crosspoint } = wired(({ url }) => (isPrimary(url) ? cut() : failure(500, {})), { recovery: "restart" });
    const { events, error } = await read(crosspoint.stream({ model: "main", messages }));
    expect(shown(events)).toBe("one two |");
    expect(CrosspointError.is(error, "SERVER")).toBe(true);
  });

  test("restart: tries of the whole call are bounded, however often it breaks", async () => {
    const { crosspoint, sent, clock } = wired(() => cut(), { recovery: "restart", retries: 2 });
    const pending = read(crosspoint.stream({ model: "main", messages }));
    await clock.advance(60_000);
    const { events, error } = await pending;
    expect(CrosspointError.is(error, "STREAM_INTERRUPTED")).toBe(true);
    expect(sent.length).toBeLessThanOrEqual(5);
    expect(events.filter(({ type }) => type === "response-restart").length).toBe(sent.length);
    expect(clock.pending).toBe(0);
  });

  test("buffer: nothing is shown before it is whole, so nothing is taken back", async () => {
    const { crosspoint, clock } = wired(half, { recovery: "buffer" });
    const stream = crosspoint.stream({ model: "main", messages });
    const { events, error } = await read(stream);
    expect(error).toBeUndefined();
    expect(shown(events)).toBe("one two three four");
    expect((await stream.response).attempts).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  test("a single call may say otherwise", async () => {
    const { crosspoint } = wired(half);
    expect(shown((await read(crosspoint.stream({ model: "main", messages, recovery: "buffer" }))).events)).toBe("one two three four");
  });

  test("the caller's own abort is no reason to begin anew", async () => {
    const { crosspoint, sent } = wired(half, { recovery: "restart" });
    const controller = new AbortController();
    const events: string[] = [];
    const reading = (async () => {
      for await (const event of crosspoint.stream({ model: "main", messages, signal: controller.signal })) {
        events.push(event.type);
        if (event.type === "response-restart") controller.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: "STREAM_INTERRUPTED" });
    expect(sent).toHaveLength(1);
  });

  test.each(["/v1/chat/completions", "/v1/messages", "/v1/responses"])(
    "restart on %s ends the stream with an error, without a second call",
    async (path) => {
      const { crosspoint, sent } = wired(half, { recovery: "restart" });
      const ask = path === "/v1/responses" ? { input: "Hi" } : { messages, max_tokens: 99 };
      const response = await crosspoint.fetch(`http://crosspoint.invalid${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "main", stream: true, ...ask }),
      });
      const body = await response.text();
      expect(body).toContain("two");
      expect(body).not.toContain("four");
      expect(body).toMatch(/error/);
      expect(sent).toHaveLength(1);
    },
  );
});

describe("a stream that drips", () => {
  /** A word of four characters every so many milliseconds. */
  const drip = (clock: ReturnType<typeof createFakeClock>, every: number): Response => {
    const frames = chatFrames(Array.from({ length: 40 }, () => "word"));
    const feed = createFeed();
    feed.push(frames[0]! + frames[1]!);
    const next = (at: number): void => {
      if (at === frames.length) return feed.close();
      clock.after(every, () => {
        if (feed.cancelled) return;
        feed.push(frames[at]!);
        next(at + 1);
      });
    };
    next(2);
    return feed.response;
  };
  const from = (every: number, options: CrosspointOptions) => {
    const spied = wired(({ url }) => (isPrimary(url) ? drip(spied.clock, every) : streamed(chatFrames(words))), options);
    return spied;
  };

  test("ends with TIMEOUT, once it was too slow for ten seconds", async () => {
    const { crosspoint, clock } = from(1_000, { minTokensPerSecond: 2 });
    const pending = read(crosspoint.stream({ model: "main", messages }));
    await clock.advance(9_000);
    expect((await crosspoint.health())[0]).toMatchObject({ inFlight: 1 });
    await clock.advance(3_000);
    const { error } = await pending;
    expect(error).toMatchObject({ code: "TIMEOUT", message: expect.stringContaining("minTokensPerSecond") as unknown });
    expect((await crosspoint.health())[0]).toMatchObject({ inFlight: 0, total: { failures: 1 } });
  });

  test("is left for the fallback before anything was shown, where the answer is buffered", async () => {
    const { crosspoint, clock } = from(1_000, { minTokensPerSecond: 2, recovery: "buffer" });
    const pending = read(crosspoint.stream({ model: "main", messages }));
    await clock.advance(12_000);
    expect(shown((await pending).events)).toBe("one two three four");
  });

  test("may take its time where it is fast enough, or nothing was said", async () => {
    for (const [every, options] of [
      [400, { minTokensPerSecond: 2 }],
      [3_000, {}],
    ] as const) {
      const { crosspoint, clock } = from(every, options);
      const pending = read(crosspoint.stream({ model: "main", messages }));
      await clock.advance(130_000);
      const { events, error } = await pending;
      expect(error).toBeUndefined();
      expect(shown(events)).toBe("word".repeat(40));
    }
  });

  test("a reader that is slow itself is no slow stream", async () => {
    const { crosspoint, clock } = from(0, { minTokensPerSecond: 50 });
    let text = "";
    const reading = (async () => {
      for await (const event of crosspoint.stream({ model: "main", messages })) {
        if (event.type !== "text-delta") continue;
        text += event.text;
        await new Promise<void>((resolve) => void clock.after(2_000, resolve));
      }
    })();
    await clock.advance(120_000);
    await reading;
    expect(text).toBe("word".repeat(40));
  });
});
