import { CrosspointError } from "../../ir/error.ts";
import type { ReasoningDelta, StreamEvent, TextDelta } from "../../ir/event.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { Warning } from "../../ir/response.ts";
import type { DecodeContext, StreamDecoder } from "../codec.ts";
import { createAnswer } from "./answer.ts";
import { decodeError } from "./errors.ts";
import { asArray, asObject } from "./wire.ts";

/** What surrounds the text in the last delta frame: the next one usually differs in nothing else. */
interface Template {
  readonly type: "text-delta" | "reasoning-delta";
  readonly id: string;
  readonly prefix: string;
  readonly suffix: string;
  /** The suffix ends where the value of `obfuscation`, which changes with every frame, begins. */
  readonly padded: boolean;
}

/** Templates that never matched before learning stops: the host writes something new into every frame. */
const MAX_MISSES = 8;

export function decodeStream(context: DecodeContext): StreamDecoder {
  const answer = createAnswer(context);
  const warnings: Warning[] = [];
  let template: Template | undefined;
  let misses = 0;
  let done = false;

  const finish = (out: StreamEvent[]): void => {
    if (done) return;
    done = true;
    answer.end(false, warnings, out);
  };

  return {
    push(data, event, out) {
      if (done) return;
      if (template !== undefined) {
        const text = match(template, data);
        if (text !== undefined) {
          misses = 0;
          const { type, id } = template;
          if (text !== "") out.push({ type, id, text });
          return;
        }
        misses++;
      }
      if (data === "[DONE]") return finish(out);
      const frame = parse(data);
      if (event === "error") throw decodeError(0, frame?.["error"] === undefined ? { error: frame ?? data } : frame, undefined);
      if (frame === undefined) {
        if (data.trim() !== "") warnings.push({ type: "other", feature: "stream", details: "skipped a malformed frame" });
        return;
      }
      const before = out.length;
      answer.chunk(frame, out);
      const last = out.length === before ? undefined : out[out.length - 1];
      const learned = last !== undefined && misses < MAX_MISSES ? learn(data, frame, last) : undefined;
      const stillOpen = last === undefined || (last.type === template?.type && last.id === template.id);
      template = learned ?? (stillOpen ? template : undefined);
    },
    end(out) {
      if (done) return;
      if (!answer.finished) throw new CrosspointError("STREAM_INTERRUPTED", "the stream ended before the answer was finished");
      finish(out);
    },
    get done() {
      return done;
    },
  };
}

function parse(data: string): JSONObject | undefined {
  try {
    return asObject(JSON.parse(data));
  } catch {
    return undefined;
  }
}

/**
 * The text between prefix and suffix; `undefined` when the frame is of another form. Slices are compared with `===`, which is
 * several times faster than `startsWith` on strings of this length.
 */
function match({ prefix, suffix, padded }: Template, data: string): string | undefined {
  const start = prefix.length;
  if (padded) {
    const end = data.indexOf('"', start);
    const tail = end + suffix.length;
    if (end < 0 || data.slice(end, tail) !== suffix || data.slice(0, start) !== prefix) return undefined;
    if (data.indexOf('"', tail) !== data.length - 2) return undefined;
    const text = data.slice(start, end);
    return text.includes("\\") ? undefined : text;
  }
  const end = data.length - suffix.length;
  if (end < start || data.slice(end) !== suffix || data.slice(0, start) !== prefix) return undefined;
  const text = data.slice(start, end);
  if (!text.includes('"') && !text.includes("\\")) return text;
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

const TEXT_FIELDS = new Set(["content", "reasoning_content", "reasoning"]);
const PADDING = '"obfuscation":"';

/** A template of the frame, when all that it did was to add this text. */
function learn(data: string, frame: JSONObject, event: StreamEvent): Template | undefined {
  if (!isDelta(event) || event.text.includes("\\") || event.text.includes('"')) return undefined;
  const choices = asArray(frame["choices"]);
  const choice = asObject(choices[0]);
  const delta = asObject(choice?.["delta"]);
  if (choices.length !== 1 || delta === undefined || choice?.["finish_reason"] || choice?.["logprobs"]) return undefined;
  let field: string | undefined;
  for (const key in delta) {
    const value = delta[key];
    if (field === undefined && value === event.text && TEXT_FIELDS.has(key)) field = key;
    else if (value && key !== "role") return undefined;
  }
  if (field === undefined) return undefined;
  const name = `"${field}":`;
  const at = data.indexOf(name);
  if (at < 1 || data.lastIndexOf(name) !== at || data[at - 1] === "\\") return undefined;
  let start = at + name.length;
  while (data[start] === " ") start++;
  start++;
  const end = start + event.text.length;
  if (data[start - 1] !== '"' || data[end] !== '"' || !data.startsWith(event.text, start)) return undefined;
  const suffix = data.slice(end);
  const padding = suffix.indexOf(PADDING);
  return {
    type: event.type,
    id: event.id,
    prefix: data.slice(0, start),
    suffix: padding < 0 ? suffix : suffix.slice(0, padding + PADDING.length),
    padded: padding >= 0,
  };
}

function isDelta(event: StreamEvent): event is TextDelta | ReasoningDelta {
  return (event.type === "text-delta" && event.logprobs === undefined) || event.type === "reasoning-delta";
}
