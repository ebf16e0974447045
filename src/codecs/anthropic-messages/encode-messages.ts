import { reportUnsupported } from "../codec.ts";
import type { Message, Part, ReasoningPart, ToolResultPart } from "../../ir/content.ts";
import { optionsFor } from "../../ir/target.ts";
import { encodeCitations } from "./citations.ts";
import { encodeCache, seal, type Encoding } from "./encoding.ts";
import { encodeFile } from "./files.ts";
import { CODEC, put, toInput, toText, type Block, type Draft } from "./wire.ts";

type Drafted = Block & Draft;

interface Turn {
  readonly role: "user" | "assistant";
  /** Tool results stand before everything else of their turn. */
  readonly results: Drafted[];
  readonly blocks: Drafted[];
}

export interface EncodedMessages {
  readonly system: Drafted[];
  readonly messages: Draft[];
}

/** Merges neighbours of one role, puts tool results into user turns, and takes leading system messages out. */
export function encodeMessages(messages: readonly Message[], encoding: Encoding): EncodedMessages {
  const { target, warnings, betas } = encoding;
  const system: Drafted[] = [];
  const encoded: Draft[] = [];
  let turn: Turn | undefined;

  const push = (role: string, blocks: readonly Drafted[]): void => {
    if (blocks.length > 0) encoded.push({ role, content: compact(blocks) });
  };
  const close = (): void => {
    if (turn !== undefined) push(turn.role, turn.results.length > 0 ? [...turn.results, ...turn.blocks] : turn.blocks);
    turn = undefined;
  };
  const enter = (role: Turn["role"]): Turn => {
    if (turn?.role !== role) {
      close();
      turn = { role, results: [], blocks: [] };
    }
    return turn!;
  };

  for (const [index, message] of messages.entries()) {
    const blocks = encodeContent(message, `messages[${index}]`, encoding);
    if (blocks.length === 0) continue;
    if (message.role !== "system") {
      const { results, blocks: others } = enter(message.role === "assistant" ? "assistant" : "user");
      for (const block of blocks) (block.type === "tool_result" ? results : others).push(block);
    } else if (turn === undefined && encoded.length === 0) system.push(...blocks);
    else if (target.traits.lateSystem) {
      close();
      push("system", blocks);
      betas.add("mid-conversation-system-2026-04-07");
    } else {
      warnings.push({ type: "compatibility", feature: `messages[${index}]`, details: "a late system message became a user message" });
      enter("user").blocks.push(...blocks);
    }
  }
  if (turn?.role === "assistant") trimPrefill(turn.blocks);
  close();
  return { system, messages: encoded };
}

/** The API refuses an answer to be continued that ends in white space. */
function trimPrefill(blocks: Drafted[]): void {
  const last = blocks.at(-1);
  if (last?.type === "text") (last as Draft)["text"] = (last["text"] as string).trimEnd();
}

/** A lone text without extras is a string. */
export function compact(blocks: readonly Drafted[]): string | readonly Drafted[] {
  const [first] = blocks;
  return blocks.length === 1 && first!.type === "text" && Object.keys(first!).length === 2 ? (first!["text"] as string) : blocks;
}

function encodeContent({ role, content, cache }: Message, feature: string, encoding: Encoding): Drafted[] {
  const blocks: Drafted[] = [];
  if (typeof content === "string") {
    if (/\S/.test(content)) blocks.push({ type: "text", text: content });
  } else {
    for (const [index, part] of content.entries()) {
      const place = `${feature}.content[${index}]`;
      const block = encodePart(part, role, place, encoding);
      if (block !== undefined) blocks.push(seal(block, part.cache, optionsFor(part.providerOptions, encoding.target), encoding));
    }
  }
  if (cache !== undefined) {
    const last: Draft | undefined = blocks.findLast(({ type }) => !type.endsWith("thinking"));
    if (last !== undefined && last["cache_control"] === undefined) {
      last["cache_control"] = encodeCache(cache);
      encoding.marks.push(last);
    }
  }
  return blocks;
}

function encodePart(part: Part, role: Message["role"], feature: string, encoding: Encoding): Drafted | undefined {
  const { target, warnings, betas } = encoding;
  const drop = (details: string): undefined => {
    reportUnsupported(target, warnings, feature, details);
  };
  switch (part.type) {
    case "text":
    case "refusal": {
      if (!/\S/.test(part.text)) return undefined;
      const block: Drafted = { type: "text", text: part.text };
      if (part.type === "text" && role === "assistant") put(block, "citations", encodeCitations(part.citations, target.family));
      return block;
    }
    case "source":
      return undefined;
    case "provider":
      return part.codec === CODEC && part.family === target.family
        ? ({ ...part.raw } as Drafted)
        : drop(`a block that only ${part.family} understands`);
    case "file":
      if (role !== "user" && role !== "tool") return drop(`the wire has no files in ${role} messages`);
      if (part.data.type === "id") betas.add("files-api-2025-04-14");
      if (part.detail !== undefined && part.detail !== "auto")
        reportUnsupported(target, warnings, `${feature}.detail`, "the wire has no such field");
      return encodeFile(part, feature, target);
    case "reasoning":
      return role === "assistant"
        ? (encodeReasoning(part, encoding) ?? (part.text === "" ? undefined : drop("reasoning without its signature")))
        : undefined;
    case "tool-call":
      return role === "assistant"
        ? { type: "tool_use", id: part.id, name: part.name, input: part.custom ? { input: part.arguments } : toInput(part.arguments) }
        : drop(`a tool call in a ${role} message`);
    case "tool-result":
      return role === "user" || role === "tool" ? encodeResult(part, feature, encoding) : drop(`a tool result in a ${role} message`);
    default:
      return part satisfies never;
  }
}

function encodeReasoning({ text, opaque }: ReasoningPart, { target }: Encoding): Drafted | undefined {
  for (const { family, kind, data } of opaque ?? []) {
    if (family !== target.family) continue;
    if (kind === "signature") return { type: "thinking", thinking: text, signature: data };
    if (kind === "redacted") return { type: "redacted_thinking", data };
  }
  return undefined;
}

function encodeResult({ callId, output, isError }: ToolResultPart, feature: string, encoding: Encoding): Drafted {
  const block: Drafted = { type: "tool_result", tool_use_id: callId };
  if (typeof output === "string" || output.type === "text")
    put(block, "content", (typeof output === "string" ? output : output.text) || undefined);
  else if (output.type === "json") block["content"] = toText(output.value);
  else if (output.type === "denied") block["content"] = output.reason ?? "Tool call execution denied.";
  else {
    const parts: Drafted[] = [];
    for (const [index, part] of output.parts.entries()) {
      const place = `${feature}.output.parts[${index}]`;
      if (part.type === "file" && !/^(image\/|text\/|application\/pdf)/.test(part.mediaType)) {
        reportUnsupported(encoding.target, encoding.warnings, place, `a tool result cannot hold ${part.mediaType}`);
        continue;
      }
      const inner = encodePart(part, "tool", place, encoding);
      if (inner !== undefined) parts.push(seal(inner, part.cache, optionsFor(part.providerOptions, encoding.target), encoding));
    }
    if (parts.length > 0) block["content"] = compact(parts);
  }
  put(block, "is_error", isError);
  return block;
}
