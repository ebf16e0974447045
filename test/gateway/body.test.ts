import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { createCrosspoint } from "crosspoint";
import { serve } from "crosspoint/gateway";
import { createSimulator } from "crosspoint/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

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
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
])("a small body that unpacks into a large one is refused: %s", async (encoding, pack) => {
  const bomb = pack(Buffer.alloc(200 * 1024 * 1024));
  const before = process.memoryUsage().rss;
  expect((await ask(encoding, bytesOf(bomb))).status).toBe(413);
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
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
