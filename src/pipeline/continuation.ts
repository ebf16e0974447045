import type { Message } from "../ir/content.ts";
import type { ModelRequest } from "../ir/request.ts";
import { optionsFor, type Target } from "../ir/target.ts";

/** The beginning of an answer that another attempt is to go on with. */
export interface Continuation {
  /** All of the text that was shown. */
  readonly text: string;
  /** It may be sent as the beginning of the model's own answer; false once a provider has refused that. */
  readonly prefill: boolean;
}

const GO_ON =
  "Your answer above was cut off by a technical fault. Continue it from exactly where it stops: begin with the very next character, also when that is a " +
  "space or a line break. Repeat nothing, and say nothing else.";
const CHARACTERS_PER_TOKEN = 4;
/** OpenAI's Responses API takes no lower limit. */
const LEAST_OUTPUT = 16;

/** What a target is asked so that it goes on with an answer: the conversation, what was shown as the assistant's last words, and, where these are no prefill, a request to go on. */
export function continueAt(request: ModelRequest, { text, prefill }: Continuation, target: Target): ModelRequest {
  const { maxOutputTokens: limit } = request;
  const messages = spoken(request.messages, text.trimEnd());
  if (!(prefill && takesPrefill(request, target))) messages.push({ role: "user", content: GO_ON });
  if (limit === undefined) return { ...request, messages };
  return {
    ...request,
    messages,
    maxOutputTokens: Math.max(Math.min(limit, LEAST_OUTPUT), limit - Math.ceil(text.length / CHARACTERS_PER_TOKEN)),
  };
}

/** The messages with words of the assistant at their end; a beginning that the caller gave is part of them. */
function spoken(messages: readonly Message[], text: string): Message[] {
  const last = messages.at(-1);
  if (last?.role !== "assistant") return [...messages, { role: "assistant", content: text }];
  const { content } = last;
  if (typeof content === "string") return [...messages.slice(0, -1), { ...last, content: content + text }];
  const part = content.at(-1);
  const parts =
    part?.type === "text" ? [...content.slice(0, -1), { ...part, text: part.text + text }] : [...content, { type: "text" as const, text }];
  return [...messages.slice(0, -1), { ...last, content: parts }];
}

/**
 * Whether a target goes on with a last assistant message by itself. Known of Anthropic's models up to 4.5, which refuse it while they think
 * (https://platform.claude.com/docs/en/build-with-claude/extended-thinking), and of hosts with a `prefix` flag (https://docs.mistral.ai, https://api-docs.deepseek.com); others
 * answer anew, or refuse.
 */
export function takesPrefill(request: ModelRequest, target: Target): boolean {
  const { codec, quirks, traits } = target;
  if (quirks.prefixFlag !== true && !(codec === "anthropic-messages" && traits.prefill === true)) return false;
  if (traits.reasoning === false) return true;
  const { effort = "none", budget = 0 } = request.reasoning ?? {};
  const options = optionsFor(request.providerOptions, target);
  return traits.alwaysThinks !== true && effort === "none" && budget === 0 && options?.["thinking"] === undefined;
}
