import { createHash } from "node:crypto";
import type { Segment, Turn } from "./turn.ts";

const CHARACTERS_PER_TOKEN = 4;
const AUTOMATIC_MINIMUM = 1024;
const AUTOMATIC_STEP = 128;
const REMEMBERED = 64;

/** About four characters to a token, the same count every time. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

export function promptTokens(prompt: readonly Segment[]): number {
  return prompt.reduce((total, segment) => total + segmentTokens(segment), 0);
}

function segmentTokens(segment: Segment): number {
  return segment.tokens ?? countTokens(segment.text);
}

export interface CacheUse {
  readonly read: number;
  readonly write: number;
}

/** What the provider remembers of earlier prompts. */
export interface PromptCache {
  use(turn: Turn): CacheUse;
  clear(): void;
}

export function createPromptCache(): PromptCache {
  const prefixes = new Set<string>();
  const prompts: { readonly model: string; readonly prompt: readonly Segment[] }[] = [];

  function marked(turn: Turn): CacheUse {
    const hash = createHash("sha256").update(turn.model);
    let tokens = 0;
    let read = 0;
    let end = 0;
    const fresh: string[] = [];
    for (const segment of turn.prompt) {
      hash.update(`\0${segment.text}`);
      tokens += segmentTokens(segment);
      const prefix = hash.copy().digest("hex");
      if (prefixes.has(prefix)) read = tokens;
      if (segment.breakpoint === true) {
        end = tokens;
        fresh.push(prefix);
      }
    }
    for (const prefix of fresh) prefixes.add(prefix);
    return end === 0 ? { read: 0, write: 0 } : { read: Math.min(read, end), write: Math.max(0, end - read) };
  }

  function automatic(turn: Turn): CacheUse {
    const shared = prompts.filter((item) => item.model === turn.model).map((item) => sharedTokens(item.prompt, turn.prompt));
    prompts.push({ model: turn.model, prompt: turn.prompt });
    if (prompts.length > REMEMBERED) prompts.shift();
    const longest = Math.floor(Math.max(0, ...shared) / AUTOMATIC_STEP) * AUTOMATIC_STEP;
    return { read: longest >= AUTOMATIC_MINIMUM ? longest : 0, write: 0 };
  }

  return {
    use(turn) {
      if (turn.cache === "none") return { read: 0, write: 0 };
      return turn.cache === "marked" ? marked(turn) : automatic(turn);
    },
    clear() {
      prefixes.clear();
      prompts.length = 0;
    },
  };
}

function sharedTokens(left: readonly Segment[], right: readonly Segment[]): number {
  let tokens = 0;
  for (const [index, segment] of right.entries()) {
    const other = left[index];
    if (other === undefined) return tokens;
    if (other.text !== segment.text) {
      let same = 0;
      while (same < segment.text.length && segment.text[same] === other.text[same]) same += 1;
      return tokens + Math.floor(same / CHARACTERS_PER_TOKEN);
    }
    tokens += segmentTokens(segment);
  }
  return tokens;
}
