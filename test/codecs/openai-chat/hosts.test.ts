import { describe, expect, test } from "vitest";
import { openaiChat } from "../../../src/codecs/openai-chat/index.ts";
import { prepareHistory } from "../../../src/codecs/prepare-history.ts";
import type { Message } from "../../../src/ir/content.ts";
import type { JSONObject } from "../../../src/ir/json.ts";
import type { ModelRequest } from "../../../src/ir/request.ts";
import type { Target } from "../../../src/ir/target.ts";
import { modelTraits } from "../../../src/models/traits.ts";
import { builtinRows } from "../../../src/providers/registry.ts";
import { body, chunk, decodeContext, folded, whole } from "./fixtures.ts";

/** A model of a provider as it comes with the package. */
function at(provider: string, model: string): Target {
  const row = builtinRows().get(provider)!;
  return {
    codec: "openai-chat",
    provider,
    family: row.family ?? provider,
    model,
    quirks: row.quirks ?? {},
    traits: { ...modelTraits(model, provider), ...row.modelTraits?.(model) },
    optionKeys: ["openai-chat", provider],
    unsupported: "warn",
  };
}

/** The request as it leaves for the target, histories prepared, with what was told about it. */
function sent(request: Partial<ModelRequest>, target: Target) {
  const prepared = prepareHistory({ model: "m", messages: [{ role: "user", content: "hi" }], ...request }, target);
  const encoded = openaiChat.encodeRequest(prepared.request, target, false);
  const told = [...prepared.warnings, ...encoded.warnings].map(({ type, feature }) => `${type}:${feature}`);
  return { body: encoded.body as JSONObject & { messages: JSONObject[] }, told, restore: prepared.restore };
}

const png = { type: "file", mediaType: "image/png", data: { type: "base64", base64: "iVBORw0K" } } as const;
const pdf = { type: "file", mediaType: "application/pdf", data: { type: "base64", base64: "JVBERi0=" } } as const;
const schema = { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false } as const;
const roles = (messages: readonly JSONObject[]) => messages.map((message) => message["role"]);
const round: Message[] = [
  { role: "user", content: "Go" },
  { role: "assistant", content: [{ type: "tool-call", id: "call_1", name: "f", arguments: "{}" }] },
  { role: "tool", content: [{ type: "tool-result", callId: "call_1", output: { type: "content", parts: [png] } }] },
];

describe("Mistral", () => {
  const mistral = at("mistral", "mistral-medium-3.5");

  test("MI04 JSON without a schema is asked for in words too, with one in its mode", () => {
    const loose = sent({ output: { type: "json" } }, mistral);
    expect(loose.body).toMatchObject({ response_format: { type: "json_object" }, messages: [{ role: "system" }, { role: "user" }] });
    expect(loose.body.messages[0]!["content"]).toContain("JSON");
    expect(sent({ output: { type: "json", schema, strict: false } }, mistral).body["response_format"]).toEqual({
      type: "json_schema",
      json_schema: { name: "response", schema, strict: false },
    });
  });

  test("MI09 the seed has its own name, the host's own options pass", () => {
    const { body: wire } = sent({ seed: 7, topK: 3, providerOptions: { mistral: { safe_prompt: true, document_page_limit: 2 } } }, mistral);
    expect(wire).toMatchObject({ random_seed: 7, safe_prompt: true, document_page_limit: 2 });
    expect(wire).not.toHaveProperty("seed");
    expect(wire).not.toHaveProperty("top_k");
  });

  test("MI14 arguments come in pieces", () => {
    const piece = (entry: JSONObject) => chunk({ tool_calls: [entry] });
    const { toolCalls } = folded([
      piece({ id: "AbCdEf123", function: { name: "f", arguments: '{"a":' }, index: 0 }),
      piece({ id: "AbCdEf123", function: { name: "f", arguments: '"x"}' }, index: 0 }),
      chunk({}, "tool_calls"),
    ]);
    expect(toolCalls).toMatchObject([{ id: "AbCdEf123", name: "f", arguments: '{"a":"x"}' }]);
    expect(toolCalls).toHaveLength(1);
  });

  test("MI17 the user does not follow tool results, nor an instruction a turn", () => {
    const { body: wire, told } = sent(
      { messages: [...round, { role: "system", content: "Be brief." }, { role: "user", content: "So?" }] },
      mistral,
    );
    expect(roles(wire.messages)).toEqual(["user", "assistant", "tool", "assistant", "user", "user", "user"]);
    expect(wire.messages[5]).toEqual({ role: "user", content: "Be brief." });
    expect(told).toContain("compatibility:messages");
    expect(told).toContain("compatibility:messages[3].role");
    const plain = sent({ messages: [{ role: "system", content: "S" }, { role: "system", content: "T" }, ...round.slice(0, 1)] }, mistral);
    expect(roles(plain.body.messages)).toEqual(["system", "system", "user"]);
    expect(plain.told).toEqual([]);
  });
});

describe("Groq", () => {
  const groq = at("groq", "openai/gpt-oss-120b");

  test("GR02 reasoning comes under either name, its format is an option", () => {
    expect(whole(body({ reasoning: "hm", content: "a" })).reasoning).toBe("hm");
    expect(whole(body({ reasoning_content: "hm", content: "a" })).reasoning).toBe("hm");
    expect(sent({ providerOptions: { groq: { reasoning_format: "parsed" } } }, groq).body["reasoning_format"]).toBe("parsed");
  });

  test("GR04 a tool carries a schema beside tools", () => {
    const { body: wire, restore } = sent({ output: { type: "json", schema }, tools: [{ name: "f" }] }, groq);
    expect(wire).toMatchObject({ tools: [{ function: { name: "f" } }, { function: { name: "json" } }], tool_choice: "required" });
    expect(wire).toMatchObject({ parallel_tool_calls: false });
    expect(wire).not.toHaveProperty("response_format");
    expect(restore).toBeDefined();
  });

  test("GR05 a schema goes as asked where the model takes one, else by a tool", () => {
    const output = { type: "json", schema, strict: false } as const;
    expect(sent({ output }, groq).body["response_format"]).toMatchObject({ json_schema: { strict: false } });
    const llama = sent({ output }, at("groq", "llama-3.3-70b-versatile"));
    expect(llama.body).toMatchObject({ tools: [{ function: { name: "json" } }] });
    expect(llama.told).toContain("compatibility:output");
  });

  test("GR06 images are its only files, by URL or bytes", () => {
    const scout = at("groq", "meta-llama/llama-4-scout-17b-16e-instruct");
    const link = { ...png, data: { type: "url", url: "https://a.example/x.png" } } as const;
    expect(sent({ messages: [{ role: "user", content: [png, link] }] }, scout).body.messages[0]!["content"]).toEqual([
      { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0K" } },
      { type: "image_url", image_url: { url: "https://a.example/x.png" } },
    ]);
    const unknown = at("groq", "someone/new-model");
    expect(() => sent({ messages: [{ role: "user", content: [pdf] }] }, unknown)).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }));
  });

  test("GR10 OC21 tier, user and parallel calls have their fields, and the provider judges the tier", () => {
    expect(sent({ serviceTier: "flex", user: "u", parallelToolCalls: false, tools: [{ name: "f" }] }, groq).body).toMatchObject({
      service_tier: "flex",
      user: "u",
      parallel_tool_calls: false,
    });
    expect(sent({ serviceTier: "none-such" }, at("openai-chat", "gpt-4o")).body["service_tier"]).toBe("none-such");
  });
});

describe("DeepSeek", () => {
  const deepseek = at("deepseek", "deepseek-v4-flash");

  test("DS01 a schema is asked for", () => {
    const { body: wire, told } = sent({ output: { type: "json", schema } }, deepseek);
    expect(wire).toMatchObject({ tools: [{ function: { name: "json", parameters: schema } }] });
    expect(told).toContain("compatibility:output");
    const loose = sent({ output: { type: "json" } }, deepseek);
    expect(loose.body["response_format"]).toEqual({ type: "json_object" });
    expect(loose.body.messages[0]!["content"]).toContain("JSON");
  });

  test("DS06 an answer is continued by option of its message, or by the beta host's quirk", () => {
    const messages: Message[] = [
      { role: "user", content: "Count" },
      { role: "assistant", content: "1, 2", providerOptions: { deepseek: { prefix: true } } },
    ];
    expect(sent({ messages }, deepseek).body.messages[1]).toMatchObject({ content: "1, 2", prefix: true });
    const bare = messages.map(({ role, content }) => ({ role, content }));
    expect(sent({ messages: bare }, deepseek).body.messages[1]).not.toHaveProperty("prefix");
    const beta = { ...deepseek, quirks: { ...deepseek.quirks, prefixFlag: true } };
    expect(sent({ messages: bare }, beta).body.messages[1]).toMatchObject({ prefix: true });
  });
});

describe("any host", () => {
  test("CP14 what the IR has no field for is kept, of the body and of its usage", () => {
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, queue_time: 0.5 };
    const answer = whole(body({ content: "a" }, "stop", { usage, lab_trace: { id: 7 } }), decodeContext());
    expect(answer.usage.raw).toEqual(usage);
    expect(answer.providerMetadata).toEqual({ lab: { lab_trace: { id: 7 } } });
    expect(folded([chunk({ content: "a" }, "stop", { lab_trace: { id: 7 } })]).providerMetadata).toEqual({ lab: { lab_trace: { id: 7 } } });
  });
});
