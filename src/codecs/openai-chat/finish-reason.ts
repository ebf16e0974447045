import type { FinishReason } from "../../ir/response.ts";

type Unified = FinishReason["unified"];

const UNIFIED: Readonly<Record<string, Unified>> = {
  stop: "stop",
  eos: "stop",
  eos_token: "stop",
  end_turn: "stop",
  stop_sequence: "stop",
  length: "length",
  max_tokens: "length",
  model_length: "length",
  model_context_window_exceeded: "length",
  tool_calls: "tool-calls",
  tool_use: "tool-calls",
  function_call: "tool-calls",
  content_filter: "content-filter",
  safety: "content-filter",
  sensitive: "content-filter",
  error: "error",
  abort: "error",
  network_error: "error",
  insufficient_system_resource: "error",
};

/** Hosts write `stop`, or nothing, after tool calls and after refusals; both mean more than that. */
export function finishReason(raw: string | undefined, calls: boolean, refused: boolean): FinishReason {
  const key = raw?.toLowerCase() ?? "";
  const told = Object.hasOwn(UNIFIED, key) ? UNIFIED[key]! : "other";
  const implied = calls ? "tool-calls" : refused ? "content-filter" : told;
  const unified = told === "stop" || raw === undefined ? implied : told;
  return raw === undefined ? { unified } : { unified, raw };
}

/** The wire has five words. A broken answer is called cut, so that no client takes it for whole. */
export const WIRE_REASON: Readonly<Record<Unified, string>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_calls",
  "content-filter": "content_filter",
  error: "length",
  other: "stop",
};
