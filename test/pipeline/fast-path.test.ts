import { afterEach, expect, test, vi } from "vitest";
import { chatAnswer, chatFrames, createWired, streamed } from "../support/wire.ts";

const model = "openai-chat/gpt-4o";
const messages = [{ role: "user", content: "Hi" }] as const;

afterEach(() => void vi.restoreAllMocks());

test("the deltas of a stream are not parsed one by one", async () => {
  const pieces = Array.from({ length: 200 }, (_, index) => ` word${index}`);
  const { crosspoint } = createWired(() => streamed(chatFrames(pieces)));
  const parse = vi.spyOn(JSON, "parse");
  let text = "";
  for await (const piece of crosspoint.stream({ model, messages }).textStream) text += piece;
  const parsed = parse.mock.calls.filter(([frame]) => frame.startsWith('{"id":"chatcmpl')).length;
  expect(text).toBe(pieces.join(""));
  expect(parsed).toBeGreaterThan(0);
  expect(parsed).toBeLessThan(10);
});

test("texts with escapes and quotes keep the short way for the others", async () => {
  const pieces = Array.from({ length: 200 }, (_, index) => (index % 20 === 0 ? `"\n${index}` : ` word${index}`));
  const { crosspoint } = createWired(() => streamed(chatFrames(pieces)));
  const parse = vi.spyOn(JSON, "parse");
  expect((await crosspoint.stream({ model, messages }).response).text).toBe(pieces.join(""));
  expect(parse.mock.calls.filter(([frame]) => frame.startsWith('{"id":"chatcmpl')).length).toBeLessThan(10);
});

test("a call parses its answer once, and writes its request once", async () => {
  const { crosspoint, sent } = createWired(() => chatAnswer("Hello"));
  await crosspoint.generate({ model, messages });
  const parse = vi.spyOn(JSON, "parse");
  const stringify = vi.spyOn(JSON, "stringify");
  expect((await crosspoint.generate({ model, messages })).text).toBe("Hello");
  expect(sent).toHaveLength(2);
  // The wire's own reading and writing in the support file counts one each.
  expect(parse.mock.calls.length).toBe(2);
  expect(stringify.mock.calls.length).toBeLessThanOrEqual(2);
});

test("a call without a signal of its own puts no listener on a shared one", async () => {
  const { crosspoint } = createWired(() => chatAnswer("Hello"));
  const listen = vi.spyOn(AbortSignal.prototype, "addEventListener");
  await crosspoint.generate({ model, messages });
  expect(listen).not.toHaveBeenCalled();
});
