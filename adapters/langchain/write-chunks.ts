import { AIMessageChunk, type AIMessageChunkFields, type MessageContent } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import type { ModelResponse, StreamEvent } from "crosspoint";
import { KEY, stateOf, textState, toAnnotation } from "./state.ts";
import { toResponseMetadata, toUsageMetadata, usageField } from "./usage.ts";
import { cutMark, parseArguments, toBlock, type Block } from "./write-content.ts";

/** Turns the events of one answer into chunks whose sum is the message that the whole answer gives. */
export interface ChunkWriter {
  /** The chunks of one event: none, or one. */
  write(event: StreamEvent): ChatGenerationChunk | undefined;
  /** The last chunk: usage, cost and all else that must come once. */
  finish(response: ModelResponse): ChatGenerationChunk;
}

interface OpenBlock {
  readonly index: number;
  readonly kind: "text" | "refusal" | "reasoning" | "call";
  readonly name?: string;
  readonly start: object;
  arguments: string;
  custom?: boolean;
}

/**
 * `standard`: content is blocks from the first chunk on, calls among them (`outputVersion: "v1"`); otherwise it is plain text for as long as
 * the answer is.
 */
export function createChunkWriter(standard: boolean): ChunkWriter {
  const blocks = new Map<string, OpenBlock>();
  let next = 0;
  let isPlain = !standard;

  const open = (event: { readonly id: string }, block: Omit<OpenBlock, "index" | "arguments">): OpenBlock => {
    const opened: OpenBlock = { ...block, index: next++, arguments: "" };
    blocks.set(event.id, opened);
    return opened;
  };
  const ofBlock = (block: Block, index: number): ChatGenerationChunk => {
    isPlain = false;
    return chunk("", { content: [{ ...block, index }] as MessageContent });
  };

  return {
    write(event) {
      // Only the first of several answers can be streamed.
      if ("choice" in event && (event.choice ?? 0) > 0) return undefined;
      switch (event.type) {
        case "text-start":
          open(event, { kind: event.refusal === true ? "refusal" : "text", start: startState(event) });
          return undefined;
        case "text-delta": {
          const block = blocks.get(event.id);
          if (block === undefined) return undefined;
          if (block.kind === "refusal") return chunk("", { content: "", additional_kwargs: { refusal: event.text } });
          if (isPlain) return chunk(event.text, { content: event.text });
          return chunk(event.text, { content: [{ type: "text", text: event.text, index: block.index }] });
        }
        case "text-end": {
          const block = blocks.get(event.id);
          if (block?.kind !== "text") return undefined;
          const { citations, opaque } = event;
          const state = textState({ ...block.start, ...(opaque === undefined ? undefined : { opaque }) });
          if (state === undefined && citations === undefined) return undefined;
          return ofBlock(
            {
              type: "text",
              text: "",
              ...(citations === undefined ? undefined : { annotations: citations.map(toAnnotation) }),
              ...(state === undefined ? undefined : { [KEY]: state }),
            },
            block.index,
          );
        }
        case "reasoning-start": {
          const block = open(event, { kind: "reasoning", start: startState(event) });
          return ofBlock({ type: "reasoning", reasoning: "" }, block.index);
        }
        case "reasoning-delta": {
          const block = blocks.get(event.id);
          return block === undefined ? undefined : ofBlock({ type: "reasoning", reasoning: event.text }, block.index);
        }
        case "reasoning-end": {
          const block = blocks.get(event.id);
          const state =
            block === undefined
              ? undefined
              : stateOf({ ...block.start, ...(event.opaque === undefined ? undefined : { opaque: event.opaque }) });
          return state === undefined ? undefined : ofBlock({ type: "reasoning", reasoning: "", [KEY]: state }, block!.index);
        }
        case "tool-call-start": {
          const block = open(event, {
            kind: "call",
            name: event.name,
            start: startState(event),
            ...(event.custom === true ? { custom: true } : undefined),
          });
          return callChunk({ id: event.id, name: event.name, args: "", index: block.index }, block);
        }
        case "tool-call-delta": {
          const block = blocks.get(event.id);
          if (block === undefined) return undefined;
          block.arguments += event.arguments;
          return callChunk({ args: event.arguments, index: block.index }, block);
        }
        case "tool-call-end": {
          const block = blocks.get(event.id);
          if (block === undefined) return undefined;
          const { opaque, callId } = event;
          const state = stateOf({
            ...block.start,
            ...(opaque === undefined ? undefined : { opaque }),
            ...(callId === undefined || callId === event.id ? undefined : { callId }),
          });
          const extra = state === undefined ? undefined : { additional_kwargs: { [KEY]: { calls: { [event.id]: state } } } };
          if (isCut(block)) return callChunk({ args: cutMark(block.arguments), index: block.index }, block, extra);
          if (!standard) return extra === undefined ? undefined : chunk("", { content: "", ...extra });
          const call = toBlock({ ...block.start, type: "tool-call", id: event.id, name: block.name!, arguments: block.arguments });
          return chunk("", { content: [{ ...call, index: block.index }] as MessageContent, ...extra });
        }
        case "part":
          return ofBlock(toBlock(event.part), next++);
        case "response-start":
        case "response-restart":
        case "response-end":
          return undefined;
        default:
          return event satisfies never;
      }
    },
    finish(response) {
      const usage = toUsageMetadata(response.usage, response.cost);
      return chunk("", {
        content: "",
        response_metadata: toResponseMetadata(response),
        ...usageField(usage),
      });
    },
  };
}

/** What a block's start says of the part that it becomes. */
export function startState(event: object): Record<string, unknown> {
  const state = { ...event } as Record<string, unknown>;
  for (const key of ["type", "id", "name", "choice", "refusal"]) delete state[key];
  return state;
}

function isCut({ custom, arguments: given }: OpenBlock): boolean {
  return custom !== true && parseArguments(given) === undefined;
}

function callChunk(
  call: { readonly id?: string; readonly name?: string; readonly args: string; readonly index: number },
  block: OpenBlock,
  extra?: AIMessageChunkFields,
): ChatGenerationChunk {
  return chunk("", {
    content: "",
    ...extra,
    tool_call_chunks: [{ ...call, type: "tool_call_chunk", ...(block.custom === true ? { isCustomTool: true } : undefined) }],
  });
}

function chunk(text: string, fields: AIMessageChunkFields): ChatGenerationChunk {
  return new ChatGenerationChunk({ text, message: new AIMessageChunk(fields) });
}
