import type { Message, Part, ToolCallPart } from "../ir/content.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { Target } from "../ir/target.ts";
import { idRule, RULES, type WireRules } from "./history/rules.ts";

/**
 * Whether `prepareHistory` would hand the request on as it is. True for the usual conversation of texts, tools, calls and their results, which
 * then costs one look; false also wherever that takes more than a look to tell.
 */
export function isSettled(request: ModelRequest, target: Target): boolean {
  const { messages, tools, toolChoice, output } = request;
  const rules = RULES[target.codec];
  if (output !== undefined && output.type !== "text") return false;
  if (tools !== undefined && tools.length > 0) {
    for (let index = 0; index < tools.length; index++) {
      const tool = tools[index]!;
      if (tool.type !== undefined && tool.type !== "function") return false;
      const { name, namespace, description } = tool;
      if (namespace !== undefined || !rules.names.test(name) || (description !== undefined && !isWhole(description))) return false;
      for (let earlier = 0; earlier < index; earlier++) if ((tools[earlier] as { name?: string }).name === name) return false;
    }
    if (typeof toolChoice === "object") {
      const names = "tool" in toolChoice ? [toolChoice.tool] : toolChoice.tools;
      if (!names.every((name) => rules.names.test(name))) return false;
    }
  }
  return areSettled(messages, target, rules);
}

function areSettled(messages: readonly Message[], target: Target, rules: WireRules): boolean {
  const ids = new Set<string>();
  const fits = idRule(target);
  let calls: readonly Part[] = [];
  /** The place in `calls` of the next call without a result; above it are no calls but texts. */
  let next = 0;
  let first: Message["role"] | undefined;
  let last: Message["role"] | undefined;
  for (const { role, content } of messages) {
    if (role === "tool") {
      if (typeof content === "string" || content.length === 0) return false;
      for (const result of content) {
        next = nextCall(calls, next);
        const call = calls[next++];
        if (call === undefined || !answers(result, call as ToolCallPart)) return false;
      }
    } else {
      if (nextCall(calls, next) < calls.length) return false;
      if (role === "assistant") {
        if (last === role) return false;
        calls = [];
        next = 0;
      }
      if (typeof content === "string") {
        if (!isText(content, rules)) return false;
      } else {
        if (content.length === 0) return false;
        for (const part of content) {
          if (part.opaque !== undefined) return false;
          if (part.type === "text") {
            if (!isText(part.text, rules)) return false;
          } else if (part.type !== "tool-call" || role !== "assistant" || !isCall(part, rules, fits, ids)) return false;
        }
        if (role === "assistant") calls = content;
      }
    }
    if (role === "system") continue;
    first ??= role;
    last = role;
  }
  return last !== "assistant" && (rules.userFirst !== true || first === "user");
}

function nextCall(parts: readonly Part[], from: number): number {
  while (from < parts.length && parts[from]!.type !== "tool-call") from++;
  return from;
}

function isCall(part: ToolCallPart, rules: WireRules, fits: RegExp, ids: Set<string>): boolean {
  const { id, name, namespace } = part;
  if (namespace !== undefined || !rules.names.test(name) || !fits.test(id) || !isWhole(id) || ids.has(id)) return false;
  ids.add(id);
  return isWhole(part.arguments);
}

/** Whether this is the result of the call, in plain text. */
function answers(result: Part, call: ToolCallPart): boolean {
  if (result.type !== "tool-result" || result.opaque !== undefined || result.callId !== call.id) return false;
  if ((result.name ?? call.name) !== call.name || (result.custom === true) !== (call.custom === true)) return false;
  const { output } = result;
  return typeof output === "string" ? isWhole(output) : output.type === "text" && isWhole(output.text);
}

function isText(text: unknown, { blank }: WireRules): boolean {
  return isWhole(text) && text !== "" && blank?.test(text) !== true;
}

/** Untyped callers may leave anything here; what is no text is looked at by the full pass. */
function isWhole(text: unknown): text is string {
  return typeof text === "string" && text.isWellFormed();
}
