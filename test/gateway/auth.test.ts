import { createCrosspoint } from "crosspoint";
import { serve } from "crosspoint/gateway";
import { createSimulator } from "crosspoint/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const MASTER = "sk-master-000000000000";
const simulator = createSimulator();
const crosspoint = createCrosspoint({ env: {}, fetch: simulator.fetch, providers: simulator.providers() });
let gateway: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  gateway = await serve({ crosspoint, port: 0, masterKey: MASTER });
});
afterAll(async () => {
  await gateway.close(0);
  await crosspoint.close();
});

const messages = [{ role: "user", content: "Hello" }];
const CHAT = { path: "/v1/chat/completions", body: { model: "openai-chat/gpt-4o", messages } };
const RESPONSES = { path: "/v1/responses", body: { model: "openai/gpt-5", input: "Hello" } };
const ANTHROPIC = { path: "/v1/messages", body: { model: "anthropic/claude-sonnet-4-5", max_tokens: 50, messages } };
const GEMINI = {
  path: "/v1beta/models/google%2Fgemini-2.5-flash:generateContent",
  body: { contents: [{ role: "user", parts: [{ text: "Hello" }] }] },
};

const ask = (what: typeof CHAT | typeof RESPONSES | typeof ANTHROPIC | typeof GEMINI, headers: object, query = ""): Promise<Response> =>
  fetch(gateway.url + what.path + query, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(what.body),
  });

describe("with a master key", () => {
  test.each([
    ["OpenAI", CHAT, { authorization: `Bearer ${MASTER}` }, ""],
    ["OpenAI's Responses", RESPONSES, { authorization: `bearer ${MASTER}` }, ""],
    ["Azure", CHAT, { "api-key": MASTER }, ""],
    ["Anthropic", ANTHROPIC, { "x-api-key": MASTER, "anthropic-version": "2023-06-01" }, ""],
    ["Anthropic with a token", ANTHROPIC, { authorization: `Bearer ${MASTER}`, "anthropic-version": "2023-06-01" }, ""],
    ["Google", GEMINI, { "x-goog-api-key": MASTER }, ""],
    ["Google by the URL", GEMINI, {}, `?key=${MASTER}`],
    ["LiteLLM", CHAT, { "x-litellm-api-key": `Bearer ${MASTER}`, authorization: "Bearer other" }, ""],
  ])("a client of %s is let in, and the key goes no further", async (_, what, headers, query) => {
    simulator.reset();
    const response = await ask(what, headers, query);
    expect(response.status).toBe(200);
    await response.text();
    expect(simulator.requests).toHaveLength(1);
    expect(JSON.stringify(simulator.requests)).not.toContain(MASTER);
  });

  test.each([
    [
      "OpenAI",
      CHAT,
      {},
      { error: { message: expect.stringContaining("Authorization: Bearer KEY") as unknown, code: expect.anything() as unknown } },
    ],
    ["Responses", RESPONSES, {}, { error: { message: expect.stringContaining("none was sent") as unknown } }],
    [
      "Anthropic",
      ANTHROPIC,
      { "anthropic-version": "2023-06-01" },
      { type: "error", error: { type: "authentication_error", message: expect.stringContaining("x-api-key: KEY") as unknown } },
    ],
    [
      "Google",
      GEMINI,
      {},
      { error: { code: 401, status: "UNAUTHENTICATED", message: expect.stringContaining("x-goog-api-key: KEY") as unknown } },
    ],
  ])("who sends none is told so in the words of %s", async (_, what, headers, body) => {
    simulator.reset();
    const response = await ask(what, headers);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject(body);
    expect(simulator.requests).toHaveLength(0);
  });

  test.each(["", "x", MASTER.slice(1), `${MASTER}0`, MASTER.toUpperCase(), "\u00fc"])("%j is refused, and not repeated", async (key) => {
    const response = await ask(CHAT, { authorization: `Bearer ${key}` });
    expect(response.status).toBe(401);
    const text = await response.text();
    expect(text).not.toContain(MASTER);
    if (key.length > 5) expect(text).not.toContain(key);
  });

  test("lists of models are closed, health is open", async () => {
    expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(401);
    for (const path of ["/health", "/health/liveliness", "/health/readiness"]) expect((await fetch(gateway.url + path)).status).toBe(200);
  });
});

test.each(["", "two words", "ключ"])("%j cannot be a master key", async (masterKey) => {
  await expect(serve({ crosspoint, port: 0, masterKey })).rejects.toMatchObject({ code: "INVALID_OPTIONS", param: "masterKey" });
});
