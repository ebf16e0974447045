import { describe, expect, test } from "vitest";
import { chatAnswer, createWired, failure } from "../support/wire.ts";

const base = "http://crosspoint.invalid";
const model = "openai-chat/gpt-4o";
const key = "sk-test-openai-000000";

/** A well-formed request of each wire. */
const wires = [
  ["openai-chat", "/v1/chat/completions", { model, messages: [{ role: "user", content: "Hi" }] }],
  ["openai-responses", "/v1/responses", { model, input: "Hi" }],
  ["anthropic-messages", "/v1/messages", { model, max_tokens: 10, messages: [{ role: "user", content: "Hi" }] }],
  ["gemini", `/v1beta/models/${encodeURIComponent(model)}:generateContent`, { contents: [{ role: "user", parts: [{ text: "Hi" }] }] }],
] as const;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: { error?: { message?: string; code?: unknown; param?: unknown; type?: string; status?: string }; type?: string };
  readonly headers: Headers;
}

async function post(fetch: typeof globalThis.fetch, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(base + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as Answer["body"], headers: response.headers };
}

describe.each(wires)("%s", (codec, path, good) => {
  const { crosspoint, sent } = createWired(() => chatAnswer("Hello"));
  const withField = (field: string, value: unknown): unknown => ({ ...good, [field]: value });

  test("a good request is answered", async () => {
    const answer = await post(crosspoint.fetch, path, good);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.text).toContain("Hello");
    expect(answer.headers.get("x-crosspoint-deployment")).toBe(model);
    expect(Number(answer.headers.get("x-crosspoint-cost"))).toBeGreaterThan(0);
  });

  test.each(["", "{", "[]", "null", '"text"', "7", '{"model":', "\u0000"])("the body %j is a 400 in the wire's own form", async (body) => {
    const before = sent.length;
    const answer = await post(crosspoint.fetch, path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error?.message).toEqual(expect.any(String));
    expect(answer.headers.get("x-should-retry")).toBe("false");
    expect(answer.headers.get("x-crosspoint-error")).toBe("BAD_REQUEST");
    expect(sent.length).toBe(before);
    if (codec === "anthropic-messages") expect(answer.body.type).toBe("error");
    if (codec === "gemini") expect(answer.body.error).toMatchObject({ code: 400, status: "INVALID_ARGUMENT" });
  });

  test.each([
    ["tools", "weather"],
    ["tools", [7]],
    ["tools", codec === "gemini" ? [{ functionDeclarations: [{}] }] : [{}]],
    [codec === "openai-responses" ? "input" : codec === "gemini" ? "contents" : "messages", 7],
    [codec === "openai-responses" ? "input" : codec === "gemini" ? "contents" : "messages", [null]],
    [codec === "openai-responses" ? "input" : codec === "gemini" ? "contents" : "messages", [{ role: "robot", content: 1, parts: 1 }]],
    ["model", codec === "gemini" ? undefined : { not: "a name" }],
  ])("wrong type: %s = %j", async (field, value) => {
    const answer = await post(crosspoint.fetch, path, withField(field, value));
    if (value === undefined) return expect(answer.status).toBe(200);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.headers.get("x-crosspoint-error")).toBe("BAD_REQUEST");
  });

  test("an unknown model is a 404 with near matches", async () => {
    const answer = await post(
      crosspoint.fetch,
      path.replace(encodeURIComponent(model), "opnai%2Fgpt-4o"),
      codec === "gemini" ? good : withField("model", "opnai/gpt-4o"),
    );
    expect(answer.status).toBe(404);
    expect(answer.text).toContain("openai");
  });

  test("a missing key names the variable and no other secret", async () => {
    const { crosspoint: keyless } = createWired(() => chatAnswer("x"), { env: { GROQ_API_KEY: "gsk_other_secret_000" } });
    const answer = await post(keyless.fetch, path, good);
    expect(answer.status).toBe(401);
    expect(answer.text).toContain("OPENAI_API_KEY");
    expect(answer.text).not.toContain("gsk_other");
  });

  test("an oversized body is a 413", async () => {
    const { crosspoint: small } = createWired(() => chatAnswer("x"), { maxBodyBytes: 1_000 });
    const answer = await post(small.fetch, path, withField("padding", "é".repeat(600)));
    expect(answer.status).toBe(413);
    expect(answer.text).toContain("1000");
  });

  test("a provider's failure keeps status, message and request id, without the key", async () => {
    const { crosspoint: failing } = createWired(
      () => failure(429, { message: `slow down ${key}` }, { "retry-after": "7", "x-request-id": "req_up" }),
      { retries: 0 },
    );
    const answer = await post(failing.fetch, path, good);
    expect(answer.status).toBe(429);
    expect(answer.text).toContain("slow down");
    expect(answer.text).not.toContain(key);
    expect(answer.headers.get("retry-after")).toBe("7");
    expect(answer.headers.get("x-request-id")).toBe("req_up");
  });

  test("lone surrogates do not break the call", async () => {
    const text = "broken \\ud83d end";
    const answer = await post(crosspoint.fetch, path, JSON.stringify(good).replace('"Hi"', `"${text}"`));
    expect(answer.status, answer.text).toBe(200);
    expect(JSON.stringify(sent.at(-1)!.body)).not.toMatch(/\\ud83d(?!\\ud)/i);
  });

  test("prototype keys do not pollute", async () => {
    const answer = await post(
      crosspoint.fetch,
      path,
      JSON.stringify(good).replace("{", '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},'),
    );
    expect(answer.status).toBeLessThan(500);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("tools", () => {
  const call = (id: string, name: string, args: string): object => ({
    role: "assistant",
    content: null,
    tool_calls: [{ id, type: "function", function: { name, arguments: args } }],
  });
  const converse = (id: string, name: string, args: string): object => ({
    model: "anthropic/claude-sonnet-4-5",
    messages: [{ role: "user", content: "Hi" }, call(id, name, args), { role: "tool", tool_call_id: id, content: "done" }],
    tools: [{ type: "function", function: { name, parameters: { type: "object" } } }],
  });

  test.each([
    ["functions.weather:0", "mcp.weather/get", '{"a":1}'],
    ["", "", "{}"],
    ["__proto__", "constructor", "{}"],
    ["x".repeat(500), "y".repeat(500), "{}"],
    ["täg <script>", "naïve tool", "not json{"],
    ["ok", "ok", ""],
    ["ok", "ok", '"just text"'],
    ["ok", "ok", `${"[".repeat(10_000)}${"]".repeat(10_000)}`],
  ])("id %j, name %j, arguments %j", async (id, name, args) => {
    const { crosspoint, sent } = createWired(() =>
      Response.json({
        id: "m",
        type: "message",
        role: "assistant",
        model: "claude",
        content: [{ type: "text", text: "ok" }],
        stop_reason: "end_turn",
        stop_sequence: null,
        usage: { input_tokens: 1, output_tokens: 1 },
      }),
    );
    const answer = await post(crosspoint.fetch, "/v1/chat/completions", converse(id, name, args));
    expect(answer.status === 200 || answer.headers.get("x-crosspoint-error") === "BAD_REQUEST", answer.text).toBe(true);
    if (answer.status !== 200) return;
    const blocks = (
      sent[0]!.body["messages"] as { content: { type: string; id?: string; tool_use_id?: string; name?: string; input?: unknown }[] }[]
    ).flatMap(({ content }) => (Array.isArray(content) ? content : []));
    const use = blocks.find(({ type }) => type === "tool_use")!;
    expect(use.id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(use.name).toMatch(/^[a-zA-Z0-9_-]{1,128}$/);
    expect(use.input).toBeTypeOf("object");
    expect(blocks.find(({ type }) => type === "tool_result")!.tool_use_id).toBe(use.id);
  });

  test("a deeply nested schema passes or fails clearly, and does not hang", async () => {
    const depth = 20_000;
    const schema = '{"type":"object","properties":{"a":'.repeat(depth) + '{"type":"string"}' + "}}".repeat(depth);
    for (const target of ["openai-chat/gpt-4o", "openai/gpt-4o", "anthropic/claude-sonnet-4-5", "google/gemini-2.5-flash"]) {
      const { crosspoint } = createWired(() => failure(400, { message: "too deep" }), {
        retries: 0,
        providers: { google: { apiKey: "AIzaTestKey0000000000000" } },
      });
      const body = `{"model":"${target}","messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"deep","parameters":${schema}}}],"response_format":{"type":"json_schema","json_schema":{"name":"deep","schema":${schema}}}}`;
      const answer = await post(crosspoint.fetch, "/v1/chat/completions", body);
      expect(answer.status, target + answer.text).toBe(400);
    }
  });
});

describe("routes", () => {
  const { crosspoint } = createWired(() => chatAnswer("x"), { models: { smart: { deployments: [model] } } });

  test.each([
    ["GET", "/v1/chat/completions"],
    ["POST", "/v1/nothing"],
    ["DELETE", "/v1/models"],
    ["POST", "/v1beta/models/x:unknownVerb"],
    ["POST", "/v1beta/models/%E0%A4%A:generateContent"],
    ["GET", "/"],
  ])("%s %s is a clear 4xx", async (method, path) => {
    const response = await crosspoint.fetch(base + path, { method, ...(method === "POST" ? { body: "{}" } : undefined) });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(((await response.json()) as Answer["body"]).error?.message).toEqual(expect.any(String));
  });

  test("takes a Request too, and base URLs without a version", async () => {
    const request = new Request(`${base}/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "smart", messages: [{ role: "user", content: "Hi" }] }),
    });
    const response = await crosspoint.fetch(request);
    expect(response.status).toBe(200);
  });

  test("lists models in each client's form", async () => {
    const openai = (await (await crosspoint.fetch(`${base}/v1/models`)).json()) as { data: { id: string; object: string }[] };
    expect(openai.data[0]).toMatchObject({ id: "smart", object: "model" });
    expect(openai.data.some(({ id }) => id === "openai/gpt-4o")).toBe(true);
    const anthropic = (await (await crosspoint.fetch(`${base}/v1/models`, { headers: { "anthropic-version": "2023-06-01" } })).json()) as {
      data: { type: string }[];
    };
    expect(anthropic.data[0]!.type).toBe("model");
    const gemini = (await (await crosspoint.fetch(`${base}/v1beta/models`)).json()) as { models: { name: string }[] };
    expect(gemini.models[0]!.name).toBe("models/smart");
    expect((await crosspoint.fetch(`${base}/v1/models/none`)).status).toBe(404);
  });

  test("an abort of the caller rejects, as fetch does", async () => {
    const { crosspoint: waiting } = createWired(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    );
    const controller = new AbortController();
    const pending = waiting.fetch(`${base}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model, messages: [{ role: "user", content: "Hi" }] }),
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 5);
    await expect(pending).rejects.toMatchObject({ name: "AbortError" });
  });
});
