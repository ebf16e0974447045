/** What telemetry adds to a call: without an SDK, and with one that records. */
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, InMemorySpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { createCrosspoint } from "crosspoint";
import { answer, small } from "./conversation.ts";
import { isMain, option, print, rounded, type Table } from "./report.ts";
import { forCrosspoint } from "./requests.ts";
import { measure } from "./rounds.ts";

const fetch: typeof globalThis.fetch = () => Promise.resolve(new Response(answer, { headers: { "content-type": "application/json" } }));

/** Drops what it is given, so that only the recording is measured. */
class Nowhere extends InMemorySpanExporter {
  override export(_spans: unknown, done: (result: { code: number }) => void): void {
    done({ code: 0 });
  }
}

export async function benchTelemetry(): Promise<Table> {
  const shared = { fetch, env: { OPENAI_API_KEY: "sk-bench-000000" } };
  const tracerProvider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter: new Nowhere() })] });
  const layers = {
    "telemetry: false": createCrosspoint({ ...shared, telemetry: false }),
    "no SDK": createCrosspoint(shared),
    spans: createCrosspoint({ ...shared, telemetry: { tracerProvider } }),
    "spans and metrics": createCrosspoint({ ...shared, telemetry: { tracerProvider, meterProvider: new MeterProvider() } }),
  };
  const request = { ...forCrosspoint(small), model: "openai-chat/gpt-4o" };
  const subjects = Object.fromEntries(Object.entries(layers).map(([name, layer]) => [name, () => layer.generate(request)]));
  const results = await measure({ rounds: option("rounds", 60), turnMs: 8, subjects });
  return {
    title: "Telemetry (µs a call, and what it adds)",
    rows: results.map(({ name, us }) => ({ telemetry: name, µs: rounded(us, 1), added: rounded(us - results[0]!.us, 1) })),
  };
}

if (isMain(import.meta)) print([await benchTelemetry()]);
