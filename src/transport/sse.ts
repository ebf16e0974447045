import { CrosspointError } from "../ir/error.ts";

/** Receives one frame: its `data` lines joined by a newline, and its `event` name where it has one. */
export type FrameHandler = (data: string, event: string | undefined) => void;

export interface FrameSplitter {
  /** Takes the next chunk, cut anywhere, and hands on each frame that it completes. */
  push(chunk: Uint8Array): void;
  /** Hands on a last frame that lacks its blank line. */
  end(): void;
}

const MAX_FRAME = 64 * 1024 * 1024;
const COLON = 58;
const SPACE = 32;

/**
 * Splits a stream of server-sent events (WHATWG HTML, "event stream interpretation"): any line ending, comments, several data
 * lines, a byte-order mark, characters cut by chunk borders. A body that is not an event stream but bare JSON is handed on as one frame,
 * because some hosts answer so when they fail. A frame above 64 Mi characters throws BAD_RESPONSE.
 */
export function createSseSplitter(onFrame: FrameHandler): FrameSplitter {
  const decoder = new TextDecoder();
  let rest = "";
  let data: string | undefined;
  let event: string | undefined;
  let endedWithCarriage = false;

  const flush = (): void => {
    if (data !== undefined) onFrame(data, event === "" ? undefined : event);
    data = undefined;
    event = undefined;
  };

  const takeLine = (text: string, from: number, to: number): void => {
    if (from === to) return flush();
    if (text.startsWith("data:", from)) {
      const value = text.slice(text.charCodeAt(from + 5) === SPACE ? from + 6 : from + 5, to);
      data = data === undefined ? value : `${data}\n${value}`;
    } else if (text.startsWith("event:", from)) {
      event = text.slice(text.charCodeAt(from + 6) === SPACE ? from + 7 : from + 6, to);
    } else if (text.charCodeAt(from) !== COLON && /^[[{]/.test(text.slice(from, from + 1))) {
      data = data === undefined ? text.slice(from, to) : `${data}\n${text.slice(from, to)}`;
    }
  };

  const push = (text: string): void => {
    if (text === "") return;
    if (endedWithCarriage && text.startsWith("\n")) text = text.slice(1);
    endedWithCarriage = text.endsWith("\r");
    if (text.includes("\r")) text = text.replace(/\r\n?/g, "\n");
    if (rest !== "") {
      text = rest + text;
      rest = "";
    }
    let from = 0;
    for (let to = text.indexOf("\n"); to !== -1; to = text.indexOf("\n", from)) {
      takeLine(text, from, to);
      from = to + 1;
    }
    if (from < text.length) rest = from === 0 ? text : text.slice(from);
    if (rest.length + (data?.length ?? 0) > MAX_FRAME) throw new CrosspointError("BAD_RESPONSE", "a frame of the stream is too large");
  };

  return {
    push: (chunk) => push(decoder.decode(chunk, { stream: true })),
    end() {
      push(decoder.decode());
      if (rest !== "") takeLine(rest, 0, rest.length);
      rest = "";
      flush();
    },
  };
}
