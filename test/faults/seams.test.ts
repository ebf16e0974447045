import { createCrosspoint, type StreamEvent } from "crosspoint";
import { expect, test } from "vitest";
import { accumulate } from "../../src/ir/accumulate.ts";
import { checkOrder } from "../support/event-order.ts";
import { ANSWER, createProvider } from "./provider.ts";

const THOUGHTS = "first this then that";
const REFUSES_PREFILL = "anthropic/claude-opus-4-6";
const TAKES_PREFILL = "anthropic/claude-3-5-haiku-latest";

test.each([
  ["openai-chat/gpt-4.1", REFUSES_PREFILL],
  ["openai/gpt-5.2", TAKES_PREFILL],
  ["anthropic/claude-sonnet-4-5", "google/gemini-2.5-flash"],
  ["google/gemini-2.5-flash", "openai/gpt-5.2"],
] as const)("wherever %s breaks off, %s goes on", async (model, backup) => {
  const [first, second] = [createProvider(THOUGHTS), createProvider(THOUGHTS)];
  let cuts = 0;
  for (let at = 1; at <= 66; at += at < 10 || at > 57 ? 1 : 7) {
    let asked = 0;
    // One for each call: what fails often is not asked for a while.
    const crosspoint = createCrosspoint({
      env: {},
      providers: first.providers(),
      fetch: (input, init) => (asked++ === 0 ? first : second).fetch(input, init),
      models: { main: { deployments: [model], fallbacks: [backup] } },
      retries: 0,
      recovery: "continue",
    });
    first.fault({ cutAfterChunks: at });
    const stream = crosspoint.stream({
      model: "main",
      messages: [{ role: "user", content: "Say sixty words." }],
      reasoning: { effort: "low" },
    });
    const events: StreamEvent[] = [];
    for await (const event of stream) events.push(event);
    checkOrder(events);
    const { content, text } = accumulate(events);
    expect([at, text]).toEqual([at, ANSWER]);
    expect(content.filter(({ type }) => type === "text")).toHaveLength(1);
    expect(content.at(-1)!.type).toBe("text");
    if (asked === 2) cuts++;
    first.reset();
  }
  expect(cuts).toBeGreaterThan(15);
  expect(second.requests.map(({ status }) => status)).toEqual(second.requests.map(() => 200));
});
