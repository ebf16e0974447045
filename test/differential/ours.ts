import { createCrosspoint, CrosspointError } from "../../src/index.ts";
import type { ModelResponse } from "../../src/ir/index.ts";
import { functionsFor, modelFor, SCHEMA, wantsJSON } from "./asks.ts";
import type { Outcome } from "./outcome.ts";
import { responseOf, type Recording } from "./recordings.ts";

/** The provider that answers for each maker's recordings. */
const PROVIDERS: Readonly<Record<string, string>> = {
  "openai-chat/openai": "openai-chat",
  "openai-chat/moonshotai": "moonshot",
  "openai-chat/openai-compatible": "lab",
  "openai-responses/open-responses": "open",
  "anthropic-messages/anthropic": "anthropic",
  "gemini/google": "google",
};

/** What our side makes of a recording. */
export async function ours(recording: Recording): Promise<Outcome> {
  const { wire, maker, form } = recording;
  const provider = PROVIDERS[`${wire}/${maker}`] ?? maker;
  const settings = { apiKey: "key", ...CUSTOM[provider] };
  const crosspoint = createCrosspoint({
    fetch: () => Promise.resolve(responseOf(recording)),
    providers: { [provider]: settings },
    env: {},
    retries: 0,
  });
  const request = {
    model: `${provider}/${modelFor(recording)}`,
    messages: [{ role: "user", content: "Go on." }],
    tools: functionsFor(recording),
    ...(wantsJSON(recording) ? { output: { type: "json" as const, schema: SCHEMA } } : undefined),
  } as const;
  try {
    const response = form === "whole" ? await crosspoint.generate(request) : await crosspoint.stream(request).response;
    return { answer: answerOf(response) };
  } catch (error) {
    if (!CrosspointError.is(error)) throw error;
    return { failure: { status: form === "whole" ? error.status : undefined, message: error.message } };
  }
}

const CUSTOM: Readonly<Record<string, object>> = {
  lab: { codec: "openai-chat", baseURL: "http://lab.invalid/v1" },
  open: { codec: "openai-responses", baseURL: "http://open.invalid/v1" },
};

function answerOf({
  text,
  reasoning,
  toolCalls,
  sources,
  finishReason,
  usage,
}: ModelResponse): Extract<Outcome, { answer: unknown }>["answer"] {
  const { input, output } = usage;
  return {
    text,
    reasoning,
    calls: toolCalls.map((call) => ({ id: call.id, name: call.name, arguments: call.arguments })),
    sources: sources.map(({ url, title, filename }) => ({
      ...(url === undefined ? undefined : { url }),
      ...((title ?? filename) === undefined ? undefined : { title: title ?? filename! }),
    })),
    finish: finishReason.unified,
    usage: {
      input: { total: input.total, uncached: input.uncached, cacheRead: input.cacheRead, cacheWrite: input.cacheWrite },
      output: { total: output.total, text: output.text, reasoning: output.reasoning },
    },
  };
}
