import { createSimulator } from "crosspoint/testing";
import { expect, test, vi } from "vitest";
import { untilCollected } from "../support/collect.ts";
import { createWired } from "../support/wire.ts";

// A platform's `Request` passes its caller's abort on only while somebody holds it.
test("the abort of a Request that nobody holds any more still ends the call", async () => {
  const { crosspoint, sent } = createWired(
    ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
  );
  const caller = new AbortController();
  const ask = (): Promise<unknown> => {
    const body = JSON.stringify({ model: "openai-chat/gpt-4o", messages: [{ role: "user", content: "Hi" }] });
    return crosspoint.fetch(new Request("http://x.invalid/v1/chat/completions", { method: "POST", body, signal: caller.signal }));
  };
  const refused = expect(ask()).rejects.toMatchObject({ name: "AbortError" });
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  await untilCollected(() => false, 5);
  caller.abort();
  await refused;
  expect(sent[0]!.signal.aborted).toBe(true);
});

test("nor does the simulator lose it", async () => {
  const simulator = createSimulator();
  simulator.fault({ stallMs: 60_000 });
  const caller = new AbortController();
  const body = JSON.stringify({ model: "gpt-5", input: "Hi", stream: true });
  const headers = { authorization: "Bearer sk-test-000000", "content-type": "application/json" };
  const response = await simulator.fetch("https://api.openai.com/v1/responses", { method: "POST", headers, body, signal: caller.signal });
  const rest = expect(response.text()).rejects.toMatchObject({ name: "AbortError" });
  await untilCollected(() => false, 5);
  caller.abort();
  await rest;
  expect(simulator.open).toBe(0);
});
