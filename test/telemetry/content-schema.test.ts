import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { FilePart, Message, ModelRequest, StreamEvent } from "../../src/index.ts";
import { contentAttributes, openCapture, type ContentOptions } from "../../src/telemetry/content.ts";
import { SCHEMAS } from "./support/schemas.ts";

const VALIDATORS = Object.fromEntries(
  Object.entries(SCHEMAS).map(([name, schema]) => [name, z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])]),
);

function problemsOf(name: string, value: unknown): unknown {
  const { success, error } = VALIDATORS[name]!.safeParse(value);
  return success ? [] : error!.issues;
}

const files: readonly FilePart[] = (["image/png", "audio/wav", "video/mp4", "application/pdf", "image/*"] as const).flatMap((mediaType) => [
  { type: "file", mediaType, data: { type: "base64", base64: "aGVsbG8=" } } as const,
  { type: "file", mediaType, data: { type: "bytes", bytes: new Uint8Array(3) } } as const,
  { type: "file", mediaType, data: { type: "url", url: "https://files.example/x" } } as const,
  { type: "file", mediaType, data: { type: "url", url: "data:image/png;base64,aGVsbG8=" } } as const,
  { type: "file", mediaType, data: { type: "id", id: "file-1", family: "openai" } } as const,
]);

/** Every kind of part that a conversation may have, and every kind of tool. */
const messages: readonly Message[] = [
  { role: "system", content: "Be brief" },
  { role: "system", content: [{ type: "text", text: "And kind" }] },
  { role: "user", content: "Hi", name: "alice" },
  { role: "user", content: [{ type: "text", text: "Look" }, ...files, { type: "file", mediaType: "text/plain", data: { type: "text", text: "x" } }] }, // oxfmt-ignore
  {
    role: "assistant",
    content: [
      { type: "reasoning", text: "Hm" },
      { type: "text", text: "I look" },
      { type: "tool-call", id: "c1", name: "look", arguments: '{"at":"cat"}' },
      { type: "tool-call", id: "c2", name: "look", arguments: '{"at":' },
      { type: "tool-call", id: "c3", name: "search", arguments: "{}" },
    ],
  },
  {
    role: "tool",
    content: [
      { type: "tool-result", callId: "c1", output: "A cat" },
      { type: "tool-result", callId: "c2", output: { type: "text", text: "A cat" } },
      { type: "tool-result", callId: "c3", output: { type: "json", value: [1, null, { a: true }] } },
      { type: "tool-result", callId: "c4", output: { type: "content", parts: [{ type: "text", text: "x" }, files[0]!] } },
      { type: "tool-result", callId: "c5", output: { type: "denied", reason: "no" } },
      { type: "tool-result", callId: "c6", output: { type: "denied" } },
    ],
  },
];
const tools: ModelRequest["tools"] = [
  { name: "look", description: "Looks", inputSchema: { type: "object", properties: { at: { type: "string" } } } },
  { type: "custom", name: "write" },
  { type: "provider", family: "openai", raw: { type: "web_search" } },
];

/** Every kind of part that an answer may have. */
const answer: readonly StreamEvent[] = [
  { type: "response-start", id: "r1", model: "m" },
  { type: "reasoning-start", id: "0" },
  { type: "reasoning-delta", id: "0", text: "Hm" },
  { type: "reasoning-end", id: "0" },
  { type: "text-start", id: "1" },
  { type: "text-delta", id: "1", text: "Hello" },
  { type: "text-end", id: "1" },
  { type: "tool-call-start", id: "2", name: "look" },
  { type: "tool-call-delta", id: "2", arguments: '{"at":"cat"}' },
  { type: "tool-call-end", id: "2" },
];
const REASONS = ["stop", "length", "tool-calls", "content-filter", "error"] as const;

/** What is written of a call that says all of it. */
function written(unified: (typeof REASONS)[number], options: ContentOptions = {}): Record<string, string> {
  const capture = openCapture({ model: "m", messages, ...(tools !== undefined && { tools }) }, options);
  capture.push([...answer, { type: "response-end", finishReason: { unified } }]);
  return contentAttributes(capture.content()!);
}

describe("content is what the schemas of the conventions say", () => {
  test.each(REASONS)("every kind of part, in and out: finish reason %s", (unified) => {
    const attributes = written(unified);
    expect(Object.keys(attributes).toSorted((a, b) => a.localeCompare(b))).toEqual(
      Object.keys(SCHEMAS).toSorted((a, b) => a.localeCompare(b)),
    );
    for (const [name, text] of Object.entries(attributes)) {
      expect(JSON.parse(text), name).not.toEqual([]);
      expect(problemsOf(name, JSON.parse(text)), name).toEqual([]);
    }
    const types = [...attributes["gen_ai.input.messages"]!.matchAll(/"type":"(\w+)"/g)].map(([, type]) => type);
    expect(types).toEqual(expect.arrayContaining(["text", "reasoning", "tool_call", "tool_call_response", "blob", "uri", "file"]));
  });

  test("what was cut and redacted still is", () => {
    const attributes = written("stop", { maxContentLength: 12, redact: [/cat/] });
    expect(JSON.stringify(attributes)).not.toContain("cat");
    for (const [name, text] of Object.entries(attributes)) expect(problemsOf(name, JSON.parse(text)), name).toEqual([]);
  });

  test("the schemas refuse what is not", () => {
    expect(problemsOf("gen_ai.input.messages", [{ role: "user", parts: [{ type: "text" }] }])).not.toEqual([]);
    expect(problemsOf("gen_ai.input.messages", [{ role: "user", parts: [{ type: "uri", modality: "smell", uri: "x" }] }])).not.toEqual([]);
    expect(problemsOf("gen_ai.input.messages", [{ role: "nobody", parts: [] }])).not.toEqual([]);
    expect(problemsOf("gen_ai.output.messages", [{ role: "assistant", parts: [] }])).not.toEqual([]);
    expect(problemsOf("gen_ai.output.messages", [{ role: "assistant", parts: [], finish_reason: "tool_calls" }])).not.toEqual([]);
    expect(problemsOf("gen_ai.tool.definitions", [{ type: "function" }])).not.toEqual([]);
    expect(problemsOf("gen_ai.system_instructions", [{ content: "x" }])).not.toEqual([]);
  });
});
