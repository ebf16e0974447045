import fc from "../../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import type { JSONObject, Message, ModelRequest, Part, Tool } from "../../../src/ir/index.ts";
import { openaiResponses } from "../../../src/codecs/openai-responses/index.ts";
import { target } from "./support.ts";

const text = fc.string({ minLength: 1, maxLength: 12, unit: "binary" });
const word = fc.stringMatching(/^[a-z]{1,6}$/);
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

/** Drops keys without value, as JSON does. */
function compact<T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return arbitrary.map((value) => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T);
}
const record = (shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<JSONObject> =>
  compact(fc.record(shape)) as fc.Arbitrary<JSONObject>;

const breakpoint = optional(record({ mode: fc.constant("explicit"), ttl: optional(fc.constantFrom("30m", "12h")) }));
const detail = fc.constantFrom("auto", "low", "high");
const userPart = fc.oneof(
  record({ type: fc.constant("input_text"), text, prompt_cache_breakpoint: breakpoint }),
  record({
    type: fc.constant("input_image"),
    image_url: fc.constantFrom("https://a.example/x.png", "data:image/png;base64,AAAA"),
    detail,
    prompt_cache_breakpoint: breakpoint,
  }),
  record({ type: fc.constant("input_image"), file_id: word, detail }),
  record({
    type: fc.constant("input_file"),
    file_data: fc.constant("data:application/pdf;base64,JVBE"),
    filename: word,
    detail: optional(detail),
  }),
  record({ type: fc.constant("input_file"), file_url: fc.constant("https://a.example/x.pdf"), unknown: optional(word) }),
);
const plain = fc.oneof(text, fc.array(userPart, { minLength: 2, maxLength: 3 }));
const annotation = record({
  type: fc.constant("url_citation"),
  url: fc.constant("https://a.example"),
  title: text,
  start_index: fc.nat(9),
  end_index: fc.nat(9),
});
const assistantPart = fc.oneof(
  record({ type: fc.constant("output_text"), text, annotations: optional(fc.array(annotation, { minLength: 1, maxLength: 2 })) }),
  record({ type: fc.constant("refusal"), refusal: text }),
);
const item = fc.oneof(
  record({ type: fc.constant("message"), role: fc.constantFrom("user", "system", "developer"), content: plain, id: optional(word) }),
  record({
    type: fc.constant("message"),
    role: fc.constant("assistant"),
    content: text,
    phase: optional(fc.constantFrom("commentary", "final_answer")),
  }),
  record({
    type: fc.constant("message"),
    role: fc.constant("assistant"),
    id: fc.uuid().map((id) => `msg_${id}`),
    status: fc.constantFrom("completed", "incomplete"),
    content: fc.array(assistantPart, { minLength: 1, maxLength: 3 }),
  }),
  record({
    type: fc.constant("reasoning"),
    id: optional(fc.uuid().map((id) => `rs_${id}`)),
    summary: fc.array(record({ type: fc.constant("summary_text"), text }), { maxLength: 2 }),
    content: optional(fc.array(record({ type: fc.constant("reasoning_text"), text }), { minLength: 1, maxLength: 2 })),
    encrypted_content: word,
  }),
  record({
    type: fc.constant("function_call"),
    id: optional(word.map((id) => `fc_${id}`)),
    call_id: word,
    name: word,
    arguments: fc.constantFrom("{}", '{"a":1}', "broken{"),
    namespace: optional(word),
    caller: optional(record({ type: fc.constant("direct") })),
  }),
  record({ type: fc.constant("custom_tool_call"), call_id: word, name: word, input: text }),
  record({
    type: fc.constantFrom("function_call_output", "custom_tool_call_output"),
    id: optional(word),
    call_id: word,
    output: fc.oneof(text, fc.array(userPart, { minLength: 1, maxLength: 2 })),
    name: optional(word),
  }),
  record({
    type: fc.constantFrom("web_search_call", "shell_call", "compaction", "brand_new_call"),
    id: word,
    action: fc.jsonValue().map((value) => ({ value }) as JSONObject),
  }),
);
const functionTool = record({
  type: fc.constant("function"),
  name: word,
  description: optional(text),
  parameters: fc.constant({ type: "object", properties: {} }),
  strict: fc.boolean(),
  defer_loading: optional(fc.boolean()),
});
const customTool = record({
  type: fc.constant("custom"),
  name: word,
  description: optional(text),
  format: optional(fc.constant({ type: "grammar", syntax: "lark", definition: "start: x" })),
});
const tool = fc.oneof(
  functionTool,
  customTool,
  record({
    type: fc.constant("namespace"),
    name: fc.uuid(),
    description: text,
    tools: fc.array(fc.oneof(functionTool, customTool), { minLength: 1, maxLength: 3 }),
  }),
  record({ type: fc.constantFrom("web_search", "mcp", "local_shell"), setting: optional(word) }),
);
const body = record({
  model: fc.constant("gpt-5"),
  instructions: optional(text),
  input: fc.array(item, { maxLength: 6 }),
  max_output_tokens: optional(fc.nat(100)),
  temperature: optional(fc.constantFrom(0, 0.5, 1)),
  top_p: optional(fc.constantFrom(0.1, 1)),
  top_logprobs: optional(fc.nat(5)),
  service_tier: optional(word),
  user: optional(word),
  prompt_cache_key: optional(word),
  metadata: optional(fc.dictionary(word, word)),
  store: fc.boolean(),
  truncation: optional(fc.constantFrom("auto", "disabled")),
  previous_response_id: optional(word),
  something_new: optional(record({ a: fc.nat(3) })),
  include: optional(fc.constantFrom(["message.output_text.logprobs"], ["file_search_call.results"])),
  reasoning: optional(
    record({
      effort: fc.constantFrom("low", "high"),
      summary: optional(fc.constantFrom("auto", "detailed")),
      mode: optional(fc.constant("pro")),
    }),
  ),
  text: optional(
    record({
      format: fc.constantFrom(
        { type: "json_object" },
        { type: "json_schema", name: "n", schema: { type: "object" }, strict: true },
        { type: "strange", x: 1 },
      ),
      verbosity: optional(fc.constantFrom("low", "high")),
    }),
  ),
  tools: optional(fc.array(tool, { minLength: 1, maxLength: 3 })),
});

/** Whether every output is of the kind of the call that it answers: another kind is mended on the way. */
function outputsFit({ input }: { readonly input?: unknown }): boolean {
  const kinds = new Map<unknown, string>();
  return (Array.isArray(input) ? (input as Record<string, unknown>[]) : []).every(({ type, call_id }) => {
    const kind = /^(custom_tool|function)_call/.exec(String(type))?.[1];
    if (kind === undefined) return true;
    if (String(type).endsWith("_output")) return kinds.get(call_id) === undefined || kinds.get(call_id) === kind;
    kinds.set(call_id, kind);
    return true;
  });
}

describe("round trips", () => {
  test("a client's body comes out as it went in", () => {
    fc.assert(
      fc.property(body, (wire) => {
        fc.pre(outputsFit(wire));
        const { request } = openaiResponses.decodeRequest(wire, {});
        const again = openaiResponses.encodeRequest(request, target(), false);
        expect(again.body).toEqual(wire);
        expect(again.warnings).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  const state = { family: "openai", kind: "encrypted-content", data: "gAAA" };
  const itemId = (prefix: string): fc.Arbitrary<string | undefined> => fc.uuid().map((id) => `${prefix}_${id}`);
  const turn = fc.oneof(
    compact(
      fc.record({ type: fc.constant("text"), text, itemId: itemId("msg"), phase: optional(fc.constantFrom("commentary", "final_answer")) }),
    ),
    compact(fc.record({ type: fc.constant("refusal"), text, itemId: itemId("msg") })),
    compact(
      fc.record({
        type: fc.constant("reasoning"),
        text,
        form: fc.constantFrom("summary", "raw"),
        itemId: itemId("rs"),
        opaque: fc.constant([state]),
      }),
    ),
    compact(
      fc.record({
        type: fc.constant("tool-call"),
        id: word,
        name: word,
        arguments: fc.constantFrom("{}", "x{"),
        namespace: optional(word),
        itemId: itemId("fc"),
      }),
    ),
    compact(fc.record({ type: fc.constant("tool-call"), id: word, name: word, arguments: text, custom: fc.constant(true) })),
    fc.record({
      type: fc.constant("provider"),
      family: fc.constant("openai"),
      codec: fc.constant("openai-responses"),
      raw: fc.record({ type: fc.constant("x_call"), id: word }),
    }),
  ) as fc.Arbitrary<Part>;
  const message = fc.oneof(
    compact(fc.record({ role: fc.constant("user"), content: text })),
    compact(fc.record({ role: fc.constant("system"), content: text, developer: fc.constant(true) })),
    fc.tuple(fc.array(turn, { minLength: 1, maxLength: 5 }), word).map(([content, content2]) => [
      { role: "assistant", content },
      { role: "user", content: content2 },
    ]),
    fc
      .array(compact(fc.record({ type: fc.constant("tool-result"), callId: word, output: text, custom: optional(fc.constant(true)) })), {
        minLength: 1,
        maxLength: 3,
      })
      .map((content) => [
        { role: "tool", content },
        { role: "user", content: "next" },
      ]),
  ) as fc.Arbitrary<Message | Message[]>;
  const asked = compact(
    fc.record({
      model: fc.constant("gpt-5"),
      messages: fc
        .tuple(optional(text), fc.array(message, { maxLength: 5 }))
        .map(([system, rest]) => [
          ...(system === undefined ? [] : [{ role: "system", content: system } as Message]),
          { role: "user", content: "go" } as Message,
          ...rest.flat(),
        ]),
      tools: optional(
        fc.array(
          compact(
            fc.record({ name: word, description: optional(text), inputSchema: fc.constant({ type: "object" }), strict: fc.boolean() }),
          ) as unknown as fc.Arbitrary<Tool>,
          { minLength: 1, maxLength: 3 },
        ),
      ),
      maxOutputTokens: optional(fc.nat(100)),
      temperature: optional(fc.constantFrom(0, 1)),
      topLogprobs: optional(fc.nat(5)),
      logprobs: optional(fc.constant(true)),
      reasoning: optional(fc.constantFrom({ effort: "low" as const }, { effort: "high" as const, visibility: "auto" as const })),
      verbosity: optional(fc.constantFrom("low" as const, "high" as const)),
      metadata: optional(fc.dictionary(word, word)),
      store: fc.boolean(),
      output: optional(fc.constantFrom({ type: "json" as const }, { type: "json" as const, name: "n", schema: { type: "object" } })),
    }),
  ) as unknown as fc.Arbitrary<ModelRequest>;

  test("a request survives the wire", () => {
    fc.assert(
      fc.property(asked, (request) => {
        const { body: wire } = openaiResponses.encodeRequest(request, target(), true);
        const back = openaiResponses.decodeRequest(JSON.parse(JSON.stringify(wire)), {});
        expect(back.stream).toBe(true);
        // A result names its kind when its call did, and plain text may come as one part.
        const plainly = (messages: readonly Message[]): unknown => JSON.parse(JSON.stringify(messages));
        expect(plainly(back.request.messages)).toEqual(plainly(request.messages.map(known)));
        expect({ ...back.request, messages: [] }).toEqual({ ...request, messages: [] });
      }),
      { numRuns: 400 },
    );
  });

  /** Results of calls that the history knows as custom come back marked so. */
  function known(message: Message, _index: number, messages: readonly Message[]): Message {
    if (message.role !== "tool" || typeof message.content === "string") return message;
    const custom = new Set(
      messages
        .slice(0, messages.indexOf(message))
        .flatMap(({ content }) =>
          typeof content === "string" ? [] : content.flatMap((part) => (part.type === "tool-call" && part.custom ? [part.id] : [])),
        ),
    );
    return {
      ...message,
      content: message.content.map((part) => (part.type === "tool-result" && custom.has(part.callId) ? { ...part, custom: true } : part)),
    };
  }
});
