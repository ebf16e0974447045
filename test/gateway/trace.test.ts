import { OTLPTraceExporter as JSONExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { createSimulator, type SimulatorServer } from "crosspoint/testing";
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runTrace } from "../../adapters/gateway/cli/trace.ts";
import { formatRun } from "../../adapters/gateway/cli/trace/print.ts";
import { decodeRequest } from "../../adapters/gateway/cli/trace/protobuf.ts";
import { startReceiver } from "../../adapters/gateway/cli/trace/receiver.ts";
import { createRuns } from "../../adapters/gateway/cli/trace/runs.ts";
import { spansOf, type TraceSpan } from "../../adapters/gateway/cli/trace/span.ts";
import fc from "../support/fast-check.ts";
import { childEnv } from "../support/child-env.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const main = `${root}adapters/gateway/cli/main.ts`;
const START = Date.UTC(2026, 10, 20, 12);

/** `at`: milliseconds after the start, and how long it took. */
function span(id: string, parentId: string | undefined, name: string, at: readonly [number, number], attributes: object = {}): TraceSpan {
  return {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: id,
    ...(parentId !== undefined && { parentId }),
    name,
    service: "app.js",
    startMs: START + at[0],
    endMs: START + at[0] + at[1],
    failed: "error.type" in attributes,
    attributes: new Map(Object.entries(attributes)),
  };
}

const who = { "crosspoint.team.id": "search", "user.id": "ada" };
const RUN = [
  span("5", "2", "chat gpt-4o-mini", [60, 700], {
    ...who,
    "gen_ai.request.model": "gpt-4o-mini",
    "crosspoint.attempt.number": 3,
    "crosspoint.attempt.reason": "fallback",
    "gen_ai.usage.input_tokens": 1200,
    "gen_ai.usage.cache_read.input_tokens": 1024,
    "gen_ai.usage.output_tokens": 250,
    "gen_ai.usage.cost": 0.000253,
  }),
  span("1", undefined, "agent", [0, 61_500]),
  span("2", "1", "route smart", [10, 760], { ...who, "crosspoint.usage.input_tokens": 1200 }),
  span("3", "2", "chat claude-sonnet-4-5", [11, 38.4], { ...who, "gen_ai.request.model": "claude-sonnet-4-5", "crosspoint.attempt.number": 1, "crosspoint.attempt.reason": "initial", "error.type": "529" }), // oxfmt-ignore
  span("4", "2", "chat claude-sonnet-4-5", [50, 3.61], { ...who, "gen_ai.request.model": "claude-sonnet-4-5", "crosspoint.attempt.number": 2, "crosspoint.attempt.reason": "retry", "error.type": "connection_error" }), // oxfmt-ignore
  span("6", "1", "LangChain.invoke", [800, 2_500], { "llm.token_count.prompt": 7, "llm.token_count.completion": 5 }),
  span("7", "6", "chat my-model", [810, 2_400], { ...who, "user.id": "bob", "gen_ai.request.model": "my-model", "gen_ai.usage.input_tokens": 7, "gen_ai.usage.output_tokens": 5, "crosspoint.attempt.number": 1 }), // oxfmt-ignore
  span("8", "1", "POST", [3_400, 5], { "crosspoint.cancelled": true }),
];

describe("the tree", () => {
  test("columns as wide as what is in them; every call counts once", () => {
    expect(`\n${formatRun(RUN, 120)}`).toBe(`
trace 0af7651916cd43dd8448eb211c80319c  app.js  2026-11-20T12:00:00.000Z  1 m 01 s  8 spans

span                  time  status          try         model                in  cached  out       USD  for
agent             1 m 01 s  ok
├─ route smart      760 ms  ok                                                                          team=search use…
│  ├─ chat           38 ms  529 overloaded  1           claude-sonnet-4…
│  ├─ chat          3.6 ms  no connection   2 retry     claude-sonnet-4…
│  └─ chat          700 ms  ok              3 fallback  gpt-4o-mini       1,200   1,024  250  0.000253
├─ LangChain.in…    2.50 s  ok
│  └─ chat          2.40 s  ok              1           my-model              7       0    5         ?  team=search use…
└─ POST             5.0 ms  cancelled

model        calls     in  cached  out       USD
-----------  -----  -----  ------  ---  --------
gpt-4o-mini      1  1,200   1,024  250  0.000253
my-model         1      7       0    5         ?
-----------  -----  -----  ------  ---  --------
all              2  1,207   1,024  255  0.000253
not in the sums, because their price is not known: 1
`);
  });

  test("what does not fit is cut, then left out", () => {
    const text = formatRun(RUN, 80);
    for (const line of text.split("\n\n")[1]!.split("\n")) expect(Array.from(line).length).toBeLessThanOrEqual(80);
    expect(`\n${text.split("\n\n")[1]!}\n`).toBe(`
span                  time  status          model              in  out       USD
agent             1 m 01 s  ok
├─ route smart      760 ms  ok
│  ├─ chat           38 ms  529 overloaded  claude-sonnet…
│  ├─ chat          3.6 ms  no connection   claude-sonnet…
│  └─ chat          700 ms  ok              gpt-4o-mini     1,200  250  0.000253
├─ LangChain.in…    2.50 s  ok
│  └─ chat          2.40 s  ok              my-model            7    5         ?
└─ POST             5.0 ms  cancelled
`);
  });

  test("spans of hostile shape are shown or left out, and steer no terminal", () => {
    const text = formatRun(
      [
        span("1", "2", "\u001b[2Jcircle", [0, 1]),
        span("2", "1", "circle", [0, 1], { "error.type": "__proto__" }),
        span("3", "gone", "orphan\n\u202e", [Number.NaN, 1], { "gen_ai.usage.cost": Infinity, "gen_ai.usage.input_tokens": "many" }),
      ],
      100,
    );
    expect(text).toContain("?[2Jcircle");
    expect(text).toContain("__proto__");
    for (const word of ["\u001b", "\u202e", "NaN", "undefined"]) expect(text).not.toContain(word);
    expect(text.match(/circle/g)).toHaveLength(2);
    const deep = Array.from({ length: 5_000 }, (_, index) => span(String(index), index === 0 ? undefined : String(index - 1), "deep", [index, 1])); // oxfmt-ignore
    expect(formatRun(deep, 100)).toContain("5000 spans");
  });

  test("whatever JSON comes, nothing throws", () => {
    const value = fc.oneof(fc.jsonValue(), fc.constant({ stringValue: "x" }), fc.constant({ arrayValue: { values: [null] } }));
    const loose = fc.record({ traceId: fc.oneof(fc.constant("t"), value), spanId: fc.oneof(fc.constant("s"), value), name: fc.oneof(fc.constant("n"), value), startTimeUnixNano: value, endTimeUnixNano: value, status: value, attributes: fc.oneof(value, fc.array(fc.record({ key: value, value }))) }); // oxfmt-ignore
    fc.assert(
      fc.property(fc.oneof(value, fc.array(loose)), (spans) => {
        formatRun(spansOf({ resourceSpans: [{ scopeSpans: [{ spans }] }] }), 80);
        return true;
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          spansOf(decodeRequest(bytes));
        } catch (error) {
          expect(error).toMatchObject({ code: "BAD_REQUEST" });
        }
      }),
    );
  });
});

test("a run is over when its outermost span came and a second passed, later where that span is another program's", () => {
  let now = 0;
  const runs = createRuns(() => now);
  const names = (all = false): string[] => runs.over(all).map((spans) => spans.map(({ name }) => name).join());
  runs.add([{ ...span("1", "0", "inner", [0, 1]), traceId: "a" }]);
  runs.add([{ ...span("1", "0", "remote", [0, 1]), traceId: "b" }]);
  now = 5_000;
  expect(names()).toEqual([]);
  runs.add([{ ...span("0", undefined, "outer", [0, 1]), traceId: "a" }]);
  now = 5_900;
  expect(names()).toEqual([]);
  now = 6_000;
  expect(names()).toEqual(["inner,outer"]);
  now = 10_000;
  expect(names()).toEqual(["remote"]);
  runs.add([{ ...span("1", "0", "last", [0, 1]), traceId: "c" }]);
  expect(names(true)).toEqual(["last"]);
});

test.each([
  ["JSON", JSONExporter],
  ["protobuf", ProtobufExporter],
])("%s of the official exporter is read, and both say the same", async (_, Exporter) => {
  const got: TraceSpan[] = [];
  const receiver = await startReceiver(0, (spans) => got.push(...spans));
  const processor = new SimpleSpanProcessor({ exporter: new Exporter({ url: `${receiver.url}/v1/traces`, compression: "gzip" as never }) });
  const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer("test");
  const attributes = { text: "ключ", whole: 7, negative: -7, part: 0.25, yes: true, no: false, list: ["a", "b"] };
  const one = tracer.startSpan("one", { attributes, startTime: START });
  one.setStatus({ code: 2, message: "RATE_LIMITED" });
  one.end(START + 1_500);
  await processor.forceFlush();
  expect(got).toHaveLength(1);
  const { traceId, spanId, isRemote: _remote } = { isRemote: false, ...one.spanContext() };
  expect(got[0]).toMatchObject({
    traceId,
    spanId,
    name: "one",
    startMs: START,
    endMs: START + 1_500,
    failed: true,
    message: "RATE_LIMITED",
  });
  expect(got[0]).not.toHaveProperty("parentId");
  expect(Object.fromEntries(got[0]!.attributes)).toEqual(attributes);
  expect((await fetch(`${receiver.url}/v1/metrics`, { method: "POST", body: "x" })).status).toBe(200);
  expect((await fetch(`${receiver.url}/v1/traces`, { method: "POST", body: "x" })).status).toBe(400);
  expect((await fetch(receiver.url)).status).toBe(404);
  await receiver.close();
});

describe("crosspoint trace", () => {
  const env = { ...childEnv, NODE_OPTIONS: "--conditions=crosspoint:source" };
  const folder = `${root}.crosspoint/trace-${process.pid}`;
  let upstream: SimulatorServer;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    upstream = await createSimulator().listen();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await upstream.close();
  });

  interface Ran {
    readonly code: number;
    readonly out: string;
    readonly error: string;
  }

  const trace = (...args: string[]): Promise<Ran> =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, "trace", ...args], { env, timeout: 20_000 }, (failure, out, error) =>
        resolve({ code: failure === null ? 0 : Number(failure.code), out, error }),
      );
    });

  /** The command within this process; what it writes. */
  const show = async (...args: string[]): Promise<string> => {
    let text = "";
    const write = (more: string): void => void (text += more);
    await runTrace(args, env, { out: write, error: write, width: 100 });
    return text;
  };

  /** A program of its own, with a layer whose providers are simulated. */
  const program = (name: string, before: string, calls: string): string => {
    const file = join(folder, `${name}.ts`);
    const providers = JSON.stringify(createSimulator().providers(upstream.url));
    writeFileSync(
      file,
      `${before}
import { createCrosspoint } from "crosspoint";
const crosspoint = createCrosspoint({ env: {}, providers: ${providers}, attribution: { team: "search" } });
const messages = [{ role: "user", content: "Name a river." }] as const;
${calls}`,
    );
    return file;
  };

  test("a program without any OpenTelemetry package, which even ends by exit()", async () => {
    const file = program(
      "alone",
      "",
      `const { text } = await crosspoint.generate({ model: "openai-chat/gpt-4o", messages });
       console.log(text);
       await crosspoint.stream({ model: "anthropic/claude-sonnet-4-5", messages }).response;
       process.exit(3);`,
    );
    const { code, out, error } = await trace("--", process.execPath, file);
    expect(code).toBe(3);
    expect(out).toBe("You said: Name a river.\n");
    expect(error).toMatch(/^chat +\d[\d.]* m?s +ok +gpt-4o +\d+ +\d+ +0\.0\d+ +team=search$/m);
    expect(error).toMatch(/^chat +\d[\d.]* m?s +ok +claude-sonnet-4-5 +/m);
    expect(error).toMatch(/^2 traces together$/m);
    expect(error).toMatch(/^all +2 +\d+ +0 +\d+ +0\.0\d+$/m);
  }, 30_000);

  test("the AI SDK's spans stand around, and its call counts once", async () => {
    const file = program(
      "ai-sdk",
      `import { OpenTelemetry } from "@ai-sdk/otel";
       import { generateText, registerTelemetry } from "ai";
       import { createCrosspointProvider } from "crosspoint/ai-sdk";
       registerTelemetry(new OpenTelemetry());`,
      `await generateText({ model: createCrosspointProvider(crosspoint)("openai-chat/gpt-4o"), prompt: "Hi" });`,
    );
    const { code, error } = await trace("--width", "140", "--", process.execPath, file);
    expect(code).toBe(0);
    expect(error).toMatch(/^invoke_agent .*\n└─ step 1 .*\n {3}└─ chat .* 0\.0\d+ +team=search\n {6}└─ attempt 1 openai-chat /m);
    expect(error).toMatch(/^all +1 /m);
  }, 30_000);

  test("a gateway in the program goes on with the trace that a request names", async () => {
    const file = program(
      "gateway",
      `import { context, propagation, trace } from "@opentelemetry/api";
       import { serve } from "crosspoint/gateway";`,
      `const gateway = await serve({ crosspoint, port: 0 });
       await trace.getTracer("app").startActiveSpan("client", async (span) => {
         const headers: Record<string, string> = { "content-type": "application/json" };
         propagation.inject(context.active(), headers);
         const body = JSON.stringify({ model: "openai-chat/gpt-4o", messages });
         await (await fetch(gateway.url + "/v1/chat/completions", { method: "POST", headers, body })).text();
         span.end();
       });
       await gateway.close(0);`,
    );
    const { error } = await trace("--", process.execPath, file);
    expect(error).toMatch(/^client .*\n└─ chat /m);
  }, 30_000);

  test("an SDK that the program registers takes over", async () => {
    const file = program(
      "sdk",
      `import { trace } from "@opentelemetry/api";
       import { NodeSDK } from "@opentelemetry/sdk-node";
       const sdk = new NodeSDK({ serviceName: "mine" });
       sdk.start();`,
      `await trace.getTracer("app").startActiveSpan("agent", async (span) => {
         await crosspoint.generate({ model: "openai-chat/gpt-4o", messages });
         span.end();
       });
       await sdk.shutdown();`,
    );
    const { code, error } = await trace("--", process.execPath, file);
    expect(error).toMatch(/^trace [0-9a-f]{32} {2}mine {2}/m);
    expect(error).toMatch(/^agent .*\n└─ chat /m);
    expect(error).not.toContain("duplicate registration");
    expect(code).toBe(0);
  }, 30_000);

  test("a file of lines, or of one request", async () => {
    const request = {
      resourceSpans: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: "batch" } }] },
          scopeSpans: [{ spans: [{ traceId: "ab", spanId: "1", name: "chat gpt-4o", startTimeUnixNano: "1000000", endTimeUnixNano: "3500000", attributes: [{ key: "gen_ai.request.model", value: { stringValue: "gpt-4o" } }, { key: "gen_ai.usage.input_tokens", value: { intValue: "5" } }, { key: "gen_ai.usage.cost", value: { doubleValue: 0.5 } }] }] }], // oxfmt-ignore
        },
      ],
    };
    const folder = mkdtempSync(join(tmpdir(), "crosspoint-"));
    const [lines, whole, other] = ["lines.jsonl", "whole.json", "other.txt"].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(lines, `${JSON.stringify(request)}\n{"half`);
    writeFileSync(whole, JSON.stringify(request, undefined, 2));
    writeFileSync(other, "nothing of the kind");
    const [fromLines, fromWhole] = [await show(lines), await show(whole)];
    expect(fromLines).toMatch(/^trace ab {2}batch {2}1970-01-01T00:00:00.001Z {2}2.5 ms {2}1 span$/m);
    expect(fromLines).toMatch(/^chat +2.5 ms +ok +gpt-4o +5 +0 +0.500000$/m);
    expect(fromWhole).toEqual(fromLines);
    await expect(show(other)).rejects.toThrow("holds no spans");
  });

  test("who sends SIGINT without a terminal means the program", async () => {
    const code = "process.on('SIGINT', () => process.exit(3)); console.log('runs'); setInterval(() => {}, 1e6);";
    const child = spawn(process.execPath, [main, "trace", "--", process.execPath, "-e", code], { env });
    child.stdout.once("data", () => child.kill("SIGINT"));
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(3);
  });

  test("listens, and shows what comes", async () => {
    const child = spawn(process.execPath, [main, "trace", "--port", "0"], { env });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    while (child.exitCode === null && !out.includes("takes spans on")) await new Promise((resolve) => setTimeout(resolve, 10));
    const url = /on (http:\S+)/.exec(out)![1]!;
    const processor = new SimpleSpanProcessor({ exporter: new ProtobufExporter({ url: `${url}/v1/traces` }) });
    new TracerProvider({ spanProcessors: [processor] }).getTracer("test").startSpan("from elsewhere").end();
    await processor.forceFlush();
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(out).toMatch(/^from elsewhere +[\d.]+ ms +ok$/m);
  }, 30_000);

  test.each([
    [[], "needs a file"],
    [["--"], "no program after --"],
    [["a", "b"], "one file"],
    [["a", "--port", "1"], "one file"],
    [["--port", "many"], "--port must be"],
    [["--width", "5", "a"], "--width must be"],
    [["none-such.jsonl"], "cannot read none-such.jsonl"],
    [["--", "/none/such/program"], "cannot run /none/such/program"],
  ])("crosspoint trace %j says what is wrong", async (args, words) => {
    await expect(show(...args)).rejects.toMatchObject({ code: "INVALID_OPTIONS", message: expect.stringContaining(words) as unknown });
  });
});
