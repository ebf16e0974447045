import type { TokenLogprob } from "../../ir/content.ts";
import { CrosspointError } from "../../ir/error.ts";
import type { StreamEvent } from "../../ir/event.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { Warning } from "../../ir/response.ts";
import type { DecodeContext } from "../codec.ts";
import { createAnswerChoice, type AnswerChoice } from "./answer-choice.ts";
import { decodeError, innerStatus, isError } from "./errors.ts";
import { decodeUsage } from "./usage.ts";
import { asArray, asNumber, asObject, asText, compact, type Wire } from "./wire.ts";

/** Folds chunks, or one whole body taken as a chunk, into events. */
export interface Answer {
  chunk(frame: JSONObject, out: StreamEvent[]): void;
  /** Emits what is open and `response-end`; throws when an answer of a stream has no finish reason. */
  end(whole: boolean, warnings: readonly Warning[], out: StreamEvent[]): void;
  readonly finished: boolean;
}

/** Fields of a chunk that have a place in the IR, or say nothing. */
export const KNOWN: ReadonlySet<string> = new Set([
  "id",
  "object",
  "created",
  "model",
  "choices",
  "usage",
  "service_tier",
  "citations",
  "search_results",
  "obfuscation",
  "__proto__",
]);
const MAX_CHOICES = 128;

export function createAnswer(context: DecodeContext): Answer {
  const { target } = context;
  const choices: (AnswerChoice | undefined)[] = [];
  const metadata: Wire = {};
  let started = false;
  let head: { id?: string; model?: string; created?: number } = {};
  let usage: JSONObject | undefined;
  let serviceTier: string | undefined;
  let sources: JSONObject | undefined;
  const ids = new Set<string>();
  let blocks = 0;

  const begin = (out: StreamEvent[]): void => {
    if (started) return;
    started = true;
    out.push({ type: "response-start", ...head });
  };

  const choiceAt = (index: number): AnswerChoice => {
    if (!Number.isInteger(index) || index < 0 || index >= MAX_CHOICES)
      throw new CrosspointError("BAD_RESPONSE", `choice ${index} cannot be`);
    return (choices[index] ??= createAnswerChoice({
      context,
      index,
      begin,
      blockId: (kind) => `${kind}${blocks++}`,
      callId(given) {
        const id = given !== undefined && !ids.has(given) ? given : context.newId("call");
        ids.add(id);
        return id;
      },
    }));
  };

  return {
    chunk(frame, out) {
      const groq = asObject(frame["x_groq"]);
      const broken = isError(frame) ? frame : groq?.["error"] ? groq : undefined;
      if (broken !== undefined) throw decodeError(innerStatus(broken), broken, undefined);
      if (!started) {
        head = { ...head, ...compact({ id: asText(frame["id"]), model: asText(frame["model"]), created: asNumber(frame["created"]) }) };
        if (head.id !== undefined || head.model !== undefined) begin(out);
      }
      usage = asObject(frame["usage"]) ?? asObject(groq?.["usage"]) ?? usage;
      serviceTier = asText(frame["service_tier"]) ?? serviceTier;
      if (frame["citations"] || frame["search_results"]) sources = frame;
      const list = asArray(frame["choices"]);
      let last = list.length === 0;
      for (let position = 0; position < list.length; position++) {
        const choice = asObject(list[position]);
        if (choice === undefined) continue;
        if (choice["error"]) throw decodeError(innerStatus(choice), choice, undefined);
        usage = asObject(choice["usage"]) ?? usage;
        const state = choiceAt(asNumber(choice["index"]) ?? position);
        const message = asObject(choice["delta"]) ?? asObject(choice["message"]);
        if (message !== undefined) state.delta(message, logprobs(choice["logprobs"], message), out);
        const raw = asText(choice["finish_reason"]);
        if (raw !== undefined) {
          last = true;
          state.finish(raw, out);
        }
      }
      if (last) {
        for (const key of Object.keys(frame)) if (!KNOWN.has(key) && frame[key] !== null) metadata[key] = frame[key];
      }
    },

    end(whole, warnings, out) {
      if (choices.length === 0) {
        const code = whole ? "BAD_RESPONSE" : "STREAM_INTERRUPTED";
        throw new CrosspointError(code, "the provider's answer has no choices", { provider: target.provider, model: target.model });
      }
      for (let index = 0; index < choices.length; index++) {
        const state = choiceAt(index);
        if (!state.finished) {
          if (!whole) throw new CrosspointError("STREAM_INTERRUPTED", "the stream ended without a finish reason");
          state.finish(undefined, out);
        }
      }
      begin(out);
      for (const choice of choices) choice!.close(out);
      for (const part of topSources(sources)) out.push({ type: "part", part });
      const reasons = choices.map((choice) => choice!.reason);
      out.push({
        type: "response-end",
        finishReason: reasons[0]!,
        ...(reasons.length > 1 ? { otherFinishReasons: reasons.slice(1) } : undefined),
        ...(usage === undefined ? undefined : { usage: decodeUsage(usage, serviceTier, target.quirks.reasoningApart) }),
        ...(serviceTier === undefined ? undefined : { serviceTier }),
        ...(Object.keys(metadata).length === 0 ? undefined : { providerMetadata: { [target.family]: metadata } }),
        ...(warnings.length === 0 ? undefined : { warnings }),
      });
    },

    get finished() {
      return choices.length > 0 && choices.every((choice) => choice?.finished === true);
    },
  };
}

function logprobs(value: unknown, message: JSONObject): TokenLogprob[] | undefined {
  const lists = asObject(value);
  if (lists === undefined) return undefined;
  const entries = asArray(message["refusal"] ? (lists["refusal"] ?? lists["content"]) : lists["content"]).flatMap(
    (each) => token(each) ?? [],
  );
  return entries.length === 0 ? undefined : entries;
}

function token(value: unknown): TokenLogprob | undefined {
  const entry = asObject(value);
  if (typeof entry?.["token"] !== "string" || typeof entry["logprob"] !== "number") return undefined;
  const bytes = asArray(entry["bytes"]).filter((each) => typeof each === "number");
  const top = asArray(entry["top_logprobs"]).flatMap((each) => token(each) ?? []);
  return {
    token: entry["token"],
    logprob: entry["logprob"],
    ...(bytes.length === 0 ? undefined : { bytes }),
    ...(top.length === 0 ? undefined : { top }),
  };
}

/** Perplexity and xAI list the pages beside the choices, in every chunk; the last list counts. */
function* topSources(frame: JSONObject | undefined) {
  const seen = new Set<string>();
  const results = asArray(frame?.["search_results"]);
  for (const each of results.length > 0 ? results : asArray(frame?.["citations"])) {
    const entry = asObject(each);
    const url = asText(each) ?? asText(entry?.["url"]);
    if (url === undefined || seen.has(url)) continue;
    seen.add(url);
    const title = asText(entry?.["title"]);
    yield { type: "source", source: title === undefined ? { url } : { url, title } } as const;
  }
}
