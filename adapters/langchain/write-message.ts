import { AIMessage, type MessageContent } from "@langchain/core/messages";
import type { InvalidToolCall, ToolCall } from "@langchain/core/messages/tool";
import type { ChatGeneration } from "@langchain/core/outputs";
import type { ModelResponse, Part } from "crosspoint";
import { KEY, stateOf } from "./state.ts";
import { toResponseMetadata, toUsageMetadata, usageField } from "./usage.ts";
import { toBlock, toToolCall, type Block } from "./write-content.ts";

/** What the parts of an answer are in the fields of a message. */
interface Written {
  readonly content: MessageContent;
  readonly tool_calls: ToolCall[];
  readonly invalid_tool_calls: InvalidToolCall[];
  readonly additional_kwargs: Record<string, unknown>;
}

/** A whole answer as generations, one for each choice; the first carries usage and cost. */
export function toGenerations(response: ModelResponse): ChatGeneration[] {
  const metadata = toResponseMetadata(response);
  const usage = toUsageMetadata(response.usage, response.cost);
  const choices = response.choices ?? [response];
  return choices.map(({ content }, index) => {
    const written = writeParts(content);
    const message = new AIMessage({
      ...written,
      response_metadata: { ...metadata },
      ...usageField(index > 0 ? undefined : usage),
    });
    return { text: message.text, message };
  });
}

/** Content is a string as long as it is plain text; otherwise it is standard blocks, numbered as a stream numbers them. */
function writeParts(parts: readonly Part[]): Written {
  const blocks: Block[] = [];
  let isPlain = true;
  let plain = "";
  const calls: ToolCall[] = [];
  const invalid: InvalidToolCall[] = [];
  const states: Record<string, unknown> = {};
  let refusal = "";
  for (const [index, part] of parts.entries()) {
    if (part.type === "tool-call") {
      const call = toToolCall(part);
      if (call.type === "tool_call") calls.push(call);
      else invalid.push(call);
      const state = stateOf(part);
      if (state !== undefined) states[part.id] = state;
    } else if (part.type === "refusal") {
      refusal += part.text;
    } else {
      const block = toBlock(part);
      blocks.push({ ...block, index });
      if (part.type === "text" && Object.keys(block).length === 2) plain += part.text;
      else isPlain = false;
    }
  }
  return {
    content: isPlain ? plain : (blocks as MessageContent),
    tool_calls: calls,
    invalid_tool_calls: invalid,
    additional_kwargs: {
      ...(refusal === "" ? undefined : { refusal }),
      ...(Object.keys(states).length === 0 ? undefined : { [KEY]: { calls: states } }),
    },
  };
}
