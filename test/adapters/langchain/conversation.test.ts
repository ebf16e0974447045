import { AIMessage, AIMessageChunk, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { ChatCrosspoint } from "crosspoint/langchain";
import { joined, MODELS, said, setUp, time, weather } from "./support.ts";

type Tools = Parameters<ChatCrosspoint["bindTools"]>[0];

/** The three ways to ask; all must tell the same. */
const WAYS = {
  invoke: (chat: ChatCrosspoint, messages: BaseMessage[], tools: Tools) => chat.invoke(messages, { tools }),
  stream: async (chat: ChatCrosspoint, messages: BaseMessage[], tools: Tools) => joined(await chat.stream(messages, { tools })),
  streamEvents: async (chat: ChatCrosspoint, messages: BaseMessage[], tools: Tools) => chat.streamEvents(messages, { tools }),
} as const;

const SCRIPT = [
  {
    reasoning: "Both must be asked.",
    text: "Let me look.",
    toolCalls: [
      { name: "weather", arguments: { city: "Oslo" } },
      { name: "time", arguments: { city: "Oslo" } },
    ],
    usage: { input: 120, output: 40, reasoning: 12 },
  },
  { reasoning: "Now I know.", text: "21 degrees at noon.", usage: { input: 200, output: 20, reasoning: 5 } },
] as const;

describe.each(MODELS)("%s", (model) => {
  const thinks = model !== "openai-chat/gpt-4o";
  const setUpChat = () => {
    const { simulator, chat, rows } = setUp();
    simulator.script(SCRIPT);
    return { simulator, rows, chat: chat(model, thinks ? { reasoning: { effort: "low", visibility: "detailed" } } : {}) };
  };

  const turn = async (way: keyof typeof WAYS): Promise<AIMessage[]> => {
    const { simulator, chat } = setUpChat();
    const question: BaseMessage[] = [new SystemMessage("Be brief."), new HumanMessage("What is it like in Oslo?")];
    const first = (await WAYS[way](chat, question, [weather, time])) as AIMessage;
    const results = first.tool_calls!.map(({ id, name }) => new ToolMessage({ content: `${name} says so`, tool_call_id: id!, name }));
    const second = (await WAYS[way](chat, [...question, first, ...results], [weather, time])) as AIMessage;
    expect(simulator.requests.map((request) => request.status)).toEqual([200, 200]);
    return [first, second];
  };

  test("invoke, the joined stream and streamEvents tell the same, with parallel calls and a second turn", async () => {
    const [whole, streamed, events] = [await turn("invoke"), await turn("stream"), await turn("streamEvents")];
    expect(streamed.map(said)).toEqual(whole.map(said));
    expect(events.map(said)).toEqual(whole.map(said));
    expect(said(whole[0]!)).toMatchObject({
      text: "Let me look.",
      calls: [
        { name: "weather", args: { city: "Oslo" } },
        { name: "time", args: { city: "Oslo" } },
      ],
      usage: { input: 120, output: 40, total: 160 },
      cost: expect.any(Number) as number,
      provider: model.split("/")[0],
      deployment: model,
    });
    expect(said(whole[1]!)).toMatchObject({ text: "21 degrees at noon.", calls: [], usage: { input: 200, output: 20 } });
    if (thinks) expect(said(whole[0]!)).toMatchObject({ reasoning: "Both must be asked.", reasoningTokens: 12 });
  });

  test("a message is an AIMessage, a chunk a chunk", async () => {
    const { chat } = setUpChat();
    const message = await chat.invoke("hi");
    expect(AIMessage.isInstance(message)).toBe(true);
    expect(message.getType()).toBe("ai");
    expect(message).not.toBeInstanceOf(AIMessageChunk);
    expect(await joined(await chat.stream("hi"))).toBeInstanceOf(AIMessageChunk);
  });

  test("metadata and cost come on one chunk, and usage once", async () => {
    const { chat } = setUpChat();
    const chunks: AIMessageChunk[] = [];
    for await (const chunk of await chat.stream("hi", { tools: [weather, time] })) chunks.push(chunk);
    expect(chunks.filter((chunk) => Object.keys(chunk.response_metadata).length > 0)).toHaveLength(1);
    expect(chunks.filter((chunk) => chunk.usage_metadata !== undefined)).toHaveLength(1);
    expect(chunks.at(-1)!.response_metadata).toMatchObject({
      finish_reason: "tool_calls",
      cost: expect.any(Number) as number,
      model_provider: "crosspoint",
    });
  });

  test("standard content (outputVersion v1) says the same, invoked and streamed, and can be continued", async () => {
    for (const way of ["invoke", "stream"] as const) {
      const { simulator, chat } = setUpChat();
      const options = { tools: [weather, time], outputVersion: "v1" } as const;
      const first = way === "invoke" ? await chat.invoke("Oslo?", options) : await joined(await chat.stream("Oslo?", options));
      const blocks = first.content as readonly { readonly type: string }[];
      expect(blocks.map((block) => block.type).filter((type) => type !== "reasoning")).toEqual(["text", "tool_call", "tool_call"]);
      expect(first.tool_calls).toMatchObject([{ args: { city: "Oslo" } }, { args: { city: "Oslo" } }]);
      const results = first.tool_calls!.map(({ id }) => new ToolMessage({ content: "ok", tool_call_id: id! }));
      const second = await chat.invoke([new HumanMessage("Oslo?"), first, ...results], options);
      expect(second.text).toBe("21 degrees at noon.");
      expect(simulator.requests.map((request) => request.status)).toEqual([200, 200]);
    }
  });

  test("a structured answer, by each method, raw too", async () => {
    const { simulator, chat } = setUp();
    const schema = z.object({ city: z.string(), degrees: z.number() });
    for (const method of ["functionCalling", "jsonSchema"] as const) {
      const bound = chat(model).withStructuredOutput(schema, { name: "report", method });
      expect(await bound.invoke("In Oslo it is 21 degrees")).toEqual({ city: expect.any(String) as string, degrees: 21 });
      const raw = await chat(model)
        .withStructuredOutput(schema, { name: "report", method, includeRaw: true })
        .invoke("In Oslo it is 21 degrees");
      expect(raw.parsed).toMatchObject({ degrees: 21 });
      expect(AIMessage.isInstance(raw.raw)).toBe(true);
    }
    simulator.script({ text: `{"ok":true}` });
    const asked = chat(model).withStructuredOutput({ type: "object", properties: { ok: { type: "boolean" } } }, { method: "jsonMode" });
    expect(await asked.invoke("Answer in JSON.")).toEqual({ ok: true });
  });

  test("a refusal is told, and its stream tells it too", async () => {
    const { simulator, chat } = setUp();
    simulator.script([{ refusal: "I can't." }, { refusal: "I can't." }]);
    const whole = await chat(model).invoke("no");
    const streamed = await joined(await chat(model).stream("no"));
    expect(streamed.response_metadata["finish_reason"]).toBe(whole.response_metadata["finish_reason"]);
    expect(streamed.additional_kwargs["refusal"]).toBe(whole.additional_kwargs["refusal"]);
    expect(streamed.text).toBe(whole.text);
  });

  test("an answer that was cut short says so, and its call does not run", async () => {
    const { simulator, chat } = setUp();
    const step = { toolCalls: [{ name: "weather", arguments: '{"city":"Os' }], finishReason: "length" };
    if (model.startsWith("google")) return; // Gemini's calls are objects: none can be cut
    simulator.script([step, step, step]);
    const bound = { tools: [weather] };
    const whole = await chat(model).invoke("Oslo", bound);
    expect(whole.response_metadata["finish_reason"]).toBe("length");
    expect(whole.tool_calls).toEqual([]);
    const streamed = await joined(await chat(model).stream("Oslo", bound));
    expect(streamed.response_metadata["finish_reason"]).toBe("length");
    expect(streamed.tool_calls).toEqual([]);
    expect(streamed.invalid_tool_calls).toMatchObject([{ name: "weather", id: expect.any(String) as string }]);
    const events = await chat(model).streamEvents("Oslo", bound);
    expect(events.tool_calls).toEqual([]);
  });

  test("citations are annotations of the text, and the stream ends with the same ones", async () => {
    if (model.startsWith("openai-chat")) return; // shown by search models only
    const { simulator, chat } = setUp();
    const step = { text: "The sky is blue.", citations: [{ url: "https://sky.example/", title: "Sky", start: 0, end: 16 }] };
    simulator.script([step, step, step]);
    const annotations = (message: AIMessage) =>
      (message.contentBlocks as readonly { annotations?: readonly object[] }[]).flatMap((block) => block.annotations ?? []);
    const whole = annotations(await chat(model).invoke("sky?"));
    expect(whole).toMatchObject([{ type: "citation", url: "https://sky.example/", title: "Sky" }]);
    const streamed = await joined(await chat(model).stream("sky?"));
    expect(annotations(streamed as unknown as AIMessage)).toEqual(whole);
    expect(annotations(await chat(model).streamEvents("sky?"))).toEqual(whole);
  });
});

test("plain text is a plain string, whole and streamed, on every wire", async () => {
  const { chat } = setUp();
  for (const model of ["openai/gpt-4o", "openai-chat/gpt-4o", "anthropic/claude-sonnet-4-5", "google/gemini-2.5-flash"]) {
    expect((await chat(model).invoke("hi")).content).toBe("You said: hi");
    expect((await joined(await chat(model).stream("hi"))).content).toBe("You said: hi");
  }
});
