import type { FilePart, Message, Part, ToolResultPart } from "../../ir/content.ts";
import { CrosspointError } from "../../ir/error.ts";
import type { ModelTraits } from "../../ir/target.ts";
import type { JSONValue } from "../../ir/json.ts";
import { createDraft, mapKept } from "./list.ts";
import type { Change } from "./report.ts";
import type { Pass } from "./rules.ts";
import { canReplay, keepState, without } from "./state.ts";
import { mendJSON, mendText, plainText } from "./text.ts";

/**
 * Makes every part one that the target takes, and leaves out those it cannot. Afterwards tool messages hold nothing but
 * results, and no other message holds any.
 */
export function repairParts(messages: readonly Message[], pass: Pass): readonly Message[] {
  const { report, target } = pass;
  const draft = createDraft(messages);
  let unlinked = false;
  for (let index = 0; index < messages.length; index += 1) {
    const message = messages[index]!;
    if (message.role !== "assistant") unlinked = false;
    let kept = message;
    let mixed = message.role === "tool";
    if (typeof message.content === "string") {
      if (!message.content.isWellFormed()) {
        report.at("mended", index);
        kept = { ...message, content: message.content.toWellFormed() };
      }
    } else {
      mixed = false;
      let content = mapKept(message.content, (part, at) => {
        const fits = holds(message.role, part.type);
        if (!fits) report.at("misplaced", index, at);
        const repaired = fits ? repairPart(part, message, pass, index, at) : undefined;
        if (repaired !== undefined) mixed ||= (part.type === "tool-result") !== (message.role === "tool");
        else if (part.type === "reasoning") unlinked = true;
        return repaired;
      });
      // An item whose reasoning is gone must not go by its id: the provider would ask for the reasoning.
      if (unlinked && target.codec === "openai-responses") {
        const linked = content;
        content = mapKept(linked, (part) => (part.itemId === undefined || part.type === "reasoning" ? part : without(part, "itemId")));
        if (content !== linked) report.at("items", index);
      }
      if (content !== message.content) kept = { ...message, content };
    }
    if (mixed) report.at("roles", index);
    for (const each of mixed ? splitByRole(kept) : [kept]) {
      if (isHollow(each, pass)) {
        report.at("empty", index);
        continue;
      }
      if (draft.size !== index) report.origin[draft.size] = index;
      draft.push(each);
    }
  }
  return draft.result();
}

/** Whether the wire has no words for the message, and would refuse it; `reasoning` counts as none where it cannot stand alone. */
export function isHollow({ role, content }: Message, { rules }: Pass, reasoning = false): boolean {
  const isBlank = (text: string): boolean => rules.blank?.test(text) ?? (text === "" && role === "assistant");
  if (typeof content === "string") return isBlank(content);
  return content.every(
    (part) =>
      part.type === "source" ||
      (reasoning && part.type === "reasoning") ||
      ((part.type === "text" || part.type === "refusal") && isBlank(part.text) && !part.opaque?.length),
  );
}

function holds(role: Message["role"], type: Part["type"]): boolean {
  return role === "assistant" || type === "text" || type === "file" || type === "provider" || (type === "tool-result" && role !== "system");
}

function splitByRole(message: Message): readonly Message[] {
  const { content } = message;
  const parts: readonly Part[] = typeof content === "string" ? [{ type: "text", text: content }] : content;
  const own = message.role === "tool" ? "user" : message.role;
  const split: Message[] = [];
  let run: Part[] = [];
  for (const part of parts) {
    const role = part.type === "tool-result" ? "tool" : own;
    if (split.at(-1)?.role !== role) split.push({ ...(role === message.role ? message : undefined), role, content: (run = []) });
    run.push(part);
  }
  return split;
}

function repairPart<T extends Part>(part: T, message: Message, pass: Pass, index: number, at: number): Part | undefined {
  const { report, rules, target } = pass;
  const note = (change: Change): void => report.at(change, index, at);
  let kept: Part = part;
  if (part.opaque !== undefined) {
    kept = keepState<Part>(part, (opaque) => {
      if (canReplay(opaque, target)) return true;
      note(opaque.family === "sealed" ? "sealed" : "state");
      return false;
    });
  }
  const mended = mendText(kept);
  if (mended !== kept) note("mended");
  kept = mended;
  switch (kept.type) {
    case "text":
    case "refusal":
      // Gemini's signature may stand on an empty text.
      if (rules.blank?.test(kept.text) !== true || (target.codec === "gemini" && kept.opaque?.length)) return kept;
      note("empty");
      return undefined;
    case "reasoning":
      if (isReplayable(kept, message, pass, at)) return kept;
      note("reasoning");
      return undefined;
    case "file":
      return repairFile(kept, pass, note, `messages[${report.origin[index] ?? index}].content[${at}]`);
    case "provider": {
      if (kept.codec === target.codec && (kept.family === target.family || kept.family === target.codec)) return kept;
      note("provider");
      const text = plainText(kept.raw);
      return text === undefined ? undefined : { type: "text", text };
    }
    case "tool-result":
      return repairResult(kept, note, (each) => repairPart(each, message, pass, index, at));
    case "tool-call":
    case "source":
      return kept;
    default:
      return kept satisfies never;
  }
}

function isReplayable(kept: Part, message: Message, { request, target }: Pass, at: number): boolean {
  if (kept.opaque !== undefined && kept.opaque.length > 0) return true;
  const parts = message.content as readonly Part[];
  const isOwn = (part: Part): boolean => part.type !== "provider" && part.opaque?.some((each) => canReplay(each, target)) === true;
  // One item of reasoning may be several parts, and the state stands on the last.
  let holder = parts[at];
  for (let next = at; holder?.type === "reasoning" && !holder.opaque?.length;) holder = parts[++next];
  if (holder?.type === "reasoning" && !isOwn(holder)) return false;
  switch (target.codec) {
    case "openai-chat":
      return true;
    case "openai-responses":
      if (holder?.type === "reasoning") return true;
      return kept.itemId !== undefined && request.store === true && target.quirks.stateless !== true;
    case "gemini":
      // The signature often stands on the part after the thoughts: they are its own when any part beside them is.
      return parts.some(isOwn);
    case "anthropic-messages":
      return false;
    default:
      return target.codec satisfies never;
  }
}

type Media = NonNullable<ModelTraits["input"]>[number];

function repairFile(part: FilePart, { target }: Pass, note: (change: Change) => void, feature: string): Part {
  const { data, mediaType, filename } = part;
  if (data.type === "id" && data.family !== target.family) {
    throw new CrosspointError(
      "UNSUPPORTED",
      `the file "${data.id}" in ${feature} was uploaded to ${data.family}; ${target.provider} cannot read it`,
      {
        provider: target.provider,
        model: target.model,
        param: feature,
      },
    );
  }
  const kind = mediaType === "application/pdf" ? "pdf" : mediaType.split("/")[0]!;
  if (/^(?:image|audio|video|pdf)$/.test(kind) && target.traits.input?.includes(kind as Media) === false) {
    note("media");
    return { type: "text", text: `[${filename ?? mediaType}: ${kind} left out]` };
  }
  const mended = mendText(data);
  if (mended === data) return part;
  note("mended");
  return { ...part, data: mended };
}

function repairResult(part: ToolResultPart, note: (change: Change) => void, repair: (part: Part) => Part | undefined): ToolResultPart {
  const { output } = part;
  if (typeof output === "string") return part;
  if (output.type === "content") {
    const parts = mapKept<Part>(output.parts, repair);
    return parts === output.parts ? part : { ...part, output: { ...output, parts: parts as typeof output.parts } };
  }
  const mended = output.type === "json" ? mendJSON(output.value) : mendText(output);
  if (mended === (output.type === "json" ? output.value : output)) return part;
  note("mended");
  return { ...part, output: output.type === "json" ? { ...output, value: mended as JSONValue } : (mended as typeof output) };
}
