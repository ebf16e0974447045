import { context, trace, type Span } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from "@opentelemetry/sdk-trace";
import type { CrosspointOptions, SpendRow, TelemetryOptions } from "../../../src/index.ts";
import { createWired, type Reply } from "../../support/wire.ts";

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

export interface Traced extends ReturnType<typeof createWired> {
  /** Spans that ended, in that order. */
  readonly spans: () => readonly ReadableSpan[];
  /** Spans that started, and how often each of them ended. */
  readonly started: readonly Span[];
  readonly endings: ReadonlyMap<string, number>;
  readonly rows: readonly SpendRow[];
  readonly provider: TracerProvider;
}

/** A layer whose network is a function, and whose spans go to memory. */
export function createTraced(reply: Reply, options: CrosspointOptions = {}, telemetry: TelemetryOptions = {}, counts = true): Traced {
  const exporter = new InMemorySpanExporter();
  const started: Span[] = [];
  const endings = new Map<string, number>();
  const counter = {
    onStart: (span: Span) => void started.push(span),
    onEnd(span: ReadableSpan) {
      const { spanId } = span.spanContext();
      endings.set(spanId, (endings.get(spanId) ?? 0) + 1);
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  const provider = new TracerProvider({ spanProcessors: [counter, new SimpleSpanProcessor({ exporter })] });
  const rows: SpendRow[] = [];
  const wired = createWired(reply, {
    ...(counts && { onSpend: (row: SpendRow) => void rows.push(row) }),
    ...options,
    telemetry: { tracerProvider: provider, ...telemetry },
  });
  return { ...wired, spans: () => exporter.getFinishedSpans(), started, endings, rows, provider };
}

/** Runs `body` inside a span of the program's own. */
export function inside<T>(provider: TracerProvider, name: string, body: (span: Span) => T, attributes: Record<string, string> = {}): T {
  const span = provider.getTracer("program").startSpan(name, { attributes, kind: attributes["kind"] === "client" ? 2 : 0 });
  return context.with(trace.setSpan(context.active(), span), () => body(span));
}

export function parentOf(span: ReadableSpan): string | undefined {
  return span.parentSpanContext?.spanId;
}

export function idOf(span: { spanContext(): { spanId: string } }): string {
  return span.spanContext().spanId;
}
