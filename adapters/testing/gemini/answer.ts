import { object, parseJson, type Json, type JsonObject } from "../core/json.ts";
import type { Answer, Frame, ResolvedCall, WireContext } from "../core/turn.ts";

const FINISH: Readonly<Record<string, string>> = {
  stop: "STOP",
  "stop-sequence": "STOP",
  "tool-calls": "STOP",
  length: "MAX_TOKENS",
  "context-window": "MAX_TOKENS",
  "content-filter": "SAFETY",
  refusal: "SAFETY",
  pause: "CONTINUATION",
};

/** Gemini 3 and later sign what they say and want it back. */
export function signsCalls(model: string): boolean {
  const major = Number(/gemini-(\d+)/.exec(model)?.[1] ?? 0);
  return major >= 3;
}

/** What a thought signature on a function call vouches for. */
export function callSubject(name: string, args: Json): string {
  return `call:${name}:${canonical(args)}`;
}

/** Text is streamed in pieces that a client may join, so its signature vouches for no wording. */
export const TEXT_SUBJECT = "text";

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value as JsonObject).filter((entry) => entry[1] !== undefined);
  return `{${entries
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item ?? null)}`)
    .join(",")}}`;
}

function callPart(call: ResolvedCall, answer: Answer, signed: boolean, context: WireContext): JsonObject {
  const args = object(parseJson(call.arguments)?.value);
  const scripted = answer.step.toolCalls?.some((item) => item.id === call.id) === true;
  const withId = scripted || signsCalls(answer.model);
  return {
    functionCall: { ...(withId ? { id: call.id } : {}), name: call.name, args },
    ...(signed ? { thoughtSignature: context.signer.sign(answer.model, callSubject(call.name, args), answer.reasoningId) } : {}),
  };
}

function speaksThought(answer: Answer): boolean {
  return answer.reasoning !== undefined || signsCalls(answer.model);
}

function callParts(answer: Answer, context: WireContext): readonly JsonObject[] {
  return answer.toolCalls.map((call, index) => callPart(call, answer, index === 0 && speaksThought(answer), context));
}

/** A signature for an answer without calls rides on its last text part. */
function textSignature(answer: Answer, context: WireContext): JsonObject {
  return answer.toolCalls.length === 0 && speaksThought(answer)
    ? { thoughtSignature: context.signer.sign(answer.model, TEXT_SUBJECT, answer.reasoningId) }
    : {};
}

function usageMetadata(answer: Answer): JsonObject {
  const { input, output, cacheRead, reasoning } = answer.usage;
  return {
    promptTokenCount: input,
    candidatesTokenCount: output - reasoning,
    totalTokenCount: input + output,
    promptTokensDetails: [{ modality: "TEXT", tokenCount: input }],
    ...(cacheRead > 0 ? { cachedContentTokenCount: cacheRead, cacheTokensDetails: [{ modality: "TEXT", tokenCount: cacheRead }] } : {}),
    ...(reasoning > 0 ? { thoughtsTokenCount: reasoning } : {}),
  };
}

function grounding(answer: Answer): JsonObject {
  if (answer.citations.length === 0) return {};
  const said = answer.text ?? "";
  const bytes = (end: number) => new TextEncoder().encode(said.slice(0, end)).length;
  return {
    groundingMetadata: {
      webSearchQueries: [],
      groundingChunks: answer.citations.map((citation) => ({ web: { uri: citation.url, title: citation.title ?? citation.url } })),
      groundingSupports: answer.citations.map((citation, index) => {
        const start = citation.start ?? 0;
        const end = citation.end ?? said.length;
        return {
          segment: { startIndex: bytes(start), endIndex: bytes(end), text: said.slice(start, end) },
          groundingChunkIndices: [index],
        };
      }),
    },
  };
}

function logprobs(answer: Answer): JsonObject {
  if (answer.logprobs === undefined) return {};
  const one = (item: { readonly token: string; readonly logprob: number }, index: number) => ({
    token: item.token,
    tokenId: index + 1,
    logProbability: item.logprob,
  });
  const sum = answer.logprobs.reduce((total, item) => total + item.logprob, 0);
  return {
    avgLogprobs: answer.logprobs.length === 0 ? 0 : sum / answer.logprobs.length,
    logprobsResult: {
      chosenCandidates: answer.logprobs.map(one),
      topCandidates: answer.logprobs.map((item) => ({ candidates: (item.top ?? []).map(one) })),
      logProbabilitySum: sum,
    },
  };
}

function finish(answer: Answer): JsonObject {
  return {
    finishReason: FINISH[answer.finish] ?? answer.finish,
    ...(answer.refusal === undefined ? {} : { finishMessage: answer.refusal }),
    ...grounding(answer),
    ...logprobs(answer),
  };
}

function envelope(answer: Answer): JsonObject {
  return {
    usageMetadata: usageMetadata(answer),
    modelVersion: answer.model,
    createTime: new Date(answer.created).toISOString(),
    responseId: answer.id,
  };
}

function isBlocked(answer: Answer): boolean {
  return answer.finish === "content-filter" && answer.text === undefined && answer.toolCalls.length === 0;
}

function blocked(answer: Answer): JsonObject {
  return { promptFeedback: { blockReason: "SAFETY", safetyRatings: [] }, ...envelope(answer) };
}

/** The whole generateContent response. */
export function answerGemini(answer: Answer, _body: JsonObject, context: WireContext): JsonObject {
  if (isBlocked(answer)) return blocked(answer);
  const parts = [
    ...(answer.reasoning === undefined ? [] : [{ text: answer.reasoning, thought: true }]),
    ...(answer.text === undefined ? [] : [{ text: answer.text, ...textSignature(answer, context) }]),
    ...callParts(answer, context),
  ];
  const candidates = Array.from({ length: answer.count }, (_, index) => ({ content: { parts, role: "model" }, index, ...finish(answer) }));
  return { candidates, ...envelope(answer) };
}

/** The chunks of a streamed response; the last one carries the finish reason. */
export function geminiFrames(answer: Answer, _body: JsonObject, context: WireContext): readonly Frame[] {
  if (isBlocked(answer)) return [{ kind: "end", data: JSON.stringify(blocked(answer)) }];
  const frames: Frame[] = [];
  const parts: JsonObject[] = [
    ...answer.reasoningPieces.map((piece) => ({ text: piece, thought: true })),
    ...(answer.text === undefined ? [] : answer.pieces.map((piece) => ({ text: piece }))),
    ...callParts(answer, context),
  ];
  for (let index = 0; index < answer.count; index += 1) {
    for (const part of parts)
      frames.push({
        kind: "delta",
        data: JSON.stringify({ candidates: [{ content: { parts: [part], role: "model" }, index }], ...envelope(answer) }),
      });
  }
  const last = Array.from({ length: answer.count }, (_, index) => ({
    content: { parts: [{ text: "", ...textSignature(answer, context) }], role: "model" },
    index,
    ...finish(answer),
  }));
  frames.push({ kind: "end", data: JSON.stringify({ candidates: last, ...envelope(answer) }) });
  return frames;
}
