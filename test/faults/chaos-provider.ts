import type { Clock } from "crosspoint";
import { chatAnswer, chatFrames, failure } from "../support/wire.ts";

const SPEED = 400;
export const WORDS = Array.from({ length: 12 }, (_, index) => ` w${index}`);
export const ANSWER = WORDS.join("");

/** A clock that runs fast and knows what waits. */
export function createFastClock(): Clock & { readonly pending: ReadonlySet<object> } {
  const start = Date.now();
  const pending = new Set<object>();
  return {
    pending,
    now: () => start + (Date.now() - start) * SPEED,
    after(ms, callback) {
      const entry = {};
      pending.add(entry);
      const timer = setTimeout(() => {
        pending.delete(entry);
        callback();
      }, ms / SPEED);
      return () => {
        pending.delete(entry);
        clearTimeout(timer);
      };
    },
  };
}

export interface Chaos {
  readonly fetch: typeof globalThis.fetch;
  /** Exchanges that are neither over nor given up: requests without an answer, bodies that are neither read to their end nor cancelled. */
  readonly open: ReadonlySet<object>;
  /** Requests, by the name of the call that made them. */
  readonly asked: ReadonlyMap<string, number>;
}

/** Providers that fail in every way by chance, and otherwise answer, or go on with the answer that the request holds; silent ones only where `silence` says so. */
export function createChaos(chance: () => number, silence: boolean): Chaos {
  const open = new Set<object>();
  const asked = new Map<string, number>();

  const hang = (signal: AbortSignal): Promise<Response> => {
    const self = {};
    open.add(self);
    return new Promise((_, reject) => {
      const give = (): void => {
        open.delete(self);
        reject(signal.reason as Error);
      };
      if (signal.aborted) give();
      else signal.addEventListener("abort", give);
    });
  };
  /** The words that are still to be said; some models say the last ones, or all, again. */
  const wordsLeft = (messages: readonly { readonly role: string; readonly content: string }[]): readonly string[] => {
    const said = messages.findLast(({ role }) => role === "assistant")?.content ?? "";
    const count = said === "" ? 0 : said.split(" ").length - 1;
    const again = chance();
    if (count < 4 || again > 0.6) return WORDS.slice(count);
    return again < 0.2 ? WORDS : WORDS.slice(count - 4);
  };
  /** A stream that ends, breaks, is cut or stalls somewhere. */
  const body = (signal: AbortSignal, words: readonly string[], what: "whole" | "cut" | "break" | "stall"): Response => {
    const frames = chatFrames(words);
    const stop = what === "whole" ? frames.length : Math.floor(chance() * (frames.length - 2));
    let at = 0;
    const self = {};
    open.add(self);
    const stream = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          if (at < stop) return controller.enqueue(new TextEncoder().encode(frames[at++]));
          if (what === "stall") await hang(signal).catch(() => {});
          open.delete(self);
          if (signal.aborted) controller.error(signal.reason);
          else if (what === "break") controller.error(new Error("ECONNRESET"));
          else controller.close();
        },
        cancel: () => void open.delete(self),
      },
      { highWaterMark: 0 },
    );
    signal.addEventListener("abort", () => open.delete(self));
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  };
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const signal = init!.signal!;
    if (signal.aborted) throw signal.reason;
    const call = new Headers(init!.headers).get("x-call")!;
    asked.set(call, (asked.get(call) ?? 0) + 1);
    const { stream, messages } = JSON.parse(init!.body as string) as { stream?: boolean; messages: { role: string; content: string }[] };
    const die = chance();
    if (die < 0.08) return failure(503, {});
    if (die < 0.13) return failure(429, {}, { "retry-after": String(Math.ceil(chance() * 4)) });
    if (die < 0.16) return failure(500, {});
    if (die < 0.18) return failure(401, {});
    if (die < 0.2) return failure(400, { code: chance() < 0.5 ? "context_length_exceeded" : "content_policy_violation" });
    if (die < 0.23) throw new TypeError("fetch failed");
    if (die < 0.26 && silence) return hang(signal);
    if (die < 0.28) return new Response("<html>", { headers: { "content-type": "text/html" } });
    if (stream !== true) return chatAnswer(ANSWER);
    return body(signal, wordsLeft(messages), die < 0.36 ? "cut" : die < 0.42 ? "break" : die < 0.46 && silence ? "stall" : "whole");
  };
  return { fetch, open, asked };
}
