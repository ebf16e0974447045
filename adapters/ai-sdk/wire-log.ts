import type { WireEvent } from "crosspoint";

/** What travelled for one call, of its last attempt. An answer is parsed only when someone asks for it. */
export interface WireLog {
  readonly listen: (event: WireEvent) => void;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly request: { readonly body: unknown };
  /** The body of an answer that was not streamed, as text. */
  readonly text: string | undefined;
  /** The frames of a stream that came since the last look; empty unless they were asked for. */
  takeFrames(): unknown[];
}

export function createWireLog(keepFrames: boolean): WireLog {
  let url = "";
  let sent: unknown;
  let headers: Headers | undefined;
  let text: string | undefined;
  let frames: string[] = [];
  return {
    listen(event) {
      if (event.type === "data") {
        text = event.data;
        if (keepFrames) frames.push(event.data);
      } else if (event.type === "request") {
        ({ url, json: sent } = event);
        [headers, text, frames] = [undefined, undefined, []];
      } else headers = event.headers;
    },
    get url() {
      return url;
    },
    get headers() {
      return Object.fromEntries(headers ?? []);
    },
    request: {
      get body() {
        return sent;
      },
    },
    get text() {
      return text;
    },
    takeFrames() {
      if (frames.length === 0) return [];
      const taken = frames;
      frames = [];
      return taken.filter((frame) => frame !== "[DONE]").map(parse);
    },
  };
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
