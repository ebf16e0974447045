import type { EncodeContext, StreamEncoder } from "../codec.ts";
import { CrosspointError } from "../../ir/error.ts";
import type {
  ReasoningEnd,
  ReasoningStart,
  ResponseEnd,
  StreamEvent,
  TextEnd,
  TextStart,
  ToolCallEnd,
  ToolCallStart,
} from "../../ir/event.ts";
import type { JSONObject } from "../../ir/json.ts";
import { encodeCitations } from "./citations.ts";
import { carried, encodeMessage, encodePart, encodeStop, toolUse } from "./encode-response.ts";
import { errorBody } from "./errors.ts";
import { encodeUsage } from "./usage.ts";
import { CODEC, FAMILY, isObject, type Block } from "./wire.ts";

type BlockEnd = TextEnd | ReasoningEnd | ToolCallEnd;

/** The block that is being written. Text and reasoning are opened by their first words, so that empty ones do not show. */
interface Active {
  readonly start: TextStart | ReasoningStart | ToolCallStart;
  /** The literal text of a delta frame up to its words; absent while the block is not opened. */
  prefix?: string;
}

const DELTAS = {
  "text-start": ["text_delta", "text"],
  "reasoning-start": ["thinking_delta", "thinking"],
  "tool-call-start": ["input_json_delta", "partial_json"],
} as const;

const frame = (data: JSONObject & { readonly type: string }): string => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * Only the first of several answers shows. Blocks are sequential on this wire: what belongs to a later block waits until the earlier one ends. An answer that begins
 * anew cannot be shown, because what was sent cannot be taken back: the stream fails.
 */
export function encodeStream(context: EncodeContext): StreamEncoder {
  let begun = false;
  let ended = false;
  let index = 0;
  let active: Active | undefined;
  /** Blocks that started while another was being written, in order, with the events that came for them. */
  let waiting = new Map<string, StreamEvent[]>();
  let parts = 0;

  const begin = (id?: string, model = ""): string => {
    if (begun) return "";
    begun = true;
    const message = encodeMessage({ ...(id !== undefined && { id }), model, usage: { input: {}, output: {} } }, [], context);
    return frame({ type: "message_start", message });
  };
  const openBlock = (content_block: Block): string => frame({ type: "content_block_start", index, content_block });
  const closeBlock = (): string => frame({ type: "content_block_stop", index: index++ });
  const change = (delta: JSONObject): string => frame({ type: "content_block_delta", index, delta });

  const whole = (block: Block): string => {
    const { input } = block;
    const calls = isObject(input) && block.type.endsWith("tool_use") && Object.keys(input).length > 0;
    if (!calls) return openBlock(block) + closeBlock();
    return openBlock({ ...block, input: {} }) + change({ type: "input_json_delta", partial_json: JSON.stringify(input) }) + closeBlock();
  };

  const carrier = (data: string): string =>
    openBlock({ type: "thinking", thinking: "", signature: "" }) + change({ type: "signature_delta", signature: data }) + closeBlock();

  const open = (current: Active, block: Block): string => {
    const [type, key] = DELTAS[current.start.type];
    const text = openBlock(block);
    current.prefix = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{"type":"${type}","${key}":`;
    return text;
  };

  const words = (current: Active, text: string): string => {
    if (text === "") return "";
    let out = "";
    if (current.prefix === undefined) {
      out = open(
        current,
        current.start.type === "text-start"
          ? { type: "text", text: "", citations: null }
          : { type: "thinking", thinking: "", signature: "" },
      );
    }
    return `${out}${current.prefix}${JSON.stringify(text)}}}\n\n`;
  };

  const finishBlock = (current: Active, event: BlockEnd): string => {
    let out = "";
    if (event.type === "text-end") {
      for (const citation of encodeCitations(event.citations, FAMILY) ?? [])
        if (current.prefix !== undefined) out += change({ type: "citations_delta", citation });
    } else if (event.type === "reasoning-end") {
      const state = carried(event.opaque);
      if (current.prefix === undefined && state !== undefined)
        return state.redacted ? whole({ type: "redacted_thinking", data: state.data }) : carrier(state.data);
      if (state !== undefined) out = change({ type: "signature_delta", signature: state.data });
    }
    return current.prefix === undefined ? "" : out + closeBlock();
  };

  /**
   * Shows one event. State of another family stands before its text or call, so it can be carried only when the block's end is
   * in the same `batch` (there calls that come whole have it); later it is left out, as the wire knows no place for it.
   */
  const show = (event: StreamEvent, batch: readonly StreamEvent[]): string => {
    switch (event.type) {
      case "response-start":
        return begin(event.id, event.model);
      case "text-start":
      case "reasoning-start":
      case "tool-call-start": {
        if (event.choice) return "";
        if (active !== undefined || waiting.size > 0) {
          waiting.set(event.id, [event]);
          return "";
        }
        active = { start: event };
        if (event.type === "reasoning-start") return begin();
        const ending = batch.find((each): each is BlockEnd => each.type.endsWith("-end") && (each as BlockEnd).id === event.id);
        const state = carried(ending?.opaque);
        const before = begin() + (state === undefined ? "" : carrier(state.data));
        if (event.type === "text-start") return before;
        const id = (ending?.type === "tool-call-end" ? ending.callId : undefined) ?? event.id;
        return before + open(active, toolUse(id, event.name, event.providerOptions?.[CODEC]));
      }
      case "text-delta":
      case "reasoning-delta":
      case "tool-call-delta":
        if (active?.start.id !== event.id) return wait(event.id, event);
        return words(active, event.type === "tool-call-delta" ? event.arguments : event.text);
      case "text-end":
      case "reasoning-end":
      case "tool-call-end": {
        if (active?.start.id !== event.id) return wait(event.id, event);
        const current = active;
        active = undefined;
        return finishBlock(current, event) + drain();
      }
      case "part": {
        if (event.choice) return "";
        if (active !== undefined || waiting.size > 0) {
          waiting.set(`part ${parts++}`, [event]);
          return "";
        }
        return begin() + encodePart(event.part).map(whole).join("");
      }
      case "response-restart":
        return fail(new CrosspointError("STREAM_INTERRUPTED", `the answer began anew after a part of it was sent: ${event.reason}`));
      case "response-end":
        return begin() + endResponse(event);
      default:
        return event satisfies never;
    }
  };

  const wait = (id: string, event: StreamEvent): string => {
    waiting.get(id)?.push(event);
    return "";
  };

  /** Writes what waited, up to the first block that is not complete. */
  const drain = (): string => {
    let out = "";
    while (active === undefined && waiting.size > 0) {
      const queue = waiting;
      const [id, events] = queue.entries().next().value!;
      queue.delete(id);
      waiting = new Map();
      for (const event of events) out += show(event, events);
      waiting = queue;
    }
    return out;
  };

  const endResponse = ({ finishReason, usage, cost, providerMetadata }: ResponseEnd): string => {
    let out = "";
    while (active !== undefined) {
      out += active.prefix === undefined ? "" : closeBlock();
      active = undefined;
      out += drain();
    }
    ended = true;
    const { stop_details: _details, container: _container, ...metadata } = providerMetadata?.[FAMILY] ?? {};
    const extension = context.extension?.({ ...(usage !== undefined && { usage }), ...(cost !== undefined && { cost }) });
    return (
      out +
      frame({
        type: "message_delta",
        delta: encodeStop({ finishReason, ...(providerMetadata !== undefined && { providerMetadata }) }),
        ...metadata,
        usage: encodeUsage(usage),
        ...(extension !== undefined && { crosspoint: extension }),
      }) +
      frame({ type: "message_stop" })
    );
  };

  const fail = (error: CrosspointError): string => {
    if (ended) return "";
    ended = true;
    return frame(errorBody(error));
  };

  return {
    push(events) {
      let out = "";
      for (const event of events) if (!ended) out += show(event, events);
      return out;
    },
    fail,
  };
}
