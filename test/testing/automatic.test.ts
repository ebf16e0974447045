import { beforeEach, describe, expect, it } from "vitest";
import { createSimulator } from "crosspoint/testing";
import { answer, chatMessage, type Body } from "./request.ts";

const simulator = createSimulator();
beforeEach(() => simulator.reset());

const calls = (body: Body) => chatMessage(body)?.tool_calls?.map((call) => [call.function.name, JSON.parse(call.function.arguments)]);
const tool = (name: string, properties: Body) => ({
  type: "function",
  function: { name, parameters: { type: "object", properties, required: Object.keys(properties) } },
});
const ask = (content: string) => ({ messages: [{ role: "user", content }] });

describe("without a script", () => {
  const tools = [
    tool("get_weather", { city: { type: "string" } }),
    tool("add", { a: { type: "number" }, b: { type: "number" } }),
    tool("set_mode", { mode: { type: "string", enum: ["day", "night"] } }),
  ];

  it("calls the tool that the user names, with what the user said", async () => {
    expect(calls(await answer(simulator, "openai-chat", { ...ask("please add 2 and 40.5"), tools }))).toEqual([["add", { a: 2, b: 40.5 }]]);
    expect(calls(await answer(simulator, "openai-chat", { ...ask("set mode to night"), tools }))).toEqual([
      ["set_mode", { mode: "night" }],
    ]);
    expect(calls(await answer(simulator, "openai-chat", { ...ask('what about "New York"?'), tools }))).toEqual([
      ["get_weather", { city: "New York" }],
    ]);
  });

  it("calls its own tool after another agent handed over", async () => {
    const call = { id: "call_1", type: "function", function: { name: "transfer_to_expert", arguments: "{}" } };
    const messages = [
      { role: "user", content: 'what about "Rome"?' },
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", tool_call_id: "call_1", content: "done" },
    ];
    expect(calls(await answer(simulator, "openai-chat", { messages, tools }))).toEqual([["get_weather", { city: "Rome" }]]);
    const offered = { messages, tools: [...tools, tool("transfer_to_expert", {})] };
    expect(chatMessage(await answer(simulator, "openai-chat", offered))?.content).toContain("transfer_to_expert returned done");
  });

  it("calls in parallel when asked and allowed", async () => {
    const both = ask("get weather in Oslo and add 1 and 2");
    expect(calls(await answer(simulator, "openai-chat", { ...both, tools }))?.map(([name]) => name as string)).toEqual([
      "get_weather",
      "add",
    ]);
    expect(calls(await answer(simulator, "openai-chat", { ...both, tools, parallel_tool_calls: false }))).toHaveLength(1);
    expect(
      calls(await answer(simulator, "openai-chat", { ...ask('get weather of "Oslo" and "Rome" in parallel'), tools: [tools[0]] })),
    ).toEqual([
      ["get_weather", { city: "Oslo" }],
      ["get_weather", { city: "Rome" }],
    ]);
  });

  it("obeys the tool choice", async () => {
    expect(calls(await answer(simulator, "openai-chat", { ...ask("add 1 and 2"), tools, tool_choice: "none" }))).toBeUndefined();
    expect(
      calls(
        await answer(simulator, "openai-chat", {
          ...ask("add 1 and 2"),
          tools,
          tool_choice: { type: "function", function: { name: "set_mode" } },
        }),
      ),
    ).toEqual([["set_mode", { mode: "day" }]]);
  });

  it("goes on to a tool not called yet while it is forced to call", async () => {
    const call = { id: "c1", type: "function", function: { name: "get_weather", arguments: "{}" } };
    const messages = [
      { role: "user", content: "get weather" },
      { role: "assistant", tool_calls: [call] },
      { role: "tool", tool_call_id: "c1", content: "sun" },
    ];
    expect(calls(await answer(simulator, "openai-chat", { messages, tools, tool_choice: "required" }))?.[0]?.[0]).toBe("add");
    expect(chatMessage(await answer(simulator, "openai-chat", { messages, tools }))?.content).toBe("get_weather returned sun.");
  });

  it("stops at a stop sequence and at the output limit", async () => {
    const stopped = await answer(simulator, "anthropic-messages", { stop_sequences: ["there"] });
    expect(stopped).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: "there", content: [{ text: "You said: hello " }] });
    const limited = await answer(simulator, "anthropic-messages", { max_tokens: 2 });
    expect(limited).toMatchObject({ stop_reason: "max_tokens", content: [{ text: "You said" }] });
    expect(await answer(simulator, "openai-responses", { max_output_tokens: 16, input: "x".repeat(100) })).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
    expect(await answer(simulator, "gemini", { generationConfig: { maxOutputTokens: 1 } })).toMatchObject({
      candidates: [{ finishReason: "MAX_TOKENS" }],
    });
  });

  it("fits a schema with references, unions and bounds", async () => {
    const schema = {
      type: "object",
      properties: {
        node: { $ref: "#/$defs/node" },
        size: { type: "integer", minimum: 10, maximum: 12 },
        either: { anyOf: [{ type: "null" }, { type: "boolean" }] },
        day: { type: "string", format: "date" },
        pair: { type: "array", items: { type: "string" }, minItems: 2 },
        kind: { const: "k" },
      },
      required: ["node", "size", "either", "day", "pair", "kind"],
      $defs: { node: { type: "object", properties: { name: { type: "string" } }, required: ["name"] } },
    };
    const body = await answer(simulator, "gemini", {
      generationConfig: { responseMimeType: "application/json", responseJsonSchema: schema },
    });
    const text = (body["candidates"] as { content: { parts: { text: string }[] } }[])[0]?.content.parts[0]?.text ?? "";
    expect(JSON.parse(text)).toEqual({
      node: { name: "name" },
      size: 10,
      either: true,
      day: "2026-01-01",
      pair: ["pair", "pair"],
      kind: "k",
    });
  });

  it("says the same thing twice", async () => {
    const one = await answer(createSimulator({ clock: () => 0 }), "openai-chat", {});
    const two = await answer(createSimulator({ clock: () => 0 }), "openai-chat", {});
    expect(one).toEqual(two);
  });
});

it("arguments are an object, also where the tool's schema says nothing", async () => {
  const simulator = createSimulator();
  const messages = [{ role: "user", content: "call it" }];
  const tools = [{ type: "function", function: { name: "t", parameters: {} } }];
  const response = await simulator.fetch("http://simulator.invalid/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer k" },
    body: JSON.stringify({ model: "gpt-4o", messages, tools }),
  });
  expect(await response.json()).toMatchObject({ choices: [{ message: { tool_calls: [{ function: { arguments: "{}" } }] } }] });
});
