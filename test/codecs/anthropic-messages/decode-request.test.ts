import fc from "../../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { anthropicMessages as codec } from "../../../src/codecs/anthropic-messages/index.ts";
import { CrosspointError } from "../../../src/ir/error.ts";
import type { JSONObject } from "../../../src/ir/json.ts";
import { claude } from "./support.ts";

const wire = (more: JSONObject = {}): JSONObject => ({
  model: "claude-test",
  max_tokens: 100,
  messages: [{ role: "user", content: "hi" }],
  ...more,
});
const decode = (more: JSONObject = {}, headers?: Record<string, string>) =>
  codec.decodeRequest(wire(more), headers ? { headers: new Headers(headers) } : {});
const messagesOf = (messages: JSONObject[]) => decode({ messages }).request.messages;

describe("decodeRequest", () => {
  test("every setting finds its place, unknown fields are kept", () => {
    const { request, stream, warnings } = decode({
      system: "s",
      stream: true,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 4,
      stop_sequences: ["a"],
      tools: [
        {
          name: "f",
          description: "d",
          input_schema: { type: "object" },
          strict: true,
          cache_control: { type: "ephemeral", ttl: "1h" },
          defer_loading: true,
        },
        { type: "web_search_20250305", name: "web_search" },
      ],
      tool_choice: { type: "any", disable_parallel_tool_use: true },
      metadata: { user_id: "u" },
      service_tier: "auto",
      cache_control: { type: "ephemeral" },
      output_config: { format: { type: "json_schema", schema: { type: "object" } } },
      container: "c",
      inference_geo: null,
    });
    expect(stream).toBe(true);
    expect(warnings).toEqual([]);
    expect(request).toEqual({
      model: "claude-test",
      messages: [
        { role: "system", content: "s" },
        { role: "user", content: "hi" },
      ],
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      topK: 4,
      stop: ["a"],
      tools: [
        {
          name: "f",
          description: "d",
          inputSchema: { type: "object" },
          strict: true,
          cache: { ttl: "1h" },
          providerOptions: { "anthropic-messages": { defer_loading: true } },
        },
        { type: "provider", family: "anthropic", raw: { type: "web_search_20250305", name: "web_search" } },
      ],
      toolChoice: "required",
      parallelToolCalls: false,
      user: "u",
      serviceTier: "auto",
      cache: {},
      output: { type: "json", schema: { type: "object" } },
      providerOptions: { "anthropic-messages": { container: "c" } },
    });
  });

  test("both API versions; flags and the newer version are remembered", () => {
    expect(decode({}, { "anthropic-version": "2023-06-01" }).request.providerOptions).toBeUndefined();
    expect(decode({}, { "anthropic-version": "2026-10-21", "anthropic-beta": "a,b" }).request.providerOptions).toEqual({
      "anthropic-messages": { "anthropic-version": "2026-10-21", "anthropic-beta": "a,b" },
    });
  });

  test.each([
    [{ type: "enabled", budget_tokens: 2000 }, undefined, { budget: 2000 }],
    [{ type: "adaptive", display: "omitted" }, undefined, { budget: "dynamic", visibility: "none" }],
    [{ type: "adaptive" }, "high", { budget: "dynamic", effort: "high" }],
    [{ type: "disabled" }, undefined, { effort: "none" }],
    [undefined, "low", { effort: "low" }],
  ])("thinking %j with effort %s", (thinking, effort, reasoning) => {
    const { request } = decode({ ...(thinking && { thinking }), ...(effort && { output_config: { effort } }) });
    expect(request.reasoning).toEqual(reasoning);
  });

  test("tool results become tool messages, in the order of the blocks", () => {
    const result = { type: "tool_result", tool_use_id: "1", content: [{ type: "text", text: "r" }], is_error: true };
    expect(
      messagesOf([
        {
          role: "user",
          content: [
            { type: "text", text: "a" },
            result,
            { type: "tool_result", tool_use_id: "2" },
            { type: "text", text: "b", cache_control: { type: "ephemeral" } },
          ],
        },
      ]),
    ).toEqual([
      { role: "user", content: [{ type: "text", text: "a" }] },
      {
        role: "tool",
        content: [
          { type: "tool-result", callId: "1", output: { type: "content", parts: [{ type: "text", text: "r" }] }, isError: true },
          { type: "tool-result", callId: "2", output: "" },
        ],
      },
      { role: "user", content: [{ type: "text", text: "b", cache: {} }] },
    ]);
  });

  test("assistant blocks keep their order; sealed state is told from own", () => {
    expect(
      messagesOf([
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "t", signature: "S" },
            { type: "redacted_thinking", data: "R" },
            { type: "thinking", thinking: "", signature: "xp1.abc" },
            { type: "thinking", thinking: "u", signature: "" },
            { type: "tool_use", id: "1", name: "f", input: { a: 1 }, caller: { type: "direct" } },
            { type: "tool_use", id: "2", name: "f", input: { rawInvalidInput: "{oops" } },
            { type: "server_tool_use", id: "s", name: "web_search", input: {} },
          ],
        },
      ])[0]!.content,
    ).toEqual([
      { type: "reasoning", text: "t", opaque: [{ family: "anthropic", kind: "signature", data: "S" }] },
      { type: "reasoning", text: "", form: "redacted", opaque: [{ family: "anthropic", kind: "redacted", data: "R" }] },
      { type: "reasoning", text: "", opaque: [{ family: "sealed", kind: "sealed", data: "xp1.abc" }] },
      { type: "reasoning", text: "u" },
      { type: "tool-call", id: "1", name: "f", arguments: '{"a":1}' },
      { type: "tool-call", id: "2", name: "f", arguments: "{oops" },
      {
        type: "provider",
        family: "anthropic",
        codec: "anthropic-messages",
        raw: { type: "server_tool_use", id: "s", name: "web_search", input: {} },
      },
    ]);
  });

  test.each([
    [null, "body"],
    [[], "body"],
    [{ messages: [] }, "model"],
    [{ model: 1, messages: [] }, "model"],
    [{ model: "m" }, "messages"],
    [wire({ messages: ["x"] }), "messages[0]"],
    [wire({ messages: [{ role: "tool", content: "x" }] }), "messages[0].role"],
    [wire({ messages: [{ role: "user" }] }), "messages[0].content"],
    [wire({ messages: [{ role: "user", content: [3] }] }), "messages[0].content[0]"],
    [wire({ messages: [{ role: "user", content: [{ type: "text", text: 3 }] }] }), "messages[0].content[0].text"],
    [wire({ messages: [{ role: "user", content: [{ type: "image" }] }] }), "messages[0].content[0].source"],
    [wire({ messages: [{ role: "user", content: [{ type: "image", source: { type: "url" } }] }] }), "messages[0].content[0].source.url"],
    [
      wire({
        messages: [
          { role: "user", content: [{ type: "tool_result", tool_use_id: "1", content: [{ type: "tool_use", id: "a", name: "b" }] }] },
        ],
      }),
      "messages[0].content[0].content[0]",
    ],
    [
      wire({ messages: [{ role: "user", content: [{ type: "text", text: "", cache_control: 1 }] }] }),
      "messages[0].content[0].cache_control",
    ],
    [wire({ max_tokens: "9" }), "max_tokens"],
    [wire({ stop_sequences: [1] }), "stop_sequences[0]"],
    [wire({ tools: {} }), "tools"],
    [wire({ tools: [{ description: "x" }] }), "tools[0].name"],
    [wire({ tool_choice: { type: "tool" } }), "tool_choice"],
    [wire({ thinking: "on" }), "thinking"],
    [wire({ system: 4 }), "system"],
    [wire({ stream: "yes" }), "stream"],
  ])("%j names %s", (body, param) => {
    expect(() => codec.decodeRequest(body, {})).toThrow(expect.objectContaining({ code: "BAD_REQUEST", param }) as Error);
  });

  test("X17 hostile keys do not pollute", () => {
    const body = JSON.parse(
      '{"model":"m","__proto__":{"polluted":1},"messages":[{"role":"user","content":[{"type":"text","text":"x","__proto__":{"polluted":1}}]}],"tools":[{"name":"f","__proto__":{"polluted":1}}],"metadata":{"__proto__":{"polluted":1}}}',
    ) as unknown;
    const { request } = codec.decodeRequest(body, {});
    codec.encodeRequest(request, claude(), false);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("any JSON is decoded or refused, never a crash", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (messages, other) => {
        for (const body of [
          messages,
          { model: "m", messages },
          {
            model: "m",
            messages: [{ role: "user", content: messages }],
            tools: other,
            thinking: other,
            system: other,
            metadata: other,
            tool_choice: other,
          },
        ]) {
          try {
            codec.decodeRequest(body, {});
          } catch (error) {
            expect(CrosspointError.is(error, "BAD_REQUEST")).toBe(true);
          }
        }
      }),
    );
  });
});

describe("the way through the IR and back", () => {
  const words = fc.string({ minLength: 1, maxLength: 12 }).map((each) => `w${each}w`);
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });
  const cacheControl = optional(fc.constantFrom<JSONObject>({ type: "ephemeral" }, { type: "ephemeral", ttl: "1h" }));
  const clean = (value: object): JSONObject =>
    Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as JSONObject;
  const record = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model).map(clean);
  const input = fc.dictionary(words, fc.jsonValue({ maxDepth: 2 })).map((value) => JSON.parse(JSON.stringify(value)) as JSONObject);

  const textBlock = record({ type: fc.constant("text"), text: words });
  const imageSource = fc.oneof(
    record({ type: fc.constant("base64"), media_type: fc.constantFrom("image/png", "image/jpeg"), data: fc.constant("AAAA") }),
    record({ type: fc.constant("url"), url: fc.webUrl() }),
    record({ type: fc.constant("file"), file_id: words }),
  );
  const image = record({ type: fc.constant("image"), source: imageSource });
  const documentSource = fc.oneof(
    record({ type: fc.constant("base64"), media_type: fc.constant("application/pdf"), data: fc.constant("AAAA") }),
    record({ type: fc.constant("text"), media_type: fc.constant("text/plain"), data: words }),
    record({ type: fc.constant("content"), content: words }),
    record({ type: fc.constant("url"), url: fc.webUrl() }),
    record({ type: fc.constant("file"), file_id: words }),
  );
  const document = record({
    type: fc.constant("document"),
    source: documentSource,
    title: optional(words),
    context: optional(words),
    citations: optional(record({ enabled: fc.boolean() })),
  });
  const searchResult = record({ type: fc.constant("search_result"), source: words, title: words, content: fc.constant([]) });
  const result = record({
    type: fc.constant("tool_result"),
    tool_use_id: words,
    is_error: optional(fc.boolean()),
    content: optional(fc.oneof(words, fc.array(fc.oneof(image, document), { minLength: 1, maxLength: 3 }))),
  });
  const userContent = fc.oneof(
    words,
    fc
      .tuple(fc.array(result, { maxLength: 2 }), fc.array(fc.oneof(image, document, searchResult), { maxLength: 2 }), textBlock)
      .map(([results, files, last]) => [...results, ...files, { ...last, cache_control: { type: "ephemeral" } } as JSONObject]),
  );
  const citation = record({ type: fc.constant("page_location"), cited_text: words, document_index: fc.nat(), start_page_number: fc.nat() });
  const assistantBlock = fc.oneof(
    record({ type: fc.constant("text"), text: words, citations: fc.array(citation, { minLength: 1, maxLength: 2 }) }),
    record({ type: fc.constant("thinking"), thinking: fc.string(), signature: words }),
    record({ type: fc.constant("redacted_thinking"), data: words }),
    record({
      type: fc.constant("tool_use"),
      id: words,
      name: words,
      input,
      caller: optional(record({ type: fc.constant("code_execution_20250825"), tool_id: words })),
    }),
    record({ type: fc.constant("server_tool_use"), id: words, name: words, input }),
    record({ type: fc.constant("compaction"), content: words }),
  );
  const turns = fc.array(fc.tuple(userContent, fc.oneof(words, fc.array(assistantBlock, { minLength: 1, maxLength: 4 }))), {
    maxLength: 3,
  });
  const tool = fc.oneof(
    record({
      name: words,
      description: optional(words),
      input_schema: fc.constant({ type: "object", properties: { a: { type: "string" } } }),
      input_examples: optional(fc.array(input, { minLength: 1, maxLength: 2 })),
      eager_input_streaming: optional(fc.boolean()),
    }),
    record({ type: fc.constant("web_search_20260318"), name: fc.constant("web_search"), max_uses: optional(fc.nat()) }),
  );
  const choice = fc.oneof(
    record({ type: fc.constantFrom("auto", "any"), disable_parallel_tool_use: optional(fc.constant(true)) }),
    record({ type: fc.constant("none") }),
    record({ type: fc.constant("tool"), name: words }),
  );
  const thinking = fc.oneof(
    record({
      thinking: record({
        type: fc.constant("enabled"),
        budget_tokens: fc.integer({ min: 1024, max: 3000 }),
        display: optional(fc.constantFrom("summarized", "omitted")),
      }),
    }),
    record({
      thinking: record({ type: fc.constant("adaptive"), display: optional(fc.constantFrom("summarized", "omitted")) }),
      output_config: optional(record({ effort: fc.constantFrom("low", "max") })),
    }),
    record({
      thinking: record({ type: fc.constantFrom("disabled", "between_tools", "later") }),
      output_config: optional(record({ effort: fc.constantFrom("low", "medium") })),
    }),
    record({
      output_config: record({
        effort: fc.constantFrom("low", "xhigh", "novel"),
        format: optional(fc.constant({ type: "json_schema", schema: { type: "object", additionalProperties: false } })),
        task_budget: optional(fc.nat()),
      }),
    }),
    record({
      temperature: optional(fc.double({ min: 0, max: 1, noNaN: true })),
      top_p: optional(fc.constant(0.5)),
      top_k: optional(fc.nat()),
    }),
  );
  const request = fc
    .tuple(
      record({
        max_tokens: fc.integer({ min: 4000, max: 8000 }),
        system: optional(fc.oneof(words, fc.array(textBlock, { minLength: 2, maxLength: 3 }))),
        stop_sequences: optional(fc.array(words, { minLength: 1 })),
        metadata: optional(record({ user_id: words })),
        service_tier: optional(fc.constantFrom("auto", "standard_only")),
        cache_control: cacheControl,
        container: optional(words),
        inference_geo: optional(words),
        stream: optional(fc.constant(true)),
      }),
      turns,
      userContent,
      optional(fc.tuple(fc.array(tool, { minLength: 1, maxLength: 3 }), optional(choice))),
      thinking,
    )
    .map(([body, pairs, last, tools, more]): JSONObject => ({
      model: "claude-test",
      ...body,
      messages: [
        ...pairs.flatMap(([user, assistant]) => [
          { role: "user", content: user },
          { role: "assistant", content: assistant },
        ]),
        { role: "user", content: last },
      ] as never,
      ...(tools && { tools: tools[0], ...(tools[1] && { tool_choice: tools[1] }) }),
      ...more,
    }));

  /** Without cache marks, of which four survive by rule, and with a lone plain text as a string. */
  const plain = (body: unknown): unknown => {
    const unmarked = JSON.stringify(body, (key, each: unknown) => (key === "cache_control" ? undefined : each));
    return JSON.parse(unmarked, (key, each: unknown) => {
      if (key !== "content" || !Array.isArray(each) || each.length !== 1) return each;
      const [block] = each as [Record<string, unknown>];
      return Object.keys(block).toSorted().join(",") === "text,type" ? block["text"] : each;
    });
  };

  test("encodeRequest(decodeRequest(wire)) is the same body", () => {
    fc.assert(
      fc.property(request, (body) => {
        const { request: decoded, stream } = codec.decodeRequest(body, {});
        const target = claude({ forcedToolWhileThinking: true, lateSystem: true });
        const encoded = codec.encodeRequest(decoded, target, stream);
        expect(plain(encoded.body)).toEqual(plain(body));
        expect(encoded.warnings.filter(({ feature }) => feature !== "cache")).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("decodeRequest(encodeRequest(x)) keeps what the wire holds", () => {
    fc.assert(
      fc.property(request, (body) => {
        const target = claude({ forcedToolWhileThinking: true, lateSystem: true });
        const { request: once } = codec.decodeRequest(body, {});
        const first = codec.encodeRequest(once, target, false).body;
        const { request: twice } = codec.decodeRequest(first, {});
        expect(plain(codec.encodeRequest(twice, target, false).body)).toEqual(plain(first));
        expect(twice.tools).toEqual(once.tools);
        expect(twice.reasoning).toEqual(once.reasoning);
      }),
      { numRuns: 200 },
    );
  });
});
