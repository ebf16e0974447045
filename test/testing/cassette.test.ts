import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { createSimulator, record, replay, type Cassette } from "crosspoint/testing";
import { PLAIN, WIRES, send } from "./request.ts";

const KEY = "sk-very-secret-key";

async function tape(run: (fetch: typeof globalThis.fetch) => Promise<unknown>, simulator = createSimulator()): Promise<Cassette> {
  let cassette: Cassette = [];
  let now = 0;
  await run(record({ fetch: simulator.fetch, onCassette: (all) => void (cassette = all), clock: () => (now += 10) }));
  return cassette;
}

describe("record and replay", () => {
  it.each(WIRES)("repeats a stream of %s byte by byte", async (wire) => {
    const simulator = createSimulator({ script: { text: "héllo wörld 👋", splitBytes: 3 } });
    const body = { ...PLAIN[wire], stream: true };
    let live = "";
    const cassette = await tape(async (fetch) => (live = await (await send({ fetch }, wire, body)).text()), simulator);
    const response = await send({ fetch: replay({ cassette }) }, wire, body);
    expect(await response.text()).toBe(live);
    expect(live).toContain("👋");
    expect(response.headers.get("content-type")).toMatch(/event-stream/);
  });

  it("writes no secrets", async () => {
    const directory = mkdtempSync(join(tmpdir(), "cassette-"));
    const file = join(directory, "tape.jsonl");
    try {
      const upstream: typeof fetch = async () =>
        new Response("{}", { headers: { "set-cookie": KEY, "openai-organization": KEY, "x-request-id": "req_1" } });
      const recording = record({ fetch: upstream, file });
      const headers = { authorization: `Bearer ${KEY}`, "x-api-key": KEY, cookie: KEY };
      await (await recording(`https://example.com/v1/x?key=${KEY}&alt=sse`, { method: "POST", body: "{}", headers })).text();
      const written = readFileSync(file, "utf8");
      expect(written).not.toContain(KEY);
      expect(written).toContain("alt=sse");
      const again = await replay({ file })("https://example.com/v1/x?alt=sse&key=other", { method: "POST", body: "{}" });
      expect(again.headers.get("x-request-id")).toBe("req_1");
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("repeats the recorded pauses when asked", async () => {
    const cassette: Cassette = [
      {
        request: { method: "GET", url: "https://example.com/", hash: "74234e98afe7498f", body: null },
        response: {
          status: 200,
          headers: {},
          at: 40,
          chunks: [
            { at: 50, text: "a" },
            { at: 90, text: "b" },
          ],
        },
      },
    ];
    const waits: number[] = [];
    const fetch = replay({ cassette, timing: "real", sleep: (ms) => (waits.push(ms), Promise.resolve()) });
    expect(await (await fetch("https://example.com/")).text()).toBe("ab");
    expect(waits).toEqual([40, 10, 40]);
  });

  it("names the nearest exchange when a request was not recorded", async () => {
    const wire = "openai-chat";
    const cassette = await tape(async (fetch) => {
      await (await send({ fetch }, wire, PLAIN[wire])).text();
      await (await send({ fetch }, "anthropic-messages", PLAIN["anthropic-messages"])).text();
    });
    const fetch = replay({ cassette });
    const other = { ...PLAIN[wire], messages: [{ role: "user", content: "something else" }] };
    await expect(send({ fetch }, wire, other)).rejects.toThrow(
      /POST \/v1\/chat\/completions.*nearest is POST \/v1\/chat\/completions.*differs in messages\.0\.content\./,
    );
    expect((await send({ fetch }, wire, PLAIN[wire])).status).toBe(200);
    await expect(send({ fetch }, wire, PLAIN[wire])).rejects.toThrow(/No recorded exchange is left/);
  });

  it("follows the sequence whatever the bodies say", async () => {
    const wire = "openai-chat";
    const ask = (content: string) => ({ ...PLAIN[wire], messages: [{ role: "user", content }] });
    const cassette = await tape(async (fetch) => {
      for (const content of ["one", "two"]) await (await send({ fetch }, wire, ask(content))).text();
    });
    const fetch = replay({ cassette, match: "sequence" });
    expect(await (await send({ fetch }, wire, ask("x"))).text()).toContain("You said: one");
    await expect(send({ fetch }, "gemini", PLAIN["gemini"])).rejects.toThrow(/No recorded exchange/);
    expect(await (await send({ fetch }, wire, ask("y"))).text()).toContain("You said: two");
  });

  it("repeats broken streams and network errors as broken", async () => {
    const simulator = createSimulator();
    simulator.fault([{ reset: 2 }, { reset: "before-headers" }]);
    const body = { ...PLAIN["openai-chat"], stream: true };
    const cassette = await tape(async (fetch) => {
      await (await send({ fetch }, "openai-chat", body)).text().catch(() => undefined);
      await send({ fetch }, "openai-chat", body).catch(() => undefined);
    }, simulator);
    const fetch = replay({ cassette });
    await expect((await send({ fetch }, "openai-chat", body)).text()).rejects.toBeInstanceOf(TypeError);
    await expect(send({ fetch }, "openai-chat", body)).rejects.toBeInstanceOf(TypeError);
  });

  it("serves the official client", async () => {
    const ask = (fetch: typeof globalThis.fetch) =>
      new OpenAI({ apiKey: KEY, baseURL: "http://simulator.invalid/v1", fetch, maxRetries: 0 }).chat.completions
        .stream({ model: "gpt-4.1", messages: [{ role: "user", content: "hello" }] })
        .finalContent();
    const cassette = await tape(ask);
    expect(await ask(replay({ cassette }))).toBe("You said: hello");
  });
});
