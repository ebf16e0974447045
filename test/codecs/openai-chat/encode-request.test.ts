import { describe, expect, test } from "vitest";
import { openaiChat } from "../../../src/codecs/openai-chat/index.ts";
import type { Message, Part, ToolResultPart } from "../../../src/ir/content.ts";
import type { ModelTraits, Quirks } from "../../../src/ir/target.ts";
import { ask, sent, targetOf, warned } from "./fixtures.ts";

const user = (...content: Part[]): Partial<Parameters<typeof sent>[0]> => ({ messages: [{ role: "user", content }] });
const png = { type: "file", mediaType: "image/png", data: { type: "base64", base64: "iVBORw0K" } } as const;
const f = { name: "f", description: "d", inputSchema: { type: "object" } } as const;
const callF = { type: "tool-call", id: "c1", name: "f", arguments: "{}" } as const;
const turn = (...results: Omit<ToolResultPart, "type" | "callId">[]): Message[] => [
  { role: "user", content: "Go" },
  { role: "assistant", content: [callF] },
  { role: "tool", content: results.map((result) => ({ type: "tool-result", callId: "c1", ...result })) },
];

describe("messages", () => {
  test("a plain request", () => {
    expect(openaiChat.encodeRequest(ask({}), targetOf(), false)).toEqual({
      path: "/chat/completions",
      body: { model: "m-1", messages: [{ role: "user", content: "Hello" }] },
      warnings: [],
    });
  });

  test("OC01 system stays system, or is developer for reasoning models; without either it goes as user", () => {
    const messages: Message[] = [
      { role: "system", content: "S" },
      { role: "system", content: "D", developer: true },
      { role: "user", content: "U" },
    ];
    const roles = (quirks: Quirks, traits: ModelTraits = {}) =>
      sent({ messages }, targetOf(quirks, traits)).messages.map((each) => each["role"]);
    expect(roles({})).toEqual(["system", "system", "user"]);
    expect(roles({ developerRole: true })).toEqual(["system", "developer", "user"]);
    expect(roles({ developerRole: true }, { reasoning: true })).toEqual(["developer", "developer", "user"]);
    expect(roles({}, { system: false })).toEqual(["user", "user", "user"]);
    expect(warned({ messages }, targetOf({}, { system: false }))).toContain("compatibility:messages[0].role");
  });

  test("OC02 DS05 one text is a string, several are parts, joined where the host wants strings", () => {
    const one = user({ type: "text", text: "a" });
    const two = user({ type: "text", text: "a" }, { type: "text", text: "b" });
    expect(sent(one).messages[0]!["content"]).toBe("a");
    expect(sent(two).messages[0]!["content"]).toEqual([
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ]);
    expect(sent(two, targetOf({ plainTextContent: true })).messages[0]!["content"]).toBe("a\nb");
  });

  test("OC03 X13 images by URL, base64 and bytes, with detail", () => {
    const { messages } = sent(
      user({ type: "file", mediaType: "image/*", data: { type: "url", url: "https://a.example/x.png" }, detail: "low" }, png, {
        type: "file",
        mediaType: "image/webp",
        data: { type: "bytes", bytes: new Uint8Array([1, 2, 3]) },
      }),
    );
    expect(messages[0]!["content"]).toEqual([
      { type: "image_url", image_url: { url: "https://a.example/x.png", detail: "low" } },
      { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0K" } },
      { type: "image_url", image_url: { url: "data:image/webp;base64,AQID" } },
    ]);
  });

  test.for([
    ["iVBORw0K", "png"],
    ["/9j/4AAQ", "jpeg"],
    ["R0lGODlh", "gif"],
    ["UklGRiQA", "webp"],
  ])("X12 the type of %s is found: %s", ([base64, type]) => {
    const { messages } = sent(user({ ...png, mediaType: "image/*", data: { type: "base64", base64: base64! } }));
    expect(messages[0]!["content"]).toEqual([{ type: "image_url", image_url: { url: `data:image/${type};base64,${base64}` } }]);
  });

  test("OC04 CP13 sound, video, text files", () => {
    const file = (mediaType: string) => ({ type: "file", mediaType, data: { type: "base64", base64: btoa("hey") } }) as const;
    const { messages } = sent(
      user(file("audio/wav"), file("audio/mpeg"), file("audio/mp3"), file("video/mp4"), file("text/csv"), file("application/json")),
    );
    expect(messages[0]!["content"]).toEqual([
      { type: "input_audio", input_audio: { data: btoa("hey"), format: "wav" } },
      { type: "input_audio", input_audio: { data: btoa("hey"), format: "mp3" } },
      { type: "input_audio", input_audio: { data: btoa("hey"), format: "mp3" } },
      { type: "video_url", video_url: { url: `data:video/mp4;base64,${btoa("hey")}` } },
      { type: "text", text: "hey" },
      { type: "text", text: "hey" },
    ]);
  });

  test("OC05 MI08 PDFs", () => {
    const pdf = { type: "file", mediaType: "application/pdf", data: { type: "base64", base64: "JVBE" } } as const;
    expect(sent(user(pdf, { ...pdf, filename: "a.pdf" })).messages[0]!["content"]).toEqual([
      { type: "file", file: { filename: "part-0.pdf", file_data: "data:application/pdf;base64,JVBE" } },
      { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" } },
    ]);
    const byURL = user({ ...pdf, data: { type: "url", url: "https://a.example/a.pdf" } });
    expect(sent(byURL, targetOf({ documentUrl: true })).messages[0]!["content"]).toEqual([
      { type: "document_url", document_url: "https://a.example/a.pdf" },
    ]);
    expect(() => sent(byURL)).toThrow(expect.objectContaining({ code: "UNSUPPORTED", param: "messages[0].content[0]" }));
  });

  test.for([
    ["audio/ogg", { type: "base64", base64: "AA" }],
    ["audio/wav", { type: "url", url: "https://a.example/a.wav" }],
    ["font/ttf", { type: "base64", base64: "AA" }],
    ["", { type: "base64", base64: "AA" }],
    ["image/*", { type: "base64", base64: "AAAA" }],
    ["application/pdf", { type: "id", id: "f", family: "other" }],
  ] as const)("X02 OC04 OC06 %s as %j is refused before any call", ([mediaType, data]) => {
    expect(() => sent(user({ type: "file", mediaType, data }))).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED", param: "messages[0].content[0]" }),
    );
  });

  test("OC06 a file id of the own family", () => {
    const part = { type: "file", mediaType: "application/pdf", data: { type: "id", id: "file-1", family: "lab" } } as const;
    expect(sent(user(part)).messages[0]!["content"]).toEqual([{ type: "file", file: { file_id: "file-1" } }]);
  });

  test("OC07 an assistant's content is null beside calls alone, empty when there is nothing", () => {
    const of = (content: Part[]) => sent({ messages: [{ role: "assistant", content }] }).messages[0]!;
    expect(of([callF])).toEqual({
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: "{}" } }],
    });
    expect(of([])).toEqual({ role: "assistant", content: "" });
    expect(of([{ type: "text", text: "a" }, callF, { type: "text", text: "b" }])["content"]).toBe("ab");
    expect(of([{ type: "refusal", text: "no" }])).toEqual({ role: "assistant", content: null, refusal: "no" });
  });

  test("OC09 X14 arguments go as they are when they are an object, else as an empty one", () => {
    const of = (text: string, custom?: true) =>
      sent({ messages: [{ role: "assistant", content: [{ ...callF, arguments: text, ...(custom && { custom }) }] }] }).messages[0]![
        "tool_calls"
      ];
    for (const text of ['{"a": 1}', "{}", ' {"a":1}\n']) expect(of(text)).toMatchObject([{ function: { arguments: text } }]);
    for (const text of ["", "not json{", "[1]", '"x"', '{"cut": "of']) expect(of(text)).toMatchObject([{ function: { arguments: "{}" } }]);
    expect(of("SELECT", true)).toEqual([{ id: "c1", type: "custom", custom: { name: "f", input: "SELECT" } }]);
  });

  test.for([
    ["x", false, "x"],
    [{ type: "text", text: "x" }, false, "x"],
    [{ type: "json", value: { a: [1] } }, false, '{"a":[1]}'],
    [{ type: "denied" }, false, "Tool call execution denied."],
    [{ type: "denied", reason: "no" }, false, "no"],
    ["boom", true, '{"error":"boom"}'],
    [{ type: "json", value: { a: 1 } }, true, '{"error":{"a":1}}'],
    [{ type: "content", parts: [{ type: "text", text: "x" }] }, false, "x"],
    [{ type: "content", parts: [] }, false, ""],
  ] as const)("OC10 X15 tool result %j, error %j", ([output, isError, content]) => {
    expect(sent({ messages: turn({ output, isError }) }).messages[2]).toEqual({ role: "tool", tool_call_id: "c1", content });
  });

  test("X16 values that JSON cannot hold do not throw", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    for (const value of [cyclic, { n: 10n }, undefined]) {
      expect(sent({ messages: turn({ output: { type: "json", value: value as never } }) }).messages[2]!["content"]).toBeTypeOf("string");
    }
  });

  test("OC11 SW09 MI15 CP15 DS05 an image in a tool result becomes a following user message, after all tool messages", () => {
    const output = { type: "content", parts: [{ type: "text", text: "see" }, png] } as const;
    const messages: Message[] = [
      { role: "assistant", content: [callF, { ...callF, id: "c2" }] },
      { role: "tool", content: [{ type: "tool-result", callId: "c1", output }] },
      { role: "tool", content: [{ type: "tool-result", callId: "c2", output: { type: "content", parts: [png] } }] },
      { role: "user", content: "And?" },
    ];
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0K" } };
    expect(sent({ messages }).messages.slice(1)).toEqual([
      { role: "tool", tool_call_id: "c1", content: "see" },
      { role: "tool", tool_call_id: "c2", content: "The files follow in the next user message." },
      {
        role: "user",
        content: [
          { type: "text", text: "Files of the result of tool call c1:" },
          image,
          { type: "text", text: "Files of the result of tool call c2:" },
          image,
        ],
      },
      { role: "user", content: "And?" },
    ]);
    expect(warned({ messages })).toEqual(["compatibility:messages[1].content[0]", "compatibility:messages[2].content[0]"]);
    expect(sent({ messages }, targetOf({ toolResultImages: true })).messages.slice(1)).toEqual([
      { role: "tool", tool_call_id: "c1", content: [{ type: "text", text: "see" }, image] },
      { role: "tool", tool_call_id: "c2", content: [image] },
      { role: "user", content: "And?" },
    ]);
  });

  test("MI15 tool messages with the tool's name", () => {
    expect(sent({ messages: turn({ output: "x" }) }, targetOf({ toolResultName: true })).messages[2]).toEqual({
      role: "tool",
      tool_call_id: "c1",
      content: "x",
      name: "f",
    });
  });

  test("MI01 the last assistant message as a prefix", () => {
    const messages: Message[] = [
      { role: "assistant", content: "A" },
      { role: "user", content: "U" },
      { role: "assistant", content: "B" },
    ];
    expect(sent({ messages }, targetOf({ prefixFlag: true })).messages.map((each) => each["prefix"])).toEqual([undefined, undefined, true]);
  });

  test("OC25 names of messages", () => {
    expect(sent({ messages: [{ role: "user", content: "x", name: "ann" }] }).messages[0]).toEqual({
      role: "user",
      content: "x",
      name: "ann",
    });
  });

  test("OC24 cache hints in the host's field, else left out with one warning", () => {
    const messages: Message[] = [
      { role: "system", content: [{ type: "text", text: "S", cache: { ttl: "1h" } }] },
      { role: "user", content: "U", cache: {} },
    ];
    expect(sent({ messages }, targetOf({ cacheHints: "cache_control" })).messages.map((each) => each["content"])).toEqual([
      [{ type: "text", text: "S", cache_control: { type: "ephemeral", ttl: "1h" } }],
      [{ type: "text", text: "U", cache_control: { type: "ephemeral" } }],
    ]);
    expect(sent({ messages }, targetOf({ cacheHints: "prompt_cache_breakpoint" })).messages[0]!["content"]).toEqual([
      { type: "text", text: "S", prompt_cache_breakpoint: { mode: "explicit", ttl: "30m" } },
    ]);
    expect(sent({ messages }).messages.map((each) => each["content"])).toEqual(["S", "U"]);
    expect(warned({ messages })).toEqual(["compatibility:messages[0].content[0].cache"]);
  });
});

describe("reasoning", () => {
  const own = (data = "", kind = "reasoning") => [{ family: "lab", model: "m-1", kind, data }];
  const history = (...parts: Part[]): Message[] => [{ role: "assistant", content: [...parts, { type: "text", text: "A" }] }];
  const replayed = (replayReasoning: Quirks["replayReasoning"], ...parts: Part[]) =>
    sent({ messages: history(...parts) }, targetOf(replayReasoning === undefined ? {} : { replayReasoning })).messages[0]!;

  test("OC08 reasoning is not sent to hosts that do not take it", () => {
    expect(replayed(undefined, { type: "reasoning", text: "hm", opaque: own() })).toEqual({ role: "assistant", content: "A" });
  });

  test("GR01 CP03 MI07 the host's own reasoning goes back in its field, another's does not", () => {
    const mine: Part = { type: "reasoning", text: "hm", opaque: own() };
    const foreign: Part = { type: "reasoning", text: "secret", opaque: [{ family: "other", kind: "signature", data: "s" }] };
    const bare: Part = { type: "reasoning", text: "whose?" };
    expect(replayed("reasoning_content", mine, foreign, bare)).toEqual({ role: "assistant", content: "A", reasoning_content: "hm" });
    expect(replayed("reasoning", mine)).toEqual({ role: "assistant", content: "A", reasoning: "hm" });
    expect(replayed("thinking-parts", mine)["content"]).toEqual([
      { type: "thinking", thinking: [{ type: "text", text: "hm" }] },
      { type: "text", text: "A" },
    ]);
    const details = [{ type: "reasoning.encrypted", data: "E" }];
    expect(replayed("reasoning_details", { ...mine, opaque: own(JSON.stringify(details), "reasoning-details") })).toEqual({
      role: "assistant",
      content: "A",
      reasoning_details: details,
    });
    expect(replayed("reasoning_details", { ...mine, opaque: own("{broken", "reasoning-details") })).toEqual({
      role: "assistant",
      content: "A",
      reasoning: "hm",
    });
  });

  test("DS02 reasoning_content is there on turns with calls, empty if unknown", () => {
    const { messages } = sent(
      { messages: [{ role: "assistant", content: [callF] }] },
      targetOf({ reasoningOnToolTurns: true, replayReasoning: "reasoning_content" }),
    );
    expect(messages[0]!["reasoning_content"]).toBe("");
  });

  const deepseek = { reasoningOnToolTurns: true, replayReasoning: "reasoning_content" } as const;
  const reasonings = (traits: ModelTraits, thought: Part) => {
    const turn = { role: "assistant", content: [thought, { type: "text", text: "a" }] } as const;
    const loop = { role: "assistant", content: [thought, callF] } as const;
    const told = { role: "tool", content: [{ type: "tool-result", callId: "c1", output: "ok" }] } as const;
    const user = { role: "user", content: "q" } as const;
    const { messages } = sent(
      { messages: [user, turn, user, { role: "assistant", content: "b" }, user, loop, told] },
      targetOf(deepseek, traits),
    );
    return messages.filter(({ role }) => role === "assistant").map((message) => message["reasoning_content"]);
  };

  test("DS02 thoughts of turns that are over are kept from R1, and asked for on every turn of V4", () => {
    const thought: Part = { type: "reasoning", text: "hm", opaque: own("", "reasoning") };
    expect(reasonings({ reasoningTurns: "current" }, thought)).toEqual([undefined, undefined, "hm"]);
    expect(reasonings({ reasoningTurns: "every" }, thought)).toEqual(["hm", "", "hm"]);
    expect(reasonings({}, thought)).toEqual(["hm", undefined, "hm"]);
  });

  test("SW07 another provider's thoughts never reach DeepSeek, whose turns are complete without them", () => {
    const foreign: Part = { type: "reasoning", text: "secret", opaque: [{ family: "anthropic", kind: "signature", data: "x" }] };
    expect(reasonings({ reasoningTurns: "current" }, foreign)).toEqual([undefined, undefined, ""]);
    expect(reasonings({ reasoningTurns: "every" }, foreign)).toEqual(["", "", ""]);
  });

  test("CP06 SW06 thought signatures go back; the first unsigned call gets the documented placeholder where signatures are due", () => {
    const signed = { ...callF, opaque: own("SIG", "thought-signature") };
    const of = (traits: ModelTraits, ...content: Part[]) =>
      (
        sent({ messages: [{ role: "assistant", content }] }, targetOf({}, traits)).messages[0]!["tool_calls"] as {
          extra_content?: unknown;
        }[]
      ).map((each) => each.extra_content);
    const carrier = (thought_signature: string) => ({ google: { thought_signature } });
    expect(of({}, signed, { ...callF, id: "c2" })).toEqual([carrier("SIG"), undefined]);
    expect(of({ signedCalls: true }, callF, { ...callF, id: "c2" })).toEqual([carrier("skip_thought_signature_validator"), undefined]);
  });

  const effort = (reasoning: NonNullable<Parameters<typeof sent>[0]["reasoning"]>, traits: ModelTraits = {}, quirks: Quirks = {}) => {
    const { model: _, messages: __, ...rest } = sent({ reasoning }, targetOf(quirks, traits));
    return rest;
  };

  test("OC19 X18 effort words, the nearest lower one where a model lacks it", () => {
    expect(effort({ effort: "high" })).toEqual({ reasoning_effort: "high" });
    expect(effort({ effort: "xhigh" }, { efforts: ["none", "low", "high"] })).toEqual({ reasoning_effort: "high" });
    expect(effort({ effort: "minimal" }, { efforts: ["none", "low", "high"] })).toEqual({ reasoning_effort: "low" });
    expect(effort({ effort: "none" }, { efforts: ["low", "high"] })).toEqual({ reasoning_effort: "low" });
    expect(warned({ reasoning: { effort: "max" } }, targetOf({}, { efforts: ["low"] }))).toEqual(["compatibility:reasoning.effort"]);
  });

  test("OC19 GR03 MI10 nothing is sent to models that do not reason", () => {
    expect(effort({ effort: "high" }, { reasoning: false })).toEqual({});
    expect(effort({ effort: "high" }, { efforts: [] })).toEqual({});
    expect(effort({ effort: "high" }, {}, { effortField: "none" })).toEqual({});
    expect(warned({ reasoning: { effort: "high" } }, targetOf({}, { reasoning: false }))).toEqual(["unsupported:reasoning"]);
    expect(warned({ reasoning: { effort: "none" } }, targetOf({}, { reasoning: false }))).toEqual([]);
  });

  test("X19 a budget becomes the effort of its share", () => {
    for (const [budget, word] of [
      [0, "none"],
      [200, "minimal"],
      [1000, "low"],
      [3000, "medium"],
      [6000, "high"],
      [9000, "xhigh"],
      [9900, "max"],
    ] as const) {
      expect(effort({ budget }, { maxOutput: 10_000 })).toEqual({ reasoning_effort: word });
    }
    expect(effort({ budget: "dynamic" })).toEqual({});
  });

  test("DS03 CP18 the hosts' own switches", () => {
    expect(effort({ effort: "high" }, { efforts: ["none", "low", "high", "max"] }, { effortField: "thinking.type" })).toEqual({
      thinking: { type: "enabled" },
      reasoning_effort: "high",
    });
    expect(effort({ effort: "none" }, { efforts: ["none", "high"] }, { effortField: "thinking.type" })).toEqual({
      thinking: { type: "disabled" },
    });
    expect(effort({ effort: "low" }, {}, { effortField: "thinking.type" })).toEqual({ thinking: { type: "enabled" } });
    expect(effort({ effort: "low", budget: 500 }, {}, { effortField: "enable_thinking" })).toEqual({
      enable_thinking: true,
      thinking_budget: 500,
    });
    expect(effort({ effort: "none" }, {}, { effortField: "enable_thinking" })).toEqual({ enable_thinking: false });
    expect(effort({ effort: "low", visibility: "none" }, {}, { effortField: "reasoning.effort" })).toEqual({
      reasoning: { effort: "low", exclude: true },
    });
    expect(effort({ budget: 700 }, {}, { effortField: "reasoning.effort" })).toEqual({ reasoning: { max_tokens: 700 } });
  });

  test("OC18 tools beside a model that thinks without them turn thinking off", () => {
    const target = targetOf({}, { reasoning: true, efforts: ["none", "high"], chatToolsWhileThinking: false });
    expect(sent({ reasoning: { effort: "high" }, tools: [f] }, target)["reasoning_effort"]).toBe("none");
    expect(warned({ reasoning: { effort: "high" }, tools: [f] }, target)).toEqual(["compatibility:reasoning.effort"]);
    expect(sent({ reasoning: { effort: "high" } }, target)["reasoning_effort"]).toBe("high");
  });
});

describe("settings", () => {
  test("OC23 CP01 every setting has its field", () => {
    const {
      model: _,
      messages: __,
      ...rest
    } = sent({
      maxOutputTokens: 5,
      temperature: 0.5,
      topP: 0.9,
      topK: 4,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      stop: ["a"],
      seed: 1,
      n: 2,
      topLogprobs: 0,
      logitBias: { 5: 1 },
      verbosity: "low",
      serviceTier: "flex",
      modalities: ["text"],
      promptCacheKey: "k",
      user: "u",
      safetyIdentifier: "s",
      metadata: { a: "b" },
      store: false,
    });
    expect(rest).toEqual({
      max_tokens: 5,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 4,
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      stop: ["a"],
      seed: 1,
      n: 2,
      logprobs: true,
      top_logprobs: 0,
      logit_bias: { 5: 1 },
      verbosity: "low",
      service_tier: "flex",
      modalities: ["text"],
      prompt_cache_key: "k",
      user: "u",
      safety_identifier: "s",
      metadata: { a: "b" },
      store: false,
    });
  });

  test("OC16 MI09 fields by other names", () => {
    expect(
      sent({ maxOutputTokens: 5, seed: 1 }, targetOf({ maxTokensField: "max_completion_tokens", seedField: "random_seed" })),
    ).toMatchObject({ max_completion_tokens: 5, random_seed: 1 });
  });

  test("OC16 OC17 OC20 DS04 sampling and penalties that a model refuses are dropped with warnings", () => {
    const settings = {
      temperature: 1,
      topP: 0.5,
      logprobs: true,
      topLogprobs: 2,
      logitBias: { 1: 1 },
      frequencyPenalty: 1,
      presencePenalty: 1,
      stop: ["x"],
    };
    const never = targetOf({}, { reasoning: true, sampling: "never", penalties: false, stop: false });
    expect(Object.keys(sent(settings, never))).toEqual(["model", "messages"]);
    expect(warned(settings, never)).toHaveLength(8);
    const mostly = targetOf({}, { reasoning: true, sampling: "without-reasoning" });
    expect(sent({ temperature: 1 }, mostly)).not.toHaveProperty("temperature");
    expect(sent({ temperature: 1, reasoning: { effort: "none" } }, mostly)).toHaveProperty("temperature");
    expect(sent({ temperature: 1 }, targetOf({}, { sampling: "without-reasoning" }))).toHaveProperty("temperature");
  });

  test("X01 OC26 settings that a host refuses: warned, dropped silently, or an error", () => {
    const quirks = { unsupportedSettings: ["topK", "seed"] };
    expect(warned({ topK: 3, seed: 1 }, targetOf(quirks))).toEqual(["unsupported:topK", "unsupported:seed"]);
    expect(warned({ topK: 3 }, targetOf(quirks, {}, { unsupported: "drop" }))).toEqual([]);
    expect(() => sent({ topK: 3 }, targetOf(quirks, {}, { unsupported: "error" }))).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED", param: "topK" }),
    );
  });

  test("OC22 MI16 SW13 stop sequences and temperature are cut to what the host takes", () => {
    expect(sent({ stop: ["1", "2", "3"], temperature: 1.7 }, targetOf({ maxStop: 2, maxTemperature: 1.5 }))).toMatchObject({
      stop: ["1", "2"],
      temperature: 1.5,
    });
    expect(warned({ stop: ["1", "2", "3"], temperature: 1.7 }, targetOf({ maxStop: 2, maxTemperature: 1.5 }))).toEqual([
      "compatibility:temperature",
      "compatibility:stop",
    ]);
  });

  test("OC14 X06 CP04 DS01 structured output", () => {
    const schema = { type: "object", properties: { json: { type: "string" } } };
    expect(sent({ output: { type: "json" } })["response_format"]).toEqual({ type: "json_object" });
    expect(sent({ output: { type: "json", schema } })["response_format"]).toEqual({
      type: "json_schema",
      json_schema: { name: "response", schema, strict: true },
    });
    expect(sent({ output: { type: "json", schema, name: "n", description: "d", strict: false } })["response_format"]).toEqual({
      type: "json_schema",
      json_schema: { name: "n", description: "d", schema, strict: false },
    });
    const without = sent({ output: { type: "json", schema } }, targetOf({ noJsonSchema: true }));
    expect(without["response_format"]).toEqual({ type: "json_object" });
    expect(without.messages[0]!["content"]).toContain(JSON.stringify(schema));
    expect(warned({ output: { type: "json", schema } }, targetOf({ noJsonSchema: true }))).toEqual(["compatibility:output.schema"]);
  });

  test("OC27 streams ask for their usage, unless the host refuses", () => {
    expect(sent({}, targetOf(), true)).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(sent({}, targetOf({ noStreamOptions: true }), true)).not.toHaveProperty("stream_options");
    const providerOptions = { "openai-chat": { stream_options: { include_obfuscation: false, include_usage: false } } };
    expect(sent({ providerOptions }, targetOf(), true)["stream_options"]).toEqual({ include_obfuscation: false, include_usage: true });
    expect(sent({ providerOptions }, targetOf(), false)).not.toHaveProperty("stream_options");
  });

  test("X11 X20 CP05 provider options win, and only the target's own count", () => {
    const body = sent({
      temperature: 1,
      reasoning: { effort: "low" },
      providerOptions: { lab: { temperature: 0, reasoning_effort: "high", safe_prompt: true }, other: { x: 1 } },
    });
    expect(body).toMatchObject({ temperature: 0, reasoning_effort: "high", safe_prompt: true });
    expect(body).not.toHaveProperty("x");
  });

  test("what the wire has no field for is named", () => {
    const document = {
      type: "file",
      mediaType: "application/pdf",
      data: { type: "base64", base64: "JVBE" },
      title: "T",
      citable: true,
    } as const;
    expect(warned({ cache: {}, ...user(document) })).toEqual([
      "compatibility:cache",
      "unsupported:messages[0].content[0].title",
      "unsupported:messages[0].content[0].citable",
    ]);
    expect(warned({ tools: [{ ...f, inputExamples: [{}] }], reasoning: { visibility: "detailed" } })).toEqual([
      "unsupported:reasoning.visibility",
      "unsupported:tools[0].inputExamples",
    ]);
  });

  test("OC15 schemas are brought into the subset that OpenAI takes, where the host asks for it", () => {
    const schema = {
      type: "object",
      propertyNames: { pattern: "^a" },
      properties: {
        pattern: { type: "string", pattern: "^(?=x)y" },
        propertyNames: { allOf: [{ $ref: "#/$defs/a" }], description: "d" },
        ok: { pattern: "^a$", default: { propertyNames: 1 } },
      },
      $defs: { a: { type: "object", propertyNames: { type: "string" } } },
    };
    const kept = {
      type: "object",
      properties: {
        pattern: { type: "string" },
        propertyNames: { $ref: "#/$defs/a", description: "d" },
        ok: { pattern: "^a$", default: { propertyNames: 1 } },
      },
      $defs: { a: { type: "object" } },
    };
    const target = targetOf({ schemaSubset: true });
    const request = { output: { type: "json", schema }, tools: [{ name: "f", inputSchema: schema }] } as const;
    const before = JSON.stringify(schema);
    const body = sent(request, target);
    expect(body["response_format"]).toHaveProperty("json_schema.schema", kept);
    expect(body["tools"]).toEqual([{ type: "function", function: { name: "f", parameters: kept } }]);
    expect(warned(request, target)).toEqual(
      ["tools[0].inputSchema", "output.schema"].flatMap((at) => [`compatibility:${at}.propertyNames`, `compatibility:${at}.pattern`]),
    );
    expect(JSON.stringify(schema)).toBe(before);
    expect(sent(request)["response_format"]).toMatchObject({ json_schema: { schema } });
    for (const propertyNames of [true, { type: "integer" }]) {
      expect(() => sent({ output: { type: "json", schema: { propertyNames } } }, target)).toThrow(
        expect.objectContaining({ code: "UNSUPPORTED" }),
      );
    }
  });

  test("the request is not changed", () => {
    const request = ask({ tools: [f], messages: turn({ output: { type: "content", parts: [png] } }), providerOptions: { lab: { a: 1 } } });
    const before = JSON.stringify(request);
    openaiChat.encodeRequest(request, targetOf({ cacheHints: "cache_control" }), true);
    expect(JSON.stringify(request)).toBe(before);
  });
});

describe("tools", () => {
  test("X03 no tools, no choice; MI11 no parallel calls either", () => {
    expect(Object.keys(sent({ tools: [], toolChoice: "required", parallelToolCalls: false }))).toEqual(["model", "messages"]);
  });

  test("OC13 DS08 function and custom tools, strict as given", () => {
    const tools = [
      f,
      { ...f, name: "g", strict: true },
      { ...f, name: "h", strict: false },
      { type: "custom", name: "sql", format: { syntax: "lark", definition: "x" } },
    ] as const;
    expect(sent({ tools })["tools"]).toEqual([
      { type: "function", function: { name: "f", description: "d", parameters: { type: "object" } } },
      { type: "function", function: { name: "g", description: "d", parameters: { type: "object" }, strict: true } },
      { type: "function", function: { name: "h", description: "d", parameters: { type: "object" }, strict: false } },
      { type: "custom", custom: { name: "sql", format: { type: "grammar", grammar: { syntax: "lark", definition: "x" } } } },
    ]);
  });

  test("OC12 X05 MI03 tool choice", () => {
    const tools = [f, { type: "custom", name: "sql" }] as const;
    const choice = (toolChoice: NonNullable<Parameters<typeof sent>[0]["toolChoice"]>, quirks: Quirks = {}) =>
      sent({ tools, toolChoice }, targetOf(quirks))["tool_choice"];
    for (const word of ["auto", "none", "required"] as const) expect(choice(word)).toBe(word);
    expect(choice("required", { requiredToolChoice: "any" })).toBe("any");
    expect(choice("required", { requiredToolChoice: "auto" })).toBe("auto");
    expect(choice({ tool: "f" })).toEqual({ type: "function", function: { name: "f" } });
    expect(choice({ tool: "sql" })).toEqual({ type: "custom", custom: { name: "sql" } });
    expect(choice({ tools: ["f", "sql"], mode: "required" }, { allowedTools: true })).toEqual({
      type: "allowed_tools",
      allowed_tools: {
        mode: "required",
        tools: [
          { type: "function", function: { name: "f" } },
          { type: "custom", custom: { name: "sql" } },
        ],
      },
    });
    const cut = sent({ tools, toolChoice: { tools: ["sql"], mode: "required" } });
    expect(cut["tool_choice"]).toBe("required");
    expect(cut["tools"]).toHaveLength(1);
  });

  test("a choice that a thinking model refuses becomes auto with that tool alone", () => {
    const target = targetOf({}, { reasoning: true, forcedToolWhileThinking: false });
    const body = sent({ tools: [f, { ...f, name: "g" }], toolChoice: { tool: "g" } }, target);
    expect(body["tool_choice"]).toBe("auto");
    expect(body["tools"]).toMatchObject([{ function: { name: "g" } }]);
  });

  test("X04 GR09 tools that a provider runs go to it alone", () => {
    const raw = { type: "browser_search" };
    expect(sent({ tools: [{ type: "provider", family: "lab", raw }] })["tools"]).toEqual([raw]);
    expect(sent({ tools: [{ type: "provider", family: "other", raw }] })).not.toHaveProperty("tools");
    expect(warned({ tools: [f, { type: "provider", family: "other", raw }] })).toEqual(["unsupported:tools[1]"]);
  });
});
