import type { Step, Wire } from "../types.ts";
import type { NewId } from "./ids.ts";
import { splitText } from "./split.ts";
import type { Answer, ResolvedCall, ResolvedUsage, Turn } from "./turn.ts";
import { countTokens, promptTokens, type CacheUse } from "./usage.ts";

const PREFIXES: Readonly<Record<Wire, { readonly response: string; readonly call: string }>> = {
  "openai-chat": { response: "chatcmpl-", call: "call_" },
  "openai-responses": { response: "resp_", call: "call_" },
  "anthropic-messages": { response: "msg_01", call: "toolu_01" },
  gemini: { response: "", call: "" },
};

const MAX_CHOICES = 128;
const MAX_LOGPROBS = 20;

/** Turns a step into a complete answer: ids, finish reason, usage, and the deltas of its stream. */
export function resolveAnswer(step: Step, turn: Turn, scripted: boolean, cache: CacheUse, newId: NewId, now: number): Answer {
  const prefixes = PREFIXES[turn.wire];
  const toolCalls = (step.toolCalls ?? []).map((call): ResolvedCall => {
    const freeform = turn.tools.some((tool) => tool.name === call.name && tool.freeform === true);
    return {
      id: call.id ?? newId(prefixes.call, turn.wire === "gemini" ? 8 : 24),
      itemId: newId(freeform ? "ctc_" : "fc_", 40),
      name: call.name,
      arguments: typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments),
      freeform,
    };
  });
  const full = step.output === undefined ? step.text : JSON.stringify(step.output);
  const reasoningTokens = step.reasoning === undefined ? 0 : countTokens(step.reasoning);
  const stopped = cutAtStop(full, turn.stop);
  const room = turn.maxTokens === undefined || scripted ? Infinity : Math.max(0, turn.maxTokens - reasoningTokens);
  const limited = stopped.text !== undefined && countTokens(stopped.text) > room;
  const text = limited ? stopped.text?.slice(0, room * 4) : stopped.text;
  const count = Math.min(Math.max(1, Math.floor(turn.count)), MAX_CHOICES);
  const spoken = text ?? step.refusal ?? "";
  return {
    id: newId(prefixes.response, 22),
    itemId: newId("msg_", 40),
    reasoningId: newId("rs_", 40),
    created: now,
    model: turn.model,
    ...(step.reasoning === undefined ? {} : { reasoning: step.reasoning }),
    ...(text === undefined ? {} : { text }),
    ...(step.refusal === undefined ? {} : { refusal: step.refusal }),
    toolCalls,
    citations: step.citations ?? [],
    ...logprobs(step, turn, text),
    finish: step.finishReason ?? (limited ? "length" : naturalFinish(step, stopped.sequence)),
    ...(stopped.sequence === undefined ? {} : { stopSequence: stopped.sequence }),
    usage: usage(step, turn, cache, { text: spoken, calls: toolCalls, reasoning: reasoningTokens, count }),
    count,
    pieces: splitText(spoken, step.chunks),
    reasoningPieces: splitText(step.reasoning ?? ""),
    step,
  };
}

function naturalFinish(step: Step, stopSequence: string | undefined): string {
  if (step.refusal !== undefined) return "refusal";
  if (stopSequence !== undefined) return "stop-sequence";
  return step.toolCalls !== undefined && step.toolCalls.length > 0 ? "tool-calls" : "stop";
}

function cutAtStop(text: string | undefined, stop: readonly string[]): { readonly text: string | undefined; readonly sequence?: string } {
  if (text === undefined) return { text };
  const hits = stop.filter((item) => item !== "" && text.includes(item)).map((item) => ({ item, at: text.indexOf(item) }));
  const hit = hits.toSorted((left, right) => left.at - right.at)[0];
  return hit === undefined ? { text } : { text: text.slice(0, hit.at), sequence: hit.item };
}

function usage(
  step: Step,
  turn: Turn,
  cache: CacheUse,
  said: { readonly text: string; readonly calls: readonly ResolvedCall[]; readonly reasoning: number; readonly count: number },
): ResolvedUsage {
  const given = step.usage ?? {};
  const reasoning = given.reasoning ?? said.reasoning;
  const calls = said.calls.reduce((total, call) => total + countTokens(call.name + call.arguments), 0);
  return {
    input: given.input ?? promptTokens(turn.prompt),
    output: given.output ?? reasoning + countTokens(said.text) * said.count + calls,
    cacheRead: given.cacheRead ?? (given.input === undefined ? cache.read : 0),
    cacheWrite: given.cacheWrite ?? (given.input === undefined ? cache.write : 0),
    reasoning,
  };
}

function logprobs(step: Step, turn: Turn, text: string | undefined): Pick<Answer, "logprobs"> {
  const wanted = turn.logprobs === undefined ? undefined : Math.min(Math.max(0, turn.logprobs), MAX_LOGPROBS);
  if (step.logprobs !== undefined) return { logprobs: step.logprobs };
  if (wanted === undefined || text === undefined) return {};
  const top = (token: string) =>
    Array.from({ length: wanted }, (_, index) => ({ token: index === 0 ? token : `${token}${index}`, logprob: -0.1 - index }));
  return { logprobs: splitText(text).map((token) => ({ token, logprob: -0.1, top: top(token) })) };
}
