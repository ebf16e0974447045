import fc from "../../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { codecs } from "../../../src/codecs/index.ts";
import { prepareHistory, stripOpaque } from "../../../src/codecs/prepare-history.ts";
import { accumulate, CrosspointError, type ModelRequest, type ToolResultPart } from "../../../src/ir/index.ts";
import type { CodecId } from "../../../src/ir/target.ts";
import { CODECS, request as anyRequest, target as anyTarget, targetOf } from "./arbitraries.ts";
import { expectAcceptable } from "./wire-rules.ts";

/** One answer per wire: secret thoughts with their state, a text, two calls with ids and names in the provider's manner. */
const ANSWERS: Record<CodecId, object> = {
  "openai-chat": {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "model-1",
    choices: [
      {
        index: 0,
        finish_reason: "tool_calls",
        message: {
          role: "assistant",
          content: "I look.",
          reasoning_content: "secret thoughts",
          tool_calls: [
            { id: "functions.weather:0", type: "function", function: { name: "weather", arguments: '{"city":"Ulm"}' } },
            { id: `chatcmpl-tool-${"a".repeat(60)}`, type: "function", function: { name: "search", arguments: "not json{" } },
          ],
        },
      },
    ],
  },
  "openai-responses": {
    id: "resp_1",
    object: "response",
    created_at: 1,
    model: "model-1",
    status: "completed",
    output: [
      { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "secret thoughts" }], encrypted_content: "STATE" },
      {
        type: "message",
        id: "msg_1",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: "I look.", annotations: [] }],
      },
      { type: "function_call", id: "fc_1", call_id: "call_1", name: "weather", arguments: '{"city":"Ulm"}', status: "completed" },
      { type: "function_call", id: "fc_2", call_id: "call_2", name: "search", arguments: "{}", status: "completed" },
    ],
  },
  "anthropic-messages": {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "model-1",
    stop_reason: "tool_use",
    stop_sequence: null,
    content: [
      { type: "thinking", thinking: "secret thoughts", signature: "STATE" },
      { type: "text", text: "I look." },
      { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Ulm" } },
      { type: "tool_use", id: "toolu_2", name: "search", input: {} },
    ],
    usage: { input_tokens: 1, output_tokens: 1 },
  },
  gemini: {
    responseId: "r1",
    modelVersion: "model-1",
    candidates: [
      {
        index: 0,
        finishReason: "STOP",
        content: {
          role: "model",
          parts: [
            { text: "secret thoughts", thought: true },
            { text: "I look." },
            { functionCall: { name: "weather", args: { city: "Ulm" } }, thoughtSignature: "U1RBVEU=" },
            { functionCall: { name: "search", args: {} } },
          ],
        },
      },
    ],
  },
};
const STATE = /"(?:STATE|U1RBVEU=)"/;

const replaying = (codec: CodecId) => targetOf(codec, { quirks: codec === "openai-chat" ? { replayReasoning: "reasoning_content" } : {} });

function converse(from: CodecId): ModelRequest {
  let count = 0;
  const question: ModelRequest = {
    model: "any/model",
    messages: [{ role: "user", content: "How is Ulm?" }],
    tools: [
      { name: "weather", inputSchema: { type: "object" } },
      { name: "search", inputSchema: { type: "object" } },
    ],
  };
  const answer = accumulate(
    codecs[from].decodeResponse(ANSWERS[from], {
      target: replaying(from),
      request: question,
      newId: (prefix) => `${prefix}_new${(count += 1)}`,
    }),
  );
  expect(answer.toolCalls).toHaveLength(2);
  const results = answer.toolCalls.map((call): ToolResultPart => ({
    type: "tool-result",
    callId: call.id,
    name: call.name,
    output: "It rains.",
  }));
  return {
    ...question,
    messages: [
      ...question.messages,
      { role: "assistant", content: answer.content },
      { role: "tool", content: results.toReversed() },
      { role: "user", content: "And?" },
    ],
  };
}

describe.each(CODECS)("a conversation that began on %s", (from) => {
  test.each(CODECS)("goes on on %s", (to) => {
    const target = replaying(to);
    const conversation = converse(from);
    const { request } = prepareHistory(conversation, target);
    expectAcceptable(request, target);
    for (const stream of [false, true]) {
      const body = JSON.stringify(codecs[to].encodeRequest(request, target, stream).body);
      expect(body).toContain("I look.");
      expect(body.match(/It rains\./g)).toHaveLength(2);
      expect(body.includes("secret thoughts")).toBe(from === to);
      if (from === to && to !== "openai-chat") expect(body).toMatch(STATE);
      if (from !== to) expect(body).not.toMatch(STATE);
    }
    const stripped = prepareHistory(stripOpaque(conversation), target).request;
    expect(JSON.stringify(codecs[to].encodeRequest(stripped, target, false).body)).not.toMatch(STATE);
  });
});

test("any conversation, prepared, is encoded by its codec or refused as unsupported", () => {
  fc.assert(
    fc.property(anyRequest, anyTarget, fc.boolean(), (asked, target, stream) => {
      const { request } = prepareHistory(asked, target);
      try {
        JSON.stringify(codecs[target.codec].encodeRequest(request, target, stream).body);
      } catch (error) {
        if (!CrosspointError.is(error, "UNSUPPORTED")) throw error;
      }
    }),
    { numRuns: 1000 },
  );
});
