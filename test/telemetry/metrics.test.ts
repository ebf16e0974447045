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
