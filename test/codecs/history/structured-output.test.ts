import fc from "../../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { prepareHistory } from "../../../src/codecs/prepare-history.ts";
import { jsonToolEvents, needsJsonTool, useJsonTool } from "../../../src/codecs/structured-output.ts";
import { accumulate, type JSONObject, type ModelRequest, type StreamEvent } from "../../../src/ir/index.ts";
import { targetOf } from "./arbitraries.ts";

const schema = { type: "object", properties: { city: { type: "string" } }, additionalProperties: false };
const request: ModelRequest = { model: "m", messages: [{ role: "user", content: "hi" }], output: { type: "json", schema } };

const text = (id: string, ...deltas: string[]): StreamEvent[] => [
  { type: "text-start", id },
  ...deltas.map((delta): StreamEvent => ({ type: "text-delta", id, text: delta })),
  { type: "text-end", id },
];
const call = (id: string, name: string, ...deltas: string[]): StreamEvent[] => [
  { type: "tool-call-start", id, name },
  ...deltas.map((delta): StreamEvent => ({ type: "tool-call-delta", id, arguments: delta })),
  { type: "tool-call-end", id },
];
const end = (unified: "stop" | "tool-calls" | "length"): StreamEvent => ({ type: "response-end", finishReason: { unified, raw: "raw" } });

describe("when a tool carries the answer", () => {
  test("SW14 by trait, by quirk, and only for a schema", () => {
    expect(needsJsonTool(request, targetOf("anthropic-messages"))).toBe(false);
    expect(needsJsonTool(request, targetOf("anthropic-messages", { traits: { jsonSchema: false } }))).toBe(true);
    expect(needsJsonTool(request, targetOf("openai-chat", { quirks: { noJsonSchema: true } }))).toBe(true);
    expect(needsJsonTool(request, targetOf("gemini", { quirks: { noJsonSchemaWithTools: true } }))).toBe(false);
    expect(needsJsonTool({ ...request, tools: [{ name: "a" }] }, targetOf("gemini", { quirks: { noJsonSchemaWithTools: true } }))).toBe(
      true,
    );
    expect(needsJsonTool({ ...request, output: { type: "json" } }, targetOf("gemini", { traits: { jsonSchema: false } }))).toBe(false);
  });

  test("GG15 beside functions where the model cannot have both, and beside a forced call", () => {
    const tools = [{ name: "a" }];
    const older = targetOf("gemini", { traits: { jsonSchemaWithTools: false } });
    expect(needsJsonTool({ ...request, tools }, older)).toBe(true);
    expect(needsJsonTool(request, older)).toBe(false);
    expect(needsJsonTool({ ...request, tools: [{ type: "provider", family: "google", raw: { googleSearch: {} } }] }, older)).toBe(false);
    const newer = targetOf("gemini", { traits: { jsonSchemaWithTools: true } });
    expect(needsJsonTool({ ...request, tools }, newer)).toBe(false);
    for (const toolChoice of ["required", { tool: "a" }, { tools: ["a"], mode: "required" }] as const)
      expect(needsJsonTool({ ...request, tools, toolChoice }, newer)).toBe(true);
  });

  test.each<readonly [string, object, boolean]>([
    ["a closed object", {}, true],
    ["a map", { m: { type: "object", additionalProperties: { type: "number" } } }, false],
    ["an object of any keys", { m: { type: "object" } }, false],
    ["one that says so", { m: { type: ["object", "null"], properties: { a: {} }, required: ["a"], additionalProperties: true } }, false],
    ["keys by pattern", { m: { type: "object", patternProperties: { "^x": {} }, additionalProperties: false } }, false],
    ["an empty object", { m: { type: "object", additionalProperties: false } }, true],
    ["an open object among several", { m: { anyOf: [{ type: "null" }, { type: "object" }] } }, false],
    ["a schema that contains itself", { m: { $ref: "#" } }, false],
    ["a definition that contains itself", { m: { $ref: "#/$defs/tree" } }, false],
    ["a definition", { m: { $ref: "#/$defs/leaf" }, n: { $ref: "#/$defs/leaf" } }, true],
    ["a reference to nothing", { m: { $ref: "#/$defs/none" }, n: { $ref: "https://a.example/s" } }, true],
    ["references that unfold without end", { m: { $ref: "#/$defs/x0" } }, false],
  ])("AN25 on Anthropic for a schema that its decoder would refuse or empty: %s", (_name, properties, native) => {
    const wide = (to: string) => ({ anyOf: [{ $ref: to }, { $ref: to }, { $ref: to }] });
    const $defs = {
      leaf: { type: "string" },
      tree: { type: "object", properties: { kids: { type: "array", items: { $ref: "#/$defs/tree" } } }, required: ["kids"] },
      ...Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`x${index}`, wide(`#/$defs/x${index + 1}`)])),
    };
    const closed = { type: "object", properties: { a: {}, ...properties }, additionalProperties: false, $defs } as JSONObject;
    const asked: ModelRequest = {
      ...request,
      output: { type: "json", schema: { ...closed, required: ["a", ...Object.keys(properties)] } },
    };
    expect(needsJsonTool(asked, targetOf("anthropic-messages"))).toBe(!native);
    expect(needsJsonTool(asked, targetOf("openai-responses"))).toBe(false);
  });

  test("AN25 on Anthropic for a schema with many properties that may be missing, in a tool that is not strict", () => {
    const optional = (count: number): ModelRequest => {
      const properties = Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, { type: "string" }]));
      return { ...request, output: { type: "json", strict: true, schema: { type: "object", properties, additionalProperties: false } } };
    };
    const target = targetOf("anthropic-messages");
    expect(prepareHistory(optional(10), target).restore).toBeUndefined();
    expect(prepareHistory(optional(11), target).request.tools).toMatchObject([{ name: "json", strict: false }]);
  });

  test("X07 the tool is forced, alone of its name, one call at a time", () => {
    const { request: alone, name } = useJsonTool(request);
    expect(name).toBe("json");
    expect(alone).toMatchObject({ tools: [{ name: "json", inputSchema: schema }], toolChoice: { tool: "json" }, parallelToolCalls: false });
    expect(alone).not.toHaveProperty("output");
    const tools = [{ name: "json" }, { name: "json_1" }];
    const among = useJsonTool({ ...request, tools });
    expect(among.name).toBe("json_2");
    expect(among.request).toMatchObject({ tools: [...tools, { name: "json_2" }], toolChoice: "required" });
  });

  test.each([
    ["none", { tool: "json" }],
    ["auto", "required"],
    [{ tool: "a" }, { tool: "a" }],
    [{ tools: ["a"] }, { tools: ["a", "json"], mode: "required" }],
  ] as const)("the caller's choice %j becomes %j", (toolChoice, expected) => {
    expect(useJsonTool({ ...request, tools: [{ name: "a" }], toolChoice }).request.toolChoice).toEqual(expected);
  });
});

describe("the answer", () => {
  const heard = (...events: StreamEvent[]) => accumulate(jsonToolEvents("json")(events));

  test("X07 is the call's arguments as text, and the finish is a stop", () => {
    const response = heard({ type: "response-start" }, ...call("c", "json", '{"city":', '"Ulm"}'), end("tool-calls"));
    expect(response.text).toBe('{"city":"Ulm"}');
    expect(response.toolCalls).toEqual([]);
    expect(response.finishReason).toEqual({ unified: "stop", raw: "raw" });
  });

  test("X08 with another tool instead is an ordinary call, its words before it", () => {
    const response = heard(...text("t", "I look."), ...call("c", "weather", "{}"), end("tool-calls"));
    expect(response.content.map((part) => part.type)).toEqual(["text", "tool-call"]);
    expect(response.finishReason.unified).toBe("tool-calls");
    expect(heard(...call("a", "weather", "{}"), ...call("c", "json", "{}"), end("tool-calls")).finishReason.unified).toBe("tool-calls");
  });

  test("X09 loses its preamble, unless the tool is never called", () => {
    expect(heard(...text("t", "Sure: "), ...call("c", "json", "{}"), ...text("u", "Done."), end("tool-calls")).text).toBe("{}");
    expect(heard(...text("t", '{"city"', ':"Ulm"}'), end("stop")).text).toBe('{"city":"Ulm"}');
  });

  test("comes from the first call only", () => {
    expect(heard(...call("c", "json", "{1}"), ...call("d", "json", "{2}"), end("tool-calls")).content).toEqual([
      { type: "text", text: "{1}" },
    ]);
  });

  test("keeps a cut as a cut, reasoning as it comes, and the state of the call", () => {
    const opaque = [{ family: "google", kind: "thought-signature", data: "x" }];
    const push = jsonToolEvents("json");
    const thought: StreamEvent = { type: "reasoning-delta", id: "r", text: "hm" };
    expect(push([thought])).toEqual([thought]);
    expect(
      push([
        { type: "tool-call-start", id: "c", name: "json" },
        { type: "tool-call-end", id: "c", opaque },
      ]),
    ).toEqual([
      { type: "text-start", id: "c" },
      { type: "text-end", id: "c", opaque },
    ]);
    expect(push([end("length")])).toEqual([end("length")]);
  });

  test("begins anew after a restart, and is told apart by choice", () => {
    const first = jsonToolEvents("json");
    first([...text("t", "old"), ...call("c", "json", "{1}")]);
    expect(accumulate(first([{ type: "response-restart", reason: "cut" }, ...call("c", "json", "{2}"), end("tool-calls")])).text).toBe(
      "{2}",
    );
    const second = jsonToolEvents("json");
    second(call("c", "json", "{1}"));
    const again = second([{ type: "response-restart", reason: "cut" }, ...call("c", "weather", "{2}"), end("tool-calls")]);
    expect(accumulate(again).toolCalls).toMatchObject([{ name: "weather", arguments: "{2}" }]);
    const choices = accumulate(
      jsonToolEvents("json")([
        { type: "text-start", id: "a", choice: 1 },
        { type: "text-delta", id: "a", text: "words" },
        { type: "text-end", id: "a" },
        ...call("c", "json", "{}"),
        { type: "response-end", finishReason: { unified: "tool-calls" }, otherFinishReasons: [{ unified: "stop" }] },
      ]),
    ).choices!;
    expect(choices).toMatchObject([
      { content: [{ type: "text", text: "{}" }], finishReason: { unified: "stop" } },
      { content: [{ type: "text", text: "words" }], finishReason: { unified: "stop" } },
    ]);
  });

  test("is the same however the events are cut into batches", () => {
    const blocks = fc.array(
      fc.oneof(
        fc.constantFrom("a", "b").map((words) => (index: number) => text(`t${index}`, words, words)),
        fc.constantFrom("json", "weather").map((name) => (index: number) => call(`c${index}`, name, "{", "}")),
      ),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(blocks, fc.array(fc.nat(6)), (makers, cuts) => {
        const events = [...makers.flatMap((make, index) => make(index)), end("tool-calls")];
        const whole = accumulate(jsonToolEvents("json")(events));
        const push = jsonToolEvents("json");
        const out: StreamEvent[] = [];
        for (let at = 0, cut = 0; at < events.length; cut += 1) {
          const size = (cuts[cut] ?? 0) + 1;
          out.push(...push(events.slice(at, at + size)));
          at += size;
        }
        expect(accumulate(out)).toEqual(whole);
        expect(out.filter((event) => event.type.endsWith("-start")).length).toBe(
          out.filter((event) => event.type.endsWith("-end") && event.type !== "response-end").length,
        );
      }),
    );
  });
});

describe("in prepareHistory", () => {
  test("the tool comes and goes with its name, beside tools whose names are mapped", () => {
    const target = targetOf("anthropic-messages", { traits: { jsonSchema: false } });
    const { request: sent, restore, warnings } = prepareHistory({ ...request, tools: [{ name: "a.b" }] }, target);
    expect(sent.tools).toMatchObject([{ name: "a_b" }, { name: "json" }]);
    expect(warnings.map((warning) => warning.feature)).toContain("output");
    expect(accumulate(restore!([...call("c", "json", "{}"), end("tool-calls")])).text).toBe("{}");
    const again = prepareHistory({ ...request, tools: [{ name: "a.b" }] }, target).restore!;
    expect(accumulate(again([...call("c", "a_b", "{}"), end("tool-calls")])).toolCalls).toMatchObject([{ name: "a.b" }]);
  });

  test("JSON without a schema is asked for in words where there is no mode, or where the mode wants the word", () => {
    const loose: ModelRequest = {
      ...request,
      messages: [{ role: "system", content: "Be brief." }, ...request.messages],
      output: { type: "json" },
    };
    const sent = prepareHistory(loose, targetOf("anthropic-messages")).request;
    expect(sent.messages[0]!.content).toMatch(/^Be brief\.\n\n.*JSON/);
    expect(sent).not.toHaveProperty("output");
    const chat = prepareHistory({ ...request, output: { type: "json" } }, targetOf("openai-chat")).request;
    expect(chat.messages[0]).toMatchObject({ role: "system", content: expect.stringContaining("JSON") });
    expect(chat.output).toEqual({ type: "json" });
    const spoken: ModelRequest = {
      ...request,
      messages: [{ role: "user", content: [{ type: "text", text: "As json, please" }] }],
      output: { type: "json" },
    };
    expect(prepareHistory(spoken, targetOf("openai-responses")).request).toBe(spoken);
    expect(prepareHistory(loose, targetOf("gemini")).request).toBe(loose);
  });
});
