import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createCrosspoint, CrosspointError, type ModelStream, type SpendRow, type StreamEvent } from "../../src/index.ts";
import { createFakeClock } from "../support/clock.ts";
import { chatAnswer, chatFrames, createFeed, createWired, failure, streamed, type Feed, type Reply } from "../support/wire.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const model = "openai-chat/gpt-4o";
const frames = chatFrames(["Hel", "lo"]);

async function read(stream: ModelStream): Promise<StreamEvent[]> {
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

describe("X23 a hook over the body", () => {
  const wired = (transformRequestBody: (body: object, call: object) => object) =>
    createWired((sent) => (sent.body["stream"] === true ? streamed(frames) : chatAnswer("Hello")), {
      providers: { "openai-chat": { transformRequestBody: transformRequestBody as never } },
    });

  test("rewrites whole answers and streams, and hears of the call", async () => {
    const heard: object[] = [];
    const { crosspoint, sent } = wired((body, call) => (heard.push(call), { ...body, extra: 1 }));
    await crosspoint.generate({ model, messages });
    await read(crosspoint.stream({ model, messages }));
    expect(sent.map(({ body }) => body["extra"])).toEqual([1, 1]);
    expect(heard).toEqual([
      { model: "gpt-4o", stream: false },
      { model: "gpt-4o", stream: true },
    ]);
  });

  test("one that throws is the caller's mistake, and nothing is sent", async () => {
    const { crosspoint, sent } = wired(() => {
      throw new Error("hook broke");
    });
    expect(await failureOf(crosspoint.generate({ model, messages }))).toMatchObject({ code: "BAD_REQUEST" });
    expect(sent).toHaveLength(0);
  });

  test("must be a function", () => {
    const providers = { openai: { transformRequestBody: {} as never } };
    expect(() => createCrosspoint({ providers })).toThrow(/transformRequestBody must be a function/);
  });
});

describe("X10 X25 headers and keys", () => {
  test("of the call win over those of the settings, which may be promised; undefined removes one", async () => {
    const providers = {
      "openai-chat": {
        apiKey: () => Promise.resolve("sk-late-00000000"),
        headers: async () => ({ "x-a": "settings", "x-b": "settings", "x-c": undefined }),
      },
    };
    const { crosspoint, sent } = createWired((each) => (each.body["stream"] === true ? streamed(frames) : chatAnswer("Hello")), {
      providers,
    });
    const request = { model, messages, headers: { "X-A": "call", "x-b": undefined } };
    await crosspoint.generate(request);
    await read(crosspoint.stream(request));
    for (const { headers } of sent) {
      expect(headers.get("authorization")).toBe("Bearer sk-late-00000000");
      expect([headers.get("x-a"), headers.has("x-b"), headers.has("x-c")]).toEqual(["call", false, false]);
    }
  });

  test("a key that its function cannot give is told, and nothing is sent", async () => {
    const apiKey = () => Promise.reject(new Error("vault is shut"));
    const { crosspoint, sent } = createWired(() => chatAnswer("x"), { providers: { "openai-chat": { apiKey } } });
    expect(await failureOf(crosspoint.generate({ model, messages }))).toMatchObject({ code: "MISSING_API_KEY" });
    expect(sent).toHaveLength(0);
  });
});

test("OR38 Azure is a provider of one's own: key in its header, the deployment as model, options under its name", async () => {
  const answer = { id: "resp_1", object: "response", status: "completed", model: "gpt-5", output: [] };
  const { crosspoint, sent } = createWired(() => Response.json(answer), {
    providers: {
      azure: {
        extends: "openai",
        baseURL: "https://res.openai.azure.com/openai/v1",
        auth: { header: "api-key" },
        apiKey: "azure-key-000000",
      },
    },
  });
  await crosspoint.generate({ model: "azure/my-deployment", messages, providerOptions: { azure: { truncation: "auto" } } });
  expect(sent[0]).toMatchObject({
    url: "https://res.openai.azure.com/openai/v1/responses",
    body: { model: "my-deployment", truncation: "auto", store: false },
  });
  expect(sent[0]!.headers.get("api-key")).toBe("azure-key-000000");
  expect(sent[0]!.headers.has("authorization")).toBe(false);
});

test("X36 X64 a call hears headers, body and every frame of its answer once, failures included", async () => {
  const { crosspoint } = createWired((sent, index) => {
    if (index === 0) return failure(500, { message: "first" }, { "x-trace": "a" });
    return sent.body["stream"] === true ? streamed([...frames.slice(0, 2), "data: {broken\n\n", ...frames.slice(2)]) : chatAnswer("Hello");
  });
  const heard = async (run: (onWire: (event: { type: string }) => void) => Promise<unknown>): Promise<unknown[]> => {
    const events: unknown[] = [];
    await run((event) => events.push("data" in event ? event.data : "status" in event ? event.status : event.type));
    return events;
  };
  const error = await heard((onWire) => failureOf(crosspoint.generate({ model, messages, retries: 0, onWire })));
  expect(error).toEqual(["request", 500, expect.stringContaining('"first"')]);
  const whole = await heard((onWire) => crosspoint.generate({ model, messages, onWire }));
  expect(whole).toEqual(["request", 200, expect.stringContaining('"Hello"')]);
  const stream = await heard((onWire) => read(crosspoint.stream({ model, messages, onWire })));
  expect(stream.slice(2)).toEqual([...frames.slice(0, 2), "data: {broken\n\n", ...frames.slice(2)].map((frame) => frame.slice(6, -2)));
});

test("X39 a stream tells the warnings of the whole answer", async () => {
  const { crosspoint } = createWired((sent) => (sent.body["stream"] === true ? streamed(frames) : chatAnswer("Hello")));
  const request = { model, messages, topK: 3, cache: {}, reasoning: { effort: "high" } } as const;
  const whole = await crosspoint.generate(request);
  const response = await crosspoint.stream(request).response;
  expect(whole.warnings.map(({ feature }) => feature).toSorted()).toEqual(["cache", "reasoning", "topK"]);
  expect(response.warnings).toEqual(whole.warnings);
});

test("X62 the first text is shown when it comes, before anything follows", async () => {
  let feed!: Feed;
  const { crosspoint } = createWired((sent) => (feed = createFeed(sent.signal)).response);
  const iterator = crosspoint.stream({ model, messages }).textStream[Symbol.asyncIterator]();
  const first = iterator.next();
  await new Promise((resolve) => setImmediate(resolve));
  feed.push(frames[0]! + frames[1]!);
  expect(await first).toEqual({ value: "Hel", done: false });
  await iterator.return!();
  expect(feed.cancelled).toBe(true);
});

describe("over real sockets", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());
  const listen = async (handler: Parameters<typeof createServer>[1]): Promise<ReturnType<typeof createCrosspoint>> => {
    server = createServer(handler);
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    return createCrosspoint({ providers: { lab: { codec: "openai-chat", baseURL } }, env: {}, retries: 0 });
  };
  const lab = { model: "lab/m", messages };

  test("X66 a connection that is reset inside a stream is a retryable error", async () => {
    const crosspoint = await listen((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(frames[0]! + frames[1]!, () => setTimeout(() => response.socket!.resetAndDestroy(), 20));
    });
    const shown: string[] = [];
    const error = await failureOf(
      (async () => {
        for await (const text of crosspoint.stream(lab).textStream) shown.push(text);
      })(),
    );
    expect(shown).toEqual(["Hel"]);
    expect(error).toMatchObject({ code: "STREAM_INTERRUPTED", retryable: true, deployment: "lab/m" });
    await crosspoint.close();
  });

  test("X63 an abort closes the connection, rejects once and leaves nothing unhandled", async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", listener);
    const closed = Promise.withResolvers<void>();
    const crosspoint = await listen((_request, response) => {
      response.on("close", closed.resolve);
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(frames[0]! + frames[1]!);
    });
    const abort = new AbortController();
    const stream = crosspoint.stream({ ...lab, signal: abort.signal });
    const error = await failureOf(
      (async () => {
        for await (const _text of stream.textStream) abort.abort();
      })(),
    );
    expect(error).toMatchObject({ code: "ABORTED", name: "AbortError" });
    await closed.promise;
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off("unhandledRejection", listener);
    expect(unhandled).toEqual([]);
    await crosspoint.close();
  });
});

describe("waiting between tries", () => {
  const waits = async (reply: Reply, random: number, ms: number): Promise<number> => {
    const clock = createFakeClock();
    const { crosspoint, sent } = createWired(reply, { clock, random: () => random, retries: 1 });
    const call = crosspoint.generate({ model, messages }).catch(() => undefined);
    await clock.advance(ms);
    const count = sent.length;
    await clock.advance(120_000);
    await call;
    return count;
  };
  const busy = (headers: Record<string, string> = {}) => failure(429, {}, headers);

  test("X83 is spread by chance", async () => {
    expect(await waits(() => busy(), 0.5, 250)).toBe(2);
    expect(await waits(() => busy(), 0.9, 250)).toBe(1);
  });

  test("X82 X83 is what the provider asks for, unless that is more than a minute", async () => {
    expect(await waits(() => busy({ "retry-after": "2" }), 0, 1_999)).toBe(1);
    expect(await waits(() => busy({ "retry-after": "2" }), 0, 2_000)).toBe(2);
    const spent = { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m0s" };
    expect(await waits(() => busy(spent), 0, 59_999)).toBe(1);
    expect(await waits(() => busy(spent), 0, 60_000)).toBe(2);
    expect(await waits(() => busy({ "retry-after": "61" }), 0, 119_000)).toBe(1);
  });
});

describe("what was used", () => {
  const cut = async (answer: string, wire: string, leave: boolean): Promise<SpendRow> => {
    const rows: SpendRow[] = [];
    const { crosspoint } = createWired(() => new Response(answer, { headers: { "content-type": "text/event-stream" } }), {
      onSpend: (row) => void rows.push(row),
      env: { OPENAI_API_KEY: "sk-test-openai-000000", ANTHROPIC_API_KEY: "sk-ant-test-000000", GEMINI_API_KEY: "test-gemini-000000" },
    });
    const stream = crosspoint.stream({ model: wire, messages });
    if (leave) for await (const _text of stream.textStream) break;
    else await failureOf(read(stream));
    return rows[0]!;
  };
  const anthropic = [
    {
      type: "message_start",
      message: { id: "m", model: "claude-sonnet-4-5", content: [], usage: { input_tokens: 1000, output_tokens: 1 } },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "x".repeat(400) } },
  ].map((frame) => `event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`);
  const gemini = [10, 20].map(
    (candidatesTokenCount) =>
      `data: ${JSON.stringify({
        candidates: [{ content: { role: "model", parts: [{ text: "hello" }] } }],
        usageMetadata: { promptTokenCount: 50, candidatesTokenCount, totalTokenCount: 50 + candidatesTokenCount },
      })}\n\n`,
  );

  test.each([true, false])(
    "C05 of an answer that was cut is what was told, else an estimate, and says so (left by its reader: %s)",
    async (leave) => {
      const claude = await cut(anthropic.join(""), "anthropic/claude-sonnet-4-5", leave);
      expect(claude.usage).toMatchObject({ input: { total: 1000 }, output: { total: 100 }, estimated: true });
      // 3 USD a million in, 15 out.
      expect(claude.cost).toMatchObject({ nanoUsd: 1000 * 3_000 + 100 * 15_000, estimated: true });
      expect(claude.attempts[0]).toMatchObject({ usage: claude.usage, cost: claude.cost });
      const flash = await cut(gemini.join(""), "google/gemini-2.5-flash", leave);
      expect(flash.usage).toMatchObject({ input: { total: 50 }, output: { total: 20 }, estimated: true });
      const gpt = await cut(frames.slice(0, 3).join(""), model, leave);
      expect(gpt.usage?.estimated).toBe(true);
      expect(gpt.usage?.input.total).toBeGreaterThan(0);
      expect(gpt.usage?.output.total).toBe(2);
      expect(gpt.cost?.estimated).toBe(true);
    },
  );

  test("C05 an answer that shows nothing before it fails used nothing, a whole one just what it says", async () => {
    expect((await cut("", model, false)).usage).toBeUndefined();
    const rows: SpendRow[] = [];
    const { crosspoint } = createWired(() => streamed(frames), { onSpend: (row) => void rows.push(row) });
    await read(crosspoint.stream({ model, messages }));
    expect(rows[0]!.usage).toMatchObject({ total: 15 });
    expect(rows[0]!.usage).not.toHaveProperty("estimated");
  });

  test("C06 a failed attempt has a record of its own, and the answer's cost is that of the attempt that answered", async () => {
    const rows: SpendRow[] = [];
    const { crosspoint } = createWired((_sent, index) => (index === 0 ? failure(401, {}) : chatAnswer("Hello")), {
      models: { smart: { deployments: [model], fallbacks: ["groq/llama-3.3-70b-versatile"] } },
      onSpend: (row) => void rows.push(row),
    });
    const response = await crosspoint.generate({ model: "smart", messages });
    expect(response.attempts).toMatchObject([
      { provider: "openai-chat", outcome: "failure", reason: "first", error: { code: "AUTHENTICATION" } },
      { provider: "groq", outcome: "success", reason: "fallback", usage: { total: 15 }, cost: response.cost },
    ]);
    expect(response.attempts[0]).not.toHaveProperty("usage");
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ provider: "groq", cost: response.cost });
  });
});
