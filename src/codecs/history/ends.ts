import type { Message } from "../../ir/content.ts";
import type { Pass } from "./rules.ts";

/** Lets a conversation begin with the user and end as the target allows. */
export function closeEnds(messages: readonly Message[], { report, rules, target }: Pass): readonly Message[] {
  let closed = messages;
  const first = messages.findIndex((message) => message.role !== "system");
  if (rules.userFirst === true && messages[first]?.role !== "user") {
    const at = first === -1 ? messages.length : first;
    report.note("first", "messages");
    closed = messages.toSpliced(at, 0, { role: "user", content: "Continue." });
  }
  const last = closed.findLastIndex((message) => message.role !== "system");
  const message = closed[last];
  if (message?.role !== "assistant") return closed;
  if (target.traits.prefill === false) {
    report.note("last", "messages");
    return [...closed, { role: "user", content: "Continue." }];
  }
  if (target.codec !== "anthropic-messages") return closed;
  const { content } = message;
  const tail = typeof content === "string" ? undefined : content.at(-1);
  const text = typeof content === "string" ? content : tail?.type === "text" ? tail.text : "";
  if (text === text.trimEnd()) return closed;
  report.note("trim", "messages");
  const trimmed = text.trimEnd();
  return closed.with(last, {
    ...message,
    content: typeof content === "string" ? trimmed : [...content.slice(0, -1), { ...tail!, text: trimmed } as (typeof content)[number]],
  });
}
