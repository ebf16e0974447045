/** A route handler as Next.js has it: text, reasoning, tool calls and the cost stream to `useChat`. */
import { stdout } from "node:process";
import { convertToModelMessages, isStepCount, streamText, tool, type UIMessage } from "ai";
import { z } from "zod";
import { createCrosspointProvider, crosspointOf } from "crosspoint/ai-sdk";
import { createLayer } from "./layer.ts";

const { crosspoint, model } = createLayer();
const provider = createCrosspointProvider(crosspoint, { defaults: { attribution: { project: "ai-sdk-route" } } });

const weather = tool({
  description: "The weather in a city",
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => ({ city, degrees: 21 }),
});

export async function POST(request: Request): Promise<Response> {
  const { messages, user } = (await request.json()) as { messages: UIMessage[]; user: string };
  const result = streamText({
    model: provider(model),
    messages: await convertToModelMessages(messages),
    tools: { weather },
    stopWhen: isStepCount(5),
    abortSignal: request.signal,
    providerOptions: { crosspoint: { attribution: { user } } },
  });
  let cost = 0;
  return result.toUIMessageStreamResponse({
    originalMessages: messages,
    sendReasoning: true,
    messageMetadata({ part }) {
      if (part.type !== "finish-step") return undefined;
      const info = crosspointOf(part);
      return { cost: (cost += info?.cost ?? 0), deployment: info?.deployment };
    },
  });
}

const messages = [{ id: "1", role: "user", parts: [{ type: "text", text: 'What is the weather in "Oslo"? Use the tool.' }] }];
const body = JSON.stringify({ messages, user: "ada" });
const response = await POST(new Request("http://localhost/api/chat", { method: "POST", body }));
stdout.write(`${response.status} ${response.headers.get("content-type")}\n`);
for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) stdout.write(chunk);
