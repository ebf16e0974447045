import type { InvalidToolCall, ToolCall } from "@langchain/core/messages/tool";
import type { FilePart, Part, ToolCallPart } from "crosspoint";
import { isRecord } from "./schema.ts";
import { KEY, stateOf, textState, toAnnotation } from "./state.ts";

/** A block of LangChain's standard content. */
export type Block = { readonly type: string } & Record<string, unknown>;

/** The block of a part; a tool call has one only where content holds calls (`outputVersion: "v1"`). */
export function toBlock(part: Part): Block {
  const state = part.type === "text" ? textState(part) : stateOf(part);
  const own = state === undefined ? undefined : { [KEY]: state };
  switch (part.type) {
    case "text":
      return {
        type: "text",
        text: part.text,
        ...(part.citations === undefined ? undefined : { annotations: part.citations.map(toAnnotation) }),
        ...own,
      };
    case "reasoning":
      return { type: "reasoning", reasoning: part.text, ...own };
    case "file":
      return fileBlock(part, own);
    case "tool-call": {
      const call = toToolCall(part);
      return { ...call, type: call.type!, ...own };
    }
    case "refusal":
      return { type: "non_standard", value: { type: "refusal", refusal: part.text } };
    case "provider":
      return serverBlock(part.raw, part) ?? { type: "non_standard", value: { ...part.raw, [KEY]: part } };
    case "source":
    case "tool-result":
      return { type: "non_standard", value: { [KEY]: part } };
    default:
      return part satisfies never;
  }
}

/** A call whose arguments are a JSON object, or an invalid one: a call that was cut must not run. */
export function toToolCall(
  part: ToolCallPart,
): (ToolCall & { readonly type: "tool_call" }) | (InvalidToolCall & { readonly type: "invalid_tool_call" }) {
  const { id, name } = part;
  if (part.custom === true)
    return { type: "tool_call", id, name, args: { input: part.arguments }, isCustomTool: true } as ToolCall & {
      readonly type: "tool_call";
    };
  const args = parseArguments(part.arguments);
  if (args !== undefined) return { type: "tool_call", id, name, args };
  return { type: "invalid_tool_call", id, name, args: part.arguments, error: "The arguments are not a JSON object." };
}

/**
 * Follows the arguments of a streamed call that are no JSON object. Joined chunks are read leniently: a call that was cut off would count as
 * complete, and run. After this escape, which JSON does not have, they are invalid wherever they were cut.
 */
export const CUT = String.raw`\q`;

/** The mark for these arguments: a backslash that stands open at their end is its first half. */
export function cutMark(given: string): string {
  const open = /\\*$/.exec(given)![0].length % 2 === 1;
  return open ? CUT.slice(1) : CUT;
}

/** The arguments of a call; `undefined` when they are no JSON object. */
export function parseArguments(given: string): Record<string, unknown> | undefined {
  if (given.trim() === "") return {};
  try {
    const args: unknown = JSON.parse(given);
    return isRecord(args) ? args : undefined;
  } catch {
    return undefined;
  }
}

function fileBlock({ mediaType, data, filename, title, transcript }: FilePart, own: object | undefined): Block {
  const kind = mediaType.split("/")[0]!;
  const type = kind === "image" || kind === "audio" || kind === "video" ? kind : data.type === "text" ? "text-plain" : "file";
  const metadata = {
    ...(filename === undefined ? undefined : { filename }),
    ...(title === undefined ? undefined : { title }),
    ...(transcript === undefined ? undefined : { transcript }),
  };
  const where =
    data.type === "url"
      ? { url: data.url }
      : data.type === "id"
        ? { fileId: data.id }
        : data.type === "text"
          ? { text: data.text }
          : { data: data.type === "bytes" ? data.bytes : data.base64 };
  return { type, mimeType: mediaType, ...where, ...(Object.keys(metadata).length === 0 ? undefined : { metadata }), ...own };
}

/** The tools that the provider ran, in LangChain's standard form. */
function serverBlock(raw: Readonly<Record<string, unknown>>, part: Part): Block | undefined {
  const { type, id, name, input, tool_use_id: toolUseId, content } = raw;
  if (typeof type !== "string") return undefined;
  const own = { [KEY]: { part } };
  if (type === "server_tool_use") return { type: "server_tool_call", id, name, args: input ?? {}, ...own };
  if (type.endsWith("_tool_result")) {
    const failed = isRecord(content) && String(content["type"]).endsWith("_error");
    return { type: "server_tool_call_result", toolCallId: toolUseId, status: failed ? "error" : "success", output: { content }, ...own };
  }
  if (/^(?:web_search|file_search|code_interpreter|image_generation|mcp|computer)_call$/.test(type)) {
    return { type: "server_tool_call", id, name: type.slice(0, -5), args: raw["action"] ?? raw["arguments"] ?? {}, ...own };
  }
  return undefined;
}
