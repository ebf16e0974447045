import { expect, test } from "vitest";
import { createCrosspoint } from "../../src/index.ts";
import { createWired, chatAnswer, chatFrames, streamed } from "../support/wire.ts";

const messages = [{ role: "user", content: "Hi" }] as const;

test("this is the edge runtime: no process, no Buffer", () => {
  expect((globalThis as { EdgeRuntime?: string }).EdgeRuntime).toBe("edge-runtime");
});

test("generate", async () => {
  const { crosspoint } = createWired(() => chatAnswer("Hello"));
  expect(await crosspoint.generate({ model: "openai-chat/gpt-4o", messages })).toMatchObject({ text: "Hello", usage: { total: 15 } });
});

test("stream", async () => {
  const { crosspoint } = createWired(() => streamed(chatFrames(["Hel", "lo"])));
  let text = "";
  for await (const piece of crosspoint.stream({ model: "openai-chat/gpt-4o", messages }).textStream) text += piece;
  expect(text).toBe("Hello");
});

test.each([
  ["/v1/chat/completions", { messages }],
  ["/v1/responses", { input: "Hi" }],
  ["/v1/messages", { max_tokens: 5, messages }],
])("fetch %s", async (path, body) => {
  const { crosspoint } = createWired(() => chatAnswer("Hello"));
  const response = await crosspoint.fetch(`http://crosspoint.invalid${path}`, {
    method: "POST",
    body: JSON.stringify({ model: "openai-chat/gpt-4o", ...body }),
  });
  expect(await response.text()).toContain("Hello");
});

test("without an environment a missing key is still the clear error", async () => {
  const crosspoint = createCrosspoint({ fetch: () => Promise.reject(new Error("never")) });
  await expect(crosspoint.generate({ model: "openai-chat/gpt-4o", messages })).rejects.toThrow(/OPENAI_API_KEY/);
});

test("a budget holds, and the spend log tells", async () => {
  const { crosspoint } = createWired(() => chatAnswer("Hello"), { budgets: [{ limit: 0.0005, expectedOutput: 40 }] });
  await crosspoint.generate({ model: "openai-chat/gpt-4o", messages });
  await expect(crosspoint.generate({ model: "openai-chat/gpt-4o", messages, maxOutputTokens: 50 })).rejects.toThrow(
    /budget "all usd\/month"/,
  );
  expect((await crosspoint.spend()).lines).toMatchObject([{ calls: 2, failures: 1, nanoUsd: 75_000n }]);
  await crosspoint.close();
});
