import fc from "../../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { CrosspointError, type ModelRequest } from "../../../src/ir/index.ts";
import { openaiResponses } from "../../../src/codecs/openai-responses/index.ts";
import { target } from "./support.ts";

function decode(body: object): ModelRequest {
  return openaiResponses.decodeRequest({ model: "m", ...body }, {}).request;
}

function refusal(body: unknown): CrosspointError {
  try {
    openaiResponses.decodeRequest(body, {});
  } catch (error) {
    if (CrosspointError.is(error, "BAD_REQUEST")) return error;
    throw error;
  }
  return expect.unreachable() as never;
}

describe("input", () => {
  test("a string is one user message, instructions lead", () => {
    expect(decode({ input: "Hi", instructions: "Be brief." }).messages).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hi" },
    ]);
  });

  test("items with and without type, id and parts; system items are told apart from instructions", () => {
    const { messages } = decode({
      input: [
        { role: "system", content: "Sys" },
        { role: "developer", content: "Dev" },
        { type: "message", role: "user", content: [{ type: "input_text", text: "a" }], status: "completed", id: "msg_u" },
        { role: "assistant", content: "first" },
        { role: "assistant", content: "second", phase: "commentary" },
        {
          type: "message",
          role: "assistant",
          id: "msg_a",
          status: "incomplete",
          content: [
            { type: "output_text", text: "b", annotations: [{ type: "url_citation", url: "https://a.example" }] },
            { type: "refusal", refusal: "no" },
          ],
        },
      ],
    });
    expect(messages).toEqual([
      { role: "system", content: "Sys", providerOptions: { "openai-responses": { role: "system" } } },
      { role: "system", developer: true, content: "Dev" },
      { role: "user", content: [{ type: "text", text: "a" }], providerOptions: { "openai-responses": { id: "msg_u" } } },
      { role: "assistant", content: [{ type: "text", text: "first" }] },
      {
        role: "assistant",
        content: [
          { type: "text", text: "second", phase: "commentary" },
          {
            type: "text",
            text: "b",
            itemId: "msg_a",
            citations: [
              {
                source: { url: "https://a.example" },
                raw: { family: "openai", value: { type: "url_citation", url: "https://a.example" } },
              },
            ],
            providerOptions: { "openai-responses": { message: { status: "incomplete" } } },
          },
          { type: "refusal", text: "no", itemId: "msg_a" },
        ],
      },
    ]);
  });

  test("files and images", () => {
    const content = [
      { type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "low" },
      { type: "input_image", image_url: "https://a.example/x.png" },
      { type: "input_image", file_id: "file-1", detail: "auto", prompt_cache_breakpoint: { mode: "explicit", ttl: "12h" } },
      { type: "input_file", file_data: "data:application/pdf;base64,JVBE", filename: "a.pdf" },
      { type: "input_file", file_data: "JVBE" },
      { type: "input_file", file_url: "https://a.example/p.pdf" },
      { type: "input_file", file_id: "file-2" },
      { type: "input_audio", input_audio: { data: "AAAA", format: "mp3" } },
    ];
    expect(decode({ input: [{ role: "user", content }] }).messages[0]?.content).toMatchObject([
      { type: "file", mediaType: "image/png", data: { type: "base64", base64: "AAAA" }, detail: "low" },
      { mediaType: "image/*", data: { type: "url", url: "https://a.example/x.png" } },
      { mediaType: "image/*", data: { type: "id", id: "file-1", family: "openai" }, cache: { ttl: "12h" } },
      { mediaType: "application/pdf", data: { type: "base64", base64: "JVBE" }, filename: "a.pdf" },
      { mediaType: "application/pdf", data: { type: "base64", base64: "JVBE" } },
      { mediaType: "application/pdf", data: { type: "url", url: "https://a.example/p.pdf" } },
      { mediaType: "application/*", data: { type: "id", id: "file-2", family: "openai" } },
      { mediaType: "audio/mp3", data: { type: "base64", base64: "AAAA" } },
    ]);
  });

  test("OR10 a turn of reasoning, calls, outputs and hosted items", () => {
    const web = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "q" } };
    const { messages } = decode({
      input: [
        { role: "user", content: "go" },
        {
          type: "reasoning",
          id: "rs_1",
          summary: [
            { type: "summary_text", text: "a" },
            { type: "summary_text", text: "b" },
          ],
          encrypted_content: "gAAA",
        },
        { type: "reasoning", summary: [], encrypted_content: "xp1.abc.def" },
        web,
        { type: "function_call", id: "fc_1", call_id: "c1", name: "f", arguments: "{}", namespace: "ns", status: "completed" },
        { type: "custom_tool_call", call_id: "c2", name: "g", input: "free" },
        { type: "function_call_output", call_id: "c1", output: "ok" },
        { type: "custom_tool_call_output", call_id: "c2", output: [{ type: "input_text", text: "t" }] },
        { type: "mcp_approval_response", approval_request_id: "x", approve: true },
      ],
    });
    expect(messages).toEqual([
      { role: "user", content: "go" },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "a", form: "summary", itemId: "rs_1" },
          {
            type: "reasoning",
            text: "b",
            form: "summary",
            itemId: "rs_1",
            opaque: [{ family: "openai", kind: "encrypted-content", data: "gAAA" }],
          },
          { type: "reasoning", text: "", opaque: [{ family: "sealed", kind: "sealed", data: "xp1.abc.def" }] },
          { type: "provider", family: "openai", codec: "openai-responses", raw: web },
          { type: "tool-call", id: "c1", name: "f", arguments: "{}", namespace: "ns", itemId: "fc_1" },
          { type: "tool-call", id: "c2", name: "g", arguments: "free", custom: true },
        ],
      },
      {
        role: "tool",
        content: [
          { type: "tool-result", callId: "c1", output: "ok" },
          { type: "tool-result", callId: "c2", output: { type: "content", parts: [{ type: "text", text: "t" }] }, custom: true },
        ],
      },
      {
        role: "assistant",
        content: [
          {
            type: "provider",
            family: "openai",
            codec: "openai-responses",
            raw: { type: "mcp_approval_response", approval_request_id: "x", approve: true },
          },
        ],
      },
    ]);
  });

  test("the picture of an image call is a file for every other wire", () => {
    const raw = { type: "image_generation_call", id: "ig_1", status: "completed", result: "AAAA" };
    expect(decode({ input: [raw] }).messages[0]?.content).toMatchObject([
      { type: "file", mediaType: "image/png", itemId: "ig_1" },
      { type: "provider", raw },
    ]);
  });
});

describe("settings and tools", () => {
  test("OR23 named settings are read, others kept for this wire", () => {
    const { request, stream } = openaiResponses.decodeRequest(
      {
        model: "m",
        input: "x",
        stream: true,
        stream_options: { include_obfuscation: false },
        max_output_tokens: 5,
        temperature: null,
        reasoning: { effort: "high", summary: "auto", mode: "pro" },
        text: { format: { type: "json_schema", name: "n", schema: {}, strict: true }, verbosity: "low" },
        include: ["reasoning.encrypted_content", "message.output_text.logprobs"],
        store: false,
        parallel_tool_calls: false,
        metadata: { a: "b" },
        previous_response_id: "resp_0",
        truncation: "auto",
        client_metadata: { x: "y" },
      },
      {},
    );
    expect(stream).toBe(true);
    expect(request).toEqual({
      model: "m",
      messages: [{ role: "user", content: "x" }],
      maxOutputTokens: 5,
      reasoning: { effort: "high", visibility: "auto" },
      output: { type: "json", schema: {}, name: "n", strict: true },
      verbosity: "low",
      logprobs: true,
      store: false,
      parallelToolCalls: false,
      metadata: { a: "b" },
      providerOptions: {
        "openai-responses": {
          previous_response_id: "resp_0",
          truncation: "auto",
          client_metadata: { x: "y" },
          reasoning: { mode: "pro" },
          include: ["reasoning.encrypted_content"],
        },
      },
    });
  });

  test("X05 tools of every kind; a namespace is flattened", () => {
    const { tools } = decode({
      input: "x",
      tools: [
        { type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: false, defer_loading: true },
        {
          type: "namespace",
          name: "ns",
          description: "N",
          tools: [
            { type: "function", name: "g", parameters: null },
            { type: "custom", name: "c" },
          ],
        },
        { type: "custom", name: "h", format: { type: "grammar", syntax: "lark", definition: "start: x" } },
        { type: "web_search", search_context_size: "low" },
      ],
    });
    const namespace = { name: "ns", description: "N" };
    expect(tools).toEqual([
      {
        name: "f",
        description: "d",
        inputSchema: { type: "object" },
        strict: false,
        providerOptions: { "openai-responses": { defer_loading: true } },
      },
      { name: "g", namespace: "ns", providerOptions: { "openai-responses": { namespace } } },
      { type: "custom", name: "c", providerOptions: { "openai-responses": { namespace } } },
      { type: "custom", name: "h", format: { syntax: "lark", definition: "start: x" } },
      { type: "provider", family: "openai", raw: { type: "web_search", search_context_size: "low" } },
    ]);
  });

  test.each([
    ["auto", "auto"],
    ["none", "none"],
    ["required", "required"],
    [{ type: "function", name: "f" }, { tool: "f" }],
    [{ type: "custom", name: "c" }, { tool: "c" }],
    [{ type: "web_search" }, { tool: "web_search" }],
    [
      { type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "f" }, { type: "image_generation" }] },
      { tools: ["f", "image_generation"], mode: "required" },
    ],
  ])("X05 tool_choice %j", (wire, choice) => {
    expect(decode({ input: "x", tool_choice: wire }).toolChoice).toEqual(choice);
  });

  test("a choice that only this wire knows stays in its options", () => {
    const tool_choice = { type: "mcp", server_label: "s", name: "n" };
    expect(decode({ input: "x", tool_choice }).providerOptions).toEqual({ "openai-responses": { tool_choice } });
  });
});

describe("what is no request", () => {
  test.each([
    [null, "body"],
    [[], "body"],
    [{ input: "x" }, "model"],
    [{ model: 5, input: "x" }, "model"],
    [{ model: "m" }, "input"],
    [{ model: "m", input: 5 }, "input"],
    [{ model: "m", input: [5] }, "input[0]"],
    [{ model: "m", input: [{ role: "user", content: 5 }] }, "input[0].content"],
    [{ model: "m", input: [{ role: "user", content: [null] }] }, "input[0].content[0]"],
    [{ model: "m", input: [{ role: "user", content: [{ type: "input_text" }] }] }, "input[0].content[0].text"],
    [{ model: "m", input: [{ role: "user", content: [{ type: "hologram" }] }] }, "input[0].content[0].type"],
    [{ model: "m", input: [{ role: "king", content: "x" }] }, "input[0].role"],
    [{ model: "m", input: [{ content: "x" }] }, "input[0].role"],
    [
      { model: "m", input: [{ role: "assistant", content: [{ type: "input_image", image_url: "https://x.example" }] }] },
      "input[0].content[0].type",
    ],
    [{ model: "m", input: [{ type: "function_call", name: "f", arguments: "{}" }] }, "input[0].call_id"],
    [{ model: "m", input: [{ type: "function_call_output", call_id: "c", output: 5 }] }, "input[0].output"],
    [{ model: "m", input: [{ type: "item_reference", id: "msg_1" }] }, "input[0].type"],
    [{ model: "m", input: [{ type: 5 }] }, "input[0].type"],
    [{ model: "m", input: "x", conversation: "conv_1" }, "conversation"],
    [{ model: "m", input: "x", background: true }, "background"],
    [{ model: "m", input: "x", instructions: ["x"] }, "instructions"],
    [{ model: "m", input: "x", stream: "yes" }, "stream"],
    [{ model: "m", input: "x", temperature: "hot" }, "temperature"],
    [{ model: "m", input: "x", reasoning: "high" }, "reasoning"],
    [{ model: "m", input: "x", metadata: { a: 1 } }, "metadata.a"],
    [{ model: "m", input: "x", include: "all" }, "include"],
    [{ model: "m", input: "x", tools: {} }, "tools"],
    [{ model: "m", input: "x", tools: [{ type: "function" }] }, "tools[0].name"],
    [{ model: "m", input: "x", tools: [{ type: "function", name: "f", parameters: "x" }] }, "tools[0].parameters"],
    [{ model: "m", input: "x", tools: [{ type: "namespace", name: "n", tools: [5] }] }, "tools[0].tools[0]"],
    [{ model: "m", input: "x", tool_choice: 5 }, "tool_choice"],
    [{ model: "m", input: "x", text: { format: { type: "json_schema", name: "n" } } }, "text.format.schema"],
  ])("%j is refused at %s", (body, param) => {
    expect(refusal(body).param).toBe(param);
  });

  test("OR36 a reference into a provider's memory is named in the message", () => {
    expect(refusal({ model: "m", input: [{ type: "item_reference", id: "x" }] }).message).toContain("item_reference");
  });

  test("any JSON is a request or a BAD_REQUEST", () => {
    const junk = fc.jsonValue({ maxDepth: 2 });
    const words = fc.constantFrom(
      "message",
      "reasoning",
      "function_call",
      "function_call_output",
      "custom_tool_call",
      "input_text",
      "input_image",
      "input_file",
      "output_text",
      "refusal",
      "namespace",
      "function",
      "custom",
      "image_generation_call",
      "user",
      "assistant",
      "system",
    );
    const loose: fc.Arbitrary<unknown> = fc.oneof(words, junk);
    const part = fc.record(
      {
        type: words,
        text: loose,
        image_url: loose,
        file_id: loose,
        file_data: loose,
        refusal: loose,
        annotations: loose,
        logprobs: loose,
        prompt_cache_breakpoint: loose,
      },
      { requiredKeys: ["type"] },
    );
    const parts = fc.oneof(loose, fc.array(fc.oneof(part, junk), { maxLength: 2 }));
    const item = fc.record(
      {
        type: words,
        role: loose,
        content: parts,
        id: loose,
        call_id: loose,
        name: loose,
        arguments: loose,
        input: loose,
        output: parts,
        summary: parts,
        encrypted_content: loose,
        status: loose,
        phase: loose,
      },
      { requiredKeys: [] },
    );
    const tool = fc.record({ type: words, name: loose, tools: loose, parameters: loose, format: loose }, { requiredKeys: [] });
    const body = fc.record(
      {
        model: fc.constant("m"),
        input: fc.oneof(fc.array(item, { maxLength: 3 }), junk),
        tools: fc.oneof(fc.array(tool, { maxLength: 2 }), junk),
        tool_choice: loose,
        text: loose,
        reasoning: loose,
        include: loose,
        metadata: loose,
        store: loose,
      },
      { requiredKeys: ["model", "input"] },
    );
    const allowed = (code: string, run: () => void): void => {
      try {
        run();
      } catch (error) {
        if (!CrosspointError.is(error)) throw error;
        expect(error.code).toBe(code);
      }
    };
    fc.assert(
      fc.property(body, (wire) => {
        allowed("BAD_REQUEST", () => {
          const { request } = openaiResponses.decodeRequest(wire, {});
          allowed("UNSUPPORTED", () => openaiResponses.encodeRequest(request, target(), false));
        });
      }),
      { numRuns: 1000 },
    );
  });

  test("X17 a hostile key stays data and comes back as it was", () => {
    const body = JSON.parse('{"model":"m","input":[],"__proto__":{"polluted":1}}') as object;
    const { request } = openaiResponses.decodeRequest(body, {});
    openaiResponses.encodeRequest(request, target(), false);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
