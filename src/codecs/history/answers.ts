import type { FilePart, Message, ToolCallPart, ToolResultPart } from "../../ir/content.ts";
import { mapKept, type Draft } from "./list.ts";
import type { Pass } from "./rules.ts";
import { outputText } from "./text.ts";

/** Writes the results of one turn: `asked` are its calls as the caller has them, `calls` as the target will see them, and the results stand in `from` to `to`. */
type Answers = (asked: readonly ToolCallPart[], calls: readonly ToolCallPart[], from: number, to: number) => void;

export function createAnswers(messages: readonly Message[], draft: Draft<Message>, { report, target }: Pass): Answers {
  const { codec, traits } = target;
  /** Calls that have their result, by the caller's ids. */
  const answered = new Set<string>();

  return function answer(asked, calls, from, to) {
    if (isInOrder(calls, from, to)) {
      for (let index = from; index < to; index += 1) draft.push(messages[index]!);
      for (const call of asked) answered.add(call.id);
      return;
    }
    const waiting = new Map<string, number[]>();
    asked.forEach(({ id }, index) => waiting.set(id, [...(waiting.get(id) ?? []), index]));
    const results: ToolResultPart[] = [];
    const replies: Message[] = [];
    const others: Message[] = [];
    const files: FilePart[] = [];
    let count = 0;
    let ordered = true;
    for (let index = from; index < to; index += 1) {
      const message = messages[index]!;
      if (message.role !== "tool") {
        others.push(message);
        continue;
      }
      if (others.length > 0) ordered = false;
      const content = mapKept(message.content as readonly ToolResultPart[], (result, at) => {
        const place = waiting.get(result.callId)?.shift();
        if (place === undefined) {
          const known = answered.has(result.callId);
          report.at(known ? "duplicate" : "orphan", index, at);
          if (!known) others.push(asUserTurn(result));
          return undefined;
        }
        answered.add(result.callId);
        if (place !== count++) ordered = false;
        return (results[place] = settle(result, calls[place]!, files, index, at));
      });
      if (content.length > 0) replies.push(content === message.content ? message : { ...message, content });
    }
    if (ordered && count === calls.length) for (const reply of replies) draft.push(reply);
    else if (calls.length > 0) {
      const content = calls.map((call, index) => results[index] ?? missing(call));
      if (count === calls.length) report.at("order", from);
      else report.at("missing", from - 1);
      draft.push({ ...replies[0], role: "tool", content });
    }
    if (files.length > 0) draft.push({ role: "user", content: [{ type: "text", text: "Files from the tool results:" }, ...files] });
    for (const other of others) draft.push(other);
  };

  /** The usual case: nothing to do. */
  function isInOrder(calls: readonly ToolCallPart[], from: number, to: number): boolean {
    let count = 0;
    for (let index = from; index < to; index += 1) {
      const { role, content } = messages[index]!;
      if (role !== "tool") return false;
      for (const result of content as readonly ToolResultPart[]) {
        const call = calls[count++];
        if (call === undefined || !isSettled(result, call) || holdsFiles(result)) return false;
      }
    }
    return count === calls.length;
  }

  /** Anthropic takes only text in the result of a failed call; Chat Completions moves files by itself. */
  function holdsFiles({ isError, output }: ToolResultPart): boolean {
    const movable = codec !== "openai-chat" && (traits.toolResultMedia === false || (codec === "anthropic-messages" && isError === true));
    return movable && typeof output !== "string" && output.type === "content" && output.parts.some((part) => part.type === "file");
  }

  function settle(result: ToolResultPart, call: ToolCallPart, files: FilePart[], index: number, at: number): ToolResultPart {
    const { output, name } = result;
    const settled = isSettled(result, call)
      ? result
      : { ...result, callId: call.id, ...(name === undefined ? undefined : { name: call.name }), custom: call.custom === true };
    if (!holdsFiles(result) || typeof output === "string" || output.type !== "content") return settled;
    report.at("file", index, at);
    const parts = output.parts.map((part) => {
      if (part.type !== "file") return part;
      files.push(part);
      return { type: "text", text: `[${part.filename ?? part.mediaType}: see below]` } as const;
    });
    return { ...settled, output: { type: "content", parts } };
  }
}

function isSettled(result: ToolResultPart, call: ToolCallPart): boolean {
  return result.callId === call.id && (result.name ?? call.name) === call.name && (result.custom === true) === (call.custom === true);
}

function missing({ id, name, custom }: ToolCallPart): ToolResultPart {
  const result = { type: "tool-result", callId: id, name, output: "The tool call was interrupted: no result.", isError: true } as const;
  return custom === true ? { ...result, custom } : result;
}

function asUserTurn({ name, callId, output }: ToolResultPart): Message {
  const files = typeof output !== "string" && output.type === "content" ? output.parts.filter((part) => part.type === "file") : [];
  return {
    role: "user",
    content: [{ type: "text", text: `Result of ${(name ?? callId).toWellFormed()}: ${outputText(output)}` }, ...files],
  };
}
