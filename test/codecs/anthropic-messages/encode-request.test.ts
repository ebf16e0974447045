import { describe, expect, test } from "vitest";
import { anthropicMessages as codec } from "../../../src/codecs/anthropic-messages/index.ts";
import type { FilePart, Message, Part } from "../../../src/ir/content.ts";
import type { JSONObject } from "../../../src/ir/json.ts";
import type { Tool } from "../../../src/ir/tool.ts";
import { ask, claude, encode } from "./support.ts";

const user = (...content: Part[]): Message => ({ role: "user", content });
const said = (text: string): Part => ({ type: "text", text });
const call = (id: string, args = "{}"): Part => ({ type: "tool-call", id, name: "f", arguments: args });
const result = (callId: string, output: Extract<Part, { type: "tool-result" }>["output"] = "ok", isError?: boolean): Part => ({
  type: "tool-result",
  callId,
  output,
  ...(isError !== undefined && { isError }),
});
const file = (mediaType: string, data: FilePart["data"], more: Partial<FilePart> = {}): Part => ({
  type: "file",
  mediaType,
  data,
  ...more,
});
const f: Tool = { name: "f", inputSchema: { type: "object", properties: {} } };
const g: Tool = { name: "g" };
const features = ({ warnings }: { warnings: readonly { type: string; feature: string }[] }) =>
  warnings.map(({ type, feature }) => `${type} ${feature}`);
const PNG = "iVBORw0KGgoAAAA";

describe("the envelope", () => {
  test("a plain request", () => {
    expect(encode({ maxOutputTokens: 100, stop: ["x"], user: "u", temperature: 0.5 }, claude(), true)).toEqual({
      path: "/messages",
      headers: { "anthropic-version": "2023-06-01" },
      body: {
        model: "claude-test",
        max_tokens: 100,
        messages: [{ role: "user", content: "hi" }],
        temperature: 0.5,
        stop_sequences: ["x"],
        metadata: { user_id: "u" },
        stream: true,
      },
      warnings: [],
    });
  });

  test("AN05 max_tokens: the model's limit, a default with a warning, a clamp with a warning", () => {
    expect(encode({}).body["max_tokens"]).toBe(8000);
    const unknown = codec.encodeRequest(ask(), { ...claude(), traits: {} }, false);
    expect(unknown.body["max_tokens"]).toBe(4096);
    expect(features(unknown)).toEqual(["compatibility maxOutputTokens"]);
    const clamped = encode({ maxOutputTokens: 9000 });
    expect(clamped.body["max_tokens"]).toBe(8000);
    expect(features(clamped)).toEqual(["compatibility maxOutputTokens"]);
  });

  test("AN06 SW13 temperature is clamped to 0..1, and excludes top-p only where the model says so", () => {
    const hot = encode({ temperature: 1.7, topP: 0.9 });
    expect(hot.body).toMatchObject({ temperature: 1, top_p: 0.9 });
    expect(features(hot)).toEqual(["compatibility temperature"]);
    expect(encode({ temperature: -1 }).body["temperature"]).toBe(0);
    const exclusive = encode({ temperature: 0.1, topP: 0.9 }, claude({ exclusiveSampling: true }));
    expect(exclusive.body).not.toHaveProperty("top_p");
    expect(features(exclusive)).toEqual(["unsupported topP"]);
    expect(encode({ topP: 0.9 }, claude({ exclusiveSampling: true })).body["top_p"]).toBe(0.9);
  });

  test("AN46 a compatible back-end's own maximum, and no flags", () => {
    const target = claude({}, { maxTemperature: 2, coreFieldsOnly: true }, { family: "minimax" });
    const { body, headers } = encode(
      { temperature: 1.7, messages: [user(file("image/*", { type: "id", id: "x", family: "minimax" }))] },
      target,
    );
    expect(body["temperature"]).toBe(1.7);
    expect(headers).toEqual({ "anthropic-version": "2023-06-01" });
  });

  test("AN07 models and API versions without sampling drop it", () => {
    const never = encode({ temperature: 0, topP: 1, topK: 3 }, claude({ sampling: "never" }));
    expect(Object.keys(never.body)).toEqual(["model", "max_tokens", "messages"]);
    expect(features(never)).toEqual(["unsupported temperature", "unsupported topP", "unsupported topK"]);
    const versioned = encode({ temperature: 0, providerOptions: { anthropic: { "anthropic-version": "2026-10-21" } } });
    expect(versioned.headers).toEqual({ "anthropic-version": "2026-10-21" });
    expect(versioned.body).toEqual({ model: "claude-test", max_tokens: 8000, messages: [{ role: "user", content: "hi" }] });
    expect(features(versioned)).toEqual(["unsupported temperature"]);
  });

  test("AN08 X01 settings without a field are reported, or refused, or silent", () => {
    const request = {
      frequencyPenalty: 1,
      presencePenalty: 1,
      seed: 1,
      n: 2,
      logprobs: true,
      topLogprobs: 2,
      verbosity: "low",
      metadata: { a: "b" },
      store: true,
    } as const;
    expect(features(encode(request)).toSorted()).toEqual(
      ["frequencyPenalty", "logprobs", "metadata", "n", "presencePenalty", "seed", "store", "topLogprobs", "verbosity"].map(
        (each) => `unsupported ${each}`,
      ),
    );
    expect(encode({ seed: 1 }, claude({}, {}, { unsupported: "drop" })).warnings).toEqual([]);
    expect(() => encode({ seed: 1 }, claude({}, {}, { unsupported: "error" }))).toThrow("seed");
    expect(encode({ n: 1, store: false, logprobs: false, modalities: ["text"] }).warnings).toEqual([]);
    expect(features(encode({ topK: 1, stop: ["x"] }, claude({ stop: false }, { unsupportedSettings: ["topK"] })))).toEqual([
      "unsupported topK",
      "unsupported stop",
    ]);
  });

  test("stop sequences beyond what is taken are cut", () => {
    const { body, warnings } = encode({ stop: ["a", "b", "c"] }, claude({}, { maxStop: 2 }));
    expect(body["stop_sequences"]).toEqual(["a", "b"]);
    expect(warnings).toHaveLength(1);
  });

  test("stop sequences of white space alone are left out", () => {
    const { body, warnings } = encode({ stop: ["\n\n", "END"] });
    expect(body["stop_sequences"]).toEqual(["END"]);
    expect(features({ warnings })).toEqual(["unsupported stop"]);
    expect(encode({ stop: [" "] }).body).not.toHaveProperty("stop_sequences");
  });

  test("AN29 flags are merged from options and features", () => {
    const { headers } = encode({
      messages: [user(file("image/*", { type: "id", id: "file_1", family: "anthropic" }))],
      providerOptions: { anthropic: { betas: ["one", "two"], "anthropic-beta": "two, three", mcp_servers: [] } },
    });
    expect(headers!["anthropic-beta"]!.split(",").toSorted()).toEqual([
      "files-api-2025-04-14",
      "mcp-client-2025-04-04",
      "one",
      "three",
      "two",
    ]);
  });

  test("X20 provider options win and pass verbatim; the request is not touched", () => {
    const request = ask({
      temperature: 0.5,
      reasoning: { effort: "high" },
      providerOptions: { anthropic: { temperature: 0.2, container: "c", thinking: { type: "disabled" } }, openai: { x: 1 } },
    });
    const before = structuredClone(request);
    const { body } = codec.encodeRequest(request, claude(), false);
    expect(body).toMatchObject({ temperature: 0.2, container: "c", thinking: { type: "disabled" } });
    expect(body).not.toHaveProperty("x");
    expect(body).not.toHaveProperty("output_config");
    expect(request).toEqual(before);
  });

  test("AN42 options of this wire pass verbatim, those in beta with their flags", () => {
    const options: JSONObject = {
      fallbacks: [{ model: "claude-other" }],
      context_management: { edits: [{ type: "compact_20260112" }] },
      output_config: { task_budget: { type: "tokens", total: 20_000 } },
      speed: "fast",
      inference_geo: "us",
      container: { skills: [{ type: "anthropic", skill_id: "pptx" }] },
    };
    const { body, headers } = encode({ providerOptions: { anthropic: options } });
    expect(body).toMatchObject(options);
    expect(headers!["anthropic-beta"]!.split(",").toSorted()).toEqual([
      "compact-2026-01-12",
      "context-management-2025-06-27",
      "fast-mode-2026-02-01",
      "server-side-fallback-2026-06-01",
      "skills-2025-10-02",
      "task-budgets-2026-03-13",
    ]);
    const plain = encode({ providerOptions: { anthropic: { speed: "standard", container: "c_1", output_config: {} } } });
    expect(plain.headers).not.toHaveProperty("anthropic-beta");
  });

  test("AN42 service tiers in this wire's words", () => {
    expect(encode({ serviceTier: "default" }).body["service_tier"]).toBe("standard_only");
    expect(encode({ serviceTier: "priority" }).body["service_tier"]).toBe("auto");
    expect(features(encode({ serviceTier: "flex" }))).toEqual(["unsupported serviceTier"]);
    const fast = encode({ serviceTier: "fast" });
    expect(fast.body).toMatchObject({ speed: "fast" });
    expect(fast.body).not.toHaveProperty("service_tier");
    expect(fast.headers!["anthropic-beta"]).toBe("fast-mode-2026-02-01");
    expect(features(encode({ serviceTier: "fast" }, claude({}, { coreFieldsOnly: true })))).toEqual(["unsupported serviceTier"]);
  });
});

describe("thinking", () => {
  const thinking = (reasoning: object, traits = {}, more = {}) => encode({ reasoning, ...more }, claude(traits));

  test("a turn that began with tool calls of another provider goes on without a budget for thinking", () => {
    const opaque = [{ family: "anthropic", model: "claude-test", kind: "signature", data: "s" }];
    const after = (...content: Part[]): readonly Message[] => [
      user(said("go")),
      { role: "assistant", content },
      { role: "tool", content: [result("a")] },
    ];
    const thought: Part = { type: "reasoning", text: "hm", opaque };
    const budgeted = (messages: readonly Message[]) => thinking({ budget: 2000 }, { thinking: "budget" }, { messages });
    const foreign = budgeted(after(call("a")));
    expect(foreign.body["thinking"]).toEqual({ type: "disabled" });
    expect(features(foreign)).toEqual(["compatibility reasoning"]);
    for (const messages of [
      after(thought, call("a")),
      [...after(thought, call("a")), { role: "assistant", content: [call("b")] }, { role: "tool", content: [result("b")] }] as const,
      [...after(call("a")), user(said("and now?"))],
    ])
      expect(budgeted(messages).body["thinking"]).toMatchObject({ type: "enabled" });
    expect(thinking({ budget: "dynamic" }, { thinking: "adaptive" }, { messages: after(call("a")) }).body["thinking"]).toEqual({
      type: "adaptive",
    });
  });

  test("AN09 a budget: thinking enabled, sampling dropped, max_tokens raised where the budget does not fit", () => {
    const fits = thinking({ budget: 2000 }, { thinking: "budget" }, { maxOutputTokens: 4000, temperature: 0.3, topP: 0.5, topK: 5 });
    expect(fits.body).toEqual({
      model: "claude-test",
      max_tokens: 4000,
      thinking: { type: "enabled", budget_tokens: 2000 },
      messages: [{ role: "user", content: "hi" }],
    });
    expect(features(fits)).toEqual(["unsupported temperature", "unsupported topP", "unsupported topK"]);
    expect(thinking({ budget: 2000 }, { thinking: "budget" }, { maxOutputTokens: 500 }).body).toMatchObject({
      max_tokens: 2500,
      thinking: { budget_tokens: 2000 },
    });
    expect(thinking({ budget: 9000 }, { thinking: "budget" }, { maxOutputTokens: 500 }).body).toMatchObject({
      max_tokens: 8000,
      thinking: { budget_tokens: 7999 },
    });
  });

  test.each([
    ["minimal", 1024],
    ["low", 10000],
    ["medium", 30000],
    ["high", 60000],
    ["xhigh", 90000],
    ["max", 95000],
  ])("X19 effort %s is a budget of %d of 100,000", (effort, tokens) => {
    const big = thinking({ effort }, { thinking: "budget", maxOutput: 100000, ...(effort === "minimal" && { maxOutput: 20000 }) });
    expect(big.body["thinking"]).toEqual({ type: "enabled", budget_tokens: tokens });
    expect(big.body["max_tokens"]).toBeGreaterThan(tokens);
  });

  test("a model with budgets and efforts gets both", () => {
    const { body } = thinking({ effort: "high" }, { thinking: "budget", efforts: ["low", "medium", "high"], maxOutput: 10000 });
    expect(body).toMatchObject({ thinking: { type: "enabled", budget_tokens: 6000 }, output_config: { effort: "high" } });
  });

  test("a budget below the smallest is raised and said so", () => {
    const { body, warnings } = thinking({ budget: 10 }, { thinking: "budget" });
    expect(body["thinking"]).toEqual({ type: "enabled", budget_tokens: 1024 });
    expect(features({ warnings })).toEqual(["compatibility reasoning.budget"]);
  });

  test("AN10 adaptive: effort, display, disabled is forwarded", () => {
    expect(thinking({ effort: "high", visibility: "auto" }, { thinking: "adaptive" }).body).toMatchObject({
      thinking: { type: "adaptive", display: "summarized" },
      output_config: { effort: "high" },
    });
    expect(thinking({ budget: "dynamic", visibility: "none" }, { thinking: "adaptive" }).body["thinking"]).toEqual({
      type: "adaptive",
      display: "omitted",
    });
    for (const off of [{ effort: "none" }, { budget: 0 }])
      expect(thinking(off, { thinking: "adaptive" }).body["thinking"]).toEqual({ type: "disabled" });
    expect(thinking({ effort: "none" }, { reasoning: false }).body).not.toHaveProperty("thinking");
  });

  test("AN11 what cannot stop thinking thinks little; a budget becomes adaptive; the highest efforts fall without thinking", () => {
    const always = thinking({ effort: "none" }, { thinking: "adaptive", alwaysThinks: true });
    expect(always.body).toMatchObject({ output_config: { effort: "low" } });
    expect(always.body).not.toHaveProperty("thinking");
    expect(features(always)).toEqual(["compatibility reasoning"]);
    const budget = thinking({ budget: 5000 }, { thinking: "adaptive" });
    expect(budget.body["thinking"]).toEqual({ type: "adaptive" });
    expect(features(budget)).toEqual(["compatibility reasoning.budget"]);
    const between = thinking({ budget: 0, effort: "max" }, { thinking: "adaptive", alwaysThinks: true, betweenTools: true });
    expect(between.body).toMatchObject({ thinking: { type: "between_tools" }, output_config: { effort: "high" } });
    expect(thinking({ budget: 0, effort: "max" }, { thinking: "adaptive" }).body).toMatchObject({ output_config: { effort: "max" } });
    expect(thinking({ budget: 0, effort: "max" }, { thinking: "adaptive", thinksAboveHigh: true }).body).toMatchObject({
      thinking: { type: "disabled" },
      output_config: { effort: "high" },
    });
  });

  test("X18 an effort that the model lacks becomes the next lower, else the next higher one", () => {
    const of = (effort: string, efforts?: string[]) =>
      thinking({ effort }, { thinking: "adaptive", ...(efforts && { efforts }) }).body["output_config"];
    expect(of("minimal")).toEqual({ effort: "low" });
    expect(of("max", ["low", "medium"])).toEqual({ effort: "medium" });
    expect(of("low", ["high"])).toEqual({ effort: "high" });
  });

  test("a model that does not think is not asked to", () => {
    const { body, warnings } = thinking({ effort: "high" }, { reasoning: false });
    expect(body).not.toHaveProperty("thinking");
    expect(features({ warnings })).toEqual(["unsupported reasoning"]);
  });

  test("models that take sampling while thinking keep it", () => {
    expect(thinking({ budget: 2000 }, { sampling: "always" }, { temperature: 1 }).body["temperature"]).toBe(1);
    expect(encode({ temperature: 1 }, claude({ alwaysThinks: true })).body).not.toHaveProperty("temperature");
  });
});

describe("tools", () => {
  test("AN26 AN27 AN28 definitions; strict, early input, examples, deferral and callers go without flags", () => {
    const { body, headers } = encode({
      tools: [
        {
          name: "f",
          description: "d",
          inputSchema: { type: "object", properties: { a: { type: "integer", minimum: 1 } } },
          strict: true,
          inputExamples: [{ a: 1 }],
          cache: {},
          providerOptions: { anthropic: { defer_loading: true, eager_input_streaming: true, allowed_callers: ["direct"] } },
        },
        { name: "g" },
        { name: "h", inputSchema: { properties: {} } },
        { type: "provider", family: "anthropic", raw: { type: "computer_20250124", name: "computer" } },
      ],
    });
    expect(body["tools"]).toEqual([
      {
        name: "f",
        description: "d",
        input_schema: { type: "object", properties: { a: { type: "integer", description: "minimum: 1" } }, additionalProperties: false },
        strict: true,
        input_examples: [{ a: 1 }],
        cache_control: { type: "ephemeral" },
        defer_loading: true,
        eager_input_streaming: true,
        allowed_callers: ["direct"],
      },
      { name: "g", input_schema: { type: "object", properties: {} } },
      { name: "h", input_schema: { type: "object", properties: {} } },
      { type: "computer_20250124", name: "computer" },
    ]);
    expect(headers!["anthropic-beta"]).toBe("computer-use-2025-01-24");
    expect(encode({ tools: [f] }, claude(), true).body["tools"]).toEqual([{ name: "f", input_schema: f.inputSchema }]);
    expect(body).not.toHaveProperty("tool_choice");
  });

  test("X03 no tools, no tool_choice", () => {
    expect(Object.keys(encode({ tools: [], toolChoice: "required" }).body)).toEqual(["model", "max_tokens", "messages"]);
  });

  test("X04 another family's tool is dropped and reported; a free-form tool becomes a function", () => {
    const { body, warnings } = encode({
      tools: [
        { type: "provider", family: "openai", raw: { type: "web_search" } },
        { type: "custom", name: "p", format: { syntax: "regex", definition: "a+" } },
      ],
    });
    expect(body["tools"]).toMatchObject([{ name: "p", input_schema: { required: ["input"] } }]);
    expect(features({ warnings })).toEqual(["unsupported tools[0]", "compatibility tools[1]"]);
  });

  test.each([
    ["auto", { type: "auto" }],
    ["none", { type: "none" }],
    ["required", { type: "any" }],
    [{ tool: "f" }, { type: "tool", name: "f" }],
    [{ tools: ["f"] }, { type: "auto" }],
    [{ tools: ["f"], mode: "required" }, { type: "any" }],
  ] as const)("AN13 X05 tool choice %j", (toolChoice, wire) => {
    const { body } = encode({ tools: [f, g], toolChoice });
    expect(body["tool_choice"]).toEqual(wire);
    expect(body["tools"]).toHaveLength(typeof toolChoice === "object" && "tools" in toolChoice ? 1 : 2);
  });

  test("AN13 no parallel calls", () => {
    expect(encode({ tools: [f], parallelToolCalls: false }).body["tool_choice"]).toEqual({ type: "auto", disable_parallel_tool_use: true });
    expect(encode({ tools: [f], parallelToolCalls: false, toolChoice: { tool: "f" } }).body["tool_choice"]).toEqual({
      type: "tool",
      name: "f",
      disable_parallel_tool_use: true,
    });
    expect(encode({ tools: [f], parallelToolCalls: true }).body).not.toHaveProperty("tool_choice");
  });

  test("AN12 a forced tool while thinking becomes auto with only that tool", () => {
    const reasoning = { budget: 2000 };
    const one = encode({ tools: [f, g], toolChoice: { tool: "g" }, reasoning });
    expect(one.body).toMatchObject({ tool_choice: { type: "auto" }, tools: [{ name: "g" }] });
    expect(features(one)).toEqual(["compatibility toolChoice"]);
    expect(encode({ tools: [f, g], toolChoice: "required", reasoning }).body).toMatchObject({
      tool_choice: { type: "auto" },
      tools: [{ name: "f" }, { name: "g" }],
    });
    expect(
      encode({ tools: [f, g], toolChoice: { tool: "g" }, reasoning }, claude({ forcedToolWhileThinking: true })).body["tool_choice"],
    ).toEqual({ type: "tool", name: "g" });
    expect(encode({ tools: [f], toolChoice: "none", reasoning }).warnings).toEqual([]);
  });
});

describe("messages", () => {
  const wire = (messages: Message[], target = claude()) => encode({ messages }, target).body;

  test("AN01 leading system messages become system blocks", () => {
    expect(
      wire([
        { role: "system", content: "a" },
        { role: "user", content: "q" },
      ])["system"],
    ).toBe("a");
    expect(
      wire([
        { role: "system", content: "a" },
        { role: "system", content: [said("b")], cache: { ttl: "1h" } },
        { role: "user", content: "q" },
      ]),
    ).toMatchObject({
      system: [
        { type: "text", text: "a" },
        { type: "text", text: "b", cache_control: { type: "ephemeral", ttl: "1h" } },
      ],
      messages: [{ role: "user", content: "q" }],
    });
  });

  test("AN02 later system messages stay where they are when the model takes them, else become user text", () => {
    const messages: Message[] = [
      { role: "user", content: "q" },
      { role: "assistant", content: "a" },
      { role: "system", content: "s" },
      { role: "user", content: "r" },
    ];
    const late = encode({ messages }, claude({ lateSystem: true }));
    expect(late.body["messages"]).toMatchObject([
      { role: "user" },
      { role: "assistant" },
      { role: "system", content: "s" },
      { role: "user", content: "r" },
    ]);
    expect(late.headers!["anthropic-beta"]).toBe("mid-conversation-system-2026-04-07");
    const folded = encode({ messages });
    expect(folded.body["messages"]).toMatchObject([
      { role: "user" },
      { role: "assistant" },
      { role: "user", content: [{ text: "s" }, { text: "r" }] },
    ]);
    expect(features(folded)).toEqual(["compatibility messages[2]"]);
  });

  test("AN03 AN04 SW16 neighbours merge; tool results come first in their user turn", () => {
    expect(
      wire([
        { role: "user", content: "a" },
        { role: "user", content: "b" },
        { role: "assistant", content: [call("1")] },
        { role: "assistant", content: [call("2", '{"x":1}')] },
        { role: "user", content: "meanwhile" },
        { role: "tool", content: [result("1")] },
        { role: "tool", content: [result("2", "bad", true)] },
      ])["messages"],
    ).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "tool_use", id: "1", name: "f", input: {} },
          { type: "tool_use", id: "2", name: "f", input: { x: 1 } },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "1", content: "ok" },
          { type: "tool_result", tool_use_id: "2", content: "bad", is_error: true },
          { type: "text", text: "meanwhile" },
        ],
      },
    ]);
  });

  test.each([
    ["not json", { rawInvalidInput: "not json" }],
    ["[1]", { rawInvalidInput: "[1]" }],
    ['"x"', { rawInvalidInput: '"x"' }],
    ["null", { rawInvalidInput: "null" }],
    ["", {}],
    ['{"a":1}', { a: 1 }],
  ])("AN21 X14 arguments %j", (args, input) => {
    expect(
      wire([
        { role: "user", content: "q" },
        { role: "assistant", content: [call("1", args)] },
      ])["messages"],
    ).toMatchObject([{}, { content: [{ input }] }]);
  });

  test("AN14 only this family's own state is replayed; unsigned reasoning is dropped and reported", () => {
    const think = (text: string, family?: string, kind = "signature"): Part => ({
      type: "reasoning",
      text,
      ...(family && { opaque: [{ family, kind, data: "D" }] }),
    });
    const { body, warnings } = encode({
      messages: [
        { role: "user", content: "q" },
        {
          role: "assistant",
          content: [
            think("a", "anthropic"),
            think("", "anthropic", "redacted"),
            think("b", "openai"),
            think("c"),
            think("", "sealed", "sealed"),
            said("x"),
          ],
        },
        { role: "user", content: "r" },
      ],
    });
    expect(body["messages"]).toMatchObject([
      {},
      {
        content: [
          { type: "thinking", thinking: "a", signature: "D" },
          { type: "redacted_thinking", data: "D" },
          { type: "text", text: "x" },
        ],
      },
      {},
    ]);
    expect((body["messages"] as unknown as { content: unknown[] }[])[1]!.content).toHaveLength(3);
    expect(features({ warnings })).toEqual(["unsupported messages[1].content[2]", "unsupported messages[1].content[3]"]);
  });

  test("AN17 a prefill loses trailing white space; empty texts are left out", () => {
    expect(wire([user(said(""), said("q"), said(" \n")), { role: "assistant", content: "so: \n" }])["messages"]).toEqual([
      { role: "user", content: "q" },
      { role: "assistant", content: "so:" },
    ]);
  });

  test("AN40 AN41 own citations and blocks are replayed, foreign ones are not", () => {
    const value = { type: "web_search_result_location", url: "https://a.example", encrypted_index: "E" };
    const raw = { type: "server_tool_use", id: "s", name: "web_search", input: {} };
    const parts = (family: string): Part[] => [
      { type: "text", text: "x", citations: [{ source: { url: "https://a.example" }, raw: { family, value } }] },
      { type: "provider", family, codec: "anthropic-messages", raw },
      { type: "source", source: { url: "https://a.example" } },
    ];
    const of = (family: string) =>
      encode({
        messages: [
          { role: "user", content: "q" },
          { role: "assistant", content: parts(family) },
        ],
      });
    expect(of("anthropic").body["messages"]).toMatchObject([{}, { content: [{ type: "text", citations: [value] }, raw] }]);
    expect(of("other").body["messages"]).toEqual([
      { role: "user", content: "q" },
      { role: "assistant", content: "x" },
    ]);
    expect(features(of("other"))).toEqual(["unsupported messages[1].content[1]"]);
  });
});

describe("files", () => {
  const source = (part: Part) =>
    (encode({ messages: [user(part)] }).body["messages"] as unknown as { content: JSONObject[] }[])[0]!.content[0];

  test("AN18 X12 X13 images", () => {
    expect(source(file("image/png", { type: "base64", base64: PNG }))).toEqual({
      type: "image",
      source: { type: "base64", media_type: "image/png", data: PNG },
    });
    for (const claimed of ["image/*", "image/jpeg"]) {
      expect(source(file(claimed, { type: "base64", base64: PNG }))).toMatchObject({ source: { media_type: "image/png" } });
    }
    expect(source(file("image/jpeg", { type: "bytes", bytes: new Uint8Array([255, 216, 255, 0]) }))).toMatchObject({
      source: { media_type: "image/jpeg", data: "/9j/AA==" },
    });
    expect(source(file("image/*", { type: "url", url: "https://a.example/x" }))).toEqual({
      type: "image",
      source: { type: "url", url: "https://a.example/x" },
    });
    expect(source(file("image/*", { type: "id", id: "file_1", family: "anthropic" }))).toEqual({
      type: "image",
      source: { type: "file", file_id: "file_1" },
    });
  });

  test("AN18 AN19 documents", () => {
    const more = { title: "T", context: "C", citable: true };
    expect(source(file("application/pdf", { type: "base64", base64: "JVBERi0" }, more))).toEqual({
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: "JVBERi0" },
      title: "T",
      context: "C",
      citations: { enabled: true },
    });
    expect(source(file("application/pdf", { type: "url", url: "https://a.example/x.pdf" }, { filename: "x.pdf" }))).toMatchObject({
      source: { type: "url" },
      title: "x.pdf",
    });
    expect(source(file("text/csv", { type: "base64", base64: btoa("a,b") }))).toMatchObject({
      source: { type: "text", media_type: "text/plain", data: "a,b" },
    });
    expect(source(file("application/json", { type: "bytes", bytes: new TextEncoder().encode("{}") }))).toMatchObject({
      source: { type: "text", data: "{}" },
    });
    expect(source(file("text/plain", { type: "text", text: "t" }))).toMatchObject({ source: { type: "text", data: "t" } });
    expect(source(file("application/pdf", { type: "id", id: "file_2", family: "anthropic" }))).toMatchObject({
      type: "document",
      source: { file_id: "file_2" },
    });
  });

  test.each([
    ["audio/wav", { type: "base64", base64: "AA==" }],
    ["video/mp4", { type: "url", url: "https://a.example" }],
    ["image/svg+xml", { type: "base64", base64: "AA==" }],
    ["image/*", { type: "base64", base64: "AAAA" }],
    ["application/zip", { type: "base64", base64: "AA==" }],
    ["image/png", { type: "id", id: "f", family: "openai" }],
  ] as const)("X02 %s as %j is refused before any call", (mediaType, data) => {
    expect(() => source(file(mediaType, data))).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED", param: "messages[0].content[0]" }) as Error,
    );
  });

  test("AN20 X15 tool results: every output", () => {
    const content = (output: Parameters<typeof result>[1]) =>
      (
        encode({ messages: [{ role: "tool", content: [result("1", output)] }] }).body["messages"] as unknown as { content: JSONObject[] }[]
      )[0]!.content[0]!["content"];
    expect(content({ type: "text", text: "t" })).toBe("t");
    expect(content({ type: "json", value: { a: [1] } })).toBe('{"a":[1]}');
    expect(content({ type: "denied" })).toBe("Tool call execution denied.");
    expect(content({ type: "denied", reason: "no" })).toBe("no");
    expect(
      content({
        type: "content",
        parts: [
          { type: "text", text: "t" },
          { type: "file", mediaType: "image/png", data: { type: "base64", base64: PNG } },
          { type: "file", mediaType: "application/pdf", data: { type: "url", url: "https://a.example" } },
          { type: "provider", family: "anthropic", codec: "anthropic-messages", raw: { type: "tool_reference", tool_name: "x" } },
          { type: "file", mediaType: "audio/wav", data: { type: "base64", base64: "AA==" } },
        ],
      }),
    ).toMatchObject([{ type: "text" }, { type: "image" }, { type: "document" }, { type: "tool_reference" }]);
  });

  test("X16 values that JSON cannot hold do not throw", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    for (const value of [cyclic, 10n]) {
      expect(() => encode({ messages: [{ role: "tool", content: [result("1", { type: "json", value: value as never })] }] })).not.toThrow();
    }
  });
});

describe("cache", () => {
  test("AN16 SW12 hints on parts and messages, lifetimes mapped", () => {
    const { body } = encode({
      cache: { ttl: "5m" },
      messages: [
        { role: "user", content: [{ type: "text", text: "a", cache: { ttl: "30m" } }, said("b")], cache: { ttl: "12h" } },
        { role: "assistant", content: [{ ...call("1"), cache: {} }] },
      ],
    });
    expect(body).toMatchObject({
      cache_control: { type: "ephemeral", ttl: "5m" },
      messages: [
        { content: [{ cache_control: { type: "ephemeral", ttl: "1h" } }, { cache_control: { type: "ephemeral", ttl: "1h" } }] },
        { content: [{ cache_control: { type: "ephemeral" } }] },
      ],
    });
  });

  test("AN16 a shorter lifetime before a longer one is made as long", () => {
    const marked = (text: string, ttl?: "5m" | "1h"): Part => ({ type: "text", text, cache: ttl === undefined ? {} : { ttl } });
    const lifetimes = (request: Parameters<typeof encode>[0]) =>
      [...JSON.stringify(encode(request).body).matchAll(/"ephemeral"(?:,"ttl":"(..)")?/g)].map(([, ttl]) => ttl);
    expect(lifetimes({ messages: [user(marked("a"), marked("b", "1h"), marked("c", "5m"))] })).toEqual(["1h", "1h", "5m"]);
    expect(lifetimes({ messages: [user(marked("a"), marked("b"))], cache: { ttl: "1h" } })).toEqual(["1h", "1h", "1h"]);
    expect(lifetimes({ messages: [user(marked("a"), marked("b"))], cache: {} })).toEqual([undefined, undefined, undefined]);
  });

  test("AN15 thinking blocks are never marked; the message's mark moves to the block before", () => {
    const thought: Part = { type: "reasoning", text: "t", opaque: [{ family: "anthropic", kind: "signature", data: "S" }], cache: {} };
    const { body } = encode({
      messages: [
        { role: "user", content: "q" },
        { role: "assistant", content: [said("x"), thought], cache: {} },
        { role: "user", content: "r" },
      ],
    });
    expect(body["messages"]).toMatchObject([
      {},
      { content: [{ type: "text", cache_control: { type: "ephemeral" } }, { type: "thinking" }] },
      {},
    ]);
    expect(JSON.stringify(body).match(/cache_control/g)).toHaveLength(1);
  });

  test.each([
    [false, 4],
    [true, 3],
  ])("AN16 at most four breakpoints, the last ones (whole request marked: %s)", (whole, kept) => {
    const marked = (text: string): Part => ({ type: "text", text, cache: {} });
    const raw = { type: "web_search_20250305", name: "web_search", cache_control: { type: "ephemeral" } };
    const { body, warnings } = encode({
      ...(whole && { cache: {} }),
      tools: [
        { type: "provider", family: "anthropic", raw },
        { ...f, cache: {} },
      ],
      messages: [{ role: "system", content: [marked("s")] }, user(marked("a"), marked("b"), marked("c"))],
    });
    expect(JSON.stringify([body["tools"], body["system"], body["messages"]]).match(/cache_control/g)).toHaveLength(kept);
    expect(JSON.stringify(body["tools"])).not.toContain("cache_control");
    expect(JSON.stringify(body["messages"]).match(/cache_control/g)).toHaveLength(3);
    expect(raw).toHaveProperty("cache_control");
    expect(features({ warnings })).toEqual(["compatibility cache"]);
  });
});

describe("structured output", () => {
  const schemaOf = (schema: JSONObject) =>
    (encode({ output: { type: "json", schema } }).body["output_config"] as { format: { type: string; schema: JSONObject } }).format.schema;

  test("AN23 X06 native, beside an effort; left to others where the model has no such mode; asked for in words without a schema", () => {
    const output = { type: "json", schema: { type: "object", properties: {}, additionalProperties: false } } as const;
    expect(encode({ output, reasoning: { effort: "low" } }, claude({ thinking: "adaptive" })).body["output_config"]).toEqual({
      effort: "low",
      format: { type: "json_schema", schema: output.schema },
    });
    expect(encode({ output }, claude({ jsonSchema: false })).body).not.toHaveProperty("output_config");
    const loose = encode({ output: { type: "json" } });
    expect(loose.body["system"]).toContain("JSON");
    expect(features(loose)).toEqual(["compatibility output"]);
    const core = encode({ output }, claude({}, { coreFieldsOnly: true }));
    expect(core.body).not.toHaveProperty("output_config");
    expect(core.body["system"]).toContain(JSON.stringify(output.schema));
  });

  test("AN24 schemas are made acceptable without touching the caller's", () => {
    const schema: JSONObject = {
      $schema: "s",
      type: "object",
      description: "D",
      minProperties: 1,
      required: ["a"],
      properties: {
        a: { type: "string", pattern: "^x", format: "email", minLength: 2 },
        b: { type: "string", format: "color" },
        c: { oneOf: [{ type: "object", properties: { maximum: { type: "number", maximum: 3 } } }, { type: "null" }] },
        d: { type: "array", items: { $ref: "#/$defs/e" }, minItems: 1, maxItems: 2 },
        f: { type: ["object", "null"], additionalProperties: { type: "string" } },
      },
      $defs: { e: { enum: [1, 2] } },
    };
    const before = structuredClone(schema);
    expect(schemaOf(schema)).toEqual({
      $schema: "s",
      type: "object",
      description: "D\nminProperties: 1",
      required: ["a"],
      additionalProperties: false,
      properties: {
        a: { type: "string", format: "email", description: 'pattern: "^x", minLength: 2' },
        b: { type: "string", description: 'format: "color"' },
        c: {
          anyOf: [
            { type: "object", additionalProperties: false, properties: { maximum: { type: "number", description: "maximum: 3" } } },
            { type: "null" },
          ],
        },
        d: { type: "array", items: { $ref: "#/$defs/e" }, minItems: 1, description: "maxItems: 2" },
        f: { type: ["object", "null"], additionalProperties: false, description: 'additionalProperties: {"type":"string"}' },
      },
      $defs: { e: { enum: [1, 2] } },
    });
    expect(schema).toEqual(before);
  });

  test("AN25 a cyclic schema does not hang", () => {
    const schema: Record<string, unknown> = { type: "object" };
    schema["properties"] = { left: schema, right: schema };
    schema["not"] = schema;
    expect(schemaOf(schema as JSONObject)["properties"]).toEqual({ left: {}, right: {} });
  });
});
