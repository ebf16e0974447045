import { OTLPTraceExporter as JSONExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Crosspoint, TelemetryOptions } from "../../src/index.ts";
import { chatAnswer, chatFrames, createFeed, failure, streamed, type Reply } from "../support/wire.ts";
import { expectConventional } from "./support/conventions.ts";
import { createReceiver, type Receiver } from "./support/otlp.ts";
import { createTraced } from "./support/spans.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const model = "openai-chat/gpt-4o";

let receiver: Receiver;

beforeEach(async () => {
  receiver = await createReceiver();
});

afterEach(() => receiver.close());

const settings = {
  maxOutputTokens: 50,
  temperature: 1,
  topP: 0.5,
  frequencyPenalty: 0.1,
  presencePenalty: 0.2,
  stop: ["END"],
  seed: 7,
  n: 2,
  output: { type: "json" },
} as const;
const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150, prompt_tokens_details: { cached_tokens: 60 }, completion_tokens_details: { reasoning_tokens: 20 } }; // oxfmt-ignore
const embeddings = { object: "list", model: "text-embedding-3-small", data: [{ index: 0, embedding: [0.1] }], usage: { prompt_tokens: 4, total_tokens: 4 } }; // oxfmt-ignore
const call = { id: "c1", type: "function", function: { name: "look", arguments: "{}" } };
const toolCalls = {
  choices: [{ index: 0, message: { role: "assistant", content: null, tool_calls: [call] }, finish_reason: "tool_calls" }],
};
const answer: Reply = ({ body, url }) => {
  if (url.endsWith("/embeddings")) return Response.json(embeddings);
  return body["stream"] === true ? streamed(chatFrames(["Hello"])) : chatAnswer("Hello");
};
const failing =
  (status: number): Reply =>
  (sent, index) =>
    index === 0 ? failure(status, {}) : answer(sent, index);

interface Scenario {
  readonly reply: Reply;
  readonly run: (crosspoint: Crosspoint) => Promise<unknown>;
  readonly names: readonly string[];
  readonly streams?: true;
  readonly telemetry?: TelemetryOptions;
}

const generate = (crosspoint: Crosspoint): Promise<unknown> => crosspoint.generate({ model, messages });

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  chat: { reply: answer, run: generate, names: ["chat gpt-4o"] },
  "all settings": { reply: answer, run: (crosspoint) => crosspoint.generate({ model, messages, ...settings }), names: ["chat gpt-4o"] },
  "tool calls": { reply: () => chatAnswer("", toolCalls), run: generate, names: ["chat gpt-4o"] },
  stream: { reply: answer, run: (crosspoint) => crosspoint.stream({ model, messages }).response, names: ["chat gpt-4o"], streams: true },
  "prompt cache": { reply: () => chatAnswer("Hello", { usage }), run: generate, names: ["chat gpt-4o"] },
  embeddings: {
    reply: answer,
    run: (crosspoint) => crosspoint.embed({ model: "openai/text-embedding-3-small", input: "Hi" }),
    names: ["embeddings text-embedding-3-small"],
  },
  "error 400": { reply: failing(400), run: generate, names: ["chat gpt-4o"] },
  "error 429 and a retry": { reply: failing(429), run: generate, names: ["chat gpt-4o", "chat gpt-4o"] },
  fallback: {
    reply: failing(401),
    run: (crosspoint) => crosspoint.generate({ model: "smart", messages }),
    names: ["chat gpt-4o", "chat gpt-4o-mini"],
  },
  timeout: {
    reply: ({ signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    run: (crosspoint) => crosspoint.generate({ model, messages, timeout: 5, retries: 0 }),
    names: ["chat gpt-4o"],
  },
  "a cut stream": {
    reply: () => streamed(chatFrames(["Hello", "there"]).slice(0, 3)),
    run: (crosspoint) => crosspoint.stream({ model, messages }).response,
    names: ["chat gpt-4o"],
    streams: true,
  },
  "a stream that is left": {
    reply: ({ signal }) => {
      const feed = createFeed(signal);
      for (const frame of chatFrames(["Hello"]).slice(0, 2)) feed.push(frame);
      return feed.response;
    },
    async run(crosspoint) {
      for await (const event of crosspoint.stream({ model, messages })) if (event.type === "text-delta") return;
    },
    names: ["chat gpt-4o"],
    streams: true,
  },
  content: { reply: answer, run: generate, names: ["chat gpt-4o"], telemetry: { captureContent: "span" } },
};

/** Waits are over at once. */
const clock = {
  now: () => Date.now(),
  after(ms: number, callback: () => void) {
    const timer = setTimeout(callback, ms >= 30_000 ? ms : Math.min(ms, 5));
    return () => clearTimeout(timer);
  },
};

const FORMATS = { json: JSONExporter, protobuf: ProtobufExporter };

describe.each(["json", "protobuf"] as const)(
  "over the wire as %s, every attribute is of the name, type and level of the conventions",
  (format) => {
    test.each(Object.entries(SCENARIOS))("%s", async (_name, { reply, run, names, streams = false, telemetry }) => {
      const exporter = new FORMATS[format]({ url: receiver.url });
      const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
      const models = { smart: { deployments: [model], fallbacks: ["openai-chat/gpt-4o-mini"] } };
      const { crosspoint } = createTraced(reply, { clock, models }, { tracerProvider, ...telemetry });
      await run(crosspoint as Crosspoint).catch(() => {});
      await tracerProvider.forceFlush();
      const calls = receiver.spans().filter(({ name }) => !name.startsWith("route "));
      expect(calls.map(({ name }) => name)).toEqual(names);
      for (const span of calls) expectConventional(span, streams, telemetry !== undefined);
      if (names.length > 1) expect(calls[1]!.links).toHaveLength(1);
      expect(receiver.types.every((type) => type.includes(format))).toBe(true);
    });
  },
);
