import { describe, expect, it } from "vitest";
import { createSimulator } from "crosspoint/testing";
import { PLAIN, refusal, send } from "./request.ts";

const simulator = createSimulator();
const plain = PLAIN["anthropic-messages"];
const user = { role: "user", content: "hi" };
const use = (id: string) => ({ type: "tool_use", id, name: "weather", input: {} });
const result = (id: string) => ({ type: "tool_result", tool_use_id: id, content: "x" });
const tool = { name: "weather", input_schema: { type: "object", properties: {} } };
const thinking = { thinking: { type: "enabled", budget_tokens: 1024 } };
const cached = { type: "text", text: "x", cache_control: { type: "ephemeral" } };
const image = (media_type: string, data: string) => ({
  messages: [{ role: "user", content: [{ type: "image", source: { type: "base64", media_type, data } }] }],
});
const OLD = { "anthropic-version": "2023-06-01" };

type Case = readonly [why: string, body: Record<string, unknown>, message: RegExp, headers?: Record<string, string>];

const CASES: readonly Case[] = [
  ["no max_tokens", { max_tokens: undefined }, /^max_tokens: Field required$/],
  ["unknown field", { foo: 1 }, /^foo: Extra inputs are not permitted$/],
  ["temperature in the newest version", { temperature: 1 }, /^temperature: Extra inputs are not permitted$/],
  ["temperature of a new model", { model: "claude-opus-4-7", temperature: 0.5 }, /`temperature` is deprecated/, OLD],
  ["temperature above range", { temperature: 1.5 }, /^temperature: Input should be less than or equal to 1$/, OLD],
  ["temperature and top_p", { temperature: 0.5, top_p: 0.5 }, /cannot both be specified/, OLD],
  ["wrong type", { max_tokens: "many" }, /^max_tokens: Input should be a valid integer$/],
  ["max_tokens above the model's", { model: "claude-sonnet-4-5", max_tokens: 64_001 }, /^max_tokens: 64001 > 64000/],
  ["unknown version", {}, /is not a valid version/, { "anthropic-version": "2020-01-01" }],
  ["assistant first", { messages: [{ role: "assistant", content: "x" }, user] }, /first message must use the "user" role/],
  ["system role in the old version", { messages: [user, { role: "system", content: "x" }] }, /Unexpected role "system"/, OLD],
  ["empty text block", { messages: [{ role: "user", content: [{ type: "text", text: "" }] }] }, /text content blocks must be non-empty/],
  ["blank text block", { messages: [{ role: "user", content: [{ type: "text", text: " \n" }] }] }, /must contain non-whitespace text/],
  ["empty message", { messages: [{ role: "user", content: [] }] }, /non-empty content/],
  [
    "bad tool-use id",
    { tools: [tool], messages: [user, { role: "assistant", content: [use("a.b")] }, { role: "user", content: [result("a.b")] }] },
    /messages\.1\.content\.0\.tool_use\.id: String should match pattern '\^\[a-zA-Z0-9_-\]\+\$'/,
  ],
  ["bad tool name", { tools: [{ ...tool, name: "a b" }] }, /tools\.0\.custom\.name: String should match pattern/],
  [
    "input that is no object",
    { messages: [user, { role: "assistant", content: [{ ...use("a"), input: "x" }] }, { role: "user", content: [result("a")] }] },
    /tool_use\.input: Input should be a valid dictionary/,
  ],
  [
    "unanswered call",
    { messages: [user, { role: "assistant", content: [use("a"), use("b")] }, { role: "user", content: [result("a")] }] },
    /without `tool_result` blocks immediately after: b/,
  ],
  [
    "text before the result",
    {
      messages: [user, { role: "assistant", content: [use("a")] }, { role: "user", content: [{ type: "text", text: "so" }, result("a")] }],
    },
    /without `tool_result` blocks immediately after: a/,
  ],
  [
    "result without a call",
    { messages: [{ role: "user", content: [result("a")] }] },
    /unexpected `tool_use_id` found in `tool_result` blocks: a/,
  ],
  [
    "result twice",
    { messages: [user, { role: "assistant", content: [use("a")] }, { role: "user", content: [result("a"), result("a")] }] },
    /each tool_use must have a single result/,
  ],
  [
    "repeated call id",
    {
      messages: [
        user,
        { role: "assistant", content: [use("a")] },
        { role: "user", content: [result("a")] },
        { role: "assistant", content: [use("a")] },
        { role: "user", content: [result("a")] },
      ],
    },
    /ids must be unique/,
  ],
  [
    "foreign signature",
    {
      ...thinking,
      messages: [
        user,
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "x", signature: "abcd" },
            { type: "text", text: "y" },
          ],
        },
        user,
      ],
    },
    /messages\.1\.content\.0: Invalid `signature` in `thinking` block/,
  ],
  [
    "cache control on thinking",
    {
      messages: [
        user,
        { role: "assistant", content: [{ type: "thinking", thinking: "x", signature: "y", cache_control: { type: "ephemeral" } }] },
        user,
      ],
    },
    /cache_control: Extra inputs are not permitted/,
  ],
  [
    "tool turn without its thinking",
    { ...thinking, tools: [tool], messages: [user, { role: "assistant", content: [use("a")] }, { role: "user", content: [result("a")] }] },
    /Expected `thinking` or `redacted_thinking`, but found `tool_use`/,
  ],
  [
    "forced tool with thinking",
    { ...thinking, tools: [tool], tool_choice: { type: "any" } },
    /Thinking may not be enabled when tool_choice forces tool use/,
  ],
  ["budget above max_tokens", { max_tokens: 1024, ...thinking }, /`max_tokens` must be greater than `thinking\.budget_tokens`/],
  [
    "small budget",
    { thinking: { type: "enabled", budget_tokens: 100 } },
    /thinking\.enabled\.budget_tokens: Input should be greater than or equal to 1024/,
  ],
  ["budget on a newest model", { model: "claude-opus-4-7", ...thinking }, /"thinking\.type\.enabled" is not supported/],
  ["adaptive on an older model", { model: "claude-sonnet-4-5", thinking: { type: "adaptive" } }, /adaptive thinking is not supported/],
  ["effort on an older model", { model: "claude-sonnet-4-5", output_config: { effort: "low" } }, /does not support the effort parameter/],
  [
    "five cache breakpoints",
    { messages: [{ role: "user", content: [cached, cached, cached, cached, cached] }] },
    /A maximum of 4 blocks with cache_control may be provided\. Found 5\./,
  ],
  ["prefill on a new model", { messages: [user, { role: "assistant", content: "So" }] }, /does not support assistant message prefill/],
  [
    "prefill with a trailing space",
    { model: "claude-sonnet-4-5", messages: [user, { role: "assistant", content: "So " }] },
    /cannot end with trailing whitespace/,
  ],
  [
    "unsupported image type",
    image("image/bmp", "AAAA"),
    /media_type: Input should be 'image\/jpeg', 'image\/png', 'image\/gif' or 'image\/webp'/,
  ],
  ["broken base64", image("image/png", "@@@"), /invalid base64 data/],
  ["mismatched image", image("image/jpeg", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"), /does not match the provided media type image\/jpeg/],
  ["choice of a missing tool", { tools: [tool], tool_choice: { type: "tool", name: "other" } }, /Tool 'other' not found/],
  ["tools of one name", { tools: [tool, tool] }, /Tool names must be unique/],
  [
    "open output schema",
    { output_config: { format: { type: "json_schema", schema: { type: "object", properties: {} } } } },
    /'additionalProperties' must be explicitly set to false/,
  ],
  [
    "bounded number in an output schema",
    {
      output_config: {
        format: {
          type: "json_schema",
          schema: { type: "object", additionalProperties: false, properties: { a: { type: "integer", minimum: 1 } } },
        },
      },
    },
    /For 'integer' type, property 'minimum' is not supported/,
  ],
  ["strict tool with an open schema", { tools: [{ ...tool, strict: true }] }, /^tools\.0\.custom: For 'object' type/],
  ["blank stop sequence", { stop_sequences: ["\n"] }, /must contain non-whitespace/],
  ["unknown model", { model: "missing-1" }, /^model: missing-1$/],
];

describe("anthropic-messages refuses", () => {
  it.each(CASES.map(([why, body, message, headers]) => ({ why, body, message, headers })))("$why", async ({ body, message, headers }) => {
    const response = await send(simulator, "anthropic-messages", { ...plain, ...body }, headers);
    const found = await refusal(response.clone());
    expect(found.message).toMatch(message);
    expect(found.type).toBe(response.status === 404 ? "not_found_error" : "invalid_request_error");
    expect(await response.json()).toMatchObject({ type: "error", request_id: response.headers.get("request-id") });
  });

  it("a signature once the text, the model or the secret changed", async () => {
    const ask = { ...plain, ...thinking };
    const { content } = (await (await send(simulator, "anthropic-messages", ask)).json()) as { content: Record<string, unknown>[] };
    const again = (blocks: unknown, model = "claude-sonnet-4-6") => ({
      ...ask,
      model,
      messages: [user, { role: "assistant", content: blocks }, user],
    });
    expect((await send(simulator, "anthropic-messages", again(content))).status).toBe(200);
    const altered = [{ ...content[0], thinking: "something else" }, content[1]];
    for (const body of [again(altered), again(content, "claude-sonnet-4-5")])
      expect((await refusal(await send(simulator, "anthropic-messages", body))).message).toMatch(/Invalid `signature`/);
    expect((await refusal(await send(createSimulator({ secret: "other" }), "anthropic-messages", again(content)))).message).toMatch(
      /Invalid `signature`/,
    );
  });

  it("redacted thinking that was altered", async () => {
    const own = createSimulator({ script: { reasoning: "secret", redacted: true, text: "done" } });
    const ask = { ...plain, ...thinking };
    const { content } = (await (await send(own, "anthropic-messages", ask)).json()) as { content: Record<string, unknown>[] };
    expect(content[0]).toMatchObject({ type: "redacted_thinking" });
    const again = (block: unknown) => ({ ...ask, messages: [user, { role: "assistant", content: [block, content[1]] }, user] });
    expect((await send(own, "anthropic-messages", again(content[0]))).status).toBe(200);
    expect((await refusal(await send(own, "anthropic-messages", again({ type: "redacted_thinking", data: "AAAA" })))).message).toMatch(
      /Invalid `data`/,
    );
  });
});
