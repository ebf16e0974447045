import { describe, expect, test } from "vitest";
import type { JSONObject, Message, ModelRequest, Target } from "../../../src/ir/index.ts";
import { CrosspointError } from "../../../src/ir/index.ts";
import { openaiResponses } from "../../../src/codecs/openai-responses/index.ts";
import { question, target } from "./support.ts";

function encode(request: Partial<ModelRequest>, over: Partial<Target> = {}): { body: JSONObject; features: string[] } {
  const { body, warnings } = openaiResponses.encodeRequest({ ...question, ...request }, target(over), false);
  return { body, features: warnings.map((warning) => `${warning.type}:${warning.feature}`) };
}

function input(messages: Message[], over: Partial<Target> = {}, request: Partial<ModelRequest> = {}): unknown {
  return encode({ ...request, messages }, over).body["input"];
}

const encrypted = { family: "openai", model: "gpt-5", kind: "encrypted-content", data: "gAAA" };

describe("messages", () => {
  test("OR01 CP17 leading system messages become instructions, later and developer ones stay items", () => {
    const { body } = encode({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "system", content: [{ type: "text", text: "Be kind." }] },
        { role: "user", content: "Hi" },
        { role: "system", content: "Late." },
        { role: "system", developer: true, content: "Dev." },
      ],
    });
    expect(body["instructions"]).toBe("Be brief.\nBe kind.");
    expect(body["input"]).toEqual([
      { type: "message", role: "user", content: "Hi" },
      { type: "message", role: "system", content: "Late." },
      { type: "message", role: "developer", content: "Dev." },
    ]);
  });

  test("OR02 X13 user parts in every form of file data", () => {
    const content = [
      { type: "text", text: "see" },
      { type: "file", mediaType: "image/png", data: { type: "base64", base64: "AAAA" }, detail: "high" },
      { type: "file", mediaType: "image/png", data: { type: "bytes", bytes: new Uint8Array([1, 2, 3]) } },
      { type: "file", mediaType: "image/*", data: { type: "url", url: "https://a.example/x.png" } },
      { type: "file", mediaType: "image/*", data: { type: "id", id: "file-1", family: "openai" } },
      { type: "file", mediaType: "application/pdf", data: { type: "base64", base64: "JVBE" }, filename: "a.pdf" },
      { type: "file", mediaType: "application/pdf", data: { type: "url", url: "https://a.example/x.pdf" } },
      { type: "file", mediaType: "text/plain", data: { type: "text", text: "hé" } },
    ] as const;
    expect(input([{ role: "user", content }])).toEqual([
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "see" },
          { type: "input_image", detail: "high", image_url: "data:image/png;base64,AAAA" },
          { type: "input_image", detail: "auto", image_url: "data:image/png;base64,AQID" },
          { type: "input_image", detail: "auto", image_url: "https://a.example/x.png" },
          { type: "input_image", detail: "auto", file_id: "file-1" },
          { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" },
          { type: "input_file", file_url: "https://a.example/x.pdf" },
          { type: "input_file", filename: "file.txt", file_data: "data:text/plain;base64,aMOp" },
        ],
      },
    ]);
  });

  test("X12 a media type without its second half is found in the bytes, or refused", () => {
    const image = (base64: string): Message[] => [
      { role: "user", content: [{ type: "file", mediaType: "image/*", data: { type: "base64", base64 } }] },
    ];
    expect(JSON.stringify(input(image("iVBORw0KGgo=")))).toContain("data:image/png;base64,");
    expect(JSON.stringify(input(image("/9j/4AAQ")))).toContain("data:image/jpeg;base64,");
    expect(() => input(image("AAAA"))).toThrow(/full media type/);
  });

  test.each([
    ["OR03 X02 sound", { mediaType: "audio/wav", data: { type: "base64", base64: "AAAA" } }],
    ["OR03 X02 video", { mediaType: "video/mp4", data: { type: "url", url: "https://a.example/v.mp4" } }],
    ["X02 SW10 another family's file id", { mediaType: "image/*", data: { type: "id", id: "f", family: "anthropic" } }],
  ] as const)("%s is refused before any call", (_name, file) => {
    try {
      input([{ role: "user", content: [{ type: "file", ...file }] }]);
      expect.unreachable();
    } catch (error) {
      expect(CrosspointError.is(error, "UNSUPPORTED")).toBe(true);
      expect(error).toMatchObject({ param: "messages[0].content[0]" });
    }
  });

  test("OR08 assistant text keeps its item, and is never a reference", () => {
    const messages: Message[] = [
      {
        role: "assistant",
        content: [
          { type: "text", text: "a", itemId: "msg_1", phase: "commentary" },
          { type: "text", text: "b", itemId: "msg_1", phase: "commentary" },
          { type: "refusal", text: "no", itemId: "msg_2" },
        ],
      },
      { role: "assistant", content: "plain" },
    ];
    const items = [
      {
        type: "message",
        role: "assistant",
        id: "msg_1",
        status: "completed",
        phase: "commentary",
        content: [
          { type: "output_text", text: "a" },
          { type: "output_text", text: "b" },
        ],
      },
      { type: "message", role: "assistant", id: "msg_2", status: "completed", content: [{ type: "refusal", refusal: "no" }] },
      { type: "message", role: "assistant", content: "plain" },
    ];
    expect(input(messages)).toEqual(items);
    expect(input(messages, {}, { store: true })).toEqual(items);
  });

  test("CP17 a host without memory gets no item ids and no store; ids of a foreign form do not go to OpenAI", () => {
    const messages: Message[] = [
      {
        role: "assistant",
        content: [
          { type: "text", text: "a", itemId: "msg_1" },
          { type: "tool-call", id: "c1", name: "f", arguments: "{}", itemId: "fc_1" },
        ],
      },
    ];
    const stateless = encode({ messages, store: true }, { family: "lmstudio", quirks: { stateless: true } }).body;
    expect(stateless).not.toHaveProperty("store");
    expect(JSON.stringify(stateless)).not.toContain('"id"');
    const foreign: Message[] = [{ role: "assistant", content: [{ type: "text", text: "a", itemId: "capture-id-9" }] }];
    expect(JSON.stringify(input(foreign))).not.toContain("capture-id");
    expect(JSON.stringify(input(foreign, { family: "copilot" }))).toContain('"id":"capture-id-9"');
  });
});

describe("reasoning", () => {
  test("OR10 parts of one item are merged, other ids make other items", () => {
    const content = [
      { type: "reasoning", text: "one", itemId: "rs_1", form: "summary" },
      { type: "reasoning", text: "two", itemId: "rs_1", form: "summary", opaque: [encrypted] },
      { type: "reasoning", text: "three", itemId: "rs_2", form: "raw", opaque: [encrypted] },
      { type: "text", text: "done" },
    ] as const;
    expect(input([{ role: "assistant", content }])).toEqual([
      {
        type: "reasoning",
        id: "rs_1",
        summary: [
          { type: "summary_text", text: "one" },
          { type: "summary_text", text: "two" },
        ],
        encrypted_content: "gAAA",
      },
      { type: "reasoning", id: "rs_2", summary: [], content: [{ type: "reasoning_text", text: "three" }], encrypted_content: "gAAA" },
      { type: "message", role: "assistant", content: "done" },
    ]);
  });

  test("OR11 OR14 encrypted content without id or text makes an item without id and with an empty summary", () => {
    expect(input([{ role: "assistant", content: [{ type: "reasoning", text: "", opaque: [encrypted] }] }])).toEqual([
      { type: "reasoning", summary: [], encrypted_content: "gAAA" },
    ]);
  });

  test("OR12 OR13 reasoning without encrypted content is left out with a warning, unless the provider stores it", () => {
    const messages: Message[] = [{ role: "assistant", content: [{ type: "reasoning", text: "hm", itemId: "rs_1" }] }];
    const left = encode({ messages });
    expect(left.body["input"]).toEqual([]);
    expect(left.features).toEqual(["compatibility:messages[0].content[0]"]);
    expect(encode({ messages, store: true }).body["input"]).toEqual([
      { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "hm" }] },
    ]);
  });

  test("SW05 another family's state, and a sealed one, never leave", () => {
    const opaque = [
      { family: "anthropic", kind: "signature", data: "sig" },
      { family: "sealed", kind: "sealed", data: "xp1.x" },
    ];
    expect(input([{ role: "assistant", content: [{ type: "reasoning", text: "hm", opaque }] }])).toEqual([]);
  });

  test("CP17 open hosts get raw reasoning back in clear", () => {
    expect(
      input([{ role: "assistant", content: [{ type: "reasoning", form: "raw", text: "hm", itemId: "rs_1" }] }], {
        family: "vllm",
        quirks: { stateless: true },
      }),
    ).toEqual([{ type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: "hm" }] }]);
  });
});

describe("tools in the history", () => {
  test("OR09 XA01 calls go in full with call_id; X14 X57 arguments stay text and are never empty", () => {
    const content = [
      { type: "tool-call", id: "c1", name: "f", arguments: "", itemId: "fc_1" },
      { type: "tool-call", id: "c2", name: "g", arguments: "not json{", namespace: "ns" },
      { type: "tool-call", id: "c3", name: "h", arguments: "free", custom: true },
    ] as const;
    expect(input([{ role: "assistant", content }], {}, { store: true })).toEqual([
      { type: "function_call", id: "fc_1", call_id: "c1", name: "f", arguments: "{}" },
      { type: "function_call", call_id: "c2", name: "g", arguments: "not json{", namespace: "ns" },
      { type: "custom_tool_call", call_id: "c3", name: "h", input: "free" },
    ]);
  });

  test("OR17 OR19 X15 X16 tool outputs", () => {
    const cyclic: Record<string, unknown> = { big: 1n };
    cyclic["self"] = cyclic;
    const content = [
      { type: "tool-result", callId: "a", output: "text" },
      { type: "tool-result", callId: "b", output: { type: "json", value: { x: 1 } } },
      { type: "tool-result", callId: "c", output: { type: "text", text: "boom" }, isError: true },
      { type: "tool-result", callId: "d", output: { type: "denied" } },
      { type: "tool-result", callId: "e", output: { type: "json", value: cyclic as never } },
      {
        type: "tool-result",
        callId: "f",
        output: {
          type: "content",
          parts: [
            { type: "text", text: "t" },
            { type: "file", mediaType: "image/png", data: { type: "base64", base64: "AA" } },
            { type: "file", mediaType: "application/pdf", data: { type: "url", url: "https://a.example/p.pdf" } },
          ],
        },
      },
    ] as const;
    expect((input([{ role: "tool", content }]) as JSONObject[]).map((item) => [item["type"], item["call_id"], item["output"]])).toEqual([
      ["function_call_output", "a", "text"],
      ["function_call_output", "b", '{"x":1}'],
      ["function_call_output", "c", '{"error":"boom"}'],
      ["function_call_output", "d", "Tool call execution denied."],
      ["function_call_output", "e", '{"big":"1","self":"[Circular]"}'],
      [
        "function_call_output",
        "f",
        [
          { type: "input_text", text: "t" },
          { type: "input_image", detail: "auto", image_url: "data:image/png;base64,AA" },
          { type: "input_file", file_url: "https://a.example/p.pdf" },
        ],
      ],
    ]);
  });

  test("OR18 the output of a tool with an output schema is JSON", () => {
    const messages: Message[] = [
      { role: "assistant", content: [{ type: "tool-call", id: "c", name: "f", arguments: "{}" }] },
      {
        role: "tool",
        content: [
          { type: "tool-result", callId: "c", output: "plain" },
          { type: "tool-result", callId: "c", output: '{"a":1}' },
        ],
      },
    ];
    const outputs = (tools: ModelRequest["tools"]): unknown[] =>
      (input(messages, {}, { tools: tools! }) as JSONObject[]).slice(1).map((item) => item["output"]);
    expect(outputs([{ name: "f", outputSchema: { type: "string" } }])).toEqual(['"plain"', '{"a":1}']);
    expect(outputs([{ name: "f" }])).toEqual(["plain", '{"a":1}']);
  });

  test("OR33 the result of a custom call is one too", () => {
    const messages: Message[] = [
      { role: "assistant", content: [{ type: "tool-call", id: "c", name: "h", arguments: "x", custom: true }] },
      { role: "tool", content: [{ type: "tool-result", callId: "c", output: "ok" }] },
    ];
    expect(input(messages)).toContainEqual({ type: "custom_tool_call_output", call_id: "c", output: "ok" });
  });

  test("OR33 OR34 hosted items are replayed verbatim in place, and only to their family", () => {
    const raw = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "q" } };
    const content = [
      { type: "text", text: "a" },
      { type: "provider", family: "openai", codec: "openai-responses", raw },
      { type: "source", source: { url: "https://a.example" } },
      { type: "text", text: "b" },
    ] as const;
    expect(input([{ role: "assistant", content }])).toEqual([
      { type: "message", role: "assistant", content: "a" },
      raw,
      { type: "message", role: "assistant", content: "b" },
    ]);
    const { body, features } = encode({ messages: [{ role: "assistant", content }] }, { family: "xai" });
    expect(body["input"]).toHaveLength(2);
    expect(features).toEqual(["unsupported:messages[0].content[1]"]);
  });

  test("a generated image is replayed by its own item only", () => {
    const raw = { type: "image_generation_call", id: "ig_1", status: "completed", result: "AAAA" };
    const content = [
      { type: "file", mediaType: "image/png", data: { type: "base64", base64: "AAAA" }, itemId: "ig_1" },
      { type: "provider", family: "openai", codec: "openai-responses", raw },
    ] as const;
    expect(encode({ messages: [{ role: "assistant", content }] })).toMatchObject({ body: { input: [raw] }, features: [] });
    expect(encode({ messages: [{ role: "assistant", content: [content[0]] }] }).features).toEqual(["unsupported:messages[0].content[0]"]);
  });
});

describe("settings", () => {
  test("OR04 XA04 X01 settings without a field are reported and the rest is sent", () => {
    const { body, features } = encode({
      topK: 1,
      seed: 2,
      frequencyPenalty: 1,
      presencePenalty: 1,
      stop: ["x"],
      logitBias: { a: 1 },
      n: 2,
      temperature: 0.5,
    });
    expect(features).toEqual(
      ["topK", "seed", "frequencyPenalty", "presencePenalty", "stop", "logitBias", "n"].map((name) => `unsupported:${name}`),
    );
    expect(body["temperature"]).toBe(0.5);
    expect(() => encode({ topK: 1 }, { unsupported: "error" })).toThrow(/topK/);
    expect(encode({ topK: 1 }, { unsupported: "drop" }).features).toEqual([]);
  });

  test("OR05 sampling settings are left out while the model reasons", () => {
    const sampling = { temperature: 0.2, topP: 0.9 };
    const on = encode(sampling, { traits: { sampling: "without-reasoning" } });
    expect(on.body).not.toHaveProperty("temperature");
    expect(on.features).toEqual(["unsupported:temperature", "unsupported:topP"]);
    const off = encode({ ...sampling, reasoning: { effort: "none" } }, { traits: { sampling: "without-reasoning" } });
    expect(off.body).toMatchObject({ temperature: 0.2, top_p: 0.9, reasoning: { effort: "none" } });
    expect(encode({ ...sampling, reasoning: { effort: "none" } }, { traits: { sampling: "never" } }).body).not.toHaveProperty("top_p");
  });

  test("OR06 X18 XA05 effort and summary; an effort that the model lacks becomes its neighbour", () => {
    expect(encode({ reasoning: { effort: "low", visibility: "detailed" } }).body["reasoning"]).toEqual({
      effort: "low",
      summary: "detailed",
    });
    expect(encode({ reasoning: { visibility: "none" } }).body).not.toHaveProperty("reasoning");
    const efforts = ["none", "low", "high"];
    const sent = (effort: "minimal" | "medium" | "max"): unknown =>
      encode({ reasoning: { effort } }, { traits: { efforts } }).body["reasoning"];
    expect(sent("medium")).toEqual({ effort: "low" });
    expect(sent("max")).toEqual({ effort: "high" });
    expect(sent("minimal")).toEqual({ effort: "low" });
    expect(encode({ reasoning: { effort: "medium" } }, { traits: { efforts } }).features).toEqual(["compatibility:reasoning.effort"]);
    expect(encode({ reasoning: { effort: "low" } }, { traits: { reasoning: false } }).features).toEqual(["unsupported:reasoning"]);
    expect(encode({ reasoning: { budget: 0 } }).body["reasoning"]).toEqual({ effort: "none" });
    expect(encode({ reasoning: { budget: 5000 } }).features).toEqual(["compatibility:reasoning.budget"]);
    // Wires that speak of budgets show the thoughts.
    expect(encode({ reasoning: { budget: 5000 } }).body["reasoning"]).toEqual({ effort: "medium", summary: "auto" });
    expect(encode({ reasoning: { budget: 5000, visibility: "none" } }).body["reasoning"]).toEqual({ effort: "medium" });
  });

  test("OR07 XA02 OR36 nothing is left to the provider's memory", () => {
    const reasons = { traits: { reasoning: true } } as const;
    expect(encode({}, reasons).body).toMatchObject({ store: false, include: ["reasoning.encrypted_content"] });
    expect(encode({ store: false }, reasons).body).toHaveProperty("include");
    expect(encode({ store: true }, reasons).body).toMatchObject({ store: true });
    expect(encode({ store: true }, reasons).body).not.toHaveProperty("include");
    expect(encode({}, { traits: { reasoning: false } }).body).not.toHaveProperty("include");
    expect(encode({}).body).not.toHaveProperty("include");
    expect(JSON.stringify(encode({}, reasons).body)).not.toMatch(/previous_response_id|item_reference/);
  });

  test("OR20 OR21 X05 tools and choices", () => {
    const tools = [
      { name: "f", description: "d", inputSchema: { type: "object" } },
      { name: "g", strict: true },
      { type: "custom", name: "c", format: { syntax: "regex", definition: "a+" } },
      { type: "provider", family: "openai", raw: { type: "web_search" } },
    ] as const;
    const choose = (toolChoice: ModelRequest["toolChoice"]): unknown => encode({ tools, toolChoice: toolChoice! }).body["tool_choice"];
    expect(encode({ tools }).body["tools"]).toEqual([
      { type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: false },
      { type: "function", name: "g", parameters: { type: "object", properties: {} }, strict: true },
      { type: "custom", name: "c", format: { type: "grammar", syntax: "regex", definition: "a+" } },
      { type: "web_search" },
    ]);
    expect(["auto", "none", "required"].map((choice) => choose(choice as "auto"))).toEqual(["auto", "none", "required"]);
    expect(choose({ tool: "f" })).toEqual({ type: "function", name: "f" });
    expect(choose({ tool: "c" })).toEqual({ type: "custom", name: "c" });
    expect(choose({ tool: "web_search" })).toEqual({ type: "web_search" });
    expect(choose({ tools: ["f", "c"], mode: "required" })).toEqual({
      type: "allowed_tools",
      mode: "required",
      tools: [
        { type: "function", name: "f" },
        { type: "custom", name: "c" },
      ],
    });
    expect(encode({ tools, toolChoice: { tool: "nope" } })).toMatchObject({ features: ["unsupported:toolChoice"] });
  });

  test("X03 no tools, no choice", () => {
    const { body } = encode({ tools: [], toolChoice: "required", parallelToolCalls: true });
    expect(Object.keys(body)).toEqual(["model", "input", "store"]);
  });

  test("X04 hosted tools of another family are left out with a warning", () => {
    const { body, features } = encode({ tools: [{ type: "provider", family: "anthropic", raw: { type: "bash" } }], toolChoice: "auto" });
    expect(body).not.toHaveProperty("tools");
    expect(features).toEqual(["unsupported:tools[0]"]);
  });

  test("functions of a namespace are grouped for OpenAI and plain for others", () => {
    const tools = [
      { name: "get", namespace: "mcp", providerOptions: { "openai-responses": { namespace: { name: "mcp", description: "MCP" } } } },
      { name: "put", namespace: "mcp" },
    ];
    expect(encode({ tools }).body["tools"]).toMatchObject([
      { type: "namespace", name: "mcp", description: "MCP", tools: [{ name: "get" }, { name: "put" }] },
    ]);
    expect(encode({ tools }, { family: "vllm" }).body["tools"]).toMatchObject([
      { type: "function", name: "get" },
      { type: "function", name: "put" },
    ]);
  });

  test("OR22 X06 output formats and verbosity", () => {
    const schema = { type: "object" };
    expect(encode({ output: { type: "json" } }).body["text"]).toEqual({ format: { type: "json_object" } });
    expect(encode({ output: { type: "json", schema, name: "n", strict: true }, verbosity: "low" }).body["text"]).toEqual({
      format: { type: "json_schema", name: "n", schema, strict: true },
      verbosity: "low",
    });
    expect(encode({ output: { type: "text" } }).body).not.toHaveProperty("text");
    const asked = encode({ output: { type: "json", schema } }, { quirks: { noJsonSchema: true } }).body;
    expect(asked["text"]).toEqual({ format: { type: "json_object" } });
    expect(asked["instructions"]).toContain('{"type":"object"}');
  });

  test("OR23 the remaining settings, and logprobs through include", () => {
    const { body, features } = encode({
      maxOutputTokens: 10,
      parallelToolCalls: false,
      tools: [{ name: "f" }],
      metadata: { a: "b" },
      user: "u",
      safetyIdentifier: "s",
      promptCacheKey: "k",
      serviceTier: "flex",
      logprobs: true,
      topLogprobs: 3,
    });
    expect(features).toEqual([]);
    expect(body).toMatchObject({
      max_output_tokens: 10,
      parallel_tool_calls: false,
      metadata: { a: "b" },
      user: "u",
      safety_identifier: "s",
      prompt_cache_key: "k",
      service_tier: "flex",
      include: ["message.output_text.logprobs"],
      top_logprobs: 3,
    });
  });

  test("OR16 OR23 X11 X20 options of the target win and are taken over verbatim", () => {
    const { body } = encode(
      {
        temperature: 1,
        reasoning: { effort: "low" },
        providerOptions: {
          "openai-responses": { truncation: "auto", max_tool_calls: 3, include: ["file_search_call.results"] },
          openai: { temperature: 0, reasoning: { mode: "pro" } },
          anthropic: { x: 1 },
        },
      },
      { traits: { reasoning: true } },
    );
    expect(body).toMatchObject({
      temperature: 0,
      truncation: "auto",
      max_tool_calls: 3,
      reasoning: { effort: "low", mode: "pro" },
      include: ["reasoning.encrypted_content", "file_search_call.results"],
    });
    expect(body).not.toHaveProperty("x");
  });

  test("SW12 cache hints go only with a lifetime that OpenAI has", () => {
    const content = [
      { type: "text", text: "a", cache: { ttl: "12h" } },
      { type: "text", text: "b", cache: { ttl: "5m" } },
    ] as const;
    expect(input([{ role: "user", content }])).toMatchObject([
      { content: [{ prompt_cache_breakpoint: { mode: "explicit", ttl: "12h" } }, { type: "input_text", text: "b" }] },
    ]);
    expect(JSON.stringify(input([{ role: "user", content }], { family: "xai" }))).not.toContain("breakpoint");
  });

  test("quirks: refused settings and the highest temperature", () => {
    const { body, features } = encode(
      { user: "u", verbosity: "low", temperature: 1.7, topP: 1 },
      { quirks: { unsupportedSettings: ["user", "verbosity"], maxTemperature: 1 }, traits: { exclusiveSampling: true } },
    );
    expect(Object.keys(body)).toEqual(["model", "input", "temperature", "store"]);
    expect(body["temperature"]).toBe(1);
    expect(features).toEqual(["unsupported:user", "compatibility:temperature", "unsupported:topP", "unsupported:verbosity"]);
  });

  test("the request is not changed and the path is fixed", () => {
    const request: ModelRequest = Object.freeze({ ...question, messages: Object.freeze(question.messages) as Message[] });
    expect(openaiResponses.encodeRequest(request, target(), true)).toMatchObject({
      path: "/responses",
      body: { stream: true, model: "gpt-5" },
    });
  });
});
