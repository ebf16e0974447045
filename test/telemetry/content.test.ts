import { describe, expect, test } from "vitest";
import type { CrosspointOptions, ModelRequest, TelemetryOptions } from "../../src/index.ts";
import { chatAnswer, chatFrames, streamed } from "../support/wire.ts";
import { createTraced } from "./support/spans.ts";

const model = "openai-chat/gpt-4o";
const request: ModelRequest = {
  model,
  messages: [
    { role: "system", content: "Be brief" },
    {
      role: "user",
      content: [
        { type: "text", text: "Look" },
        { type: "file", mediaType: "image/png", data: { type: "base64", base64: "aGVsbG8gd29ybGQ=" } },
        { type: "file", mediaType: "image/png", data: { type: "url", url: "https://files.example/cat.png" } },
      ],
    },
    { role: "assistant", content: [{ type: "tool-call", id: "c1", name: "look", arguments: '{"at":"cat"}' }] },
    { role: "tool", content: [{ type: "tool-result", callId: "c1", output: "A cat" }] },
  ],
  tools: [{ name: "look", description: "Looks", inputSchema: { type: "object", properties: { at: { type: "string" } } } }],
};

async function capture(telemetry: TelemetryOptions, asked = request, options: CrosspointOptions = {}) {
  const traced = createTraced(
    ({ body }) => (body["stream"] === true ? streamed(chatFrames(["Hel", "lo"])) : chatAnswer("Hello")),
    options,
    telemetry,
  );
  await traced.crosspoint.generate(asked);
  const [span] = traced.spans();
  const read = (name: string): unknown => JSON.parse(span!.attributes[name] as string);
  return { ...traced, span: span!, read };
}

describe("content", () => {
  test("none by default, neither prompts nor answers", async () => {
    const { span } = await capture({});
    expect(Object.keys(span.attributes).filter((key) => /messages|instructions|definitions/.test(key))).toEqual([]);
    expect(JSON.stringify([span.attributes, span.events])).not.toMatch(/Be brief|Look|Hello/);
  });

  test("span: JSON texts in the conventions' form, media without their bytes", async () => {
    const { span, read } = await capture({ captureContent: "span" });
    expect(span.events).toEqual([]);
    expect(read("gen_ai.system_instructions")).toEqual([{ type: "text", content: "Be brief" }]);
    expect(read("gen_ai.input.messages")).toEqual([
      {
        role: "user",
        parts: [
          { type: "text", content: "Look" },
          { type: "blob", modality: "image", mime_type: "image/png", content: "", size: 12 },
          { type: "uri", modality: "image", mime_type: "image/png", uri: "https://files.example/cat.png" },
        ],
      },
      { role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "look", arguments: { at: "cat" } }] },
      { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "A cat" }] },
    ]);
    expect(read("gen_ai.output.messages")).toEqual([
      { role: "assistant", parts: [{ type: "text", content: "Hello" }], finish_reason: "stop" },
    ]);
    expect(read("gen_ai.tool.definitions")).toEqual([
      { type: "function", name: "look", description: "Looks", parameters: { type: "object", properties: { at: { type: "string" } } } },
    ]);
  });

  test("event: apart from the attributes", async () => {
    const { span } = await capture({ captureContent: "event" });
    expect(span.attributes).not.toHaveProperty(["gen_ai.input.messages"]);
    expect(span.events).toMatchObject([
      { name: "gen_ai.client.inference.operation.details", attributes: { "gen_ai.output.messages": expect.stringContaining("Hello") } },
    ]);
    const both = await capture({ captureContent: "span+event" });
    expect(both.span.events).toHaveLength(1);
    expect(both.span.attributes).toHaveProperty(["gen_ai.input.messages"]);
  });

  test.each([
    ["true", true],
    ["SPAN_ONLY", true],
    ["span_and_event", true],
    ["NO_CONTENT", false],
    ["false", false],
    ["yes?", false],
  ])("the standard variable: %s", async (value, written) => {
    const env = { OPENAI_API_KEY: "sk-test-openai-000000", OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: value };
    const { span } = await capture({}, request, { env });
    expect("gen_ai.input.messages" in span.attributes).toBe(written);
    const off = await capture({ captureContent: "none" }, request, { env });
    expect("gen_ai.input.messages" in off.span.attributes).toBe(false);
  });

  test("streams too, also what was cut", async () => {
    const cut = createTraced(() => streamed(chatFrames(["Hel", "lo"]).slice(0, 3)), {}, { captureContent: "span" });
    await cut.crosspoint.stream(request).response.catch(() => {});
    expect(JSON.parse(cut.spans()[0]!.attributes["gen_ai.output.messages"] as string)).toEqual([
      { role: "assistant", parts: [{ type: "text", content: "Hello" }], finish_reason: "error" },
    ]);
  });

  test("the hook changes what is written, or keeps it out; what it throws keeps it out", async () => {
    const changed = await capture({
      captureContent: "span",
      contentHook: ({ outputMessages: _said, ...rest }) => ({ ...rest, inputMessages: [] }),
    });
    expect(changed.read("gen_ai.input.messages")).toEqual([]);
    expect(changed.span.attributes).not.toHaveProperty(["gen_ai.output.messages"]);
    const later = (() => Promise.reject(new Error("mine"))) as unknown as () => undefined;
    for (const contentHook of [() => undefined, () => expect.fail("mine"), later]) {
      const { span } = await capture({ captureContent: "span+event", contentHook, presets: [later as never] });
      expect(JSON.stringify([span.attributes, span.events])).not.toMatch(/Be brief|Hello/);
    }
  });

  test("redaction reaches every text, arguments and keys included", async () => {
    const secret = "alice@example.com";
    const messages = [
      { role: "user", content: `I am ${secret} and ${secret}` },
      {
        role: "assistant",
        content: [{ type: "tool-call", id: "c1", name: "mail", arguments: JSON.stringify({ [secret]: { to: [secret] } }) }],
      },
      { role: "tool", content: [{ type: "tool-result", callId: "c1", output: { type: "json", value: { from: secret } } }] },
    ] as const;
    const { span } = await capture({ captureContent: "span", redact: [/\w+@\w+\.com/] }, { model, messages });
    expect(JSON.stringify(span.attributes)).not.toContain(secret);
    expect(JSON.stringify(span.attributes)).toContain("[REDACTED] and [REDACTED]");
  });

  test("redaction reaches numbers of arguments and results, and leaves the others numbers", async () => {
    const { read } = await capture(
      { captureContent: "span", redact: [/\b\d{16}\b/] },
      {
        model,
        messages: [
          { role: "user", content: "Pay" },
          { role: "assistant", content: [{ type: "tool-call", id: "c1", name: "pay", arguments: '{"card":4111111111111111,"sum":12.5}' }] },
          {
            role: "tool",
            content: [{ type: "tool-result", callId: "c1", output: { type: "json", value: { card: 4111111111111111, sum: 12.5 } } }],
          },
        ],
      },
    );
    const [, call, result] = read("gen_ai.input.messages") as { parts: Record<string, unknown>[] }[];
    expect(call!.parts[0]!["arguments"]).toEqual({ card: "[REDACTED]", sum: 12.5 });
    expect(result!.parts[0]!["response"]).toEqual({ card: "[REDACTED]", sum: 12.5 });
  });

  test("half a character is no text that every reader of JSON takes", async () => {
    const { span } = await capture({ captureContent: "span" }, { model, messages: [{ role: "user", content: "a\ud83d b" }] });
    expect(span.attributes["gen_ai.input.messages"]).toContain('"a\ufffd b"');
  });

  test("long texts are cut and stay JSON; of many messages the newest stay", async () => {
    const messages = Array.from({ length: 40 }, (_each, index) => ({ role: "user" as const, content: `${index}: ${"x".repeat(150)}😀` }));
    const { read } = await capture({ captureContent: "span", maxContentLength: 100 }, { model, messages });
    const written = read("gen_ai.input.messages") as { parts: { content: string }[] }[];
    expect(written).toHaveLength(40);
    expect(written[39]!.parts[0]!.content).toMatch(/^39: x{96}…\[\d+ more\]$/);
    expect(written[0]!.parts[0]!.content).toBe("…");
    expect(JSON.stringify(written).length).toBeLessThan(100 * 16 + 40 * 80);
  });
});
