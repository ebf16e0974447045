import { describe, expect, test } from "vitest";
import { createSeam } from "../../src/pipeline/seam.ts";
import { accumulate } from "../../src/ir/accumulate.ts";
import { CrosspointError, type CallRequest, type CrosspointOptions, type SpendRow, type StreamEvent } from "../../src/index.ts";
import { createFakeClock } from "../support/clock.ts";
import { checkOrder } from "../support/event-order.ts";
import fc from "../support/fast-check.ts";
import { chatFrames, createFeed, createWired, failure, streamed, type Reply, type Sent } from "../support/wire.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const env = { OPENAI_API_KEY: "sk-o-000000", GROQ_API_KEY: "gsk_000000", ANTHROPIC_API_KEY: "sk-ant-000000", MISTRAL_API_KEY: "m-000000" };
const to = (fallback: string): NonNullable<CrosspointOptions["models"]> => ({
  main: { deployments: ["openai-chat/gpt-4o"], fallbacks: [fallback] },
});

const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "c-1", object: "chat.completion.chunk", created: 1, model: "gpt-4o", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
/** A stream of deltas that ends without an end. */
const cut = (...deltas: (string | object)[]): Response =>
  streamed(deltas.map((delta) => frame(typeof delta === "string" ? { content: delta } : delta)));
const whole = (...pieces: string[]): Response => streamed(chatFrames(pieces));
/** Anthropic's form of a streamed text. */
const claude = (text: string, citations: readonly object[] = []): Response =>
  streamed(
    [
      {
        type: "message_start",
        message: {
          id: "msg_1",
          type: "message",
          role: "assistant",
          model: "claude-x",
          content: [],
          usage: { input_tokens: 7, output_tokens: 1 },
        },
      },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      ...citations.map((citation) => ({ type: "content_block_delta", index: 0, delta: { type: "citations_delta", citation } })),
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 9 } },
      { type: "message_stop" },
    ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
  );

function wired(replies: readonly (Response | Reply)[], options: CrosspointOptions = {}) {
  const clock = createFakeClock();
  const rows: SpendRow[] = [];
  const reply: Reply = (sent, index) => {
    const each = replies[Math.min(index, replies.length - 1)]!;
    return typeof each === "function" ? each(sent, index) : each;
  };
  const onSpend = (row: SpendRow): void => void rows.push(row);
  return {
    clock,
    rows,
    ...createWired(reply, {
      clock,
      env,
      retries: 0,
      recovery: "continue",
      models: to("groq/llama-3.3-70b-versatile"),
      onSpend,
      ...options,
    }),
  };
}

interface Read {
  readonly events: readonly StreamEvent[];
  readonly text: string;
  readonly error: unknown;
}

async function read(stream: AsyncIterable<StreamEvent>): Promise<Read> {
  const events: StreamEvent[] = [];
  let error: unknown;
  try {
    for await (const event of stream) events.push(event);
    checkOrder(events);
  } catch (thrown) {
    error = thrown;
  }
  return { events, text: events.map((event) => (event.type === "text-delta" ? event.text : "")).join(""), error };
}

const turns = ({ body }: Sent): unknown =>
  (body["messages"] as { role: string; content: unknown }[]).map(({ role, content }) => [role, content]);
const asksToGoOn = expect.stringMatching(/cut off.*Continue/s) as unknown;

describe("an answer that broke off is gone on with", () => {
  test("as one text, by the same head, with what both attempts used", async () => {
    const { crosspoint, sent, rows } = wired([cut("one ", "two "), whole("three ", "four")]);
    const stream = crosspoint.stream({ model: "main", messages });
    const { events, text, error } = await read(stream);
    expect(error).toBeUndefined();
    expect(text).toBe("one two three four");
    expect(accumulate(events).content).toEqual([{ type: "text", text: "one two three four" }]);
    const response = await stream.response;
    expect(response).toMatchObject({ text, provider: "groq", finishReason: { unified: "stop" } });
    expect(response.attempts).toMatchObject([
      { outcome: "failure", error: { code: "STREAM_INTERRUPTED" } },
      { outcome: "success", reason: "fallback" },
    ]);
    const [first, second] = response.attempts;
    expect(response.usage.total).toBe(first!.usage!.total! + second!.usage!.total!);
    expect(response.usage).toMatchObject({ estimated: true });
    expect(response.cost!.nanoUsd).toBe(first!.cost!.nanoUsd + second!.cost!.nanoUsd);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      outcome: "success",
      usage: { total: response.usage.total },
      cost: { nanoUsd: response.cost!.nanoUsd },
    });
    expect(response.warnings).toEqual([
      {
        type: "other",
        feature: "recovery",
        details: "openai-chat/gpt-4o broke off after 8 characters of text; groq/llama-3.3-70b-versatile went on from there",
      },
    ]);
    expect(sent).toHaveLength(2);
    expect(turns(sent[1]!)).toEqual([
      ["user", "Hi"],
      ["assistant", "one two"],
      ["user", asksToGoOn],
    ]);
  });

  test("after a stall, too", async () => {
    const stalled: Reply = ({ signal }) => {
      const feed = createFeed(signal);
      feed.push(frame({ content: "one " }) + frame({ content: "two " }));
      return feed.response;
    };
    const { crosspoint, clock } = wired([stalled, whole("three")], { idleTimeout: 5_000 });
    const pending = read(crosspoint.stream({ model: "main", messages }));
    await clock.advance(6_000);
    expect(await pending).toMatchObject({ text: "one two three", error: undefined });
    expect(clock.pending).toBe(0);
  });

  test("as often as there are tries, each from where the last one stopped", async () => {
    const replies = [cut("one "), cut("two "), failure(503, {}), whole("three")];
    const { crosspoint, sent, clock } = wired(replies, { retries: 2, models: { main: { deployments: ["openai-chat/gpt-4o"] } } });
    const stream = crosspoint.stream({ model: "main", messages });
    const pending = read(stream);
    await clock.advance(120_000);
    expect(await pending).toMatchObject({ text: "one two ", error: { code: "STREAM_INTERRUPTED" } });
    expect(sent).toHaveLength(3);
    expect(turns(sent[2]!)).toMatchObject([
      ["user", "Hi"],
      ["assistant", "one two"],
      ["user", asksToGoOn],
    ]);

    const more = wired([cut("one "), cut("two "), failure(503, {}), whole("three")], {
      retries: 3,
      models: { main: { deployments: ["openai-chat/gpt-4o"] } },
    });
    const again = read(more.crosspoint.stream({ model: "main", messages }));
    await more.clock.advance(120_000);
    expect(await again).toMatchObject({ text: "one two three", error: undefined });
    expect(more.clock.pending).toBe(0);
  });

  test("also when it breaks off between its last word and its end", async () => {
    const first = streamed(chatFrames(["one ", "two"]).slice(0, 3));
    const { crosspoint } = wired([first, whole("")]);
    const { events, text } = await read(crosspoint.stream({ model: "main", messages }));
    expect(text).toBe("one two");
    expect(accumulate(events).content).toHaveLength(1);
  });

  test("with its text in one block, where the first had been ended already", async () => {
    const body = await claude("one ").text();
    const events = body.slice(0, body.indexOf("event: message_delta"));
    const models = { main: { deployments: ["anthropic/claude-sonnet-4-5"], fallbacks: ["groq/llama-3.3-70b-versatile"] } };
    const { crosspoint } = wired([streamed([events]), whole("two")], { models });
    const read1 = await read(crosspoint.stream({ model: "main", messages }));
    expect(read1.error).toBeUndefined();
    expect(accumulate(read1.events).content).toEqual([{ type: "text", text: "one two" }]);
  });
});

describe("what the next attempt is asked", () => {
  test("a prefill, where the target takes one; never with white space at its end", async () => {
    const { crosspoint, sent } = wired([cut("one two\n"), claude("\nthree")], { models: to("anthropic/claude-sonnet-4-5") });
    const { text } = await read(crosspoint.stream({ model: "main", messages }));
    expect(text).toBe("one two\nthree");
    expect(turns(sent[1]!)).toMatchObject([
      ["user", expect.anything()],
      ["assistant", expect.anything()],
    ]);
    expect(JSON.stringify(sent[1]!.body)).toContain('"one two"');
  });

  test("a prefill with its flag", async () => {
    const { crosspoint, sent } = wired([cut("one "), whole("one", " two")], { models: to("mistral/mistral-large-2411") });
    expect((await read(crosspoint.stream({ model: "main", messages }))).text).toBe("one two");
    expect(sent[1]!.body["messages"]).toEqual([
      { role: "user", content: "Hi" },
      { role: "assistant", content: "one", prefix: true },
    ]);
  });

  test.each([
    ["anthropic/claude-opus-4-6", {}],
    ["anthropic/claude-sonnet-4-5", { reasoning: { effort: "high" } }],
    ["anthropic/claude-sonnet-4-5", { providerOptions: { anthropic: { thinking: { type: "enabled", budget_tokens: 2_000 } } } }],
  ] as const)("a request to go on, where a prefill is refused: %s %j", async (model, extra) => {
    const { crosspoint, sent } = wired([cut("one "), claude("two")], { models: to(model) });
    expect((await read(crosspoint.stream({ model: "main", messages, ...extra }))).text).toBe("one two");
    expect((sent[1]!.body["messages"] as { role: string }[]).map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  });

  test("a prefill that is refused all the same goes as a request to go on, and is no try", async () => {
    const refused = failure(400, { message: "This model does not support assistant message prefill." });
    const { crosspoint, sent } = wired([cut("one "), refused, claude("two")], { models: to("anthropic/claude-sonnet-4-5") });
    const { text, error } = await read(crosspoint.stream({ model: "main", messages }));
    expect([text, error]).toEqual(["one two", undefined]);
    expect(sent).toHaveLength(3);
  });

  test("the caller's own beginning with it, and the room that is left", async () => {
    const begun = [...messages, { role: "assistant", content: [{ type: "text", text: "Well, " }] }] as const;
    const { crosspoint, sent } = wired([cut("one two three four "), whole("five")]);
    const { text } = await read(crosspoint.stream({ model: "main", messages: begun, maxOutputTokens: 100 }));
    expect(text).toBe("one two three four five");
    expect(turns(sent[1]!)).toMatchObject([
      ["user", "Hi"],
      ["assistant", "Well, one two three four"],
      ["user", asksToGoOn],
    ]);
    expect(sent[1]!.body).toMatchObject({ max_tokens: 95 });
  });
});

describe("nothing is shown twice", () => {
  test.each([
    ["the last words", "one two three four ", "three four five", "one two three four five"],
    ["the whole answer", "one two three ", "one two three four", "one two three four"],
    ["white space", "one two ", "  three", "one two  three"],
    ["less than eight characters is chance", "a hel", "lo", "a hello"],
    ["unless it is all there was", "Yes", "Yes, I do", "Yes, I do"],
    ["nothing", "one two three", ", four", "one two three, four"],
  ])("%s", async (_, shown, again, all) => {
    for (const size of [1, 3, 100]) {
      const pieces = again.match(new RegExp(`[^]{1,${size}}`, "g"))!;
      const { crosspoint } = wired([cut(shown), whole(...pieces)]);
      expect((await read(crosspoint.stream({ model: "main", messages }))).text).toBe(all);
    }
  });

  test("what a second attempt had not shown yet when it broke off is no part of the answer", async () => {
    const { crosspoint, sent } = wired([cut("one two three "), cut("two thr"), whole("two three four")], {
      models: { main: { deployments: ["openai-chat/gpt-4o"], fallbacks: ["groq/a", "groq/b"] } },
    });
    expect((await read(crosspoint.stream({ model: "main", messages }))).text).toBe("one two three four");
    expect(turns(sent[2]!)).toMatchObject([
      ["user", "Hi"],
      ["assistant", "one two three"],
      ["user", asksToGoOn],
    ]);
  });

  test("however the text falls into pieces, a seam cuts the same", () => {
    const words = fc.string({ unit: fc.constantFrom("a", "b", " "), maxLength: 30 });
    fc.assert(
      fc.property(words, words, fc.boolean(), fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (shown, text, blank, sizes) => {
        const atOnce = createSeam(shown, blank);
        const expected = atOnce.push(text) + atOnce.end();
        const seam = createSeam(shown, blank);
        let got = "";
        for (let at = 0, index = 0; at < text.length; index++) {
          const size = sizes[index % sizes.length]!;
          got += seam.push(text.slice(at, at + size));
          at += size;
        }
        got += seam.end();
        expect(got).toBe(expected);
        const repeated = text.slice(0, seam.cut);
        expect(got).toBe(text.slice(seam.cut));
        expect(shown.endsWith(repeated)).toBe(true);
        if (blank) expect(repeated.trim()).toBe("");
      }),
    );
  });
});

describe("what is not text", () => {
  const call = { tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "look", arguments: '{"a":' } }] };
  test.each<[string, Response, Partial<CallRequest>]>([
    ["a tool call under way", cut("one ", call), {}],
    [
      "a tool call that was whole",
      streamed([
        frame({ content: "one " }),
        frame({ tool_calls: [{ ...call.tool_calls[0], function: { name: "look", arguments: "{}" } }] }),
      ]),
      {},
    ],
    ["a refusal", cut({ refusal: "I can" }), {}],
    ["JSON half written", cut('{"a":'), { output: { type: "json" } }],
    ["more answers than one", cut("one "), { n: 2 }],
  ])("%s: the error is told", async (_, first, extra) => {
    const { crosspoint, sent } = wired([first, whole("three")]);
    const { error } = await read(crosspoint.stream({ model: "main", messages, ...extra }));
    expect(CrosspointError.is(error, "STREAM_INTERRUPTED")).toBe(true);
    expect(sent).toHaveLength(1);
  });

  test("a tool call that the second attempt makes follows the text", async () => {
    const second = streamed([
      frame({ content: "two" }),
      frame({ tool_calls: [{ ...call.tool_calls[0], function: { name: "look", arguments: "{}" } }] }),
      frame({}, "tool_calls"),
      "data: [DONE]\n\n",
    ]);
    const { crosspoint } = wired([cut("one "), second]);
    const tools = [{ name: "look", parameters: { type: "object" } }] as const;
    const stream = crosspoint.stream({ model: "main", messages, tools });
    const { events, error } = await read(stream);
    expect(error).toBeUndefined();
    expect(accumulate(events)).toMatchObject({
      text: "one two",
      toolCalls: [{ id: "call_1", name: "look", arguments: "{}" }],
      finishReason: { unified: "tool-calls" },
    });
    const bare = wired([cut("one "), streamed([frame(call), frame({}, "tool_calls"), "data: [DONE]\n\n"])]);
    expect((await read(bare.crosspoint.stream({ model: "main", messages, tools }))).error).toBeUndefined();
  });

  test("reasoning that broke off is closed, and the answer begins behind it", async () => {
    const { crosspoint, sent } = wired([
      cut({ reasoning_content: "hmm" }),
      streamed([frame({ reasoning_content: "well" }), frame({ content: "one" }), frame({}, "stop"), "data: [DONE]\n\n"]),
    ]);
    const stream = crosspoint.stream({ model: "main", messages });
    const { events, error } = await read(stream);
    expect(error).toBeUndefined();
    expect(accumulate(events).content).toMatchObject([
      { type: "reasoning", text: "hmm" },
      { type: "reasoning", text: "well" },
      { type: "text", text: "one" },
    ]);
    expect(turns(sent[1]!)).toEqual([["user", "Hi"]]);
    expect((await stream.response).warnings).toMatchObject([
      { details: expect.stringContaining("answered from the beginning") as unknown },
    ]);
  });

  test("what a second attempt thinks in the middle of the text is not shown", async () => {
    const second = streamed([frame({ reasoning_content: "well" }), frame({ content: "two" }), frame({}, "stop"), "data: [DONE]\n\n"]);
    const { crosspoint } = wired([cut({ reasoning_content: "hmm" }, "one "), second]);
    const { events } = await read(crosspoint.stream({ model: "main", messages }));
    expect(accumulate(events)).toMatchObject({ reasoning: "hmm", content: [{ type: "reasoning" }, { type: "text", text: "one two" }] });
  });

  test("citations of the second part point into the whole text", async () => {
    const annotation = { type: "url_citation", url_citation: { url: "https://example.invalid/", start_index: 4, end_index: 9 } };
    const second = streamed([frame({ content: "two three", annotations: [annotation] }), frame({}, "stop"), "data: [DONE]\n\n"]);
    const { crosspoint } = wired([cut("one "), second]);
    const { events } = await read(crosspoint.stream({ model: "main", messages }));
    expect(accumulate(events).content).toEqual([
      { type: "text", text: "one two three", citations: [{ source: { url: "https://example.invalid/" }, answerStart: 8, answerEnd: 13 }] },
    ]);
  });
});

describe("where nobody goes on", () => {
  test("the reader is told what broke off, not the refusal of another", async () => {
    const { crosspoint } = wired([cut("one "), failure(400, { message: "no such thing" })]);
    const { text, error } = await read(crosspoint.stream({ model: "main", messages }));
    expect(text).toBe("one ");
    expect(CrosspointError.is(error, "STREAM_INTERRUPTED")).toBe(true);
  });

  test("the deadline and the caller's abort end it", async () => {
    const hang: Reply = ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    const { crosspoint, clock } = wired([cut("one "), hang], { deadline: 1_000 });
    const pending = read(crosspoint.stream({ model: "main", messages }));
    await clock.advance(2_000);
    expect((await pending).error).toMatchObject({ code: "STREAM_INTERRUPTED" });
    const controller = new AbortController();
    const again = wired([cut("one "), hang]);
    const other = read(again.crosspoint.stream({ model: "main", messages, signal: controller.signal }));
    await again.clock.advance(10);
    controller.abort();
    expect((await other).error).toMatchObject({ code: "ABORTED" });
    await again.clock.advance(0);
    expect(again.rows[0]).toMatchObject({ outcome: "aborted", attempts: [{ outcome: "failure" }, { outcome: "aborted" }] });
    expect([clock.pending, again.clock.pending]).toEqual([0, 0]);
  });

  test.each(["continue", "restart"] as const)("a reader that leaves while another is asked ends that attempt (%s)", async (recovery) => {
    let asked: Sent | undefined;
    const hang: Reply = (sent) => {
      asked = sent;
      return new Promise((_, reject) => sent.signal.addEventListener("abort", () => reject(sent.signal.reason as Error)));
    };
    const { crosspoint, clock, rows } = wired([cut("one "), hang], { recovery });
    const stream = crosspoint.stream({ model: "main", messages });
    const pending = read(stream);
    await clock.advance(10);
    expect(asked?.signal.aborted).toBe(false);
    stream.cancel();
    await clock.advance(10);
    expect(asked?.signal.aborted).toBe(true);
    await pending;
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ outcome: "aborted", attempts: [{}, { outcome: "aborted" }] });
    expect(clock.pending).toBe(0);
  });
});
