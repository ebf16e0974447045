import type { Clock } from "crosspoint";
import { createSimulator, type SimulatedRequest, type Simulator } from "crosspoint/testing";

/** All times of the scenarios are as their descriptions say; they pass this many times faster. */
export const SPEED = 10;

/** The answer that every scenario waits for. */
export const ANSWER = Array.from({ length: 60 }, (_, index) => `word${index + 1}`).join(" ");

const start = Date.now();
/** A clock that runs fast. */
export const clock: Clock = {
  now: () => start + (Date.now() - start) * SPEED,
  after(ms, callback) {
    const timer = setTimeout(callback, Math.ceil(ms / SPEED));
    return () => clearTimeout(timer);
  },
};

export const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));

/**
 * A model that goes on where the last words of the assistant in a request stop, be they begun by the caller with "Well,"; asked to by the user, it repeats
 * a few of them.
 */
function answerTo({ body }: SimulatedRequest): string {
  const { messages, input, contents } = body as { messages?: Turn[]; input?: Turn[]; contents?: Turn[] };
  const turns = messages ?? input ?? contents ?? [];
  const { content, parts } = turns.findLast(({ role }) => role === "assistant" || role === "model") ?? {};
  const words = content ?? parts ?? "";
  const said = (typeof words === "string" ? words : words.map(({ text = "" }) => text).join("")).replace(/^Well,/, "");
  if (said === "" || !ANSWER.startsWith(said)) return ANSWER;
  return ANSWER.slice(turns.at(-1)!.role === "user" ? ANSWER.lastIndexOf(" ", said.length - 12) + 1 : said.length);
}

interface Turn {
  readonly role: string;
  readonly content?: string | readonly { readonly text?: string }[];
  readonly parts?: readonly { readonly text?: string }[];
}

/** A model that gives the answer, after such thoughts where it thinks. */
export function createProvider(reasoning?: string): Simulator {
  return createSimulator({
    respond: (request) => ({ text: answerTo(request), usage: { input: 20, output: 80 }, ...(reasoning !== undefined && { reasoning }) }),
    clock: () => clock.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const stop = clock.after(ms, resolve);
        signal.addEventListener("abort", () => {
          stop();
          resolve();
        });
      }),
  });
}
