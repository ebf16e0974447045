import fc from "../../support/fast-check.ts";
import { expect, test } from "vitest";
import { foldAnswer } from "../../../src/codecs/openai-chat/decode-response.ts";
import { plainAnswer } from "../../../src/codecs/openai-chat/plain-answer.ts";
import type { JSONObject, Target } from "../../../src/ir/index.ts";

const target: Target = {
  codec: "openai-chat",
  provider: "lab",
  family: "lab",
  model: "m",
  quirks: {},
  traits: {},
  optionKeys: [],
  unsupported: "warn",
};

function mostly(good: unknown, ...others: unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 10, arbitrary: fc.constant(good) }, fc.constantFrom(...others));
}
/** An object in which any field may be missing or odd. */
function fields(model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<JSONObject> {
  return fc.record(model, { requiredKeys: ["choices", "message", "content"].filter((key) => key in model) }) as fc.Arbitrary<JSONObject>;
}

const message = fields({
  role: mostly("assistant", null, 1),
  content: mostly("Hello", "", null, [{ type: "text", text: "x" }]),
  refusal: mostly(null, "no", ""),
  reasoning_content: mostly(null, "hm"),
  tool_calls: mostly(null, [], [{ id: "a", function: { name: "f", arguments: "{}" } }]),
  annotations: mostly([], null, [{ type: "url_citation", url_citation: { url: "https://x.example" } }]),
  audio: mostly(null, { id: "a", data: "" }),
});
const choice = fields({
  message: fc.oneof({ weight: 12, arbitrary: message }, fc.constantFrom(null, "x", [])),
  index: mostly(0, 1, null, "0"),
  finish_reason: mostly("stop", "length", null, "", 7, "tool_calls"),
  logprobs: mostly(null, { content: [{ token: "a", logprob: -1 }] }),
  delta: mostly(null, {}, { content: "y" }),
  usage: mostly(null, { prompt_tokens: 1 }),
  error: mostly(null, { message: "no" }),
});
const body = fields({
  id: mostly("x-1", "", null, 1),
  model: mostly("m-1", "", null),
  created: mostly(17, "now", null),
  object: mostly("chat.completion", "error"),
  choices: fc.oneof({ weight: 12, arbitrary: choice.map((each) => [each]) }, fc.constantFrom([], null, [null], [{}, {}])),
  usage: mostly({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }, null, [], { prompt_tokens: "3" }),
  service_tier: mostly("default", null, ""),
  system_fingerprint: mostly("fp", null),
  citations: mostly(null, [], ["https://x.example"]),
  x_groq: mostly(null, {}, { usage: { prompt_tokens: 1 } }),
  error: mostly(null, { message: "no" }),
});

test("the short way gives what the folding of chunks gives", () => {
  let short = 0;
  fc.assert(
    fc.property(body, (frame) => {
      const events = plainAnswer(frame, target);
      if (events === undefined) return;
      short++;
      expect(events).toEqual(foldAnswer(frame, { target, request: { model: "m", messages: [] }, newId: () => "new" }));
    }),
    { numRuns: 3_000 },
  );
  expect(short).toBeGreaterThan(30);
});
