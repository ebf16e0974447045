import {
  AIMessage,
  ChatMessage,
  FunctionMessage,
  HumanMessage,
  RemoveMessage,
  SystemMessage,
  ToolMessage,
  type AIMessageFields,
  type BaseMessage,
  type MessageContent,
} from "@langchain/core/messages";
import { describe, expect, test } from "vitest";
import type { Message, Part } from "crosspoint";
import { readMessages } from "../../../adapters/langchain/read-messages.ts";

const read = (message: BaseMessage): Message => readMessages([message])[0]!;
const user = (...content: readonly unknown[]): readonly Part[] =>
  read(new HumanMessage({ content: content as MessageContent })).content as readonly Part[];
const assistant = (fields: object): Message["content"] => read(new AIMessage(fields as AIMessageFields)).content;

describe("roles", () => {
  test("each kind of message has its role", () => {
    const messages = [
      new SystemMessage("s"),
      new SystemMessage({ content: "d", additional_kwargs: { __openai_role__: "developer" } }),
      new HumanMessage({ content: "h", name: "ann" }),
      new AIMessage("a"),
      new ChatMessage("c", "developer"),
      new ChatMessage("m", "model"),
      new ToolMessage({ content: "t", tool_call_id: "1" }),
    ];
    expect(readMessages(messages)).toEqual([
      { role: "system", content: "s" },
      { role: "system", content: "d", developer: true },
      { role: "user", content: "h", name: "ann" },
      { role: "assistant", content: "a" },
      { role: "system", content: "c", developer: true },
      { role: "assistant", content: "m" },
      { role: "tool", content: [{ type: "tool-result", callId: "1", output: "t" }] },
    ]);
  });

  test("what is no message to a model is refused", () => {
    expect(() => readMessages([new HumanMessage("x"), new RemoveMessage({ id: "1" })])).toThrow(/messages\[1\] is of the kind "remove"/);
    expect(() => read(new ChatMessage("x", "narrator"))).toThrow(/narrator/);
  });

  test("the legacy functions: a call and its result find each other", () => {
    const call = new AIMessage({ content: "", additional_kwargs: { function_call: { name: "add", arguments: "{}" } } });
    const [asked, answered] = readMessages([call, new FunctionMessage({ content: "3", name: "add" })]);
    const [made] = asked!.content as [Extract<Part, { type: "tool-call" }>];
    expect(made).toMatchObject({ name: "add", arguments: "{}" });
    expect(answered!.content).toEqual([{ type: "tool-result", callId: made.id, output: "3" }]);
  });
});

describe("tool calls", () => {
  const tool_calls = [
    { id: "1", name: "a", args: { x: 1 }, type: "tool_call" },
    { id: "2", name: "b", args: {}, type: "tool_call" },
  ];
  const calls = [
    { type: "tool-call", id: "1", name: "a", arguments: '{"x":1}' },
    { type: "tool-call", id: "2", name: "b", arguments: "{}" },
  ];

  test.each([
    ["no content", ""],
    ["an empty list", []],
    [
      "all of them as Anthropic's blocks",
      [
        { type: "tool_use", id: "1", name: "a", input: { x: 1 } },
        { type: "tool_use", id: "2", name: "b", input: {} },
      ],
    ],
    ["one of them as a block", [{ type: "tool_use", id: "1", name: "a", input: "{" }]],
    ["standard blocks", [{ type: "tool_call", id: "1", name: "a", args: { x: 1 } }]],
    [
      "what a stream left",
      [
        { type: "tool_use", id: "1", name: "a", input: "", index: 0 },
        { type: "input_json_delta", input: "{}", index: 0 },
      ],
    ],
    [
      "Gemini's blocks",
      [
        { type: "functionCall", functionCall: { name: "a", args: { x: 1 } } },
        { type: "functionCall", functionCall: { name: "b", args: {} } },
      ],
    ],
  ])("each is sent once, beside %s", (_what, content) => {
    expect(assistant({ content, tool_calls })).toEqual(calls);
  });

  test("a block keeps the place of its call", () => {
    const content = [
      { type: "text", text: "x" },
      { type: "tool_use", id: "2", name: "b", input: {} },
      { type: "text", text: "y" },
    ];
    expect(assistant({ content, tool_calls })).toMatchObject([{ text: "x" }, { id: "2" }, { text: "y" }, { id: "1" }]);
  });

  test("a block whose call is nowhere else is one; half a one is not", () => {
    expect(
      assistant({
        content: [
          { type: "tool_use", id: "1", name: "a", input: { x: 1 } },
          { type: "input_json_delta", input: "{" },
        ],
      }),
    ).toEqual([calls[0]]);
  });

  test("calls whose arguments are no JSON stay, for their results' sake; raw ones of OpenAI are read", () => {
    const invalid = { content: "", invalid_tool_calls: [{ id: "1", name: "a", args: '{"x":', error: "bad", type: "invalid_tool_call" }] };
    expect(assistant(invalid)).toEqual([{ ...calls[0], arguments: '{"x":' }]);
    const message = new AIMessage({ content: "", tool_calls: [] });
    message.additional_kwargs = { tool_calls: [{ id: "1", type: "function", function: { name: "a", arguments: '{"x":1}' } }] };
    expect(read(message).content).toEqual([calls[0]]);
  });

  test("results: errors, JSON, media, and neither artifact nor metadata", () => {
    const result = (content: unknown, more: object = {}): Part =>
      (read(new ToolMessage({ content: content as MessageContent, tool_call_id: "1", ...more })).content as readonly Part[])[0]!;
    expect(result("no", { status: "error", artifact: { secret: 1 }, metadata: { a: 1 }, name: "a" })).toEqual({
      type: "tool-result",
      callId: "1",
      name: "a",
      output: "no",
      isError: true,
    });
    expect(result([1, 2])).toMatchObject({ output: { type: "json", value: [1, 2] } });
    expect(result([{ a: 1 }])).toMatchObject({ output: { type: "json", value: [{ a: 1 }] } });
    expect(
      result([
        { type: "text", text: "t" },
        { type: "image", mimeType: "image/png", data: "AA==" },
      ]),
    ).toMatchObject({
      output: {
        type: "content",
        parts: [
          { type: "text", text: "t" },
          { type: "file", mediaType: "image/png", data: { type: "base64", base64: "AA==" } },
        ],
      },
    });
  });
});

describe("reasoning of other models", () => {
  const anthropic = { model_provider: "anthropic", model_name: "claude-sonnet-4-5" };

  test("Anthropic's thinking, with its signature; redacted thinking", () => {
    const content = [
      { type: "thinking", thinking: "hm", signature: "sig" },
      { type: "redacted_thinking", data: "xx" },
      { type: "text", text: "t" },
    ];
    expect(assistant({ content, response_metadata: anthropic })).toEqual([
      { type: "reasoning", text: "hm", opaque: [{ family: "anthropic", model: "claude-sonnet-4-5", kind: "signature", data: "sig" }] },
      {
        type: "reasoning",
        text: "",
        form: "redacted",
        opaque: [{ family: "anthropic", model: "claude-sonnet-4-5", kind: "redacted", data: "xx" }],
      },
      { type: "text", text: "t" },
    ]);
  });

  test("the same in standard blocks", () => {
    const content = [
      { type: "reasoning", reasoning: "hm", signature: "sig" },
      { type: "non_standard", value: { type: "redacted_thinking", data: "xx" } },
    ];
    expect(assistant({ content, response_metadata: anthropic })).toMatchObject([
      { text: "hm", opaque: [{ data: "sig" }] },
      { form: "redacted", opaque: [{ data: "xx" }] },
    ]);
  });

  test("OpenAI's item, with encrypted content", () => {
    const reasoning = {
      type: "reasoning",
      id: "rs_1",
      summary: [
        { type: "summary_text", text: "a" },
        { type: "summary_text", text: "b" },
      ],
      encrypted_content: "enc",
    };
    const fields = {
      content: [{ type: "text", text: "t" }],
      tool_calls: [{ id: "c1", name: "a", args: {} }],
      additional_kwargs: { reasoning, __openai_function_call_ids__: { c1: "fc_1" } },
      response_metadata: { model_provider: "openai", model_name: "gpt-5-mini" },
    };
    expect(assistant(fields)).toEqual([
      {
        type: "reasoning",
        text: "a\n\nb",
        form: "summary",
        itemId: "rs_1",
        opaque: [{ family: "openai", model: "gpt-5-mini", kind: "encrypted-content", data: "enc" }],
      },
      { type: "text", text: "t" },
      { type: "tool-call", id: "c1", name: "a", arguments: "{}", itemId: "fc_1" },
    ]);
  });

  test("Gemini's signatures, on blocks and beside the calls", () => {
    const google = { model_provider: "google-genai", model_name: "gemini-3-pro-preview" };
    const opaque = (data: string) => [{ family: "google", model: "gemini-3-pro-preview", kind: "thought-signature", data }];
    expect(assistant({ content: [{ type: "text", text: "t", thoughtSignature: "s1" }], response_metadata: google })).toEqual([
      { type: "text", text: "t", opaque: opaque("s1") },
    ]);
    const beside = {
      content: "",
      tool_calls: [{ id: "c1", name: "a", args: {} }],
      additional_kwargs: { __gemini_function_call_thought_signatures__: { c1: "s2" } },
      response_metadata: google,
    };
    expect(assistant(beside)).toMatchObject([{ id: "c1", opaque: opaque("s2") }]);
    const block = {
      content: [{ type: "functionCall", functionCall: { name: "a", args: {} }, thoughtSignature: "s3" }],
      tool_calls: [{ id: "c1", name: "a", args: {} }],
      response_metadata: google,
    };
    expect(assistant(block)).toMatchObject([{ id: "c1", opaque: opaque("s3") }]);
  });

  test("a plain text of thoughts", () => {
    expect(assistant({ content: "t", additional_kwargs: { reasoning_content: "hm" } })).toEqual([
      { type: "reasoning", text: "hm", form: "raw" },
      { type: "text", text: "t" },
    ]);
  });

  test("blocks of one provider stay that provider's; unknown ones of nobody go", () => {
    const block = { type: "web_search_tool_result", tool_use_id: "1", content: [{ type: "web_search_result", encrypted_content: "x" }] };
    expect(assistant({ content: [{ ...block, index: 3 }], response_metadata: anthropic })).toEqual([
      { type: "provider", family: "anthropic", codec: "anthropic-messages", raw: block },
    ]);
    expect(assistant({ content: [block, { type: "text", text: "t" }] })).toBe("t");
  });

  test("state that was tampered with is left out, and pollutes nothing", () => {
    const crosspoint = JSON.parse('{"opaque":[{"family":1}],"itemId":5,"__proto__":{"polluted":true},"form":"raw"}') as object;
    const content = assistant({ content: [{ type: "reasoning", reasoning: "hm", crosspoint }] });
    expect(content).toEqual([{ type: "reasoning", text: "hm", form: "raw" }]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("text", () => {
  test("bare strings, cache marks, and what streams and OpenAI call text", () => {
    expect(
      user("a", { type: "text", text: "b", cache_control: { type: "ephemeral", ttl: "1h" } }, { type: "input_text", text: "c" }),
    ).toEqual([
      { type: "text", text: "a" },
      { type: "text", text: "b", cache: { ttl: "1h" } },
      { type: "text", text: "c" },
    ]);
  });

  test("citations of OpenAI, of Anthropic and of LangChain's standard", () => {
    const openai = assistant({
      content: [
        {
          type: "text",
          text: "t",
          annotations: [{ type: "url_citation", url: "https://a.example/", title: "A", start_index: 0, end_index: 1 }],
        },
      ],
    });
    expect(openai).toMatchObject([{ citations: [{ source: { url: "https://a.example/", title: "A" }, answerStart: 0, answerEnd: 1 }] }]);
    const raw = { type: "web_search_result_location", url: "https://a.example/", title: "A", cited_text: "c", encrypted_index: "e" };
    const anthropic = assistant({
      content: [{ type: "text", text: "t", citations: [raw] }],
      response_metadata: { model_provider: "anthropic" },
    });
    expect(anthropic).toMatchObject([
      { citations: [{ source: { title: "A" }, citedText: "c", raw: { family: "anthropic", value: raw } }] },
    ]);
    const standard = assistant({
      content: [{ type: "text", text: "t", annotations: [{ type: "citation", url: "https://a.example/", citedText: "c" }] }],
    });
    expect(standard).toMatchObject([{ citations: [{ source: { url: "https://a.example/" }, citedText: "c" }] }]);
  });

  test("a refusal", () => {
    expect(assistant({ content: "", additional_kwargs: { refusal: "no" } })).toEqual([{ type: "refusal", text: "no" }]);
    expect(assistant({ content: [{ type: "refusal", refusal: "no" }] })).toEqual([{ type: "refusal", text: "no" }]);
  });
});

describe("files", () => {
  const png = { type: "base64", base64: "AA==" };
  test.each<[string, object, object]>([
    [
      "OpenAI's image",
      { type: "image_url", image_url: { url: "https://a.example/b.jpg?x", detail: "low" } },
      { mediaType: "image/jpeg", data: { type: "url", url: "https://a.example/b.jpg?x" }, detail: "low" },
    ],
    ["an image as a bare string", { type: "image_url", image_url: "data:image/png;base64,AA==" }, { mediaType: "image/png", data: png }],
    ["OpenAI's sound", { type: "input_audio", input_audio: { data: "AA==", format: "mp3" } }, { mediaType: "audio/mpeg", data: png }],
    [
      "OpenAI's file",
      { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AA==" } },
      { mediaType: "application/pdf", data: png, filename: "a.pdf" },
    ],
    ["OpenAI's file by id", { type: "file", file: { file_id: "file-1" } }, { data: { type: "id", id: "file-1", family: "openai" } }],
    [
      "Anthropic's image",
      { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } },
      { mediaType: "image/png", data: png },
    ],
    [
      "Anthropic's document",
      { type: "document", source: { type: "text", media_type: "text/plain", data: "hello" }, title: "T", citations: { enabled: true } },
      { mediaType: "text/plain", data: { type: "text", text: "hello" }, title: "T", citable: true },
    ],
    [
      "Anthropic's document by URL",
      { type: "document", source: { type: "url", url: "https://a.example/x" } },
      { mediaType: "application/pdf", data: { type: "url", url: "https://a.example/x" } },
    ],
    ["Gemini's inline data", { inlineData: { mimeType: "image/png", data: "AA==" } }, { mediaType: "image/png", data: png }],
    ["Gemini's media", { type: "media", mimeType: "video/mp4", data: "AA==" }, { mediaType: "video/mp4", data: png }],
    ["the standard image", { type: "image", mimeType: "image/png", data: "AA==" }, { mediaType: "image/png", data: png }],
    [
      "bytes",
      { type: "image", mimeType: "image/png", data: new Uint8Array([0]) },
      { mediaType: "image/png", data: { type: "bytes", bytes: new Uint8Array([0]) } },
    ],
    [
      "the standard image by URL",
      { type: "image", url: "https://a.example/b" },
      { mediaType: "image/*", data: { type: "url", url: "https://a.example/b" } },
    ],
    [
      "the standard text",
      { type: "text-plain", text: "hello", title: "T" },
      { mediaType: "text/plain", data: { type: "text", text: "hello" }, title: "T" },
    ],
    [
      "the standard file",
      { type: "file", mimeType: "application/pdf", fileId: "file-1" },
      { mediaType: "application/pdf", data: { type: "id", id: "file-1" } },
    ],
    [
      "the legacy image by URL",
      { type: "image", source_type: "url", url: "https://a.example/b.png" },
      { mediaType: "image/png", data: { type: "url" } },
    ],
    [
      "the legacy image as a data URL",
      { type: "image", source_type: "url", url: "data:image/png;base64,AA==" },
      { mediaType: "image/png", data: png },
    ],
    [
      "the legacy sound",
      { type: "audio", source_type: "base64", mime_type: "audio/wav", data: "AA==" },
      { mediaType: "audio/wav", data: png },
    ],
    [
      "the legacy file",
      { type: "file", source_type: "base64", mime_type: "application/pdf", data: "AA==", metadata: { filename: "a.pdf" } },
      { mediaType: "application/pdf", data: png, filename: "a.pdf" },
    ],
    [
      "the legacy file of text",
      { type: "file", source_type: "text", text: "hello" },
      { mediaType: "text/plain", data: { type: "text", text: "hello" } },
    ],
    ["the legacy file by id", { type: "file", source_type: "id", id: "file-1" }, { data: { type: "id", id: "file-1" } }],
  ])("%s", (_what, block, file) => {
    expect(user({ type: "text", text: "look" }, block)).toMatchObject([
      { type: "text", text: "look" },
      { type: "file", ...file },
    ]);
  });

  test("the legacy text block is text", () => {
    expect(user({ type: "text", source_type: "text", text: "hello" })).toEqual([{ type: "text", text: "hello" }]);
  });
});
