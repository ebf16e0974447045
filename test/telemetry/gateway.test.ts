import { context, propagation, SpanKind, trace, TraceFlags, type TextMapPropagator } from "@opentelemetry/api";
import { serve, type Gateway } from "crosspoint/gateway";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createCrosspoint, type Crosspoint, type SpendRow } from "../../src/index.ts";
import { chatAnswer, chatFrames, streamed } from "../support/wire.ts";
import { langfuseShows, phoenixShows } from "./support/rules.ts";
import { createTraced, idOf, parentOf, type Traced } from "./support/spans.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const models = { smart: { deployments: ["openai-chat/gpt-4o"], fallbacks: ["openai-chat/gpt-4o-mini"] } };

/** The W3C header, which SDKs register by default. */
const w3c: TextMapPropagator = {
  fields: () => ["traceparent"],
  inject(active, carrier, setter) {
    const { traceId, spanId, traceFlags } = trace.getSpanContext(active)!;
    setter.set(carrier, "traceparent", `00-${traceId}-${spanId}-0${traceFlags}`);
  },
  extract(active, carrier, getter) {
    const [, traceId, spanId, flags] = String(getter.get(carrier, "traceparent")).split("-");
    return trace.setSpanContext(active, { traceId: traceId!, spanId: spanId!, traceFlags: Number(flags), isRemote: true });
  },
};

let behind: Traced;
let gateway: Gateway;

beforeEach(async () => {
  propagation.setGlobalPropagator(w3c);
  behind = createTraced(({ body }) => (body["stream"] === true ? streamed(chatFrames(["Hello"])) : chatAnswer("Hello")), { models });
  gateway = await serve({ crosspoint: behind.crosspoint, port: 0 });
});

afterEach(async () => {
  await gateway.close();
  propagation.disable();
});

/** A client in another program: its HTTP carries the trace on, as instrumented HTTP does. */
function createClient(carries: boolean): Crosspoint & { readonly rows: SpendRow[] } {
  const rows: SpendRow[] = [];
  const client = createCrosspoint({
    providers: { gateway: { codec: "openai-chat", baseURL: `${gateway.url}/v1` } },
    telemetry: { tracerProvider: behind.provider },
    onSpend: (row) => void rows.push(row),
    fetch(input, init) {
      const headers = new Headers(init?.headers);
      if (carries) propagation.inject(context.active(), headers, { set: (to, name, value) => to.set(name, value) });
      // The other side is another program: it knows nothing of what is active here.
      return context.with(context.active().deleteValue(Symbol.for("OpenTelemetry Context Key SPAN")), () =>
        fetch(input, { ...init, headers }),
      );
    },
  });
  return { ...client, rows };
}

describe("through a gateway", () => {
  test.each(["generate", "stream"] as const)("%s: its spans continue the client's trace, and the usage counts once", async (how) => {
    const client = createClient(true);
    if (how === "generate") await client.generate({ model: "gateway/smart", messages });
    else await client.stream({ model: "gateway/smart", messages }).response;
    const [attempt, route, chat] = behind.spans();
    expect([attempt, route, chat].map((span) => span!.name)).toEqual(["chat gpt-4o", "route smart", "chat smart"]);
    expect(new Set(behind.spans().map((span) => span.spanContext().traceId)).size).toBe(1);
    expect(parentOf(route!)).toBe(idOf(chat!));
    expect(attempt!.kind).toBe(SpanKind.CLIENT);
    const { usage, cost } = behind.rows[0]!;
    expect(langfuseShows(behind.spans())).toEqual({ tokens: usage!.total, nanoUsd: cost!.nanoUsd, guessed: [] });
    expect(phoenixShows(behind.spans())).toEqual({ tokens: usage!.total });
    expect(chat!.attributes).toMatchObject({ "crosspoint.usage.input_tokens": 10, "crosspoint.usage.output_tokens": 5 });
  });

  test("in a trace of its own each side tells what it used", async () => {
    const client = createClient(false);
    await client.generate({ model: "gateway/smart", messages });
    const chat = behind.spans().find(({ name }) => name === "chat smart")!;
    expect(chat.attributes).toMatchObject({ "gen_ai.usage.input_tokens": 10 });
    expect(new Set(behind.spans().map((span) => span.spanContext().traceId)).size).toBe(2);
  });

  test("any client's trace is continued, also one that nobody samples", async () => {
    for (const flags of [TraceFlags.SAMPLED, TraceFlags.NONE]) {
      const traceparent = `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0${flags}`;
      const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", traceparent },
        body: JSON.stringify({ model: "smart", messages }),
      });
      const sampled = flags === TraceFlags.SAMPLED;
      expect(response.headers.get("x-crosspoint-usage-owner")).toBe(sampled ? "0af7651916cd43dd8448eb211c80319c" : null);
      await response.json();
    }
    expect(behind.spans().map(({ name }) => name)).toEqual(["chat gpt-4o", "route smart"]);
    expect(parentOf(behind.spans()[1]!)).toBe("b7ad6b7169203331");
  });
});
