import { describe, expect, test } from "vitest";
import fc from "../../support/fast-check.ts";
import { gemini } from "../../../src/codecs/gemini/index.ts";
import { CrosspointError } from "../../../src/ir/error.ts";
import type { Message } from "../../../src/ir/content.ts";
import type { JSONObject } from "../../../src/ir/json.ts";
import type { ModelRequest } from "../../../src/ir/request.ts";
import { targetOf } from "./support.ts";

const route = { model: "gemini-3-pro" };
const decode = (body: unknown) => gemini.decodeRequest(body, route);
const again = (body: unknown): JSONObject => gemini.encodeRequest(decode(body).request, targetOf(), false).body;
const ask = { contents: [{ role: "user", parts: [{ text: "hi" }] }] };
const hi = [{ role: "user", content: [{ type: "text", text: "hi" }] }];

describe("forms that the service takes", () => {
  test.each([
    ["a list of turns", ask.contents],
    ["one turn", { parts: [{ text: "hi" }] }],
    ["one part", { role: "user", parts: { text: "hi" } }],
    ["text", "hi"],
    ["a list of texts", ["hi"]],
  ])("contents as %s", (_name, contents) => {
    expect(decode({ contents }).request.messages).toEqual(hi);
  });

  test("snake case is camel case", () => {
    const { request } = decode({
      system_instruction: { parts: { text: "S" } },
      contents: [
        { role: "model", parts: [{ function_call: { name: "f", args: { snake_key: 1 } }, thought_signature: "s" }] },
        { role: "function", parts: [{ function_response: { name: "f", response: { out_put: 1 } } }] },
        {
          role: "user",
          parts: [
            { inline_data: { mime_type: "image/png", data: "AA==" } },
            { file_data: { file_uri: "https://e.example", mime_type: "a/b" } },
          ],
        },
      ],
      tools: [
        { function_declarations: [{ name: "f", parameters_json_schema: { type: "object", properties: { snake_key: {} } } }] },
        { google_search: {} },
      ],
      tool_config: { function_calling_config: { mode: "ANY", allowed_function_names: ["f"] } },
      generation_config: {
        max_output_tokens: 5,
        top_k: 2,
        stop_sequences: ["x"],
        thinking_config: { thinking_level: "LOW", include_thoughts: true },
        response_mime_type: "application/json",
      },
    });
    expect(request).toEqual({
      model: "gemini-3-pro",
      messages: [
        { role: "system", content: [{ type: "text", text: "S" }] },
        {
          role: "assistant",
          content: [
            {
              type: "tool-call",
              id: "call_0",
              name: "f",
              arguments: '{"snake_key":1}',
              opaque: [{ family: "google", kind: "thought-signature", data: "s" }],
            },
          ],
        },
        { role: "tool", content: [{ type: "tool-result", callId: "call_0", name: "f", output: { type: "json", value: { out_put: 1 } } }] },
        {
          role: "user",
          content: [
            { type: "file", mediaType: "image/png", data: { type: "base64", base64: "AA==" } },
            { type: "file", mediaType: "a/b", data: { type: "url", url: "https://e.example" } },
          ],
        },
      ],
      tools: [
        { name: "f", inputSchema: { type: "object", properties: { snake_key: {} } } },
        { type: "provider", family: "google", raw: { googleSearch: {} } },
      ],
      toolChoice: { tool: "f" },
      maxOutputTokens: 5,
      topK: 2,
      stop: ["x"],
      reasoning: { effort: "low", visibility: "auto" },
      output: { type: "json" },
    });
  });

  test("the model is in the route, else in the body", () => {
    expect(gemini.decodeRequest(ask, { model: "models/x", stream: true })).toMatchObject({ request: { model: "x" }, stream: true });
    expect(gemini.decodeRequest({ ...ask, model: "models/y" }, {})).toMatchObject({ request: { model: "y" }, stream: false });
    expect(() => gemini.decodeRequest(ask, {})).toThrow(expect.objectContaining({ code: "BAD_REQUEST", param: "model" }));
  });
});

test.each([
  [{ thinkingBudget: -1 }, { budget: "dynamic", visibility: "none" }],
  [
    { thinkingBudget: 0, includeThoughts: false },
    { budget: 0, visibility: "none" },
  ],
  [{ includeThoughts: true }, { visibility: "auto" }],
  [
    { thinkingLevel: "HIGH", includeThoughts: true },
    { effort: "high", visibility: "auto" },
  ],
])("thinkingConfig %j", (thinkingConfig, reasoning) => {
  expect(decode({ ...ask, generationConfig: { thinkingConfig } }).request.reasoning).toEqual(reasoning);
});

describe("what is no request", () => {
  test.each([
    [null, "body"],
    ["x", "body"],
    [[], "body"],
    [{}, "contents"],
    [{ contents: [] }, "contents"],
    [{ contents: [{ role: "user", parts: [] }], systemInstruction: "S" }, "contents"],
    [{ contents: 5 }, "contents[0]"],
    [{ contents: [null] }, "contents[0]"],
    [{ contents: [{ role: "system", parts: [] }] }, "contents[0].role"],
    [{ contents: [{ role: {}, parts: [] }] }, "contents[0].role"],
    [{ contents: [{ parts: [1] }] }, "contents[0].parts[0]"],
    [{ contents: [{ parts: [{ text: 1 }] }] }, "contents[0].parts[0].text"],
    [{ contents: [{ role: "model", parts: [{ functionCall: {} }] }] }, "contents[0].parts[0].functionCall.name"],
    [{ contents: [{ role: "model", parts: [{ functionCall: { name: "f", args: "x" } }] }] }, "contents[0].parts[0].functionCall.args"],
    [{ contents: [{ parts: [{ functionResponse: { name: "f", response: "x" } }] }] }, "contents[0].parts[0].functionResponse.response"],
    [{ contents: [{ parts: [{ functionResponse: {} }] }] }, "contents[0].parts[0].functionResponse.name"],
    [{ contents: [{ parts: [{ inlineData: { data: 5 } }] }] }, "contents[0].parts[0].inlineData"],
    [{ contents: [{ parts: [{ fileData: {} }] }] }, "contents[0].parts[0].fileData"],
    [{ ...ask, systemInstruction: 5 }, "systemInstruction"],
    [{ ...ask, generationConfig: [] }, "generationConfig"],
    [{ ...ask, generationConfig: { temperature: "warm" } }, "generationConfig.temperature"],
    [{ ...ask, generationConfig: { stopSequences: [1] } }, "generationConfig.stopSequences"],
    [{ ...ask, generationConfig: { thinkingConfig: { thinkingBudget: "x" } } }, "generationConfig.thinkingConfig.thinkingBudget"],
    [{ ...ask, tools: [5] }, "tools[0]"],
    [{ ...ask, tools: [{ functionDeclarations: {} }] }, "tools[0].functionDeclarations"],
    [{ ...ask, tools: [{ functionDeclarations: [{}] }] }, "tools[0].functionDeclarations[0].name"],
    [{ ...ask, toolConfig: { functionCallingConfig: { mode: 1 } } }, "toolConfig.functionCallingConfig.mode"],
  ])("%j", (body, param) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ code: "BAD_REQUEST", param }));
  });

  test("anything gives a request or BAD_REQUEST", () => {
    const part = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          text: fc.jsonValue(),
          functionCall: fc.jsonValue(),
          functionResponse: fc.jsonValue(),
          inlineData: fc.jsonValue(),
          thoughtSignature: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    );
    const body = fc.record(
      {
        contents: fc.oneof(
          fc.jsonValue(),
          fc.array(fc.record({ role: fc.constantFrom("user", "model"), parts: fc.oneof(fc.jsonValue(), fc.array(part)) })),
        ),
        systemInstruction: fc.jsonValue(),
        tools: fc.oneof(fc.jsonValue(), fc.array(fc.record({ functionDeclarations: fc.jsonValue() }))),
        toolConfig: fc.oneof(fc.jsonValue(), fc.record({ functionCallingConfig: fc.jsonValue() })),
        generationConfig: fc.oneof(
          fc.jsonValue(),
          fc.record(
            { temperature: fc.jsonValue(), thinkingConfig: fc.jsonValue(), responseModalities: fc.jsonValue() },
            { requiredKeys: [] },
          ),
        ),
        __proto__: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), body), (given) => {
        try {
          decode(given);
        } catch (error) {
          if (!CrosspointError.is(error, "BAD_REQUEST")) throw error;
        }
      }),
    );
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("X17 a hostile key stays a key", () => {
    const { request } = decode(
      JSON.parse('{"contents":"x","generationConfig":{"__proto__":{"polluted":1},"new_field":1},"__proto__":{"polluted":1}}'),
    );
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.getPrototypeOf(request.providerOptions!["gemini"])).toBe(Object.prototype);
  });
});

describe("calls and results", () => {
  const results = (contents: unknown[]): string[] =>
    decode({ contents }).request.messages.flatMap(({ content }) =>
      typeof content === "string" ? [] : content.flatMap((part) => (part.type === "tool-result" ? [part.callId] : [])),
    );
  const call = (name: string, id?: string) => ({ functionCall: { name, ...(id === undefined ? undefined : { id }) } });
  const response = (name: string, id?: string) => ({
    functionResponse: { name, response: {}, ...(id === undefined ? undefined : { id }) },
  });

  test("results without ids answer the calls of their name, in order", () => {
    const contents = [
      { role: "model", parts: [call("a"), call("b"), call("a")] },
      { role: "user", parts: [response("b"), response("a"), response("a")] },
      { role: "model", parts: [call("a")] },
      { role: "user", parts: [response("a")] },
    ];
    expect(results(contents)).toEqual(["call_1", "call_0", "call_2", "call_3"]);
  });

  test("ids where they are, names where they are not; a result without a call keeps an id of its own", () => {
    expect(
      results([
        { role: "model", parts: [call("a", "x"), call("a", "y")] },
        { role: "user", parts: [response("a", "y"), response("a", "x")] },
      ]),
    ).toEqual(["y", "x"]);
    expect(
      results([
        { role: "model", parts: [call("a")] },
        { role: "user", parts: [response("a", "mine")] },
      ]),
    ).toEqual(["call_0"]);
    expect(results([{ role: "user", parts: [response("a", "mine"), response("a")] }])).toEqual(["mine", "call_0"]);
  });

  test("results and words of one turn become two messages and one turn again", () => {
    const contents = [
      { role: "model", parts: [call("a", "x")] },
      { role: "user", parts: [response("a", "x"), { text: "go on" }] },
    ];
    expect(decode({ contents }).request.messages.map(({ role }) => role)).toEqual(["assistant", "tool", "user"]);
    expect((again({ contents }).contents as unknown[])[1]).toEqual(contents[1]);
  });
});

describe("a model's turns that come back", () => {
  test("pieces of a stored stream are one turn, one thought, one text", () => {
    const model = (...parts: unknown[]) => ({ role: "model", parts });
    const { messages } = decode({
      contents: [
        ...ask.contents,
        model({ text: "h", thought: true }),
        model({ text: "m", thought: true }),
        model({ text: "", thought: true, thoughtSignature: "xp1.sealed" }),
        model({ text: "He" }),
        model({ text: "llo" }),
        model({ text: "" }),
      ],
    }).request;
    expect(messages.slice(1)).toEqual([
      {
        role: "assistant",
        content: [
          {
            type: "reasoning",
            text: "hm",
            opaque: [{ family: "sealed", kind: "sealed", data: "xp1.sealed" }],
            providerOptions: { gemini: { thought: true } },
          },
          { type: "text", text: "Hello" },
        ],
      },
    ]);
  });

  test("a user's turns and parts stay apart", () => {
    const { messages } = decode({ contents: [...ask.contents, { role: "user", parts: [{ text: "a" }, { text: "b" }] }] }).request;
    expect(messages).toHaveLength(2);
    expect(messages[1]!.content).toHaveLength(2);
  });
});

describe("round trips", () => {
  const signature = fc.constantFrom("c2ln", "b3Ro");
  const json = fc.jsonValue({ maxDepth: 2 });
  const object = fc.dictionary(fc.string({ minLength: 1 }), json, { maxKeys: 3 });
  const userPart = fc.oneof(
    fc.record({ text: fc.string({ minLength: 1 }), partMetadata: object }, { requiredKeys: ["text"] }),
    fc.record(
      {
        inlineData: fc.record({ mimeType: fc.constantFrom("image/png", "application/pdf"), data: fc.base64String() }),
        mediaResolution: fc.constantFrom({ level: "MEDIA_RESOLUTION_HIGH" }),
      },
      { requiredKeys: ["inlineData"] },
    ),
    fc.record({ inlineData: fc.record({ mimeType: fc.constant("image/png"), data: fc.base64String(), displayName: fc.string() }) }),
    fc.record(
      {
        fileData: fc.record({
          fileUri: fc.constantFrom("gs://b/x", "https://e.example/y", "https://generativelanguage.googleapis.com/v1beta/files/abc"),
          mimeType: fc.constant("video/mp4"),
        }),
        videoMetadata: fc.constant({ fps: 1 }),
      },
      { requiredKeys: ["fileData"] },
    ),
  );
  const modelPart = fc.oneof(
    fc.record({ text: fc.string({ minLength: 1 }), thoughtSignature: signature }),
    fc.record({ text: fc.string({ minLength: 1 }), thought: fc.constant(true), thoughtSignature: signature }),
    fc.record(
      {
        functionCall: fc.record({ id: fc.constantFrom("a", "b"), name: fc.constantFrom("f", "g"), args: object }),
        thoughtSignature: signature,
      },
      { requiredKeys: ["functionCall"] },
    ),
    fc.record({ executableCode: object.map((more) => ({ ...more, code: "1" })) }),
    fc.record({ codeExecutionResult: fc.constant({ outcome: "OUTCOME_OK", output: "1" }), thoughtSignature: signature }),
    fc.record({ inlineData: fc.constant({ mimeType: "image/png", data: "AA==" }), thought: fc.constant(true) }),
  );
  const response = fc.oneof(
    object.filter((each) => !("output" in each) && !("error" in each)),
    fc.record({ output: fc.string() }),
    fc.record({ error: fc.string() }),
    fc.record({ output: fc.array(json) }),
  );
  const resultPart = fc.record({
    functionResponse: fc.record(
      {
        id: fc.constantFrom("a", "z"),
        name: fc.constantFrom("f", "g"),
        response,
        scheduling: fc.constant("SILENT"),
        parts: fc.constant([{ inlineData: { mimeType: "image/png", data: "AA==" } }]),
      },
      { requiredKeys: ["id", "name", "response"] },
    ),
  });
  const turns = fc
    .array(
      fc.tuple(
        fc.array(fc.oneof(userPart, resultPart), { minLength: 1, maxLength: 3 }),
        fc.array(modelPart, { minLength: 1, maxLength: 3 }),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((pairs) =>
      pairs.flatMap(([user, model]) => [
        { role: "user", parts: user },
        { role: "model", parts: model },
      ]),
    );
  const generationConfig = fc.record(
    {
      temperature: fc.double({ min: 0, max: 2, noNaN: true }),
      topP: fc.constant(0.5),
      topK: fc.nat(),
      maxOutputTokens: fc.nat(),
      candidateCount: fc.integer({ min: 1, max: 4 }),
      stopSequences: fc.array(fc.string(), { minLength: 1, maxLength: 5 }),
      seed: fc.nat(),
      presencePenalty: fc.constant(1),
      frequencyPenalty: fc.constant(-1),
      responseLogprobs: fc.boolean(),
      logprobs: fc.nat(),
      responseModalities: fc.constant(["TEXT", "IMAGE"]),
      mediaResolution: fc.constant("MEDIA_RESOLUTION_LOW"),
      imageConfig: fc.constant({ aspectRatio: "1:1" }),
      thinkingConfig: fc.oneof(
        fc.record({ thinkingLevel: fc.constantFrom("MINIMAL", "LOW", "MEDIUM", "HIGH"), includeThoughts: fc.boolean() }),
        fc.record({ thinkingBudget: fc.constantFrom(-1, 0, 128), includeThoughts: fc.boolean() }),
      ),
    },
    { requiredKeys: [] },
  );
  const format = fc.constantFrom(
    {},
    { responseMimeType: "application/json" },
    { responseMimeType: "application/json", responseJsonSchema: { type: "object", properties: { a: { type: ["string", "null"] } } } },
    { responseMimeType: "application/json", responseSchema: { type: "OBJECT", properties: { a: { type: "STRING", nullable: true } } } },
    { responseMimeType: "text/x.enum", responseSchema: { type: "STRING", enum: ["a"] } },
    { responseMimeType: "text/plain" },
  );
  const tools = fc.constantFrom(
    [
      {
        functionDeclarations: [
          { name: "f", description: "d", parametersJsonSchema: { type: "object" }, behavior: "BLOCKING" },
          { name: "g", parameters: { type: "OBJECT", properties: { a: { type: "STRING" } } } },
        ],
      },
    ],
    [
      { functionDeclarations: [{ name: "f", responseJsonSchema: { type: "string" } }] },
      { googleSearch: { excludeDomains: ["x"] } },
      { urlContext: {} },
    ],
    [{ codeExecution: {} }],
  );
  const toolConfig = fc.constantFrom(
    {},
    { functionCallingConfig: { mode: "AUTO" } },
    { functionCallingConfig: { mode: "ANY" } },
    { functionCallingConfig: { mode: "NONE" } },
    { functionCallingConfig: { mode: "VALIDATED" } },
    { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["f"] } },
    { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["f", "g"] } },
    { functionCallingConfig: { mode: "VALIDATED", allowedFunctionNames: ["f"] } },
    { functionCallingConfig: { mode: "AUTO", streamFunctionCallArguments: true }, retrievalConfig: { languageCode: "de" } },
  );

  test("a request of this wire is the same after the IR", () => {
    const body = fc.record(
      {
        contents: turns,
        systemInstruction: fc.array(fc.record({ text: fc.string({ minLength: 1 }) }), { minLength: 1 }).map((parts) => ({ parts })),
        safetySettings: fc.constant([{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }]),
        cachedContent: fc.constant("cachedContents/1"),
        labels: fc.constant({ a: "b" }),
        serviceTier: fc.constantFrom("flex", "priority"),
        store: fc.boolean(),
        somethingNew: json,
        generationConfig: fc.tuple(generationConfig, format).map(([config, more]) => ({ ...config, ...more })),
      },
      { requiredKeys: ["contents", "generationConfig"] },
    );
    fc.assert(
      fc.property(body, fc.option(fc.tuple(tools, toolConfig), { nil: undefined }), (given, tooled) => {
        const none = tooled?.[1].functionCallingConfig?.mode === "NONE";
        const own = tooled?.[0].every((tool) => !("functionDeclarations" in tool));
        if (none || (own && tooled![1].functionCallingConfig !== undefined)) return;
        const { generationConfig: config, ...rest } = given;
        const wire = {
          ...rest,
          ...(Object.keys(config).length === 0 ? undefined : { generationConfig: config }),
          ...(tooled === undefined
            ? undefined
            : { tools: tooled[0], ...(Object.keys(tooled[1]).length === 0 ? undefined : { toolConfig: tooled[1] }) }),
        };
        const plain = JSON.parse(JSON.stringify(wire)) as JSONObject;
        const { request } = decode(plain);
        const encoded = gemini.encodeRequest(request, targetOf(), false);
        expect(JSON.parse(JSON.stringify(encoded.body))).toEqual(plain);
        expect(encoded.warnings).toEqual([]);
        expect(decode(encoded.body).request).toEqual(request);
      }),
      { numRuns: 300 },
    );
  });

  test("a request of the IR is the same after this wire, as far as the wire can hold it", () => {
    const text = fc.string({ minLength: 1 });
    const state = fc.constant({ opaque: [{ family: "google", kind: "thought-signature", data: "c2ln" }] });
    const file = fc.record({
      type: fc.constant("file" as const),
      mediaType: fc.constantFrom("image/png", "audio/wav"),
      data: fc.base64String().map((base64) => ({ type: "base64" as const, base64 })),
    });
    const userContent = fc.array(
      fc.oneof(
        text.map((words) => ({ type: "text" as const, text: words })),
        file,
      ),
      { minLength: 1, maxLength: 3 },
    );
    const turn = fc
      .tuple(
        userContent,
        text,
        object,
        fc.oneof(
          text,
          object.filter((each) => !("output" in each) && !("error" in each)),
        ),
        fc.boolean(),
        state,
      )
      .map(([content, words, args, output, isError, signed], index = 0): Message[] => [
        { role: "user", content },
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: words, ...signed, providerOptions: { gemini: { thought: true } } },
            { type: "text", text: words },
            { type: "tool-call", id: `id${index}`, name: "f", arguments: JSON.stringify(args), ...signed },
          ],
        },
        {
          role: "tool",
          content: [
            isError || typeof output === "string"
              ? {
                  type: "tool-result",
                  callId: `id${index}`,
                  name: "f",
                  output: { type: "text", text: JSON.stringify(output) },
                  ...(isError ? { isError } : undefined),
                }
              : { type: "tool-result", callId: `id${index}`, name: "f", output: { type: "json", value: output } },
          ],
        },
        { role: "assistant", content: [{ type: "text", text: words }] },
      ]);
    const request = fc.record(
      {
        model: fc.constant("gemini-3-pro"),
        messages: fc
          .tuple(text, fc.array(turn, { minLength: 1, maxLength: 3 }))
          .map(([system, turns]): Message[] => [{ role: "system", content: [{ type: "text", text: system }] }, ...turns.flat()]),
        tools: fc.constant([{ name: "f", description: "d", inputSchema: { type: "object" } }]),
        toolChoice: fc.constantFrom(
          "auto" as const,
          "none" as const,
          "required" as const,
          { tool: "f" },
          { tools: ["f", "g"], mode: "required" as const },
        ),
        output: fc.constantFrom({ type: "json" as const }, { type: "json" as const, schema: { type: "object" } }),
        reasoning: fc.constantFrom(
          { effort: "low" as const, visibility: "auto" as const },
          { budget: "dynamic" as const, visibility: "none" as const },
          { budget: 5, visibility: "auto" as const },
        ),
        maxOutputTokens: fc.nat(),
        temperature: fc.double({ min: 0, max: 2, noNaN: true }),
        n: fc.integer({ min: 1, max: 8 }),
        stop: fc.array(text, { minLength: 1, maxLength: 5 }),
        logprobs: fc.boolean(),
        modalities: fc.constant(["text", "audio"]),
        serviceTier: fc.constant("flex"),
        providerOptions: fc.constant({ gemini: { safetySettings: [], labels: { a: "b" } } }),
      },
      { requiredKeys: ["model", "messages", "tools"] },
    );
    fc.assert(
      fc.property(request, (given) => {
        const { body, warnings } = gemini.encodeRequest(given as ModelRequest, targetOf(), false);
        expect(warnings).toEqual([]);
        const { request: read } = decode(JSON.parse(JSON.stringify(body)));
        const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
        expect(plain(read)).toEqual(plain(given));
      }),
    );
  });
});
