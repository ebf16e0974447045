import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { serve, type Gateway } from "crosspoint/gateway";
import { createSimulator, type Simulator, type SimulatorServer } from "crosspoint/testing";
import { createCrosspoint, type Crosspoint, type CrosspointOptions } from "crosspoint";
import { afterEach, describe, expect, test } from "vitest";

interface Stack {
  readonly simulator: Simulator;
  readonly upstream: SimulatorServer;
  readonly crosspoint: Crosspoint;
  readonly gateway: Gateway;
}

const stacks: Stack[] = [];

async function start(options: CrosspointOptions = {}, simulator: Simulator = createSimulator()): Promise<Stack> {
  const upstream = await simulator.listen();
  const crosspoint = createCrosspoint({ env: {}, providers: simulator.providers(upstream.url), ...options });
  const gateway = await serve({ crosspoint, port: 0 });
  const stack = { simulator, upstream, crosspoint, gateway };
  stacks.push(stack);
  return stack;
}

afterEach(async () => {
  for (const { gateway, crosspoint, upstream } of stacks.splice(0)) {
    await gateway.close(0);
    await crosspoint.close();
    await upstream.close();
  }
});

const until = async (condition: () => boolean, what: string): Promise<void> => {
  for (let waited = 0; !condition(); waited += 10) {
    if (waited > 10_000) expect.fail(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

const ask = (url: string, model: string, stream: boolean, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, stream, messages: [{ role: "user", content: "Hello there" }] }),
    ...(signal === undefined ? undefined : { signal }),
  });

describe("serve", () => {
  test("listens on loopback and answers over HTTP", async () => {
    const { gateway } = await start();
    expect(gateway.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await ask(gateway.url, "anthropic/claude-sonnet-4-5", false);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      object: "chat.completion",
      choices: [{ message: { content: "You said: Hello there" } }],
    });
    expect(await (await fetch(`${gateway.url}/health`)).json()).toEqual({ status: "ok" });
  });

  test("the first frame leaves before the last one is made", async () => {
    const { gateway, simulator } = await start();
    simulator.script({ text: "one two three", fault: { stallMs: 60_000, afterChunks: 1 } });
    const controller = new AbortController();
    const response = await ask(gateway.url, "openai-chat/gpt-4o", true, controller.signal);
    const { value } = await response.body!.getReader().read();
    expect(new TextDecoder().decode(value)).toContain("data: ");
    controller.abort();
    await until(() => simulator.open === 0, "the upstream call is closed");
  });

  test("the same wire on both sides passes bytes through", async () => {
    const { gateway, simulator, upstream } = await start();
    const body = {
      model: "gpt-4o",
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: "user", content: "Hello there" }],
    };
    simulator.script([{ text: "a b c" }, { text: "a b c" }]);
    const init = (model: string): RequestInit => ({
      method: "POST",
      headers: { authorization: "Bearer any-key" },
      body: JSON.stringify({ ...body, model }),
    });
    const direct = await (await fetch(`${upstream.url}/v1/chat/completions`, init("gpt-4o"))).text();
    const through = await (await fetch(`${gateway.url}/v1/chat/completions`, init("openai-chat/gpt-4o"))).text();
    const unstamped = (text: string): string =>
      text
        .replace(/chatcmpl-[\w-]+/g, "ID")
        .replace(/"created":\d+/g, "")
        .replace(/"obfuscation":"[^"]*"/g, "");
    expect(unstamped(through)).toBe(unstamped(direct));
  });

  test("a taken port says so", async () => {
    const { gateway, crosspoint } = await start();
    await expect(serve({ crosspoint, port: Number(new URL(gateway.url).port) })).rejects.toThrow(/taken/);
  });

  test("a body that is too large is refused, and the server lives on", async () => {
    const simulator = createSimulator();
    const upstream = await simulator.listen();
    const crosspoint = createCrosspoint({ env: {}, providers: simulator.providers(upstream.url), maxBodyBytes: 10_000 });
    const gateway = await serve({ crosspoint, port: 0, maxBodyBytes: 10_000 });
    stacks.push({ simulator, upstream, crosspoint, gateway });
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body: "x".repeat(50_000) });
    expect(response.status).toBe(413);
    expect((await ask(gateway.url, "openai-chat/gpt-4o", false)).status).toBe(200);
  });

  test("hostile HTTP does not hurt", async () => {
    const { gateway } = await start();
    const { port } = new URL(gateway.url);
    for (const text of [
      "GARBAGE\r\n\r\n",
      "POST //[bad HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}",
      "GET /%ZZ HTTP/1.1\r\nhost: x\r\n\r\n",
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), "127.0.0.1", () => socket.end(text));
        socket.on("data", () => {});
        socket.on("close", () => resolve());
        socket.on("error", () => resolve());
      });
    }
    expect((await ask(gateway.url, "openai-chat/gpt-4o", false)).status).toBe(200);
  });

  test("close() lets a call under way end", async () => {
    const { gateway, simulator } = await start();
    simulator.script({ text: "one two three", delayMs: 20 });
    const response = await ask(gateway.url, "openai/gpt-4o", true);
    const begun = performance.now();
    const closing = gateway.close(5_000);
    expect(await response.text()).toContain("[DONE]");
    await closing;
    // Without waiting for the client to let its connection go.
    expect(performance.now() - begun).toBeLessThan(2_500);
    await expect(fetch(`${gateway.url}/health`)).rejects.toThrow();
  });

  /** Asks for a stream, reads its head, stops reading, and leaves. */
  const abortOne = (url: string, model: string, asked: string, afterMs: number): Promise<void> =>
    new Promise((resolve) => {
      const { port } = new URL(url);
      const outgoing = httpRequest({ port, host: "127.0.0.1", method: "POST", path: "/v1/chat/completions", agent: false }, (incoming) => {
        incoming.pause();
        setTimeout(() => incoming.destroy(), afterMs);
        incoming.on("error", () => {});
        incoming.on("close", resolve);
      });
      outgoing.on("error", () => resolve());
      outgoing.end(
        JSON.stringify({ model, stream: true, stream_options: { include_usage: true }, messages: [{ role: "user", content: asked }] }),
      );
    });
  const talkative = (): Simulator =>
    createSimulator({
      respond: ({ text }) =>
        text === "long"
          ? { text: "x".repeat(64 * 1024), chunks: 16, delayMs: 2 }
          : text === "huge"
            ? { text: "x".repeat(16 * 1024 * 1024), chunks: 64 }
            : undefined,
    });

  test("1,000 clients abort while their stream is written; nothing stays open and the next call is answered", async () => {
    const simulator = talkative();
    const { gateway } = await start({}, simulator);
    const models = ["openai-chat/gpt-4o", "anthropic/claude-sonnet-4-5"];
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 100 }, (_, index) => abortOne(gateway.url, models[index % 2]!, "long", index % 20)));
    }
    await until(() => simulator.open === 0, "no upstream call is left");
    expect(simulator.requests.length).toBe(1_000);
    expect(await (await ask(gateway.url, models[0]!, false)).text()).toContain("You said: Hello there");
  }, 60_000);

  test.each(["openai-chat/gpt-4o", "anthropic/claude-sonnet-4-5"])(
    "a client of %s that leaves while the gateway waits for it to read on takes the upstream call with it",
    async (model) => {
      const simulator = talkative();
      const { gateway } = await start({}, simulator);
      await Promise.all(Array.from({ length: 4 }, () => abortOne(gateway.url, model, "huge", 400)));
      await until(() => simulator.open === 0, "no upstream call is left");
      expect(simulator.requests.every(({ aborted }) => aborted)).toBe(true);
      expect((await ask(gateway.url, model, false)).status).toBe(200);
    },
    60_000,
  );
});
