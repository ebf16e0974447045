import type { DecodeContext, StreamDecoder } from "../codec.ts";
import type { Citation, Opaque } from "../../ir/content.ts";
import { CrosspointError } from "../../ir/error.ts";
import type { StreamEvent } from "../../ir/event.ts";
import type { JSONObject } from "../../ir/json.ts";
import { decodeCitation, searchSources } from "./citations.ts";
import { decodeError } from "./errors.ts";
import { decodeFinishReason } from "./finish-reason.ts";
import { templateOf, wordsOf, type Template } from "./template.ts";
import { decodeUsage, mergeUsage } from "./usage.ts";
import { CODEC, fromInput, isObject, list, rest, text, toInput, type Draft } from "./wire.ts";

/** A block that is open. `id` is absent until a text block has its first text: empty ones are not shown. */
interface Open {
  readonly kind: "text" | "reasoning" | "tool-call" | "part";
  id: string | undefined;
  readonly block: Draft;
  readonly citations: Citation[];
  state: readonly [kind: string, data: string] | undefined;
  json: string;
  readonly custom: boolean;
}

const KINDS: Readonly<Record<string, Open["kind"]>> = {
  text: "text",
  thinking: "reasoning",
  redacted_thinking: "reasoning",
  tool_use: "tool-call",
};

const MESSAGE = new Set(["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage", "delta"]);
const CALL = new Set(["type", "id", "name", "input"]);

/** What decodes parsed frames; a whole answer is a message start that holds everything, and an end. */
export interface FrameDecoder extends StreamDecoder {
  frame(frame: JSONObject, out: StreamEvent[]): void;
}

export function createDecoder({ target, request, newId }: DecodeContext): FrameDecoder {
  const open = new Map<unknown, Open>();
  const ids = new Set<string>();
  let messageId: string | undefined;
  let started = false;
  let done = false;
  let count = 0;
  let skipped = 0;
  let usage: JSONObject | undefined;
  let stop: string | undefined;
  let stopSequence: string | undefined;
  let metadata: JSONObject | undefined;
  let template: Template | undefined;

  const unique = (prefix: string): string => {
    let id: string;
    do id = `${prefix}${count++}`;
    while (ids.has(id));
    ids.add(id);
    return id;
  };

  const emit = (current: Open, words: unknown, out: StreamEvent[]): void => {
    if (typeof words !== "string" || words === "") return;
    if (current.kind === "text" && current.id === undefined) out.push({ type: "text-start", id: (current.id = unique("t")) });
    const id = current.id!;
    if (current.kind === "tool-call") {
      current.json += words;
      if (!current.custom) out.push({ type: "tool-call-delta", id, arguments: words });
    } else out.push({ type: current.kind === "text" ? "text-delta" : "reasoning-delta", id, text: words });
  };

  const start = (index: unknown, block: JSONObject, out: StreamEvent[]): Open => {
    end(index, out);
    if (!started) begin({}, out);
    const type = text(block["type"]) ?? "";
    const kind = Object.hasOwn(KINDS, type) ? KINDS[type]! : "part";
    const name = text(block["name"]) ?? "";
    const custom = kind === "tool-call" && request.tools?.some((tool) => tool.type === "custom" && tool.name === name) === true;
    const current: Open = {
      kind,
      id: undefined,
      block: kind === "part" ? { ...block } : block,
      citations: [],
      state: undefined,
      json: "",
      custom,
    };
    open.set(index, current);
    if (kind === "text") {
      for (const each of list(block["citations"])) if (isObject(each)) current.citations.push(decodeCitation(each, target.family));
      emit(current, block["text"], out);
    } else if (kind === "reasoning") {
      current.id = unique("r");
      const redacted = text(block["data"]);
      out.push({ type: "reasoning-start", id: current.id, ...(type !== "thinking" && { form: "redacted" }) });
      emit(current, block["thinking"], out);
      if (redacted !== undefined) current.state = ["redacted", redacted];
      else sign(current, block["signature"]);
    } else if (kind === "tool-call") {
      const id = text(block["id"]);
      current.id = id === undefined || id === "" || ids.has(id) ? newId("call") : id;
      ids.add(current.id);
      const caller = block["caller"];
      const more = rest(isObject(caller) && caller["type"] === "direct" ? { ...block, caller: null } : block, CALL);
      out.push({
        type: "tool-call-start",
        id: current.id,
        name,
        ...(custom && { custom }),
        ...(more !== undefined && { providerOptions: { [CODEC]: more } }),
      });
    }
    return current;
  };

  const sign = (current: Open, signature: unknown): void => {
    if (typeof signature === "string" && signature !== "") current.state = ["signature", signature];
  };

  const delta = (current: Open, change: JSONObject, out: StreamEvent[]): void => {
    const { type } = change;
    if (current.kind === "part") return grow(current, change);
    if (type === "citations_delta" && current.kind === "text") {
      if (isObject(change["citation"])) current.citations.push(decodeCitation(change["citation"], target.family));
    } else if (type === "signature_delta" && current.kind === "reasoning") sign(current, change["signature"]);
    else if (type === DELTAS[current.kind][0]) emit(current, change[DELTAS[current.kind][1]], out);
  };

  const end = (index: unknown, out: StreamEvent[]): void => {
    const current = open.get(index);
    if (current === undefined) return;
    open.delete(index);
    template = undefined;
    const { kind, id, citations, state, block } = current;
    if (kind === "part") {
      if (current.json !== "") block["input"] = toInput(current.json);
      out.push({ type: "part", part: { type: "provider", family: target.family, codec: CODEC, raw: block } });
      if (block["type"] === "web_search_tool_result") {
        for (const source of searchSources(block)) out.push({ type: "part", part: { type: "source", source } });
      }
    } else if (kind === "tool-call") {
      const args = current.json === "" ? fromInput(block["input"]) : current.json;
      if (current.custom) {
        const { input } = toInput(args);
        out.push({ type: "tool-call-delta", id: id!, arguments: text(input) ?? args });
      } else if (current.json === "") out.push({ type: "tool-call-delta", id: id!, arguments: args });
      out.push({ type: "tool-call-end", id: id! });
    } else if (id !== undefined) {
      const opaque: Opaque[] | undefined = state && [{ family: target.family, model: target.model, kind: state[0], data: state[1] }];
      if (kind === "text") out.push({ type: "text-end", id, ...(citations.length > 0 && { citations }) });
      else out.push({ type: "reasoning-end", id, ...(opaque !== undefined && { opaque }) });
    }
  };

  const begin = (message: JSONObject, out: StreamEvent[]): void => {
    started = true;
    messageId = text(message["id"]);
    const model = text(message["model"]);
    out.push({ type: "response-start", ...(messageId !== undefined && { id: messageId }), ...(model !== undefined && { model }) });
    learn(message);
    for (const [index, block] of list(message["content"]).entries()) {
      if (!isObject(block)) throw malformed("content holds what is no block");
      start(index, block, out);
      end(index, out);
    }
  };

  /** Reads stop reason, usage and whatever else a message, or a change of it, tells. */
  const learn = (message: JSONObject): void => {
    stop = text(message["stop_reason"]) ?? stop;
    stopSequence = text(message["stop_sequence"]) ?? stopSequence;
    usage = mergeUsage(usage, message["usage"]);
    const more = rest(message, MESSAGE);
    if (more !== undefined) metadata = { ...metadata, ...more };
  };

  const finish = (out: StreamEvent[]): void => {
    if (done) return;
    if (!started) begin({}, out);
    for (const index of open.keys()) end(index, out);
    done = true;
    const used = decodeUsage(usage);
    out.push({
      type: "response-end",
      finishReason: decodeFinishReason(stop, stopSequence),
      ...(used !== undefined && { usage: used }),
      ...(used?.serviceTier !== undefined && { serviceTier: used.serviceTier }),
      ...(metadata !== undefined && { providerMetadata: { [target.family]: metadata } }),
      ...(skipped > 0 && { warnings: [{ type: "other", feature: "stream", details: "skipped a malformed frame" }] }),
    });
  };

  const frame = (value: JSONObject, out: StreamEvent[]): void => {
    if (done) return;
    const { index } = value;
    switch (value["type"]) {
      case "message_start": {
        const message = isObject(value["message"]) ? value["message"] : {};
        if (!started) begin(message, out);
        else if (text(message["id"]) !== messageId) throw malformed("a second answer began before the first had ended");
        break;
      }
      case "content_block_start":
        if (isObject(value["content_block"])) start(index, value["content_block"], out);
        break;
      case "content_block_delta": {
        const change = value["delta"];
        if (!isObject(change)) break;
        const { type } = change;
        const current =
          open.get(index) ??
          (type === "text_delta" || type === "thinking_delta" ? start(index, { type: type.slice(0, -6) }, out) : undefined);
        if (current !== undefined) delta(current, change, out);
        break;
      }
      case "content_block_stop":
        end(index, out);
        break;
      case "message_delta":
        if (isObject(value["delta"])) learn(value["delta"]);
        learn(value);
        break;
      case "message_stop":
        finish(out);
        break;
      case "error":
        throw decodeError(200, value, undefined);
      default: // `ping`, and events of later versions.
    }
  };

  return {
    frame,
    push(data, _event, out) {
      const words = template && wordsOf(data, template);
      if (words !== undefined) {
        out.push({ type: template!.type, id: template!.id, text: words });
        return;
      }
      let value: unknown;
      try {
        value = JSON.parse(data);
      } catch {
        skipped++;
        return;
      }
      if (!isObject(value)) return;
      const before = out.length;
      frame(value, out);
      const last = out.length > before ? out.at(-1) : undefined;
      template = last?.type === "text-delta" || last?.type === "reasoning-delta" ? templateOf(data, last) : undefined;
    },
    end(out) {
      if (done) return;
      if (stop === undefined) throw new CrosspointError("STREAM_INTERRUPTED", "the stream ended before the answer did");
      finish(out);
    },
    get done() {
      return done;
    },
    get usage() {
      return decodeUsage(usage);
    },
  };
}

const DELTAS = {
  text: ["text_delta", "text"],
  reasoning: ["thinking_delta", "thinking"],
  "tool-call": ["input_json_delta", "partial_json"],
} as const;

/** Says that the answer is none of this wire. */
export function malformed(details: string): CrosspointError {
  return new CrosspointError("BAD_RESPONSE", `the provider's answer is malformed: ${details}`);
}

/** Applies a delta to a block that is kept raw: input is JSON in pieces, text goes on, the rest replaces. */
function grow(current: Open, change: JSONObject): void {
  const { block } = current;
  for (const [key, value] of Object.entries(change)) {
    const before = block[key];
    if (key === "partial_json") current.json += text(value) ?? "";
    else if (key !== "type" && key !== "__proto__")
      block[key] = typeof before === "string" && typeof value === "string" ? before + value : value;
  }
}

export const decodeStream = (context: DecodeContext): StreamDecoder => createDecoder(context);
