import { AIMessageChunk } from "@langchain/core/messages";
import { concat } from "@langchain/core/utils/stream";
import fc from "../../support/fast-check.ts";
import { expect, test } from "vitest";
import type { StreamEvent, ToolCallPart } from "crosspoint";
import { createChunkWriter } from "../../../adapters/langchain/write-chunks.ts";
import { readMessages } from "../../../adapters/langchain/read-messages.ts";

function fold(events: readonly StreamEvent[], standard = false): AIMessageChunk {
  const writer = createChunkWriter(standard);
  const chunks = events.map((event) => writer.write(event)?.message).filter((chunk) => chunk !== undefined);
  return chunks.reduce((sum, chunk) => concat(sum, chunk), new AIMessageChunk("")) as AIMessageChunk;
}

function call(pieces: readonly string[], more: Partial<Extract<StreamEvent, { type: "tool-call-start" }>> = {}): StreamEvent[] {
  return [
    { type: "tool-call-start", id: "c1", name: "write", ...more },
    ...pieces.map((piece) => ({ type: "tool-call-delta", id: "c1", arguments: piece }) as const),
    { type: "tool-call-end", id: "c1" },
  ];
}

const argumentsOf = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }).map((value) => JSON.stringify(value));

test("arguments survive being streamed in any pieces", () => {
  fc.assert(
    fc.property(argumentsOf, fc.nat(), (args, at) => {
      const cut = at % args.length;
      const message = fold(call([args.slice(0, cut), args.slice(cut)]));
      expect(message.tool_calls).toHaveLength(1);
      expect(JSON.stringify(message.tool_calls![0]!.args)).toBe(JSON.stringify(JSON.parse(args)));
    }),
  );
});

test("arguments that were cut anywhere never make a call, and go back as they came", () => {
  fc.assert(
    fc.property(argumentsOf, fc.nat(), (args, at) => {
      const kept = args.slice(0, 1 + (at % (args.length - 1)));
      const message = fold(call([kept]));
      expect(message.tool_calls).toEqual([]);
      expect(message.invalid_tool_calls).toHaveLength(1);
      const [read] = readMessages([message]);
      const back = (read!.content as readonly ToolCallPart[])[0]!.arguments;
      // A backslash that stands alone at the end begins an escape that was cut; it is the mark's first half.
      expect(back).toBe(/(?<!\\)(?:\\\\)*\\$/.test(kept) ? kept.slice(0, -1) : kept);
    }),
    { numRuns: 300 },
  );
});

test("a free-form call is a custom one, and goes back as it came", () => {
  const message = fold(call(["*** Begin", " Patch"], { custom: true }));
  expect(message.tool_calls).toMatchObject([{ name: "write", args: { input: "*** Begin Patch" } }]);
  const [read] = readMessages([message]);
  expect(read!.content).toEqual([{ type: "tool-call", id: "c1", name: "write", arguments: "*** Begin Patch", custom: true }]);
});

test("an id that is settled at the end is the one that goes back, in the call and in its result", async () => {
  const { ToolMessage } = await import("@langchain/core/messages");
  const events = call(["{}"]);
  const message = fold([...events.slice(0, -1), { type: "tool-call-end", id: "c1", callId: "real" }]);
  expect(message.tool_calls).toMatchObject([{ id: "c1" }]);
  const read = readMessages([message, new ToolMessage({ content: "ok", tool_call_id: "c1" })]);
  expect(read[0]!.content).toMatchObject([{ id: "real" }]);
  expect(read[1]!.content).toMatchObject([{ callId: "real" }]);
});

test("two texts, reasoning between them and a call keep their order", () => {
  const message = fold([
    { type: "text-start", id: "a" },
    { type: "text-delta", id: "a", text: "one" },
    { type: "text-end", id: "a" },
    { type: "reasoning-start", id: "r" },
    { type: "reasoning-delta", id: "r", text: "hm" },
    { type: "reasoning-end", id: "r", opaque: [{ family: "f", kind: "signature", data: "s" }] },
    { type: "text-start", id: "b" },
    { type: "text-delta", id: "b", text: "t" },
    { type: "text-delta", id: "b", text: "wo" },
    { type: "text-end", id: "b" },
    ...call(["{}"]),
  ]);
  expect(message.content).toEqual([
    { type: "text", text: "one" },
    { type: "reasoning", reasoning: "hm", index: 1, crosspoint: { opaque: [{ family: "f", kind: "signature", data: "s" }] } },
    { type: "text", text: "two", index: 2 },
  ]);
  const [read] = readMessages([message]);
  expect(read!.content).toMatchObject([
    { type: "text", text: "one" },
    { type: "reasoning", text: "hm", opaque: [{ data: "s" }] },
    { text: "two" },
    { type: "tool-call" },
  ]);
});

test("state that comes at the end of plain text goes back on that text", () => {
  const message = fold([
    { type: "text-start", id: "a" },
    { type: "text-delta", id: "a", text: "hello" },
    { type: "text-end", id: "a", opaque: [{ family: "google", kind: "thought-signature", data: "s" }] },
  ]);
  expect(message.text).toBe("hello");
  const [read] = readMessages([message]);
  expect(read!.content).toEqual([{ type: "text", text: "hello", opaque: [{ family: "google", kind: "thought-signature", data: "s" }] }]);
});

test("of several answers only the first is streamed", () => {
  const message = fold([
    { type: "text-start", id: "a" },
    { type: "text-start", id: "b", choice: 1 },
    { type: "text-delta", id: "a", text: "one" },
    { type: "text-delta", id: "b", text: "two" },
    { type: "text-end", id: "a" },
    { type: "text-end", id: "b" },
  ]);
  expect(message.text).toBe("one");
});
