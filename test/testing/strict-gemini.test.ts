import { describe, expect, it } from "vitest";
import { createSimulator } from "crosspoint/testing";
import { PLAIN, refusal, send } from "./request.ts";

const simulator = createSimulator();
const plain = PLAIN["gemini"];
const user = { role: "user", parts: [{ text: "hi" }] };
const model = (...parts: unknown[]) => ({ role: "model", parts });
const call = (name: string) => ({ functionCall: { name, args: {} } });
const answer = (...names: string[]) => ({
  role: "user",
  parts: names.map((name) => ({ functionResponse: { name, response: { output: "x" } } })),
});
const declare = (parameters: unknown) => ({ tools: [{ functionDeclarations: [{ name: "f", parameters }] }] });
const config = (generationConfig: unknown) => ({ generationConfig });

const CASES: readonly (readonly [why: string, body: Record<string, unknown>, message: RegExp])[] = [
  ["unknown field", { foo: 1 }, /^Invalid JSON payload received\. Unknown name "foo": Cannot find field\.$/],
  ["unknown nested field", config({ top_z: 1 }), /Unknown name "topZ" at 'generation_config': Cannot find field/],
  ["wrong type", config({ temperature: "hot" }), /^Invalid value at 'generation_config\.temperature' \(TYPE_FLOAT\), "hot"$/],
  ["no contents", { contents: [] }, /contents: must not be empty/],
  ["unknown role", { contents: [{ role: "assistant", parts: [{ text: "x" }] }] }, /Please use a valid role: user, model\./],
  ["empty part", { contents: [{ role: "user", parts: [{}] }] }, /required oneof field 'data' must have one initialized field/],
  ["six stop sequences", config({ stopSequences: ["a", "b", "c", "d", "e", "f"] }), /stop_sequences: at most 5/],
  ["temperature above range", config({ temperature: 3 }), /temperature: value must be at most 2/],
  ["bad function name", { tools: [{ functionDeclarations: [{ name: "a b" }] }] }, /Invalid function name/],
  [
    "schema keyword outside the subset",
    declare({ type: "object", properties: { a: { type: "string" } }, additionalProperties: false }),
    /Unknown name "additionalProperties" at 'tools\[0\]\.function_declarations\[0\]\.parameters'/,
  ],
  ["type list in the subset", declare({ type: "object", properties: { a: { type: ["string", "null"] } } }), /Proto field is not repeating/],
  ["empty object in the subset", declare({ type: "object", properties: {} }), /should be non-empty for OBJECT type/],
  [
    "number enum in the subset",
    declare({ type: "object", properties: { a: { type: "integer", enum: [1] } } }),
    /only allowed for STRING type/,
  ],
  [
    "too few responses",
    { contents: [user, model(call("f"), call("g")), answer("f")] },
    /number of function response parts is equal to the number of function call parts/,
  ],
  ["wrong response names", { contents: [user, model(call("f")), answer("g")] }, /names of the function response parts match/],
  ["response without a call", { contents: [user, answer("f")] }, /function response turn comes immediately after a function call turn/],
  ["unanswered call", { contents: [user, model(call("f"))] }, /immediately followed by a function response turn/],
  ["call first", { contents: [model(call("f")), answer("f")] }, /function call turn comes immediately after a user turn/],
  [
    "missing signature on Gemini 3",
    { model: "gemini-3-pro", contents: [user, model(call("f")), answer("f")] },
    /missing a thought_signature in functionCall parts/,
  ],
  [
    "foreign signature",
    { contents: [user, model({ ...call("f"), thoughtSignature: "AAAA" }), answer("f")] },
    /Thought signature is not valid/,
  ],
  [
    "level and budget",
    { model: "gemini-3-pro", ...config({ thinkingConfig: { thinkingBudget: 200, thinkingLevel: "LOW" } }) },
    /only one of thinking budget and thinking level/,
  ],
  ["level on 2.5", config({ thinkingConfig: { thinkingLevel: "LOW" } }), /Thinking level is not supported/],
  ["budget 0 on pro", { model: "gemini-2.5-pro", ...config({ thinkingConfig: { thinkingBudget: 0 } }) }, /Budget 0 is invalid/],
  ["penalty on 2.5", config({ presencePenalty: 1 }), /Penalty is not enabled/],
  ["schema without the media type", config({ responseJsonSchema: { type: "object" } }), /only allowed when response_mime_type/],
  [
    "JSON with functions before Gemini 3",
    { ...config({ responseMimeType: "application/json" }), tools: [{ functionDeclarations: [{ name: "f" }] }] },
    /Function calling with a response mime type/,
  ],
  [
    "search with functions before Gemini 3",
    { tools: [{ functionDeclarations: [{ name: "f" }] }, { googleSearch: {} }] },
    /Tool use with function calling is unsupported/,
  ],
  [
    "allowed names in AUTO",
    {
      tools: [{ functionDeclarations: [{ name: "f" }] }],
      toolConfig: { functionCallingConfig: { mode: "AUTO", allowedFunctionNames: ["f"] } },
    },
    /must be ANY or VALIDATED/,
  ],
  [
    "broken base64",
    { contents: [{ role: "user", parts: [{ inlineData: { mimeType: "image/png", data: "@" } }] }] },
    /Base64 decoding failed/,
  ],
  [
    "unsupported media",
    { contents: [{ role: "user", parts: [{ inlineData: { mimeType: "application/zip", data: "AAAA" } }] }] },
    /Unsupported MIME type: application\/zip/,
  ],
  ["unknown model", { model: "missing-1" }, /^models\/missing-1 is not found/],
];

describe("gemini refuses", () => {
  it.each(CASES)("%s", async (_, body, message) => {
    const found = await refusal(await send(simulator, "gemini", { ...plain, ...body }));
    expect(found.message).toMatch(message);
    expect(found.code).toBe(found.status);
    expect(found.type).toBe(found.status === 404 ? "NOT_FOUND" : "INVALID_ARGUMENT");
  });

  it("a signature whose call or model changed", async () => {
    const tools = [
      { functionDeclarations: [{ name: "f", parametersJsonSchema: { type: "object", properties: { a: { type: "string" } } } }] },
    ];
    const first = (await (await send(simulator, "gemini", { ...plain, model: "gemini-3-pro", tools })).json()) as {
      candidates: { content: { parts: Record<string, unknown>[] } }[];
    };
    const part = first.candidates[0]?.content.parts[0];
    const again = (used: unknown, name = "gemini-3-pro") => ({ model: name, tools, contents: [user, model(used), answer("f")] });
    expect((await send(simulator, "gemini", again(part))).status).toBe(200);
    const altered = { ...part, functionCall: { ...(part?.["functionCall"] as object), args: { a: "changed" } } };
    for (const body of [again(altered), again(part, "gemini-3-flash")])
      expect((await refusal(await send(simulator, "gemini", body))).message).toMatch(/not valid/);
    expect((await send(simulator, "gemini", again({ ...call("f"), thoughtSignature: "skip_thought_signature_validator" }))).status).toBe(
      200,
    );
  });

  it("takes both spellings of field names", async () => {
    const body = { ...plain, system_instruction: { parts: [{ text: "be brief" }] }, generation_config: { max_output_tokens: 100 } };
    expect((await send(simulator, "gemini", body)).status).toBe(200);
  });
});
