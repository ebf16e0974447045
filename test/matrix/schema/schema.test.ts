import { describe, expect, test } from "vitest";
import type { ChatCompletion, ChatCompletionChunk } from "openai/resources/chat/completions";
import type { Response, ResponseStreamEvent } from "openai/resources/responses/responses";
import type { Fault, Step } from "crosspoint/testing";
import { openaiResponses } from "../../../src/codecs/openai-responses/index.ts";
import type { ModelRequest } from "../../../src/ir/request.ts";
import { WEATHER } from "../capability.ts";
import { openai } from "../clients/chat.ts";
import { createRig } from "../harness.ts";
import { framesOf, schemaViolations } from "./bodies.ts";
import { violations } from "./check.ts";

const id = (prefix: string): string => expect.stringMatching(new RegExp(`^${prefix}`)) as string;
const time = expect.any(Number) as number;
const ANTHROPIC = "anthropic/claude-sonnet-4-5";

/** One request of OpenAI's client, answered as the step says; the body as it was received. */
async function answered(step: Step, ask: (client: ReturnType<typeof openai>) => PromiseLike<unknown>) {
  const rig = createRig();
  rig.simulator.script(step);
  await Promise.resolve(ask(openai(rig))).catch(() => {}); // failures are looked at in the body
  expect((await schemaViolations(rig)).join("\n")).toBe("");
  return (await rig.downstream())[0]!.body;
}

/** Reads a stream to its end. */
async function drain(stream: PromiseLike<AsyncIterable<unknown>>): Promise<void> {
  for await (const _ of await stream);
}

describe("what we emit, written down as OpenAI's own types", () => {
  test("a chat completion", async () => {
    const body = await answered({ text: "Hi.", usage: { input: 9, output: 2 } }, (client) =>
      client.chat.completions.create({ model: ANTHROPIC, messages: [{ role: "user", content: "Hello" }] }),
    );
    const expected: ChatCompletion = {
      id: id("msg_"),
      object: "chat.completion",
      created: time,
      model: "claude-sonnet-4-5",
      choices: [{ index: 0, message: { role: "assistant", content: "Hi.", refusal: null }, logprobs: null, finish_reason: "stop" }],
      usage: {
        prompt_tokens: 9,
        completion_tokens: 2,
        total_tokens: 11,
        prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
      service_tier: "default",
    };
    const { crosspoint: _, ...emitted } = JSON.parse(body) as ChatCompletion & { crosspoint: unknown };
    expect(emitted).toEqual(expected);
  });

  test("the chunks of a chat completion", async () => {
    const body = await answered({ text: "Hi.", usage: { input: 9, output: 2 } }, (client) =>
      drain(
        client.chat.completions.create({
          model: ANTHROPIC,
          messages: [{ role: "user", content: "Hello" }],
          stream: true,
          stream_options: { include_usage: true },
        }),
      ),
    );
    const head = { id: id("msg_"), object: "chat.completion.chunk", created: time, model: "claude-sonnet-4-5" } as const;
    const expected: ChatCompletionChunk[] = [
      { ...head, choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }] },
      { ...head, choices: [{ index: 0, delta: { content: "Hi." }, finish_reason: null }] },
      { ...head, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
      {
        ...head,
        choices: [],
        usage: {
          prompt_tokens: 9,
          completion_tokens: 2,
          total_tokens: 11,
          prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
        service_tier: "default",
      },
    ];
    const emitted = framesOf(body).map(({ crosspoint: _, ...chunk }) => chunk);
    expect(emitted).toEqual(expected);
  });

  test("a response, and the events of its stream", async () => {
    const step: Step = { text: "Hi.", usage: { input: 9, output: 2 } };
    const whole = await answered(step, (client) => client.responses.create({ model: ANTHROPIC, input: "Hello", store: false }));
    const message = {
      id: id("msg_"),
      type: "message",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "Hi.", annotations: [], logprobs: [] }],
    } as const;
    const begun: Omit<Response, "output_text"> = {
      id: id("msg_"),
      object: "response",
      created_at: time,
      status: "in_progress",
      model: "claude-sonnet-4-5",
      access_programs: null,
      background: false,
      completed_at: null,
      error: null,
      incomplete_details: null,
      instructions: null,
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: {},
      output: [],
      parallel_tool_calls: true,
      previous_response_id: null,
      prompt_cache_key: null,
      reasoning: { effort: null, summary: null },
      safety_identifier: null,
      service_tier: "default",
      temperature: 1,
      text: { format: { type: "text" } },
      tool_choice: "auto",
      tools: [],
      top_logprobs: 0,
      top_p: 1,
      truncation: "disabled",
    };
    const ended: Omit<Response, "output_text"> = {
      ...begun,
      status: "completed",
      completed_at: time,
      output: [{ ...message, content: [...message.content].map((part) => ({ ...part, annotations: [], logprobs: [] })) }],
      usage: {
        input_tokens: 9,
        input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
        output_tokens: 2,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 11,
      },
    };
    expect(JSON.parse(whole)).toMatchObject(ended);
    const streamed = await answered(step, (client) =>
      drain(client.responses.create({ model: ANTHROPIC, input: "Hello", store: false, stream: true })),
    );
    const at = { item_id: id("msg_"), output_index: 0, content_index: 0 };
    const empty = { type: "output_text" as const, text: "", annotations: [], logprobs: [] };
    const part = { ...empty, text: "Hi." };
    const item = { ...message, content: [part] };
    const expected: ResponseStreamEvent[] = [
      { type: "response.created", sequence_number: 0, response: begun as Response },
      { type: "response.in_progress", sequence_number: 1, response: begun as Response },
      { type: "response.output_item.added", sequence_number: 2, output_index: 0, item: { ...item, status: "in_progress", content: [] } },
      { type: "response.content_part.added", sequence_number: 3, ...at, part: empty },
      { type: "response.output_text.delta", sequence_number: 4, ...at, delta: "Hi.", logprobs: [] },
      { type: "response.output_text.done", sequence_number: 5, ...at, text: "Hi.", logprobs: [] },
      { type: "response.content_part.done", sequence_number: 6, ...at, part },
      { type: "response.output_item.done", sequence_number: 7, output_index: 0, item },
      { type: "response.completed", sequence_number: 8, response: ended as Response },
    ];
    expect(framesOf(streamed)).toMatchObject(expected as object[]);
    expect(framesOf(streamed)).toHaveLength(expected.length);
  });
});

describe("every event of our Responses streams is one that OpenAI declares", () => {
  const tools = [{ type: "function" as const, name: "weather", description: "", parameters: WEATHER.schema, strict: true }];
  const custom = [{ type: "custom" as const, name: "note" }];
  const reasoning = { effort: "low" as const, summary: "auto" as const };
  const OWN = ["response.created", "response.in_progress", "response.output_item.added", "response.output_item.done", "response.completed"];
  const TEXT = ["response.content_part.added", "response.output_text.delta", "response.output_text.done", "response.content_part.done"];
  const failing: Fault = { errorAfterChunks: { after: 1, status: 500, message: "no" } };

  test.for<readonly [string, string, Step, object, readonly string[]]>([
    [
      "text with citations",
      ANTHROPIC,
      { text: "Hi.", citations: [{ url: "https://a.example" }] },
      {},
      [...OWN, ...TEXT, "response.output_text.annotation.added"],
    ],
    [
      "a call",
      ANTHROPIC,
      { toolCalls: [{ name: "weather", arguments: { city: "Paris" } }] },
      { tools },
      [...OWN, "response.function_call_arguments.delta", "response.function_call_arguments.done"],
    ],
    [
      "a call of free text",
      "openai-chat/gpt-4o",
      { toolCalls: [{ name: "note", arguments: "buy milk" }] },
      { tools: custom },
      [...OWN, "response.custom_tool_call_input.delta", "response.custom_tool_call_input.done"],
    ],
    [
      "a summary of thoughts",
      "google/gemini-2.5-flash",
      { reasoning: "Hm.", text: "Hi." },
      { reasoning },
      [
        ...OWN,
        ...TEXT,
        "response.reasoning_summary_part.added",
        "response.reasoning_summary_text.delta",
        "response.reasoning_summary_text.done",
        "response.reasoning_summary_part.done",
      ],
    ],
    [
      "a refusal",
      "openai-chat/gpt-4o",
      { refusal: "I cannot." },
      {},
      [...OWN, "response.content_part.added", "response.refusal.delta", "response.refusal.done", "response.content_part.done"],
    ],
    ["a limit", ANTHROPIC, { text: "Hi", finishReason: "length" }, {}, [...OWN.slice(0, -1), ...TEXT, "response.incomplete"]],
    [
      "a failure",
      ANTHROPIC,
      { text: "Hi there", fault: failing },
      {},
      [...OWN.slice(0, 3), "response.content_part.added", "response.output_text.delta", "error", "response.failed"],
    ],
  ])("%s", async ([_title, model, step, more, types]) => {
    const body = await answered(step, (client) =>
      drain(client.responses.create({ model, input: "Hello", store: false, stream: true, ...more })),
    );
    expect(new Set(framesOf(body).map((frame) => frame["type"]))).toEqual(new Set(types));
  });

  test("thoughts in full", () => {
    const request: ModelRequest = { model: "m", messages: [] };
    const client = { request, stream: true, warnings: [] };
    const frames = openaiResponses.encodeStream({ client, newId: (prefix) => `${prefix}_1`, now: 1 }).push([
      { type: "response-start", id: "resp_1" },
      { type: "reasoning-start", id: "r", form: "raw" },
      { type: "reasoning-delta", id: "r", text: "Hm." },
      { type: "reasoning-end", id: "r" },
      { type: "response-end", finishReason: { unified: "stop" } },
    ]);
    const events = framesOf(frames);
    const types = [...OWN, "response.reasoning_text.delta", "response.reasoning_text.done"];
    expect(events.map((event) => event["type"])).toEqual(expect.arrayContaining(types));
    expect(events.flatMap((event) => violations(event, "ResponseStreamEvent"))).toEqual([]);
  });
});

describe("the check itself", () => {
  const chunk = {
    id: "c",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta: {}, finish_reason: null }],
  };
  const done = {
    type: "response.output_text.done",
    item_id: "i",
    output_index: 0,
    content_index: 0,
    sequence_number: 1,
    text: "",
    logprobs: [],
  };

  test.for<readonly [string, string, unknown, string]>([
    ["a missing field", "ChatCompletionChunk", { ...chunk, model: undefined }, "ChatCompletionChunk.model is undefined, not string"],
    [
      "a null where none is allowed",
      "ChatCompletionChunk",
      { ...chunk, system_fingerprint: null },
      "ChatCompletionChunk.system_fingerprint is null, not string",
    ],
    [
      "a foreign word",
      "ChatCompletionChunk",
      { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: "end_turn" }] },
      "ChatCompletionChunk.choices[0].finish_reason is",
    ],
    [
      "a field of a nested type",
      "ChatCompletionChunk",
      { ...chunk, usage: { prompt_tokens: 1, completion_tokens: 1 } },
      "ChatCompletionChunk.usage.total_tokens is missing",
    ],
    ["an event of no declared type", "ResponseStreamEvent", { ...done, type: "response.output_text.end" }, "ResponseStreamEvent is"],
    [
      "an event without its number",
      "ResponseStreamEvent",
      { ...done, sequence_number: "1" },
      'ResponseStreamEvent.sequence_number is "1", not number',
    ],
    ["no object", "Response", null, "Response is null, not an object"],
  ])("finds %s", ([_title, type, value, complaint]) => {
    expect(violations(value, type).join("\n")).toContain(complaint);
  });

  test("has nothing against what is right, nor against further fields", () => {
    expect(violations({ ...chunk, crosspoint: { cost: 1 } }, "ChatCompletionChunk")).toEqual([]);
    expect(violations(done, "ResponseStreamEvent")).toEqual([]);
    expect(() => violations({}, "ChatCompletionCrumb")).toThrow("openai declares no ChatCompletionCrumb");
  });
});
