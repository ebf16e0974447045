import type { JSONObject } from "../../ir/json.ts";
import type { Warning } from "../../ir/response.ts";
import type { DecodeContext, StreamDecoder } from "../codec.ts";
import { createAnswer } from "./answer.ts";
import { decodeUsage } from "./usage.ts";
import { isObject, listOf, objectOf, textOf } from "./wire.ts";

/** What stands before and after the text of a frame that is nothing but text. */
interface Template {
  readonly head: string;
  /** Up to the usage, which changes from frame to frame, or to the end when there is none. */
  readonly tail: string;
  readonly open: boolean;
  /** Which candidate, and whether it thinks. */
  readonly kind: string;
}

const USAGE = '"usageMetadata"';

export function decodeStream(context: DecodeContext): StreamDecoder {
  const answer = createAnswer(context);
  const warnings: Warning[] = [];
  let done = false;
  let template: Template | undefined;
  /** The last frame that was not parsed: its usage is read when no later one has any. */
  let unread: string | undefined;

  return {
    push(data, _event, out) {
      if (template !== undefined && data.startsWith(template.head)) {
        const { head, tail, open } = template;
        const quote = data.indexOf('"', head.length);
        const fits = data.startsWith(tail, quote) && (open ? data.endsWith("}") : data.length === quote + tail.length);
        const text = fits && quote > head.length ? data.slice(head.length, quote) : "\\";
        if (!text.includes("\\") && answer.append(text, out)) {
          if (open) unread = data;
          return;
        }
      }
      if (data === "[DONE]") {
        done = true;
        return;
      }
      let parsed: unknown;
      try {
        parsed = JSON.parse(data);
      } catch {
        parsed = undefined;
      }
      const frames = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed];
      for (const frame of frames) {
        if (!isObject(frame)) {
          warnings.push({ type: "other", feature: "stream", details: "skipped a malformed frame" });
          continue;
        }
        answer.read(frame, out);
        if (isObject(frame.usageMetadata)) unread = undefined;
        template = templateOf(frame, data, template);
      }
    },
    end(out) {
      answer.finish(out, unread === undefined ? undefined : usageOf(unread), warnings, false);
    },
    // The wire has no end mark, and usage and sources may follow the finish reason; but gateways before it send OpenAI's.
    get done() {
      return done;
    },
    get usage() {
      const told = (unread === undefined ? undefined : usageOf(unread)) ?? answer.usage;
      return told === undefined ? undefined : decodeUsage(told, 0);
    },
  };
}

function usageOf(frame: string): JSONObject | undefined {
  try {
    const { usageMetadata } = objectOf(JSON.parse(frame));
    return isObject(usageMetadata) ? usageMetadata : undefined;
  } catch {
    return undefined;
  }
}

function templateOf(frame: JSONObject, data: string, previous: Template | undefined): Template | undefined {
  const candidates = listOf(frame.candidates);
  const candidate = objectOf(candidates[0]);
  const parts = listOf(objectOf(candidate.content).parts);
  const part = objectOf(parts[0]);
  const { text, thought = false } = part;
  const alone = candidates.length === 1 && parts.length === 1 && frame.promptFeedback === undefined;
  if (!alone || textOf(text) === undefined || !holdsOnly(part, "text", "thought") || !holdsOnly(candidate, "content", "index"))
    return undefined;
  const kind = JSON.stringify([candidate.index ?? 0, thought]);
  if (previous?.kind === kind && data.startsWith(previous.head)) return previous;
  const quoted = JSON.stringify(text);
  const at = data.indexOf(quoted);
  if (at < 0 || !/"text":\s*$/.test(data.slice(Math.max(0, at - 12), at))) return undefined;
  const end = at + quoted.length - 1;
  const usage = data.indexOf(USAGE, end);
  return { head: data.slice(0, at + 1), tail: usage < 0 ? data.slice(end) : data.slice(end, usage + USAGE.length), open: usage >= 0, kind };
}

function holdsOnly(object: JSONObject, first: string, second: string): boolean {
  for (const key in object) if (key !== first && key !== second) return false;
  return true;
}
