import { describe, expect, test } from "vitest";
import { openaiResponses } from "../../../src/codecs/openai-responses/index.ts";
import { accumulate, CrosspointError, type JSONObject, type Message, type ModelRequest, type Tool } from "../../../src/ir/index.ts";
import { builtinRows } from "../../../src/providers/registry.ts";
import { decodeContext, framesOf, question, response, target } from "./support.ts";

const xai = target({
  provider: "xai",
  family: "xai",
  model: "grok-4.3",
  quirks: builtinRows().get("xai")!.quirks!,
  optionKeys: ["openai-responses", "xai"],
});
const search: Tool = { type: "provider", family: "xai", raw: { type: "x_search", allowed_x_handles: ["a"] } };

function encode(request: Partial<ModelRequest>, to = xai) {
  const { body, warnings } = openaiResponses.encodeRequest({ ...question, ...request }, to, false);
  return { body, features: warnings.map(({ feature }) => feature) };
}

/** The whole answer and its stream, which must agree. */
function heard(items: readonly JSONObject[], request: Partial<ModelRequest> = {}, from = target()) {
  const context = { ...decodeContext(), target: from, request: { ...question, ...request } };
  const whole = accumulate(openaiResponses.decodeResponse(response({ output: items as JSONObject[] }), context));
  const decoder = openaiResponses.decodeStream(context);
  const events: Parameters<typeof decoder.push>[2] = [];
  for (const frame of framesOf(items)) decoder.push(JSON.stringify(frame), undefined, events);
  decoder.end(events);
  expect(accumulate(events)).toEqual(whole);
  return whole;
}

describe("xAI", () => {
  const document = (data: JSONObject, mediaType = "application/pdf"): Message[] => [
    { role: "user", content: [{ type: "file", mediaType, data: data as never }] },
  ];

  test("XA03 documents go by URL or id, images in any form", () => {
    expect(() => encode({ messages: document({ type: "base64", base64: "JVBERi0=" }) })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED", param: "messages[0].content[0]" }) as CrosspointError,
    );
    const parts = [
      document({ type: "url", url: "https://a.example/a.pdf" }),
      document({ type: "id", id: "file_1", family: "xai" }),
      document({ type: "base64", base64: "iVBORw0K" }, "image/png"),
    ].map((messages) => (encode({ messages }).body["input"] as { content: object[] }[])[0]!.content[0]);
    expect(parts).toEqual([
      { type: "input_file", file_url: "https://a.example/a.pdf" },
      { type: "input_file", file_id: "file_1" },
      { type: "input_image", detail: "auto", image_url: "data:image/png;base64,iVBORw0K" },
    ]);
  });

  test("XA04 topK is sent, min_p by option, what it lacks is reported", () => {
    const { body, features } = encode({ topK: 5, stop: ["x"], presencePenalty: 1, providerOptions: { xai: { min_p: 0.1 } } });
    expect(body).toMatchObject({ top_k: 5, min_p: 0.1 });
    expect(features).toEqual(["presencePenalty", "stop"]);
  });

  test("XA06 XA15 its hosted tools and their items go and come as they are, to it alone", () => {
    expect(encode({ tools: [search] }).body["tools"]).toEqual([{ type: "x_search", allowed_x_handles: ["a"] }]);
    expect(encode({ tools: [search] }, target()).features).toEqual(["tools[0]"]);
    const item = { type: "custom_tool_search", id: "ct_1", name: "", input: "{}", status: "completed" };
    const { content, finishReason } = heard([item], {}, xai);
    expect(content).toEqual([{ type: "provider", family: "xai", codec: "openai-responses", raw: item }]);
    expect(finishReason.unified).toBe("stop");
    expect(encode({ messages: [...question.messages, { role: "assistant", content }] }).body["input"]).toContainEqual(item);
  });
});

describe("what only one deployment remembers", () => {
  test("OR15 a previous response is the caller's own option; the messages go as they were given", () => {
    const messages: Message[] = [
      { role: "assistant", content: [{ type: "tool-call", id: "call_1", name: "f", arguments: "{}", itemId: "fc_1" }] },
      { role: "tool", content: [{ type: "tool-result", callId: "call_1", output: "ok" }] },
    ];
    const { body } = encode({ messages, providerOptions: { openai: { previous_response_id: "resp_1" } } }, target());
    expect(body).toMatchObject({
      previous_response_id: "resp_1",
      input: [
        { type: "function_call", call_id: "call_1" },
        { type: "function_call_output", call_id: "call_1" },
      ],
    });
  });
});

describe("the phase of a text", () => {
  const said = (text: string, phase: string, id: string): JSONObject => ({
    type: "message",
    id,
    role: "assistant",
    phase,
    content: [{ type: "output_text", text, annotations: [] }],
  });

  test("OR35 is kept; the answer's text is the final one, without the comments on the way", () => {
    const answer = heard([said("I look it up.", "commentary", "msg_1"), said('{"a":1}', "final_answer", "msg_2")]);
    expect(answer.content).toMatchObject([{ phase: "commentary" }, { phase: "final_answer" }]);
    expect(answer.text).toBe('{"a":1}');
    const back = encode({ messages: [...question.messages, { role: "assistant", content: answer.content }] }, target()).body["input"];
    expect(back).toMatchObject([{}, { id: "msg_1", phase: "commentary" }, { id: "msg_2", phase: "final_answer" }]);
    expect(heard([said("Wait.", "commentary", "msg_1")]).text).toBe("Wait.");
  });
});

describe("calls that come wrapped in one", () => {
  const tools: Tool[] = [{ name: "add" }, { name: "sub" }, { type: "custom", name: "free" }];
  const wrapper = (uses: unknown, name = "parallel"): JSONObject => ({
    type: "function_call",
    id: "fc_1",
    call_id: "call_1",
    name,
    arguments: typeof uses === "string" ? uses : JSON.stringify({ tool_uses: uses }),
  });
  const use = (name: string, parameters: unknown = { a: 1 }) => ({ recipient_name: name, parameters });
  const called = (item: JSONObject, declared = tools) =>
    heard([item], { tools: declared }).toolCalls.map(({ id, name, arguments: text }) => [id, name, text]);

  test("OR33 become the calls that they are", () => {
    expect(called(wrapper([use("functions.add"), use("functions.sub", { b: [2] })]))).toEqual([
      ["call_1_0", "add", '{"a":1}'],
      ["call_1_1", "sub", '{"b":[2]}'],
    ]);
    expect(heard([wrapper([use("functions.add")])], { tools }).finishReason.unified).toBe("tool-calls");
  });

  test.each<readonly [string, JSONObject, Tool[]]>([
    ["a tool of that name is declared", wrapper([use("functions.add")]), [...tools, { name: "parallel" }]],
    ["one of them is not declared", wrapper([use("functions.add"), use("functions.mul")]), tools],
    ["one of them is free text", wrapper([use("functions.free")]), tools],
    ["one has no object", wrapper([use("functions.add", "x")]), tools],
    ["a recipient is no function", wrapper([use("add")]), tools],
    ["there are none", wrapper([]), tools],
    ["there is no list", wrapper("{}"), tools],
    ["it is no JSON", wrapper("{"), tools],
    ["its name is another", wrapper([use("functions.add")], "add"), tools],
  ])("OR33 stay one call where %s", (_why, item, declared) => {
    expect(called(item, declared)).toEqual([["call_1", item["name"], item["arguments"]]]);
  });
});
