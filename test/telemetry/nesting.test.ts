import { context, SpanKind, trace, type Span } from "@opentelemetry/api";
import type { ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import { generateText, streamText, type Telemetry } from "ai";
import { generateText as generateText6, streamText as streamText6 } from "ai6";
import { createCrosspointProvider } from "crosspoint/ai-sdk";
import { ChatCrosspoint } from "crosspoint/langchain";
import { describe, expect, test } from "vitest";
import { createCrosspoint, type Crosspoint } from "../../src/index.ts";
import { chatAnswer, chatFrames, failure, streamed, type Reply } from "../support/wire.ts";
import { telemetryOf } from "./support/faces.ts";
import { langfuseShows, phoenixShows, signozShows } from "./support/rules.ts";
import { createTraced, idOf, inside, parentOf, type Traced } from "./support/spans.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const model = "openai-chat/gpt-4o";
const models = { smart: { deployments: [model], fallbacks: ["openai-chat/gpt-4o-mini"] } };
const answer: Reply = ({ body }) => (body["stream"] === true ? streamed(chatFrames(["Hello"])) : chatAnswer("Hello"));
const failsOnce: Reply = (sent, index) => (index === 0 ? failure(503, {}) : answer(sent, index));

const CHAT = { kind: "client", "gen_ai.operation.name": "chat", "gen_ai.request.model": "smart" };

/**
 * What the AI SDK's own OpenTelemetry package does around a model call: its `chat` span is active within the call, and it writes the usage and
 * ends it when the answer's end has come.
 */
function chatSpans(provider: TracerProvider): Telemetry {
  const tracer = provider.getTracer("gen_ai");
  const open = new Map<string, Span>();
  return {
    onLanguageModelCallStart({ callId, modelId }) {
      const attributes = { "gen_ai.operation.name": "chat", "gen_ai.request.model": modelId, "gen_ai.provider.name": "crosspoint.chat" };
      open.set(callId, tracer.startSpan(`chat ${modelId}`, { kind: SpanKind.CLIENT, attributes }));
    },
    executeLanguageModelCall: ({ callId, execute }) => context.with(trace.setSpan(context.active(), open.get(callId)!), execute),
    onLanguageModelCallEnd({ callId, usage }) {
      const span = open.get(callId)!;
      span.setAttributes({ "gen_ai.usage.input_tokens": usage.inputTokens ?? 0, "gen_ai.usage.output_tokens": usage.outputTokens ?? 0 });
      span.end();
    },
  };
}

function expectSumsAgree({ spans, rows }: Pick<Traced, "rows"> & { spans: readonly ReadableSpan[] }, calls = 1): void {
  const tokens = rows.reduce((sum, { usage }) => sum + (usage?.total ?? 0), 0);
  const nanoUsd = rows.reduce((sum, { cost }) => sum + (cost?.nanoUsd ?? 0), 0);
  expect(tokens).toBeGreaterThan(0);
  expect(langfuseShows(spans)).toEqual({ tokens, nanoUsd, guessed: [] });
  expect(phoenixShows(spans)).toEqual({ tokens });
  expect(signozShows(spans)).toEqual({ calls, tokens });
}

describe("inside the AI SDK", () => {
  test.each([
    ["an answer", answer, 1],
    ["a fallback", failsOnce, 2],
  ] as const)("its chat span gets cost and attribution, attempts are plain: %s", async (_name, reply, attempts) => {
    const traced = createTraced(reply, { models, retries: 0, attribution: { team: "search" } });
    const smart = createCrosspointProvider(traced.crosspoint)("smart");
    await generateText({ model: smart, prompt: "Hi", telemetry: { integrations: [chatSpans(traced.provider)] } });
    const spans = traced.spans();
    const chat = spans.find(({ name }) => name === "chat smart")!;
    expect(chat.attributes).toMatchObject({
      "gen_ai.usage.cost": traced.rows[0]!.cost!.total,
      "gen_ai.provider.name": "openai",
      "crosspoint.team.id": "search",
    });
    const plain = spans.filter((span) => span !== chat);
    expect(plain).toHaveLength(attempts);
    for (const span of plain) {
      expect(span).toMatchObject({ name: expect.stringMatching(/^attempt \d openai-chat$/), kind: SpanKind.INTERNAL });
      expect(parentOf(span)).toBe(idOf(chat));
      expect(Object.keys(span.attributes).filter((key) => !/^(?:crosspoint\.|error\.type$)/.test(key))).toEqual([]);
    }
    expectSumsAgree({ ...traced, spans });
  });

  test("a stream: the span has its cost before it ends", async () => {
    const traced = createTraced(answer, { models });
    const smart = createCrosspointProvider(traced.crosspoint)("smart");
    const { text } = streamText({ model: smart, prompt: "Hi", telemetry: { integrations: [chatSpans(traced.provider)] } });
    expect(await text).toBe("Hello");
    expectSumsAgree({ ...traced, spans: traced.spans() });
  });

  test("version 6, by its own telemetry", async () => {
    const traced = createTraced(answer, { models });
    const smart = createCrosspointProvider(traced.crosspoint, { specification: "v3" })("smart");
    const experimental_telemetry = { isEnabled: true, tracer: traced.provider.getTracer("ai"), recordInputs: false, recordOutputs: false };
    await generateText6({ model: smart, prompt: "Hi", experimental_telemetry });
    await streamText6({ model: smart, prompt: "Hi", experimental_telemetry }).text;
    const calls = traced.spans().filter(({ name }) => /\.do(?:Generate|Stream)$/.test(name));
    expect(calls.map(({ attributes }) => attributes["gen_ai.usage.cost"])).toEqual(traced.rows.map(({ cost }) => cost!.total));
    const plain = traced.spans().filter(({ name }) => name.startsWith("attempt "));
    expect(plain.map(parentOf)).toEqual(calls.map(idOf));
  });
});

describe("inside the AI SDK, by its OpenTelemetry package", () => {
  test.each([
    ["an answer", "generate"],
    ["a stream", "stream"],
  ] as const)("%s: its chat span is the only one that looks like a call", async (_name, how) => {
    const traced = createTraced(answer, { models, attribution: { user: "u1", team: "search" } });
    const smart = createCrosspointProvider(traced.crosspoint)("smart");
    const settings = { model: smart, prompt: "Hi", telemetry: telemetryOf(traced) };
    if (how === "generate") await generateText(settings);
    else await streamText(settings).text;
    await expect.poll(() => traced.started.length).toBe(traced.endings.size);
    const names = traced.spans().map(({ name }) => name);
    expect(names).toEqual(["attempt 1 openai-chat", "chat smart", "step 1", "invoke_agent smart"]);
    const [attempt, chat] = traced.spans();
    expect(parentOf(attempt!)).toBe(idOf(chat!));
    expect(chat!.attributes).toMatchObject({
      "gen_ai.usage.cost": traced.rows[0]!.cost!.total,
      "gen_ai.usage.input_tokens": 10,
      "server.address": "api.openai.com",
      "user.id": "u1",
      "crosspoint.team.id": "search",
    });
    expectSumsAgree({ ...traced, spans: traced.spans() });
  });

  test("embedMany of several pages: all of them on its span", async () => {
    const reply: Reply = ({ body }) =>
      Response.json({ object: "list", model: "m", data: (body["input"] as string[]).map((_text, index) => ({ index, embedding: [0.1] })), usage: { prompt_tokens: 4, total_tokens: 4 } }); // oxfmt-ignore
    const traced = createTraced(reply);
    await inside(traced.provider, "embeddings", async (span) => {
      await traced.crosspoint.embed({ model: "openai/text-embedding-3-small", input: Array.from({ length: 3_000 }, () => "Hi") });
      span.end();
    }, { kind: "client", "gen_ai.operation.name": "embeddings", "gen_ai.request.model": "m" }); // oxfmt-ignore
    expect(traced.sent).toHaveLength(2);
    expectSumsAgree({ ...traced, spans: traced.spans() });
  });
});

describe("inside spans of other tracers that are active", () => {
  test.each([
    ["OpenInference", { "openinference.span.kind": "LLM" }],
    ["LangSmith", { "langsmith.span.kind": "llm" }],
    ["Langfuse", { "langfuse.observation.type": "generation" }],
    ["OpenLLMetry", { "llm.request.type": "chat", "traceloop.span.kind": "task" }],
    ["OpenLLMetry, newer", { kind: "client", "gen_ai.operation.name": "chat" }],
  ])("%s: the span of a model call gets what is ours", async (_name, attributes) => {
    const traced = createTraced(answer);
    await inside(traced.provider, "theirs", async (span) => {
      await new ChatCrosspoint({ crosspoint: traced.crosspoint as Crosspoint, model }).invoke("Hi");
      span.end();
    }, { "gen_ai.request.model": "m", ...attributes }); // oxfmt-ignore
    expect(traced.spans().map(({ name }) => name)).toEqual(["attempt 1 openai-chat", "theirs"]);
    expect(traced.spans()[1]!.attributes["gen_ai.usage.cost"]).toBe(traced.rows[0]!.cost!.total);
    expectSumsAgree({ ...traced, spans: traced.spans() });
  });

  test.each([
    ["OpenInference", { "openinference.span.kind": "CHAIN" }],
    ["LangSmith", { "langsmith.span.kind": "chain" }],
    ["Langfuse", { "langfuse.observation.type": "span" }],
    ["OpenLLMetry", { "traceloop.span.kind": "workflow" }],
  ])("%s: any other span is a plain parent", async (_name, attributes: Record<string, string>) => {
    const traced = createTraced(answer);
    await inside(traced.provider, "theirs", () => traced.crosspoint.generate({ model, messages }), attributes);
    expect(traced.spans()).toMatchObject([{ name: "chat gpt-4o", kind: SpanKind.CLIENT }]);
  });

  test("a second call within one span tells of itself, also while the first is under way", async () => {
    const traced = createTraced(answer);
    await inside(traced.provider, "theirs", async (span) => {
      await Promise.all([1, 2].map(() => traced.crosspoint.generate({ model, messages })));
      await traced.crosspoint.generate({ model, messages });
      span.end();
    }, CHAT); // oxfmt-ignore
    expectSumsAgree({ ...traced, spans: traced.spans() }, 3);
  });

  test("a try that failed leaves the span to the next one", async () => {
    const traced = createTraced(failsOnce, { retries: 0 });
    await inside(traced.provider, "theirs", async (span) => {
      await traced.crosspoint.generate({ model, messages }).catch(() => {});
      await traced.crosspoint.generate({ model, messages });
      span.end();
    }, CHAT); // oxfmt-ignore
    expect(traced.spans().map(({ name }) => name)).toEqual(["attempt 1 openai-chat", "attempt 1 openai-chat", "theirs"]);
    expectSumsAgree({ ...traced, spans: traced.spans() });
  });
});

describe("inside LangChain", () => {
  test.each(["invoke", "stream"] as const)("%s: our spans stand under the program's span and count once", async (how) => {
    const traced = createTraced(answer, { models });
    const chat = new ChatCrosspoint({ crosspoint: traced.crosspoint as Crosspoint, model: "smart" });
    const run = await inside(traced.provider, "run", async (span) => {
      if (how === "invoke") await chat.invoke("Hi");
      else for await (const _chunk of await chat.stream("Hi")) await Promise.resolve();
      return span;
    });
    const route = traced.spans().find(({ name }) => name === "route smart")!;
    expect(parentOf(route)).toBe(idOf(run));
    expectSumsAgree({ ...traced, spans: traced.spans() });
  });

  test("one call at a time: each under its own run", async () => {
    const traced = createTraced(answer);
    const chat = new ChatCrosspoint({ crosspoint: traced.crosspoint as Crosspoint, model, maxConcurrency: 1 });
    const runs = await Promise.all(
      [1, 2, 3].map((number) =>
        inside(traced.provider, `run ${number}`, async (span) => {
          await chat.invoke("Hi", { metadata: { user_id: `u${number}` } });
          return idOf(span);
        }),
      ),
    );
    expect(new Set(traced.spans().map(parentOf))).toEqual(new Set(runs));
  });
});

describe("nesting", () => {
  test("another span of the program is a plain parent", async () => {
    const traced = createTraced(answer);
    await inside(traced.provider, "agent", () => traced.crosspoint.generate({ model, messages }), {
      "gen_ai.operation.name": "invoke_agent",
    });
    expect(traced.spans()[0]).toMatchObject({ name: "chat gpt-4o", kind: SpanKind.CLIENT });
  });

  test("a chat span that has its usage is no place for ours", async () => {
    const traced = createTraced(answer);
    await inside(traced.provider, "chat", (span) => (span.setAttribute("gen_ai.usage.input_tokens", 1), traced.crosspoint.generate({ model, messages })), CHAT); // oxfmt-ignore
    expect(traced.spans()[0]).toMatchObject({ name: "chat gpt-4o" });
  });

  test("own: our spans carry everything, whatever is around", async () => {
    const traced = createTraced(answer, {}, { nesting: "own" });
    await inside(traced.provider, "chat", () => traced.crosspoint.generate({ model, messages }), CHAT);
    expect(traced.spans()[0]!.attributes).toMatchObject({ "gen_ai.usage.input_tokens": 10 });
  });

  test("adopt: any active span gets them", async () => {
    const traced = createTraced(answer, {}, { nesting: "adopt" });
    const span = await inside(traced.provider, "mine", async (mine) => (await traced.crosspoint.generate({ model, messages }), mine));
    span.end();
    expect(traced.spans().map(({ name }) => name)).toEqual(["attempt 1 openai-chat", "mine"]);
    expect(traced.spans()[1]!.attributes["gen_ai.usage.cost"]).toBe(traced.rows[0]!.cost!.total);
  });

  test("off: none", async () => {
    const traced = createTraced(answer, {}, { nesting: "off" });
    await traced.crosspoint.generate({ model, messages });
    expect(traced.started).toEqual([]);
  });

  test("a layer behind a layer counts once", async () => {
    const traced = createTraced(answer);
    const outer = createCrosspoint({
      telemetry: { tracerProvider: traced.provider },
      providers: {
        inner: {
          async *call(request) {
            for await (const batch of traced.crosspoint.stream({ ...request, model }).batches) yield batch;
          },
        },
      },
      prices: { "inner/any": { input: 2.5, output: 10 } },
    });
    await outer.generate({ model: "inner/any", messages });
    expect(traced.spans().map(({ name }) => name)).toEqual(["attempt 1 openai-chat", "chat any"]);
    expectSumsAgree({ ...traced, spans: traced.spans() });
  });
});
