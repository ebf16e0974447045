import { metrics as api } from "@opentelemetry/api";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { createCrosspoint } from "crosspoint";
import { createMetrics, serve } from "crosspoint/gateway";
import { createSimulator } from "crosspoint/testing";
import { afterEach, describe, expect, test } from "vitest";
import { expose } from "../../adapters/gateway/metrics/exposition.ts";
import { inTurns } from "../../adapters/gateway/metrics/in-turns.ts";
import { createRegistry, type Instrument, type Meter } from "../../adapters/gateway/metrics/meter.ts";
import fc from "../support/fast-check.ts";

afterEach(() => api.disable());

const meterOf = (metrics: ReturnType<typeof createMetrics>): Meter => metrics.meterProvider.getMeter("test") as Meter;

test("each kind of instrument under the name of its unit", async () => {
  const metrics = createMetrics();
  const meter = meterOf(metrics);
  meter.createCounter("router.attempts", { unit: "{attempt}", description: "Tries.\nAll" }).add(2, { "a.b": 'say "\\"', n: 1, yes: true });
  meter.createCounter("sent_total", { unit: "By" }).add(5);
  meter.createUpDownCounter("calls.open").add(-1);
  meter.createGauge("level", { unit: "1" }).record(0.5);
  const seconds = meter.createHistogram("call.duration", { unit: "s", advice: { explicitBucketBoundaries: [0.1, 1] } });
  for (const value of [0.1, 0.5, 3, Number.NaN]) seconds.record(value, { team: "search" });
  meter.createHistogram("cost", { unit: "USD", advice: { explicitBucketBoundaries: [1] } }).record(2);
  meter.createObservableGauge("budget.remaining", { unit: "USD" }).addCallback(async (to) => {
    await Promise.resolve();
    to.observe(7, { budget: "b" });
  });
  const { contentType, text } = await metrics.read();
  expect(contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(text).toBe(`# HELP router_attempts_total Tries.\\nAll
# TYPE router_attempts_total counter
router_attempts_total{a_b="say \\"\\\\\\"",n="1",yes="true"} 2
# TYPE sent_bytes_total counter
sent_bytes_total 5
# TYPE calls_open gauge
calls_open -1
# TYPE level gauge
level 0.5
# TYPE call_duration_seconds histogram
call_duration_seconds_bucket{team="search",le="0.1"} 1
call_duration_seconds_bucket{team="search",le="1"} 2
call_duration_seconds_bucket{team="search",le="+Inf"} 3
call_duration_seconds_sum{team="search"} 3.6
call_duration_seconds_count{team="search"} 3
# TYPE cost_USD histogram
cost_USD_bucket{le="1"} 0
cost_USD_bucket{le="+Inf"} 1
cost_USD_sum 2
cost_USD_count 1
# TYPE budget_remaining_USD gauge
budget_remaining_USD{budget="b"} 7
`);
});

test("OpenMetrics when the scraper asks for it", async () => {
  const metrics = createMetrics();
  meterOf(metrics).createCounter("sent", { unit: "By" }).add(5);
  const { contentType, text } = await metrics.read("application/openmetrics-text;version=1.0.0;q=0.8,text/plain;q=0.5");
  expect(contentType).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
  expect(text).toBe("# TYPE sent_bytes counter\n# UNIT sent_bytes bytes\nsent_bytes_total 5\n# EOF\n");
});

test("a metric that is asked for shows what is there now, and one that does not answer holds nothing up", async () => {
  const metrics = createMetrics();
  let budgets = ["a", "b"];
  const gauge = meterOf(metrics).createObservableGauge("left");
  gauge.addCallback((to) => budgets.forEach((budget, index) => to.observe(index, { budget })));
  gauge.addCallback(() => expect.fail("mine"));
  expect((await metrics.read()).text).toContain('left{budget="b"} 1');
  budgets = ["a"];
  expect((await metrics.read()).text).toBe('# TYPE left gauge\nleft{budget="a"} 0\n');
});

test("too many label sets are counted together", async () => {
  const metrics = createMetrics({ maxSeries: 10 });
  const counter = meterOf(metrics).createCounter("calls");
  for (let model = 0; model < 1_000; model++) counter.add(1, { model: `m${model}` });
  const lines = (await metrics.read()).text.split("\n").filter((line) => line.startsWith("calls_total"));
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toBe('calls_total{otel_metric_overflow="true"} 991');
});

test("the same numbers as the official SDK and its exporter", async () => {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const official = new MeterProvider({ readers: [exporter] });
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  const record = fc.record({
    how: fc.constantFrom("createCounter" as const, "createHistogram" as const, "createUpDownCounter" as const),
    value: fc.integer({ min: 0, max: 2_000 }),
    attributes: fc.dictionary(fc.constantFrom("a", "b", "c"), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 20 }), async (records) => {
      const ours = createRegistry(2_000);
      const scope = `run${run++}`;
      for (const { how, value, attributes } of records)
        for (const meter of [ours.provider.getMeter(scope), official.getMeter(scope)]) {
          const instrument = meter[how](how.toLowerCase(), { advice: { explicitBucketBoundaries: [1, 10, 100] } });
          if (how === "createHistogram") (instrument as Instrument).record(value, attributes);
          else (instrument as Instrument).add(value, attributes);
        }
      const { resourceMetrics } = await exporter.collect();
      const scopeMetrics = resourceMetrics.scopeMetrics.filter((each) => each.scope.name === scope);
      const lines = (text: string): string[] =>
        text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.replace(/\{(.*)\}/s, (_, labels: string) => `{${labels.split(",").toSorted((a, b) => (a < b ? -1 : 1)).join()}}`)).toSorted((a, b) => (a < b ? -1 : 1)); // oxfmt-ignore
      expect(lines(expose(await ours.collect(), "prometheus"))).toEqual(lines(serializer.serialize({ ...resourceMetrics, scopeMetrics })));
    }),
    { numRuns: 30 },
  );
  await official.shutdown();
});

test("a provider that the program registers, late too, is fed as well", async () => {
  const metrics = createMetrics();
  const counter = meterOf(metrics).createCounter("calls");
  meterOf(metrics).createObservableGauge("level").addCallback((to) => to.observe(3)); // oxfmt-ignore
  counter.add(1);
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
  api.setGlobalMeterProvider(provider);
  counter.add(2);
  await provider.forceFlush();
  const values = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
    .map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints[0]!.value]);
  expect(Object.fromEntries(values)).toEqual({ calls: 2, level: 3 });
  expect((await metrics.read()).text).toContain("calls_total 3");
  await provider.shutdown();
});

describe("/metrics", () => {
  test("what calls through the gateway used, by team", async () => {
    const simulator = createSimulator();
    const upstream = await simulator.listen();
    const metrics = createMetrics();
    const { meterProvider } = metrics;
    const crosspoint = createCrosspoint({ env: {}, providers: simulator.providers(upstream.url), telemetry: { meterProvider } });
    const gateway = await serve({ crosspoint, metrics, port: 0 });
    await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-crosspoint-team": "search" },
      body: JSON.stringify({ model: "openai-chat/gpt-4o", messages: [{ role: "user", content: "Hello" }] }),
    }).then((response) => response.text());
    const response = await fetch(`${gateway.url}/metrics`);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const text = await response.text();
    for (const line of [
      /^gen_ai_client_token_usage_count\{gen_ai_operation_name="chat",.*gen_ai_request_model="gpt-4o",.*crosspoint_team_id="search",(?:.*,)?gen_ai_token_type="input"\} 1$/m,
      /^gen_ai_client_operation_duration_seconds_bucket\{.*le="81.92"\} 1$/m,
      /^gen_ai_usage_cost_USD_sum\{.*crosspoint_team_id="search".*\} 0\.\d+$/m,
      /^crosspoint_router_attempts_total\{.*crosspoint_team_id="search".*\} 1$/m,
      /^crosspoint_operation_duration_seconds_count\{.*crosspoint_outcome="success".*\} 1$/m,
    ])
      expect(text).toMatch(line);
    expect((await fetch(`${gateway.url}/metrics`, { method: "POST" })).status).toBe(405);
    await gateway.close(0);
    await crosspoint.close();
    await upstream.close();
  });

  test("asks for the master key, unless it is public", async () => {
    const crosspoint = createCrosspoint({ env: {} });
    const metrics = createMetrics();
    for (const publicMetrics of [false, true]) {
      const gateway = await serve({ crosspoint, metrics, publicMetrics, masterKey: "sk-master-0000", port: 0 });
      const ask = (headers: Readonly<Record<string, string>>): Promise<Response> => fetch(`${gateway.url}/metrics`, { headers });
      expect((await ask({})).status).toBe(publicMetrics ? 200 : 401);
      expect((await ask({ authorization: "Bearer wrong" })).status).toBe(publicMetrics ? 200 : 401);
      expect((await ask({ authorization: "Bearer sk-master-0000" })).status).toBe(200);
      await gateway.close(0);
    }
    await crosspoint.close();
  });

  test("without a key it is not for other machines", async () => {
    const crosspoint = createCrosspoint({ env: {} });
    const metrics = createMetrics();
    for (const publicMetrics of [false, true]) {
      const gateway = await serve({ crosspoint, metrics, publicMetrics, host: "0.0.0.0", port: 0 });
      const response = await fetch(`${gateway.url.replace("0.0.0.0", "127.0.0.1")}/metrics`);
      expect(response.status).toBe(publicMetrics ? 200 : 401);
      if (!publicMetrics) expect(await response.text()).toContain("--metrics public");
      await gateway.close(0);
    }
    await crosspoint.close();
  });

  test("what is left of budgets; layers that take turns observe one after the other, and count on", async () => {
    const simulator = createSimulator();
    const metrics = createMetrics();
    const next = inTurns(metrics.meterProvider);
    for (const id of ["first", "second"]) {
      const crosspoint = createCrosspoint({
        env: {},
        providers: simulator.providers(),
        fetch: simulator.fetch,
        budgets: [{ id, limit: 5, scope: { team: "search" } }],
        telemetry: { meterProvider: next() },
      });
      await crosspoint.generate({
        model: "openai-chat/gpt-4o",
        messages: [{ role: "user", content: "Hi" }],
        attribution: { team: "search" },
      });
      const { text } = await metrics.read();
      expect(text.match(/^crosspoint_budget_remaining\{.*$/gm)).toEqual([
        expect.stringMatching(new RegExp(`crosspoint_budget_id="${id}".*crosspoint_team_id="search"\\} 4\\.99`)),
      ]);
      expect(text).toMatch(new RegExp(`^crosspoint_router_attempts_total\\{.*\\} ${id === "first" ? 1 : 2}$`, "m"));
      await crosspoint.close();
    }
  });

  test("is not there unless it was given", async () => {
    const crosspoint = createCrosspoint({ env: {} });
    const gateway = await serve({ crosspoint, port: 0 });
    expect((await fetch(`${gateway.url}/metrics`)).status).toBe(404);
    await gateway.close(0);
    await crosspoint.close();
  });
});
