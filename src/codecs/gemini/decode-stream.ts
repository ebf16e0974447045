import type { JSONObject } from "../../ir/json.ts";
import type { Warning } from "../../ir/response.ts";
import type { DecodeContext, StreamDecoder } from "../codec.ts";
import { createAnswer } from "./answer.ts";
import { isObject, listOf, objectOf, textOf } from "./wire.ts";

/** What stands before and after the text of a frame that is nothing but text. */
interface Template {
  readonly head: string;
  /** Up to the usage, which changes from frame to frame, or to the end when there is none. */
  readonly tail: string;
  readonly open: boolean;
}

const USAGE = '"usageMetadata"';

export function decodeStream(context: DecodeContext): StreamDecoder {
  const answer = createAnswer(context);
  const warnings: Warning[] = [];
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
      if (data === "[DONE]") return;
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
        template = templateOf(frame, data);
      }
    },
    end(out) {
      answer.finish(out, unread === undefined ? undefined : usageOf(unread), warnings, false);
    },
    // The wire has no end mark: usage and sources may follow the finish reason.
    done: false,
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

function templateOf(frame: JSONObject, data: string): Template | undefined {
  const [candidate, ...more] = listOf(frame.candidates);
  const { content, index: _index, ...others } = objectOf(candidate);
  const [part, ...rest] = listOf(objectOf(content).parts);
  const { text, thought: _thought, ...extra } = objectOf(part);
  const plain = more.length + rest.length + Object.keys(others).length + Object.keys(extra).length === 0 && "candidates" in frame;
  if (!plain || textOf(text) === undefined || frame.promptFeedback !== undefined) return undefined;
  const quoted = JSON.stringify(text);
  const at = data.indexOf(quoted);
  if (at < 0 || !/"text":\s*$/.test(data.slice(Math.max(0, at - 12), at))) return undefined;
  const end = at + quoted.length - 1;
  const usage = data.indexOf(USAGE, end);
  return { head: data.slice(0, at + 1), tail: usage < 0 ? data.slice(end) : data.slice(end, usage + USAGE.length), open: usage >= 0 };
}
