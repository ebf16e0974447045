import { createAlibaba } from "@ai-sdk/alibaba";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createDeepSeek } from "@ai-sdk/deepseek";
import { createGoogle } from "@ai-sdk/google";
import { createGroq } from "@ai-sdk/groq";
import { createMistral } from "@ai-sdk/mistral";
import { createMoonshotAI } from "@ai-sdk/moonshotai";
import { createOpenResponses } from "@ai-sdk/open-responses";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { createPerplexity } from "@ai-sdk/perplexity";
import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4Content,
  type LanguageModelV4FinishReason,
  type LanguageModelV4Usage,
} from "@ai-sdk/provider";
import { createXai } from "@ai-sdk/xai";
import { functionsFor, modelFor, SCHEMA, toolsFor, wantsJSON } from "./asks.ts";
import type { Answer, Outcome } from "./outcome.ts";
import { responseOf, type Recording } from "./recordings.ts";

type Fetch = typeof globalThis.fetch;

/** The official provider of each maker. */
const MODELS: Readonly<Record<string, (fetch: Fetch, model: string) => LanguageModelV4>> = {
  "openai-chat/openai": (fetch, model) => createOpenAI({ apiKey: "key", fetch }).chat(model),
  "openai-chat/alibaba": (fetch, model) => createAlibaba({ apiKey: "key", fetch })(model),
  "openai-chat/deepseek": (fetch, model) => createDeepSeek({ apiKey: "key", fetch })(model),
  "openai-chat/groq": (fetch, model) => createGroq({ apiKey: "key", fetch })(model),
  "openai-chat/mistral": (fetch, model) => createMistral({ apiKey: "key", fetch })(model),
  "openai-chat/moonshotai": (fetch, model) => createMoonshotAI({ apiKey: "key", fetch })(model),
  "openai-chat/perplexity": (fetch, model) => createPerplexity({ apiKey: "key", fetch })(model),
  "openai-chat/openai-compatible": (fetch, model) =>
    createOpenAICompatible({ name: "lab", baseURL: "http://lab.invalid/v1", apiKey: "key", includeUsage: true, fetch })(model),
  "openai-responses/openai": (fetch, model) => createOpenAI({ apiKey: "key", fetch }).responses(model),
  "openai-responses/xai": (fetch, model) => createXai({ apiKey: "key", fetch }).responses(model),
  "openai-responses/open-responses": (fetch, model) =>
    createOpenResponses({ name: "lab", url: "http://open.invalid/v1/responses", apiKey: "key", fetch })(model),
  "anthropic-messages/anthropic": (fetch, model) => createAnthropic({ apiKey: "key", fetch })(model),
  "gemini/google": (fetch, model) => createGoogle({ apiKey: "key", fetch })(model),
};

/** What the AI SDK's side makes of a recording. */
export async function theirs(recording: Recording): Promise<Outcome> {
  const create = MODELS[`${recording.wire}/${recording.maker}`];
  if (create === undefined) throw new Error(`no official provider for ${recording.name}`);
  const languageModel = create(() => Promise.resolve(responseOf(recording)), modelFor(recording));
  const options: LanguageModelV4CallOptions = {
    prompt: [{ role: "user", content: [{ type: "text", text: "Go on." }] }],
    tools: [...toolsFor(recording), ...functionsFor(recording).map((each) => ({ type: "function" as const, ...each }))],
    ...(wantsJSON(recording) ? { responseFormat: { type: "json", schema: SCHEMA } } : undefined),
  };
  try {
    if (recording.form === "whole") {
      const { content, finishReason, usage } = await languageModel.doGenerate(options);
      return { answer: answerOf(content, finishReason, usage) };
    }
    return { answer: await readStream(languageModel, options) };
  } catch (error) {
    const status = recording.form === "whole" && APICallError.isInstance(error) ? error.statusCode : undefined;
    return { failure: { status, message: messageOf(error) } };
  }
}

async function readStream(model: LanguageModelV4, options: LanguageModelV4CallOptions): Promise<Answer> {
  const { stream } = await model.doStream(options);
  const content: LanguageModelV4Content[] = [];
  let text = "";
  let reasoning = "";
  let end: { readonly finishReason: LanguageModelV4FinishReason; readonly usage: LanguageModelV4Usage } | undefined;
  for await (const part of stream as unknown as AsyncIterable<typeof stream extends ReadableStream<infer T> ? T : never>) {
    switch (part.type) {
      case "text-delta":
        text += part.delta;
        break;
      case "reasoning-delta":
        reasoning += part.delta;
        break;
      case "tool-call":
      case "source":
        content.push(part);
        break;
      case "finish":
        end = part;
        break;
      case "error":
        throw part.error;
      default:
    }
  }
  if (end === undefined) throw new Error("the stream has no finish part");
  return { ...answerOf(content, end.finishReason, end.usage), text, reasoning };
}

function answerOf(content: readonly LanguageModelV4Content[], finish: LanguageModelV4FinishReason, usage: LanguageModelV4Usage): Answer {
  const all = <T extends LanguageModelV4Content["type"]>(type: T) =>
    content.filter((part): part is Extract<LanguageModelV4Content, { type: T }> => part.type === type);
  const { inputTokens: input, outputTokens: output } = usage;
  return {
    text: all("text")
      .map((part) => part.text)
      .join(""),
    reasoning: all("reasoning")
      .map((part) => part.text)
      .join(""),
    calls: all("tool-call")
      .filter((call) => call.providerExecuted !== true)
      .map((call) => ({ id: call.toolCallId, name: call.toolName, arguments: call.input })),
    sources: all("source").map((source) => ({
      ...(source.sourceType === "url" ? { url: source.url } : undefined),
      ...(source.title === undefined ? undefined : { title: source.title }),
    })),
    finish: finish.unified,
    usage: {
      input: { total: input.total, uncached: input.noCache, cacheRead: input.cacheRead, cacheWrite: input.cacheWrite },
      output: { total: output.total, text: output.text, reasoning: output.reasoning },
    },
  };
}

/** Errors inside a stream are the provider's own objects, or their text. */
function messageOf(error: unknown): string {
  if (typeof error === "string") return error;
  const { message, error: inner, response } = (error ?? {}) as { message?: unknown; error?: unknown; response?: unknown };
  if (typeof message === "string") return message;
  if (inner !== undefined) return messageOf(inner);
  if (response !== undefined) return messageOf(response);
  return JSON.stringify(error);
}
