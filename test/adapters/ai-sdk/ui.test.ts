import {
  convertToModelMessages,
  isStepCount,
  readUIMessageStream,
  parseJsonEventStream,
  streamText,
  tool,
  uiMessageChunkSchema,
  type UIMessage,
  type UIMessageChunk,
} from "ai";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { crosspointOf } from "crosspoint/ai-sdk";
import { createFace } from "./support.ts";

type Metadata = { cost?: number; deployment?: string };
type Message = UIMessage<Metadata>;

const tools = { weather: tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => ({ city, degrees: 21 }) }) };

/** A route handler as Next's documentation writes it, with the cost of each step in the message's metadata. */
function createRoute(face: ReturnType<typeof createFace>, id: string) {
  return async function POST(request: Request): Promise<Response> {
    const { messages } = (await request.json()) as { messages: Message[] };
    const result = streamText({
      model: face.provider(id),
      messages: await convertToModelMessages(messages),
      tools,
      stopWhen: isStepCount(5),
      onError: () => {},
      providerOptions: { crosspoint: { reasoning: { effort: "low", visibility: "auto" }, attribution: { user: "u-1" } } },
    });
    let cost = 0;
    return result.toUIMessageStreamResponse<Message>({
      sendReasoning: true,
      sendSources: true,
      originalMessages: messages,
      messageMetadata({ part }) {
        if (part.type !== "finish-step") return undefined;
        const { cost: spent = 0, deployment } = crosspointOf(part)!;
        return { cost: (cost += spent), deployment };
      },
    });
  };
}

/** What `useChat` does with the answer. */
async function send(POST: (request: Request) => Promise<Response>, messages: Message[]): Promise<Message> {
  const response = await POST(new Request("http://localhost/api/chat", { method: "POST", body: JSON.stringify({ messages }) }));
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const chunks = parseJsonEventStream({ stream: response.body!, schema: uiMessageChunkSchema }).pipeThrough(
    new TransformStream<{ success: boolean; value?: unknown }, UIMessageChunk>({
      transform(chunk, controller) {
        expect(chunk.success).toBe(true);
        controller.enqueue(chunk.value as UIMessageChunk);
      },
    }),
  );
  let last: Message | undefined;
  for await (const message of readUIMessageStream<Message>({ stream: chunks })) last = message;
  return last!;
}

describe.each(["openai/gpt-5-mini", "anthropic/claude-sonnet-4-5", "google/gemini-3-pro-preview"])("a route on %s", (id) => {
  test("text, reasoning, tools and cost reach the browser, and the conversation goes on", async () => {
    const face = createFace({ prices: { [id]: { input: 1, output: 2 } } });
    face.simulator.script([
      { reasoning: "I should look.", toolCalls: [{ name: "weather", arguments: { city: "Oslo" } }] },
      { text: "21 degrees." },
    ]);
    const POST = createRoute(face, id);
    const messages: Message[] = [{ id: "m1", role: "user", parts: [{ type: "text", text: "weather?" }] }];
    const answer = await send(POST, messages);
    const types = answer.parts.map(({ type }) => type).filter((type) => type !== "step-start");
    expect(types).toEqual(["reasoning", "tool-weather", "text"]);
    expect(answer.parts.find(({ type }) => type === "reasoning")).toMatchObject({ text: "I should look.", state: "done" });
    expect(answer.parts.find(({ type }) => type === "tool-weather")).toMatchObject({ state: "output-available", output: { degrees: 21 } });
    const spent = face.spend.map(({ cost }) => cost!.total);
    expect(answer.metadata).toEqual({ cost: spent[0]! + spent[1]!, deployment: id });

    // The browser sends it all back; the provider checks its own state.
    const stored = JSON.parse(JSON.stringify([...messages, answer])) as Message[];
    face.simulator.script({ text: "You are welcome." });
    const next = await send(POST, [...stored, { id: "m3", role: "user", parts: [{ type: "text", text: "thanks" }] }]);
    expect(next.parts.at(-1)).toMatchObject({ type: "text", text: "You are welcome." });
    expect(face.simulator.requests.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(JSON.stringify(face.simulator.requests[2]!.body)).toMatch(/signature|encrypted_content|thoughtSignature/);
    expect(face.spend.every(({ attribution }) => attribution!.user === "u-1")).toBe(true);
  });

  test("a failure reaches the browser as an error without the provider's words", async () => {
    const face = createFace({ retries: 0 });
    face.simulator.fault({ status: 500 });
    const POST = createRoute(face, id);
    const body = JSON.stringify({ messages: [{ id: "m1", role: "user", parts: [{ type: "text", text: "x" }] }] });
    const text = await (await POST(new Request("http://localhost/", { method: "POST", body }))).text();
    expect(text).toContain('"type":"error"');
  });
});
