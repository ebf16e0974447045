import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import { basename } from "node:path";

interface Context {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): Context;
  deleteValue(key: symbol): Context;
}

interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

interface SpanOptions {
  readonly kind?: number;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly startTime?: unknown;
  readonly root?: boolean;
}

/** Where contexts keep the span that is active, in every copy of the API. */
const SPAN_KEY = Symbol.for("OpenTelemetry Context Key SPAN");

const ROOT = contextOf(new Map());

function contextOf(values: ReadonlyMap<symbol, unknown>): Context {
  return {
    getValue: (key) => values.get(key),
    setValue: (key, value) => contextOf(new Map(values).set(key, value)),
    deleteValue(key) {
      const left = new Map(values);
      left.delete(key);
      return contextOf(left);
    },
  };
}

/** What an OpenTelemetry SDK registers: here its spans are appended to a file when they end. */
export function createFileTracer(file: string, contexts: () => ReturnType<typeof createContexts>) {
  const service = process.env["OTEL_SERVICE_NAME"] ?? basename(process.argv[1] ?? "node");
  const resource = { attributes: [{ key: "service.name", value: { stringValue: service } }] };
  const write = (scope: string, span: object): void => {
    try {
      appendFileSync(
        file,
        `${JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: scope }, spans: [span] }] }] })}\n`,
      );
    } catch {
      // whoever reads has gone
    }
  };
  const startSpan = (scope: string, given: string, options: SpanOptions = {}, context = contexts().active()) => {
    const above =
      options.root === true ? undefined : (context.getValue(SPAN_KEY) as { spanContext(): SpanContext } | undefined)?.spanContext();
    const parent = above === undefined || /^0+$/.test(above.traceId) ? undefined : above;
    const own = { traceId: parent?.traceId ?? randomBytes(16).toString("hex"), spanId: randomBytes(8).toString("hex"), traceFlags: 1 };
    const attributes: Record<string, unknown> = { ...options.attributes };
    const start = nanos(options.startTime);
    let status: object = {};
    let name = given;
    let ended = false;
    const span = {
      kind: options.kind ?? 0,
      attributes,
      spanContext: () => own,
      isRecording: () => !ended,
      setAttribute: (key: string, value: unknown) => ((attributes[key] = value), span),
      setAttributes: (more: object) => (Object.assign(attributes, more), span),
      setStatus: (given: object) => ((status = given), span),
      updateName: (given: string) => ((name = given), span),
      addEvent: () => span,
      addLink: () => span,
      addLinks: () => span,
      recordException() {},
      end(time?: unknown) {
        if (ended) return;
        ended = true;
        write(scope, {
          traceId: own.traceId,
          spanId: own.spanId,
          ...(parent !== undefined && { parentSpanId: parent.spanId }),
          name,
          kind: span.kind + 1,
          startTimeUnixNano: start,
          endTimeUnixNano: nanos(time),
          status,
          attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) })),
        });
      },
    };
    return span;
  };
  const getTracer = (scope: string) => ({
    startSpan: (name: string, options?: SpanOptions, context?: Context) => startSpan(scope, name, options, context),
    /** The options and the context may be left out. */
    startActiveSpan(name: string, ...rest: [...(SpanOptions | Context)[], (span: unknown) => unknown]) {
      const body = rest.pop() as (span: unknown) => unknown;
      const [options, context = contexts().active()] = rest as unknown as [SpanOptions?, Context?];
      const span = startSpan(scope, name, options, context);
      return contexts().with(context.setValue(SPAN_KEY, span), () => body(span));
    },
  });
  return { trace: { getTracer }, context: createContexts(), propagation: PROPAGATION };
}

/** The header of W3C Trace Context. */
const PROPAGATION = {
  fields: () => ["traceparent"],
  extract<Carrier>(context: Context, carrier: Carrier, getter: { get(carrier: Carrier, name: string): unknown }): Context {
    const given = getter.get(carrier, "traceparent");
    const [, traceId, spanId] =
      /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}/.exec(String(Array.isArray(given) ? given[0] : given)) ?? [];
    if (traceId === undefined || spanId === undefined) return context;
    const above: SpanContext = { traceId, spanId, traceFlags: 1 };
    return context.setValue(SPAN_KEY, { spanContext: () => above, isRecording: () => false });
  },
  inject<Carrier>(context: Context, carrier: Carrier, setter: { set(carrier: Carrier, name: string, value: string): void }): void {
    const { traceId, spanId } = (context.getValue(SPAN_KEY) as { spanContext(): SpanContext } | undefined)?.spanContext() ?? {};
    if (traceId !== undefined) setter.set(carrier, "traceparent", `00-${traceId}-${spanId}-01`);
  },
};

function createContexts() {
  const storage = new AsyncLocalStorage<Context>();
  const manager = {
    active: () => storage.getStore() ?? ROOT,
    with: <Arguments extends unknown[], Result>(
      context: Context,
      body: (...args: Arguments) => Result,
      self?: unknown,
      ...args: Arguments
    ) => storage.run(context, () => body.apply(self, args)),
    bind: (context: Context, body: unknown) =>
      typeof body === "function"
        ? (...args: unknown[]) => storage.run(context, () => (body as (...all: unknown[]) => unknown)(...args))
        : body,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

/** A time as the API takes it: a date, milliseconds since 1970 or since the program began, or seconds and nanoseconds. */
function nanos(time: unknown = performance.timeOrigin + performance.now()): string {
  if (Array.isArray(time)) return String(BigInt(time[0] as number) * 1_000_000_000n + BigInt(time[1] as number));
  const given = Number(time);
  const ms = given < performance.timeOrigin / 2 ? given + performance.timeOrigin : given;
  return String(BigInt(Math.round(ms * 1_000)) * 1_000n);
}

function valueOf(value: unknown): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return Array.isArray(value) ? { arrayValue: { values: value.map(valueOf) } } : { stringValue: JSON.stringify(value) ?? "" };
}
