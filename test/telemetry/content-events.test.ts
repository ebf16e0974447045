import { logs as logs110, TraceFlags } from "@opentelemetry/api";
import { logs as logsOld } from "@opentelemetry/api-logs";
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor, type ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { AlwaysOffSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, test } from "vitest";
import type { TelemetryOptions } from "../../src/index.ts";
import { chatAnswer, createWired } from "../support/wire.ts";
import { createTraced } from "./support/spans.ts";

const request = {
  model: "openai-chat/gpt-4o",
  messages: [{ role: "system", content: "Be brief" }, { role: "user", content: "Hi" }],
  attribution: { team: "search" },
} as const; // oxfmt-ignore
const NAME = "gen_ai.client.inference.operation.details";

function createLogs(): { readonly provider: LoggerProvider; readonly records: () => readonly ReadableLogRecord[] } {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  return { provider, records: () => exporter.getFinishedLogRecords() };
}

async function capture(telemetry: TelemetryOptions) {
  const traced = createTraced(() => chatAnswer("Hello"), {}, telemetry);
  await traced.crosspoint.generate(request);
  return traced.spans()[0];
}

/** Structured, with the attributes of the span, in its context. */
function expectDetails([record, ...others]: readonly ReadableLogRecord[]): ReadableLogRecord {
  expect(others).toEqual([]);
  expect(record!.eventName).toBe(NAME);
  expect(record!.attributes).toMatchObject({
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": 10,
    "crosspoint.team.id": "search",
    "gen_ai.system_instructions": [{ type: "text", content: "Be brief" }],
    "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text", content: "Hi" }] }],
    "gen_ai.output.messages": [{ role: "assistant", parts: [{ type: "text", content: "Hello" }], finish_reason: "stop" }],
  });
  return record!;
}

afterEach(() => {
  logs110.disable();
  logsOld.disable();
});

describe("content as events", () => {
  test.each(["event", "span+event"] as const)(
    "%s: a log record where the program takes them, and no event of the span",
    async (captureContent) => {
      const { provider, records } = createLogs();
      const span = await capture({ captureContent, loggerProvider: provider });
      expect(expectDetails(records()).spanContext).toMatchObject({
        spanId: span!.spanContext().spanId,
        traceId: span!.spanContext().traceId,
      });
      expect(span!.events).toEqual([]);
      expect("gen_ai.input.messages" in span!.attributes).toBe(captureContent === "span+event");
    },
  );

  test.each([
    ["API 1.10", (provider: LoggerProvider) => logs110.setGlobalLoggerProvider(provider)],
    ["the package api-logs", (provider: LoggerProvider) => logsOld.setGlobalLoggerProvider(provider as never)],
  ])("registered by %s, late: before it, the event of the span", async (_name, register) => {
    const { provider, records } = createLogs();
    expect((await capture({ captureContent: "event" }))!.events.map(({ name }) => name)).toEqual([NAME]);
    register(provider);
    expect((await capture({ captureContent: "event" }))!.events).toEqual([]);
    expectDetails(records());
  });

  test("a span that is not sampled does not keep it back, nor does a program that has no tracing", async () => {
    const { provider, records } = createLogs();
    await capture({ captureContent: "event", loggerProvider: provider, tracerProvider: new TracerProvider({ sampler: new AlwaysOffSampler(), spanProcessors: [] }) }); // oxfmt-ignore
    expect(expectDetails(records()).spanContext?.traceFlags).toBe(TraceFlags.NONE);
    const alone = createLogs();
    const { crosspoint } = createWired(() => chatAnswer("Hello"), {
      telemetry: { captureContent: "event", loggerProvider: alone.provider },
    });
    await crosspoint.generate(request);
    expectDetails(alone.records());
  });

  test("without content no record", async () => {
    const { provider, records } = createLogs();
    await capture({ captureContent: "span", loggerProvider: provider });
    await capture({ loggerProvider: provider });
    await capture({ captureContent: "event", loggerProvider: provider, contentHook: () => undefined });
    expect(records()).toEqual([]);
  });
});
