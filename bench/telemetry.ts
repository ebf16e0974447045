/**
 * What telemetry adds to a call: without an SDK, and with one that records. The second row adds nothing: what it shows is the noise of the measurement. What
 * is small against that noise is measured by itself, in pairs of short turns.
 */
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, InMemorySpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { createCrosspoint, type Crosspoint } from "crosspoint";
import { answer, small } from "./conversation.ts";
import { isMain, option, print, rounded, type Table } from "./report.ts";
import { forCrosspoint } from "./requests.ts";
import { measure, type Figure, type Subject } from "./rounds.ts";

const fetch: typeof globalThis.fetch = () => Promise.resolve(new Response(answer, { headers: { "content-type": "application/json" } }));

/** Drops what it is given, so that only the recording is measured. */
class Nowhere extends InMemorySpanExporter {
  override export(_spans: unknown, done: (result: { code: number }) => void): void {
    done({ code: 0 });
  }
}

interface Row {
  readonly telemetry: string;
  readonly µs: number;
  readonly added: number;
}

const shared = { fetch, env: { OPENAI_API_KEY: "sk-bench-000000" } };
const model = "openai-chat/gpt-4o";

export async function benchTelemetry(): Promise<Table> {
  const tracerProvider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter: new Nowhere() })] });
  const layers = {
    "telemetry: false": createCrosspoint({ ...shared, telemetry: false }),
    "telemetry: false, again": createCrosspoint({ ...shared, telemetry: false }),
    spans: createCrosspoint({ ...shared, telemetry: { tracerProvider } }),
    "spans and metrics": createCrosspoint({ ...shared, telemetry: { tracerProvider, meterProvider: new MeterProvider() } }),
  };
  const request = { ...forCrosspoint(small), model };
  const call = (layer: Crosspoint) => () => layer.generate(request);
  const subjects = Object.fromEntries(Object.entries(layers).map(([name, layer]) => [name, call(layer)]));
  const rounds = option("rounds", 60);
  const results = await measure({ rounds, turnMs: 8, subjects });
  const rows = results.map(({ name, us, added }) => ({ telemetry: name, µs: rounded(us, 1), added: rounded(added, 1) }));
  rows.push(await pair("no SDK", call(layers["telemetry: false"]), call(createCrosspoint(shared)), 2));
  for (const chunks of [10, 1_000]) rows.push(await benchStream(chunks));
  return { title: "Telemetry (µs a call, and what it adds)", rows };
}

/** What spans and metrics add to a stream is the same for few chunks and for many. */
async function benchStream(chunks: number): Promise<Row> {
  const piece = `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}\n\n`;
  const last = `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}\n\ndata: [DONE]\n\n`;
  const bytes = [...Array.from({ length: chunks }, () => piece), last].map((text) => new TextEncoder().encode(text));
  const streamed: typeof globalThis.fetch = () => {
    let next = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => (next < bytes.length ? controller.enqueue(bytes[next++]!) : controller.close()),
    });
    return Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
  };
  const telemetry = {
    tracerProvider: new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter: new Nowhere() })] }),
    meterProvider: new MeterProvider(),
  };
  const request = { ...forCrosspoint(small), model };
  const read = (layer: Crosspoint) => async () => {
    for await (const _batch of layer.stream(request).batches);
  };
  const off = read(createCrosspoint({ ...shared, fetch: streamed, telemetry: false }));
  const on = read(createCrosspoint({ ...shared, fetch: streamed, telemetry }));
  return pair(`spans and metrics of a stream of ${chunks.toLocaleString("en")} chunks`, off, on, 1);
}

async function pair(title: string, off: Subject, on: Subject, digits: number): Promise<Row> {
  const [, { us, added }] = (await measure({ rounds: 5 * option("rounds", 60), turnMs: 4, subjects: { off, on } })) as [Figure, Figure];
  return { telemetry: title, µs: rounded(us, 1), added: rounded(added, digits) };
}

if (isMain(import.meta)) print([await benchTelemetry()]);
