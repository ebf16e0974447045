import { expect } from "vitest";
import { converse, type Capability } from "../capability.ts";
import type { Tokens } from "../client.ts";
import { FORMS, PROVIDERS, type Wire } from "../harness.ts";

/** Output includes reasoning; input includes what was read from the cache and written to it. */
const USED = { input: 1000, cacheRead: 400, cacheWrite: 100, output: 50, reasoning: 20 } as const;

/** Gemini has no count of cache writes. */
const hasWrites = (provider: Wire): boolean => provider !== "gemini";

/** The same tokens in the words of each client. */
const REPORTED: Readonly<Record<Wire, (provider: Wire) => Tokens>> = {
  "openai-chat": (provider) => ({ ...USED, cacheWrite: hasWrites(provider) ? USED.cacheWrite : undefined }),
  "openai-responses": (provider) => ({ ...USED, cacheWrite: hasWrites(provider) ? USED.cacheWrite : 0 }),
  "anthropic-messages": (provider) => ({
    input: USED.input - USED.cacheRead - (hasWrites(provider) ? USED.cacheWrite : 0),
    cacheRead: USED.cacheRead,
    cacheWrite: hasWrites(provider) ? USED.cacheWrite : undefined,
    output: USED.output,
    reasoning: USED.reasoning,
  }),
  gemini: () => ({
    input: USED.input,
    cacheRead: USED.cacheRead,
    cacheWrite: undefined,
    output: USED.output - USED.reasoning,
    reasoning: USED.reasoning,
  }),
};

export const usage: Capability = {
  id: "usage",
  title: "Usage: input, output, cache, reasoning",
  about: "input, output, cache reads, cache writes and reasoning tokens in the client's own way of counting",
  forms: FORMS,
  async check(cell) {
    const { rig, talk } = converse(cell, { model: PROVIDERS[cell.provider].thinking[0]!, reasoning: true });
    rig.simulator.script({ reasoning: "Let me see.", text: "Four.", usage: USED });
    talk.user("What is two and two?");
    const reply = await talk.send();
    expect(reply.text).toBe("Four.");
    expect(reply.usage).toEqual(REPORTED[cell.client.wire](cell.provider));
  },
};
