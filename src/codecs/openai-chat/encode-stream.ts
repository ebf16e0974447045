import { CrosspointError } from "../../ir/error.ts";
import type { ResponseEnd, StreamEvent } from "../../ir/event.ts";
import type { JSONObject, JSONValue } from "../../ir/json.ts";
import type { EncodeContext, StreamEncoder } from "../codec.ts";
import { annotations, audioField, imageField, logprobsField } from "./answer-fields.ts";
import { encodeCallState, encodeDetails, type Thought } from "./carriers.ts";
import { fingerprint } from "./encode-response.ts";
import { errorBody } from "./errors.ts";
import { WIRE_REASON } from "./finish-reason.ts";
import { tierField } from "./service-tier.ts";
import { encodeUsage } from "./usage.ts";
import { asText, compact, type Wire } from "./wire.ts";

interface ChoiceState {
  readonly index: number;
  calls: number;
  /** Length of the text so far, where annotations of the next part begin. */
  length: number;
  readonly thoughts: Thought[];
}

/** A block that is being written: the frame around its delta, made once. */
interface Block {
  readonly kind: "text" | "reasoning" | "call";
  readonly choice: ChoiceState;
  readonly prefix: string;
  readonly suffix: string;
  /** Where its text begins in the choice's text. */
  readonly offset: number;
  readonly thought?: Thought;
  /** The place of a call among the calls of its choice. */
  readonly place?: number;
  readonly custom?: boolean;
  empty: boolean;
}

const DONE = "data: [DONE]\n\n";
/** Stands in a frame for the delta that is written in its place. */
const HOLE = "\u0000";
const HOLE_TEXT = JSON.stringify(HOLE);

export function encodeStream(context: EncodeContext): StreamEncoder {
  const legacy = context.client.legacyFunctions === true;
  const choices: ChoiceState[] = [];
  const blocks = new Map<string, Block>();
  let head = "";
  let last: { readonly id: string; readonly block: Block } | undefined;
  let closed = false;

  const begin = (id?: string, created?: number, model?: string): void => {
    const fields = {
      id: id ?? context.newId("chatcmpl"),
      object: "chat.completion.chunk",
      created: created ?? context.now,
      model: asText(model) ?? context.client.request.model,
    };
    head = `data: ${JSON.stringify(fields).slice(0, -1)},`;
  };
  const frame = (fields: JSONObject): string => `${head}${JSON.stringify(fields).slice(1)}\n\n`;
  const chunk = (choice: ChoiceState, delta: JSONValue, reason: string | null = null, more?: JSONObject): string =>
    frame({ choices: [{ index: choice.index, delta, finish_reason: reason }], ...more });

  /** The state of a choice; its first frame, with the role, goes to `text.out`. */
  const choiceAt = (index: number, text: { out: string }): ChoiceState => {
    while (choices.length <= index) {
      if (head === "") begin();
      const choice: ChoiceState = { index: choices.length, calls: 0, length: 0, thoughts: [] };
      choices.push(choice);
      text.out += chunk(choice, { role: "assistant", content: "" });
    }
    return choices[index]!;
  };

  const open = (
    id: string,
    block: Pick<Block, "kind" | "choice" | "place" | "custom" | "thought">,
    delta: JSONObject | undefined,
  ): void => {
    const [prefix = "", suffix = ""] = delta === undefined ? [] : chunk(block.choice, delta).split(HOLE_TEXT);
    const made: Block = { ...block, prefix, suffix, offset: block.choice.length, empty: true };
    blocks.set(id, made);
    last = { id, block: made };
  };
  const blockOf = (id: string): Block => {
    if (last?.id === id) return last.block;
    const block = blocks.get(id);
    if (block === undefined) throw new CrosspointError("BAD_RESPONSE", `the stream continues block "${id}", which was not started`);
    last = { id, block };
    return block;
  };
  const write = (id: string, text: string): string => {
    const block = blockOf(id);
    if (text === "" || block.prefix === "") return "";
    block.empty = false;
    if (block.kind === "text") block.choice.length += text.length;
    if (block.thought !== undefined) block.thought.text += text;
    return block.prefix + JSON.stringify(text) + block.suffix;
  };

  const finish = (event: ResponseEnd, text: { out: string }): void => {
    choiceAt(event.otherFinishReasons?.length ?? 0, text);
    const usage = encodeUsage(event.usage);
    const tail = compact<Wire>({
      service_tier: tierField(event.serviceTier),
      system_fingerprint: fingerprint(event.providerMetadata),
      crosspoint: context.extension?.(compact({ usage: event.usage, cost: event.cost })),
    });
    const withUsage = context.client.includeUsage === true && usage !== undefined;
    for (const choice of choices) {
      const details = encodeDetails(choice.thoughts, false);
      if (details !== undefined) text.out += chunk(choice, { reasoning_details: details });
      const unified = (choice.index === 0 ? event.finishReason : event.otherFinishReasons?.[choice.index - 1])?.unified ?? "other";
      const reason = WIRE_REASON[unified];
      const isLast = choice.index === choices.length - 1;
      text.out += chunk(choice, {}, legacy && reason === "tool_calls" ? "function_call" : reason, isLast && !withUsage ? tail : undefined);
    }
    if (withUsage) text.out += frame({ choices: [], usage, ...tail });
    text.out += DONE;
    closed = true;
  };

  const fail = (error: CrosspointError): string => {
    if (closed) return "";
    closed = true;
    return `data: ${JSON.stringify(errorBody(error))}\n\n${DONE}`;
  };

  const encode = (event: StreamEvent, text: { out: string }, batch: readonly StreamEvent[]): void => {
    switch (event.type) {
      case "text-delta":
        if (event.logprobs === undefined) text.out += write(event.id, event.text);
        else {
          const { choice } = blockOf(event.id);
          choice.length += event.text.length;
          const logprobs = logprobsField(event.logprobs);
          text.out += frame({ choices: [{ index: choice.index, delta: { content: event.text }, logprobs, finish_reason: null }] });
        }
        break;
      case "reasoning-delta":
        text.out += write(event.id, event.text);
        break;
      case "tool-call-delta":
        text.out += write(event.id, event.arguments);
        break;
      case "response-start":
        begin(event.id, event.created, event.model);
        choiceAt(0, text);
        break;
      case "text-start":
        open(
          event.id,
          { kind: "text", choice: choiceAt(event.choice ?? 0, text) },
          { [event.refusal === true ? "refusal" : "content"]: HOLE },
        );
        break;
      case "reasoning-start": {
        const choice = choiceAt(event.choice ?? 0, text);
        const thought: Thought = { text: "" };
        choice.thoughts.push(thought);
        open(event.id, { kind: "reasoning", choice, thought }, { reasoning_content: HOLE });
        break;
      }
      case "tool-call-start": {
        const { name, custom } = event;
        const choice = choiceAt(event.choice ?? 0, text);
        const place = choice.calls++;
        // A provisional id cannot be taken back: the settled one is written when the batch has it already.
        const ending = batch.find((each) => each.type === "tool-call-end" && each.id === event.id);
        const id = (ending?.type === "tool-call-end" ? ending.callId : undefined) ?? event.id;
        const block = { kind: "call", choice, place, ...(custom === undefined ? undefined : { custom }) } as const;
        if (legacy) {
          if (place === 0) text.out += chunk(choice, { function_call: { name, arguments: "" } });
          open(event.id, block, place === 0 ? { function_call: { arguments: HOLE } } : undefined);
        } else if (custom === true) {
          text.out += chunk(choice, { tool_calls: [{ index: place, id, type: "custom", custom: { name, input: "" } }] });
          open(event.id, block, { tool_calls: [{ index: place, custom: { input: HOLE } }] });
        } else {
          text.out += chunk(choice, { tool_calls: [{ index: place, id, type: "function", function: { name, arguments: "" } }] });
          open(event.id, block, { tool_calls: [{ index: place, function: { arguments: HOLE } }] });
        }
        break;
      }
      case "text-end": {
        const { choice, offset } = blockOf(event.id);
        const notes = event.citations === undefined ? [] : annotations({ type: "text", text: "", citations: event.citations }, offset);
        if (notes.length > 0) text.out += chunk(choice, { annotations: notes });
        blocks.delete(event.id);
        last = undefined;
        break;
      }
      case "reasoning-end": {
        const { thought } = blockOf(event.id);
        if (event.opaque !== undefined) thought!.opaque = event.opaque;
        blocks.delete(event.id);
        last = undefined;
        break;
      }
      case "tool-call-end": {
        const { choice, place, custom, empty } = blockOf(event.id);
        if (empty && custom !== true) text.out += write(event.id, "{}");
        const state = legacy ? undefined : encodeCallState(event.opaque);
        if (state !== undefined) text.out += chunk(choice, { tool_calls: [{ index: place, ...state }] });
        blocks.delete(event.id);
        last = undefined;
        break;
      }
      case "part": {
        const choice = choiceAt(event.choice ?? 0, text);
        const { part } = event;
        if (part.type === "source") {
          const notes = annotations(part, 0);
          if (notes.length > 0) text.out += chunk(choice, { annotations: notes });
        } else if (part.type === "file") {
          const audio = audioField(part);
          const image = imageField(part);
          if (audio !== undefined) text.out += chunk(choice, { audio });
          if (image !== undefined) text.out += chunk(choice, { images: [image] });
        }
        break;
      }
      case "response-restart":
        text.out += fail(new CrosspointError("STREAM_INTERRUPTED", `the answer began anew: ${event.reason}`));
        break;
      case "response-end":
        finish(event, text);
        break;
      default:
        event satisfies never;
    }
  };

  return {
    push(events) {
      const text = { out: "" };
      for (const event of events) {
        if (closed) break;
        encode(event, text, events);
      }
      return text.out;
    },
    fail,
  };
}
