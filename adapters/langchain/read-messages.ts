import type { AIMessage, BaseMessage, ToolMessage } from "@langchain/core/messages";
import {
  CrosspointError,
  type JSONValue,
  type Message,
  type Part,
  type ToolCallPart,
  type ToolOutput,
  type ToolResultPart,
} from "crosspoint";
import { cacheOf, readContent, readReasoningItem, signatureOf, type CallPlace, type Origin } from "./read-blocks.ts";
import { isRecord, text } from "./schema.ts";
import { KEY, readState, type ReadState } from "./state.ts";
import { CUT } from "./write-content.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What later messages must know of earlier ones. */
interface Conversation {
  /** The calls that stand open, by id: results of free-form calls are free-form too. */
  readonly calls: Map<string, ToolCallPart>;
  /** The ids that were made for calls of the legacy `function_call`, by name. */
  readonly functions: Map<string, string>;
  /** Ids that a provider settled only at the end of its stream, by those that were shown before. */
  readonly settled: Map<string, string>;
}

/**
 * LangChain's messages in the layer's words: those that a user wrote, those of this model, and those of the models of OpenAI, Anthropic
 * and Google. Throws BAD_REQUEST for a message that cannot be sent.
 */
export function readMessages(messages: readonly BaseMessage[]): readonly Message[] {
  const conversation: Conversation = { calls: new Map(), functions: new Map(), settled: new Map() };
  return messages.map((message, index) => readMessage(message, conversation, index));
}

function readMessage(message: BaseMessage, conversation: Conversation, index: number): Message {
  const kind = message.getType();
  switch (kind) {
    case "human":
      return plain("user", message);
    case "system":
      return plain("system", message, message.additional_kwargs?.["__openai_role__"] === "developer" ? { developer: true } : undefined);
    case "ai":
      return assistant(message as AIMessage, conversation, index);
    case "tool":
      return { role: "tool", content: [toolResult(message as ToolMessage, conversation)] };
    case "function": {
      const callId = conversation.functions.get(message.name ?? "") ?? `function-${message.name}`;
      return { role: "tool", content: [{ type: "tool-result", callId, output: text(message.content) ?? JSON.stringify(message.content) }] };
    }
    default: {
      const role = kind === "generic" ? (message as BaseMessage & { readonly role?: unknown }).role : kind;
      if (role === "user" || role === "human") return plain("user", message);
      if (role === "assistant" || role === "ai" || role === "model") return assistant(message as AIMessage, conversation, index);
      if (role === "system" || role === "developer")
        return plain("system", message, role === "developer" ? { developer: true } : undefined);
      throw new CrosspointError("BAD_REQUEST", `messages[${index}] is of the kind "${String(role)}", which no model can be sent`, {
        param: `messages[${index}]`,
      });
    }
  }
}

function plain(role: "user" | "system", message: BaseMessage, more?: Pick<Message, "developer">): Message {
  const { content, name } = message;
  const named = role === "user" && typeof name === "string" && name !== "" ? { name } : undefined;
  if (typeof content === "string") return { role, content, ...named, ...more };
  const parts = readContent(content, {}).filter((part): part is Part => part.type !== "call");
  return { role, content: parts.map(resultPart), ...named, ...more };
}

/** Anthropic's tool results may stand in a human message. */
function resultPart(part: Part): Part {
  if (part.type !== "provider" || part.raw["type"] !== "tool_result") return part;
  const { tool_use_id: callId, content, is_error: isError } = part.raw;
  return {
    type: "tool-result",
    callId: text(callId) ?? "",
    output: toOutput(content, {}),
    ...(isError === true ? { isError } : undefined),
  };
}

function assistant(message: AIMessage, conversation: Conversation, index: number): Message {
  const extra = (message.additional_kwargs ?? {}) as Fields;
  const origin = originOf(message);
  const placed = new Set<string>();
  const calls = callsOf(message, extra, origin, conversation, index);
  const parts: Part[] = [];
  const place = (part: ToolCallPart): void => {
    if (placed.has(part.id)) return;
    placed.add(part.id);
    parts.push(part);
    conversation.calls.set(part.id, part);
  };
  const content = readContent(message.content, origin);
  if (!content.some((part) => part.type === "reasoning")) {
    const reasoning = readReasoningItem(extra["reasoning"], origin);
    if (reasoning !== undefined) parts.push(reasoning);
    else if (typeof extra["reasoning_content"] === "string" && extra["reasoning_content"] !== "") {
      parts.push({ type: "reasoning", text: extra["reasoning_content"], form: "raw" });
    }
  }
  for (const part of content) {
    if (part.type !== "call") parts.push(part);
    else {
      const call = callAt(part, calls, placed, origin);
      if (call !== undefined) place(call);
    }
  }
  for (const call of calls) place(call);
  if (typeof extra["refusal"] === "string" && !parts.some((part) => part.type === "refusal")) {
    parts.push({ type: "refusal", text: extra["refusal"] });
  }
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only?.type === "text" && Object.keys(only).length === 2) return { role: "assistant", content: only.text };
  return { role: "assistant", content: parts };
}

/** The family and model that made a message, in the words of LangChain's own models. */
function originOf(message: BaseMessage): Origin {
  const { model_provider: provider, model_name: name, model } = (message.response_metadata ?? {}) as Fields;
  if (typeof provider !== "string") return {};
  const family = provider.startsWith("google")
    ? "google"
    : provider.startsWith("bedrock")
      ? "bedrock"
      : provider === KEY
        ? undefined
        : provider;
  const made = text(name) ?? text(model);
  return { ...(family === undefined ? undefined : { family }), ...(made === undefined ? undefined : { model: made }) };
}

/** The calls of a message, also those whose arguments are no JSON: their results would be orphans without them. */
function callsOf(message: AIMessage, extra: Fields, origin: Origin, conversation: Conversation, index: number): readonly ToolCallPart[] {
  const states = isRecord(extra[KEY]) && isRecord(extra[KEY]["calls"]) ? extra[KEY]["calls"] : {};
  const signatures = isRecord(extra["__gemini_function_call_thought_signatures__"])
    ? extra["__gemini_function_call_thought_signatures__"]
    : {};
  const items = isRecord(extra["__openai_function_call_ids__"]) ? extra["__openai_function_call_ids__"] : {};
  const more = (id: string): ReadState => ({
    ...signatureOf({ thoughtSignature: Object.hasOwn(signatures, id) ? signatures[id] : undefined }, origin),
    ...(Object.hasOwn(items, id) && typeof items[id] === "string" ? { itemId: items[id] } : undefined),
    ...(Object.hasOwn(states, id) ? readState(states[id]) : undefined),
  });
  const calls: ToolCallPart[] = [];
  const add = (id: string | undefined, name: unknown, args: unknown, custom: boolean): void => {
    const shown = id ?? `call-${index}-${calls.length}`;
    const state = Object.hasOwn(states, shown) ? states[shown] : undefined;
    const known = (isRecord(state) ? text(state["callId"]) : undefined) ?? shown;
    if (known !== shown) conversation.settled.set(shown, known);
    const free = custom ? text(isRecord(args) ? args["input"] : args) : undefined;
    calls.push({
      type: "tool-call",
      id: known,
      name: text(name) ?? "",
      arguments: free ?? (typeof args === "string" ? args : JSON.stringify(args ?? {})),
      ...(custom ? { custom } : undefined),
      ...more(shown),
    } as ToolCallPart);
  };
  for (const call of message.tool_calls ?? []) {
    add(
      call.id,
      call.name,
      call.args,
      (call as Fields)["isCustomTool"] === true || (Object.hasOwn(states, call.id ?? "") && readState(states[call.id!]).custom === true),
    );
  }
  for (const call of message.invalid_tool_calls ?? []) add(call.id, call.name, withoutMark(call.args), false);
  if (calls.length > 0) return calls;
  const raw = extra["tool_calls"];
  for (const call of Array.isArray(raw) ? raw.filter(isRecord) : []) {
    const inner = isRecord(call["function"]) ? call["function"] : isRecord(call["custom"]) ? call["custom"] : {};
    add(text(call["id"]), inner["name"], inner["arguments"] ?? inner["input"], isRecord(call["custom"]));
  }
  const legacy = extra["function_call"];
  if (isRecord(legacy)) {
    add(undefined, legacy["name"], legacy["arguments"], false);
    conversation.functions.set(String(legacy["name"]), calls.at(-1)!.id);
  }
  return calls;
}

function withoutMark(args: string | undefined): string | undefined {
  return args?.endsWith(CUT) === true ? args.slice(0, -CUT.length) : args;
}

/** The call that a block stands for; a block whose call is nowhere else is one itself, when it is whole. */
function callAt(
  { block }: CallPlace,
  calls: readonly ToolCallPart[],
  placed: ReadonlySet<string>,
  origin: Origin,
): ToolCallPart | undefined {
  const inner = isRecord(block["functionCall"]) ? block["functionCall"] : isRecord(block["toolUse"]) ? block["toolUse"] : block;
  const id = text(inner["call_id"]) ?? text(inner["id"]) ?? text(inner["toolUseId"]);
  const name = text(inner["name"]);
  const state = { ...readState(block[KEY]), ...signatureOf(block, origin), ...cacheOf(block) };
  const known = calls.find((call) => (id === undefined ? call.name === name && !placed.has(call.id) : call.id === id));
  if (known !== undefined) return { ...known, ...state } as ToolCallPart;
  const args = inner["args"] ?? inner["input"] ?? inner["arguments"];
  const isWhole =
    isRecord(args) || (typeof args === "string" && block["type"] !== "tool_call_chunk" && block["type"] !== "input_json_delta");
  if (name === undefined || id === undefined || !isWhole || calls.length > 0) return undefined;
  return { type: "tool-call", id, name, arguments: typeof args === "string" ? args : JSON.stringify(args), ...state } as ToolCallPart;
}

function toolResult(message: ToolMessage, { calls, settled }: Conversation): ToolResultPart {
  const { tool_call_id: shownId, name, content, status } = message;
  const callId = settled.get(shownId) ?? shownId;
  const isCustom = calls.get(callId)?.custom === true;
  const cache = Array.isArray(content)
    ? (content as readonly unknown[]).map((block) => (isRecord(block) ? cacheOf(block) : undefined)).find(Boolean)
    : undefined;
  return {
    type: "tool-result",
    callId,
    ...(typeof name === "string" && name !== "" ? { name } : undefined),
    output: toOutput(content, originOf(message)),
    ...(status === "error" ? { isError: true } : undefined),
    ...(isCustom ? { custom: true } : undefined),
    ...cache,
  };
}

/** Blocks are parts; any other array or object is the JSON that the tool gave. */
function toOutput(content: unknown, origin: Origin): string | ToolOutput {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return content === undefined || content === null ? "" : { type: "json", value: content as JSONValue };
  const parts: Part[] = [];
  for (const block of content as readonly unknown[]) {
    const read = typeof block === "string" || (isRecord(block) && typeof block["type"] === "string") ? readContent([block], origin) : [];
    const part = read[0];
    if (part === undefined || part.type === "call") return { type: "json", value: content as JSONValue };
    parts.push(part);
  }
  const held = parts.filter((part) => part.type === "text" || part.type === "file" || part.type === "provider");
  return { type: "content", parts: held };
}
