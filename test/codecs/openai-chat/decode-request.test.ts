import fc from "../../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { openaiChat } from "../../../src/codecs/openai-chat/index.ts";
import type { Message } from "../../../src/ir/content.ts";
import { CrosspointError } from "../../../src/ir/error.ts";
import type { JSONObject, JSONValue } from "../../../src/ir/json.ts";
import type { ModelRequest } from "../../../src/ir/request.ts";
import { clientOf, question, targetOf } from "./fixtures.ts";

const messagesOf = (...messages: JSONObject[]): readonly Message[] => clientOf({ ...question, messages }).request.messages;
const own = targetOf(
  { allowedTools: true, cacheHints: "prompt_cache_breakpoint", developerRole: true, toolResultImages: true },
  {},
  { family: "openai" },
);
const again = (wire: JSONObject): JSONObject => {
  const { request, stream } = clientOf(wire);
  return JSON.parse(JSON.stringify(openaiChat.encodeRequest(request, own, stream).body)) as JSONObject;
};

describe("decodeRequest", () => {
  test("what OpenAI's agents copy from a message onto its text stays behind", () => {
    const text = { type: "text", text: "hi", role: "assistant", refusal: null, reasoning_content: "hm", reasoning_details: [], own: 1 };
    const part = { type: "text", text: "hi", providerOptions: { "openai-chat": { own: 1 } } };
    expect(messagesOf({ role: "user", content: "1" }, { role: "assistant", content: [text] })[1]!.content).toEqual([part]);
  });

  test("all settings, and unknown fields kept for hosts of this wire", () => {
    const { request, stream, includeUsage, warnings } = clientOf({
      ...question,
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
      max_tokens: 3,
      max_completion_tokens: 5,
      temperature: 0,
      top_k: 7,
      stop: "END",
      reasoning_effort: "low",
      parallel_tool_calls: false,
      user: null,
      response_format: { type: "json_object" },
      repetition_penalty: 1.1,
      web_search_options: { search_context_size: "low" },
    });
    expect({ stream, includeUsage, warnings }).toEqual({ stream: true, includeUsage: true, warnings: [] });
    expect(request).toEqual({
      model: "smart",
      messages: question["messages"],
      maxOutputTokens: 5,
      temperature: 0,
      topK: 7,
      stop: ["END"],
      reasoning: { effort: "low" },
      parallelToolCalls: false,
      output: { type: "json" },
      providerOptions: {
        "openai-chat": {
          top_k: 7,
          repetition_penalty: 1.1,
          web_search_options: { search_context_size: "low" },
          stream_options: { include_obfuscation: false },
        },
      },
    });
  });

  test("every kind of content part", () => {
    const [message] = messagesOf({
      role: "user",
      name: "ann",
      content: [
        { type: "text", text: "a", prompt_cache_breakpoint: { mode: "explicit", ttl: "12h" } },
        { type: "image_url", image_url: { url: "data:image/png;base64,AAAA", detail: "high" } },
        { type: "image_url", image_url: { url: "https://a.example/i" } },
        { type: "input_audio", input_audio: { data: "AA==", format: "mp3" } },
        { type: "file", file: { file_id: "f1" } },
        { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" } },
        { type: "video_url", video_url: { url: "https://a.example/v" } },
        { type: "future_part", x: 1 },
      ],
    });
    expect(message).toEqual({
      role: "user",
      name: "ann",
      content: [
        { type: "text", text: "a", cache: { ttl: "12h" } },
        { type: "file", mediaType: "image/png", data: { type: "base64", base64: "AAAA" }, detail: "high" },
        { type: "file", mediaType: "image/*", data: { type: "url", url: "https://a.example/i" } },
        { type: "file", mediaType: "audio/mpeg", data: { type: "base64", base64: "AA==" } },
        { type: "file", mediaType: "application/*", data: { type: "id", id: "f1", family: "openai" } },
        { type: "file", mediaType: "application/pdf", data: { type: "base64", base64: "JVBE" }, filename: "a.pdf" },
        { type: "file", mediaType: "video/*", data: { type: "url", url: "https://a.example/v" } },
        { type: "provider", family: "openai-chat", codec: "openai-chat", raw: { type: "future_part", x: 1 } },
      ],
    });
  });

  test("assistants as answers hold them, sent back with all their nulls", () => {
    const [message] = messagesOf({
      role: "assistant",
      content: null,
      refusal: null,
      function_call: null,
      audio: null,
      annotations: [],
      parsed: null,
      tool_calls: [
        { id: "a", type: "function", function: { name: "f", arguments: "", parsed_arguments: null } },
        { id: "b", type: "custom", custom: { name: "sql", input: "" } },
        { id: "c", type: "function", function: { name: "g", arguments: "{" }, extra_content: { google: { thought_signature: "S" } } },
      ],
    });
    expect(message).toEqual({
      role: "assistant",
      content: [
        { type: "tool-call", id: "a", name: "f", arguments: "{}" },
        { type: "tool-call", id: "b", name: "sql", arguments: "", custom: true },
        { type: "tool-call", id: "c", name: "g", arguments: "{", opaque: [{ family: "google", kind: "thought-signature", data: "S" }] },
      ],
    });
  });

  test("reasoning in all spellings; state that is not ours is left out", () => {
    const thought = (fields: JSONObject) => messagesOf({ role: "assistant", content: "A", ...fields })[0]!.content;
    const plain = [
      { type: "reasoning", text: "hm" },
      { type: "text", text: "A" },
    ];
    expect(thought({ reasoning_content: "hm" })).toEqual(plain);
    expect(thought({ reasoning: "hm" })).toEqual(plain);
    expect(thought({ reasoning_content: "hm", reasoning_details: [{ type: "reasoning.encrypted", data: "foreign" }] })).toEqual(plain);
    expect(thought({ reasoning_content: "hm", reasoning_details: [{ type: "reasoning.encrypted", data: "xp1.x" }] })).toEqual([
      { type: "reasoning", text: "hm", opaque: [{ family: "sealed", kind: "sealed", data: "xp1.x" }] },
      { type: "text", text: "A" },
    ]);
    expect(
      messagesOf({
        role: "assistant",
        content: [
          { type: "thinking", thinking: [{ type: "text", text: "hm" }] },
          { type: "text", text: "A" },
        ],
      })[0]!.content,
    ).toEqual(plain);
  });

  test("tool messages, and the older functions", () => {
    const messages = messagesOf(
      { role: "assistant", content: null, function_call: { name: "f", arguments: "{}" } },
      { role: "function", name: "f", content: "r" },
      { role: "tool", tool_call_id: "x", content: [{ type: "text", text: "t" }] },
    );
    expect(messages).toEqual([
      { role: "assistant", content: [{ type: "tool-call", id: "call_0", name: "f", arguments: "{}" }] },
      { role: "tool", content: [{ type: "tool-result", callId: "call_0", output: "r", name: "f" }] },
      { role: "tool", content: [{ type: "tool-result", callId: "x", output: { type: "content", parts: [{ type: "text", text: "t" }] } }] },
    ]);
    expect(clientOf({ ...question, functions: [{ name: "f" }], function_call: "auto" })).toMatchObject({
      legacyFunctions: true,
      request: { tools: [{ name: "f" }], toolChoice: "auto" },
    });
  });

  test("tools and choices", () => {
    const { request } = clientOf({
      ...question,
      tools: [
        { type: "function", function: { name: "f", description: "d", parameters: { type: "object" }, strict: true }, extra: 1 },
        { type: "custom", custom: { name: "sql", format: { type: "grammar", grammar: { syntax: "regex", definition: "a+" } } } },
        { type: "browser_search" },
      ],
      tool_choice: { type: "allowed_tools", allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "f" } }] } },
    });
    expect(request.tools).toEqual([
      { name: "f", description: "d", inputSchema: { type: "object" }, strict: true, providerOptions: { "openai-chat": { extra: 1 } } },
      { type: "custom", name: "sql", format: { syntax: "regex", definition: "a+" } },
      { type: "provider", family: "openai-chat", raw: { type: "browser_search" } },
    ]);
    expect(request.toolChoice).toEqual({ tools: ["f"], mode: "required" });
  });

  test.for([
    [null, "body"],
    [[], "body"],
    [{ messages: [] }, "model"],
    [{ ...question, model: 3 }, "model"],
    [{ model: "m" }, "messages"],
    [{ ...question, messages: "hi" }, "messages"],
    [{ ...question, messages: [null] }, "messages[0]"],
    [{ ...question, messages: [{ role: "robot", content: "x" }] }, "messages[0].role"],
    [{ ...question, messages: [{ role: "__proto__", content: "x" }] }, "messages[0].role"],
    [{ ...question, messages: [{ role: "user" }] }, "messages[0].content"],
    [{ ...question, messages: [{ role: "user", content: 5 }] }, "messages[0].content"],
    [{ ...question, messages: [{ role: "user", content: [{ type: "text" }] }] }, "messages[0].content[0].text"],
    [{ ...question, messages: [{ role: "user", content: [{ type: "image_url", image_url: {} }] }] }, "messages[0].content[0].image_url"],
    [{ ...question, messages: [{ role: "user", content: ["x"] }] }, "messages[0].content[0].type"],
    [{ ...question, messages: [{ role: "tool", content: "x" }] }, "messages[0].tool_call_id"],
    [{ ...question, messages: [{ role: "assistant", tool_calls: [{ id: "a" }] }] }, "messages[0].tool_calls[0].function.name"],
    [{ ...question, messages: [{ role: "assistant", tool_calls: {} }] }, "messages[0].tool_calls"],
    [{ ...question, temperature: "hot" }, "temperature"],
    [{ ...question, max_tokens: 1.5 }, "max_tokens"],
    [{ ...question, max_completion_tokens: "5" }, "max_completion_tokens"],
    [{ ...question, stop: [1] }, "stop"],
    [{ ...question, stream: "yes" }, "stream"],
    [{ ...question, stream_options: true }, "stream_options"],
    [{ ...question, tools: {} }, "tools"],
    [{ ...question, tools: [{ type: "function" }] }, "tools[0].function.name"],
    [{ ...question, tools: [{ type: "function", function: { name: "f", parameters: "x" } }] }, "tools[0].function.parameters"],
    [{ ...question, tool_choice: "maybe" }, "tool_choice"],
    [{ ...question, reasoning_effort: "huge" }, "reasoning_effort"],
    [{ ...question, response_format: "json" }, "response_format.type"],
    [{ ...question, response_format: { type: "json_schema" } }, "response_format.json_schema"],
    [{ ...question, metadata: { a: 1 } }, "metadata"],
    [{ ...question, logit_bias: [] }, "logit_bias"],
  ] as const)("%j is a bad request that names %s", ([wire, param]) => {
    expect(() => openaiChat.decodeRequest(wire, {})).toThrow(expect.objectContaining({ code: "BAD_REQUEST", status: 400, param }));
  });

  test("hostile requests never make a TypeError", () => {
    const fields =
      "messages tools tool_choice functions function_call stop response_format stream_options metadata modalities reasoning_effort temperature".split(
        " ",
      );
    fc.assert(
      fc.property(
        fc.constantFrom(...fields),
        fc.json({ maxDepth: 4 }),
        fc.constantFrom("top", "message", "part", "call"),
        (field, json, place) => {
          const value = JSON.parse(json) as JSONValue;
          const wire = {
            top: { ...question, [field]: value },
            message: {
              ...question,
              messages: [{ role: "assistant", content: value, reasoning_details: value, audio: value, tool_calls: value }],
            },
            part: { ...question, messages: [{ role: "user", content: [{ type: "file", file: value, text: value }, value] }] },
            call: { ...question, messages: [{ role: "assistant", tool_calls: [{ id: "a", function: value, extra_content: value }] }] },
          }[place];
          try {
            openaiChat.encodeRequest(openaiChat.decodeRequest(wire, {}).request, own, false);
          } catch (error) {
            expect(CrosspointError.is(error)).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("X17 keys that name prototypes pollute nothing", () => {
    const wire = JSON.parse(
      '{"model":"m","messages":[{"role":"user","content":"x","__proto__":{"polluted":1}}],"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    ) as JSONObject;
    const { request } = openaiChat.decodeRequest(wire, {});
    const body = openaiChat.encodeRequest(request, own, false).body;
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
    expect((body as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe("the same wire on both sides loses nothing", () => {
  const text = fc.string({ minLength: 1, maxLength: 8 });
  const name = fc.stringMatching(/^[a-z]{1,6}$/);
  const extra = fc.dictionary(fc.constantFrom("x_one", "x_two"), fc.oneof(text, fc.integer(), fc.boolean()), { maxKeys: 2 });
  const mark = fc.constantFrom({}, { prompt_cache_breakpoint: { mode: "explicit", ttl: "30m" } });
  const textPart = fc.tuple(text, mark, extra).map(([value, marked, more]) => ({ type: "text", text: value, ...marked, ...more }));
  const filePart = fc.constantFrom(
    { type: "image_url", image_url: { url: "https://a.example/i.png", detail: "low" } },
    { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
    { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
    { type: "file", file: { file_id: "file-1" } },
    { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" } },
    { type: "video_url", video_url: { url: "https://a.example/v.mp4" } },
    { type: "future", deep: { a: [1] } },
  );
  const parts = fc.tuple(textPart, fc.oneof(textPart, filePart)).map((each) => each as JSONValue);
  const named = fc.constantFrom({}, { name: "ann" });
  const call = fc.oneof(
    fc.record({
      id: text,
      type: fc.constant("function"),
      function: fc.record({ name, arguments: fc.dictionary(name, fc.integer()).map((each) => JSON.stringify(each)) }),
    }),
    fc.record({ id: text, type: fc.constant("custom"), custom: fc.record({ name, input: text }) }),
  );
  const message: fc.Arbitrary<JSONObject> = fc.oneof(
    fc
      .tuple(fc.constantFrom("system", "developer", "user"), fc.oneof(text, parts), named, extra)
      .map(([role, content, who, more]) => ({ role, content, ...who, ...more })),
    fc.tuple(text, extra).map(([content, more]) => ({ role: "assistant", content, ...more })),
    fc
      .tuple(fc.uniqueArray(call, { minLength: 1, maxLength: 2, selector: (each) => each.id }), fc.option(text))
      .map(([tool_calls, content]) => ({ role: "assistant", content, tool_calls }) as JSONObject),
    fc.tuple(text, text).map(([tool_call_id, content]) => ({ role: "tool", tool_call_id, content })),
    text.map((refusal) => ({ role: "assistant", content: null, refusal })),
  );
  const tool = fc.oneof(
    fc.record({
      type: fc.constant("function"),
      function: fc.record(
        { name, description: text, parameters: fc.constant({ type: "object" }), strict: fc.boolean() },
        { requiredKeys: ["name"] },
      ),
    }),
    fc.record({ type: fc.constant("custom"), custom: fc.record({ name, description: text }, { requiredKeys: ["name"] }) }),
    fc.constant({ type: "browser_search" }),
  );
  const settings = fc.record(
    {
      max_tokens: fc.nat(),
      temperature: fc.constantFrom(0, 0.5, 2),
      top_p: fc.constantFrom(0, 1),
      top_k: fc.nat(),
      seed: fc.integer(),
      n: fc.constantFrom(1, 2),
      logprobs: fc.boolean(),
      stop: fc.array(text, { minLength: 1, maxLength: 3 }),
      user: text,
      metadata: fc.dictionary(name, text),
      store: fc.boolean(),
      service_tier: text,
      verbosity: fc.constantFrom("low", "high"),
      modalities: fc.constantFrom(["text"], ["text", "audio"]),
      reasoning_effort: fc.constantFrom("none", "low", "max"),
      response_format: fc.constantFrom(
        { type: "json_object" },
        { type: "json_schema", json_schema: { name: "n", schema: { type: "object" }, strict: false } },
        { type: "grammar", grammar: "g" },
      ),
      audio: fc.constant({ voice: "alloy", format: "wav" }),
      prediction: fc.constant({ type: "content", content: "x" }),
      x_future: fc.integer(),
    },
    { requiredKeys: [] },
  );

  test("encodeRequest(decodeRequest(wire)) is the wire", () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 5 }),
        fc.array(tool, { minLength: 1, maxLength: 3 }),
        settings,
        fc.boolean(),
        (messages, tools, more, stream) => {
          const wire = {
            model: "m-1",
            messages,
            tools,
            parallel_tool_calls: true,
            tool_choice: "auto",
            ...more,
            ...(stream && { stream, stream_options: { include_usage: true } }),
          };
          expect(again(wire as JSONObject)).toEqual(wire);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("decodeRequest(encodeRequest(request)) is the request", () => {
    const requests = fc
      .tuple(fc.array(message, { minLength: 1, maxLength: 4 }), fc.array(tool, { minLength: 1, maxLength: 2 }), settings)
      .map(([messages, tools, more]): ModelRequest => {
        return openaiChat.decodeRequest({ model: "m-1", messages, tools, ...more }, {}).request;
      });
    fc.assert(
      fc.property(requests, (request) => {
        const { body } = openaiChat.encodeRequest(request, own, false);
        expect(openaiChat.decodeRequest(JSON.parse(JSON.stringify(body)), {}).request).toEqual(request);
      }),
    );
  });
});
