import { OpenTelemetry } from "@ai-sdk/otel";
import { generateText, streamText } from "ai";
import { createCrosspointProvider } from "crosspoint/ai-sdk";
import { ChatCrosspoint } from "crosspoint/langchain";
import { createOpenAI } from "crosspoint/openai";
import type { Crosspoint } from "../../../src/index.ts";
import { inside, type Traced } from "./spans.ts";

/** What a face is asked with. `reached` is called once text was shown; where `leaves`, the reader then goes away. */
export interface Asked {
  readonly traced: Traced;
  readonly model: string;
  readonly signal: AbortSignal;
  readonly reached: () => void;
}

export type Face = (asked: Asked) => Promise<unknown>;

const messages = [{ role: "user", content: "Hi" }] as const;

function layerOf({ crosspoint }: Traced): Crosspoint {
  return crosspoint as Crosspoint;
}

async function each<T>(stream: AsyncIterable<T>, isText: (item: T) => boolean, reached: () => void): Promise<void> {
  for await (const item of stream) if (isText(item)) reached();
}

/** AI SDK 7 with its own OpenTelemetry package, whose spans are active within the call. */
export function telemetryOf({ provider }: Traced) {
  return { integrations: [new OpenTelemetry({ tracer: provider.getTracer("gen_ai") })] };
}

async function overHTTP({ traced, model, signal, reached }: Asked, stream: boolean): Promise<void> {
  const { serve } = await import("crosspoint/gateway");
  const gateway = await serve({ crosspoint: layerOf(traced), port: 0 });
  try {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model, messages, stream }),
      signal,
    });
    if (!stream) return void (await response.text());
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) if (decoder.decode(chunk).includes("Hello")) reached();
  } finally {
    await gateway.close();
  }
}

/** A call through every way in, whole and streamed. */
export const FACES: Readonly<Record<string, { readonly streams: boolean; readonly ask: Face }>> = {
  "crosspoint.generate": {
    streams: false,
    ask: ({ traced, model, signal }) => traced.crosspoint.generate({ model, messages, signal }),
  },
  "crosspoint.stream": {
    streams: true,
    ask: ({ traced, model, signal, reached }) =>
      each(traced.crosspoint.stream({ model, messages, signal }), ({ type }) => type === "text-delta", reached),
  },
  "OpenAI client": {
    streams: false,
    ask: ({ traced, model, signal }) =>
      createOpenAI(layerOf(traced)).chat.completions.create({ model, messages: [...messages] }, { signal }),
  },
  "OpenAI client, streamed": {
    streams: true,
    async ask({ traced, model, signal, reached }) {
      const stream = await createOpenAI(layerOf(traced)).chat.completions.create(
        { model, messages: [...messages], stream: true },
        { signal },
      );
      await each(stream, ({ choices }) => (choices[0]?.delta.content ?? "") !== "", reached);
    },
  },
  "AI SDK": {
    streams: false,
    ask: ({ traced, model, signal }) =>
      generateText({
        model: createCrosspointProvider(layerOf(traced))(model),
        prompt: "Hi",
        maxRetries: 0,
        abortSignal: signal,
        telemetry: telemetryOf(traced),
      }),
  },
  "AI SDK, streamed": {
    streams: true,
    async ask({ traced, model, signal, reached }) {
      const { textStream } = streamText({
        model: createCrosspointProvider(layerOf(traced))(model),
        prompt: "Hi",
        maxRetries: 0,
        abortSignal: signal,
        telemetry: telemetryOf(traced),
        onError: () => {},
      });
      await each(textStream, () => true, reached);
    },
  },
  LangChain: {
    streams: false,
    ask: ({ traced, model, signal }) =>
      inside(traced.provider, "run", async (run) => {
        await new ChatCrosspoint({ crosspoint: layerOf(traced), model }).invoke("Hi", { signal }).finally(() => run.end());
      }, { "openinference.span.kind": "CHAIN" }), // oxfmt-ignore
  },
  "LangChain, streamed": {
    streams: true,
    ask: ({ traced, model, signal, reached }) =>
      inside(traced.provider, "run", async (run) => {
        const stream = await new ChatCrosspoint({ crosspoint: layerOf(traced), model }).stream("Hi", { signal });
        await each(stream, ({ text }) => text !== "", reached).finally(() => run.end());
      }, { "openinference.span.kind": "CHAIN" }), // oxfmt-ignore
  },
  "LangChain in an active LLM span of another tracer": {
    streams: false,
    ask: ({ traced, model, signal }) =>
      inside(traced.provider, "ChatCrosspoint", async (run) => {
        await new ChatCrosspoint({ crosspoint: layerOf(traced), model }).invoke("Hi", { signal }).finally(() => run.end());
      }, { "openinference.span.kind": "LLM", "llm.model_name": "smart" }), // oxfmt-ignore
  },
  serve: { streams: false, ask: (asked) => overHTTP(asked, false) },
  "serve, streamed": { streams: true, ask: (asked) => overHTTP(asked, true) },
};
