import {
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  type UsageMetadata,
} from "@langchain/core/messages";
import { concat } from "@langchain/core/utils/stream";
import { ChatCrosspoint } from "crosspoint/langchain";
import type { Face, Told } from "./face.ts";
import { QUESTION, REPORT_SCHEMA, resultOf, SYSTEM, TOOLS } from "./script.ts";

type Answer = AIMessage | AIMessageChunk;

export const langchain: Face = {
  title: "ChatCrosspoint",
  async converse(crosspoint, model, streamed) {
    const chat = new ChatCrosspoint({ crosspoint, model, reasoning: { effort: "low", visibility: "detailed" } }).withConfig({
      tools: Object.entries(TOOLS).map(([name, { description, inputSchema }]) => ({
        type: "function",
        function: { name, description, parameters: inputSchema },
      })),
      response_format: { type: "json_schema", json_schema: { name: "report", schema: REPORT_SCHEMA, strict: true } },
    });
    const ask = async (messages: BaseMessage[]): Promise<Answer> => {
      if (!streamed) return chat.invoke(messages);
      let sum: AIMessageChunk | undefined;
      for await (const chunk of await chat.stream(messages)) sum = sum === undefined ? chunk : concat(sum, chunk);
      return sum!;
    };
    const question = [new SystemMessage(SYSTEM), new HumanMessage(QUESTION)];
    const first = await ask(question);
    const results = first.tool_calls!.map(({ id, name }) => new ToolMessage({ content: resultOf(name), tool_call_id: id!, name }));
    const second = await ask([...question, first, ...results]);
    return [told(first), told(second)];
  },
};

function told(message: Answer): Told {
  const { response_metadata: metadata } = message;
  const usage = message.usage_metadata as UsageMetadata | undefined;
  const blocks = message.contentBlocks as readonly { readonly type: string; readonly reasoning?: string }[];
  return {
    text: message.text,
    reasoning: blocks.map((block) => (block.type === "reasoning" ? (block.reasoning ?? "") : "")).join(""),
    calls: message.tool_calls!.map(({ id, name, args }) => ({ id: id!, name, arguments: args })),
    usage: {
      input: usage?.input_tokens,
      cacheRead: usage?.input_token_details?.cache_read,
      cacheWrite: usage?.input_token_details?.cache_creation,
      output: usage?.output_tokens,
      reasoning: usage?.output_token_details?.reasoning,
      total: usage?.total_tokens,
    },
    cost: metadata["cost"] as number | undefined,
  };
}
