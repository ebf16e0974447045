import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { describe, expect, test } from "vitest";
import type { ClientRequest } from "../../../src/codecs/codec.ts";
import { openaiChat } from "../../../src/codecs/openai-chat/index.ts";
import { accumulate } from "../../../src/ir/accumulate.ts";
import { eventsOf } from "../../../src/ir/events-of.ts";
import type { Part } from "../../../src/ir/content.ts";
import { CrosspointError } from "../../../src/ir/error.ts";
import type { StreamEvent } from "../../../src/ir/event.ts";
import type { JSONObject } from "../../../src/ir/json.ts";
import type { FinishReason, ModelResponse } from "../../../src/ir/response.ts";
import { makeUsage } from "../../../src/ir/usage.ts";
import { encodeContext, responseOf } from "./fixtures.ts";

const usage = makeUsage({ input: { total: 10, cacheRead: 4 }, output: { total: 6, reasoning: 2 } });

function answer(content: readonly Part[], unified: FinishReason["unified"] = "stop", more: Partial<ModelResponse> = {}): ModelResponse {
  return responseOf({ content, finishReason: { unified }, usage, ...more });
}

/** The real client in front of our encoders; each answer is given as one event a batch when it is streamed. */
function clientFor(...answers: (ModelResponse | CrosspointError | readonly StreamEvent[])[]) {
  const asked: ClientRequest[] = [];
  const fetch: typeof globalThis.fetch = async (_input, init) => {
    const wire = JSON.parse(init!.body as string) as JSONObject;
    const context = encodeContext(wire, { extension: ({ usage: seen }) => ({ total: seen?.total }) });
    asked.push(context.client);
    const next = answers.shift()!;
    if (next instanceof CrosspointError) {
      const { status, body, headers } = openaiChat.encodeError(next);
      return Response.json(body, { status, ...(headers === undefined ? undefined : { headers }) });
    }
    const events = Array.isArray(next) ? (next as readonly StreamEvent[]) : [...eventsOf(next as ModelResponse)];
    if (!context.client.stream) return Response.json(openaiChat.encodeResponse(responseOf(accumulate(events)), context));
    const encoder = openaiChat.encodeStream(context);
    return new Response(events.map((event) => encoder.push([event])).join(""), { headers: { "content-type": "text/event-stream" } });
  };
  return { client: new OpenAI({ apiKey: "k", baseURL: "http://layer.invalid/v1", fetch }), asked };
}

const ask = { model: "smart", messages: [{ role: "user" as const, content: "Hi" }] };
const text: Part = { type: "text", text: "Hello there" };
const call: Part = { type: "tool-call", id: "c1", name: "add", arguments: '{"a":1,"b":2}' };

describe("whole answers to the client", () => {
  test("text, usage and our extension", async () => {
    const { client } = clientFor(
      answer([{ type: "reasoning", text: "hm" }, text], "stop", {
        created: 5,
        serviceTier: "flex",
        providerMetadata: { lab: { system_fingerprint: "fp" } },
      }),
    );
    expect(await client.chat.completions.create(ask)).toEqual({
      id: "r1",
      object: "chat.completion",
      created: 5,
      model: "m-1",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Hello there", refusal: null, reasoning_content: "hm" },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 6,
        total_tokens: 16,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
      service_tier: "flex",
      system_fingerprint: "fp",
      crosspoint: { total: 16 },
    });
  });

  test("unknown usage is left out; nothing is undefined or null that must not be", async () => {
    const { client } = clientFor(answer([], "stop", { usage: { input: {}, output: {} } }));
    const completion = await client.chat.completions.create(ask);
    expect(completion).not.toHaveProperty("usage");
    expect(completion.choices[0]!.message).toEqual({ role: "assistant", content: null, refusal: null });
  });

  test("several answers, citations, sources, logprobs, refusals, images and sound", async () => {
    const content: Part[] = [
      { type: "text", text: "One", citations: [{ source: { url: "https://a.example/", title: "A" }, answerStart: 0, answerEnd: 3 }] },
      {
        type: "text",
        text: "Two",
        citations: [{ source: { url: "https://b.example/" }, answerStart: 0, answerEnd: 3 }],
        logprobs: [{ token: "T", logprob: -1, top: [{ token: "U", logprob: -2, bytes: [1] }] }],
      },
      { type: "source", source: { url: "https://c.example/" } },
      { type: "file", mediaType: "audio/mpeg", data: { type: "base64", base64: "AAAA" }, transcript: "la", itemId: "aud_1" },
      { type: "file", mediaType: "image/png", data: { type: "bytes", bytes: new Uint8Array([1, 2, 3]) } },
    ];
    const choices = [
      { content, finishReason: { unified: "stop" as const } },
      { content: [{ type: "refusal" as const, text: "no" }], finishReason: { unified: "content-filter" as const } },
    ];
    const { client } = clientFor(answer(content, "stop", { choices }));
    const { choices: shown } = await client.chat.completions.create(ask);
    expect(shown).toMatchObject([
      {
        index: 0,
        message: {
          content: "OneTwo",
          annotations: [
            { type: "url_citation", url_citation: { url: "https://a.example/", title: "A", start_index: 0, end_index: 3 } },
            {
              type: "url_citation",
              url_citation: { url: "https://b.example/", title: "https://b.example/", start_index: 3, end_index: 6 },
            },
            { type: "url_citation", url_citation: { url: "https://c.example/", start_index: 0, end_index: 0 } },
          ],
          audio: { id: "aud_1", data: "AAAA", transcript: "la", expires_at: 0 },
          images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AQID" } }],
        },
        logprobs: { content: [{ token: "T", logprob: -1, bytes: null, top_logprobs: [{ token: "U", logprob: -2, bytes: [1] }] }] },
      },
      { index: 1, message: { content: null, refusal: "no" }, finish_reason: "content_filter" },
    ]);
  });

  test.for([
    ["RATE_LIMITED", 429, OpenAI.RateLimitError],
    ["AUTHENTICATION", 401, OpenAI.AuthenticationError],
    ["CONTEXT_WINDOW_EXCEEDED", 400, OpenAI.BadRequestError],
    ["MODEL_NOT_FOUND", 404, OpenAI.NotFoundError],
    ["OVERLOADED", 503, OpenAI.InternalServerError],
  ] as const)("%s reaches the client as its own class, in one call", async ([code, status, type]) => {
    const { client, asked } = clientFor(new CrosspointError(code, "m", { param: "p" }));
    const error = await client.chat.completions.create(ask).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ status, param: "p" });
    expect(asked).toHaveLength(1);
  });

  test("parse and the older function_call", async () => {
    const { client, asked } = clientFor(answer([{ type: "text", text: '{"n":3}' }]), answer([call], "tool-calls"));
    const parsed = await client.chat.completions.parse({ ...ask, response_format: zodResponseFormat(z.object({ n: z.number() }), "num") });
    expect(parsed.choices[0]!.message.parsed).toEqual({ n: 3 });
    expect(asked[0]!.request.output).toMatchObject({ type: "json", name: "num", strict: true, schema: { type: "object" } });
    const legacy = await client.chat.completions.create({
      ...ask,
      functions: [{ name: "add", parameters: { type: "object" } }],
      function_call: { name: "add" },
    });
    expect(legacy.choices[0]).toMatchObject({
      message: { function_call: { name: "add", arguments: '{"a":1,"b":2}' } },
      finish_reason: "function_call",
    });
    expect(legacy.choices[0]!.message).not.toHaveProperty("tool_calls");
    expect(asked[1]!.request).toMatchObject({ tools: [{ name: "add" }], toolChoice: { tool: "add" } });
  });
});

describe("streams to the client", () => {
  const collect = async (...args: Parameters<typeof clientFor>) => {
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of await clientFor(...args).client.chat.completions.create({ ...ask, stream: true })) chunks.push(chunk);
    return chunks;
  };

  test("role first, name once, finish last, no usage unless asked", async () => {
    const chunks = await collect(
      answer([{ type: "reasoning", text: "hm" }, text, call, { ...call, id: "c2", arguments: "" } as Part], "tool-calls"),
    );
    const deltas = chunks.map((each) => each.choices[0]!.delta);
    expect(deltas).toEqual([
      { role: "assistant", content: "" },
      { reasoning_content: "hm" },
      { content: "Hello there" },
      { tool_calls: [{ index: 0, id: "c1", type: "function", function: { name: "add", arguments: "" } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"a":1,"b":2}' } }] },
      { tool_calls: [{ index: 1, id: "c2", type: "function", function: { name: "add", arguments: "" } }] },
      { tool_calls: [{ index: 1, function: { arguments: "{}" } }] },
      {},
    ]);
    expect(chunks.every((each) => !("usage" in each) && each.id === "r1" && each.object === "chat.completion.chunk")).toBe(true);
    expect(chunks.at(-1)).toMatchObject({ choices: [{ finish_reason: "tool_calls" }], crosspoint: { total: 16 } });
  });

  test("the usage chunk carries our extension when it is asked for", async () => {
    const { client } = clientFor(answer([text]));
    const chunks: unknown[] = [];
    for await (const chunk of await client.chat.completions.create({ ...ask, stream: true, stream_options: { include_usage: true } }))
      chunks.push(chunk);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 10, total_tokens: 16 }, crosspoint: { total: 16 } });
    expect(chunks.at(-2)).not.toHaveProperty("crosspoint");
  });

  test(".stream() holds for text, parallel and interleaved calls, refusals and custom tools", async () => {
    const events: StreamEvent[] = [
      { type: "response-start", id: "r1", model: "m-1" },
      { type: "text-start", id: "t0" },
      { type: "text-delta", id: "t0", text: 'He\n"llo\u2028' },
      { type: "tool-call-start", id: "a", name: "f" },
      { type: "tool-call-start", id: "b", name: "g" },
      { type: "tool-call-delta", id: "b", arguments: '{"b":' },
      { type: "tool-call-delta", id: "a", arguments: "{}" },
      { type: "text-delta", id: "t0", text: " you" },
      { type: "tool-call-delta", id: "b", arguments: "1}" },
      { type: "tool-call-end", id: "a" },
      { type: "tool-call-end", id: "b" },
      { type: "text-end", id: "t0" },
      { type: "response-end", finishReason: { unified: "tool-calls" } },
    ];
    const { client } = clientFor(events, answer([{ type: "refusal", text: "No." }], "content-filter"));
    const stream = client.chat.completions.stream({ ...ask, tools: [{ type: "function", function: { name: "f", parameters: {} } }] });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]!.message.content).toBe('He\n"llo\u2028 you');
    expect(final.choices[0]!.message.tool_calls).toMatchObject([
      { id: "a", function: { name: "f", arguments: "{}" } },
      { id: "b", function: { name: "g", arguments: '{"b":1}' } },
    ]);
    const refused: string[] = [];
    const second = client.chat.completions.stream(ask);
    second.on("refusal.done", ({ refusal }) => refused.push(refusal));
    await second.done().catch(() => undefined);
    expect(refused).toEqual(["No."]);
  });

  test(".stream() with several answers", async () => {
    const two = [1, 2].map((each) => ({
      content: [{ type: "text" as const, text: `t${each}` }],
      finishReason: { unified: each === 1 ? ("stop" as const) : ("length" as const) },
    }));
    const { client } = clientFor(answer(two[0]!.content, "stop", { choices: two }));
    const final = await client.chat.completions.stream({ ...ask, n: 2 }).finalChatCompletion();
    expect(final.choices.map((each) => [each.message.content, each.finish_reason])).toEqual([
      ["t1", "stop"],
      ["t2", "length"],
    ]);
  });

  test("runTools, streaming and not, sends calls and results back", async () => {
    for (const stream of [false, true]) {
      const { client, asked } = clientFor(answer([text, call], "tool-calls"), answer([{ type: "text", text: "3" }]));
      const tools = [
        {
          type: "function" as const,
          function: {
            name: "add",
            parse: JSON.parse as (text: string) => { a: number; b: number },
            function: ({ a, b }: { a: number; b: number }) => String(a + b),
            parameters: { type: "object" },
            description: "adds",
          },
        },
      ];
      const runner = stream
        ? client.chat.completions.runTools({ ...ask, stream: true, tools })
        : client.chat.completions.runTools({ ...ask, tools });
      expect(await runner.finalContent()).toBe("3");
      expect(asked[1]!.request.messages.slice(1)).toEqual([
        { role: "assistant", content: [text, call] },
        { role: "tool", content: [{ type: "tool-result", callId: "c1", output: "3" }] },
      ]);
    }
  });

  test("a failure, or a restart, after the first text is an error and never an end", async () => {
    const context = encodeContext({ ...ask, stream: true } as never);
    const events: StreamEvent[] = [{ type: "response-start" }, { type: "text-start", id: "t" }, { type: "text-delta", id: "t", text: "a" }];
    for (const last of ["fail", "restart"]) {
      const encoder = openaiChat.encodeStream(context);
      const begun = encoder.push(events);
      const frames =
        begun +
        (last === "fail"
          ? encoder.fail(new CrosspointError("OVERLOADED", "busy"))
          : encoder.push([
              { type: "response-restart", reason: "again" },
              { type: "text-start", id: "u" },
            ]));
      expect(encoder.push([{ type: "response-end", finishReason: { unified: "stop" } }])).toBe("");
      const client = new OpenAI({
        apiKey: "k",
        baseURL: "http://layer.invalid",
        fetch: async () => new Response(frames, { headers: { "content-type": "text/event-stream" } }),
      });
      const seen: unknown[] = [];
      const read = async () => {
        for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) seen.push(chunk);
      };
      await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError);
      expect(seen).toHaveLength(2);
    }
  });

  test("OR29 a call shows its settled id where it is known when the call is shown", () => {
    const settled: readonly StreamEvent[] = [
      { type: "response-start", id: "r1" },
      { type: "tool-call-start", id: "draft", name: "add" },
      { type: "tool-call-delta", id: "draft", arguments: "{}" },
      { type: "tool-call-end", id: "draft", callId: "c1" },
    ];
    const idsIn = (frames: string): readonly string[] => [...frames.matchAll(/"id":"(c1|draft)"/g)].map(([, id]) => id!);
    const stream = () => openaiChat.encodeStream(encodeContext());
    expect(idsIn(stream().push(settled))).toEqual(["c1"]);
    const slow = stream();
    expect(idsIn(settled.map((event) => slow.push([event])).join(""))).toEqual(["draft"]);
  });

  test("nothing follows the end", () => {
    const encoder = openaiChat.encodeStream(encodeContext());
    expect(encoder.push([...eventsOf(answer([text]))])).toMatch(/data: \[DONE\]\n\n$/);
    expect(encoder.fail(new CrosspointError("SERVER", "late"))).toBe("");
    expect(encoder.push([{ type: "text-start", id: "late" }])).toBe("");
  });

  test("an unfinished model error shows as cut, never as whole", async () => {
    const chunks = await collect(answer([text], "error"));
    expect(chunks.at(-1)!.choices[0]!.finish_reason).toBe("length");
  });

  test("frames of a stream decode to what was encoded", () => {
    const context = encodeContext({ ...ask, stream: true, stream_options: { include_usage: true } } as never);
    const given = answer([{ type: "reasoning", text: "hm" }, text, call], "tool-calls");
    const frames = openaiChat.encodeStream(context).push([...eventsOf(given)]);
    const decoder = openaiChat.decodeStream({
      target: { codec: "openai-chat", provider: "p", family: "p", model: "m", quirks: {}, traits: {}, optionKeys: [], unsupported: "warn" },
      request: context.client.request,
      newId: (prefix) => prefix,
    });
    const out: StreamEvent[] = [];
    for (const line of frames.split("\n\n")) if (line !== "") decoder.push(line.slice(6), undefined, out);
    decoder.end(out);
    const back = accumulate(out);
    expect(back.content).toEqual(given.content);
    expect(back.usage).toMatchObject({ input: { total: 10, cacheRead: 4 }, output: { total: 6, reasoning: 2 } });
  });
});

describe("state through a client", () => {
  const sealed = (id: string) => [{ family: "anthropic", model: "c", kind: "signature", data: `raw-${id}`, sealed: `xp1.${id}` }];
  const content: Part[] = [
    { type: "reasoning", text: "first", opaque: sealed("1") },
    { type: "reasoning", text: "second", opaque: sealed("2") },
    { type: "reasoning", text: "", opaque: sealed("3") },
    text,
    { ...call, opaque: sealed("4") },
  ];
  const expected = (part: Part) =>
    part.opaque === undefined ? part : { ...part, opaque: [{ family: "sealed", kind: "sealed", data: part.opaque[0]!.sealed }] };

  test("sealed state comes back on the part it left on, and raw foreign state never leaves", async () => {
    const { client, asked } = clientFor(answer(content, "tool-calls"), answer([text]));
    const { choices } = await client.chat.completions.create(ask);
    expect(JSON.stringify(choices)).not.toContain("raw-");
    await client.chat.completions.create({ ...ask, messages: [...ask.messages, choices[0]!.message] });
    expect(asked[1]!.request.messages[1]!.content).toEqual(content.map(expected));
  });

  test("streamed state brings its text along, of which the official client's helper keeps the last delta alone", async () => {
    const one = answer([{ type: "reasoning", text: "one two", opaque: sealed("1") }, text]);
    const { client, asked } = clientFor(one, answer([text]));
    const { choices } = await client.chat.completions.stream(ask).finalChatCompletion();
    const { reasoning_details } = choices[0]!.message as { reasoning_details?: unknown };
    expect(reasoning_details).toMatchObject([{ type: "reasoning.text", text: "one two", signature: "xp1.1" }]);
    const echoed = { ...choices[0]!.message, reasoning_content: "two" };
    await client.chat.completions.create({ ...ask, messages: [...ask.messages, echoed] });
    expect(asked[1]!.request.messages[1]!.content).toEqual(one.content.map(expected));
  });

  test("a stream carries it in one chunk near the end", () => {
    const context = encodeContext({ ...ask, stream: true } as never);
    const frames = openaiChat.encodeStream(context).push([...eventsOf(answer(content, "tool-calls"))]);
    const deltas = frames
      .split("\n\n")
      .filter((line) => line.startsWith("data: {"))
      .map(
        (line) =>
          (
            JSON.parse(line.slice(6)) as {
              choices: { delta: { reasoning_details?: unknown[]; tool_calls?: { extra_content?: unknown }[] } }[];
            }
          ).choices[0]!.delta,
      );
    expect(deltas.filter((delta) => delta.reasoning_details !== undefined)).toHaveLength(1);
    expect(deltas.at(-2)!.reasoning_details).toHaveLength(3);
    expect(deltas.flatMap((delta) => delta.tool_calls ?? []).find((each) => each.extra_content)).toEqual({
      index: 0,
      extra_content: { google: { thought_signature: "xp1.4" } },
    });
  });

  test("one thought is not sent twice: its text stays in reasoning_content", async () => {
    const { client } = clientFor(answer([content[0]!, text]));
    const message: object = (await client.chat.completions.create(ask)).choices[0]!.message;
    expect(message).toMatchObject({ reasoning_content: "first", reasoning_details: [{ type: "reasoning.encrypted", data: "xp1.1" }] });
  });
});
