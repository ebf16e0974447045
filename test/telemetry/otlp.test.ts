import { OTLPTraceExporter as JSONExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { chatAnswer, chatFrames, failure, streamed } from "../support/wire.ts";
import { createTraced } from "./support/spans.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const model = "openai-chat/gpt-4o";

interface Received {
  readonly type: string;
  readonly body: Buffer;
}

let server: Server;
let url: string;
let received: Received[];

beforeEach(async () => {
  received = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const bytes = Buffer.concat(chunks);
      const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
      received.push({ type: String(request.headers["content-type"]), body });
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

type Value =
  | { stringValue: string }
  | { intValue: number | string }
  | { doubleValue: number }
  | { boolValue: boolean }
  | { arrayValue: { values?: Value[] } };

interface SpanJSON {
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly { readonly key: string; readonly value: Value }[];
  readonly links?: readonly unknown[];
}

const isString = (value: Value): boolean => "stringValue" in value;
const isInt = (value: Value): boolean => "intValue" in value;
/** A whole number goes as an integer, which every reader takes for a double. */
const isDouble = (value: Value): boolean => "doubleValue" in value || "intValue" in value;
const isTrue = (value: Value): boolean => "boolValue" in value && value.boolValue;
const isStrings = (value: Value): boolean => "arrayValue" in value && (value.arrayValue.values ?? []).every(isString);

/** The attributes of an inference span: the test of their type, and when they must be there. */
const INFERENCE: Readonly<Record<string, readonly [(value: Value) => boolean, "always" | "error" | "stream" | "sometimes"]>> = {
  "gen_ai.operation.name": [isString, "always"],
  "gen_ai.provider.name": [isString, "always"],
  "gen_ai.request.model": [isString, "always"],
  "server.address": [isString, "always"],
  "server.port": [isInt, "always"],
  "error.type": [isString, "error"],
  "gen_ai.request.stream": [isTrue, "stream"],
  "gen_ai.output.type": [isString, "sometimes"],
  "gen_ai.request.choice.count": [isInt, "sometimes"],
  "gen_ai.request.seed": [isInt, "sometimes"],
  "gen_ai.request.max_tokens": [isInt, "sometimes"],
  "gen_ai.request.temperature": [isDouble, "sometimes"],
  "gen_ai.request.top_p": [isDouble, "sometimes"],
  "gen_ai.request.top_k": [isInt, "sometimes"],
  "gen_ai.request.frequency_penalty": [isDouble, "sometimes"],
  "gen_ai.request.presence_penalty": [isDouble, "sometimes"],
  "gen_ai.request.stop_sequences": [isStrings, "sometimes"],
  "gen_ai.request.reasoning.level": [isString, "sometimes"],
  "gen_ai.response.id": [isString, "sometimes"],
  "gen_ai.response.model": [isString, "sometimes"],
  "gen_ai.response.finish_reasons": [isStrings, "sometimes"],
  "gen_ai.response.time_to_first_chunk": [isDouble, "stream"],
  "gen_ai.usage.input_tokens": [isInt, "sometimes"],
  "gen_ai.usage.output_tokens": [isInt, "sometimes"],
  "gen_ai.usage.cache_read.input_tokens": [isInt, "sometimes"],
  "gen_ai.usage.cache_creation.input_tokens": [isInt, "sometimes"],
  "gen_ai.usage.reasoning.output_tokens": [isInt, "sometimes"],
  "gen_ai.usage.cost": [isDouble, "sometimes"],
};

function expectConventional({ name, kind, status, attributes }: SpanJSON): void {
  const found = new Map(attributes.map(({ key, value }) => [key, value]));
  const get = (key: string): string | undefined => (found.get(key) as { stringValue?: string } | undefined)?.stringValue;
  expect(name).toBe(`${get("gen_ai.operation.name")} ${get("gen_ai.request.model")}`);
  expect(kind).toBe(3); // CLIENT in OTLP
  expect(["chat", "embeddings"]).toContain(get("gen_ai.operation.name"));
  const failed = status.code === 2;
  expect(status.code ?? 0).not.toBe(1); // OK is for the program to set
  expect(found.has("error.type")).toBe(failed);
  const streams = found.has("gen_ai.request.stream");
  for (const [key, [holds, when]] of Object.entries(INFERENCE)) {
    const value = found.get(key);
    if (value !== undefined) expect(holds(value), `${key}: ${JSON.stringify(value)}`).toBe(true);
    else expect(when === "always" || (when === "stream" && streams && !failed), key).toBe(false);
  }
  for (const key of found.keys()) if (key.startsWith("gen_ai.")) expect(Object.keys(INFERENCE)).toContain(key);
}

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
const embeddings = { object: "list", model: "text-embedding-3-small", data: [{ index: 0, embedding: [0.1] }], usage: { prompt_tokens: 4, total_tokens: 4 } }; // oxfmt-ignore

describe("over the wire", () => {
  test("JSON: every attribute is of the name, type and level of the conventions", async () => {
    const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: new JSONExporter({ url }) })] });
    const { crosspoint } = createTraced(
      ({ body, url: to }, index) => {
        if (to.endsWith("/embeddings")) return Response.json(embeddings);
        if (index === 0) return failure(500, {});
        return body["stream"] === true ? streamed(chatFrames(["Hello"])) : chatAnswer("Hello");
      },
      { retries: 0, models: { smart: { deployments: [model], fallbacks: ["openai-chat/gpt-4o-mini"] } } },
      { tracerProvider },
    );
    await crosspoint.generate({ model: "smart", messages, ...settings });
    await crosspoint.stream({ model, messages }).response;
    await crosspoint.embed({ model: "openai/text-embedding-3-small", input: "Hi" });
    await tracerProvider.forceFlush();
    const spans = received.flatMap(({ body }) => {
      const { resourceSpans } = JSON.parse(body.toString()) as { resourceSpans: { scopeSpans: { spans: SpanJSON[] }[] }[] };
      return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    });
    const calls = spans.filter(({ name }) => !name.startsWith("route "));
    expect(calls.map(({ name }) => name).toSorted((a, b) => a.localeCompare(b))).toEqual([
      "chat gpt-4o",
      "chat gpt-4o",
      "chat gpt-4o-mini",
      "embeddings text-embedding-3-small",
    ]);
    for (const call of calls) expectConventional(call);
    expect(calls.find(({ name }) => name === "chat gpt-4o-mini")!.links).toHaveLength(1);
  });

  test("protobuf: real exporter output arrives", async () => {
    const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: new ProtobufExporter({ url }) })] });
    const { crosspoint } = createTraced(() => chatAnswer("Hello"), {}, { tracerProvider });
    await crosspoint.generate({ model, messages });
    await tracerProvider.forceFlush();
    expect(received.map(({ type }) => type)).toEqual(["application/x-protobuf"]);
    const bytes = received[0]!.body.toString("latin1");
    for (const text of ["chat gpt-4o", "gen_ai.usage.input_tokens", "langfuse.observation.cost_details", "llm.token_count.prompt"]) {
      expect(bytes).toContain(text);
    }
  });
});
