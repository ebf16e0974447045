import type { Citation, Part, ReasoningStart, StreamEvent, TextStart, TokenLogprob, ToolCallStart } from "crosspoint";
import { createExecutedCalls, viewBlock } from "./executed.ts";
import { writeFileData } from "./file-data.ts";
import { stateMetadata } from "./part-state.ts";
import { isJSON } from "./prompt.ts";
import { createSources } from "./sources.ts";
import type { ToolNames } from "./tools.ts";
import type { ContentPart, Json, JsonObject, OwnPartV4, SharedPart, StreamPart, ToolCallPart } from "./types.ts";

/** Turns one answer into parts of the AI SDK, whole or as it comes. */
export interface PartWriter {
  /** The parts of a whole answer. */
  whole(part: Part): ContentPart[];
  /** Adds what an event shows to `out`. */
  event(event: Exclude<StreamEvent, { type: "response-start" | "response-end" | "response-restart" }>, out: StreamPart[]): void;
}

interface Open {
  readonly start: TextStart | ReasoningStart | ToolCallStart;
  text: string;
  logprobs?: TokenLogprob[];
}

export function createPartWriter(names: ToolNames): PartWriter {
  const sources = createSources();
  const calls = createExecutedCalls();
  const open = new Map<string, Open>();

  const shared = (part: Part): SharedPart<OwnPartV4>[] => {
    switch (part.type) {
      case "file": {
        const data = writeFileData(part.data);
        const metadata = withMetadata(stateMetadata(part));
        if (data !== undefined) return [{ type: "file", mediaType: part.mediaType, data, ...metadata }];
        return [{ type: "custom", kind: "crosspoint.file", providerMetadata: { crosspoint: { file: part.data as unknown as Json } } }];
      }
      case "source":
        return sources.tell(part.source);
      case "provider":
        return viewBlock(part, names, calls);
      default:
        return [];
    }
  };
  const toCall = (part: { readonly name: string; readonly custom?: boolean }, id: string, text: string, state: object): ToolCallPart => {
    const sound = part.custom === true || text === "" || isJSON(text);
    return {
      type: "tool-call",
      toolCallId: id,
      toolName: names.toCaller(part.name) ?? part.name,
      input: part.custom === true ? JSON.stringify(text) : text === "" ? "{}" : text,
      ...withMetadata(stateMetadata(state, sound ? undefined : { arguments: text })),
    };
  };

  return {
    whole(part) {
      switch (part.type) {
        case "text": {
          const { citations = [] } = part;
          const text: ContentPart = {
            type: "text",
            text: part.text,
            ...(citations.length === 0 ? undefined : { citations: sources.cite(citations) }),
            ...withMetadata(stateMetadata(part, rawCitations(citations))),
          };
          return citations.length === 0
            ? [text]
            : [text, ...(text as { citations: { source: ContentPart }[] }).citations.map(({ source }) => source)];
        }
        case "refusal":
          return [{ type: "text", text: part.text, ...withMetadata(stateMetadata(part, { refusal: true })) }];
        case "reasoning":
          return [{ type: "reasoning", text: part.text, ...withMetadata(stateMetadata(part)) }];
        case "tool-call":
          return [toCall(part, part.id, part.arguments, part)];
        default:
          return shared(part);
      }
    },
    event(event, out) {
      switch (event.type) {
        case "text-delta": {
          out.push({ type: "text-delta", id: event.id, delta: event.text });
          if (event.logprobs !== undefined) (open.get(event.id)!.logprobs ??= []).push(...event.logprobs);
          break;
        }
        case "reasoning-delta":
          out.push({ type: "reasoning-delta", id: event.id, delta: event.text });
          break;
        case "tool-call-delta":
          out.push({ type: "tool-input-delta", id: event.id, delta: event.arguments });
          open.get(event.id)!.text += event.arguments;
          break;
        case "text-start":
        case "reasoning-start":
          open.set(event.id, { start: event, text: "" });
          out.push({ type: event.type, id: event.id });
          break;
        case "tool-call-start":
          open.set(event.id, { start: event, text: "" });
          out.push({
            type: "tool-input-start",
            id: event.id,
            toolName: names.toCaller(event.name) ?? event.name,
            ...(event.custom === true ? { inputEncoding: "text" } : undefined),
          });
          break;
        case "text-end": {
          const { start, logprobs } = open.get(event.id)!;
          const { citations = [], opaque } = event;
          for (const { source } of citations) out.push(...sources.tell(source));
          const state = {
            ...start,
            ...(opaque === undefined ? undefined : { opaque }),
            ...(logprobs === undefined ? undefined : { logprobs }),
          };
          const more = { ...rawCitations(citations), ...((start as TextStart).refusal === true ? { refusal: true } : undefined) };
          out.push({
            type: "text-end",
            id: event.id,
            ...(citations.length === 0 ? undefined : { citations: sources.cite(citations) }),
            ...withMetadata(stateMetadata(state, Object.keys(more).length === 0 ? undefined : more)),
          });
          open.delete(event.id);
          break;
        }
        case "reasoning-end": {
          const { start } = open.get(event.id)!;
          const state = event.opaque === undefined ? start : { ...start, opaque: event.opaque };
          out.push({ type: "reasoning-end", id: event.id, ...withMetadata(stateMetadata(state)) });
          open.delete(event.id);
          break;
        }
        case "tool-call-end": {
          const { start, text } = open.get(event.id)!;
          const state = event.opaque === undefined ? start : { ...start, opaque: event.opaque };
          out.push({ type: "tool-input-end", id: event.id });
          out.push(toCall(start as ToolCallStart, event.callId ?? event.id, text, state));
          open.delete(event.id);
          break;
        }
        case "part":
          out.push(...shared(event.part));
          break;
        default:
          event satisfies never;
      }
    },
  };
}

/** Citations in the provider's own form, without which it would not take its answer back unchanged. */
function rawCitations(citations: readonly Citation[]): JsonObject | undefined {
  return citations.some((each) => each.raw !== undefined) ? { citations: citations as unknown as Json } : undefined;
}

function withMetadata<T>(providerMetadata: T | undefined): { providerMetadata: T } | undefined {
  return providerMetadata === undefined ? undefined : { providerMetadata };
}
