import { compact, object, type Json, type JsonObject } from "../core/json.ts";
import { splitArguments } from "../core/split.ts";
import type { Answer, Frame, ResolvedCall, WireContext } from "../core/turn.ts";
import type { StepLogprob } from "../types.ts";

const FINISH: Readonly<Record<string, string>> = {
  stop: "stop",
  "stop-sequence": "stop",
  refusal: "stop",
  length: "length",
  "context-window": "length",
  "tool-calls": "tool_calls",
  "content-filter": "content_filter",
};

function envelope(answer: Answer, type: string): JsonObject {
  return {
    id: answer.id,
    object: type,
    created: Math.floor(answer.created / 1000),
    model: answer.model,
    service_tier: "default",
    system_fingerprint: "fp_simulated",
  };
}

export function chatUsage(answer: Answer): JsonObject {
  const { input, output, cacheRead, cacheWrite, reasoning } = answer.usage;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cacheRead, audio_tokens: 0, ...(cacheWrite > 0 ? { cache_write_tokens: cacheWrite } : {}) },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** Token probabilities with their UTF-8 bytes. */
export function logprobContent(logprobs: readonly StepLogprob[]): readonly JsonObject[] {
  const bytes = (token: string) => [...new TextEncoder().encode(token)];
  return logprobs.map((item) => ({
    token: item.token,
    bytes: bytes(item.token),
    logprob: item.logprob,
    top_logprobs: (item.top ?? []).map((top) => ({ token: top.token, bytes: bytes(top.token), logprob: top.logprob })),
  }));
}

function annotations(answer: Answer): readonly JsonObject[] {
  return answer.citations.map((citation) => ({
    type: "url_citation",
    url_citation: {
      url: citation.url,
      title: citation.title ?? citation.url,
      start_index: citation.start ?? 0,
      end_index: citation.end ?? answer.text?.length ?? 0,
    },
  }));
}

function toolCall(call: ResolvedCall, argumentsText = call.arguments): JsonObject {
  return call.freeform
    ? { id: call.id, type: "custom", custom: { name: call.name, input: argumentsText } }
    : { id: call.id, type: "function", function: { name: call.name, arguments: argumentsText } };
}

function finishReason(answer: Answer): string {
  return FINISH[answer.finish] ?? answer.finish;
}

/** The whole Chat Completions response. */
export function answerChat(answer: Answer, _body: JsonObject, context: WireContext): JsonObject {
  const message = compact({
    role: "assistant",
    content: answer.text ?? null,
    refusal: answer.refusal ?? null,
    [context.reasoningField]: context.reasoningField === "none" ? undefined : answer.reasoning,
    annotations: answer.citations.length > 0 ? annotations(answer) : [],
    tool_calls: answer.toolCalls.length > 0 ? answer.toolCalls.map((call) => toolCall(call)) : undefined,
  });
  const logprobs = answer.logprobs === undefined ? null : { content: logprobContent(answer.logprobs), refusal: null };
  const choices = Array.from({ length: answer.count }, (_, index) => ({ index, message, logprobs, finish_reason: finishReason(answer) }));
  return { ...envelope(answer, "chat.completion"), choices, usage: chatUsage(answer) };
}

/** The chunks of a streamed response. */
export function chatFrames(answer: Answer, body: JsonObject, context: WireContext): readonly Frame[] {
  const withUsage = object(body["stream_options"])["include_usage"] === true;
  const frames: Frame[] = [];
  const push = (kind: Frame["kind"], choices: readonly Json[], usage?: JsonObject) =>
    frames.push({
      kind,
      data: JSON.stringify({ ...envelope(answer, "chat.completion.chunk"), choices, ...(withUsage ? { usage: usage ?? null } : {}) }),
    });
  const choice = (kind: Frame["kind"], index: number, delta: JsonObject, more: JsonObject = {}) =>
    push(kind, [{ index, delta, logprobs: null, finish_reason: null, ...more }]);
  for (let index = 0; index < answer.count; index += 1) {
    choice("head", index, {
      role: "assistant",
      content: answer.toolCalls.length > 0 && answer.text === undefined ? null : "",
      refusal: null,
    });
    if (context.reasoningField !== "none")
      for (const piece of answer.reasoningPieces) choice("delta", index, { [context.reasoningField]: piece });
    const probabilities = logprobContent(answer.logprobs ?? []);
    const logprobsPerPiece = Math.ceil(probabilities.length / Math.max(1, answer.pieces.length));
    for (const [at, piece] of answer.pieces.entries()) {
      const content = probabilities.slice(at * logprobsPerPiece, (at + 1) * logprobsPerPiece);
      choice(
        "delta",
        index,
        answer.text === undefined ? { refusal: piece } : { content: piece },
        probabilities.length > 0 ? { logprobs: { content, refusal: null } } : {},
      );
    }
    if (answer.citations.length > 0) choice("tail", index, { annotations: annotations(answer) });
    for (const [at, call] of answer.toolCalls.entries()) {
      choice("delta", index, { tool_calls: [{ index: at, ...toolCall(call, "") }] });
      for (const piece of splitArguments(call.arguments)) {
        choice("delta", index, {
          tool_calls: [{ index: at, ...(call.freeform ? { custom: { input: piece } } : { function: { arguments: piece } }) }],
        });
      }
    }
    choice("tail", index, {}, { finish_reason: finishReason(answer) });
  }
  if (withUsage) push("tail", [], chatUsage(answer));
  frames.push({ kind: "end", data: "[DONE]" });
  return frames;
}
