import { beforeEach, describe, expect, it } from "vitest";
import { createSimulator } from "crosspoint/testing";
import { PLAIN, WIRES, refusal, send } from "./request.ts";

const simulator = createSimulator();
beforeEach(() => simulator.reset());

describe("the door", () => {
  it.each(WIRES)("refuses keys, sizes, and JSON on %s", async (wire) => {
    const headers = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}`, "x-api-key": key, "x-goog-api-key": key });
    const wrong = await refusal(await send(simulator, wire, PLAIN[wire], headers("wrong")));
    const google = wire === "gemini";
    expect(wrong.status).toBe(google ? 400 : 401);
    expect(wrong.message).toMatch(/API key|x-api-key/);
    const exact = createSimulator({ apiKey: "right" });
    expect((await send(exact, wire, PLAIN[wire], headers("other"))).status).toBe(wrong.status);
    expect((await send(exact, wire, PLAIN[wire], headers("right"))).status).toBe(200);
    const small = createSimulator({ maxBodyBytes: 10 });
    expect((await send(small, wire, PLAIN[wire])).status).toBe(413);
    expect((await send(simulator, wire, PLAIN[wire], {}, { body: "{broken" })).status).toBe(400);
  });

  it("does not know other routes and methods", async () => {
    const headers = { authorization: "Bearer k" };
    expect(await refusal(await simulator.fetch("http://simulator.invalid/v1/nothing", { headers }))).toMatchObject({
      status: 404,
      code: "unknown_url",
    });
    expect((await simulator.fetch("http://simulator.invalid/v1/chat/completions", { headers })).status).toBe(405);
  });

  it("answers without the version in the path", async () => {
    const response = await simulator.fetch("http://simulator.invalid/chat/completions", {
      method: "POST",
      headers: { authorization: "Bearer k" },
      body: JSON.stringify(PLAIN["openai-chat"]),
    });
    expect(response.status).toBe(200);
  });

  it("knows only the models it is given", async () => {
    const own = createSimulator({ models: ["gpt-4.1"] });
    expect((await send(own, "openai-chat", PLAIN["openai-chat"])).status).toBe(200);
    expect((await send(own, "gemini", PLAIN["gemini"])).status).toBe(404);
  });

  it("refuses embeddings of nothing", async () => {
    const post = async (path: string, body: unknown) =>
      refusal(
        await simulator.fetch(`http://simulator.invalid${path}`, {
          method: "POST",
          headers: { authorization: "Bearer k", "x-goog-api-key": "k" },
          body: JSON.stringify(body),
        }),
      );
    const openai = { model: "text-embedding-3-small" };
    expect((await post("/v1/embeddings", openai)).message).toBe("Missing required parameter: 'input'.");
    expect((await post("/v1/embeddings", { ...openai, input: "" })).message).toMatch(/string too short/);
    expect((await post("/v1/embeddings", { ...openai, input: [] })).message).toMatch(/array too short/);
    expect((await post("/v1beta/models/gemini-embedding-001:embedContent", { contents: [] })).message).toMatch(/content is not specified/);
    expect(
      (
        await post("/v1beta/models/gemini-embedding-001:batchEmbedContents", {
          requests: [{ content: { parts: [{ text: "x" }] }, size: 1 }],
        })
      ).message,
    ).toMatch(/Unknown name "size"/);
  });

  it("records requests without secrets", async () => {
    await send(simulator, "openai-chat", PLAIN["openai-chat"], { "x-team": "search", cookie: "c" });
    await simulator.fetch("http://simulator.invalid/v1beta/models/gemini-2.5-flash:generateContent?key=secret&x=1", {
      method: "POST",
      body: JSON.stringify({ contents: [] }),
    });
    const [chat, gemini] = simulator.requests;
    expect(chat).toMatchObject({
      method: "POST",
      path: "/v1/chat/completions",
      wire: "openai-chat",
      model: "gpt-4.1",
      status: 200,
      aborted: false,
      body: PLAIN["openai-chat"],
    });
    expect(chat?.headers).toMatchObject({ "x-team": "search" });
    expect(chat?.headers).not.toHaveProperty("authorization");
    expect(chat?.headers).not.toHaveProperty("cookie");
    expect(gemini).toMatchObject({
      path: "/v1beta/models/gemini-2.5-flash:generateContent?x=1",
      wire: "gemini",
      model: "gemini-2.5-flash",
    });
  });
});

describe("fetch", () => {
  it("rejects an aborted signal before anything is recorded", async () => {
    await expect(send(simulator, "openai-chat", PLAIN["openai-chat"], {}, { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow(
      "no",
    );
    expect(simulator.requests).toHaveLength(0);
  });

  it("stops producing when the body is cancelled", async () => {
    simulator.script({ text: "a b c d e f", chunks: 6 });
    const response = await send(simulator, "openai-chat", { ...PLAIN["openai-chat"], stream: true });
    const reader = response.body?.getReader();
    await reader?.read();
    expect(simulator.open).toBe(1);
    await reader?.cancel();
    expect(simulator.open).toBe(0);
    expect(simulator.requests[0]?.aborted).toBe(true);
  });

  it("is done with whole bodies nobody reads", async () => {
    simulator.fault({ status: 500 });
    await send(simulator, "openai-chat", PLAIN["openai-chat"]);
    await expect.poll(() => simulator.open).toBe(0);
    expect(simulator.requests[0]?.aborted).toBe(false);
  });

  it("takes a Request and a streaming body", async () => {
    const headers = { authorization: "Bearer k" };
    const request = new Request("http://simulator.invalid/v1/chat/completions", {
      method: "POST",
      headers,
      body: JSON.stringify(PLAIN["openai-chat"]),
    });
    expect((await simulator.fetch(request)).status).toBe(200);
    const body = new Blob([JSON.stringify(PLAIN["openai-chat"])]).stream();
    expect((await simulator.fetch(new URL("http://simulator.invalid/v1/chat/completions"), { method: "POST", headers, body })).status).toBe(
      200,
    );
  });
});
