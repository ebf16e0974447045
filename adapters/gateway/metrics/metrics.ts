import { alsoGlobal } from "./also-global.ts";
import { CONTENT_TYPES, expose, formatFor } from "./exposition.ts";
import { createRegistry, type MeterProvider } from "./meter.ts";

export interface MetricsOptions {
  /** Sets of labels of one metric; further ones are counted together as `otel_metric_overflow="true"`. Default 2,000. */
  readonly maxSeries?: number;
}

/** Metrics of the process, for Prometheus. */
export interface Metrics {
  /** For the option `telemetry.meterProvider`. Counts in the provider that the program registered with OpenTelemetry too. */
  readonly meterProvider: MeterProvider;
  /** The metrics as text; `accept` is the header of the request, which may ask for OpenMetrics. */
  read(accept?: string): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Makes what `serve` shows under `/metrics`. */
export function createMetrics({ maxSeries = 2_000 }: MetricsOptions = {}): Metrics {
  const registry = createRegistry(maxSeries);
  return {
    meterProvider: alsoGlobal(registry.provider),
    async read(accept) {
      const format = formatFor(accept);
      return { contentType: CONTENT_TYPES[format], text: expose(await registry.collect(), format) };
    },
  };
}
