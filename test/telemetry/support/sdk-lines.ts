import { type ContextAPI, context as context3, metrics as metrics3, trace as trace3 } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager as ContextManager3 } from "@opentelemetry/context-async-hooks";
import * as metricsSdk3 from "@opentelemetry/sdk-metrics";
import * as traceSdk3 from "@opentelemetry/sdk-trace";
import { createRequire } from "node:module";
import { AsyncLocalStorageContextManager as ContextManager2 } from "otel2-context-async-hooks";
import * as metricsSdk2 from "otel2-sdk-metrics";
import * as traceSdk2 from "otel2-sdk-trace-base";

type API = Pick<typeof import("@opentelemetry/api"), "context" | "metrics" | "trace">;

/** API 1.9, which line 2.x was made for; its entry for bundlers is no ESM. */
const api2 = createRequire(import.meta.url)(
  "../../../node_modules/otel2-api/build/src/index.js",
) as typeof import("otel2-api") as unknown as API;

/** A line of the OpenTelemetry SDK, with what a test does with it. */
export interface SDKLine {
  readonly version: string;
  /** The API that a program with this line registers it by. */
  readonly api: API;
  readonly contextManager: () => Parameters<ContextAPI["setGlobalContextManager"]>[0];
  readonly tracing: () => { readonly provider: traceSdk3.TracerProvider; readonly spans: () => readonly traceSdk3.ReadableSpan[] };
  readonly counting: () => {
    readonly provider: metricsSdk3.MeterProvider;
    readonly read: () => Promise<ReadonlyMap<string, metricsSdk3.MetricData>>;
  };
}

function reading(reader: metricsSdk3.MetricReader): () => Promise<ReadonlyMap<string, metricsSdk3.MetricData>> {
  return async () => {
    const { resourceMetrics } = await reader.collect();
    return new Map(resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics).map((metric) => [metric.descriptor.name, metric]));
  };
}

class Reader3 extends metricsSdk3.MetricReader {
  protected override onForceFlush = (): Promise<void> => Promise.resolve();
  protected override onShutdown = (): Promise<void> => Promise.resolve();
}

class Reader2 extends metricsSdk2.MetricReader {
  protected override onForceFlush = (): Promise<void> => Promise.resolve();
  protected override onShutdown = (): Promise<void> => Promise.resolve();
}

export const LINES: readonly SDKLine[] = [
  {
    version: "2.x with API 1.9",
    api: api2,
    contextManager: () => new ContextManager2().enable() as never,
    tracing() {
      const exporter = new traceSdk2.InMemorySpanExporter();
      const provider = new traceSdk2.BasicTracerProvider({ spanProcessors: [new traceSdk2.SimpleSpanProcessor(exporter)] });
      return { provider: provider as never, spans: () => exporter.getFinishedSpans() as never };
    },
    counting() {
      const reader = new Reader2();
      return { provider: new metricsSdk2.MeterProvider({ readers: [reader] }) as never, read: reading(reader as never) };
    },
  },
  {
    version: "3.x with API 1.10",
    api: { context: context3, metrics: metrics3, trace: trace3 },
    contextManager: () => new ContextManager3().enable(),
    tracing() {
      const exporter = new traceSdk3.InMemorySpanExporter();
      const provider = new traceSdk3.TracerProvider({ spanProcessors: [new traceSdk3.SimpleSpanProcessor({ exporter })] });
      return { provider, spans: () => exporter.getFinishedSpans() };
    },
    counting() {
      const reader = new Reader3();
      return { provider: new metricsSdk3.MeterProvider({ readers: [reader] }), read: reading(reader) };
    },
  },
];
