import type { Message, Part, ToolCallPart } from "../../ir/content.ts";
import { createAnswers } from "./answers.ts";
import { createDraft, mapKept } from "./list.ts";
import { isHollow } from "./parts.ts";
import { scopeOf, type Pass } from "./rules.ts";

/**
 * Puts each assistant turn's tool results directly behind it, one for every call and in the order of the calls, under ids and
 * names that the target takes. Other messages that came between follow the results.
 */
export function orderTurns(messages: readonly Message[], pass: Pass): readonly Message[] {
  const { report, target } = pass;
  const draft = createDraft(messages);
  const answer = createAnswers(messages, draft, pass);
  for (let start = 0; start < messages.length;) {
    const { role } = messages[start]!;
    if (role !== "assistant" && role !== "tool") {
      draft.push(messages[start]!);
      start += 1;
      continue;
    }
    // Assistant messages in a row are one turn.
    const asked: ToolCallPart[] = [];
    const calls: ToolCallPart[] = [];
    const turn: Message[] = [];
    let scattered = false;
    let end = start;
    for (; messages[end]?.role === "assistant"; end += 1) {
      scattered ||= calls.length > 0;
      turn.push(takeCalls(messages[end]!, end, asked, calls));
    }
    if (scattered && target.codec === "openai-chat") {
      report.at("merge", start);
      turn.splice(0, turn.length, { ...turn[0]!, content: turn.flatMap(partsOf) });
    }
    // Thoughts alone are no turn: a wire that takes them wants something behind them.
    const alone = target.quirks.replayReasoning === undefined;
    if (calls.length === 0 && turn.length > 0 && turn.every((message) => isHollow(message, pass, alone))) report.at("empty", start);
    else for (const message of turn) draft.push(message);
    // Results count until the assistant speaks again; what else was said meanwhile goes behind them.
    let stop = end;
    if (calls.length > 0 || turn.length === 0) {
      for (let next = end; next < messages.length && messages[next]!.role !== "assistant"; next += 1)
        if (messages[next]!.role === "tool") stop = next + 1;
      answer(asked, calls, end, stop);
    }
    start = stop;
  }
  return draft.result();

  function takeCalls(message: Message, index: number, asked: ToolCallPart[], calls: ToolCallPart[]): Message {
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

function partsOf({ content }: Message): readonly Part[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}
