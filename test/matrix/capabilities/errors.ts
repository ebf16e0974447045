import { expect } from "vitest";
import { converse, rigFor, type Capability, type Cell } from "../capability.ts";
import type { Thrown } from "../client.ts";
import { FORMS, PROVIDERS, type RigOptions, type Wire } from "../harness.ts";
import type { Fault, FaultError } from "crosspoint/testing";

const TOO_LONG: Readonly<Record<Wire, FaultError>> = {
  "openai-chat": {
    code: "context_length_exceeded",
    message: "This model's maximum context length is 128000 tokens. However, your messages resulted in 200001 tokens.",
  },
  "openai-responses": {
    code: "context_length_exceeded",
    message: "Your input exceeds the context window of this model. Please adjust your input and try again.",
  },
  "anthropic-messages": { message: "prompt is too long: 200001 tokens > 200000 maximum" },
  gemini: { message: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)." },
};

const OVERFLOW = /context_length_exceeded|exceeds the context window|maximum context length/;

type Words = readonly [kind: string, status: number, code: string | null | RegExp];

interface Trouble {
  readonly name: string;
  readonly fault?: (provider: Wire) => Fault;
  readonly rig?: RigOptions;
  readonly model?: (provider: Wire) => string;
  readonly message: RegExp;
  /** Class, status and code on each client wire. */
  readonly openai: Words;
  readonly anthropic: Words;
  readonly gemini: Words;
}

const TROUBLES: readonly Trouble[] = [
  {
    name: "401",
    rig: { apiKey: "wrong-key" },
    message: /key/i,
    openai: ["AuthenticationError", 401, "invalid_api_key"],
    anthropic: ["AuthenticationError", 401, "authentication_error"],
    gemini: ["ApiError", 401, "UNAUTHENTICATED"],
  },
  {
    name: "404",
    model: (provider) => `${PROVIDERS[provider].id}/missing-model`,
    message: /missing-model/,
    openai: ["NotFoundError", 404, "model_not_found"],
    anthropic: ["NotFoundError", 404, "not_found_error"],
    gemini: ["ApiError", 404, "NOT_FOUND"],
  },
  {
    name: "429",
    fault: () => ({ status: 429, retryAfter: 7, error: { message: "Slow down, please." } }),
    message: /Slow down, please\./,
    openai: ["RateLimitError", 429, "rate_limit_exceeded"],
    anthropic: ["RateLimitError", 429, "rate_limit_error"],
    gemini: ["ApiError", 429, "RESOURCE_EXHAUSTED"],
  },
  {
    name: "context length",
    fault: (provider) => ({ status: 400, error: TOO_LONG[provider] }),
    message: /context_length_exceeded|exceeds the context window|maximum context length|prompt is too long|maximum number of tokens/,
    openai: ["BadRequestError", 400, "context_length_exceeded"],
    anthropic: ["BadRequestError", 400, "invalid_request_error"],
    gemini: ["ApiError", 400, "INVALID_ARGUMENT"],
  },
  {
    name: "500",
    fault: () => ({ status: 500, error: { message: "The server had an error." } }),
    message: /The server had an error\./,
    openai: ["InternalServerError", 500, /server/],
    anthropic: ["InternalServerError", 500, "api_error"],
    gemini: ["ApiError", 500, "INTERNAL"],
  },
  {
    name: "529",
    fault: () => ({ status: 529, error: { message: "Overloaded, come back later." } }),
    message: /Overloaded, come back later\./,
    openai: ["InternalServerError", 529, "overloaded"],
    anthropic: ["OverloadedError", 529, "overloaded_error"],
    gemini: ["ApiError", 529, "UNAVAILABLE"],
  },
];

function wordsFor(trouble: Trouble, wire: Wire): Words {
  if (wire === "gemini") return trouble.gemini;
  return wire === "anthropic-messages" ? trouble.anthropic : trouble.openai;
}

async function thrownBy(
  cell: Cell,
  trouble: Trouble,
): Promise<{ readonly thrown: Thrown; readonly sent: number; readonly id: string | undefined }> {
  const rig = rigFor(cell, trouble.rig);
  const { talk } = converse(cell, trouble.model === undefined ? {} : { model: trouble.model(cell.provider) }, rig);
  if (trouble.fault !== undefined) rig.simulator.fault({ ...trouble.fault(cell.provider), times: Infinity });
  talk.user("Hello");
  const error: unknown = await talk.send().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error, `${trouble.name}: nothing was thrown`).toBeDefined();
  const upstream = await rig.upstream();
  const id = /req_[A-Za-z0-9]+/.exec(upstream[0]?.response ?? "")?.[0];
  return { thrown: cell.client.explain(error), sent: upstream.length, id };
}

export const errors: Capability = {
  id: "errors",
  title: "Errors in the client's own classes",
  about:
    "401, 404, 429, a full context, 500 and 529: class, status, code, message and request id are the client's own; the client does not retry",
  forms: FORMS,
  async check(cell) {
    for (const trouble of TROUBLES) {
      const { thrown, sent } = await thrownBy(cell, trouble);
      const [kind, status, code] = wordsFor(trouble, cell.client.wire);
      expect({ kind: thrown.kind, status: thrown.status, own: thrown.isOwn }, trouble.name).toEqual({ kind, status, own: true });
      if (code instanceof RegExp) expect(thrown.code, trouble.name).toMatch(code);
      else expect(thrown.code, trouble.name).toBe(code);
      expect(thrown.message, trouble.name).toMatch(trouble.message);
      // Frameworks on OpenAI's client know an overflow by these words.
      if (trouble.name === "context length" && cell.client.wire.startsWith("openai")) expect(thrown.message).toMatch(OVERFLOW);
      // The provider's id, else the layer's own; Gemini's wire has none.
      if (cell.client.wire !== "gemini") expect(thrown.requestId, trouble.name).toMatch(cell.provider === "gemini" ? /^call_/ : /^req_/);
      expect(sent, `${trouble.name}: how often it was sent`).toBe(1);
    }
  },
};

export const lateErrors: Capability = {
  id: "late-errors",
  title: "Error in the middle of a stream",
  about: "an error event, and a connection that just ends: the client throws its own class",
  forms: ["streamed"],
  async check(cell) {
    const rig = rigFor(cell);
    const { talk } = converse(cell, {}, rig);
    rig.simulator.script({
      text: "one two three four",
      fault: { errorAfterChunks: { after: 2, status: 500, message: "The model fell over." } },
    });
    talk.user("Hello");
    await expect(talk.send()).rejects.toSatisfy((error) => {
      const thrown = cell.client.explain(error);
      expect(thrown.isOwn).toBe(true);
      expect(thrown.message).toContain("The model fell over.");
      return true;
    });
    const cut = converse(cell);
    cut.rig.simulator.script({ text: "one two three four", fault: { cutAfterChunks: 2 } });
    cut.talk.user("Hello");
    await expect(cut.talk.send()).rejects.toSatisfy((error) => cell.client.explain(error).isOwn);
  },
};
