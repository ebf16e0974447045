import { createParser } from "eventsource-parser";
import fc from "../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { createSseSplitter } from "../../src/transport/sse.ts";

type Frame = readonly [data: string, event: string | undefined];

function split(chunks: readonly Uint8Array[]): Frame[] {
  const frames: Frame[] = [];
  const splitter = createSseSplitter((data, event) => frames.push([data, event]));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return frames;
}

const utf8 = new TextEncoder();
const splitText = (text: string): Frame[] => split([utf8.encode(text)]);

describe("X50 server-sent events", () => {
  test.each([
    [
      "data: a\n\ndata: b\n\n",
      [
        ["a", undefined],
        ["b", undefined],
      ],
    ],
    [
      "data: a\r\n\r\ndata: b\r\r",
      [
        ["a", undefined],
        ["b", undefined],
      ],
    ],
    ["event: ping\ndata: {}\n\n", [["{}", "ping"]]],
    ["data: one\ndata: two\n\n", [["one\ntwo", undefined]]],
    [": comment\n\nid: 7\nretry: 10\ndata:tight\n\n", [["tight", undefined]]],
    ["\uFEFFdata: after a mark\n\n", [["after a mark", undefined]]],
    ["data: no blank line at the end", [["no blank line at the end", undefined]]],
    ["data\n\nevent: lonely\n\ndata: x\n\n", [["x", undefined]]],
    ['{"error":{"message":"bare JSON"}}', [['{"error":{"message":"bare JSON"}}', undefined]]],
    ['[{"a":\n1}]', [['[{"a":', undefined]]],
    ["data: \n\n", [["", undefined]]],
  ] as const)("%j", (text, frames) => {
    // Bare JSON over several lines keeps only the lines that can begin a value; it is read whole where it matters, in one line.
    expect(splitText(text)).toEqual(frames);
  });

  test("agrees with eventsource-parser however the bytes are cut", () => {
    const line = fc.oneof(
      fc
        .tuple(fc.constantFrom("data: ", "data:", "event: ", ": ", "id: "), fc.string({ unit: "grapheme", maxLength: 12 }))
        .map(([field, text]) => field + text.replace(/[\r\n]/g, "")),
      fc.constant(""),
    );
    const ending = fc.constantFrom("\n", "\r\n");
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), ending, fc.array(fc.nat(200), { maxLength: 10 }), (lines, end, cuts) => {
        const text = `${lines.join(end)}${end}${end}`;
        const bytes = utf8.encode(text);
        const borders = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort((a, b) => a - b);
        const chunks = borders.slice(1).map((to, index) => bytes.subarray(borders[index], to));
        const expected: Frame[] = [];
        createParser({ onEvent: ({ data, event }) => expected.push([data, event === "" ? undefined : event]) }).feed(text);
        expect(split(chunks)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test("a frame without end is refused", () => {
    const splitter = createSseSplitter(() => {});
    const chunk = utf8.encode("x".repeat(8 * 1024 * 1024));
    expect(() => {
      for (let count = 0; count < 10; count++) splitter.push(chunk);
    }).toThrow(/too large/);
  });
});
