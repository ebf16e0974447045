import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { CrosspointError } from "crosspoint";
import OpenAI from "openai";
import { clock } from "./provider.ts";
import type { World } from "./world.ts";

/** What a client got: the text that it would show, and the failure that it was told. */
export interface Result {
  readonly text: string;
  readonly error?: { readonly message: string; readonly status?: number };
  /** Milliseconds, as the fast clock counts them. */
  readonly ms: number;
}

interface Ask {
  readonly prompt: string;
  readonly stream: boolean;
  /** The beginning of the answer, where the client gives it. */
  readonly prefill?: string;
}

/** A way to the layer. */
export interface Channel {
  readonly name: string;
  /** A restart of the stream can be shown. */
  readonly restarts: boolean;
  /** `show` hears each piece of text; `clear` that all before is void. */
  ask(world: World, ask: Ask, show: (text: string) => void, clear: () => void): Promise<void>;
}

const turns = ({ prompt, prefill }: Ask): { role: "user" | "assistant"; content: string }[] => [
  { role: "user", content: prompt },
  ...(prefill === undefined ? [] : [{ role: "assistant" as const, content: prefill }]),
];

export const CHANNELS: readonly Channel[] = [
  {
    name: "in process",
    restarts: true,
    async ask({ crosspoint }, ask, show, clear) {
      const request = { model: "main", messages: turns(ask) };
      if (!ask.stream) return show((await crosspoint.generate(request)).text);
      for await (const event of crosspoint.stream(request)) {
        if (event.type === "text-delta") show(event.text);
        if (event.type === "response-restart") clear();
      }
    },
  },
  {
    name: "Chat Completions",
    restarts: false,
    async ask({ gateway }, ask, show) {
      const client = new OpenAI({ apiKey: "k", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
      const body = { model: "main", messages: turns(ask) };
      if (!ask.stream) return show((await client.chat.completions.create(body)).choices[0]!.message.content!);
      const stream = await client.chat.completions.create({ ...body, stream: true });
      let finished = false;
      for await (const { choices } of stream) {
        show(choices[0]?.delta.content ?? "");
        finished ||= choices[0]?.finish_reason === "stop";
      }
      if (!finished) throw new Error("the stream had no end");
    },
  },
  {
    name: "Responses",
    restarts: false,
    async ask({ gateway }, ask, show) {
      const client = new OpenAI({ apiKey: "k", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
      const body = { model: "main", input: turns(ask) };
      if (!ask.stream) return show((await client.responses.create(body)).output_text);
      let finished = false;
      for await (const event of await client.responses.create({ ...body, stream: true })) {
        if (event.type === "response.output_text.delta") show(event.delta);
        if (event.type === "response.failed") throw new Error(event.response.error?.message ?? "failed");
        if (event.type === "error") throw new Error(event.message);
        finished ||= event.type === "response.completed";
      }
      if (!finished) throw new Error("the stream had no end");
    },
  },
  {
    name: "Messages",
    restarts: false,
    async ask({ gateway }, ask, show) {
      const client = new Anthropic({ apiKey: "k", baseURL: gateway.url, maxRetries: 0 });
      const body = { model: "main", max_tokens: 1_000, messages: turns(ask) };
      if (!ask.stream) {
        for (const block of (await client.messages.create(body)).content) if (block.type === "text") show(block.text);
        return;
      }
      let finished = false;
      for await (const event of await client.messages.create({ ...body, stream: true })) {
        if (event.type === "content_block_delta" && event.delta.type === "text_delta") show(event.delta.text);
        finished ||= event.type === "message_stop";
      }
      if (!finished) throw new Error("the stream had no end");
    },
  },
  {
    name: "Gemini",
    restarts: false,
    async ask({ gateway }, ask, show) {
      const client = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: gateway.url } });
      const contents = turns(ask).map(({ role, content }) => ({ role: role === "user" ? "user" : "model", parts: [{ text: content }] }));
      if (!ask.stream) return show((await client.models.generateContent({ model: "main", contents })).text!);
      let finished = false;
      for await (const chunk of await client.models.generateContentStream({ model: "main", contents })) {
        show(chunk.text ?? "");
        finished ||= chunk.candidates?.[0]?.finishReason !== undefined;
      }
      if (!finished) throw new Error("the stream had no end");
    },
  },
];

/** Asks through a channel, and tells what its client got. */
export async function ask(channel: Channel, world: World, stream = false, prefill?: string): Promise<Result> {
  const from = clock.now();
  let text = "";
  const show = (piece: string): void => void (text += piece);
  try {
    await channel.ask(world, { prompt: "Say sixty words.", stream, ...(prefill !== undefined && { prefill }) }, show, () => (text = ""));
    return { text, ms: clock.now() - from };
  } catch (error) {
    const { message } = error as Error;
    const status = CrosspointError.is(error) ? error.status : (error as { status?: unknown }).status;
    return { text, ms: clock.now() - from, error: { message, ...(typeof status === "number" && { status }) } };
  }
}
