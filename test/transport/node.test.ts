import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { nodeTransport } from "../../src/transport/node.ts";

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close(() => {}).closeAllConnections();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const send = nodeTransport()!;

test("sends a body with its length in bytes, to the path, query and user of the URL", async () => {
  const host = await serve((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (piece: string) => (body += piece));
    request.on("end", () => response.end(JSON.stringify({ url: request.url, headers: request.headers, body })));
  });
  const url = `http://me:p%40ss@${host}/v1/chat?beta=1`;
  for (const body of ["größer als 2 €", "short"]) {
    const response = await send({ method: "POST", url, headers: { "content-type": "text/plain" }, body });
    expect(JSON.parse(await response.text())).toMatchObject({
      url: "/v1/chat?beta=1",
      body,
      headers: {
        host,
        authorization: `Basic ${btoa("me:p@ss")}`,
        "content-type": "text/plain",
        "content-length": String(new TextEncoder().encode(body).length),
      },
    });
  }
});

test("sends no length without a body, and gives headers by name and one by one", async () => {
  const host = await serve((request, response) => {
    response.writeHead(201, { "X-Request-Id": "r1", "X-Length": request.headers["content-length"] ?? "none" });
    response.end("ok");
  });
  const response = await send({ method: "GET", url: `http://${host}/`, headers: {} });
  expect(response.status).toBe(201);
  expect(response.headers.get("x-request-id")).toBe("r1");
  expect(Object.fromEntries(response.fields())).toMatchObject({ "x-request-id": "r1", "x-length": "none" });
  expect(await response.text()).toBe("ok");
});

test("rejects for a URL that is none, and with the reason of its signal", async () => {
  await expect(send({ method: "GET", url: "no url", headers: {} })).rejects.toThrow("Invalid URL");
  const control = new AbortController();
  const host = await serve(() => control.abort(new Error("enough")));
  await expect(send({ method: "GET", url: `http://${host}/`, headers: {}, signal: control.signal })).rejects.toThrow("enough");
});
