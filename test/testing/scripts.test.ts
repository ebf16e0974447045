import { beforeEach, describe, expect, it } from "vitest";
import { createSimulator } from "crosspoint/testing";
import { PLAIN, answer, chatMessage, send } from "./request.ts";

const simulator = createSimulator();
beforeEach(() => simulator.reset());

const ask = (content: string) => ({ messages: [{ role: "user", content }] });
describe("scripts", () => {
  const STEP = {
    reasoning: "think",
    text: "one two",
    toolCalls: [{ name: "f", arguments: { a: 1 }, id: "call_1" }],
    usage: { input: 100, output: 20, cacheRead: 60, cacheWrite: 10, reasoning: 5 },
  };

  it("puts a whole step on each wire", async () => {
    simulator.script([STEP, STEP, STEP, STEP]);
    expect(await answer(simulator, "openai-chat", {})).toMatchObject({
      choices: [
        {
          message: {
            content: "one two",
            reasoning_content: "think",
            tool_calls: [{ id: "call_1", function: { name: "f", arguments: '{"a":1}' } }],
          },
          finish_reason: "tool_calls",
        },
      ],
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        prompt_tokens_details: { cached_tokens: 60 },
        completion_tokens_details: { reasoning_tokens: 5 },
      },
    });
    expect(await answer(simulator, "openai-responses", { reasoning: { summary: "auto" }, model: "gpt-5" })).toMatchObject({
      status: "completed",
      output: [
        { type: "reasoning", summary: [{ text: "think" }] },
        { type: "message", content: [{ text: "one two" }] },
        { type: "function_call", call_id: "call_1", arguments: '{"a":1}' },
      ],
      usage: {
        input_tokens: 100,
        input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
        output_tokens_details: { reasoning_tokens: 5 },
      },
    });
    expect(await answer(simulator, "anthropic-messages", {})).toMatchObject({
      content: [
        { type: "thinking", thinking: "think" },
        { type: "text", text: "one two" },
        { type: "tool_use", id: "call_1", input: { a: 1 } },
      ],
      stop_reason: "tool_use",
      usage: { input_tokens: 30, cache_read_input_tokens: 60, cache_creation_input_tokens: 10, output_tokens: 20 },
    });
    expect(await answer(simulator, "gemini", {})).toMatchObject({
      candidates: [
        {
          content: {
            parts: [{ text: "think", thought: true }, { text: "one two" }, { functionCall: { id: "call_1", name: "f", args: { a: 1 } } }],
          },
          finishReason: "STOP",
        },
      ],
      usageMetadata: { promptTokenCount: 100, cachedContentTokenCount: 60, thoughtsTokenCount: 5, candidatesTokenCount: 15 },
    });
  });

  it("addresses steps by wire and by model, in order", async () => {
    simulator.script([{ wire: "gemini", text: "for gemini" }, { model: "gpt-4.1-mini", text: "for mini" }, { text: "first" }]);
    expect(chatMessage(await answer(simulator, "openai-chat", {}))?.content).toBe("first");
    expect(chatMessage(await answer(simulator, "openai-chat", { model: "gpt-4.1-mini" }))?.content).toBe("for mini");
    expect(JSON.stringify(await answer(simulator, "gemini", {}))).toContain("for gemini");
    expect(chatMessage(await answer(simulator, "openai-chat", {}))?.content).toBe("You said: hello there");
  });

  it("asks a function", async () => {
    const own = createSimulator({
      respond: (request) => (request.text.includes("hello") ? { text: `${request.wire}/${request.model}` } : undefined),
    });
    expect(chatMessage(await answer(own, "openai-chat", {}))?.content).toBe("openai-chat/gpt-4.1");
    expect(chatMessage(await answer(own, "openai-chat", ask("bye")))?.content).toBe("You said: bye");
  });

  it("maps finish reasons and lets raw ones through", async () => {
    simulator.script([
      { text: "x", finishReason: "length" },
      { text: "x", finishReason: "content-filter" },
      { text: "x", finishReason: "LANGUAGE" },
      { finishReason: "content-filter" },
      { refusal: "no" },
      { refusal: "no" },
    ]);
    expect(await answer(simulator, "openai-chat", {})).toMatchObject({ choices: [{ finish_reason: "length" }] });
    expect(await answer(simulator, "anthropic-messages", {})).toMatchObject({ stop_reason: "refusal", stop_details: { type: "refusal" } });
    expect(await answer(simulator, "gemini", {})).toMatchObject({ candidates: [{ finishReason: "LANGUAGE" }] });
    const blocked = await answer(simulator, "gemini", {});
    expect(blocked).toMatchObject({ promptFeedback: { blockReason: "SAFETY" } });
    expect(blocked["candidates"]).toBeUndefined();
    expect(await answer(simulator, "openai-chat", {})).toMatchObject({
      choices: [{ message: { content: null, refusal: "no" }, finish_reason: "stop" }],
    });
    expect(await answer(simulator, "openai-responses", {})).toMatchObject({ output: [{ content: [{ type: "refusal", refusal: "no" }] }] });
  });

  it("splits text as told and bytes anywhere", async () => {
    simulator.script({ text: "añb👋c", chunks: [2, 2], splitBytes: 2 });
    const response = await send(simulator, "openai-chat", { ...PLAIN["openai-chat"], stream: true });
    const sizes: number[] = [];
    const decoder = new TextDecoder();
    let body = "";
    for await (const chunk of response.body ?? []) {
      sizes.push(chunk.length);
      body += decoder.decode(chunk, { stream: true });
    }
    expect(Math.max(...sizes)).toBe(2);
    expect([...body.matchAll(/"delta":\{"content":"([^"]*)"/g)].map((match) => match[1])).toEqual(["añ", "b👋", "c"]);
  });

  it("carries citations in each form", async () => {
    const step = { text: "sée it", citations: [{ url: "https://example.com/", title: "Example", start: 0, end: 3 }] };
    simulator.script([step, step, step, step]);
    expect(await answer(simulator, "openai-chat", {})).toMatchObject({
      choices: [{ message: { annotations: [{ url_citation: { start_index: 0, end_index: 3, title: "Example" } }] } }],
    });
    expect(await answer(simulator, "openai-responses", {})).toMatchObject({
      output: [{ content: [{ annotations: [{ type: "url_citation", end_index: 3 }] }] }],
    });
    expect(await answer(simulator, "anthropic-messages", {})).toMatchObject({
      content: [{ citations: [{ type: "web_search_result_location", cited_text: "sée" }] }],
    });
    expect(await answer(simulator, "gemini", {})).toMatchObject({
      candidates: [{ groundingMetadata: { groundingSupports: [{ segment: { startIndex: 0, endIndex: 4, text: "sée" } }] } }],
    });
  });
});

describe("prompt caches", () => {
  const long = "word ".repeat(1200);

  it("reads a marked prefix on Anthropic", async () => {
    const body = { system: [{ type: "text", text: long, cache_control: { type: "ephemeral", ttl: "1h" } }] };
    const first = (await answer(simulator, "anthropic-messages", body))["usage"];
    expect(first).toMatchObject({
      cache_creation_input_tokens: 1500,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_1h_input_tokens: 1500 },
    });
    const second = (await answer(simulator, "anthropic-messages", { ...body, messages: [{ role: "user", content: "other" }] }))["usage"];
    expect(second).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: 1500 });
    const unmarked = (await answer(simulator, "anthropic-messages", { system: long }))["usage"];
    expect(unmarked).toMatchObject({ cache_read_input_tokens: 0, input_tokens: 1505 });
  });

  it("reads a long shared prefix on OpenAI in steps of 128", async () => {
    const messages = (last: string) => ({
      messages: [
        { role: "system", content: long },
        { role: "user", content: last },
      ],
    });
    expect(await answer(simulator, "openai-chat", messages("one"))).toMatchObject({
      usage: { prompt_tokens_details: { cached_tokens: 0 } },
    });
    expect(await answer(simulator, "openai-chat", messages("two"))).toMatchObject({
      usage: { prompt_tokens_details: { cached_tokens: 1408 } },
    });
    expect(await answer(simulator, "openai-chat", { ...messages("two"), model: "gpt-4.1-mini" })).toMatchObject({
      usage: { prompt_tokens_details: { cached_tokens: 0 } },
    });
  });
});
