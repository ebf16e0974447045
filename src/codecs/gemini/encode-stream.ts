import type { Part } from "../../ir/content.ts";
import { CrosspointError } from "../../ir/error.ts";
import type { ReasoningStart, ResponseEnd, ResponseStart, StreamEvent, TextStart, ToolCallStart } from "../../ir/event.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { EncodeContext, StreamEncoder } from "../codec.ts";
import { candidateFields, closingFields, createTime, encodeAnswerPart, isBlocked, shareOf, type Collected } from "./answer-parts.ts";
import { encodeError } from "./errors.ts";
import { encodeFinishReason } from "./finish-reason.ts";
import { encodeLogprobs } from "./logprobs.ts";

interface Block {
  readonly start: TextStart | ReasoningStart | ToolCallStart;
  /** What comes before the JSON string of a delta's text. */
  readonly head: string;
  readonly tail: string;
  text: string;
}

/** Frames as the service sends them: no event names, no end mark. */
export function encodeStream(context: EncodeContext): StreamEncoder {
  const blocks = new Map<string, Block>();
  const collected: Collected[] = [];
  let names = "";
  let answered = false;
  let failed = false;

  const frame = (fields: string): string => `data: {${fields}${names}}\r\n\r\n`;
  const around = (parts: string, choice: number, extra = ""): string =>
    `"candidates":[{"content":{"parts":[${parts}],"role":"model"},"index":${choice}${extra}}]`;
  const notes = (choice: number): Collected => (collected[choice] ??= { texts: [], sources: [] });
  const whole = (part: Part, choice = 0): string => {
    const encoded = encodeAnswerPart(part, notes(choice));
    if (encoded === undefined) return "";
    answered = true;
    return frame(around(JSON.stringify(encoded), choice));
  };

  const identify = ({ id, model, created }: Omit<ResponseStart, "type">): void => {
    const fields = {
      modelVersion: model ?? context.client.request.model,
      ...createTime(created),
      responseId: id ?? context.newId("resp"),
    };
    names = `,${JSON.stringify(fields).slice(1, -1)}`;
  };

  const open = (start: Block["start"]): void => {
    const [head, tail] = frame(around(`{"text":\0${start.type === "reasoning-start" ? ',"thought":true' : ""}}`, start.choice ?? 0)).split(
      "\0",
    );
    blocks.set(start.id, { start, head: head!, tail: tail!, text: "" });
  };

  const delta = (event: Extract<StreamEvent, { type: "text-delta" | "reasoning-delta" }>): string => {
    const block = blocks.get(event.id);
    if (block === undefined || event.text === "") return "";
    answered = true;
    if (event.type === "text-delta") {
      block.text += event.text;
      if (event.logprobs !== undefined) {
        const extra = `,"logprobsResult":${JSON.stringify(encodeLogprobs(event.logprobs) ?? {})}`;
        return frame(around(`{"text":${JSON.stringify(event.text)}}`, block.start.choice ?? 0, extra));
      }
    }
    return block.head + JSON.stringify(event.text) + block.tail;
  };

  const close = (event: Extract<StreamEvent, { type: "text-end" | "reasoning-end" | "tool-call-end" }>): string => {
    const { id, opaque } = event;
    const block = blocks.get(id);
    if (block === undefined) return "";
    blocks.delete(id);
    const { start, text } = block;
    const state = opaque === undefined ? undefined : { opaque };
    if (start.type === "tool-call-start") {
      const callId = (event.type === "tool-call-end" && event.callId) || id;
      return whole(
        {
          type: "tool-call",
          id: callId,
          name: start.name,
          arguments: text,
          ...(start.custom === true ? { custom: true } : undefined),
          ...state,
        },
        start.choice,
      );
    }
    if (event.type === "text-end" && event.citations !== undefined)
      notes(start.choice ?? 0).texts.push({ text, citations: event.citations });
    return whole({ type: start.type === "text-start" ? "text" : "reasoning", text: "", ...state }, start.choice);
  };

  const finish = ({ finishReason, otherFinishReasons = [], providerMetadata, usage, cost }: ResponseEnd): string => {
    const closing = closingFields(providerMetadata, usage, context.extension?.(shareOf(usage, cost)));
    const candidates: JSONObject[] =
      isBlocked(providerMetadata) && !answered
        ? []
        : [finishReason, ...otherFinishReasons].map((reason, index) => ({
            content: { parts: [{ text: "" }], role: "model" },
            finishReason: encodeFinishReason(reason),
            index,
            ...candidateFields(providerMetadata, index, notes(index)),
          }));
    return frame(JSON.stringify({ ...(candidates.length === 0 ? undefined : { candidates }), ...closing }).slice(1, -1)).replace("{,", "{");
  };

  const fail = (error: CrosspointError): string => {
    failed = true;
    return `data: ${JSON.stringify(encodeError(error).body)}\r\n\r\n`;
  };

  const encode = (event: StreamEvent): string => {
    switch (event.type) {
      case "response-start":
        identify(event);
        return "";
      case "text-start":
      case "reasoning-start":
      case "tool-call-start":
        if (names === "") identify({});
        open(event);
        return "";
      case "text-delta":
      case "reasoning-delta":
        return delta(event);
      case "tool-call-delta": {
        const block = blocks.get(event.id);
        if (block !== undefined) block.text += event.arguments;
        return "";
      }
      case "text-end":
      case "reasoning-end":
      case "tool-call-end":
        return close(event);
      case "part":
        return whole(event.part, event.choice);
      case "response-restart":
        return fail(new CrosspointError("STREAM_INTERRUPTED", `the answer began anew: ${event.reason}`));
      case "response-end":
        return finish(event);
      default:
        return event satisfies never;
    }
  };

  return {
    push(events) {
      let text = "";
      for (const event of events) if (!failed) text += encode(event);
      return text;
    },
    fail,
  };
}
