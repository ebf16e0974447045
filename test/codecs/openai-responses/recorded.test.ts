import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { accumulate, CrosspointError, type JSONObject, type StreamEvent } from "../../../src/ir/index.ts";
import { openaiResponses } from "../../../src/codecs/openai-responses/index.ts";
import { client, decodeContext, encodeContext } from "./support.ts";

const root = resolve(import.meta.dirname, "../../..", process.env["CROSSPOINT_RECORDED"] ?? "../shared/recorded", "openai-responses");
const present = existsSync(root);
if (!present) console.warn(`no recordings at ${root}: their tests are skipped`);
const files = present
  ? readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => /\.(?:json|chunks\.txt)$/.test(name))
  : [];

/** Recordings of failures, and one whose own first and last frames are broken. */
const FAILS: Readonly<Record<string, string>> = {
  "openai/openai-error.1.json": "QUOTA_EXCEEDED",
  "openai/openai-error.1.chunks.txt": "QUOTA_EXCEEDED",
  "openai/reasoning-model-temperature-error.json": "BAD_REQUEST",
  "openai/parallel-tool-call-wrapper.1.chunks.txt": "STREAM_INTERRUPTED",
};

function context(file: string): ReturnType<typeof decodeContext> {
  return decodeContext({ family: file.split("/")[0]! });
}

/** The answers of a stream's file: each begins with its own `response.created`. */
function answers(file: string): string[][] {
  const lines = readFileSync(join(root, file), "utf8").split("\n").filter(Boolean);
  const all: string[][] = [];
  for (const line of lines) {
    if (all.length === 0 || /"type":"response\.created"/.test(line)) all.push([]);
    all.at(-1)!.push(line);
  }
  return all;
}

function decodeLines(lines: readonly string[], file: string): StreamEvent[] {
  const decoder = openaiResponses.decodeStream(context(file));
  const out: StreamEvent[] = [];
  for (const line of lines) decoder.push(line, undefined, out);
  decoder.end(out);
  expect(decoder.done).toBe(true);
  return out;
}

function decodeFile(file: string): StreamEvent[][] {
  if (file.endsWith(".json")) return [openaiResponses.decodeResponse(JSON.parse(readFileSync(join(root, file), "utf8")), context(file))];
  return answers(file).map((lines) => decodeLines(lines, file));
}

function expectSound(events: readonly StreamEvent[]): void {
  const open = new Set<string>();
  for (const event of events) {
    if (event.type === "text-start" || event.type === "reasoning-start" || event.type === "tool-call-start") open.add(event.id);
    if (event.type === "text-end" || event.type === "reasoning-end" || event.type === "tool-call-end")
      expect(open.delete(event.id)).toBe(true);
  }
  expect(open.size).toBe(0);
  const answer = accumulate(events);
  expect(["stop", "tool-calls", "length"]).toContain(answer.finishReason.unified);
  const { input, output, total } = answer.usage;
  expect((input.uncached ?? 0) + (input.cacheRead ?? 0) + (input.cacheWrite ?? 0)).toBe(input.total);
  expect((output.text ?? 0) + (output.reasoning ?? 0)).toBe(output.total);
  expect(total).toBe(input.total! + output.total!);
  expect(answer.warnings).toEqual([]);
  for (const call of answer.toolCalls) expect(() => JSON.parse(call.arguments) as unknown).not.toThrow();
}

describe.skipIf(!present)("recorded answers", () => {
  test.each(files)("%s", (file) => {
    const code = FAILS[file];
    if (code === undefined) {
      for (const events of decodeFile(file)) expectSound(events);
      return;
    }
    try {
      decodeFile(file);
      expect.unreachable();
    } catch (error) {
      expect(CrosspointError.is(error) ? error.code : error).toBe(code);
    }
  });

  /** The response object that ends a stream is the whole answer to the same question. */
  const streams = files.filter((file) => file.endsWith(".txt") && !(file in FAILS));
  // The last frame of this one was shortened by hand.
  const faithful = streams.filter((file) => file !== "openai/openai-shell-container.1.chunks.txt");
  test.each(faithful)("%s: the stream and its last response say the same", (file) => {
    for (const lines of answers(file)) {
      const events = decodeLines(lines, file);
      const last = (JSON.parse(lines.at(-1)!) as JSONObject)["response"] as JSONObject;
      if ((last["output"] as unknown[]).length === 0) continue;
      // A proxy that changes ids on the way has others in its last frame.
      const told = (answer: ReturnType<typeof accumulate>): unknown =>
        answer.content.map((part) => {
          if (part.type === "provider") return [part.type, part.raw["type"]];
          const { itemId: _itemId, opaque: _opaque, ...rest } = part;
          return "logprobs" in rest ? { ...rest, logprobs: rest.logprobs?.map(({ token }) => token) } : rest;
        });
      const whole = accumulate(openaiResponses.decodeResponse(last, context(file)));
      expect(told(accumulate(events))).toEqual(told(whole));
    }
  });

  test.each(streams)("%s: told on to the official client", async (file) => {
    for (const lines of answers(file)) {
      const events = decodeLines(lines, "openai");
      const answer = accumulate(events);
      const encoder = openaiResponses.encodeStream(encodeContext());
      const text = events.map((event) => encoder.push([event])).join("");
      const final = await client(text).responses.stream({ model: "x", input: "x" }).finalResponse();
      expect(final.output_text).toBe(answer.text);
      expect(final.usage?.total_tokens).toBe(answer.usage.total);
      expect(final.output.filter((item) => item.type === "function_call").map((item) => item.call_id)).toEqual(
        answer.toolCalls.map(({ id }) => id),
      );
    }
  });
});
