import fc from "../../support/fast-check.ts";
import type { FilePart, Message, ModelRequest, Opaque, Part, ProviderPart, TextPart, Tool, ToolChoice } from "../../../src/ir/index.ts";
import type { CodecId, ModelTraits, Quirks, Target } from "../../../src/ir/target.ts";

export const FAMILY = {
  "openai-chat": "lab",
  "openai-responses": "openai",
  "anthropic-messages": "anthropic",
  gemini: "google",
} as const satisfies Record<CodecId, string>;
export const CODECS = Object.keys(FAMILY) as CodecId[];

export function targetOf(codec: CodecId, more: { quirks?: Quirks; traits?: ModelTraits } & Partial<Target> = {}): Target {
  return {
    codec,
    provider: FAMILY[codec],
    family: FAMILY[codec],
    model: "model-1",
    quirks: {},
    traits: {},
    optionKeys: [codec, FAMILY[codec]],
    unsupported: "warn",
    ...more,
  };
}

const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 12 }) },
  fc.constantFrom("", " ", "\n\t", "\ud800", "a\udc00b", "text ", "__proto__", "JSON"),
  fc.string({ unit: "binary", maxLength: 8 }),
);

/** Ids that several providers make, hostile ones, and few enough that calls and results meet. */
const id = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("call_1", "call_2", "call_3", "functions.weather:0", "toolu_01ABC", "abc123XYZ") },
  fc.constantFrom(
    "",
    "__proto__",
    "constructor",
    "é",
    "\ud800",
    "a b",
    "a_b",
    "a.b",
    "x".repeat(41),
    `${"x".repeat(64)}`,
    `${"x".repeat(70)}1`,
    `${"x".repeat(70)}2`,
  ),
  text,
);
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("weather", "search", "json", "mcp.weather/get", "mcp_weather_get", "mcp:weather:get", "9lives") },
  fc.constantFrom("", "__proto__", "toString", "né", "\ud800", "x".repeat(64), `${"y".repeat(70)}1`, `${"y".repeat(70)}2`),
);

const family = fc.constantFrom("anthropic", "openai", "google", "lab", "deepseek", "sealed");
const opaque: fc.Arbitrary<Opaque> = fc
  .record({
    family,
    kind: fc.constantFrom("signature", "redacted", "encrypted-content", "thought-signature"),
    data: fc.constantFrom("c2ln", "c2lnbmF0dXJl"),
    model: fc.option(fc.constantFrom("model-1", "model-1-20260101", "model-2"), { nil: undefined }),
  })
  .map(({ model, ...rest }) => (model === undefined ? rest : { ...rest, model }));
const state = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  fc.array(opaque, { maxLength: 2 }).map((list) => ({ opaque: list })),
);
const item = fc.constantFrom<object[]>({}, {}, { itemId: "rs_1" }, { itemId: "msg_2" });

const file: fc.Arbitrary<FilePart> = fc
  .record({
    mediaType: fc.constantFrom("image/png", "image/*", "audio/wav", "video/mp4", "application/pdf", "text/plain"),
    data: fc.constantFrom<FilePart["data"][]>(
      { type: "base64", base64: "AAAA" },
      { type: "bytes", bytes: new Uint8Array([1, 2]) },
      { type: "url", url: "https://files.invalid/a.png" },
      { type: "text", text: "words\ud800" },
    ),
    filename: fc.constantFrom("a.png", "b\ud800"),
  })
  .map((part) => ({ type: "file", ...part }));
const textPart: fc.Arbitrary<TextPart> = fc.record({ text }).map((part) => ({ type: "text", ...part }));
const providerPart: fc.Arbitrary<ProviderPart> = fc
  .record({
    family: fc.constantFrom("anthropic", "openai", "google"),
    codec: fc.constantFrom<CodecId[]>("anthropic-messages", "openai-responses", "gemini"),
    raw: fc.constantFrom<ProviderPart["raw"][]>(
      { type: "compaction", content: "so far" },
      { type: "x", encrypted_content: "secret" },
      { codeExecutionResult: { output: "42" } },
      {},
    ),
  })
  .map((part) => ({ type: "provider", ...part }));
const cyclic: Record<string, unknown> = { big: 1n, nested: {} };
cyclic["self"] = cyclic;
const output = fc.oneof(
  text,
  text.map((each) => ({ type: "text" as const, text: each })),
  fc
    .constantFrom({ ok: true }, ["\ud800"], null, JSON.parse('{"__proto__":{"a":"\\ud800"}}'), cyclic)
    .map((value) => ({ type: "json" as const, value: value as never })),
  fc.array(fc.oneof(textPart, file, providerPart), { maxLength: 3 }).map((parts) => ({ type: "content" as const, parts })),
  fc.constant({ type: "denied" as const }),
);
const toolCall = fc
  .record({
    id,
    name,
    arguments: fc.constantFrom("{}", "", "not json{", '{"a":"\ud800"}', '{"__proto__":1}'),
    custom: fc.constantFrom(undefined, undefined, true),
  })
  .map(({ custom, ...rest }): Part => (custom === undefined ? { type: "tool-call", ...rest } : { type: "tool-call", ...rest, custom }));
const toolResult = fc
  .record({ callId: id, output, isError: fc.boolean(), name: fc.option(name, { nil: undefined }) })
  .map(({ name: own, ...rest }): Part => ({ type: "tool-result", ...rest, ...(own === undefined ? undefined : { name: own }) }));
const reasoning = text.map((each): Part => ({ type: "reasoning", text: each }));
const source: fc.Arbitrary<Part> = fc.constant({ type: "source", source: { url: "https://site.invalid" } });
const refusal = text.map((each): Part => ({ type: "refusal", text: each }));

const dress = (part: fc.Arbitrary<Part>): fc.Arbitrary<Part> =>
  fc.tuple(part, state, item).map(([each, own, link]) => ({ ...each, ...own, ...link }) as Part);
const anyPart = dress(fc.oneof(textPart, textPart, file, reasoning, toolCall, toolResult, refusal, source, providerPart));
const content = (part: fc.Arbitrary<Part>, maxLength = 4): fc.Arbitrary<string | readonly Part[]> =>
  fc.oneof({ weight: 1, arbitrary: text }, { weight: 4, arbitrary: fc.array(part, { maxLength }) });

/** Messages that look like a conversation most of the time, and like nothing at all sometimes. */
const message: fc.Arbitrary<Message> = fc.oneof(
  { weight: 3, arbitrary: content(dress(fc.oneof(textPart, file))).map((each): Message => ({ role: "user", content: each })) },
  {
    weight: 4,
    arbitrary: content(dress(fc.oneof(textPart, toolCall, toolCall, reasoning, providerPart))).map((each): Message => ({
      role: "assistant",
      content: each,
    })),
  },
  { weight: 4, arbitrary: fc.array(dress(toolResult), { maxLength: 4 }).map((each): Message => ({ role: "tool", content: each })) },
  { weight: 1, arbitrary: content(textPart, 2).map((each): Message => ({ role: "system", content: each })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom<Message["role"][]>("system", "user", "assistant", "tool"), content(anyPart))
      .map(([role, each]): Message => ({ role, content: each })),
  },
);

const tool: fc.Arbitrary<Tool> = fc.oneof(
  { weight: 4, arbitrary: name.map((each): Tool => ({ name: each, inputSchema: { type: "object" } })) },
  name.map((each): Tool => ({ type: "custom", name: each })),
  fc.tuple(name, fc.constantFrom("a", "b")).map(([each, namespace]): Tool => ({ name: each, namespace })),
  fc.constantFrom("openai", "anthropic", "google").map((each): Tool => ({ type: "provider", family: each, raw: { type: "web_search" } })),
);
const choice: fc.Arbitrary<ToolChoice> = fc.oneof(
  fc.constantFrom<ToolChoice[]>("auto", "none", "required"),
  name.map((each) => ({ tool: each })),
  fc.array(name, { minLength: 1, maxLength: 2 }).map((tools) => ({ tools })),
);

export const request: fc.Arbitrary<ModelRequest> = fc.record(
  {
    model: fc.constant("any/model"),
    messages: fc.array(message, { maxLength: 8 }),
    tools: fc.array(tool, { maxLength: 4 }),
    toolChoice: choice,
    parallelToolCalls: fc.boolean(),
    store: fc.boolean(),
    output: fc.constantFrom<NonNullable<ModelRequest["output"]>[]>(
      { type: "text" },
      { type: "json" },
      { type: "json", schema: { type: "object" } },
    ),
  },
  { requiredKeys: ["model", "messages"] },
);

export const target: fc.Arbitrary<Target> = fc
  .tuple(
    fc.constantFrom(...CODECS),
    fc.record(
      {
        prefill: fc.boolean(),
        toolResultMedia: fc.boolean(),
        jsonSchema: fc.boolean(),
        input: fc.constantFrom<NonNullable<ModelTraits["input"]>[]>([], ["image"], ["image", "pdf"]),
      },
      { requiredKeys: [] },
    ),
    fc.record(
      {
        toolCallIds: fc.constant("alnum9" as const),
        replayReasoning: fc.constant("reasoning_content" as const),
        stateless: fc.boolean(),
        noJsonSchemaWithTools: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([codec, traits, quirks]) => {
    const { toolCallIds: _ids, replayReasoning: _replay, ...others } = quirks;
    return targetOf(codec, { traits, quirks: codec === "openai-chat" ? quirks : others });
  });
