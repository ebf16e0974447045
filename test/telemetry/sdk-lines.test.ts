import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { afterEach, describe, expect, test } from "vitest";
import { chatAnswer, chatFrames, createWired, failure, streamed, type Reply } from "../support/wire.ts";
import { langfuseShows, phoenixShows, signozShows } from "./support/rules.ts";
import { LINES } from "./support/sdk-lines.ts";
import type { SpendRow } from "../../src/index.ts";

const model = "openai-chat/gpt-4o";
const messages = [{ role: "user", content: "Hi" }] as const;
const models = { smart: { deployments: [model], fallbacks: ["openai-chat/gpt-4o-mini"] } };
const answer: Reply = ({ body }) => (body["stream"] === true ? streamed(chatFrames(["Hello"])) : chatAnswer("Hello"));
const failsOnce: Reply = (sent, index) => (index === 0 ? failure(503, {}) : answer(sent, index));

describe.each(LINES)("SDK $version", ({ api, contextManager, tracing, counting }) => {
  afterEach(() => {
    for (const each of [api.trace, api.metrics, api.context]) each.disable();
    // It keeps the version of the API that registered first, and would refuse the other.
    Reflect.deleteProperty(globalThis, Symbol.for("opentelemetry.js.api.1"));
  });

  const register = () => {
    const traces = tracing();
    const counts = counting();
    api.context.setGlobalContextManager(contextManager());
    api.trace.setGlobalTracerProvider(traces.provider);
    api.metrics.setGlobalMeterProvider(counts.provider);
    return { ...traces, read: counts.read };
  };
  const layer = (reply: Reply) => {
    const rows: SpendRow[] = [];
    return { ...createWired(reply, { models, retries: 0, onSpend: (row) => void rows.push(row) }), rows };
  };

  test("registered late: calls before it are left alone, those after it have spans and metrics", async () => {
    const { crosspoint } = layer(answer);
    await crosspoint.generate({ model, messages });
    const { spans, read } = register();
    await crosspoint.generate({ model, messages });
    expect(spans().map(({ name }) => name)).toEqual(["chat gpt-4o"]);
    expect((await read()).get("gen_ai.client.operation.duration")!.dataPoints).toHaveLength(1);
  });

  test("spans: names, kinds, status, links, and sums that agree", async () => {
    const { spans } = register();
    const { crosspoint, rows } = layer(failsOnce);
    await crosspoint.generate({ model: "smart", messages, attribution: { team: "search", tags: ["a"] } });
    const [failed, answered, route] = spans();
    expect([failed, answered, route].map((span) => [span!.name, span!.kind, span!.status.code])).toEqual([
      ["chat gpt-4o", SpanKind.CLIENT, SpanStatusCode.ERROR],
      ["chat gpt-4o-mini", SpanKind.CLIENT, SpanStatusCode.UNSET],
      ["route smart", SpanKind.INTERNAL, SpanStatusCode.UNSET],
    ]);
    for (const span of [failed, answered]) expect(span!.parentSpanContext!.spanId).toBe(route!.spanContext().spanId);
    expect(answered!.links).toMatchObject([{ context: { spanId: failed!.spanContext().spanId }, attributes: { "crosspoint.link.reason": "fallback" } }]); // oxfmt-ignore
    expect(answered!.instrumentationScope).toMatchObject({ name: "crosspoint" });
    expect(answered!.attributes).toMatchObject({
      "gen_ai.response.finish_reasons": ["stop"],
      "crosspoint.tags": ["a"],
      "server.port": 443,
    });
    const { usage, cost } = rows[0]!;
    expect(langfuseShows(spans())).toEqual({ tokens: usage!.total, nanoUsd: cost!.nanoUsd, guessed: [] });
    expect(phoenixShows(spans())).toEqual({ tokens: usage!.total });
    expect(signozShows(spans())).toEqual({ calls: 2, tokens: usage!.total });
  });

  test("metrics: names, units, buckets, attributes", async () => {
    const { read } = register();
    const { crosspoint } = layer(answer);
    await crosspoint.stream({ model, messages, attribution: { team: "search" } }).response;
    const metrics = await read();
    expect([...metrics].map(([name, { descriptor }]) => `${name} ${descriptor.unit}`).toSorted((a, b) => a.localeCompare(b))).toEqual([
      "crosspoint.operation.duration s",
      "crosspoint.router.attempts {attempt}",
      "gen_ai.client.operation.duration s",
      "gen_ai.client.operation.time_to_first_chunk s",
      "gen_ai.client.token.usage {token}",
      "gen_ai.usage.cost USD",
    ]);
    const [point] = metrics.get("gen_ai.client.operation.duration")!.dataPoints;
    expect(point!.attributes).toMatchObject({ "gen_ai.request.model": "gpt-4o", "crosspoint.team.id": "search" });
    expect((point!.value as { buckets: { boundaries: number[] } }).buckets.boundaries.slice(0, 3)).toEqual([0.01, 0.02, 0.04]);
  });

  test("budgets are observed when somebody reads", async () => {
    const { read } = register();
    const { crosspoint } = createWired(answer, { budgets: [{ id: "all", scope: {}, limit: 1 }] });
    await crosspoint.generate({ model, messages });
    const [point] = (await read()).get("crosspoint.budget.remaining")!.dataPoints;
    expect(point!.attributes).toEqual({ "crosspoint.budget.id": "all", "crosspoint.budget.unit": "usd" });
    expect(point!.value).toBeCloseTo(1 - 0.000075, 9);
  });

  test("nesting: under the active span, in readers and generators too; a chat span of another library gets what is ours", async () => {
    const { provider, spans } = register();
    const { crosspoint, rows } = layer(answer);
    const tracer = provider.getTracer("program");
    const within = <T>(name: string, attributes: Record<string, string>, body: () => Promise<T>): Promise<T> => {
      const span = tracer.startSpan(name, { attributes, kind: SpanKind.CLIENT });
      return api.context.with(api.trace.setSpan(api.context.active(), span), body).finally(() => span.end());
    };
    await within("agent", {}, async () => {
      async function* texts(): AsyncGenerator<string> {
        yield* crosspoint.stream({ model, messages }).textStream;
      }
      for await (const _text of texts()) await Promise.resolve();
    });
    const [chat, agent] = spans();
    expect([chat!.name, chat!.parentSpanContext!.spanId]).toEqual(["chat gpt-4o", agent!.spanContext().spanId]);
    await within("chat smart", { "gen_ai.operation.name": "chat" }, () => crosspoint.generate({ model, messages }));
    const [light, outer] = spans().slice(2);
    expect([light!.name, light!.kind, outer!.name]).toEqual(["attempt 1 openai-chat", SpanKind.INTERNAL, "chat smart"]);
    expect(outer!.attributes["gen_ai.usage.cost"]).toBe(rows[1]!.cost!.total);
  });
});
