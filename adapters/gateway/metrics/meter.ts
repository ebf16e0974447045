import type { TelemetryOptions } from "crosspoint";

export type MeterProvider = NonNullable<TelemetryOptions["meterProvider"]>;
type Attributes = Readonly<Record<string, unknown>>;
export type Kind = "counter" | "gauge" | "histogram";

/** The values of one instrument under one set of attributes. */
export interface Series {
  readonly attributes: Attributes;
  /** Of a counter or gauge its value, of a histogram the sum. */
  value: number;
  /** Of a histogram: how many values fell into each bucket, the last without a bound. */
  readonly counts: number[];
}

export interface Metric {
  readonly name: string;
  readonly kind: Kind;
  readonly unit: string;
  readonly description: string;
  readonly bounds: readonly number[];
  readonly series: ReadonlyMap<string, Series>;
}

interface Observer {
  observe(value: number, attributes?: Attributes): void;
}

/** May be asynchronous; one that does not end in time is not waited for. */
export type Callback = (observer: Observer) => unknown;

/** All that instruments of OpenTelemetry have. */
export interface Instrument {
  add(value: number, attributes?: Attributes): void;
  record(value: number, attributes?: Attributes): void;
  addCallback(callback: Callback): void;
  removeCallback(callback: Callback): void;
}

export interface InstrumentOptions {
  readonly unit?: string;
  readonly description?: string;
  readonly advice?: { readonly explicitBucketBoundaries?: readonly number[] };
}

/** The ways to make an instrument: what it is when it is read, whether values add up, and whether they are asked for when it is read. */
export const INSTRUMENTS = {
  createCounter: ["counter", "adds"],
  createUpDownCounter: ["gauge", "adds"],
  createGauge: ["gauge", "sets"],
  createHistogram: ["histogram", "adds"],
  createObservableCounter: ["counter", "asked"],
  createObservableUpDownCounter: ["gauge", "asked"],
  createObservableGauge: ["gauge", "asked"],
} as const satisfies Readonly<Record<string, readonly [Kind, "adds" | "sets" | "asked"]>>;

export type Maker = keyof typeof INSTRUMENTS;
export type Meter = Readonly<Record<Maker, (name: string, options?: InstrumentOptions) => Instrument>>;

/** The buckets of the OpenTelemetry specification for histograms that name none. */
const BOUNDS = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];
/** Where label sets that are too many for an instrument are counted together, as the OpenTelemetry specification has it. */
const OVERFLOW = { "otel.metric.overflow": true };
const CALLBACK_MS = 2_000;

export interface Registry {
  readonly provider: { getMeter(name: string): Meter };
  /** All metrics as they stand, after those that are asked for were. */
  collect(): Promise<readonly Metric[]>;
}

/** Counts in memory, from the start of the process on. No instrument has more than `maxSeries` sets of labels. */
export function createRegistry(maxSeries: number): Registry {
  const metrics = new Map<string, Metric & { readonly instrument: Instrument; readonly ask: () => Promise<void> }>();
  const make = (maker: Maker, name: string, options: InstrumentOptions = {}): Instrument => {
    const [kind, mode] = INSTRUMENTS[maker];
    const known = metrics.get(name);
    if (known !== undefined) return known.kind === kind ? known.instrument : NOTHING;
    const bounds = kind === "histogram" ? (options.advice?.explicitBucketBoundaries ?? BOUNDS) : [];
    let series = new Map<string, Series>();
    const at = (attributes: Attributes): Series => {
      const key = keyOf(attributes);
      const found = series.get(key);
      if (found !== undefined) return found;
      const over = series.size >= maxSeries - 1;
      const overflow = over ? series.get(OVERFLOW_KEY) : undefined;
      if (overflow !== undefined) return overflow;
      const fresh = { attributes: over ? OVERFLOW : attributes, value: 0, counts: kind === "histogram" ? [...bounds, 0].map(() => 0) : [] };
      series.set(over ? OVERFLOW_KEY : key, fresh);
      return fresh;
    };
    const put = (value: number, attributes: Attributes = {}, sets = mode === "sets"): void => {
      if (!Number.isFinite(value) || (kind === "counter" && value < 0)) return;
      const one = at(attributes);
      one.value = sets ? value : one.value + value;
      if (kind !== "histogram") return;
      const bucket = bounds.findIndex((bound) => value <= bound);
      one.counts[bucket === -1 ? bounds.length : bucket]!++;
    };
    const callbacks = new Set<Callback>();
    const ask = async (): Promise<void> => {
      if (mode !== "asked") return;
      series = new Map();
      const into = series;
      const observe = (value: number, attributes?: Attributes): void => {
        if (into === series) put(value, attributes, true);
      };
      await Promise.allSettled([...callbacks].map(async (callback) => callback({ observe })));
    };
    const instrument: Instrument = {
      add: put,
      record: put,
      addCallback: (callback) => void callbacks.add(callback),
      removeCallback: (callback) => void callbacks.delete(callback),
    };
    const { unit = "", description = "" } = options;
    metrics.set(name, { name, kind, unit, description, bounds, instrument, ask, get series() { return series; } }); // oxfmt-ignore
    return instrument;
  };
  const makers = (Object.keys(INSTRUMENTS) as Maker[]).map((maker) => [
    maker,
    (name: string, options?: InstrumentOptions) => make(maker, name, options),
  ]);
  const meter = Object.fromEntries(makers) as Meter;
  return {
    provider: { getMeter: () => meter },
    async collect() {
      await Promise.race([
        Promise.all([...metrics.values()].map(({ ask }) => ask())),
        new Promise((resolve) => setTimeout(resolve, CALLBACK_MS).unref()),
      ]);
      return [...metrics.values()];
    },
  };
}

const NOTHING: Instrument = { add() {}, record() {}, addCallback() {}, removeCallback() {} };
const OVERFLOW_KEY = "overflow";

function keyOf(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
