import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, test, vi } from "vitest";
import { chatFrames, streamed } from "../support/wire.ts";
import { createTraced } from "./support/spans.ts";

type Method = (...values: unknown[]) => unknown;

/** The same object; counts the calls of its methods, and of those of all that they return. */
function counting<T extends object>(target: T, calls: Map<string, number>): T {
  return new Proxy(target, {
    get(_target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...values: unknown[]): unknown => {
        calls.set(String(name), (calls.get(String(name)) ?? 0) + 1);
        const returned = (value as Method).apply(target, values);
        return typeof returned === "object" && returned !== null ? counting(returned, calls) : returned;
      };
    },
  });
}

async function callsFor(chunks: number, model: string): Promise<ReadonlyMap<string, number>> {
  const calls = new Map<string, number>();
  const texts = Array.from({ length: chunks }, (_each, index) => `${index} `);
  const { crosspoint } = createTraced(
    () => streamed(chatFrames(texts)),
    { models: { smart: { deployments: ["openai-chat/gpt-4o"], fallbacks: ["openai-chat/gpt-4o-mini"] } } },
    { tracerProvider: counting(new TracerProvider(), calls), meterProvider: counting(new MeterProvider(), calls) },
  );
  const around = vi.spyOn(AsyncLocalStorageContextManager.prototype, "with");
  const active = vi.spyOn(AsyncLocalStorageContextManager.prototype, "active");
  let events = 0;
  for await (const event of crosspoint.stream({ model, messages: [{ role: "user", content: "Hi" }] }))
    events += event.type === "text-delta" ? 1 : 0;
  expect(events).toBe(chunks);
  calls.set("with", around.mock.calls.length).set("active", active.mock.calls.length);
  vi.restoreAllMocks();
  return calls;
}

test.each(["openai-chat/gpt-4o", "smart"])("a stream of 1,000 chunks calls the SDK as often as one of 10: %s", async (model) => {
  const few = await callsFor(10, model);
  expect(few.get("setAttributes")).toBeGreaterThan(0);
  expect(few.get("record")).toBeGreaterThan(0);
  expect(await callsFor(1_000, model)).toEqual(few);
});
