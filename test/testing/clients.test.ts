import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSimulator, type SimulatorServer } from "crosspoint/testing";

const simulator = createSimulator();
let server: SimulatorServer;

beforeAll(async () => {
  server = await simulator.listen();
});
afterAll(() => server.close());

const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

describe.each(["in process", "over HTTP"])("official clients %s", (how) => {
  const connect = () => {
    const url = how === "over HTTP" ? server.url : undefined;
    const fetch = how === "over HTTP" ? {} : { fetch: simulator.fetch };
    const urls = simulator.baseURLs(url);
    return {
      openai: new OpenAI({ apiKey: "k", baseURL: urls.openai, maxRetries: 0, ...fetch }),
      anthropic: new Anthropic({ apiKey: "k", baseURL: urls.anthropic, maxRetries: 0, ...fetch }),
      google: new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: urls.google, ...fetch } }),
    };
  };

  it("runs a tool loop on Chat Completions", async () => {
    const { openai } = connect();
    const tools = [{ type: "function" as const, function: { name: "weather", parameters, strict: true } }];
    const first = await openai.chat.completions.create({
      model: "gpt-4.1",
      messages: [{ role: "user", content: "What is the weather in Paris?" }],
      tools,
    });
    const message = first.choices[0]?.message;
    const call = message?.tool_calls?.[0];
    expect(first.choices[0]?.finish_reason).toBe("tool_calls");
    if (message === undefined || call?.type !== "function") throw new Error("no call");
    expect(JSON.parse(call.function.arguments)).toEqual({ city: "Paris" });
    const second = await openai.chat.completions.create({
      model: "gpt-4.1",
      messages: [
        { role: "user", content: "What is the weather in Paris?" },
        message,
        { role: "tool", tool_call_id: call.id, content: "21 degrees" },
      ],
      tools,
    });
    expect(second.choices[0]?.message.content).toBe("weather returned 21 degrees.");
    expect(second._request_id).toMatch(/^req_/);
  });

  it("streams Chat Completions with usage", async () => {
    const { openai } = connect();
    const stream = openai.chat.completions.stream({
      model: "gpt-4.1",
      messages: [{ role: "user", content: "hello there" }],
      stream_options: { include_usage: true },
    });
    const completion = await stream.finalChatCompletion();
    expect(completion.choices[0]?.message.content).toBe("You said: hello there");
    expect(completion.usage?.total_tokens).toBeGreaterThan(5);
  });

  it("runs a reasoning tool loop on Responses", async () => {
    const { openai } = connect();
    const tools = [{ type: "function" as const, name: "weather", parameters, strict: true }];
    const ask = {
      model: "gpt-5",
      tools,
      store: false,
      reasoning: { effort: "low", summary: "auto" },
      include: ["reasoning.encrypted_content"],
    } as const;
    const user = { role: "user" as const, content: "What is the weather in Paris?" };
    const first = await openai.responses.stream({ ...ask, include: [...ask.include], input: [user] }).finalResponse();
    expect(first.output.map((item) => item.type)).toEqual(["reasoning", "function_call"]);
    const call = first.output[1];
    if (call?.type !== "function_call") throw new Error("no call");
    const { parsed_arguments: _, ...item } = call;
    const second = await openai.responses.create({
      ...ask,
      include: [...ask.include],
      input: [
        user,
        first.output[0] as OpenAI.Responses.ResponseReasoningItem,
        item,
        { type: "function_call_output", call_id: call.call_id, output: "21 degrees" },
      ],
    });
    expect(second.output_text).toBe("weather returned 21 degrees.");
    expect(second.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
  });

  it("continues a stored response", async () => {
    const { openai } = connect();
    const first = await openai.responses.create({ model: "gpt-4.1", input: "hi" });
    const second = await openai.responses.create({ model: "gpt-4.1", input: "and again", previous_response_id: first.id });
    expect(second.output_text).toBe("You said: and again");
    expect(second.usage?.input_tokens).toBeGreaterThan(first.usage?.input_tokens ?? Infinity);
    expect((await openai.responses.retrieve(first.id)).output_text).toBe("You said: hi");
  });

  it("runs a thinking tool loop on Anthropic", async () => {
    const { anthropic } = connect();
    const tools = [{ name: "weather", input_schema: { ...parameters, type: "object" as const } }];
    const ask = { model: "claude-sonnet-4-6", max_tokens: 4000, tools, thinking: { type: "enabled" as const, budget_tokens: 1024 } };
    const user = { role: "user" as const, content: "What is the weather in Paris?" };
    const first = await anthropic.messages.stream({ ...ask, messages: [user] }).finalMessage();
    expect(first.content.map((block) => block.type)).toEqual(["thinking", "tool_use"]);
    expect(first.stop_reason).toBe("tool_use");
    const call = first.content[1];
    if (call?.type !== "tool_use") throw new Error("no call");
    expect(call.input).toEqual({ city: "Paris" });
    const second = await anthropic.messages.create({
      ...ask,
      messages: [
        user,
        { role: "assistant", content: first.content },
        { role: "user", content: [{ type: "tool_result", tool_use_id: call.id, content: "21 degrees" }] },
      ],
    });
    expect(second.content.at(-1)).toMatchObject({ type: "text", text: "weather returned 21 degrees." });
  });

  it("runs a signed tool loop on Gemini", async () => {
    const { google } = connect();
    const config = {
      tools: [{ functionDeclarations: [{ name: "weather", parametersJsonSchema: parameters }] }],
      thinkingConfig: { includeThoughts: true },
    };
    const user = { role: "user", parts: [{ text: "What is the weather in Paris?" }] };
    const first = await google.models.generateContent({ model: "gemini-3-pro", contents: [user], config });
    const call = first.functionCalls?.[0];
    expect(call).toMatchObject({ name: "weather", args: { city: "Paris" } });
    const model = first.candidates?.[0]?.content;
    if (model === undefined || call === undefined) throw new Error("no call");
    const answer = {
      role: "user",
      parts: [
        { functionResponse: { name: "weather", response: { output: "21 degrees" }, ...(call.id === undefined ? {} : { id: call.id }) } },
      ],
    };
    let said = "";
    for await (const chunk of await google.models.generateContentStream({ model: "gemini-3-pro", contents: [user, model, answer], config }))
      said += chunk.text ?? "";
    expect(said).toBe("weather returned 21 degrees.");
  });

  it("acknowledges images", async () => {
    const { openai, anthropic, google } = connect();
    const chat = await openai.chat.completions.create({
      model: "gpt-4.1",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "look" },
            { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } },
          ],
        },
      ],
    });
    expect(chat.choices[0]?.message.content).toBe("You said: look [image/png 70 bytes]");
    const message = await anthropic.messages.create({
      model: "claude-sonnet-4-6",
      max_tokens: 100,
      messages: [
        {
          role: "user",
          content: [
            { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } },
            { type: "text", text: "look" },
          ],
        },
      ],
    });
    expect(message.content[0]).toMatchObject({ text: "You said: look [image/png 70 bytes]" });
    const gemini = await google.models.generateContent({
      model: "gemini-2.5-flash",
      contents: [{ role: "user", parts: [{ text: "look" }, { inlineData: { mimeType: "image/png", data: PNG } }] }],
    });
    expect(gemini.text).toBe("You said: look [image/png 70 bytes]");
  });

  it("fits structured output to the schema", async () => {
    const { openai, anthropic, google } = connect();
    const schema = {
      type: "object",
      properties: { city: { type: "string" }, count: { type: "integer" } },
      required: ["city", "count"],
      additionalProperties: false,
    };
    const text = 'Give me "Oslo" 7 times';
    const chat = await openai.chat.completions.create({
      model: "gpt-4.1",
      messages: [{ role: "user", content: text }],
      response_format: { type: "json_schema", json_schema: { name: "answer", schema, strict: true } },
    });
    const message = await anthropic.messages.create({
      model: "claude-sonnet-4-6",
      max_tokens: 100,
      messages: [{ role: "user", content: text }],
      output_config: { format: { type: "json_schema", schema } },
    });
    const gemini = await google.models.generateContent({
      model: "gemini-2.5-flash",
      contents: text,
      config: { responseMimeType: "application/json", responseJsonSchema: schema },
    });
    const said = message.content[0];
    for (const answer of [chat.choices[0]?.message.content, said?.type === "text" ? said.text : "", gemini.text])
      expect(JSON.parse(answer ?? "")).toEqual({ city: "Oslo", count: 7 });
  });

  it("embeds, counts tokens and lists models", async () => {
    const { openai, anthropic, google } = connect();
    const embedded = await openai.embeddings.create({ model: "text-embedding-3-small", input: ["one", "two"], dimensions: 64 });
    expect(embedded.data.map((item) => item.embedding.length)).toEqual([64, 64]);
    const batch = await google.models.embedContent({ model: "gemini-embedding-001", contents: ["one", "two"] });
    expect(batch.embeddings?.map((item) => item.values?.length)).toEqual([3072, 3072]);
    expect(await anthropic.messages.countTokens({ model: "claude-sonnet-4-6", messages: [{ role: "user", content: "12345678" }] })).toEqual(
      { input_tokens: 4 },
    );
    expect((await google.models.countTokens({ model: "gemini-3-pro", contents: "12345678" })).totalTokens).toBe(4);
    expect((await openai.responses.inputTokens.count({ model: "gpt-5", input: "12345678" })).input_tokens).toBe(4);
    expect((await openai.models.list()).data.length).toBeGreaterThan(2);
    expect((await anthropic.models.list()).data[0]).toMatchObject({ type: "model" });
    expect((await google.models.list()).page[0]?.name).toMatch(/^models\//);
  });
});
