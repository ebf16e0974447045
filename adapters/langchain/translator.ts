import type { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { isRecord } from "./schema.ts";
import { KEY } from "./state.ts";
import type { Block } from "./write-content.ts";

interface Translator {
  translateContent(message: AIMessage | AIMessageChunk): Block[];
  translateContentChunk(message: AIMessage | AIMessageChunk): Block[];
}

/** LangChain's own table of translators by `model_provider`; core exports no way into it. */
const TABLE = "lc_block_translators_registry";

/**
 * Teaches LangChain the `contentBlocks` of this model's messages: without it those of a joined stream lack their calls. The table is the
 * process's, the key is ours alone.
 */
export function registerTranslator(): void {
  const table = (globalThis as { [TABLE]?: unknown })[TABLE];
  if (table instanceof Map && !table.has(KEY)) {
    table.set(KEY, { translateContent: toContentBlocks, translateContentChunk: toContentBlocks } satisfies Translator);
  }
}

function toContentBlocks({ content, tool_calls: calls = [], invalid_tool_calls: invalid = [] }: AIMessage | AIMessageChunk): Block[] {
  const blocks: Block[] = [];
  const given: readonly unknown[] = typeof content === "string" ? (content === "" ? [] : [{ type: "text", text: content }]) : content;
  for (const block of given.filter(isRecord) as Block[]) {
    const last = blocks.at(-1);
    // What belongs to a text that was streamed as a plain string comes in an empty block after it.
    if (block.type === "text" && block["text"] === "" && last?.type === "text") blocks[blocks.length - 1] = { ...block, ...last };
    else blocks.push(block);
  }
  for (const call of [...calls, ...invalid]) {
    const type = call.type ?? "tool_call";
    if (!blocks.some((block) => block.type === type && block["id"] === call.id)) blocks.push({ ...call, type });
  }
  return blocks;
}
