import { describe, expect, test, vi } from "vitest";
import { CrosspointError, type ModelStream, type SpendRow, type StreamEvent } from "../../src/index.ts";
import { createFakeClock } from "../support/clock.ts";
import { chatAnswer, chatFrames, createFeed, createWired, failure, streamed, type Feed } from "../support/wire.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const model = "openai-chat/gpt-4o";

async function drain(stream: ModelStream): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

async function failureOf(promise: Promise<unknown>): Promise<CrosspointError> {
  const error: unknown = await promise.then(
    () => expect.fail("it should have failed"),
    (reason: unknown) => reason,
  );
  if (!CrosspointError.is(error)) throw error;
  return error;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("stream", () => {
  test("gives events, and then the whole response", async () => {
    const { crosspoint, sent } = createWired(() => streamed(chatFrames(["Hel", "lo"])));
    const stream = crosspoint.stream({ model, messages });
    expect(sent).toHaveLength(0);
    const events = await drain(stream);
    expect(events.map(({ type }) => type)).toEqual([
      "response-start",
      "text-start",
      "text-delta",
      "text-delta",
      "text-end",
      "response-end",
    ]);
    expect(events[0]).toMatchObject({ provider: "openai-chat", deployment: "openai-chat/gpt-4o" });
    const response = await stream.response;
    expect(response).toMatchObject({ text: "Hello", provider: "openai-chat", usage: { total: 15 }, attempts: [{ outcome: "success" }] });
    expect(response.cost?.nanoUsd).toBe(75_000);
    expect(sent[0]!.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  test("gives the text alone", async () => {
    const { crosspoint } = createWired(() => streamed(chatFrames(["Hel", "lo"])));
    const pieces: string[] = [];
    for await (const piece of crosspoint.stream({ model, messages }).textStream) pieces.push(piece);
    expect(pieces).toEqual(["Hel", "lo"]);
  });

  test("response alone reads the stream; events asked for later are still all there", async () => {
    const { crosspoint } = createWired(() => streamed(chatFrames(["Hel", "lo"])));
    const stream = crosspoint.stream({ model, messages });
    expect((await stream.response).text).toBe("Hello");
    expect(await drain(stream)).toHaveLength(6);
  });

  test("can be read once", async () => {
    const { crosspoint } = createWired(() => streamed(chatFrames(["x"])));
    const stream = crosspoint.stream({ model, messages });
    await drain(stream);
    await expect(drain(stream)).rejects.toThrow(/once/);
  });

  test("bytes may be cut anywhere, characters included", async () => {
    const bytes = new TextEncoder().encode(chatFrames(["Grüße ", "日本語 🎉"]).join(""));
    const { crosspoint } = createWired(() => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let from = 0; from < bytes.length; from += 7) controller.enqueue(bytes.subarray(from, from + 7));
          controller.close();
        },
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    });
    expect((await crosspoint.stream({ model, messages }).response).text).toBe("Grüße 日本語 🎉");
  });

  test("leaving early closes the connection, and the attempt counts as aborted", async () => {
    const rows: SpendRow[] = [];
    let feed!: Feed;
    const { crosspoint } = createWired((sent) => (feed = createFeed(sent.signal)).response, { onSpend: (row) => void rows.push(row) });
    const stream = crosspoint.stream({ model, messages });
    const reading = (async () => {
      for await (const event of stream) if (event.type === "text-delta") break;
    })();
    await turn();
    for (const frame of chatFrames(["a", "b"]).slice(0, 2)) feed.push(frame);
    await reading;
    await turn();
    expect(feed.cancelled).toBe(true);
    expect(rows).toMatchObject([{ outcome: "aborted", attempts: [{ outcome: "aborted" }] }]);
    expect((await failureOf(stream.response)).code).toBe("ABORTED");
  });

  test("what fails before the first event is tried again unseen", async () => {
    const clock = createFakeClock();
    const { crosspoint } = createWired(
      (_, index) => [failure(500, {}), streamed(chatFrames([]).slice(0, 1)), streamed(chatFrames(["ok"]))][index]!,
      { clock },
    );
    const pending = drain(crosspoint.stream({ model, messages }));
    await clock.advance(60_000);
    const events = await pending;
    expect(events.filter(({ type }) => type === "response-start")).toHaveLength(1);
    expect(events.at(-1)!.type).toBe("response-end");
  });

  test("a stream that is cut is an error, never a short success", async () => {
    const { crosspoint } = createWired(() => streamed(chatFrames(["Hel", "lo"]).slice(0, 2)));
    const stream = crosspoint.stream({ model, messages });
    const error = await failureOf(drain(stream));
    expect(error).toMatchObject({ code: "STREAM_INTERRUPTED", deployment: "openai-chat/gpt-4o" });
    expect((await failureOf(stream.response)).code).toBe("STREAM_INTERRUPTED");
  });

  test("a connection that breaks inside the stream is an error", async () => {
    let feed!: Feed;
    const { crosspoint } = createWired((sent) => (feed = createFeed(sent.signal)).response);
    const pending = failureOf(drain(crosspoint.stream({ model, messages })));
    await turn();
    for (const frame of chatFrames(["a"]).slice(0, 2)) feed.push(frame);
    await turn();
    feed.fail(new Error("ECONNRESET"));
    expect(await pending).toMatchObject({ code: "STREAM_INTERRUPTED", message: expect.stringContaining("ECONNRESET") as unknown });
  });

  test("S11 a missing [DONE] is no failure when the answer was finished", async () => {
    const { crosspoint } = createWired(() => streamed(chatFrames(["ok"]).slice(0, -1)));
    expect(await crosspoint.stream({ model, messages }).response).toMatchObject({ text: "ok", usage: { total: 15 } });
  });

  test("S10 a malformed frame is skipped and reported", async () => {
    const frames = chatFrames(["a", "b"]);
    const { crosspoint } = createWired(() => streamed([...frames.slice(0, 2), "data: {broken\n\n", ...frames.slice(2)]));
    const response = await crosspoint.stream({ model, messages }).response;
    expect(response.text).toBe("ab");
    expect(response.warnings).toEqual([expect.objectContaining({ feature: "stream" })]);
  });

  test("S07 a stream that shows nothing in time falls over", async () => {
    const clock = createFakeClock();
    const feeds: Feed[] = [];
    const { crosspoint } = createWired(
      (sent) => {
        if (sent.url.includes("groq")) return streamed(chatFrames(["ok"]));
        const feed = createFeed(sent.signal);
        feeds.push(feed);
        return feed.response;
      },
      { clock, firstEventTimeout: 5_000, models: { main: { deployments: [model], fallbacks: ["groq/llama-3.3-70b-versatile"] } } },
    );
    const pending = crosspoint.stream({ model: "main", messages }).response;
    await clock.advance(5_000);
    const response = await pending;
    expect(response).toMatchObject({ text: "ok", provider: "groq" });
    expect(response.attempts[0]!.error!.message).toContain("firstEventTimeout");
    expect(feeds[0]!.cancelled).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test("S09 silence within a stream ends it with a timeout", async () => {
    const clock = createFakeClock();
    let feed!: Feed;
    const { crosspoint } = createWired((sent) => (feed = createFeed(sent.signal)).response, { clock, idleTimeout: 3_000 });
    const pending = failureOf(drain(crosspoint.stream({ model, messages })));
    await turn();
    for (const frame of chatFrames(["a"]).slice(0, 2)) feed.push(frame);
    await clock.advance(2_000);
    feed.push(chatFrames(["b"])[1]!);
    await clock.advance(2_900);
    feed.push(chatFrames(["c"])[1]!);
    await clock.advance(3_000);
    expect(await pending).toMatchObject({
      code: "TIMEOUT",
      message: expect.stringContaining("was silent for 3000 ms (option idleTimeout)") as unknown,
    });
    expect(feed.cancelled).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test("what the reader takes to read on is not the provider's silence", async () => {
    const clock = createFakeClock();
    let feed!: Feed;
    const { crosspoint } = createWired((sent) => (feed = createFeed(sent.signal)).response, { clock, idleTimeout: 3_000 });
    const reader = crosspoint.stream({ model, messages }).batches[Symbol.asyncIterator]();
    let next = reader.next();
    await turn();
    for (const frame of chatFrames(["a"]).slice(0, 2)) feed.push(frame);
    await next;
    for (const text of ["b", "c", "d"]) {
      next = reader.next();
      await clock.advance(2_500); // the provider's
      feed.push(chatFrames([text])[1]!);
      expect((await next).value).toMatchObject([{ type: "text-delta", text }]);
      await clock.advance(2_500); // the reader's
    }
    await reader.return!();
    expect(clock.pending).toBe(0);
  });

  test("an abort inside the stream reaches reader and provider", async () => {
    const controller = new AbortController();
    let feed!: Feed;
    const { crosspoint } = createWired((sent) => (feed = createFeed(sent.signal)).response);
    const pending = failureOf(drain(crosspoint.stream({ model, messages, signal: controller.signal })));
    await turn();
    for (const frame of chatFrames(["a"]).slice(0, 2)) feed.push(frame);
    await turn();
    controller.abort();
    expect((await pending).code).toBe("ABORTED");
    expect(feed.cancelled).toBe(true);
  });

  test("an error frame after output is that error", async () => {
    const { crosspoint } = createWired(() =>
      streamed([...chatFrames(["a"]).slice(0, 2), 'data: {"error":{"message":"overloaded","type":"server_error","code":503}}\n\n']),
    );
    const error = await failureOf(drain(crosspoint.stream({ model, messages })));
    expect(error.message).toContain("overloaded");
  });

  test("a host that answers a stream with one JSON body is understood", async () => {
    const { crosspoint } = createWired(() => chatAnswer("whole"));
    expect((await crosspoint.stream({ model, messages }).response).text).toBe("whole");
  });

  test("close() ends streams that are open", async () => {
    let feed!: Feed;
    const { crosspoint } = createWired((sent) => (feed = createFeed(sent.signal)).response);
    const pending = failureOf(drain(crosspoint.stream({ model, messages })));
    await turn();
    for (const frame of chatFrames(["a"]).slice(0, 2)) feed.push(frame);
    await turn();
    await crosspoint.close();
    expect((await pending).code).toBe("ABORTED");
    expect(feed.cancelled).toBe(true);
  });

  test("cancel() before anything was read sends nothing", async () => {
    const { crosspoint, sent } = createWired(() => streamed(chatFrames(["x"])));
    const stream = crosspoint.stream({ model, messages });
    stream.cancel();
    expect(await drain(stream)).toEqual([]);
    expect(sent).toHaveLength(0);
  });

  test.each(["cancel", "return"] as const)("%s() before the first event ends the attempt under way, and no other follows", async (way) => {
    for (const signal of [undefined, new AbortController().signal]) {
      const clock = createFakeClock();
      const { crosspoint, sent } = createWired((request) => createFeed(request.signal).response, { clock });
      const stream = crosspoint.stream({ model, messages, fallbacks: ["openai-chat/gpt-4o-mini"], ...(signal && { signal }) });
      const reader = stream[Symbol.asyncIterator]();
      const first = reader.next();
      await turn();
      expect(sent).toHaveLength(1);
      if (way === "cancel") stream.cancel();
      else await reader.return!();
      expect(await first).toEqual({ value: undefined, done: true });
      await expect(stream.response).rejects.toMatchObject({ code: "ABORTED" });
      expect(sent[0]!.signal.aborted).toBe(true);
      expect(sent).toHaveLength(1);
      expect(clock.pending).toBe(0);
    }
  });

  test("cancel() ends a wait between two tries", async () => {
    const clock = createFakeClock();
    const { crosspoint, sent } = createWired(() => failure(429, {}, { "retry-after": "20" }), { clock });
    const stream = crosspoint.stream({ model, messages });
    const first = stream[Symbol.asyncIterator]().next();
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    stream.cancel();
    expect(await first).toEqual({ value: undefined, done: true });
    expect(sent).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});
