import { WORLD, type Call } from "./world.ts";

/** Tokens of a prompt that were in a cache; `own`: more of it than other conversations share. */
export interface Cached {
  readonly tokens: number;
  readonly own: boolean;
}

/** The prompt cache of one place: the beginnings of prompts, each kept for a time after its last use. */
export interface PromptCache {
  read(call: Call, at: number): Cached;
  keep(call: Call, at: number): void;
}

interface Entry {
  readonly tokens: number;
  readonly at: number;
}

export function createCaches(): PromptCache {
  const conversations = new Map<number, Entry>();
  const applications = new Map<number, Entry>();
  const lengthOf = (entry: Entry | undefined, at: number): number => {
    if (entry === undefined || at - entry.at > WORLD.cacheMs || entry.tokens < WORLD.cacheLeast) return 0;
    return Math.floor(entry.tokens / WORLD.cacheStep) * WORLD.cacheStep;
  };
  return {
    read({ conversation, application }, at) {
      const own = lengthOf(conversations.get(conversation), at);
      const shared = lengthOf(applications.get(application), at);
      return own > shared ? { tokens: own, own: true } : { tokens: shared, own: false };
    },
    keep({ conversation, application, systemTokens, input }, at) {
      const before = conversations.get(conversation);
      conversations.set(conversation, {
        tokens: Math.max(input, before === undefined || at - before.at > WORLD.cacheMs ? 0 : before.tokens),
        at,
      });
      applications.set(application, { tokens: systemTokens, at });
    },
  };
}
