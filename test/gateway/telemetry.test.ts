import { createSimulator, type SimulatorServer } from "crosspoint/testing";
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodeRequest } from "../../adapters/gateway/cli/trace/protobuf.ts";
import { spansOf, type TraceSpan } from "../../adapters/gateway/cli/trace/span.ts";
import { startExport } from "../../adapters/gateway/telemetry/export.ts";
import { childEnv } from "../support/child-env.ts";

const main = fileURLToPath(new URL("../../adapters/gateway/cli/main.ts", import.meta.url));
let upstream: SimulatorServer;
let collector: Server;
let received: { readonly path: string; readonly type: string; readonly body: Buffer }[];
let endpoint: string;

beforeEach(async () => {
  received = [];
  upstream = await createSimulator().listen();
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const bytes = Buffer.concat(chunks);
      const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
      received.push({ path: request.url!, type: String(request.headers["content-type"]), body });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});

afterEach(async () => {
  collector.closeAllConnections();
  collector.close();
  await upstream.close();
});

/** Serves, asks once with a traceparent, and stops. */
async function serveOnce(variables: Readonly<Record<string, string>>): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), "crosspoint-")), "crosspoint.yaml");
  const providers = createSimulator().providers(upstream.url);
  writeFileSync(file, JSON.stringify({ port: 0, providers, models: { smart: "openai-chat/gpt-4o" } }));
  const env = { ...childEnv, NODE_OPTIONS: "--conditions=crosspoint:source", ...variables };
  const child = spawn(process.execPath, [main, "serve", "--config", file], { env });
  let out = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (out += chunk.toString()));
  let url: string | undefined;
  while (url === undefined) {
    if (child.exitCode !== null) expect.fail(out);
    await new Promise((resolve) => setTimeout(resolve, 10));
    url = /"url":"([^"]+)"/.exec(out)?.[1];
  }
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-crosspoint-team": "search",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    },
    body: JSON.stringify({ model: "smart", messages: [{ role: "user", content: "Hello" }] }),
  });
  expect(response.status).toBe(200);
  await response.text();
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('crosspoint_team_id="search"');
  const ended = new Promise((resolve) => child.on("exit", resolve));
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  return out;
}

const spans = (): TraceSpan[] => received.filter(({ path }) => path === "/v1/traces").flatMap(({ body, type }) => spansOf(type.includes("json") ? JSON.parse(body.toString()) : decodeRequest(body))); // oxfmt-ignore

test.each(["http/protobuf", "http/json"])(
  "serve exports traces and metrics over %s, within the caller's trace, when it stops at the latest",
  async (protocol) => {
    const out = await serveOnce({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
    expect(out).toContain("exported over OTLP");
    const [span] = spans().filter(({ name }) => name === "chat gpt-4o");
    expect(span).toMatchObject({ traceId: "0af7651916cd43dd8448eb211c80319c", service: "crosspoint", failed: false });
    expect(spans().some(({ parentId }) => parentId === "b7ad6b7169203331")).toBe(true);
    expect(span!.attributes.get("crosspoint.team.id")).toBe("search");
    expect(span!.attributes.get("gen_ai.usage.input_tokens")).toBeGreaterThan(0);
    const metrics = received.filter(({ path }) => path === "/v1/metrics").map(({ body }) => body.toString("latin1"));
    expect(metrics.join("")).toContain("gen_ai.client.token.usage");
  },
  20_000,
);

test("only what has an endpoint is exported, under the name that the environment gives", async () => {
  await serveOnce({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${endpoint}/v1/traces`, OTEL_SERVICE_NAME: "edge" });
  expect(new Set(received.map(({ path }) => path))).toEqual(new Set(["/v1/traces"]));
  expect(spans()[0]!.service).toBe("edge");
}, 20_000);

test("a receiver that is away is told, and holds up nothing", async () => {
  const out = await serveOnce({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", OTEL_EXPORTER_OTLP_TIMEOUT: "300" });
  expect(out).toMatch(/"level":"warn","message":"(?:OpenTelemetry: |the last traces)/);
}, 20_000);

function createSaid() {
  const said: string[] = [];
  const at = (level: string) => (fields: object, message: string) => void said.push(`${level} ${message} ${JSON.stringify(fields)}`);
  return { said, logger: { debug: at("debug"), info: at("info"), warn: at("warn") } };
}

test("a missing package is told with what to install, once it is asked for", async () => {
  const { said, logger } = createSaid();
  const missing = (): Promise<never> =>
    Promise.reject(Object.assign(new Error("Cannot find package '@opentelemetry/sdk-node'"), { code: "ERR_MODULE_NOT_FOUND" }));
  for (const env of [
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: "" },
    { OTEL_TRACES_EXPORTER: "none" },
    { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: "true" },
  ])
    // oxfmt-ignore
    await (await startExport(env, logger, missing))();
  expect(said).toEqual([]);
  await (
    await startExport({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, logger, missing)
  )();
  expect(said).toEqual([expect.stringMatching(/^warn .*npm install @opentelemetry\/sdk-node.*OTEL_EXPORTER_OTLP_ENDPOINT/)]);
});
