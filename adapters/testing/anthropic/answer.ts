import { object, objects, parseJson, text, type Json, type JsonObject } from "../core/json.ts";
import { splitArguments } from "../core/split.ts";
import type { Answer, Frame, WireContext } from "../core/turn.ts";
import { blocks } from "./read.ts";

const STOP: Readonly<Record<string, string>> = {
  stop: "end_turn",
  "stop-sequence": "stop_sequence",
  length: "max_tokens",
  "tool-calls": "tool_use",
  "content-filter": "refusal",
  refusal: "refusal",
  "context-window": "model_context_window_exceeded",
  pause: "pause_turn",
};

/** What a thinking block's signature vouches for. */
export function thinkingSubject(thinking: string): string {
  return `thinking:${thinking}`;
}

/** What the data of a redacted thinking block vouches for. */
export const REDACTED_SUBJECT = "redacted";

function ttlOf(body: JsonObject): "5m" | "1h" {
  const marked = [
    ...objects(body["tools"]),
    ...blocks(body["system"]),
    ...objects(body["messages"]).flatMap((message) => blocks(message["content"])),
    body,
  ];
  return marked.some((item) => object(item["cache_control"])["ttl"] === "1h") ? "1h" : "5m";
}

function inputUsage(answer: Answer, body: JsonObject): JsonObject {
  const { input, cacheRead, cacheWrite } = answer.usage;
  const long = ttlOf(body) === "1h";
  return {
    input_tokens: Math.max(0, input - cacheRead - cacheWrite),
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: long ? 0 : cacheWrite, ephemeral_1h_input_tokens: long ? cacheWrite : 0 },
  };
}

function outputUsage(answer: Answer): JsonObject {
  return {
    output_tokens: answer.usage.output,
    output_tokens_details: answer.usage.reasoning > 0 ? { thinking_tokens: answer.usage.reasoning } : null,
    server_tool_use: null,
  };
}

function citationBlocks(answer: Answer): readonly JsonObject[] {
  return answer.citations.map((citation, index) => ({
    type: "web_search_result_location",
    url: citation.url,
    title: citation.title ?? null,
    encrypted_index: Buffer.from(`citation ${index}`).toString("base64"),
    cited_text: (answer.text ?? "").slice(citation.start ?? 0, citation.end),
  }));
}

/** The input object; a scripted string that is no object is carried as the provider never would, to test readers. */
function inputOf(source: string): Json {
  return parseJson(source)?.value ?? source;
}

function message(answer: Answer, content: readonly JsonObject[], usage: JsonObject, ended: boolean): JsonObject {
  return {
    id: answer.id,
    type: "message",
    role: "assistant",
    model: answer.model,
    content,
    stop_reason: ended ? stopReason(answer) : null,
    stop_sequence: ended ? (answer.stopSequence ?? null) : null,
    stop_details: ended ? stopDetails(answer) : null,
    container: null,
    diagnostics: null,
    usage: { ...usage, service_tier: "standard", speed: "standard", inference_geo: "global" },
  };
}

function stopReason(answer: Answer): string {
  return STOP[answer.finish] ?? answer.finish;
}

function stopDetails(answer: Answer): Json {
  return stopReason(answer) === "refusal" ? { type: "refusal", category: null, explanation: answer.refusal ?? null } : null;
}

function signatureOf(answer: Answer, shown: string, context: WireContext): string {
  return context.signer.sign(answer.model, thinkingSubject(shown), answer.reasoningId);
}

function thinkingBlock(answer: Answer, thinking: string, context: WireContext): JsonObject {
  if (answer.step.redacted === true)
    return { type: "redacted_thinking", data: context.signer.sign(answer.model, REDACTED_SUBJECT, answer.reasoningId) };
  return { type: "thinking", thinking, signature: signatureOf(answer, thinking, context) };
}

function shownThinking(answer: Answer, body: JsonObject): string {
  return text(object(body["thinking"])["display"]) === "omitted" ? "" : (answer.reasoning ?? "");
}

/** The whole Messages response. */
export function answerAnthropic(answer: Answer, body: JsonObject, context: WireContext): JsonObject {
  const thinking = shownThinking(answer, body);
  const content: JsonObject[] = [
    ...(answer.reasoning === undefined ? [] : [thinkingBlock(answer, thinking, context)]),
    ...(answer.text === undefined || answer.text === ""
      ? []
      : [{ type: "text", text: answer.text, citations: answer.citations.length > 0 ? citationBlocks(answer) : null }]),
    ...answer.toolCalls.map((call) => ({
      type: "tool_use",
      id: call.id,
      name: call.name,
      input: inputOf(call.arguments),
      caller: { type: "direct" },
    })),
  ];
  return message(answer, content, { ...inputUsage(answer, body), ...outputUsage(answer) }, true);
}

/** The events of a streamed response. */
export function anthropicFrames(answer: Answer, body: JsonObject, context: WireContext): readonly Frame[] {
  const frames: Frame[] = [];
  const push = (kind: Frame["kind"], event: string, data: JsonObject) =>
    frames.push({ kind, event, data: JSON.stringify({ type: event, ...data }) });
  let index = 0;
  const block = (start: JsonObject, deltas: readonly JsonObject[]) => {
    push("head", "content_block_start", { index, content_block: start });
    for (const delta of deltas) push("delta", "content_block_delta", { index, delta });
    push("tail", "content_block_stop", { index });
    index += 1;
  };
  push("head", "message_start", {
    message: message(
      answer,
      [],
      { ...inputUsage(answer, body), output_tokens: 1, output_tokens_details: null, server_tool_use: null },
      false,
    ),
  });
  push("head", "ping", {});
  if (answer.reasoning !== undefined && answer.step.redacted === true) block(thinkingBlock(answer, "", context), []);
  else if (answer.reasoning !== undefined) {
    const thinking = shownThinking(answer, body);
    const pieces = thinking === "" ? [] : answer.reasoningPieces;
    const signature = { type: "signature_delta", signature: signatureOf(answer, thinking, context) };
    block({ type: "thinking", thinking: "", signature: "" }, [
      ...pieces.map((piece) => ({ type: "thinking_delta", thinking: piece })),
      signature,
    ]);
  }
  if (answer.text !== undefined && answer.text !== "") {
    const citations = citationBlocks(answer).map((citation) => ({ type: "citations_delta", citation }));
    block({ type: "text", text: "", citations: citations.length > 0 ? [] : null }, [
      ...answer.pieces.map((piece) => ({ type: "text_delta", text: piece })),
      ...citations,
    ]);
  }
  for (const call of answer.toolCalls) {
    const deltas = ["", ...splitArguments(call.arguments === "{}" ? "" : call.arguments)].map((piece) => ({
      type: "input_json_delta",
      partial_json: piece,
    }));
    block({ type: "tool_use", id: call.id, name: call.name, input: {}, caller: { type: "direct" } }, deltas);
  }
  const { cache_creation: _, ...counts } = inputUsage(answer, body);
  push("tail", "message_delta", {
    delta: {
      stop_reason: stopReason(answer),
      stop_sequence: answer.stopSequence ?? null,
      stop_details: stopDetails(answer),
      container: null,
    },
    usage: { ...counts, ...outputUsage(answer) },
  });
  push("end", "message_stop", {});
  return frames;
}
