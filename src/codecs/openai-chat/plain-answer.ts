import type { ResponseEnd, ResponseStart, StreamEvent } from "../../ir/event.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { Target } from "../../ir/target.ts";
import { KNOWN } from "./answer.ts";
import { finishReason } from "./finish-reason.ts";
import { decodeUsage } from "./usage.ts";
import { asArray, asNumber, asObject, asText, type Wire } from "./wire.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The fields of a plain answer's choice that may say something. */
const CHOICE = new Set(["index", "message", "finish_reason", "stop_reason", "matched_stop", "seed", "native_finish_reason"]);

/**
 * The events of an answer that is one finished text and nothing else, as most are; `undefined` for all others. It gives what the
 * folding of chunks would give, for a third of the cost.
 */
export function plainAnswer(frame: JSONObject, target: Target): StreamEvent[] | undefined {
  const choices = asArray(frame["choices"]);
  const choice = asObject(choices[0]);
  const message = asObject(choice?.["message"]);
  const text = asText(message?.["content"]);
  const raw = asText(choice?.["finish_reason"]);
  if (choices.length !== 1 || text === undefined || raw === undefined || choice!["index"] !== 0 || target.quirks.prefixFlag === true)
    return undefined;
  if (frame["error"] || frame["object"] === "error" || frame["x_groq"] || frame["citations"] || frame["search_results"]) return undefined;
  for (const key in message) if (key !== "content" && key !== "role" && says(message[key])) return undefined;
  for (const key in choice) if (!CHOICE.has(key) && says(choice[key])) return undefined;

  const start: Mutable<ResponseStart> = { type: "response-start" };
  const id = asText(frame["id"]);
  const model = asText(frame["model"]);
  const created = asNumber(frame["created"]);
  if (id !== undefined) start.id = id;
  if (model !== undefined) start.model = model;
  if (created !== undefined) start.created = created;

  const end: Mutable<ResponseEnd> = { type: "response-end", finishReason: finishReason(raw, false, false) };
  const usage = asObject(frame["usage"]);
  const serviceTier = asText(frame["service_tier"]);
  if (usage !== undefined) end.usage = decodeUsage(usage, serviceTier, target.quirks.reasoningApart);
  if (serviceTier !== undefined) end.serviceTier = serviceTier;
  let metadata: Wire | undefined;
  for (const key in frame) if (!KNOWN.has(key) && frame[key] !== null) (metadata ??= {})[key] = frame[key];
  if (metadata !== undefined) end.providerMetadata = { [target.family]: metadata as JSONObject };

  return [start, { type: "text-start", id: "t0" }, { type: "text-delta", id: "t0", text }, { type: "text-end", id: "t0" }, end];
}

function says(value: unknown): boolean {
  return Boolean(value) && !(Array.isArray(value) && value.length === 0);
}
