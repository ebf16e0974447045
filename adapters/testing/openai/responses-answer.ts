import { compact, object, objects, type Json, type JsonObject } from "../core/json.ts";
import { splitArguments } from "../core/split.ts";
import type { Answer, Frame, ResolvedCall, WireContext } from "../core/turn.ts";
import { logprobContent } from "./chat-answer.ts";
import { wants } from "./responses-read.ts";

const INCOMPLETE: Readonly<Record<string, string>> = {
  length: "max_output_tokens",
  "context-window": "max_output_tokens",
  "content-filter": "content_filter",
};

/** What encrypted reasoning vouches for: the item it came with. */
export function reasoningSubject(itemId: string): string {
  return `reasoning:${itemId}`;
}

function usage(answer: Answer): JsonObject {
  const { input, output, cacheRead, cacheWrite, reasoning } = answer.usage;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}

function summaryOf(answer: Answer, body: JsonObject): readonly JsonObject[] {
  const asked = typeof object(body["reasoning"])["summary"] === "string";
  return asked && answer.reasoning !== undefined && answer.reasoning !== "" ? [{ type: "summary_text", text: answer.reasoning }] : [];
}

function reasoningItem(answer: Answer, body: JsonObject, context: WireContext): JsonObject {
  const encrypted = wants(body, "reasoning.encrypted_content")
    ? { encrypted_content: context.signer.sign(answer.model, reasoningSubject(answer.reasoningId), answer.reasoningId) }
    : {};
  return { id: answer.reasoningId, type: "reasoning", summary: summaryOf(answer, body), ...encrypted };
}

function annotations(answer: Answer): readonly JsonObject[] {
  return answer.citations.map((citation) => ({
    type: "url_citation",
    url: citation.url,
    title: citation.title ?? citation.url,
    start_index: citation.start ?? 0,
    end_index: citation.end ?? answer.text?.length ?? 0,
  }));
}

function messagePart(answer: Answer): JsonObject {
  if (answer.text === undefined) return { type: "refusal", refusal: answer.refusal ?? "" };
  return { type: "output_text", text: answer.text, annotations: annotations(answer), logprobs: logprobContent(answer.logprobs ?? []) };
}

function messageItem(answer: Answer): JsonObject {
  return {
    id: answer.itemId,
    type: "message",
    status: answer.finish in INCOMPLETE ? "incomplete" : "completed",
    role: "assistant",
    content: [messagePart(answer)],
  };
}

function callItem(call: ResolvedCall): JsonObject {
  return call.freeform
    ? { id: call.itemId, type: "custom_tool_call", status: "completed", call_id: call.id, name: call.name, input: call.arguments }
    : { id: call.itemId, type: "function_call", status: "completed", call_id: call.id, name: call.name, arguments: call.arguments };
}

function outputOf(answer: Answer, body: JsonObject, context: WireContext): readonly JsonObject[] {
  return [
    ...(answer.reasoning === undefined ? [] : [reasoningItem(answer, body, context)]),
    ...(answer.text === undefined && answer.refusal === undefined ? [] : [messageItem(answer)]),
    ...answer.toolCalls.map(callItem),
  ];
}

function envelope(answer: Answer, body: JsonObject, status: string, output: readonly Json[]): JsonObject {
  const reason = INCOMPLETE[answer.finish];
  return compact({
    id: answer.id,
    object: "response",
    created_at: Math.floor(answer.created / 1000),
    completed_at: status === "completed" ? Math.floor(answer.created / 1000) : undefined,
    status,
    background: false,
    access_programs: null,
    error: null,
    incomplete_details: status === "incomplete" ? { reason: reason ?? null } : null,
    instructions: body["instructions"] ?? null,
    max_output_tokens: body["max_output_tokens"] ?? null,
    max_tool_calls: body["max_tool_calls"] ?? null,
    model: answer.model,
    output,
    parallel_tool_calls: body["parallel_tool_calls"] ?? true,
    previous_response_id: body["previous_response_id"] ?? null,
    prompt_cache_key: body["prompt_cache_key"] ?? undefined,
    reasoning: { effort: null, summary: null, ...object(body["reasoning"]) },
    safety_identifier: body["safety_identifier"] ?? undefined,
    service_tier: "default",
    store: body["store"] ?? true,
    temperature: body["temperature"] ?? 1,
    text: { format: { type: "text" }, verbosity: "medium", ...object(body["text"]) },
    tool_choice: body["tool_choice"] ?? "auto",
    tools: objects(body["tools"]),
    top_logprobs: body["top_logprobs"] ?? 0,
    top_p: body["top_p"] ?? 1,
    truncation: body["truncation"] ?? "disabled",
    usage: status === "in_progress" ? undefined : usage(answer),
    metadata: body["metadata"] ?? {},
  });
}

/** The whole response object. */
export function answerResponses(answer: Answer, body: JsonObject, context: WireContext): JsonObject {
  return envelope(answer, body, answer.finish in INCOMPLETE ? "incomplete" : "completed", outputOf(answer, body, context));
}

/** The events of a streamed response. */
export function responsesFrames(answer: Answer, body: JsonObject, context: WireContext): readonly Frame[] {
  const frames: Frame[] = [];
  const push = (kind: Frame["kind"], event: string, data: JsonObject) =>
    frames.push({ kind, event, data: JSON.stringify({ type: event, sequence_number: frames.length, ...data }) });
  const final = answerResponses(answer, body, context);
  const begun = { response: envelope(answer, body, "in_progress", []) };
  push("head", "response.created", begun);
  push("head", "response.in_progress", begun);
  for (const [index, item] of objects(final["output"]).entries()) {
    const at = { item_id: item["id"], output_index: index };
    if (item["type"] === "reasoning") {
      push("head", "response.output_item.added", { output_index: index, item: { ...item, summary: [] } });
      for (const part of objects(item["summary"])) pushSummary(push, at, part, answer.reasoningPieces);
    } else if (item["type"] === "message") {
      push("head", "response.output_item.added", { output_index: index, item: { ...item, status: "in_progress", content: [] } });
      pushMessage(push, at, answer);
    } else {
      const call = answer.toolCalls.find((found) => found.itemId === item["id"]);
      if (call !== undefined) pushCall(push, index, item, call);
    }
    push("tail", "response.output_item.done", { output_index: index, item });
  }
  push("end", answer.finish in INCOMPLETE ? "response.incomplete" : "response.completed", { response: final });
  return frames;
}

type Push = (kind: Frame["kind"], event: string, data: JsonObject) => void;

function pushSummary(push: Push, at: JsonObject, part: JsonObject, pieces: readonly string[]): void {
  const where = { ...at, summary_index: 0 };
  push("head", "response.reasoning_summary_part.added", { ...where, part: { ...part, text: "" } });
  for (const piece of pieces) push("delta", "response.reasoning_summary_text.delta", { ...where, delta: piece });
  push("tail", "response.reasoning_summary_text.done", { ...where, text: part["text"] });
  push("tail", "response.reasoning_summary_part.done", { ...where, part });
}

function pushMessage(push: Push, at: JsonObject, answer: Answer): void {
  const where = { ...at, content_index: 0 };
  const part = messagePart(answer);
  const spoken = part["type"] === "output_text";
  const probabilities = logprobContent(answer.logprobs ?? []);
  const share = Math.ceil(probabilities.length / Math.max(1, answer.pieces.length));
  push("head", "response.content_part.added", {
    ...where,
    part: spoken ? { ...part, text: "", annotations: [], logprobs: [] } : { ...part, refusal: "" },
  });
  for (const [index, piece] of answer.pieces.entries()) {
    if (spoken)
      push("delta", "response.output_text.delta", {
        ...where,
        delta: piece,
        logprobs: probabilities.slice(index * share, (index + 1) * share),
      });
    else push("delta", "response.refusal.delta", { ...where, delta: piece });
  }
  if (spoken) {
    for (const [index, annotation] of annotations(answer).entries())
      push("tail", "response.output_text.annotation.added", { ...where, annotation_index: index, annotation });
    push("tail", "response.output_text.done", { ...where, text: part["text"], logprobs: probabilities });
  } else push("tail", "response.refusal.done", { ...where, refusal: part["refusal"] });
  push("tail", "response.content_part.done", { ...where, part });
}

function pushCall(push: Push, index: number, item: JsonObject, call: ResolvedCall): void {
  const [field, event] = call.freeform ? ["input", "response.custom_tool_call_input"] : ["arguments", "response.function_call_arguments"];
  const at = { item_id: call.itemId, output_index: index };
  push("head", "response.output_item.added", { output_index: index, item: { ...item, status: "in_progress", [field]: "" } });
  for (const piece of splitArguments(call.arguments)) push("delta", `${event}.delta`, { ...at, delta: piece });
  push("tail", `${event}.done`, { ...at, ...(call.freeform ? {} : { name: call.name }), [field]: call.arguments });
}
