import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import type { ContentBlock } from "@langchain/core/messages";
import type { Citation, ModelResponse, Opaque, Part, StreamEvent } from "crosspoint";
import { startState } from "./write-chunks.ts";
import { toResponseMetadata, toUsageMetadata } from "./usage.ts";
import { toBlock, type Block } from "./write-content.ts";

/** Turns the events of one answer into LangChain's. */
export interface EventWriter {
  write(event: StreamEvent): readonly ChatModelStreamEvent[];
  /** The last events: usage, cost and why the answer ended. */
  finish(response: ModelResponse): readonly ChatModelStreamEvent[];
}

interface OpenBlock {
  readonly index: number;
  readonly type: "text" | "refusal" | "reasoning" | "tool-call";
  readonly id: string;
  readonly name: string;
  readonly state: object;
  content: string;
}

const FINISH: Readonly<Partial<Record<ModelResponse["finishReason"]["unified"], "stop" | "length" | "tool_use" | "content_filter">>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_use",
  "content-filter": "content_filter",
};

const NONE: readonly ChatModelStreamEvent[] = [];

export function createEventWriter(): EventWriter {
  const blocks = new Map<string, OpenBlock>();
  let next = 0;

  const open = (
    event: { readonly id: string; readonly name?: string },
    type: OpenBlock["type"],
    content: Block | undefined,
  ): readonly ChatModelStreamEvent[] => {
    const block: OpenBlock = { index: next++, type, id: event.id, name: event.name ?? "", state: startState(event), content: "" };
    blocks.set(event.id, block);
    return content === undefined ? NONE : [{ event: "content-block-start", index: block.index, content: content as ContentBlock }];
  };
  const close = (event: {
    readonly id: string;
    readonly callId?: string;
    readonly opaque?: readonly Opaque[];
    readonly citations?: readonly Citation[];
  }): readonly ChatModelStreamEvent[] => {
    const block = blocks.get(event.id);
    if (block === undefined) return NONE;
    const { opaque, citations } = event;
    const content = toBlock({
      ...block.state,
      ...(opaque === undefined ? undefined : { opaque }),
      ...(citations === undefined ? undefined : { citations }),
      ...partOf(block),
      ...(event.callId === undefined ? undefined : { id: event.callId }),
    } as Part) as ContentBlock;
    const finish: ChatModelStreamEvent = { event: "content-block-finish", index: block.index, content };
    return block.type === "refusal" ? [{ event: "content-block-start", index: block.index, content }, finish] : [finish];
  };

  return {
    write(event) {
      // Only the first of several answers can be streamed.
      if ("choice" in event && (event.choice ?? 0) > 0) return NONE;
      switch (event.type) {
        case "response-start":
          return [{ event: "message-start" }];
        case "text-start":
          return event.refusal === true ? open(event, "refusal", undefined) : open(event, "text", { type: "text", text: "" });
        case "text-delta": {
          const block = blocks.get(event.id);
          if (block === undefined) return NONE;
          block.content += event.text;
          return block.type === "refusal"
            ? NONE
            : [{ event: "content-block-delta", index: block.index, delta: { type: "text-delta", text: event.text } }];
        }
        case "reasoning-start":
          return open(event, "reasoning", { type: "reasoning", reasoning: "" });
        case "reasoning-delta": {
          const block = blocks.get(event.id);
          if (block === undefined) return NONE;
          block.content += event.text;
          return [{ event: "content-block-delta", index: block.index, delta: { type: "reasoning-delta", reasoning: event.text } }];
        }
        case "tool-call-start":
          return open(event, "tool-call", { type: "tool_call_chunk", id: event.id, name: event.name, args: "", index: next });
        case "tool-call-delta": {
          const block = blocks.get(event.id);
          if (block === undefined) return NONE;
          block.content += event.arguments;
          // Fields replace what was there: arguments are the running text.
          const fields = { type: "tool_call_chunk", id: block.id, name: block.name, args: block.content };
          return [{ event: "content-block-delta", index: block.index, delta: { type: "block-delta", fields } }];
        }
        case "text-end":
        case "reasoning-end":
        case "tool-call-end":
          return close(event);
        case "part": {
          const content = toBlock(event.part) as ContentBlock;
          const index = next++;
          return [
            { event: "content-block-start", index, content },
            { event: "content-block-finish", index, content },
          ];
        }
        case "response-restart":
        case "response-end":
          return NONE;
        default:
          return event satisfies never;
      }
    },
    finish(response) {
      const usage = toUsageMetadata(response.usage, response.cost);
      const reason = FINISH[response.finishReason.unified];
      return [
        ...(usage === undefined ? [] : [{ event: "usage", usage } as const]),
        {
          event: "message-finish",
          ...(reason === undefined ? undefined : { reason }),
          ...(usage === undefined ? undefined : { usage }),
          responseMetadata: toResponseMetadata(response),
        },
      ];
    },
  };
}

function partOf({ type, content, id, name }: OpenBlock): object {
  return type === "tool-call" ? { type, id, name, arguments: content } : { type, text: content };
}
