import { describe, expect, test } from "vitest";
import { gemini } from "../../../src/codecs/gemini/index.ts";
import type { Message, Opaque, Part } from "../../../src/ir/content.ts";
import type { JSONObject } from "../../../src/ir/json.ts";
import type { ModelRequest } from "../../../src/ir/request.ts";
import type { Target } from "../../../src/ir/target.ts";
import { targetOf } from "./support.ts";

const user: Message = { role: "user", content: "hi" };

function encode(request: Partial<ModelRequest>, target: Partial<Target> = {}) {
  const { path, body, warnings } = gemini.encodeRequest({ model: "m", messages: [user], ...request }, targetOf(target), false);
  return {
    path,
    body,
    warnings,
    config: (body.generationConfig ?? {}) as JSONObject,
    contents: body.contents as unknown as { role: string; parts: JSONObject[] }[],
  };
}

const features = (warnings: readonly { feature: string }[]): string[] => warnings.map(({ feature }) => feature);
const own = (data: string): { opaque: Opaque[] } => ({ opaque: [{ family: "google", kind: "thought-signature", data }] });
const assistant = (...content: Part[]): Message => ({ role: "assistant", content });
const call = (id: string, name = "f", more: object = {}): Part => ({ type: "tool-call", id, name, arguments: '{"a":1}', ...more });
const result = (callId: string, output: unknown, more: object = {}): Message => ({
  role: "tool",
  content: [{ type: "tool-result", callId, output, ...more } as Part],
});

describe("path", () => {
  test.each([
    ["gemini-3-pro", "/models/gemini-3-pro"],
    ["models/gemini-3-pro", "/models/gemini-3-pro"],
    ["tunedModels/mine", "/tunedModels/mine"],
    ["endpoints/123", "/endpoints/123"],
    ["publishers/google/models/x", "/publishers/google/models/x"],
    ["a?b#c", "/models/a%3Fb%23c"],
  ])("GG35 model %s", (model, path) => {
    expect(encode({}, { model }).path).toBe(`${path}:generateContent`);
    const { path: streamed } = gemini.encodeRequest({ model: "m", messages: [user] }, targetOf({ model }), true);
    expect(streamed).toBe(`${path}:streamGenerateContent?alt=sse`);
  });

  test.each(["", "../files/x", "models/../x", "a//b"])("model %j is refused", (model) => {
    expect(() => encode({}, { model })).toThrow(expect.objectContaining({ code: "BAD_REQUEST", param: "model" }));
  });
});

describe("turns", () => {
  test("GG01 leading system messages are the instruction, a later one is a user turn", () => {
    const { body, contents, warnings } = encode({
      messages: [
        { role: "system", content: "A" },
        { role: "system", content: [{ type: "text", text: "B" }] },
        user,
        { role: "system", content: "C" },
      ],
    });
    expect(body.systemInstruction).toEqual({ parts: [{ text: "A" }, { text: "B" }] });
    expect(contents).toEqual([{ role: "user", parts: [{ text: "hi" }, { text: "C" }] }]);
    expect(warnings).toEqual([expect.objectContaining({ type: "compatibility", feature: "messages[3]" })]);
  });

  test("GG02 a model without system instruction gets it at the head of the first turn", () => {
    const { body, contents, warnings } = encode({ messages: [{ role: "system", content: "A" }, user] }, { traits: { system: false } });
    expect(body.systemInstruction).toBeUndefined();
    expect(contents).toEqual([{ role: "user", parts: [{ text: "A" }, { text: "hi" }] }]);
    expect(warnings).toHaveLength(1);
  });

  test("SW16 turns of one role in a row are one turn; empty text makes no part", () => {
    const { contents } = encode({
      messages: [user, { role: "user", content: "" }, user, assistant({ type: "text", text: "" }), assistant({ type: "text", text: "x" })],
    });
    expect(contents).toEqual([
      { role: "user", parts: [{ text: "hi" }, { text: "hi" }] },
      { role: "model", parts: [{ text: "x" }] },
    ]);
  });

  test("GG03 GG04 a call and its result: id, name looked up, response object", () => {
    const { contents } = encode({ messages: [user, assistant(call("c1", "weather")), result("c1", "sunny")] });
    expect(contents.slice(1)).toEqual([
      { role: "model", parts: [{ functionCall: { id: "c1", name: "weather", args: { a: 1 } } }] },
      { role: "user", parts: [{ functionResponse: { id: "c1", name: "weather", response: { output: "sunny" } } }] },
    ]);
  });

  test("GG04 Vertex AI gets no ids", () => {
    const { contents } = encode({ messages: [user, assistant(call("c1")), result("c1", "x")] }, { quirks: { vertex: true } });
    expect(JSON.stringify(contents)).not.toContain('"id"');
  });

  test.each([
    ["text", "x", {}, { output: "x" }],
    ["an error", "x", { isError: true }, { error: "x" }],
    ["an object", { type: "json", value: { t: 20 } }, {}, { t: 20 }],
    ["a list", { type: "json", value: [1] }, {}, { output: [1] }],
    ["null", { type: "json", value: null }, {}, { output: null }],
    ["an object that speaks of an error but is none", { type: "json", value: { error: 1 } }, {}, { output: { error: 1 } }],
    ["an error object", { type: "json", value: { error: "e", more: 1 } }, { isError: true }, { error: "e", more: 1 }],
    ["denied", { type: "denied" }, {}, { error: "Tool call execution denied." }],
    ["denied with reason", { type: "denied", reason: "no" }, {}, { error: "no" }],
    [
      "texts",
      {
        type: "content",
        parts: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      {},
      { output: "a\nb" },
    ],
  ])("X15 a result that is %s", (_name, output, more, response) => {
    const { contents } = encode({ messages: [user, assistant(call("c1")), result("c1", output, more)] });
    expect(contents[2]!.parts[0]!.functionResponse).toEqual({ id: "c1", name: "f", response });
  });

  test("GG07 SW09 a file in a result goes inside, or beside it where the model cannot take it", () => {
    const image: Part = { type: "file", mediaType: "image/png", data: { type: "base64", base64: "AAAA" } };
    const messages = [user, assistant(call("c1")), result("c1", { type: "content", parts: [image] })];
    const inlineData = { mimeType: "image/png", data: "AAAA" };
    expect(encode({ messages }).contents[2]!.parts).toEqual([
      { functionResponse: { id: "c1", name: "f", response: { output: "Tool executed successfully." }, parts: [{ inlineData }] } },
    ]);
    expect(encode({ messages }, { traits: { toolResultMedia: false } }).contents[2]!.parts).toEqual([
      { functionResponse: { id: "c1", name: "f", response: { output: "Tool executed successfully." } } },
      { inlineData },
      { text: 'The tool "f" returned this file.' },
    ]);
  });

  test.each([
    ["not json{", { rawArguments: "not json{" }],
    ["[1]", { rawArguments: "[1]" }],
    ['"x"', { rawArguments: '"x"' }],
    ["", {}],
    ["  ", {}],
  ])("GG37 X14 arguments %j become an object", (given, args) => {
    const { contents } = encode({ messages: [user, assistant(call("c", "f", { arguments: given }))] });
    expect(contents[1]!.parts[0]!.functionCall).toMatchObject({ args });
  });
});

describe("signatures", () => {
  test("GG08 a signature goes back on its part, that of another family does not", () => {
    const foreign = { opaque: [{ family: "anthropic", kind: "signature", data: "x" }] };
    const { contents } = encode({
      messages: [
        user,
        assistant(
          { type: "reasoning", text: "hm", ...own("s0") },
          { type: "text", text: "a", ...own("s1") },
          { type: "text", text: "", ...own("s4") },
          call("c", "f", own("s2")),
          { type: "file", mediaType: "image/png", data: { type: "base64", base64: "AA==" }, ...own("s3") },
          call("d", "g", foreign),
        ),
      ],
    });
    expect(contents[1]!.parts.map((part) => part.thoughtSignature)).toEqual(["s0", "s1", "s4", "s2", "s3", undefined]);
    expect(contents[1]!.parts[0]).toEqual({ text: "hm", thought: true, thoughtSignature: "s0" });
  });

  test("GG38 SW06 unsigned thoughts go back only beside a signature of this family", () => {
    const thought: Part = { type: "reasoning", text: "hm" };
    expect(encode({ messages: [user, assistant(thought, { type: "text", text: "a" })] }).contents[1]!.parts).toEqual([{ text: "a" }]);
    expect(encode({ messages: [user, assistant(thought, call("c", "f", own("s")))] }).contents[1]!.parts[0]).toEqual({
      text: "hm",
      thought: true,
    });
  });

  test("GG09 SW06 an unsigned first call gets the placeholder, with one warning; calls after it or after a signed one do not", () => {
    const messages = [
      user,
      assistant(call("1", "a"), call("2", "b")),
      result("1", ""),
      result("2", ""),
      assistant(call("3", "c", own("s")), { type: "text", text: "x" }, call("4", "d")),
    ];
    const { contents, warnings } = encode({ messages }, { traits: { signedCalls: true } });
    const signatures = contents.flatMap(({ parts }) => parts.filter((part) => part.functionCall).map((part) => part.thoughtSignature));
    expect(signatures).toEqual(["skip_thought_signature_validator", undefined, "s", undefined]);
    expect(warnings).toEqual([{ type: "compatibility", feature: "messages", details: expect.stringMatching(/: a$/) as string }]);
    expect(encode({ messages }).warnings).toEqual([]);
  });
});

describe("files", () => {
  const file = (data: object, mediaType = "image/png", more: object = {}): ModelRequest["messages"] => [
    { role: "user", content: [{ type: "file", mediaType, data, ...more } as Part] },
  ];
  test.each([
    ["base64", { type: "base64", base64: "AAAA" }, "image/png", { inlineData: { mimeType: "image/png", data: "AAAA" } }],
    ["bytes", { type: "bytes", bytes: new Uint8Array([0, 255]) }, "audio/wav", { inlineData: { mimeType: "audio/wav", data: "AP8=" } }],
    ["text", { type: "text", text: "é" }, "text/plain", { inlineData: { mimeType: "text/plain", data: "w6k=" } }],
    ["a data URL", { type: "url", url: "data:image/gif;base64,R0lG" }, "image/*", { inlineData: { mimeType: "image/gif", data: "R0lG" } }],
    [
      "a URL",
      { type: "url", url: "https://e.example/x.png" },
      "image/png",
      { fileData: { mimeType: "image/png", fileUri: "https://e.example/x.png" } },
    ],
    ["a URL of an unknown type", { type: "url", url: "https://youtu.be/x" }, "video/*", { fileData: { fileUri: "https://youtu.be/x" } }],
    ["gs", { type: "url", url: "gs://b/x.pdf" }, "application/pdf", { fileData: { mimeType: "application/pdf", fileUri: "gs://b/x.pdf" } }],
    [
      "a file id",
      { type: "id", id: "files/x", family: "google" },
      "image/png",
      { fileData: { mimeType: "image/png", fileUri: "files/x" } },
    ],
  ])("GG05 X13 %s", (_name, data, mediaType, part) => {
    expect(encode({ messages: file(data, mediaType) }).contents[0]!.parts).toEqual([part]);
  });

  test.each([
    ["iVBORw0KGgo=", "image/*", "image/png"],
    ["/9j/4AAQ", "image/*", "image/jpeg"],
    [btoa("RIFF\0\0\0\0WEBPVP8 "), "image/*", "image/webp"],
    [btoa("RIFF\0\0\0\0WAVEfmt "), "audio/*", "audio/wav"],
    [btoa("%PDF-1.7"), "application/*", "application/pdf"],
  ])("X12 the type of %s is told from its bytes", (base64, mediaType, mimeType) => {
    expect(encode({ messages: file({ type: "base64", base64 }, mediaType) }).contents[0]!.parts[0]!.inlineData).toMatchObject({ mimeType });
  });

  test.each([
    ["another family's file", { type: "id", id: "file-1", family: "openai" }, "image/png", {}],
    ["a reference on Vertex AI", { type: "id", id: "files/x", family: "google" }, "image/png", { quirks: { vertex: true } }],
    ["a type that nobody knows", { type: "base64", base64: "AAAA" }, "image/*", {}],
  ])("X02 GG05 SW10 %s is refused", (_name, data, mediaType, target) => {
    expect(() => encode({ messages: file(data, mediaType) }, target)).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED", param: "messages[0].content[0]" }),
    );
  });

  test("GG06 video metadata and resolution", () => {
    const videoMetadata = { fps: 2 };
    const messages = file({ type: "base64", base64: "AA==" }, "video/mp4", {
      providerOptions: { google: { videoMetadata } },
      detail: "low",
    });
    const three = encode({ messages }, { traits: { signedCalls: true } });
    expect(three.contents[0]!.parts[0]).toEqual({
      inlineData: { mimeType: "video/mp4", data: "AA==" },
      mediaResolution: { level: "MEDIA_RESOLUTION_LOW" },
      videoMetadata,
    });
    const older = encode({ messages });
    expect(older.contents[0]!.parts[0]).not.toHaveProperty("mediaResolution");
    expect(features(older.warnings)).toEqual(["messages[0].content[0].detail"]);
  });
});

describe("tools", () => {
  const tool = {
    name: "f",
    description: "d",
    inputSchema: { type: "object", properties: { a: { $ref: "#/$defs/x" } }, $defs: { x: { const: 1 } } },
  };
  const search = { type: "provider", family: "google", raw: { googleSearch: {} } } as const;

  test("GG13 a function with its JSON Schema untouched", () => {
    const { body, warnings } = encode({ tools: [tool, { name: "bare" }, { ...tool, name: "g", outputSchema: { type: "string" } }] });
    expect(body.tools).toEqual([
      {
        functionDeclarations: [
          { name: "f", description: "d", parametersJsonSchema: tool.inputSchema },
          { name: "bare" },
          { name: "g", description: "d", parametersJsonSchema: tool.inputSchema, responseJsonSchema: { type: "string" } },
        ],
      },
    ]);
    expect(body.toolConfig).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  test("GG13 a compatible back-end gets the OpenAPI subset", () => {
    const inputSchema = {
      $schema: "x",
      type: "object",
      additionalProperties: false,
      properties: {
        one: { const: "x" },
        maybe: { type: ["string", "null"] },
        either: { type: ["string", "number"] },
        union: { anyOf: [{ type: "string" }, { type: "null" }] },
        ref: { $ref: "#/$defs/point", description: "here" },
        nested: { type: "object" },
        all: { allOf: [{ type: "object", properties: { a: { type: "string" } } }, { properties: { b: { type: "number" } } }] },
      },
      $defs: { point: { type: "object", properties: { const: { type: "number" } } } },
    };
    const { body } = encode(
      {
        tools: [
          { name: "f", inputSchema },
          { name: "g", inputSchema: { type: "object", properties: {} } },
        ],
      },
      { quirks: { coreFieldsOnly: true } },
    );
    expect(body.tools).toEqual([
      {
        functionDeclarations: [
          {
            name: "f",
            parameters: {
              type: "object",
              properties: {
                one: { enum: ["x"] },
                maybe: { type: "string", nullable: true },
                either: { anyOf: [{ type: "string" }, { type: "number" }] },
                union: { type: "string", nullable: true },
                ref: { type: "object", properties: { const: { type: "number" } }, description: "here" },
                nested: { type: "object" },
                all: { type: "object", properties: { a: { type: "string" }, b: { type: "number" } } },
              },
            },
          },
          { name: "g" },
        ],
      },
    ]);
  });

  test("GG13 the OpenAPI subset refuses recursion and dangling references", () => {
    const loop = { $ref: "#/$defs/a", $defs: { a: { type: "object", properties: { a: { $ref: "#/$defs/a" } } } } };
    for (const inputSchema of [
      loop,
      { $ref: "#/nowhere" },
      { $ref: "https://e.example" },
      { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } },
    ]) {
      expect(() => encode({ tools: [{ name: "f", inputSchema }] }, { quirks: { coreFieldsOnly: true } })).toThrow(
        expect.objectContaining({ code: "UNSUPPORTED" }),
      );
    }
  });

  test.each([
    ["auto", { mode: "AUTO" }],
    ["none", { mode: "NONE" }],
    ["required", { mode: "ANY" }],
    [{ tool: "f" }, { mode: "ANY", allowedFunctionNames: ["f"] }],
    [
      { tools: ["f", "g"], mode: "required" },
      { mode: "ANY", allowedFunctionNames: ["f", "g"] },
    ],
    [{ tools: ["f"] }, { mode: "VALIDATED", allowedFunctionNames: ["f"] }],
  ] as const)("X05 GG16 choice %j", (toolChoice, functionCallingConfig) => {
    expect(encode({ tools: [tool], toolChoice }).body.toolConfig).toEqual({ functionCallingConfig });
  });

  test("GG16 a strict tool is validated, unless the choice forces one anyway", () => {
    const strict = [{ ...tool, strict: true }];
    expect(encode({ tools: strict }).body.toolConfig).toEqual({ functionCallingConfig: { mode: "VALIDATED" } });
    expect(encode({ tools: strict, toolChoice: "required" }).body.toolConfig).toEqual({ functionCallingConfig: { mode: "ANY" } });
  });

  test("X03 no tools, no choice", () => {
    const { body } = encode({ tools: [], toolChoice: "auto" });
    expect(body).not.toHaveProperty("tools");
    expect(body).not.toHaveProperty("toolConfig");
  });

  test("X04 GG17 GG18 provider tools go raw, foreign ones are reported, choice none drops them", () => {
    const foreign = { type: "provider", family: "openai", raw: { type: "web_search" } } as const;
    const mixed = encode({ tools: [tool, search, foreign] }, { traits: { signedCalls: true } });
    expect((mixed.body.tools as unknown[])[1]).toEqual({ googleSearch: {} });
    expect(mixed.body.toolConfig).toEqual({ functionCallingConfig: { mode: "VALIDATED" }, includeServerSideToolInvocations: true });
    expect(features(mixed.warnings)).toEqual(["tools[2]"]);
    const vertex = encode({ tools: [tool, search] }, { traits: { signedCalls: true }, quirks: { vertex: true } });
    expect(vertex.body.toolConfig).toEqual({ functionCallingConfig: { mode: "VALIDATED" } });
    const none = encode({ tools: [tool, search], toolChoice: "none" });
    expect(none.body.tools).toHaveLength(1);
    expect(encode({ tools: [search], toolChoice: "auto" }).body).not.toHaveProperty("toolConfig");
  });

  test("GG18 a model that cannot mix them keeps the functions, and says so", () => {
    const traits = { mixedTools: false };
    const mixed = encode({ tools: [tool, search] }, { traits });
    expect(mixed.body.tools).toHaveLength(1);
    expect(mixed.body).not.toHaveProperty("toolConfig");
    expect(features(mixed.warnings)).toEqual(["tools[1]"]);
    expect(encode({ tools: [search] }, { traits }).body.tools).toEqual([{ googleSearch: {} }]);
    expect(() => encode({ tools: [tool, search] }, { traits, unsupported: "error" })).toThrow(/beside functions/);
  });

  test("GG11 a signature belongs to the family, whichever of its hosts made it", () => {
    const opaque = [{ family: "google", kind: "thought-signature", data: "c2ln" }];
    const messages = [user, assistant(call("c", "f", { opaque }))];
    for (const provider of ["google", "google-vertex"]) {
      const { contents } = encode({ messages }, { provider, family: "google", quirks: { vertex: provider !== "google" } });
      expect(contents[1]!.parts[0]).toMatchObject({ thoughtSignature: "c2ln" });
    }
  });

  test("a free-text tool is a function with one text argument", () => {
    const { body, warnings, contents } = encode({
      tools: [{ type: "custom", name: "patch" }],
      messages: [user, assistant(call("c", "patch", { custom: true, arguments: "*** Begin" }))],
    });
    expect(body.tools).toMatchObject([{ functionDeclarations: [{ name: "patch", parametersJsonSchema: { required: ["input"] } }] }]);
    expect(contents[1]!.parts[0]!.functionCall).toMatchObject({ args: { input: "*** Begin" } });
    expect(features(warnings)).toEqual(["tools[0]"]);
  });
});

describe("settings", () => {
  test("plain settings keep their values", () => {
    const { config, warnings } = encode({
      temperature: 0,
      topP: 0.5,
      topK: 3,
      maxOutputTokens: 9,
      frequencyPenalty: 1,
      presencePenalty: 2,
      seed: 4,
      n: 2,
      stop: ["x"],
      logprobs: true,
      topLogprobs: 3,
      modalities: ["text", "image"],
    });
    expect(config).toEqual({
      temperature: 0,
      topP: 0.5,
      topK: 3,
      maxOutputTokens: 9,
      frequencyPenalty: 1,
      presencePenalty: 2,
      seed: 4,
      candidateCount: 2,
      stopSequences: ["x"],
      responseLogprobs: true,
      logprobs: 3,
      responseModalities: ["TEXT", "IMAGE"],
    });
    expect(warnings).toEqual([]);
  });

  test("GG21 SW13 at most five stop sequences", () => {
    const { config, warnings } = encode({ stop: ["1", "2", "3", "4", "5", "6"] });
    expect(config.stopSequences).toEqual(["1", "2", "3", "4", "5"]);
    expect(warnings).toEqual([expect.objectContaining({ type: "compatibility", feature: "stop" })]);
  });

  test("GG20 X01 what the target refuses is dropped with a warning, or refused", () => {
    const request = {
      frequencyPenalty: 1,
      presencePenalty: 1,
      topK: 2,
      logitBias: { 1: 1 },
      user: "u",
      verbosity: "low",
      parallelToolCalls: false,
    } as const;
    const target: Partial<Target> = { traits: { penalties: false }, quirks: { unsupportedSettings: ["topK"] } };
    const { body, warnings } = encode(request, target);
    expect(body).not.toHaveProperty("generationConfig");
    expect(features(warnings).toSorted()).toEqual([
      "frequencyPenalty",
      "logitBias",
      "parallelToolCalls",
      "presencePenalty",
      "topK",
      "user",
      "verbosity",
    ]);
    expect(encode(request, { ...target, unsupported: "drop" }).warnings).toEqual([]);
    expect(() => encode(request, { ...target, unsupported: "error" })).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }));
  });

  test("a temperature above the limit is cut", () => {
    const { config, warnings } = encode({ temperature: 1.9 }, { quirks: { maxTemperature: 1 } });
    expect(config.temperature).toBe(1);
    expect(features(warnings)).toEqual(["temperature"]);
  });

  test("X06 GG14 structured output; const becomes an enum of one, names stay", () => {
    expect(encode({ output: { type: "json" } }).config).toEqual({ responseMimeType: "application/json" });
    const schema = {
      type: "object",
      properties: { const: { const: 1 }, list: { items: { anyOf: [{ const: "a" }] } }, plain: { type: "string" } },
      $defs: { d: { const: null } },
    };
    const { config } = encode({ output: { type: "json", schema } });
    expect(config.responseJsonSchema).toEqual({
      type: "object",
      properties: { const: { enum: [1] }, list: { items: { anyOf: [{ enum: ["a"] }] } }, plain: { type: "string" } },
      $defs: { d: { enum: [null] } },
    });
    const untouched = { type: "object", properties: { a: { type: "string" } } };
    expect(encode({ output: { type: "json", schema: untouched } }).config.responseJsonSchema).toEqual(untouched);
    expect(encode({ output: { type: "json", schema } }, { quirks: { coreFieldsOnly: true } }).config.responseSchema).toMatchObject({
      type: "object",
    });
  });

  test("X20 GG22 provider options win, whether under their parent or not", () => {
    const { body, config } = encode({
      temperature: 1,
      topP: 0.5,
      reasoning: { effort: "low" },
      tools: [{ name: "f" }],
      toolChoice: "auto",
      providerOptions: {
        google: {
          thinkingConfig: { thinkingBudget: 7 },
          safetySettings: [{ category: "c", threshold: "t" }],
          cachedContent: "cachedContents/1",
          labels: { a: "b" },
        },
        gemini: { generationConfig: { temperature: 0 }, retrievalConfig: { languageCode: "de" } },
        openai: { nothing: true },
      },
    });
    expect(config).toEqual({ temperature: 0, topP: 0.5, thinkingConfig: { thinkingBudget: 7 } });
    expect(body).toMatchObject({
      safetySettings: [{ category: "c", threshold: "t" }],
      cachedContent: "cachedContents/1",
      labels: { a: "b" },
      toolConfig: { functionCallingConfig: { mode: "AUTO" }, retrievalConfig: { languageCode: "de" } },
    });
    expect(body).not.toHaveProperty("nothing");
  });

  test("a schema of the caller's own goes only with its media type", () => {
    const providerOptions = { gemini: { generationConfig: { responseSchema: { type: "OBJECT" } } } };
    expect(encode({ providerOptions }).body).not.toHaveProperty("generationConfig");
    const { config } = encode({ providerOptions, output: { type: "json", schema: { type: "object" } } });
    expect(config).toEqual({ responseMimeType: "application/json", responseSchema: { type: "OBJECT" } });
  });

  test("GG22 service tier, labels, storage", () => {
    expect(encode({ serviceTier: "flex", store: false }).body).toMatchObject({ serviceTier: "flex", store: false });
    expect(encode({ serviceTier: "default" }).body.serviceTier).toBe("standard");
    expect(encode({ serviceTier: "auto" }).body).not.toHaveProperty("serviceTier");
    expect(encode({ metadata: { a: "b" } }, { quirks: { vertex: true } }).body.labels).toEqual({ a: "b" });
    expect(features(encode({ metadata: { a: "b" } }).warnings)).toEqual(["metadata"]);
    const core = encode({ serviceTier: "flex" }, { quirks: { coreFieldsOnly: true } });
    expect(core.body).not.toHaveProperty("serviceTier");
    expect(features(core.warnings)).toEqual(["serviceTier"]);
  });

  test("SW12 cache hints are reported once", () => {
    const { warnings } = encode({
      messages: [
        { ...user, cache: {} },
        { role: "user", content: [{ type: "text", text: "x", cache: { ttl: "1h" } }] },
      ],
    });
    expect(features(warnings)).toEqual(["cache"]);
  });

  test("a request is not changed by encoding it", () => {
    const freeze = <T>(value: T): T => {
      if (typeof value === "object" && value !== null) Object.values(value).forEach(freeze);
      return Object.freeze(value);
    };
    const request = freeze<ModelRequest>({
      model: "m",
      messages: [{ role: "system", content: "s" }, user, assistant(call("c"), call("d")), result("c", { type: "json", value: { a: 1 } })],
      tools: [{ name: "f", inputSchema: { type: "object" } }],
      output: { type: "json", schema: { const: 1 } },
      stop: ["1", "2", "3", "4", "5", "6"],
      providerOptions: { google: { generationConfig: { topK: 1 } } },
    });
    expect(() => gemini.encodeRequest(request, targetOf({ traits: { signedCalls: true, system: false } }), true)).not.toThrow();
  });
});

describe("thinking", () => {
  const effort: Target["traits"] = { reasoning: true, thinking: "effort", efforts: ["low", "high"], alwaysThinks: true };
  const budget: Target["traits"] = { reasoning: true, thinking: "budget", maxBudget: 24_576, minBudget: 128, maxOutput: 65_536 };
  test.each([
    [effort, { effort: "low" }, { thinkingLevel: "LOW", includeThoughts: true }, 0],
    [effort, { effort: "medium" }, { thinkingLevel: "LOW", includeThoughts: true }, 1],
    [effort, { effort: "minimal" }, { thinkingLevel: "LOW", includeThoughts: true }, 1],
    [effort, { effort: "max" }, { thinkingLevel: "HIGH", includeThoughts: true }, 1],
    [effort, { effort: "none" }, { thinkingLevel: "LOW" }, 1],
    [effort, { budget: 20_000 }, { thinkingLevel: "HIGH", includeThoughts: true }, 1],
    [effort, { budget: 0 }, { thinkingLevel: "LOW" }, 1],
    [effort, { budget: "dynamic" }, { includeThoughts: true }, 0],
    [effort, { effort: "high", visibility: "none" }, { thinkingLevel: "HIGH", includeThoughts: false }, 0],
    [effort, { visibility: "detailed" }, { includeThoughts: true }, 0],
    [budget, { effort: "minimal" }, { thinkingBudget: 1311, includeThoughts: true }, 0],
    [budget, { effort: "low" }, { thinkingBudget: 6554, includeThoughts: true }, 0],
    [budget, { effort: "high" }, { thinkingBudget: 24_576, includeThoughts: true }, 0],
    [budget, { effort: "none" }, { thinkingBudget: 0 }, 0],
    [budget, { budget: 0 }, { thinkingBudget: 0 }, 0],
    [budget, { budget: 1 }, { thinkingBudget: 128, includeThoughts: true }, 1],
    [budget, { budget: 99_999 }, { thinkingBudget: 24_576, includeThoughts: true }, 1],
    [budget, { budget: "dynamic" }, { thinkingBudget: -1, includeThoughts: true }, 0],
    [{ ...budget, alwaysThinks: true }, { effort: "none" }, { thinkingBudget: 128 }, 1],
    [{}, { effort: "medium" }, { thinkingLevel: "MEDIUM", includeThoughts: true }, 0],
    [{}, { budget: 5 }, { thinkingBudget: 5, includeThoughts: true }, 0],
    [{ reasoning: false }, { effort: "low" }, undefined, 1],
    [{ reasoning: false }, { effort: "none" }, undefined, 0],
  ] as const)("X18 X19 GG19 %j %j", (traits, reasoning, thinkingConfig, warned) => {
    const { config, warnings } = encode({ reasoning }, { traits });
    expect(config.thinkingConfig).toEqual(thinkingConfig);
    expect(warnings).toHaveLength(warned);
  });
});
