/**
 * Two calls of an agent, one with a fallback, as OpenTelemetry sees them. Providers without a key in the environment are simulated. With
 * OTEL_EXPORTER_OTLP_ENDPOINT set, the spans go there (docs/observability.md lists what to set for Langfuse, Phoenix, LangSmith, Datadog and
 * Jaeger); without, they are printed as a tree. A program without all this shows its tree too: `crosspoint trace -- node app.js`.
 */
import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from "@opentelemetry/sdk-trace";
import { env, stdout } from "node:process";
import { createCrosspoint } from "crosspoint";
import { DOWN, startProviders } from "./demo/stage.ts";

const memory = new InMemorySpanExporter();
const exporter = env["OTEL_EXPORTER_OTLP_ENDPOINT"] === undefined ? memory : new OTLPTraceExporter();
const processor = new SimpleSpanProcessor({ exporter });
const sdk = new NodeSDK({ serviceName: "crosspoint-example", spanProcessors: [processor], metricReaders: [], logRecordProcessors: [] });
sdk.start();

const { providers, close } = await startProviders();
const crosspoint = createCrosspoint({
  providers,
  attribution: { team: "search", project: "example" },
  models: { smart: { deployments: [`broken/${DOWN}`], fallbacks: ["openai-chat/gpt-4o-mini"] } },
});

await trace.getTracer("example").startActiveSpan("agent", async (span) => {
  const messages = [{ role: "user", content: "Name a river." }] as const;
  const attribution = { user: "ada", session: "s1" };
  await crosspoint.generate({ model: "smart", messages, attribution });
  await crosspoint.stream({ model: "anthropic/claude-sonnet-4-5", messages, attribution }).response;
  span.end();
});
await processor.forceFlush();
printTree(memory.getFinishedSpans());
await Promise.all([sdk.shutdown(), close()]);

function printTree(spans: readonly ReadableSpan[], parent?: string, depth = 0): void {
  for (const span of spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)) {
    const { attributes } = span;
    const of = (key: string): string => JSON.stringify(attributes[key]);
    const used = `${of("gen_ai.usage.input_tokens")} + ${of("gen_ai.usage.output_tokens")} tokens, $${of("gen_ai.usage.cost")}`;
    const failed = attributes["error.type"] === undefined ? "" : `error ${of("error.type")}`;
    const told = attributes["gen_ai.usage.cost"] === undefined ? failed : used;
    stdout.write(`${`${"  ".repeat(depth)}${span.name}`.padEnd(40)} ${told}\n`);
    printTree(spans, span.spanContext().spanId, depth + 1);
  }
}
