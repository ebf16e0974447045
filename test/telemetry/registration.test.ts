import { trace } from "@opentelemetry/api";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { chatAnswer, createWired } from "../support/wire.ts";

const request = { model: "openai-chat/gpt-4o", messages: [{ role: "user", content: "Hi" }] } as const;

function createProvider(): { readonly provider: TracerProvider; readonly exporter: InMemorySpanExporter } {
  const exporter = new InMemorySpanExporter();
  return { exporter, provider: new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }) };
}

test("no file of the layer imports OpenTelemetry, not even its types", () => {
  for (const file of globSync("src/**/*.ts"))
    expect(readFileSync(file, "utf8"), file).not.toMatch(/from "@opentelemetry|import\("@opentelemetry/);
});

test("an SDK that is registered late, taken away and replaced is followed, without a context manager too", async () => {
  const { crosspoint } = createWired(() => chatAnswer("Hello"), { models: { smart: { deployments: [request.model, request.model] } } });
  await crosspoint.generate(request);
  for (let turn = 0; turn < 2; turn++) {
    const { provider, exporter } = createProvider();
    trace.setGlobalTracerProvider(provider);
    await crosspoint.generate({ ...request, model: "smart" });
    const [attempt, route] = exporter.getFinishedSpans();
    expect([attempt!.name, route!.name]).toEqual(["chat gpt-4o", "route smart"]);
    expect(attempt!.parentSpanContext?.spanId).toBe(route!.spanContext().spanId);
    trace.disable();
    await crosspoint.generate(request);
    expect(exporter.getFinishedSpans()).toHaveLength(2);
  }
});

test("telemetry: false makes no spans, whoever listens", async () => {
  const { provider, exporter } = createProvider();
  trace.setGlobalTracerProvider(provider);
  await createWired(() => chatAnswer("Hello"), { telemetry: false }).crosspoint.generate(request);
  trace.disable();
  expect(exporter.getFinishedSpans()).toEqual([]);
});
