import { describe, expect, test } from "vitest";
import { CrosspointError, createCrosspoint, type SpendRow } from "../../src/index.ts";
import { createFakeClock } from "../support/clock.ts";
import { chatAnswer, createWired, failure } from "../support/wire.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const model = "openai-chat/gpt-4o";

async function failureOf(promise: Promise<unknown>): Promise<CrosspointError> {
  const error: unknown = await promise.then(
    () => expect.fail("it should have failed"),
    (reason: unknown) => reason,
  );
  if (!CrosspointError.is(error)) throw error;
  return error;
}

describe("generate", () => {
  test("sends the request and tells what came back, from where and at what cost", async () => {
    const { crosspoint, sent } = createWired(() => chatAnswer("Hello"));
    const response = await crosspoint.generate({ model, messages, maxOutputTokens: 50 });
    expect(sent[0]!.url).toBe("https://api.openai.com/v1/chat/completions");
    expect(sent[0]!.headers.get("authorization")).toBe("Bearer sk-test-openai-000000");
    expect(sent[0]!.body).toMatchObject({ model: "gpt-4o", messages: [{ role: "user", content: "Hi" }] });
    expect(response).toMatchObject({
      text: "Hello",
      model: "gpt-4o-2024-08-06",
      provider: "openai-chat",
      deployment: "openai-chat/gpt-4o",
      finishReason: { unified: "stop", raw: "stop" },
      usage: { input: { total: 10 }, output: { total: 5 }, total: 15 },
      warnings: [],
    });
    // gpt-4o: 2.50 USD a million in, 10.00 out.
    expect(response.cost?.nanoUsd).toBe(10 * 2_500 + 5 * 10_000);
    expect(response.attempts).toMatchObject([{ deployment: "openai-chat/gpt-4o", reason: "first", outcome: "success" }]);
  });

  test("an unknown price is no cost and a warning, never 0", async () => {
    const { crosspoint } = createWired(() => chatAnswer("Hello"));
    const response = await crosspoint.generate({ model: "openai-chat/none-such-9", messages });
    expect(response.cost).toBeUndefined();
    expect(response.warnings).toEqual([expect.objectContaining({ feature: "cost" })]);
  });

  test("prices of the user win over the catalogue", async () => {
    const { crosspoint } = createWired(() => chatAnswer("Hello"), { prices: { "openai-chat/gpt-4o": { input: 1, output: 2 } } });
    const { cost } = await crosspoint.generate({ model, messages });
    expect(cost).toMatchObject({ nanoUsd: 20_000, source: "override" });
  });

  test("a missing key names the variable; nothing is sent", async () => {
    const { crosspoint, sent } = createWired(() => chatAnswer("x"), { env: {} });
    const error = await failureOf(crosspoint.generate({ model, messages }));
    expect(error.code).toBe("MISSING_API_KEY");
    expect(error.message).toContain("OPENAI_API_KEY");
    expect(sent).toHaveLength(0);
  });

  test("an unknown model lists near matches", async () => {
    const { crosspoint } = createWired(() => chatAnswer("x"));
    const error = await failureOf(crosspoint.generate({ model: "opnai/gpt-4o", messages }));
    expect(error.code).toBe("MODEL_NOT_FOUND");
    expect(error.message).toContain("openai");
  });

  test.each([
    [401, { code: "invalid_api_key" }, "AUTHENTICATION", false],
    [403, {}, "PERMISSION_DENIED", false],
    [404, { code: "model_not_found" }, "MODEL_NOT_FOUND", false],
    [400, { code: "context_length_exceeded" }, "CONTEXT_WINDOW_EXCEEDED", false],
    [400, { code: "content_policy_violation" }, "CONTENT_POLICY", false],
    [400, {}, "BAD_REQUEST", false],
    [413, {}, "TOO_LARGE", false],
    [422, {}, "UNPROCESSABLE", false],
    [429, { type: "insufficient_quota", code: "insufficient_quota" }, "QUOTA_EXCEEDED", false],
    [429, {}, "RATE_LIMITED", true],
    [500, {}, "SERVER", true],
    [503, {}, "OVERLOADED", true],
  ])("status %i %j becomes %s", async (status, body, code, retryable) => {
    const { crosspoint, sent } = createWired(() => failure(status, { message: "it says no", ...body }, { "x-request-id": "req_9" }), {
      retries: 0,
    });
    const error = await failureOf(crosspoint.generate({ model, messages }));
    expect(error).toMatchObject({ code, retryable, provider: "openai-chat", deployment: "openai-chat/gpt-4o", requestId: "req_9" });
    expect(error.message).toContain("it says no");
    expect(sent).toHaveLength(1);
  });

  test("keys never appear in errors", async () => {
    const { crosspoint } = createWired((sent) =>
      failure(401, { message: `Incorrect API key provided: ${sent.headers.get("authorization")}` }),
    );
    const error = await failureOf(crosspoint.generate({ model, messages }));
    expect(JSON.stringify(error) + String(error) + String(error.stack)).not.toContain("sk-test-openai");
  });

  test("a server error is tried again, up to the number of retries", async () => {
    const clock = createFakeClock();
    const { crosspoint, sent } = createWired((_, index) => (index === 0 ? failure(500, {}) : chatAnswer("Hello")), { clock });
    const pending = crosspoint.generate({ model, messages });
    await clock.advance(10_000);
    const response = await pending;
    expect(response.attempts.map(({ reason, outcome }) => `${reason} ${outcome}`)).toEqual(["first failure", "retry success"]);
    expect(sent).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  test("Retry-After is kept", async () => {
    const clock = createFakeClock();
    const { crosspoint, sent } = createWired((_, index) => (index === 0 ? failure(429, {}, { "retry-after": "2" }) : chatAnswer("Hello")), {
      clock,
    });
    const pending = crosspoint.generate({ model, messages });
    await clock.advance(1_900);
    expect(sent).toHaveLength(1);
    await clock.advance(200);
    expect((await pending).text).toBe("Hello");
  });

  test("the caller's own mistakes are not repeated and do not fall back", async () => {
    const { crosspoint, sent } = createWired(() => failure(400, { message: "bad" }), {
      models: { main: { deployments: [model], fallbacks: ["groq/llama-3.3-70b-versatile"] } },
    });
    expect((await failureOf(crosspoint.generate({ model: "main", messages }))).code).toBe("BAD_REQUEST");
    expect(sent).toHaveLength(1);
  });

  test("falls back when a model stays down, and tells", async () => {
    const clock = createFakeClock();
    const { crosspoint } = createWired((sent) => (sent.url.includes("api.openai.com") ? failure(503, {}) : chatAnswer("from Groq")), {
      clock,
      models: { main: { deployments: [model], fallbacks: ["groq/llama-3.3-70b-versatile"] } },
    });
    const pending = crosspoint.generate({ model: "main", messages });
    await clock.advance(60_000);
    const response = await pending;
    expect(response).toMatchObject({ text: "from Groq", provider: "groq" });
    expect(response.attempts.map(({ reason }) => reason)).toEqual(["first", "retry", "retry", "fallback"]);
  });

  test("a conversation that is too long goes to the context-window fallback at once", async () => {
    const { crosspoint, sent } = createWired(
      (each) => (each.url.includes("api.openai.com") ? failure(400, { code: "context_length_exceeded" }) : chatAnswer("long")),
      {
        models: { main: { deployments: [model], contextWindowFallbacks: ["groq/llama-3.3-70b-versatile"] } },
      },
    );
    expect((await crosspoint.generate({ model: "main", messages })).text).toBe("long");
    expect(sent).toHaveLength(2);
  });

  test("a refused key moves on to the next deployment without a wait", async () => {
    const { crosspoint } = createWired(
      (sent) => (sent.headers.get("authorization")!.includes("bad") ? failure(401, {}) : chatAnswer("ok")),
      {
        random: () => 0,
        models: {
          main: {
            deployments: [
              { model, apiKey: "sk-bad-key-0000000" },
              { model, id: "second" },
            ],
          },
        },
      },
    );
    expect((await crosspoint.generate({ model: "main", messages })).deployment).toBe("second");
  });

  test("a silent provider runs into the timeout, is not asked again, and the fallback answers", async () => {
    const clock = createFakeClock();
    const { crosspoint, sent } = createWired(
      ({ url, signal }) =>
        url.includes("api.openai.com")
          ? new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
          : chatAnswer("ok"),
      { clock, timeout: 1_000, models: { main: { deployments: [model], fallbacks: ["groq/llama-3.3-70b-versatile"] } } },
    );
    const pending = crosspoint.generate({ model: "main", messages });
    await clock.advance(1_000);
    const response = await pending;
    expect(response.provider).toBe("groq");
    expect(response.attempts[0]!.error).toMatchObject({ code: "TIMEOUT" });
    expect(response.attempts[0]!.error!.message).toContain("option timeout");
    expect(sent).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  test("the deadline bounds all attempts together", async () => {
    const clock = createFakeClock();
    const { crosspoint } = createWired(() => failure(500, {}), { clock, deadline: 700, retries: 50, random: () => 0.99 });
    const pending = failureOf(crosspoint.generate({ model, messages }));
    await clock.advance(100_000);
    expect((await pending).code).toBe("SERVER");
    expect(clock.pending).toBe(0);
  });

  test("an abort ends the call at once", async () => {
    const { crosspoint, sent } = createWired(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    );
    const controller = new AbortController();
    const pending = failureOf(crosspoint.generate({ model, messages, signal: controller.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error("enough"));
    const error = await pending;
    expect(error).toMatchObject({ code: "ABORTED", name: "AbortError", cause: expect.objectContaining({ message: "enough" }) as unknown });
    expect(sent).toHaveLength(1);
  });

  test("a signal that is aborted already sends nothing", async () => {
    const { crosspoint, sent } = createWired(() => chatAnswer("x"));
    expect((await failureOf(crosspoint.generate({ model, messages, signal: AbortSignal.abort() }))).code).toBe("ABORTED");
    expect(sent).toHaveLength(0);
  });

  test("a connection that fails says why", async () => {
    const { crosspoint } = createWired(
      () => {
        throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:9") });
      },
      { retries: 0 },
    );
    const error = await failureOf(crosspoint.generate({ model, messages }));
    expect(error).toMatchObject({ code: "CONNECTION", retryable: true });
    expect(error.message).toContain("ECONNREFUSED");
  });

  test.each(["<html>Bad gateway</html>", "", '{"truncated": tr', "[]", "null", '"text"'])(
    "a body that is no answer (%j) is the provider's fault",
    async (text) => {
      const { crosspoint } = createWired(() => new Response(text), { retries: 0 });
      expect((await failureOf(crosspoint.generate({ model, messages }))).code).toBe("BAD_RESPONSE");
    },
  );

  test.each([
    ["<!doctype html><title>Welcome</title>", "text/html", /not JSON: check baseURL: <!doctype html>/],
    ["", "application/json", /an empty body/],
    ["oops", "application/json", /not JSON: oops/],
  ])("a body %j is told for what it is, streamed or not", async (body, type, words) => {
    const { crosspoint } = createWired(() => new Response(body, { headers: { "content-type": type } }), { retries: 0 });
    for (const asked of [crosspoint.generate({ model, messages }), crosspoint.stream({ model, messages }).response])
      expect(await failureOf(asked)).toMatchObject({ code: "BAD_RESPONSE", message: expect.stringMatching(words) as string });
  });

  test.each([
    [{ "a b": "c" }, "name"],
    [{ "x-a": "c\nd" }, "value"],
    [{ "x-a": "日本" }, "value"],
  ])("a header that HTTP cannot carry is the caller's mistake: %j", async (headers, part) => {
    const { crosspoint, sent } = createWired(() => chatAnswer("Hello"));
    const failed = await failureOf(crosspoint.generate({ model, messages, headers: headers as Record<string, string> }));
    expect(failed).toMatchObject({ code: "INVALID_OPTIONS", param: "headers", retryable: false });
    expect(failed.message).toContain(part);
    expect(sent).toEqual([]);
  });

  test("a redirect is not followed", async () => {
    const { crosspoint } = createWired(() => new Response(null, { status: 307, headers: { location: "http://evil.example" } }), {
      retries: 0,
    });
    expect((await failureOf(crosspoint.generate({ model, messages }))).message).toContain("redirect");
  });

  test("headers of the call win, and undefined removes one", async () => {
    const { crosspoint, sent } = createWired(() => chatAnswer("x"), {
      providers: { "openai-chat": { headers: { "X-Team": "a", "x-keep": "1" } } },
    });
    await crosspoint.generate({ model, messages, headers: { "x-team": "b", "X-Keep": undefined } });
    expect(sent[0]!.headers.get("x-team")).toBe("b");
    expect(sent[0]!.headers.has("x-keep")).toBe(false);
  });

  test("onSpend hears of every call once, with its attribution", async () => {
    const rows: SpendRow[] = [];
    const { crosspoint } = createWired((_, index) => (index === 0 ? chatAnswer("x") : failure(400, {})), {
      attribution: { team: "core", tags: ["a"] },
      onSpend: (row) => void rows.push(row),
    });
    await crosspoint.withAttribution({ project: "bot", tags: ["b"] }, () =>
      crosspoint.generate({ model, messages, attribution: { user: "u1", team: "search" } }),
    );
    await failureOf(crosspoint.generate({ model, messages }));
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      outcome: "success",
      attribution: { user: "u1", team: "search", project: "bot", tags: ["a", "b"] },
      usage: { total: 15 },
    });
    expect(rows[0]!.cost?.total).toBeGreaterThan(0);
    expect(rows[1]).toMatchObject({ outcome: "failure", attribution: { team: "core" }, error: { code: "BAD_REQUEST" } });
  });

  test("that of a scope holds for a stream that is made in it and read outside", async () => {
    const rows: SpendRow[] = [];
    const { crosspoint } = createWired(() => failure(400, {}), { onSpend: (row) => void rows.push(row) });
    const stream = crosspoint.withAttribution({ team: "inside" }, () =>
      crosspoint.stream({ model, messages, attribution: { user: "u1" } }),
    );
    await crosspoint.withAttribution({ team: "elsewhere" }, () => stream.response.catch(() => {}));
    expect(rows).toMatchObject([{ attribution: { team: "inside", user: "u1" } }]);
  });

  test("attribution does not reach the provider", async () => {
    const { crosspoint, sent } = createWired(() => chatAnswer("x"));
    await crosspoint.generate({ model, messages, attribution: { user: "someone-special" } });
    expect(JSON.stringify(sent[0]!.body) + JSON.stringify([...sent[0]!.headers])).not.toContain("someone-special");
  });

  test("after close() calls are refused", async () => {
    const { crosspoint } = createWired(() => chatAnswer("x"));
    await crosspoint.close();
    expect((await failureOf(crosspoint.generate({ model, messages }))).code).toBe("ABORTED");
  });
});

describe("options", () => {
  test.each([
    [{ retrys: 3 }, "retrys"],
    [{ retries: -1 }, "retries"],
    [{ timeout: "1s" }, "timeout"],
    [{ unsupported: "ignore" }, "unsupported"],
    [{ attribution: { teams: "x" } }, "attribution.teams"],
    [{ providers: { opnai: { apiKey: "x" } } }, "openai"],
  ])("%j is refused, naming %s", (options, named) => {
    expect(() => createCrosspoint(options as never)).toThrow(named);
  });

  test.each([
    [{ model: 7, messages }, "model"],
    [{ model, messages: "Hi" }, "messages"],
    [{ model, messages, attribution: { user: 7 } }, "attribution.user"],
    [{ model, messages, timeout: Number.NaN }, "timeout"],
  ])("the request %j is refused, naming %s", async (request, named) => {
    const { crosspoint, sent } = createWired(() => chatAnswer("x"));
    expect((await failureOf(crosspoint.generate(request as never))).message).toContain(named);
    expect(sent).toHaveLength(0);
  });
});
