import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, test } from "vitest";
import { CrosspointError } from "../../src/index.ts";
import { chatAnswer, chatFrames, createFeed, failure, streamed } from "../support/wire.ts";
import { createTraced, idOf, inside, parentOf } from "./support/spans.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const model = "openai-chat/gpt-4o";

describe("a direct call", () => {
  test("is one client span that carries model, usage and cost", async () => {
    const { crosspoint, spans } = createTraced(() => chatAnswer("Hello"));
    await crosspoint.generate({ model, messages, maxOutputTokens: 50, temperature: 0, stop: ["END"], seed: 7 });
    expect(spans()).toHaveLength(1);
    const [span] = spans();
    expect(span).toMatchObject({ name: "chat gpt-4o", kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } });
    expect(span!.instrumentationScope).toMatchObject({ name: "crosspoint", schemaUrl: "https://opentelemetry.io/schemas/gen-ai/1.42.0" });
    expect(span!.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o",
      "server.address": "api.openai.com",
      "server.port": 443,
      "gen_ai.request.max_tokens": 50,
      "gen_ai.request.temperature": 0,
      "gen_ai.request.stop_sequences": ["END"],
      "gen_ai.request.seed": 7,
      "gen_ai.response.id": "chatcmpl-1",
      "gen_ai.response.model": "gpt-4o-2024-08-06",
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 10,
      "gen_ai.usage.output_tokens": 5,
      "gen_ai.usage.cost": 0.000075,
      "crosspoint.cost.total": 0.000075,
      "crosspoint.cost.source": "local",
      "crosspoint.deployment.id": "openai-chat/gpt-4o",
      "crosspoint.attempt.number": 1,
      "crosspoint.attempt.reason": "initial",
    });
    expect(span!.attributes).not.toHaveProperty(["gen_ai.request.stream"]);
    expect(JSON.stringify(span!.attributes)).not.toContain("Hello");
  });

  test("a stream tells the time to its first chunk", async () => {
    const { crosspoint, spans } = createTraced(() => streamed(chatFrames(["Hel", "lo"])));
    await crosspoint.stream({ model, messages }).response;
    expect(spans()).toHaveLength(1);
    expect(spans()[0]!.attributes).toMatchObject({
      "gen_ai.request.stream": true,
      "gen_ai.usage.input_tokens": 10,
      "gen_ai.response.time_to_first_chunk": expect.any(Number),
      "langfuse.observation.completion_start_time": expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  test("cached and reasoning tokens are shares of the totals", async () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 60 },
      completion_tokens_details: { reasoning_tokens: 20 },
    };
    const { crosspoint, spans, rows } = createTraced(() => chatAnswer("Hello", { usage }));
    await crosspoint.generate({ model, messages });
    const { attributes } = spans()[0]!;
    expect(attributes).toMatchObject({
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.cache_read.input_tokens": 60,
      "gen_ai.usage.reasoning.output_tokens": 20,
      "llm.token_count.prompt": 100,
      "llm.token_count.prompt_details.cache_read": 60,
    });
    expect(JSON.parse(attributes["langfuse.observation.usage_details"] as string)).toEqual({
      input: 40,
      input_cached_tokens: 60,
      output: 30,
      output_reasoning_tokens: 20,
      total: 150,
    });
    const costs = JSON.parse(attributes["langfuse.observation.cost_details"] as string) as Record<string, number>;
    const { total, ...shares } = costs;
    expect(Math.round(total! * 1e9)).toBe(rows[0]!.cost!.nanoUsd);
    expect(Object.values(shares).reduce((sum, share) => sum + Math.round(share * 1e9), 0)).toBe(rows[0]!.cost!.nanoUsd);
  });

  test("an unknown price is no cost, never 0", async () => {
    const { crosspoint, spans } = createTraced(() => chatAnswer("Hello"));
    await crosspoint.generate({ model: "openai-chat/none-such-9", messages });
    expect(Object.keys(spans()[0]!.attributes).filter((key) => key.includes("cost"))).toEqual([]);
  });

  test("attribution stands on the span under the names that tools know", async () => {
    const { crosspoint, spans } = createTraced(() => chatAnswer("Hello"));
    const attribution = { user: "u1", team: "search", project: "bot", session: "s1", tags: ["prod"], metadata: { tier: "gold" } };
    await crosspoint.generate({ model, messages, attribution });
    expect(spans()[0]!.attributes).toMatchObject({
      "user.id": "u1",
      "session.id": "s1",
      "crosspoint.team.id": "search",
      "crosspoint.project.id": "bot",
      "crosspoint.tags": ["prod"],
      "crosspoint.metadata.tier": "gold",
      "langfuse.trace.tags": ["prod"],
      "langfuse.trace.metadata.team": "search",
      "tag.tags": ["prod"],
    });
  });

  test("providers go by the names of the conventions", async () => {
    const names = ["mistral/mistral-large-latest", "xai-chat/grok-4", "groq/llama-3.3-70b-versatile", "lab/any"];
    const { crosspoint, spans } = createTraced(() => chatAnswer("Hello"), {
      env: { MISTRAL_API_KEY: "k1", XAI_API_KEY: "k2", GROQ_API_KEY: "k3" },
      providers: { lab: { codec: "openai-chat", baseURL: "http://127.0.0.1:8000/v1" } },
    });
    for (const name of names) await crosspoint.generate({ model: name, messages });
    expect(spans().map(({ attributes }) => attributes["gen_ai.provider.name"])).toEqual(["mistral_ai", "x_ai", "groq", "lab"]);
    expect(spans()[3]!.attributes).toMatchObject({ "server.address": "127.0.0.1", "server.port": 8000 });
  });

  test("embeddings are spans of their own operation", async () => {
    const answer = { object: "list", model: "text-embedding-3-small", data: [{ index: 0, embedding: [0.1, 0.2] }], usage: { prompt_tokens: 4, total_tokens: 4 } }; // oxfmt-ignore
    const { crosspoint, spans, rows } = createTraced(() => Response.json(answer), {
      prices: { "openai/text-embedding-3-small": { input: 0.02, output: 0 } },
    });
    await crosspoint.embed({ model: "openai/text-embedding-3-small", input: "Hi" });
    expect(spans()).toHaveLength(1);
    expect(spans()[0]).toMatchObject({ name: "embeddings text-embedding-3-small", kind: SpanKind.CLIENT });
    expect(spans()[0]!.attributes).toMatchObject({
      "gen_ai.operation.name": "embeddings",
      "gen_ai.response.model": "text-embedding-3-small",
      "gen_ai.usage.input_tokens": 4,
      "gen_ai.usage.cost": rows[0]!.cost!.total,
      "langfuse.observation.type": "embedding",
    });
  });
});

describe("errors", () => {
  test("a refused call ends its span in error, without the provider's words", async () => {
    const secret = "the prompt that must not leave";
    const { crosspoint, spans } = createTraced(() => failure(400, { message: `bad: ${secret}`, code: "invalid_value" }));
    await expect(crosspoint.generate({ model, messages })).rejects.toThrow(CrosspointError);
    expect(spans()).toHaveLength(1);
    expect(spans()[0]).toMatchObject({ status: { code: SpanStatusCode.ERROR, message: "BAD_REQUEST (invalid_value)" } });
    expect(spans()[0]!.attributes["error.type"]).toBe("400");
    const { attributes, events, status } = spans()[0]!;
    expect(JSON.stringify([attributes, events, status])).not.toContain(secret);
  });

  test.each([
    [429, "429"],
    [500, "500"],
    [503, "503"],
  ])("status %i is error type %s", async (status, type) => {
    const { crosspoint, spans } = createTraced(() => failure(status, {}), { retries: 0 });
    await expect(crosspoint.generate({ model, messages })).rejects.toThrow(CrosspointError);
    expect(spans()[0]!.attributes["error.type"]).toBe(type);
  });

  test("a network that is not there, a missing key and a broken answer have words of their own", async () => {
    const types: unknown[] = [];
    const cases = [
      createTraced(() => Promise.reject(new TypeError("fetch failed")), { retries: 0 }),
      createTraced(() => chatAnswer("x"), { env: {} }),
      createTraced(() => new Response("<html>"), { retries: 0 }),
    ];
    for (const { crosspoint, spans } of cases) {
      await expect(crosspoint.generate({ model, messages })).rejects.toThrow(CrosspointError);
      types.push(spans()[0]!.attributes["error.type"]);
    }
    expect(types).toEqual(["connection_error", "missing_api_key", "invalid_response"]);
  });
});

describe("several attempts", () => {
  test("retries of a direct call are siblings, each linked to the one before", async () => {
    const { crosspoint, spans, provider, endings } = createTraced((_sent, index) => (index < 2 ? failure(500, {}) : chatAnswer("Hello")), {
      clock: instant,
    });
    await inside(provider, "agent", async (agent) => {
      await crosspoint.generate({ model, messages });
      expect(spans().map(parentOf)).toEqual([idOf(agent), idOf(agent), idOf(agent)]);
    });
    const [first, second, third] = spans();
    expect(first!.links).toEqual([]);
    expect(second!.links).toMatchObject([{ context: { spanId: idOf(first!) }, attributes: { "crosspoint.link.reason": "retry" } }]);
    expect(third!.links).toMatchObject([{ context: { spanId: idOf(second!) } }]);
    expect(third!.attributes).toMatchObject({ "crosspoint.attempt.number": 3, "crosspoint.attempt.reason": "retry" });
    expect([...endings.values()]).toEqual([1, 1, 1]);
  });

  test("a routed call has a parent that looks like no call of a model", async () => {
    const { crosspoint, spans, rows } = createTraced((_sent, index) => (index === 0 ? failure(503, {}) : chatAnswer("Hello")), {
      retries: 0,
      models: { smart: { deployments: [model], fallbacks: ["groq/llama-3.3-70b-versatile"] } },
    });
    await crosspoint.generate({ model: "smart", messages, attribution: { team: "search" } });
    const [failed, answered, route] = spans();
    expect(route).toMatchObject({ name: "route smart", kind: SpanKind.INTERNAL, status: { code: SpanStatusCode.UNSET } });
    expect([failed, answered].map((span) => parentOf(span!))).toEqual([idOf(route!), idOf(route!)]);
    expect(failed!.status.code).toBe(SpanStatusCode.ERROR);
    expect(answered!.links).toMatchObject([{ context: { spanId: idOf(failed!) }, attributes: { "crosspoint.link.reason": "fallback" } }]);
    expect(route!.attributes).toMatchObject({
      "gen_ai.request.stream": false,
      "crosspoint.model_group": "smart",
      "crosspoint.attempt.count": 2,
      "crosspoint.fallback.count": 1,
      "crosspoint.cost.total": rows[0]!.cost!.total,
      "crosspoint.team.id": "search",
      "langfuse.observation.type": "chain",
      "openinference.span.kind": "CHAIN",
    });
    const telling = /^(?:gen_ai\.(?!request\.stream$)|llm\.|ai\.model|model$|langfuse\.observation\.(?:usage|cost|model))/;
    expect(Object.keys(route!.attributes).filter((key) => telling.test(key))).toEqual([]);
  });

  test("a call that fails everywhere is an error of the whole too", async () => {
    const { crosspoint, spans } = createTraced(() => failure(503, {}), {
      retries: 0,
      models: { smart: { deployments: [model], fallbacks: ["groq/llama-3.3-70b-versatile"] } },
    });
    await expect(crosspoint.generate({ model: "smart", messages })).rejects.toThrow(CrosspointError);
    expect(spans().map(({ status }) => status.code)).toEqual([2, 2, 2]);
    expect(spans()[2]!.attributes["error.type"]).toBe("503");
  });
});

describe("streams", () => {
  test("what is cut is an error with what was seen, estimated", async () => {
    const { crosspoint, spans, rows } = createTraced(() => streamed(chatFrames(["Hello there"]).slice(0, 2)));
    await expect(crosspoint.stream({ model, messages }).response).rejects.toThrow(CrosspointError);
    expect(spans()[0]).toMatchObject({ status: { code: SpanStatusCode.ERROR } });
    expect(spans()[0]!.attributes).toMatchObject({
      "error.type": "stream_interrupted",
      "gen_ai.response.finish_reasons": ["error"],
      "crosspoint.usage.estimated": true,
      "gen_ai.usage.output_tokens": rows[0]!.usage!.output.total,
      "gen_ai.usage.cost": rows[0]!.cost!.total,
    });
  });

  test("a reader who leaves is no error", async () => {
    const feed = createFeed();
    const { crosspoint, spans, rows, endings } = createTraced(() => feed.response);
    for (const frame of chatFrames(["Hello there"]).slice(0, 2)) feed.push(frame);
    for await (const event of crosspoint.stream({ model, messages })) if (event.type === "text-delta") break;
    expect(spans()[0]).toMatchObject({ status: { code: SpanStatusCode.UNSET } });
    expect(spans()[0]!.attributes).toMatchObject({
      "crosspoint.cancelled": true,
      "gen_ai.response.finish_reasons": ["error"],
      "gen_ai.usage.cost": rows[0]!.cost!.total,
    });
    expect([...endings.values()]).toEqual([1]);
  });

  test("one that is never read has no span", () => {
    const { crosspoint, started } = createTraced(() => chatAnswer("x"));
    crosspoint.stream({ model, messages });
    crosspoint.stream({ model, messages }).cancel();
    expect(started).toEqual([]);
  });
});

/** Waits that are over at once. */
const instant = {
  now: () => 1_700_000_000_000,
  after(ms: number, callback: () => void) {
    const timer = setTimeout(callback, ms >= 30_000 ? ms : 0);
    return () => clearTimeout(timer);
  },
};
