import Anthropic from "@anthropic-ai/sdk";
import fc from "../support/fast-check.ts";
import OpenAI from "openai";
import { expect, test } from "vitest";
import { createFrameGate } from "../../src/endpoints/whole-frames.ts";
import { chatFrames, createFeed, createWired } from "../support/wire.ts";

const utf8 = new TextEncoder();
const decode = (parts: readonly Uint8Array[]): string => new TextDecoder().decode(Buffer.concat(parts));

test("bytes pass unaltered, and every part but the last ends with a whole frame", () => {
  const frame = fc.tuple(fc.string({ unit: "grapheme", maxLength: 12 }), fc.constantFrom("\n\n", "\r\n\r\n")).map(([text, end]) => {
    return `data: ${text.replaceAll(/[\r\n]/g, "")}${end}`;
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 6 }), fc.boolean(), fc.array(fc.nat(), { maxLength: 12 }), (frames, isCut, places) => {
      const bytes = utf8.encode(frames.join("") + (isCut ? "data: {" : ""));
      const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const pass = createFrameGate();
      const parts = cuts.slice(1).map((end, index) => pass(bytes.subarray(cuts[index], end))!);
      for (const part of parts) expect(decode([part])).toMatch(/^$|\n\r?\n$/);
      expect(decode(parts)).toBe(frames.join(""));
      expect(decode([...parts, pass(undefined) ?? new Uint8Array()])).toBe(decode([bytes]));
    }),
  );
});

const failing = (frames: readonly string[]) => {
  const { crosspoint } = createWired(({ signal }) => {
    const feed = createFeed(signal);
    feed.push(frames.join("").slice(0, -40));
    setTimeout(() => feed.fail(new TypeError("terminated")), 5);
    return feed.response;
  });
  return crosspoint;
};

test("a connection that breaks in the middle of a frame is an error of OpenAI's client", async () => {
  const client = new OpenAI({
    apiKey: "k",
    baseURL: "http://crosspoint.invalid/v1",
    fetch: failing(chatFrames(["Hel", "lo"]).slice(0, 3)).fetch,
  });
  const stream = await client.chat.completions.create({
    model: "openai-chat/gpt-4o",
    messages: [{ role: "user", content: "Hi" }],
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  const reading = (async () => {
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  })();
  await expect(reading).rejects.toBeInstanceOf(OpenAI.APIError);
  expect(text).toBe("Hel");
});

test("a connection that breaks in the middle of a frame is an error of Anthropic's client", async () => {
  const frame = (type: string, fields: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const message = { id: "m", type: "message", role: "assistant", model: "c", content: [], usage: { input_tokens: 1, output_tokens: 1 } };
  const { fetch } = failing([
    frame("message_start", { message }),
    frame("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    frame("content_block_delta", { index: 0, delta: { type: "text_delta", text: "Hel" } }),
    frame("content_block_delta", { index: 0, delta: { type: "text_delta", text: "lo" } }),
  ]);
  const client = new Anthropic({ apiKey: "k", baseURL: "http://crosspoint.invalid", fetch });
  const stream = client.messages.stream({
    model: "anthropic/claude-sonnet-4-5",
    max_tokens: 10,
    messages: [{ role: "user", content: "Hi" }],
  });
  let text = "";
  stream.on("text", (piece) => void (text += piece));
  await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIError);
  expect(text).toBe("Hel");
});
