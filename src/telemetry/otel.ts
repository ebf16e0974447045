/**
 * The part of OpenTelemetry's API that is used here, by its shape. The API is taken from the place where it registers itself, so that this
 * package imports nothing and works with whatever copy of it the program has, or none.
 */
export type AttributeValue = string | number | boolean | readonly string[];
export type Attributes = Record<string, AttributeValue>;

export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

export interface Span {
  spanContext(): SpanContext;
  isRecording(): boolean;
  setAttributes(attributes: Record<string, unknown>): unknown;
  addEvent(name: string, attributes?: Record<string, unknown>): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(): void;
}

export interface OtelContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): OtelContext;
  deleteValue(key: symbol): OtelContext;
}

interface SpanOptions {
  kind?: number;
  attributes?: Record<string, unknown>;
  links?: { context: SpanContext; attributes?: Record<string, unknown> }[];
}

export interface Tracer {
  startSpan(name: string, options?: SpanOptions, context?: never): Span;
}

/** Makes tracers: a `TracerProvider` of any OpenTelemetry SDK. */
export interface TracerProvider {
  getTracer(name: string, version?: string, options?: { schemaUrl?: string }): Tracer;
}

/** A counter or a histogram. */
export interface Instrument {
  add?(value: number, attributes?: Record<string, unknown>): void;
  record?(value: number, attributes?: Record<string, unknown>): void;
}

interface InstrumentOptions {
  unit?: string;
  advice?: { explicitBucketBoundaries?: number[] };
}

/** What is observed when somebody reads the gauge. */
export interface ObservableResult {
  observe(value: number, attributes?: Record<string, unknown>): void;
}

interface ObservableGauge {
  addCallback(callback: (result: ObservableResult) => void | Promise<void>): void;
}

export interface Meter {
  createHistogram(name: string, options?: InstrumentOptions): Instrument;
  createCounter(name: string, options?: InstrumentOptions): Instrument;
  createObservableGauge?(name: string, options?: { unit?: string; description?: string }): ObservableGauge;
}

/** Makes meters: a `MeterProvider` of any OpenTelemetry SDK. */
export interface MeterProvider {
  getMeter(name: string): Meter;
}

interface LogRecord {
  eventName?: string;
  severityNumber?: number;
  attributes?: Record<string, never>;
  context?: never;
}

export interface Logger {
  emit(record: LogRecord): void;
}

/** Makes loggers: a `LoggerProvider` of any OpenTelemetry SDK. */
export interface LoggerProvider {
  getLogger(name: string, version?: string, options?: { schemaUrl?: string }): Logger;
}

export interface Otel {
  readonly trace?: TracerProvider;
  readonly metrics?: MeterProvider;
  readonly logs?: LoggerProvider;
  readonly context?: {
    active(): OtelContext;
    with<T>(context: OtelContext, body: () => T): T;
  };
  readonly propagation?: {
    fields(): string[];
    extract<Carrier>(
      context: OtelContext,
      carrier: Carrier,
      getter: { get(carrier: Carrier, name: string): string | undefined; keys(carrier: Carrier): string[] },
    ): OtelContext;
  };
}

/** Where contexts keep baggage, in every copy of the API. */
export const BAGGAGE_KEY = Symbol.for("OpenTelemetry Baggage Key");

const API = Symbol.for("opentelemetry.js.api.1");

/** What the program registered; `undefined` without an SDK. */
export function otel(): Otel | undefined {
  return (globalThis as { [API]?: Otel })[API];
}

/** Where the package `@opentelemetry/api-logs`, which had the logs before API 1.10, registers them: a function of the version that is asked for. */
const LOGS_API = Symbol.for("io.opentelemetry.js.api.logs");

/** Where the program's log records go; `undefined` where they go nowhere. */
export function registeredLogs(): LoggerProvider | undefined {
  return otel()?.logs ?? (globalThis as { [LOGS_API]?: (version: number) => LoggerProvider })[LOGS_API]?.(1);
}

/** The context that is active where this is called; `undefined` where none is kept. */
export function activeContext(): OtelContext | undefined {
  return otel()?.context?.active();
}
