import type { Message } from "../ir/content.ts";
import type { ModelRequest } from "../ir/request.ts";

/** Providers cache prompts from about a thousand tokens on. */
const LONG = 4_000;
/** Characters that are looked at from either end of a text. */
const SAMPLE = 48;

/**
 * A number that the calls of one conversation share, and the calls of others seldom: made of what stays in front while a conversation grows
 * (tools, system, the first words of the user), or of the caller's `promptCacheKey`.
 */
export function prefixOf(request: ModelRequest): number {
  let hash = 2_166_136_261;
  const { promptCacheKey, tools, messages } = request;
  if (promptCacheKey !== undefined) return hashText(promptCacheKey, hash);
  for (const tool of tools ?? []) if ("name" in tool) hash = hashText(tool.name, hash);
  for (const message of messages) {
    for (const text of textsOf(message)) hash = hashText(text, hash);
    if (message.role === "user") break;
  }
  return hash;
}

/** Whether a request is long enough that a provider's cache of it is worth something. */
export function isLong({ messages, tools, promptCacheKey }: ModelRequest): boolean {
  if (promptCacheKey !== undefined) return true;
  let length = (tools?.length ?? 0) * 200;
  for (const message of messages) {
    for (const text of textsOf(message)) length += text.length;
    if (length >= LONG) return true;
  }
  return false;
}

function textsOf({ content }: Message): readonly string[] {
  return typeof content === "string" ? [content] : content.flatMap((part) => ("text" in part ? [part.text] : []));
}

/** FNV-1a over the length and both ends of a text. */
export function hashText(text: string, seed = 2_166_136_261): number {
  let hash = Math.imul(seed ^ text.length, 16_777_619);
  const head = Math.min(text.length, SAMPLE);
  for (let index = 0; index < head; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619);
  for (let index = Math.max(head, text.length - SAMPLE); index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619);
  return hash >>> 0;
}
