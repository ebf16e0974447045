import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { createCrosspoint } from "crosspoint";
import { serve } from "crosspoint/gateway";
import { createSimulator } from "crosspoint/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readBody } from "../../adapters/gateway/body.ts";

const simulator = createSimulator();
const crosspoint = createCrosspoint({ env: {}, fetch: simulator.fetch, providers: simulator.providers(), maxBodyBytes: 100_000 });
let gateway: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  gateway = await serve({ crosspoint, port: 0, maxBodyBytes: 100_000 });
});
afterAll(async () => {
  await gateway.close(0);
  await crosspoint.close();
});

const body = JSON.stringify({ model: "openai-chat/gpt-4o", messages: [{ role: "user", content: "Grüße" }] });
const ask = (encoding: string, bytes: Uint8Array<ArrayBuffer>): Promise<Response> =>
  fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", headers: { "content-encoding": encoding }, body: bytes });
const bytesOf = (data: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(data);

test.each([
  ["gzip", gzipSync],
  ["GZIP", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
  ["identity", (text: string) => Buffer.from(text)],
])("a body packed with %s is unpacked", async (encoding, pack) => {
  const response = await ask(encoding, bytesOf(pack(body)));
  expect(response.status).toBe(200);
  expect(await response.text()).toContain("You said: Grüße");
});

test.each([
  ["gzip", gzipSync(Buffer.alloc(50_000_000))],
  ["br", brotliCompressSync(Buffer.alloc(50_000_000), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
])("of a small body that unpacks into a large one no more is unpacked than is needed to refuse it: %s", async (encoding, bomb) => {
  const lengths: number[] = [];
  const server = createServer((request, response) => {
    void readBody(request, 100_000).then((text) => {
      lengths.push(text.length);
      response.end("read");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const init = { method: "POST", headers: { "content-encoding": encoding, connection: "close" }, body: bytesOf(bomb) };
  expect(await (await fetch(`http://127.0.0.1:${port}`, init)).text()).toBe("read");
  expect(lengths[0]).toBeGreaterThan(100_000);
  expect(lengths[0]).toBeLessThan(400_000);
  server.close();
  expect((await ask(encoding, bytesOf(bomb))).status).toBe(413);
});

test("a client that leaves amid a packed body takes nothing down", async () => {
  const packed = gzipSync(body);
  const { port } = new URL(gateway.url);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), "127.0.0.1", () => {
      socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-encoding: gzip\r\ncontent-length: ${packed.length}\r\n\r\n`);
      socket.write(packed.subarray(0, 20), () => socket.destroy());
    });
    socket.on("close", () => resolve());
  });
  expect((await ask("gzip", bytesOf(packed))).status).toBe(200);
});

test.each([
  ["gzip", Buffer.from("no gzip at all"), 400],
  ["gzip", gzipSync(body).subarray(0, 30), 400],
  ["compress", Buffer.from(body), 415],
])("%s that is none is told in the client's words", async (encoding, bytes, status) => {
  const response = await ask(encoding, bytesOf(bytes));
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { message: expect.any(String) as unknown } });
});

test("HEAD answers as GET does, without a body", async () => {
  for (const path of ["/v1/models", "/health", "/nowhere"]) {
    const [head, get] = await Promise.all([fetch(gateway.url + path, { method: "HEAD" }), fetch(gateway.url + path)]);
    expect(head.status).toBe(get.status);
    expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
    expect(await head.text()).toBe("");
    await get.text();
  }
});
