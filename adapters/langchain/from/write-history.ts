import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage, type MessageContent } from "@langchain/core/messages";
import type { Message, Part, ProviderPart, TextPart, ToolCallPart, ToolResultPart } from "crosspoint";
import { isRecord } from "../schema.ts";
import { toBlock, toToolCall, type Block } from "../write-content.ts";
import { KEY } from "../state.ts";

/** The key of a provider part that holds a message's content as the LangChain model gave it. */
export const NATIVE = "langchain";

/** The layer's messages as LangChain's. An assistant's turn that the same model made goes back as it came. */
export function toHistory(messages: readonly Message[]): BaseMessage[] {
  return messages.flatMap((message): BaseMessage | BaseMessage[] => {
    const { role, content, name } = message;
    const parts: readonly Part[] = typeof content === "string" ? [{ type: "text", text: content }] : content;
    switch (role) {
      case "system":
        return new SystemMessage({ content: joined(parts) });
      case "user":
        return new HumanMessage({ ...contentOf(parts), ...(name === undefined ? undefined : { name }) });
      case "assistant":
        return assistant(parts);
      case "tool":
        return parts.filter((part) => part.type === "tool-result").map(toolMessage);
      default:
        return role satisfies never;
    }
  });
}

function assistant(parts: readonly Part[]): AIMessage {
  const calls = parts.filter((part): part is ToolCallPart => part.type === "tool-call").map(toToolCall);
  const fields = {
    tool_calls: calls.filter((call) => call.type === "tool_call"),
    invalid_tool_calls: calls.filter((call) => call.type === "invalid_tool_call"),
  };
  const own = parts.find((part): part is ProviderPart => part.type === "provider" && isRecord(part.raw[NATIVE]))?.raw[NATIVE];
  if (isRecord(own)) {
    const { content, additional_kwargs: extra, response_metadata: metadata } = own;
    return new AIMessage({
      ...fields,
      content: (content ?? "") as MessageContent,
      additional_kwargs: isRecord(extra) ? extra : {},
      response_metadata: isRecord(metadata) ? metadata : {},
    });
  }
  const shown = parts.filter((part) => part.type === "text" || part.type === "file" || part.type === "refusal");
  return new AIMessage({ ...fields, ...contentOf(shown) } as ConstructorParameters<typeof AIMessage>[0]);
}

/** Text is a plain string; with files it is standard blocks, and marked as such, so that every model translates them. */
function contentOf(parts: readonly Part[]): { readonly content: MessageContent; readonly response_metadata?: Record<string, unknown> } {
  if (parts.every((part) => part.type === "text" || part.type === "refusal")) return { content: joined(parts) };
  return { content: parts.map(plainBlock) as MessageContent, response_metadata: { output_version: "v1" } };
}

function plainBlock(part: Part): Block {
  const { [KEY]: _state, ...block } = part.type === "refusal" ? { type: "text", text: part.text } : toBlock(part);
  return block as Block;
}

function joined(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === "text" || part.type === "refusal" ? part.text : "")).join("");
}

function toolMessage({ callId, name, output, isError }: ToolResultPart): ToolMessage {
  const named = name === undefined ? undefined : { name };
  return new ToolMessage({ ...resultContent(output), ...named, tool_call_id: callId, status: isError === true ? "error" : "success" });
}

function resultContent(output: ToolResultPart["output"]): { readonly content: MessageContent } {
  if (typeof output === "string") return { content: output };
  switch (output.type) {
    case "text":
      return { content: output.text };
    case "json":
      return { content: JSON.stringify(output.value) };
    case "content":
      return contentOf(output.parts as readonly (TextPart | Part)[]);
    case "denied":
      return { content: output.reason ?? "The tool was not allowed to run." };
    default:
      return output satisfies never;
  }
}
