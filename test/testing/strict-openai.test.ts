import { describe, expect, it } from "vitest";
import { createSimulator, type Wire } from "crosspoint/testing";
import { PLAIN, refusal, send } from "./request.ts";

const simulator = createSimulator();
const user = { role: "user", content: "hi" };
const call = (id: string) => ({ id, type: "function", function: { name: "weather", arguments: "{}" } });
const tool = { type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } };
const strict = (parameters: unknown) => ({ tools: [{ type: "function", function: { name: "f", strict: true, parameters } }] });
const image = (url: string) => ({ messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }] });
const closed = { type: "object", additionalProperties: false };

type Case = readonly [why: string, body: Record<string, unknown>, message: RegExp, code?: string | null];

const CHAT: readonly Case[] = [
  ["unknown field", { foo: 1 }, /^Unknown parameter: 'foo'\.$/, "unknown_parameter"],
  [
    "unknown nested field",
    { messages: [{ ...user, cache_control: {} }] },
    /^Unknown parameter: 'messages\[0\]\.cache_control'\.$/,
    "unknown_parameter",
  ],
  [
    "wrong type",
    { temperature: "hot" },
    /^Invalid type for 'temperature': expected a decimal, but got a string instead\.$/,
    "invalid_type",
  ],
  ["missing messages", { messages: undefined }, /^Missing required parameter: 'messages'\.$/, "missing_required_parameter"],
  [
    "temperature above range",
    { temperature: 2.5 },
    /^Invalid 'temperature': decimal above maximum value\. Expected a value <= 2, but got 2\.5 instead\.$/,
    "decimal_above_max_value",
  ],
  [
    "five stop sequences",
    { stop: ["a", "b", "c", "d", "e"] },
    /maximum length 4, but got an array with length 5/,
    "array_above_max_length",
  ],
  ["empty tools", { tools: [] }, /array too short/],
  [
    "bad tool name",
    { tools: [{ ...tool, function: { name: "a b" } }] },
    /^Invalid 'tools\[0\]\.function\.name': string does not match pattern/,
    "invalid_value",
  ],
  ["long tool name", { tools: [{ ...tool, function: { name: "a".repeat(65) } }] }, /maximum length 64/, "string_above_max_length"],
  [
    "long call id",
    { messages: [user, { role: "assistant", tool_calls: [call("c".repeat(65))] }, { role: "tool", tool_call_id: "x", content: "" }] },
    /tool_calls\[0\]\.id'.*maximum length 64/,
    "string_above_max_length",
  ],
  [
    "tool message first",
    { messages: [{ role: "tool", tool_call_id: "c1", content: "x" }] },
    /role 'tool' must be a response to a preceeding message with 'tool_calls'/,
  ],
  [
    "foreign tool message",
    { messages: [user, { role: "assistant", tool_calls: [call("c1")] }, { role: "tool", tool_call_id: "c2", content: "x" }] },
    /'tool_call_id' of 'c2' not found/,
  ],
  [
    "unanswered call",
    {
      messages: [
        user,
        { role: "assistant", tool_calls: [call("c1"), call("c2")] },
        { role: "tool", tool_call_id: "c1", content: "x" },
        user,
      ],
    },
    /did not have response messages: c2/,
  ],
  ["call at the end", { messages: [user, { role: "assistant", tool_calls: [call("c1")] }] }, /did not have response messages: c1/],
  ["empty assistant", { messages: [user, { role: "assistant", content: null }, user] }, /expected a string, got null/],
  [
    "strict schema open",
    strict({ type: "object", properties: {} }),
    /'additionalProperties' is required to be supplied and to be false/,
    "invalid_function_parameters",
  ],
  [
    "strict schema optional property",
    strict({ ...closed, properties: { a: { type: "string" } }, required: [] }),
    /Missing 'a'/,
    "invalid_function_parameters",
  ],
  [
    "strict schema oneOf",
    strict({ ...closed, properties: { a: { oneOf: [{ type: "string" }] } }, required: ["a"] }),
    /In context=\('properties', 'a'\), 'oneOf' is not permitted/,
  ],
  [
    "strict schema lookaround",
    strict({ ...closed, properties: { a: { type: "string", pattern: "(?=x)" } }, required: ["a"] }),
    /lookaround/,
  ],
  [
    "strict response format",
    { response_format: { type: "json_schema", json_schema: { name: "r", strict: true, schema: { type: "object", properties: {} } } } },
    /^Invalid schema for response_format 'r'/,
  ],
  [
    "tool schema of no object",
    { tools: [{ type: "function", function: { name: "f", parameters: { type: "string" } } }] },
    /got 'type: "string"'/,
    "invalid_function_parameters",
  ],
  ["json_object without the word", { response_format: { type: "json_object" } }, /must contain the word 'json'/],
  [
    "choice of a missing tool",
    { tools: [tool], tool_choice: { type: "function", function: { name: "other" } } },
    /no function named 'other'/,
  ],
  ["choice without tools", { tool_choice: "auto" }, /only allowed when 'tools' are specified/],
  ["stream options without stream", { stream_options: { include_usage: true } }, /only allowed when 'stream' is enabled/],
  [
    "sampling on a reasoning model",
    { model: "gpt-5", temperature: 0 },
    /^Unsupported value: 'temperature' does not support 0 with this model/,
    "unsupported_value",
  ],
  ["max_tokens on a reasoning model", { model: "o4-mini", max_tokens: 10 }, /Use 'max_completion_tokens' instead/, "unsupported_parameter"],
  ["stop on a reasoning model", { model: "gpt-5-mini", stop: "x" }, /^Unsupported parameter: 'stop'/, "unsupported_parameter"],
  ["effort on a plain model", { reasoning_effort: "low" }, /^Unsupported parameter: 'reasoning_effort'/, "unsupported_parameter"],
  [
    "unknown effort of a model",
    { model: "o3", reasoning_effort: "minimal" },
    /'minimal' is not supported with the 'o3' model/,
    "unsupported_value",
  ],
  ["image of no known format", image("data:image/bmp;base64,AAAA"), /unsupported image/, "invalid_image_format"],
  ["image of broken base64", image("data:image/png;base64,@@@"), /could not decode base64/, "invalid_base64_image"],
  [
    "image in a tool message",
    {
      messages: [
        user,
        { role: "assistant", tool_calls: [call("c1")] },
        { role: "tool", tool_call_id: "c1", content: [{ type: "image_url", image_url: { url: "https://x/y.png" } }] },
      ],
    },
    /^Invalid value: 'image_url'/,
  ],
  ["missing model name", { model: "missing-1" }, /^The model `missing-1` does not exist/, "model_not_found"],
];

const item = (id: string) => ({ type: "function_call", call_id: id, name: "weather", arguments: "{}" });
const output = (id: string) => ({ type: "function_call_output", call_id: id, output: "x" });

const RESPONSES: readonly Case[] = [
  ["unknown field", { messages: [] }, /^Unknown parameter: 'messages'\.$/, "unknown_parameter"],
  [
    "an item that is none",
    { input: [user, 5] },
    /^Invalid type for 'input\[1\]': expected an object, but got an integer instead\.$/,
    "invalid_type",
  ],
  ["missing input", { input: undefined }, /^Missing required parameter: 'input'\.$/],
  [
    "output text from the user",
    { input: [{ role: "user", content: [{ type: "output_text", text: "x" }] }] },
    /^Invalid value: 'output_text'\. Supported values are: 'input_text'/,
  ],
  [
    "input text from the assistant",
    { input: [{ role: "assistant", content: [{ type: "input_text", text: "x" }] }] },
    /Supported values are: 'output_text', 'refusal'/,
  ],
  ["output without a call", { input: [user, output("c1")] }, /^No tool call found for function call output with call_id c1\.$/],
  ["call without output", { input: [user, item("c1"), user] }, /^No tool output found for function call c1\.$/],
  ["wrong item id", { input: [user, { ...item("c1"), id: "call_1" }, output("c1")] }, /Expected an ID that begins with 'fc'/],
  [
    "unknown previous response",
    { previous_response_id: "resp_x" },
    /^Previous response with id 'resp_x' not found\.$/,
    "previous_response_not_found",
  ],
  ["unknown item reference", { input: [{ type: "item_reference", id: "msg_x" }] }, /^Item with id 'msg_x' not found/],
  [
    "unstored reasoning",
    { model: "gpt-5", input: [user, { type: "reasoning", id: "rs_x", summary: [] }, { role: "assistant", content: "x" }] },
    /^Item with id 'rs_x' not found/,
  ],
  [
    "foreign reasoning",
    {
      model: "gpt-5",
      input: [user, { type: "reasoning", id: "rs_x", summary: [], encrypted_content: "abcd" }, { role: "assistant", content: "x" }],
    },
    /could not be verified/,
    "invalid_encrypted_content",
  ],
  ["sampling on a reasoning model", { model: "gpt-5", top_p: 0.5 }, /^Unsupported parameter: 'top_p'/, "unsupported_parameter"],
  ["effort on a plain model", { reasoning: { effort: "low" } }, /^Unsupported parameter: 'reasoning\.effort'/],
  ["encrypted content on a plain model", { include: ["reasoning.encrypted_content"] }, /Encrypted content is not supported/],
  ["too few output tokens", { max_output_tokens: 5 }, /Expected a value >= 16/, "integer_below_min_value"],
  [
    "strict schema open",
    { tools: [{ type: "function", name: "f", strict: true, parameters: { type: "object", properties: {} } }] },
    /'additionalProperties' is required/,
    "invalid_function_parameters",
  ],
  ["chat-style tool", { tools: [tool] }, /^Missing required parameter: 'tools\[0\]\.name'\.$/],
  ["choice of a missing tool", { tool_choice: { type: "function", name: "other" } }, /not found in 'tools'/],
];

describe.each<[Wire, readonly Case[]]>([
  ["openai-chat", CHAT],
  ["openai-responses", RESPONSES],
])("%s refuses", (wire, cases) => {
  it.each(cases.map(([why, body, message, code]) => ({ why, body, message, code })))("$why", async ({ body, message, code }) => {
    const found = await refusal(await send(simulator, wire, { ...PLAIN[wire], ...body }));
    expect(found.message).toMatch(message);
    expect([400, 404]).toContain(found.status);
    expect(found.type).toBe("invalid_request_error");
    if (code !== undefined) expect(found.code).toBe(code);
  });

  it("lets everything pass when not strict", async () => {
    const lenient = createSimulator({ strict: false });
    for (const [, body] of cases) {
      if (body["previous_response_id"] !== undefined || JSON.stringify(body).includes("item_reference")) continue;
      expect((await send(lenient, wire, { ...PLAIN[wire], ...body })).status).toBe(200);
    }
  });
});

it("takes fields of compatible hosts for models that are not OpenAI's", async () => {
  const response = await send(simulator, "openai-chat", {
    model: "deepseek-chat",
    top_k: 4,
    messages: [user, { role: "assistant", content: "x", reasoning_content: "thought" }, user],
  });
  expect(response.status).toBe(200);
});

it("refuses encrypted reasoning of another model or another item", async () => {
  const ask = { model: "gpt-5", input: [user], store: false, reasoning: { effort: "low" }, include: ["reasoning.encrypted_content"] };
  const { output: items } = (await (await send(simulator, "openai-responses", ask)).json()) as { output: { id: string }[] };
  const again = { ...ask, input: [user, ...items, user] };
  expect((await send(simulator, "openai-responses", again)).status).toBe(200);
  expect((await refusal(await send(simulator, "openai-responses", { ...again, model: "gpt-5-mini" }))).code).toBe(
    "invalid_encrypted_content",
  );
  const moved = [user, { ...items[0], id: "rs_other" }, items[1], user];
  expect((await refusal(await send(simulator, "openai-responses", { ...again, input: moved }))).code).toBe("invalid_encrypted_content");
  const alone = await refusal(await send(simulator, "openai-responses", { ...again, input: [user, items[0], user] }));
  expect(alone.message).toMatch(/without its required following item/);
});
