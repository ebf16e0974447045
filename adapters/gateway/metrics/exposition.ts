import type { Metric, Series } from "./meter.ts";

/** Words for units; `USD` and others stand as they are, and what is in braces is no unit (OpenTelemetry specification, Prometheus compatibility). */
const UNITS: Readonly<Record<string, string>> = { s: "seconds", ms: "milliseconds", By: "bytes", "%": "percent", "1": "" };

/** The text format 0.0.4 of Prometheus, or OpenMetrics 1.0.0. */
export type Format = "prometheus" | "openmetrics";

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** What a scraper's `Accept` asks for. */
export function formatFor(accept: string | undefined): Format {
  return /application\/openmetrics-text\s*(?:;[^,]*)?/.test(accept ?? "") ? "openmetrics" : "prometheus";
}

/** Writes metrics under the names that OpenTelemetry's rules give them in Prometheus. */
export function expose(metrics: readonly Metric[], format: Format): string {
  let text = "";
  for (const metric of metrics) {
    if (metric.series.size === 0) continue;
    const family = familyOf(metric);
    const sample = metric.kind === "counter" ? `${family}_total` : family;
    const header = format === "openmetrics" ? family : sample;
    if (metric.description !== "") text += `# HELP ${header} ${escape(metric.description)}\n`;
    text += `# TYPE ${header} ${metric.kind}\n`;
    const unit = unitOf(metric);
    if (format === "openmetrics" && unit !== "" && family.endsWith(`_${unit}`)) text += `# UNIT ${header} ${unit}\n`;
    for (const series of metric.series.values())
      text += metric.kind === "histogram" ? histogram(family, metric.bounds, series) : `${sample}${labels(series)} ${series.value}\n`;
  }
  return format === "openmetrics" ? `${text}# EOF\n` : text;
}

function histogram(name: string, bounds: readonly number[], series: Series): string {
  let text = "";
  let count = 0;
  for (const [index, inBucket] of series.counts.entries()) {
    count += inBucket;
    text += `${name}_bucket${labels(series, index < bounds.length ? String(bounds[index]) : "+Inf")} ${count}\n`;
  }
  return `${text}${name}_sum${labels(series)} ${series.value}\n${name}_count${labels(series)} ${count}\n`;
}

function unitOf({ unit }: Metric): string {
  return UNITS[unit] ?? nameOf(unit.replace(/\{[^}]*\}/g, "")).replace(/^_+|_+$/g, "");
}

/** The name without the `_total` of counters. */
function familyOf(metric: Metric): string {
  const name = nameOf(metric.name).replace(metric.kind === "counter" ? /_total$/ : /$^/, "");
  const unit = unitOf(metric);
  return unit === "" || name.endsWith(`_${unit}`) ? name : `${name}_${unit}`;
}

function nameOf(text: string): string {
  return text.replace(/[^a-zA-Z0-9_]+/g, "_").replace(/_{2,}/g, "_").replace(/^(?=\d)/, "_"); // oxfmt-ignore
}

function labels({ attributes }: Series, bound?: string): string {
  // Attributes whose names become one are one label with both values (the same specification).
  const named = new Map<string, string>();
  for (const [key, value] of Object.entries(attributes)) {
    const name = nameOf(key);
    const word = escape(typeof value === "string" ? value : JSON.stringify(value)).replaceAll('"', '\\"');
    named.set(name, named.has(name) ? `${named.get(name)!};${word}` : word);
  }
  if (bound !== undefined) named.set("le", bound);
  return named.size === 0 ? "" : `{${Array.from(named, ([name, value]) => `${name}="${value}"`).join(",")}}`;
}

function escape(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
