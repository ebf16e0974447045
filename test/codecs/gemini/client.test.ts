import { ApiError, FunctionCallingConfigMode, GoogleGenAI, ThinkingLevel, Type, type GenerateContentResponse } from "@google/genai";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { gemini } from "../../../src/codecs/gemini/index.ts";
import { accumulate } from "../../../src/ir/accumulate.ts";
import { eventsOf } from "../../../src/ir/events-of.ts";
import { CrosspointError } from "../../../src/ir/error.ts";
import type { StreamEvent } from "../../../src/ir/event.ts";
import type { ModelRequest } from "../../../src/ir/request.ts";
import { encodeContextOf, responseOf } from "./support.ts";

beforeEach(() => {
  // The client warns when text is read from an answer that has calls too.
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});

interface Server {
  readonly client: GoogleGenAI;
  readonly requests: ModelRequest[];
}

/** The official client, talking to our encoders: each call is answered by the next list of events, or fails with the next error. */
function serve(...answers: (readonly StreamEvent[] | CrosspointError)[]): Server {
  const requests: ModelRequest[] = [];
  const fetch = async (url: unknown, init?: RequestInit): Promise<Response> => {
    const path = /\/v1beta\/(.*):(generateContent|streamGenerateContent)(\?alt=sse)?$/.exec(String(url))!;
    const client = gemini.decodeRequest(JSON.parse(init?.body as string), { model: path[1]!, stream: path[2] !== "generateContent" });
    requests.push(client.request);
    const context = encodeContextOf({}, { client });
    const answer = answers.shift()!;
    const headers = { "content-type": client.stream ? "text/event-stream" : "application/json" };
    if (answer instanceof CrosspointError && !client.stream) {
      const { status, body } = gemini.encodeError(answer);
      return new Response(JSON.stringify(body), { status, headers });
    }
    const encoder = gemini.encodeStream(context);
    if (answer instanceof CrosspointError) return new Response(encoder.push(textEvents("par")) + encoder.fail(answer), { headers });
    if (!client.stream) return new Response(JSON.stringify(gemini.encodeResponse(responseOf(accumulate(answer)), context)), { headers });
    const chunks = answer.map((event) => new TextEncoder().encode(encoder.push([event])));
    return new Response(
      new ReadableStream({ start: (controller) => (chunks.forEach((chunk) => controller.enqueue(chunk)), controller.close()) }),
      { headers },
    );
  };
  return { client: new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: "http://crosspoint.invalid", fetch } }), requests };
}

const usage = { input: { total: 10, uncached: 6, cacheRead: 4 }, output: { total: 7, text: 4, reasoning: 3 }, total: 17 };
const textEvents = (text: string): StreamEvent[] => [
  { type: "response-start", id: "r1", model: "up" },
  { type: "text-start", id: "t" },
  { type: "text-delta", id: "t", text },
];
const sealed = [{ family: "anthropic", model: "claude", kind: "signature", data: "raw", sealed: "xp1.sealed" }];
const agent: readonly StreamEvent[] = [
  { type: "response-start", id: "r1", model: "up" },
  { type: "reasoning-start", id: "r" },
  { type: "reasoning-delta", id: "r", text: "I " },
  { type: "reasoning-delta", id: "r", text: "think" },
  { type: "reasoning-end", id: "r", opaque: sealed },
  { type: "text-start", id: "t" },
  { type: "text-delta", id: "t", text: "Größe\n" },
  { type: "text-delta", id: "t", text: '"🙂"' },
  { type: "text-end", id: "t" },
  { type: "tool-call-start", id: "c1", name: "f" },
  { type: "tool-call-delta", id: "c1", arguments: '{"a":' },
  { type: "tool-call-start", id: "c2", name: "g" },
  { type: "tool-call-delta", id: "c1", arguments: "1}" },
  { type: "tool-call-end", id: "c1", opaque: [{ family: "google", kind: "thought-signature", data: "c2ln" }] },
  { type: "tool-call-end", id: "c2" },
  { type: "response-end", finishReason: { unified: "tool-calls", raw: "tool_use" }, usage },
];

async function collect(stream: AsyncIterable<GenerateContentResponse>): Promise<GenerateContentResponse[]> {
  const chunks: GenerateContentResponse[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

describe("models.generateContent", () => {
  test("text, thoughts, calls, usage, model", async () => {
    const response = await serve(agent).client.models.generateContent({ model: "fast", contents: "hi" });
    expect(response.text).toBe('Größe\n"🙂"');
    expect(response.functionCalls).toEqual([
      { id: "c1", name: "f", args: { a: 1 } },
      { id: "c2", name: "g", args: {} },
    ]);
    expect(response.candidates![0]!.content!.parts!.map((part) => part.thoughtSignature)).toEqual([
      "xp1.sealed",
      undefined,
      "c2ln",
      undefined,
    ]);
    expect(response.candidates![0]!.finishReason).toBe("STOP");
    expect([response.modelVersion, response.responseId]).toEqual(["up", "r1"]);
    expect(response.usageMetadata).toEqual({
      promptTokenCount: 10,
      cachedContentTokenCount: 4,
      candidatesTokenCount: 4,
      thoughtsTokenCount: 3,
      totalTokenCount: 17,
    });
  });

  test("the client's own words reach the IR", async () => {
    const { client, requests } = serve(
      textEvents("x").concat({ type: "text-end", id: "t" }, { type: "response-end", finishReason: { unified: "stop" } }),
    );
    await client.models.generateContent({
      model: "team/fast",
      contents: ["a", { inlineData: { mimeType: "image/png", data: "AA==" } }],
      config: {
        systemInstruction: "S",
        temperature: 0.5,
        stopSequences: ["x"],
        responseMimeType: "application/json",
        responseSchema: { type: Type.OBJECT, properties: { a: { type: Type.STRING, nullable: true } } },
        thinkingConfig: { thinkingLevel: ThinkingLevel.LOW, includeThoughts: true },
        tools: [{ functionDeclarations: [{ name: "f", parameters: { type: Type.OBJECT, properties: { n: { type: Type.INTEGER } } } }] }],
        toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ["f"] } },
      },
    });
    expect(requests[0]).toMatchObject({
      model: "team/fast",
      messages: [
        { role: "system", content: [{ text: "S" }] },
        { role: "user", content: [{ text: "a" }, { type: "file", mediaType: "image/png" }] },
      ],
      temperature: 0.5,
      stop: ["x"],
      output: { type: "json", schema: { type: "object", properties: { a: { type: ["string", "null"] } } } },
      reasoning: { effort: "low", visibility: "auto" },
      tools: [{ name: "f", inputSchema: { type: "object", properties: { n: { type: "integer" } } } }],
      toolChoice: { tool: "f" },
    });
  });

  test("a failure is an ApiError with its status", async () => {
    const failed = serve(new CrosspointError("RATE_LIMITED", "slow down")).client.models.generateContent({ model: "m", contents: "x" });
    await expect(failed).rejects.toThrow(ApiError);
    await expect(
      serve(new CrosspointError("RATE_LIMITED", "slow down")).client.models.generateContent({ model: "m", contents: "x" }),
    ).rejects.toMatchObject({
      status: 429,
      message: expect.stringContaining("slow down") as string,
    });
  });

  test("several answers are candidates", async () => {
    const events: StreamEvent[] = [
      ...textEvents("a"),
      { type: "text-end", id: "t" },
      { type: "text-start", id: "u", choice: 1 },
      { type: "text-delta", id: "u", text: "b" },
      { type: "text-end", id: "u" },
      { type: "response-end", finishReason: { unified: "stop" }, otherFinishReasons: [{ unified: "length" }] },
    ];
    const { candidates } = await serve(events).client.models.generateContent({ model: "m", contents: "x" });
    expect(candidates!.map(({ index, finishReason, content }) => [index, finishReason, content!.parts![0]!.text])).toEqual([
      [0, "STOP", "a"],
      [1, "MAX_TOKENS", "b"],
    ]);
    const chunks = await collect(await serve(events).client.models.generateContentStream({ model: "m", contents: "x" }));
    expect(chunks.at(-1)!.candidates!.map(({ finishReason }) => finishReason)).toEqual(["STOP", "MAX_TOKENS"]);
    expect(chunks[1]!.candidates).toMatchObject([{ index: 1, content: { parts: [{ text: "b" }] } }]);
  });
});

describe("models.generateContentStream", () => {
  test("pieces, whole calls, one end with usage, no end mark", async () => {
    const chunks = await collect(await serve(agent).client.models.generateContentStream({ model: "m", contents: "x" }));
    expect(chunks.map((chunk) => chunk.text ?? "").join("")).toBe('Größe\n"🙂"');
    const parts = chunks.flatMap((chunk) => chunk.candidates![0]!.content!.parts!);
    expect(parts).toEqual([
      { text: "I ", thought: true },
      { text: "think", thought: true },
      { text: "", thought: true, thoughtSignature: "xp1.sealed" },
      { text: "Größe\n" },
      { text: '"🙂"' },
      { functionCall: { id: "c1", name: "f", args: { a: 1 } }, thoughtSignature: "c2ln" },
      { functionCall: { id: "c2", name: "g", args: {} } },
      { text: "" },
    ]);
    expect(chunks.every(({ responseId, modelVersion }) => responseId === "r1" && modelVersion === "up")).toBe(true);
    expect(chunks.filter((chunk) => chunk.candidates![0]!.finishReason !== undefined)).toEqual([chunks.at(-1)]);
    expect(chunks.at(-1)!.usageMetadata).toMatchObject({ promptTokenCount: 10, totalTokenCount: 17 });
  });

  test("a failure in mid-stream is an ApiError after what was sent", async () => {
    const seen: (string | undefined)[] = [];
    const stream = await serve(new CrosspointError("OVERLOADED", "busy")).client.models.generateContentStream({
      model: "m",
      contents: "x",
    });
    const read = (async () => {
      for await (const chunk of stream) seen.push(chunk.text);
    })();
    await expect(read).rejects.toMatchObject({ name: "ApiError", status: 503 });
    expect(seen).toEqual(["par"]);
  });

  test("a call's final id is the one that the client sees", async () => {
    const events: StreamEvent[] = [
      { type: "response-start" },
      { type: "tool-call-start", id: "provisional", name: "f" },
      { type: "tool-call-end", id: "provisional", callId: "final" },
      { type: "response-end", finishReason: { unified: "tool-calls" } },
    ];
    const chunks = await collect(await serve(events).client.models.generateContentStream({ model: "m", contents: "x" }));
    expect(chunks[0]!.functionCalls).toEqual([{ id: "final", name: "f", args: {} }]);
  });

  test("an answer that begins anew fails, and nothing follows", () => {
    const encoder = gemini.encodeStream(encodeContextOf());
    const text = encoder.push([
      ...textEvents("a"),
      { type: "response-restart", reason: "cut" },
      { type: "response-start" },
      ...textEvents("b"),
    ]);
    const frames = text.split("\r\n\r\n").filter((frame) => frame !== "");
    expect(frames).toHaveLength(2);
    expect(JSON.parse(frames[1]!.slice(6))).toMatchObject({ error: { code: 502, status: "UNAVAILABLE" } });
    expect(encoder.push([{ type: "response-end", finishReason: { unified: "stop" } }])).toBe("");
  });

  test("an empty answer is valid", async () => {
    const events: StreamEvent[] = [{ type: "response-start" }, { type: "response-end", finishReason: { unified: "stop" } }];
    const chunks = await collect(await serve(events).client.models.generateContentStream({ model: "m", contents: "x" }));
    expect(chunks).toHaveLength(1);
    expect(chunks[0]!.candidates).toEqual([{ content: { parts: [{ text: "" }], role: "model" }, finishReason: "STOP", index: 0 }]);
  });
});

describe("chats", () => {
  const answer: StreamEvent[] = [
    ...textEvents("fine"),
    { type: "text-end", id: "t" },
    { type: "response-end", finishReason: { unified: "stop" } },
  ];

  test.each(["whole", "stream"])("a %s answer goes back with state, calls and results", async (kind) => {
    const { client, requests } = serve(agent, answer);
    const chat = client.chats.create({ model: "m" });
    if (kind === "whole") await chat.sendMessage({ message: "hi" });
    else await collect(await chat.sendMessageStream({ message: "hi" }));
    const message = [
      { functionResponse: { id: "c1", name: "f", response: { output: "1" } } },
      { functionResponse: { name: "g", response: { error: "no" } } },
    ];
    await chat.sendMessage({ message });
    expect(requests[1]!.messages).toEqual([
      { role: "user", content: [{ type: "text", text: "hi" }] },
      {
        role: "assistant",
        content: [
          {
            type: "reasoning",
            text: "I think",
            opaque: [{ family: "sealed", kind: "sealed", data: "xp1.sealed" }],
            providerOptions: { gemini: { thought: true } },
          },
          { type: "text", text: 'Größe\n"🙂"' },
          {
            type: "tool-call",
            id: "c1",
            name: "f",
            arguments: '{"a":1}',
            opaque: [{ family: "google", kind: "thought-signature", data: "c2ln" }],
          },
          { type: "tool-call", id: "c2", name: "g", arguments: "{}" },
        ],
      },
      {
        role: "tool",
        content: [
          { type: "tool-result", callId: "c1", name: "f", output: { type: "text", text: "1" } },
          { type: "tool-result", callId: "c2", name: "g", output: { type: "text", text: "no" }, isError: true },
        ],
      },
    ]);
  });
});

test("a whole answer and its stream say the same to the client", async () => {
  const response = accumulate(agent);
  const whole = await serve([...eventsOf(response)]).client.models.generateContent({ model: "m", contents: "x" });
  const chunks = await collect(await serve([...eventsOf(response)]).client.models.generateContentStream({ model: "m", contents: "x" }));
  expect(chunks.flatMap((chunk) => chunk.functionCalls ?? [])).toEqual(whole.functionCalls);
  expect(chunks.map((chunk) => chunk.text ?? "").join("")).toBe(whole.text);
  expect(chunks.at(-1)!.usageMetadata).toEqual(whole.usageMetadata);
});
