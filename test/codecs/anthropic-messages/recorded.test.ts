import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { anthropicMessages as codec } from "../../../src/codecs/anthropic-messages/index.ts";
import { accumulate } from "../../../src/ir/accumulate.ts";
import type { Part } from "../../../src/ir/content.ts";
import type { StreamEvent } from "../../../src/ir/event.ts";
import type { JSONObject } from "../../../src/ir/json.ts";
import { claude, heard, play, told } from "./support.ts";

const folder = join(resolve(process.env["CROSSPOINT_RECORDED"] ?? "../shared/recorded"), "anthropic-messages");
const present = existsSync(folder);
const files = present
  ? readdirSync(folder).flatMap((provider) => readdirSync(join(folder, provider)).map((name) => join(provider, name)))
  : [];
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

/** Every answer of a file; each begins with its own start. */
function answers(name: string): string[][] {
  const all: string[][] = [];
  for (const line of read(name).split("\n").filter(Boolean)) {
    if (line.includes('"type":"message_start"')) all.push([]);
    all.at(-1)!.push(line);
  }
  return all;
}

function check(events: readonly StreamEvent[]): void {
  const open = new Set<string>();
  const seen = new Set<string>();
  for (const [index, event] of events.entries()) {
    expect(event.type === "response-start").toBe(index === 0);
    expect(event.type === "response-end").toBe(index === events.length - 1);
    if (!("id" in event) || event.id === undefined || event.type === "response-start") continue;
    if (event.type.endsWith("-start")) {
      expect(seen.has(event.id)).toBe(false);
      seen.add(event.id);
      open.add(event.id);
    } else expect(open.has(event.id)).toBe(true);
    if (event.type.endsWith("-end")) open.delete(event.id);
  }
  expect(open.size).toBe(0);
  const { usage, finishReason, toolCalls } = accumulate(events);
  expect(finishReason.raw).toBeDefined();
  expect(["stop", "tool-calls", "length", "content-filter"]).toContain(finishReason.unified);
  expect(usage.total).toBe(usage.input.total! + usage.output.total!);
  expect(usage.input.total).toBe(usage.input.uncached! + (usage.input.cacheRead ?? 0) + (usage.input.cacheWrite ?? 0));
  for (const call of toolCalls) expect(() => JSON.parse(call.arguments) as unknown).not.toThrow();
}

/** White space between the arguments' tokens is no part of an object. */
const plain = (part: Part): Part => (part.type === "tool-call" ? { ...part, arguments: JSON.stringify(JSON.parse(part.arguments)) } : part);

/** Says that the answer survives the way to a client of this wire and back. */
function checkRoundTrip(events: readonly StreamEvent[]): void {
  const { content, finishReason, usage } = accumulate(events);
  const encoder = codec.encodeStream(told());
  const frames = encoder
    .push(events)
    .split("\n\n")
    .flatMap((frame) => /^data: (.*)$/m.exec(frame)?.[1] ?? []);
  const streamed = accumulate(play(frames));
  const whole = codec.encodeResponse({ ...accumulate(events), provider: "p", deployment: "d", attempts: [] }, told());
  const decoded = accumulate(codec.decodeResponse(whole, heard()));
  for (const copy of [streamed, decoded]) {
    expect(copy.content.map(plain)).toEqual(content.map(plain));
    expect(copy.finishReason).toEqual(finishReason);
    expect(copy.usage.total).toBe(usage.total);
  }
}

describe.skipIf(!present)("recordings of Anthropic's wire", () => {
  test.each(files.filter((name) => name.endsWith(".json")))("%s", (name) => {
    const events = codec.decodeResponse(JSON.parse(read(name)), heard());
    check(events);
    checkRoundTrip(events);
    const { content } = accumulate(events);
    const replayed = codec.encodeRequest(
      {
        model: "m",
        messages: [
          { role: "user", content: "q" },
          { role: "assistant", content },
          { role: "user", content: "r" },
        ],
      },
      claude(),
      false,
    );
    const sent = JSON.parse(read(name)) as { content: JSONObject[] };
    const assistant = (replayed.body["messages"] as unknown as { role: string; content: unknown }[]).find(
      ({ role }) => role === "assistant",
    );
    if (sent.content.length === 1 && sent.content[0]!["type"] === "text") expect(assistant!.content).toBe(sent.content[0]!["text"]);
    else if (sent.content.length > 0)
      expect(assistant!.content).toMatchObject(
        sent.content.map(({ citations: _citations, caller, ...block }) => ({
          ...block,
          ...((caller as JSONObject | undefined)?.["type"] !== "direct" && caller !== undefined && { caller }),
        })),
      );
  });

  test.each(files.filter((name) => name.endsWith(".chunks.txt") && !name.includes("spliced")))("%s", (name) => {
    const all = answers(name);
    expect(all.length).toBeGreaterThan(0);
    for (const frames of all) {
      const events = play(frames);
      check(events);
      checkRoundTrip(events);
    }
  });

  test("AN37 an answer that is spliced into another one is an error", () => {
    const spliced = files.find((name) => name.includes("spliced"))!;
    expect(() => play(read(spliced).split("\n").filter(Boolean))).toThrow("a second answer began");
  });
});
