import type { FilePart, Message, Part, ToolCallPart, ToolResultPart } from "../../ir/content.ts";
import { createDraft, mapKept } from "./list.ts";
import { isHollow } from "./parts.ts";
import { scopeOf, type Pass } from "./rules.ts";
import { outputText } from "./text.ts";

const partsOf = ({ content }: Message): readonly Part[] => (typeof content === "string" ? [{ type: "text", text: content }] : content);

/**
 * Puts each assistant turn's tool results directly behind it, one for every call and in the order of the calls, under ids and
 * names that the target takes. Other messages that came between follow the results.
 */
export function orderTurns(messages: readonly Message[], pass: Pass): readonly Message[] {
  const { report, target } = pass;
  const draft = createDraft(messages);
  /** Calls that have their result, by the caller's ids. */
  const answered = new Set<string>();
  for (let start = 0; start < messages.length;) {
    const asked: ToolCallPart[] = [];
    const calls: ToolCallPart[] = [];
    const turn: Message[] = [];
    let scattered = false;
    let end = start;
    for (; messages[end]?.role === "assistant"; end += 1) {
      scattered ||= calls.length > 0;
      turn.push(takeCalls(messages[end]!, end));
    }
    if (scattered && target.codec === "openai-chat") {
      report.at("merge", start);
      turn.splice(0, turn.length, { ...turn[0]!, content: turn.flatMap(partsOf) });
    }
    // Thoughts alone are no turn: a wire that takes them wants something behind them.
    const alone = target.quirks.replayReasoning === undefined;
    if (calls.length === 0 && turn.length > 0 && turn.every((message) => isHollow(message, pass, alone))) report.at("empty", start);
    else turn.forEach(draft.push);
    // Results count until the assistant speaks again; what else was said meanwhile goes behind them.
    let stop = end;
    let interleaved = false;
    for (let next = end; next < messages.length && messages[next]!.role !== "assistant"; next += 1) {
      if (messages[next]!.role !== "tool") continue;
      interleaved ||= next !== stop;
      stop = next + 1;
    }
    if (stop === end && calls.length === 0) {
      for (; end < messages.length && messages[end]!.role !== "assistant"; end += 1) draft.push(messages[end]!);
    } else answer(asked, calls, end, stop, interleaved);
    start = Math.max(end, stop);

    function takeCalls(message: Message, index: number): Message {
      if (typeof message.content === "string") return message;
      const content = mapKept(message.content, (part, at) => {
        if (part.type !== "tool-call") return part;
        const id = pass.ids.claim(part.id);
        const name = pass.names.of(part.name, scopeOf(part, target));
        if (id !== part.id) report.at("id", index, at);
        if (name !== part.name) report.at("name", index, at);
        const call = id === part.id && name === part.name ? part : { ...part, id, name };
        asked.push(part);
        calls.push(call);
        return call;
      });
      return content === message.content ? message : { ...message, content };
    }
  }
  return draft.result();

  function answer(asked: readonly ToolCallPart[], calls: readonly ToolCallPart[], from: number, to: number, interleaved: boolean): void {
    const results: ToolResultPart[] = Array.from({ length: calls.length });
    const replies: Message[] = [];
    const others: Message[] = [];
    const files: FilePart[] = [];
    let count = 0;
    let highest = -1;
    let waiting: Map<string, number[]> | undefined;
    const take = (id: string): number | undefined => {
      if (waiting === undefined && asked[count]?.id === id) return count;
      if (waiting === undefined) {
        waiting = new Map();
        for (let index = count; index < asked.length; index += 1) {
          const key = asked[index]!.id;
          const queue = waiting.get(key);
          if (queue === undefined) waiting.set(key, [index]);
          else queue.push(index);
        }
      }
      return waiting.get(id)?.shift();
    };
    for (let index = from; index < to; index += 1) {
      const message = messages[index]!;
      if (message.role !== "tool") {
        others.push(message);
        continue;
      }
      const content = mapKept(message.content as readonly ToolResultPart[], (result, at) => {
        const place = take(result.callId);
        if (place === undefined) {
          const known = answered.has(result.callId);
          report.at(known ? "duplicate" : "orphan", index, at);
          if (!known) others.push(asUserTurn(result));
          return undefined;
        }
        answered.add(result.callId);
        if (place < highest) report.at("order", index, at);
        highest = Math.max(highest, place);
        count += 1;
        return (results[place] = settle(result, calls[place]!, index, at));
      });
      replies.push(content === message.content ? message : { ...message, content });
    }
    if (waiting === undefined && !interleaved && count === calls.length) replies.forEach(draft.push);
    else if (calls.length > 0) {
      if (interleaved) report.at("order", from);
      const content = calls.map(({ id, name, custom }, index): ToolResultPart => {
        if (results[index] !== undefined) return results[index];
        report.at("missing", from - 1);
        const missing = {
          type: "tool-result",
          callId: id,
          name,
          output: "The tool call was interrupted: no result.",
          isError: true,
        } as const;
        return custom === true ? { ...missing, custom } : missing;
      });
      draft.push({ ...replies[0], role: "tool", content });
    }
    if (files.length > 0) draft.push({ role: "user", content: [{ type: "text", text: "Files from the tool results:" }, ...files] });
    others.forEach(draft.push);

    function settle(result: ToolResultPart, call: ToolCallPart, index: number, at: number): ToolResultPart {
      let settled = result;
      const { output, name } = result;
      const custom = call.custom === true;
      if (result.callId !== call.id || (name !== undefined && name !== call.name) || (result.custom === true) !== custom) {
        settled = { ...result, callId: call.id, ...(name === undefined ? undefined : { name: call.name }), custom };
      }
      // Anthropic takes only text in the result of a failed call.
      const { codec, traits } = target;
      const movable =
        codec !== "openai-chat" && (traits.toolResultMedia === false || (codec === "anthropic-messages" && result.isError === true));
      if (!movable || typeof output === "string" || output.type !== "content") return settled;
      const parts = mapKept(output.parts, (part) => {
        if (part.type !== "file") return part;
        files.push(part);
        return { type: "text", text: `[${part.filename ?? part.mediaType}: see below]` } as const;
      });
      if (parts === output.parts) return settled;
      report.at("file", index, at);
      return { ...settled, output: { type: "content", parts } };
    }
  }
}

function asUserTurn({ name, callId, output }: ToolResultPart): Message {
  const files = typeof output !== "string" && output.type === "content" ? output.parts.filter((part) => part.type === "file") : [];
  return {
    role: "user",
    content: [{ type: "text", text: `Result of ${(name ?? callId).toWellFormed()}: ${outputText(output)}` }, ...files],
  };
}
