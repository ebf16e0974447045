import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSimulator, type Fault, type SimulatorServer, type Wire } from "crosspoint/testing";
import { PLAIN, WIRES, refusal, send } from "./request.ts";

const simulator = createSimulator();
let server: SimulatorServer;
const WORDS = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ");

/** The end that each wire gives a stream. */
const TERMINATOR: Record<Wire, string> = {
  "openai-chat": "[DONE]",
  "openai-responses": "response.completed",
  "anthropic-messages": "message_stop",
  gemini: '"finishReason"',
};

beforeAll(async () => {
  server = await simulator.listen();
});
afterAll(() => server.close());
beforeEach(() => simulator.reset());

const overHttp: Pick<typeof simulator, "fetch"> = {
  fetch: (input, init) => fetch((input as string).replace("http://simulator.invalid", server.url), init),
};

function stream(wire: Wire, fault: Fault, where: Pick<typeof simulator, "fetch"> = simulator): Promise<Response> {
  simulator.script({ text: WORDS });
  simulator.fault(fault);
  return send(where, wire, { ...PLAIN[wire], stream: true });
}

describe.each(WIRES)("faults on %s", (wire) => {
  it("refuses with a status in the provider's form, then recovers", async () => {
    simulator.fault({ status: 429, retryAfter: 2, error: { message: "slow down" } });
    const response = await send(simulator, wire, PLAIN[wire]);
    expect(response.headers.get("retry-after")).toBe("2");
    expect(await refusal(response)).toMatchObject({
      status: 429,
      message: "slow down",
      type: wire === "anthropic-messages" ? "rate_limit_error" : wire === "gemini" ? "RESOURCE_EXHAUSTED" : "requests",
    });
    expect((await send(simulator, wire, PLAIN[wire])).status).toBe(200);
  });

  it("ends a whole stream with its terminator", async () => {
    const body = await (await stream(wire, {})).text();
    expect(body).toContain("word59");
    expect(body).toContain(TERMINATOR[wire]);
  });

  it("leaves the terminator out", async () => {
    const body = await (await stream(wire, { noTerminator: true })).text();
    expect(body).toContain("word59");
    expect(body).not.toContain(TERMINATOR[wire]);
  });

  it("cuts a stream cleanly", async () => {
    const body = await (await stream(wire, { cutAfterChunks: 40 })).text();
    expect(body).toContain("word39");
    expect(body).not.toContain("word40");
    expect(body).not.toContain(TERMINATOR[wire]);
  });

  it("breaks a frame and goes on", async () => {
    const body = await (await stream(wire, { malformedAfterChunks: 3 })).text();
    expect(body).toMatch(/word2[^]*data: \{"broken":\r?\n\r?\n[^]*word3/);
    expect(body).toContain(TERMINATOR[wire]);
  });

  it("sends an error in the stream", async () => {
    const body = await (await stream(wire, { errorAfterChunks: { after: 2, status: 503, message: "gone" } })).text();
    expect(body).toContain("word1");
    expect(body).not.toContain("word2");
    const frame = body.trim().split(/\r?\n/).at(-1) ?? "";
    expect(JSON.parse(frame.slice("data: ".length))).toMatchObject({ error: { message: "gone" } });
  });

  it.each([["in process", simulator] as const, ["over HTTP", overHttp] as const])(
    "breaks the connection in the middle, %s",
    async (_, where) => {
      const response = await stream(wire, { reset: 5 }, where);
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toMatchObject({
        name: "TypeError",
        cause: { code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) as string },
      });
      await expect.poll(() => simulator.open).toBe(0);
    },
  );

  it.each([["in process", simulator] as const, ["over HTTP", overHttp] as const])(
    "breaks the connection before the headers, %s",
    async (_, where) => {
      await expect(stream(wire, { reset: "before-headers" }, where)).rejects.toBeInstanceOf(TypeError);
      expect((await send(where, wire, PLAIN[wire])).status).toBe(200);
    },
  );

  it("cuts a whole body", async () => {
    simulator.fault({ truncateJson: true });
    await expect((await send(simulator, wire, PLAIN[wire])).json()).rejects.toBeInstanceOf(SyntaxError);
  });

  it("puts an error into a successful body", async () => {
    simulator.fault({ errorAfterChunks: { after: 0, message: "late" } });
    const response = await send(simulator, wire, PLAIN[wire]);
    expect(await refusal(response)).toMatchObject({ status: 200, message: "late" });
  });
});

describe("time", () => {
  const waits: number[] = [];
  const timed = createSimulator({ clock: () => 5_000, sleep: (ms) => (waits.push(ms), Promise.resolve()) });
  beforeEach(() => {
    waits.length = 0;
    timed.reset();
  });

  it("waits before the headers, between deltas and at a stall", async () => {
    timed.script({ text: "one two three", delayMs: 7 });
    timed.fault({ delayMs: 100, stallMs: 30_000, afterChunks: 2 });
    await (await send(timed, "openai-chat", { ...PLAIN["openai-chat"], stream: true })).text();
    expect(waits).toEqual([100, 7, 30_000, 7]);
    expect(timed.requests[0]?.time).toBe(5_000);
  });

  it("stalls before the first delta by default", async () => {
    timed.fault({ stallMs: 20_000 });
    const response = await send(timed, "anthropic-messages", { ...PLAIN["anthropic-messages"], stream: true });
    const text = await response.text();
    expect(waits).toEqual([20_000]);
    expect(text).toContain("message_start");
  });

  it("stops waiting when the client leaves", async () => {
    for (const fault of [{ delayMs: 60_000 }, { stallMs: 60_000 }]) {
      simulator.fault(fault);
      const client = new AbortController();
      const pending = send(simulator, "openai-chat", { ...PLAIN["openai-chat"], stream: true }, {}, { signal: client.signal }).then(
        (response) => response.text(),
      );
      setTimeout(() => client.abort(new Error("enough")), 5);
      await expect(pending).rejects.toThrow("enough");
      await expect.poll(() => simulator.open).toBe(0);
      expect(simulator.requests.at(-1)?.aborted).toBe(true);
    }
  });

  it("notices a client that leaves over HTTP", async () => {
    simulator.fault({ stallMs: 60_000, afterChunks: 1 });
    const client = new AbortController();
    const response = await send(overHttp, "gemini", { ...PLAIN["gemini"], stream: true }, {}, { signal: client.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    client.abort();
    await expect.poll(() => simulator.open).toBe(0);
    expect(simulator.requests.at(-1)).toMatchObject({ aborted: true, status: 200 });
  });
});

describe("addresses", () => {
  it("hits only the wire, the model and the count it names", async () => {
    simulator.fault({ wire: "anthropic-messages", status: 529, times: 2 });
    simulator.fault({ model: "gpt-4.1-mini", status: 500, times: Infinity });
    const statuses = async (wire: Wire, body: object, count: number) => {
      const seen: number[] = [];
      for (let index = 0; index < count; index += 1) seen.push((await send(simulator, wire, { ...PLAIN[wire], ...body })).status);
      return seen;
    };
    expect(await statuses("openai-chat", {}, 1)).toEqual([200]);
    expect(await statuses("anthropic-messages", {}, 3)).toEqual([529, 529, 200]);
    expect(await statuses("openai-chat", { model: "gpt-4.1-mini" }, 4)).toEqual([500, 500, 500, 500]);
  });

  it("keeps a scripted step for the request after a refusal", async () => {
    simulator.script({ text: "scripted" });
    simulator.fault({ status: 503 });
    await send(simulator, "openai-chat", PLAIN["openai-chat"]);
    expect(await (await send(simulator, "openai-chat", PLAIN["openai-chat"])).text()).toContain("scripted");
  });

  it("takes a fault from a step", async () => {
    simulator.script([{ fault: { status: 500 } }, { text: "then" }]);
    expect((await send(simulator, "openai-chat", PLAIN["openai-chat"])).status).toBe(500);
    expect(await (await send(simulator, "openai-chat", PLAIN["openai-chat"])).text()).toContain("then");
  });

  it("is retried by the official client as the real provider would be", async () => {
    simulator.fault([{ status: 500 }, { reset: "before-headers" }]);
    const openai = new OpenAI({ apiKey: "k", baseURL: simulator.baseURLs().openai, fetch: simulator.fetch, maxRetries: 2 });
    const completion = await openai.chat.completions.create({ model: "gpt-4.1", messages: [{ role: "user", content: "hi" }] });
    expect(completion.choices[0]?.message.content).toBe("You said: hi");
    expect(simulator.requests).toHaveLength(3);
  });
});
