import { metrics as api } from "@opentelemetry/api";
import { AggregationTemporality, DataPointType, MeterProvider, MetricReader, type MetricData } from "@opentelemetry/sdk-metrics";
import { describe, expect, test } from "vitest";
import { createCrosspointProvider } from "crosspoint/ai-sdk";
import { generateText } from "ai";
import type { CrosspointOptions, TelemetryOptions } from "../../src/index.ts";
import { chatAnswer, chatFrames, failure, streamed, type Reply } from "../support/wire.ts";
import { createTraced, inside } from "./support/spans.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const model = "openai-chat/gpt-4o";
const answer: Reply = ({ body }) => (body["stream"] === true ? streamed(chatFrames(["Hello"])) : chatAnswer("Hello"));

class Reader extends MetricReader {
  protected override onForceFlush = (): Promise<void> => Promise.resolve();
  protected override onShutdown = (): Promise<void> => Promise.resolve();
  override selectAggregationTemporality = (): AggregationTemporality => AggregationTemporality.CUMULATIVE;
}

function createCounted(reply: Reply = answer, options: CrosspointOptions = {}, telemetry: TelemetryOptions = {}) {
  const reader = new Reader();
  const meterProvider = new MeterProvider({ readers: [reader] });
  const traced = createTraced(reply, options, { meterProvider, ...telemetry });
  return { ...traced, read: () => readAll(reader) };
}

async function readAll(reader: MetricReader): Promise<ReadonlyMap<string, MetricData>> {
  const { resourceMetrics } = await reader.collect();
  return new Map(resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics).map((metric) => [metric.descriptor.name, metric]));
}

const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

function boundariesOf(metric: MetricData): readonly number[] {
  if (metric.dataPointType !== DataPointType.HISTOGRAM) return [];
  return metric.dataPoints[0]!.value.buckets.boundaries;
}

function sumsOf(metric: MetricData | undefined): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { attributes, value } of metric?.dataPoints ?? []) {
    const key = Object.entries(attributes).map(([name, each]) => `${name}=${String(each)}`).filter((each) => /type|outcome|reason|team|user/.test(each)).join(" "); // oxfmt-ignore
    sums[key] = typeof value === "number" ? value : "sum" in value ? value.sum! : Number.NaN;
  }
  return sums;
}

describe("metrics", () => {
  test("an attempt counts its time, tokens and cost in the buckets of the conventions", async () => {
    const { crosspoint, read, rows } = createCounted();
    await crosspoint.stream({ model, messages, attribution: { team: "search", user: "u1" } }).response;
    const metrics = await read();
    expect([...metrics.keys()].toSorted((a, b) => a.localeCompare(b))).toEqual([
      "crosspoint.operation.duration",
      "crosspoint.router.attempts",
      "gen_ai.client.operation.duration",
      "gen_ai.client.operation.time_to_first_chunk",
      "gen_ai.client.token.usage",
      "gen_ai.usage.cost",
    ]);
    const duration = metrics.get("gen_ai.client.operation.duration")!;
    expect(duration.descriptor.unit).toBe("s");
    expect(boundariesOf(duration)).toEqual(SECONDS);
    expect(duration.dataPoints[0]!.attributes).toEqual({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.response.model": "gpt-4o",
      "server.address": "api.openai.com",
      "server.port": 443,
      "crosspoint.team.id": "search",
    });
    const usage = metrics.get("gen_ai.client.token.usage")!;
    expect(usage.descriptor.unit).toBe("{token}");
    expect(boundariesOf(usage)).toEqual(TOKENS);
    expect(sumsOf(usage)).toEqual({
      "crosspoint.team.id=search gen_ai.token.type=input": 10,
      "crosspoint.team.id=search gen_ai.token.type=output": 5,
    });
    const cost = metrics.get("gen_ai.usage.cost")!;
    expect(cost.descriptor.unit).toBe("USD");
    expect(Object.values(sumsOf(cost))).toEqual([rows[0]!.cost!.total]);
    expect(boundariesOf(cost).slice(0, 4)).toEqual([1e-6, 2.5e-6, 5e-6, 1e-5]);
    expect(boundariesOf(cost).at(-1)).toBe(100);
  });

  test("retries and fallbacks are attempts of their own, the call is one", async () => {
    const { crosspoint, read } = createCounted((sent, index) => (index === 0 ? failure(503, {}) : answer(sent, index)), {
      retries: 0,
      models: { smart: { deployments: [model], fallbacks: ["openai-chat/gpt-4o-mini"] } },
    });
    await crosspoint.generate({ model: "smart", messages });
    const metrics = await read();
    expect(sumsOf(metrics.get("crosspoint.router.attempts"))).toEqual({
      "crosspoint.attempt.reason=first crosspoint.outcome=failure": 1,
      "crosspoint.attempt.reason=fallback crosspoint.outcome=success": 1,
    });
    expect(Object.values(sumsOf(metrics.get("crosspoint.router.fallbacks")))).toEqual([1]);
    expect(metrics.get("crosspoint.operation.duration")!.dataPoints).toHaveLength(1);
    const failed = metrics.get("gen_ai.client.operation.duration")!.dataPoints.find(({ attributes }) => attributes["error.type"] === "503");
    expect(failed).toBeDefined();
  });

  test("what a budget refuses is a rejection and no operation", async () => {
    const { crosspoint, read } = createCounted(answer, { budgets: [{ scope: {}, limit: 0 }] });
    await crosspoint.generate({ model, messages }).catch(() => {});
    const metrics = await read();
    expect(sumsOf(metrics.get("crosspoint.ratelimit.rejections"))).toEqual({ "error.type=budget_exceeded": 1 });
    expect(metrics.has("gen_ai.client.operation.duration")).toBe(false);
  });

  test.each([
    ["next", ["gen_ai.client.inference.duration", "gen_ai.client.inference.usage.input_tokens", "gen_ai.client.operation.cost"], ["gen_ai.client.operation.duration", "gen_ai.client.token.usage"]], // oxfmt-ignore
    ["both", ["gen_ai.client.inference.duration", "gen_ai.client.operation.duration", "gen_ai.client.token.usage"], []],
  ] as const)("semconv %s", async (semconv, there, absent) => {
    const { crosspoint, read } = createCounted(answer, {}, { semconv });
    await crosspoint.generate({ model, messages });
    const metrics = await read();
    for (const name of there) expect(metrics.has(name), name).toBe(true);
    for (const name of absent) expect(metrics.has(name), name).toBe(false);
  });

  test("users are told apart only where that is asked for", async () => {
    const { crosspoint, read } = createCounted(answer, {}, { metricLabels: ["user"] });
    await crosspoint.generate({ model, messages, attribution: { team: "search", user: "u1" } });
    expect(Object.keys(sumsOf((await read()).get("gen_ai.usage.cost")))).toEqual(["user.id=u1"]);
  });

  test("inside the AI SDK's span, and with spans off, they are counted all the same", async () => {
    for (const nesting of ["auto", "off"] as const) {
      const { crosspoint, read, provider, spans } = createCounted(answer, {}, { nesting });
      const chat = createCrosspointProvider(crosspoint)(model);
      await inside(provider, "chat", () => generateText({ model: chat, prompt: "Hi" }), {
        kind: "client",
        "gen_ai.operation.name": "chat",
      });
      expect((await read()).get("gen_ai.usage.cost")!.dataPoints).toHaveLength(1);
      expect(spans()).toHaveLength(nesting === "off" ? 0 : 1);
    }
  });

  test("a deployment that rests is counted once, with why", async () => {
    const { crosspoint, read } = createCounted(() => failure(401, {}), {
      retries: 0,
      models: { smart: { deployments: [model, "openai-chat/gpt-4o-mini"] } },
    });
    for (let call = 0; call < 3; call++) await crosspoint.generate({ model: "smart", messages }).catch(() => {});
    const { dataPoints } = (await read()).get("crosspoint.router.cooldowns")!;
    expect(dataPoints.map(({ attributes }) => attributes["error.type"])).toEqual(["401"]);
    expect(dataPoints[0]!.attributes["crosspoint.deployment.id"]).toMatch(/^openai-chat\//);
    expect(dataPoints[0]!.value).toBe(1);
  });

  test("so is the one whose failure comes before routing is loaded", async () => {
    const { crosspoint, read } = createCounted(() => failure(401, {}), { retries: 0 });
    await crosspoint.generate({ model, messages }).catch(() => {});
    expect((await read()).get("crosspoint.router.cooldowns")!.dataPoints[0]!.attributes).toEqual({
      "crosspoint.deployment.id": model,
      "error.type": "401",
    });
  });

  test("what is left of budgets is observed when somebody reads, in bounded sets of labels", async () => {
    const { crosspoint, read } = createCounted(answer, {
      budgets: [
        { id: "all", scope: {}, limit: 1 },
        { id: "each team", scope: { team: "*" }, limit: 2 },
        { id: "each user", scope: { user: "*" }, limit: 3 },
        { id: "search calls", scope: { team: "search" }, limit: 10, unit: "requests" },
      ],
      limits: [{ id: "pace", scope: {}, rpm: 1_000 }],
    });
    const asked = async (team: string, user: string): Promise<unknown> =>
      crosspoint.generate({ model, messages, attribution: { team, user } });
    await asked("search", "u1");
    await asked("shop", "u2");
    const observed = (await read())
      .get("crosspoint.budget.remaining")!
      .dataPoints.map(({ attributes, value }) => [
        attributes["crosspoint.budget.id"],
        attributes["crosspoint.team.id"],
        attributes["crosspoint.budget.unit"],
        Number((value as number).toFixed(9)),
      ]);
    expect(observed.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
      ["all", undefined, "usd", 0.99985],
      ["each team", "search", "usd", 1.999925],
      ["each team", "shop", "usd", 1.999925],
      ["search calls", "search", "requests", 9],
    ]);
  });

  test("of a budget for each team, those that called last are observed", async () => {
    const { crosspoint, read } = createCounted(answer, { budgets: [{ id: "each team", scope: { team: "*" }, limit: 2 }] });
    for (let call = 0; call < 150; call++) await crosspoint.generate({ model, messages, attribution: { team: `team ${call}` } });
    const teams = (await read()).get("crosspoint.budget.remaining")!.dataPoints.map(({ attributes }) => attributes["crosspoint.team.id"]);
    expect(teams).toEqual(Array.from({ length: 100 }, (_each, index) => `team ${index + 50}`));
  });

  test("a layer without budgets has no gauge", async () => {
    const { crosspoint, read } = createCounted();
    await crosspoint.generate({ model, messages });
    expect((await read()).has("crosspoint.budget.remaining")).toBe(false);
  });

  test("a limit that lets nothing be sent is a rejection, whichever it was", async () => {
    const { crosspoint, read } = createCounted(answer, { limits: [{ id: "pace", scope: {}, rpm: 1 }], deadline: 5 });
    for (let call = 0; call < 2; call++) await crosspoint.generate({ model, messages }).catch(() => {});
    const { dataPoints } = (await read()).get("crosspoint.ratelimit.rejections")!;
    expect(dataPoints.map(({ attributes, value }) => [attributes["crosspoint.budget.id"], attributes["error.type"], value])).toEqual([
      ["pace rpm", "429", 1],
    ]);
  });

  test.each([
    ["1.41", "gen_ai.client.operation.time_per_output_chunk"],
    ["next", "gen_ai.client.inference.time_per_output_chunk"],
  ] as const)("the time of each chunk is counted where that is asked for: %s", async (semconv, name) => {
    for (const chunkMetric of [false, true]) {
      const { crosspoint, read } = createCounted(() => streamed(chatFrames(["a", "b", "c"])), {}, { semconv, chunkMetric });
      await crosspoint.stream({ model, messages, attribution: { team: "search" } }).response;
      const metric = (await read()).get(name);
      expect(metric !== undefined).toBe(chunkMetric);
      if (metric === undefined) continue;
      expect(metric.descriptor.unit).toBe("s");
      expect(boundariesOf(metric)).toEqual(SECONDS);
      expect(metric.dataPoints[0]!.attributes).toMatchObject({ "gen_ai.request.model": "gpt-4o", "crosspoint.team.id": "search" });
      expect((metric.dataPoints[0]!.value as { count: number }).count).toBeGreaterThanOrEqual(3);
    }
  });

  test("instruments are made when there is something for them", async () => {
    const made: string[] = [];
    const make = (name: string) => (made.push(name), { record() {}, add() {} });
    const meterProvider = { getMeter: () => ({ createHistogram: make, createCounter: make }) };
    const { crosspoint } = createTraced(answer, {}, { meterProvider });
    expect(made).toEqual([]);
    for (let call = 0; call < 2; call++) await crosspoint.generate({ model, messages });
    expect(new Set(made).size).toBe(made.length);
    expect(made).not.toContain("crosspoint.router.fallbacks");
  });

  test("an SDK that comes late is found, and one that takes its place", async () => {
    const { crosspoint } = createTraced(answer);
    await crosspoint.generate({ model, messages });
    for (let turn = 0; turn < 2; turn++) {
      const reader = new Reader();
      api.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
      await crosspoint.generate({ model, messages });
      expect(Object.values(sumsOf((await readAll(reader)).get("crosspoint.router.attempts")))).toEqual([1]);
      api.disable();
    }
  });
});
