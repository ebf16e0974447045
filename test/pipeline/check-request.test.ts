import { describe, expect, test } from "vitest";
import { createCrosspoint, type CallRequest } from "../../src/index.ts";
import { chatAnswer, createWired } from "../support/wire.ts";

const model = "openai-chat/gpt-4o";
const messages = [{ role: "user", content: "Hi" }];
const said = (content: unknown): object => ({ model, messages: [{ role: "user", content }] });

/** What callers without types get wrong, the field that is at fault, and a word of what they are told. */
const MISTAKES: readonly (readonly [string, unknown, string, RegExp])[] = [
  ["nothing at all", undefined, "model", /openai\/gpt-5-mini/],
  ["a model that is no text", { model: 5, messages }, "model", /must be a string/],
  ["a question instead of messages", { model, messages: "Hi" }, "messages", /must be a list/],
  ["a message that is none", { model, messages: [null] }, "messages[0]", /must be an object/],
  [
    "a role of another wire",
    { model, messages: [...messages, { role: "developer", content: "x" }] },
    "messages[1].role",
    /not "developer"/,
  ],
  ["no role", { model, messages: [{ content: "x" }] }, "messages[0].role", /system, user, assistant, tool/],
  ["no content", said(undefined), "messages[0].content", /a text or a list of parts/],
  ["content that is a number", said(5), "messages[0].content", /a text or a list of parts/],
  ["a bare text as part", said(["Hi"]), "messages[0].content[0]", /must be an object/],
  ["a part of another wire", said([{ type: "image_url", image_url: { url: "x" } }]), "messages[0].content[0].type", /not "image_url"/],
  ["a part named like a prototype's field", said([{ type: "constructor" }]), "messages[0].content[0].type", /not "constructor"/],
  ["text that is none", said([{ type: "text", text: 5 }]), "messages[0].content[0].text", /must be a text/],
  ["a file without its bytes", said([{ type: "file", mediaType: "image/png" }]), "messages[0].content[0].data", /must be an object/],
  [
    "arguments that are an object",
    { model, messages: [{ role: "assistant", content: [{ type: "tool-call", id: "c", name: "n", arguments: {} }] }] },
    "messages[0].content[0].arguments",
    /must be a text/,
  ],
  ["tools by name", { model, messages, tools: { weather: {} } }, "tools", /must be a list/],
  ["a tool of another wire", { model, messages, tools: [{ type: "function", function: { name: "x" } }] }, "tools[0].name", /inputSchema/],
  ["a tool's bare name as choice", { model, messages, toolChoice: "weather" }, "toolChoice", /auto, none, required/],
  ["an output of another wire", { model, messages, output: { type: "json_schema" } }, "output.type", /text, json/],
  ["a schema that is none", { model, messages, output: { type: "json", schema: 5 } }, "output.schema", /must be an object/],
  ["an effort that no model has", { model, messages, reasoning: { effort: "hihg" } }, "reasoning.effort", /not "hihg"/],
  ["a signal that is none", { model, messages, signal: {} }, "signal", /AbortSignal/],
  ["a field of another wire", { model, messages, max_tokens: 5 }, "max_tokens", /maxOutputTokens/],
];

describe("requests of callers without types", () => {
  test.for(MISTAKES)("%s", async ([, request, param, words]) => {
    const { crosspoint, sent } = createWired(() => chatAnswer("Hello"));
    const failed = await crosspoint.generate(request as CallRequest).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "BAD_REQUEST", param, message: expect.stringMatching(words) as string });
    expect(() => crosspoint.stream(request as CallRequest)).toThrow(expect.objectContaining({ code: "BAD_REQUEST", param }) as Error);
    expect(sent).toEqual([]);
  });

  test("a field that is undefined is absent", async () => {
    const { crosspoint } = createWired(() => chatAnswer("Hello"));
    const request = { model, messages, tools: undefined, output: undefined, max_tokens: undefined, signal: undefined };
    expect((await crosspoint.generate(request as unknown as CallRequest)).text).toBe("Hello");
  });
});

test("a runtime that is too old is told at once", () => {
  const own = Object.getOwnPropertyDescriptor(Promise, "withResolvers")!;
  try {
    Reflect.deleteProperty(Promise, "withResolvers");
    expect(() => createCrosspoint()).toThrow("Node 22.18");
  } finally {
    Object.defineProperty(Promise, "withResolvers", own);
  }
});

test("options that are none", () => {
  expect(() => createCrosspoint(null as unknown as object)).toThrow("must be an object");
  expect(() => createCrosspoint({ retries: "2" as unknown as number })).toThrow('not "2"');
});
