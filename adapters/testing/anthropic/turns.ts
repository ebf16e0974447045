import { objects, object, text, type JsonObject } from "../core/json.ts";
import { first } from "../core/shape.ts";
import type { Failure, WireContext } from "../core/turn.ts";
import { thinkingSubject, REDACTED_SUBJECT } from "./answer.ts";
import { anthropicInvalid } from "./errors.ts";
import { atLeast } from "./models.ts";
import { blocks } from "./read.ts";

interface Turn {
  readonly role: string;
  /** Index of its first message. */
  readonly index: number;
  readonly content: readonly JsonObject[];
}

/** What is wrong with the order of messages and blocks, if anything. */
export function turnProblem(body: JsonObject, context: WireContext): Failure | undefined {
  const turns = mergeTurns(body);
  return first([
    () => roles(turns, context),
    () => ending(turns, body),
    () => toolPairs(turns),
    () => signatures(turns, text(body["model"]), context),
    () => thinkingFirst(turns, body),
  ]);
}

/** Adjacent messages of one role are one turn to the API. */
function mergeTurns(body: JsonObject): readonly Turn[] {
  const turns: Turn[] = [];
  for (const [index, message] of objects(body["messages"]).entries()) {
    const role = text(message["role"]);
    const last = turns.at(-1);
    if (last?.role === role) turns[turns.length - 1] = { ...last, content: [...last.content, ...blocks(message["content"])] };
    else turns.push({ role, index, content: blocks(message["content"]) });
  }
  return turns;
}

function roles(turns: readonly Turn[], context: WireContext): Failure | undefined {
  const newest = context.headers["anthropic-version"] === "2026-10-21" || context.headers["anthropic-beta"] !== undefined;
  if (!newest && turns.some((turn) => turn.role === "system")) {
    return anthropicInvalid(
      'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
    );
  }
  return turns[0]?.role === "user" ? undefined : anthropicInvalid('messages: first message must use the "user" role');
}

function ending(turns: readonly Turn[], body: JsonObject): Failure | undefined {
  const last = turns.at(-1);
  const block = last?.content.at(-1);
  if (last?.role !== "assistant" || block?.["type"] !== "text") return undefined;
  if (atLeast(text(body["model"]), 4.6))
    return anthropicInvalid("This model does not support assistant message prefill. The conversation must end with a user message.");
  return /\s$/.test(text(block["text"]))
    ? anthropicInvalid("messages: final assistant content cannot end with trailing whitespace")
    : undefined;
}

function toolPairs(turns: readonly Turn[]): Failure | undefined {
  const seen = new Set<string>();
  for (const [at, turn] of turns.entries()) {
    const called = ids(turn, "tool_use", "id");
    if (called.some((id, index) => seen.has(id) || called.indexOf(id) !== index))
      return anthropicInvalid("messages: `tool_use` ids must be unique");
    for (const id of called) seen.add(id);
    const next = turns[at + 1];
    const firstOther = next?.content.findIndex((block) => block["type"] !== "tool_result") ?? 0;
    const leading =
      next === undefined || next.role !== "user"
        ? []
        : next.content.slice(0, firstOther < 0 ? undefined : firstOther).map((block) => text(block["tool_use_id"]));
    const unanswered = called.filter((id) => !leading.includes(id));
    if (unanswered.length > 0) {
      return anthropicInvalid(
        `messages.${turn.index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${unanswered.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
      );
    }
    const problem = resultProblem(turn, turns[at - 1]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function resultProblem(turn: Turn, previous: Turn | undefined): Failure | undefined {
  const results = ids(turn, "tool_result", "tool_use_id");
  const called = previous?.role === "assistant" ? ids(previous, "tool_use", "id") : [];
  const foreign = results.find((id) => !called.includes(id));
  if (foreign !== undefined) {
    return anthropicInvalid(
      `messages.${turn.index}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${foreign}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
    );
  }
  const twice = results.find((id, index) => results.indexOf(id) !== index);
  return twice === undefined
    ? undefined
    : anthropicInvalid(
        `messages.${turn.index}.content: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${twice}`,
      );
}

function ids(turn: Turn, type: string, key: string): readonly string[] {
  return turn.content.filter((block) => block["type"] === type).map((block) => text(block[key]));
}

function signatures(turns: readonly Turn[], model: string, context: WireContext): Failure | undefined {
  return first(
    turns.flatMap((turn) =>
      turn.content.map((block, at) => () => {
        const where = `messages.${turn.index}.content.${at}`;
        if (
          block["type"] === "thinking" &&
          context.signer.verify(text(block["signature"]), model, thinkingSubject(text(block["thinking"]))) !== "valid"
        ) {
          return anthropicInvalid(`${where}: Invalid \`signature\` in \`thinking\` block`);
        }
        if (block["type"] === "redacted_thinking" && context.signer.verify(text(block["data"]), model, REDACTED_SUBJECT) !== "valid") {
          return anthropicInvalid(`${where}: Invalid \`data\` in \`redacted_thinking\` block`);
        }
        return turn.role !== "assistant" && text(block["type"]).endsWith("thinking")
          ? anthropicInvalid(`${where}: \`thinking\` blocks may only be in assistant messages`)
          : undefined;
      }),
    ),
  );
}

/** With a thinking budget, a tool-use turn is continued only with the thinking that led to it. */
function thinkingFirst(turns: readonly Turn[], body: JsonObject): Failure | undefined {
  if (object(body["thinking"])["type"] !== "enabled") return undefined;
  const lastUser = turns.findLastIndex((turn) => turn.role === "user" && turn.content.some((block) => block["type"] !== "tool_result"));
  const asked = turns.findIndex((turn, at) => at > lastUser && turn.role === "assistant");
  const turn = turns[asked];
  const start = text(turn?.content[0]?.["type"]);
  if (turn === undefined || ids(turn, "tool_use", "id").length === 0 || start === "thinking" || start === "redacted_thinking")
    return undefined;
  return anthropicInvalid(
    `messages.${turn.index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${start}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks). To avoid this requirement, disable \`thinking\`.`,
  );
}
