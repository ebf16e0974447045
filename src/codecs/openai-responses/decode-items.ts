import type { StreamEvent } from "../../ir/event.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { Warning } from "../../ir/response.ts";
import type { DecodeContext } from "../codec.ts";
import { decodeCitations, decodeLogprobs } from "./content.ts";
import { decodeFinishReason } from "./finish-reason.ts";
import { imageFile } from "./image.ts";
import { innerCalls, isWrapper } from "./parallel-calls.ts";
import { decodeUsage } from "./usage.ts";
import { extras, ID, isObject, maybe, number, objects, string, unnamed } from "./wire.ts";

/** Fields of a response that are told elsewhere or only echo the request. */
const KNOWN =
  "id object created_at completed_at status output output_text model usage service_tier error instructions tools tool_choice text reasoning " +
  "temperature top_p top_logprobs max_output_tokens max_tool_calls metadata parallel_tool_calls previous_response_id prompt_cache_key " +
  "prompt_cache_retention safety_identifier store truncation user background presence_penalty frequency_penalty";

/** Typed tools that wait for the caller, as its functions do. */
const WAITING = ["apply_patch_call", "computer_call"];

/** What a part of an item is: said, declined, or thought (in summary or in full). */
export type Kind = "text" | "refusal" | "summary" | "raw";

interface Block {
  readonly id: string;
  readonly kind: Kind;
  /** Its content or summary index. */
  readonly part: number;
  text: string;
  scored: boolean;
  notes: readonly JSONObject[];
}

interface Item {
  /** The item as it was announced. */
  readonly wire: JSONObject;
  readonly blocks: Map<string, Block>;
  /** The one block that has not ended. */
  open?: Block | undefined;
  /** The id of the tool call that has not ended. */
  call?: string | undefined;
  /** The arguments of a tool call: told, and kept back. */
  text: string;
  held: string;
  done: boolean;
}

/** Output items of one response as events; items are known by their `output_index`, because some proxies change ids on the way. */
export interface ItemDecoder {
  /** A sight of the response object; the first one starts the response. */
  start(response: JSONObject, out: StreamEvent[]): void;
  /** The index of an item where the frame has none: by its id, else the one that is open, else a new one. */
  place(index: unknown, id: unknown, fresh: boolean): number;
  added(index: number, item: JSONObject): void;
  delta(index: number, part: number, kind: Kind, text: string, logprobs: unknown, out: StreamEvent[]): void;
  /** A whole part: what its deltas did not bring is added. */
  whole(index: number, part: number, kind: Kind, wire: JSONObject, out: StreamEvent[]): void;
  annotation(index: number, part: number, annotation: unknown, out: StreamEvent[]): void;
  callDelta(index: number, itemId: unknown, text: string, out: StreamEvent[]): void;
  /** The whole arguments: what their deltas did not bring is added. */
  callWhole(index: number, itemId: unknown, text: string, out: StreamEvent[]): void;
  done(index: number, item: JSONObject, out: StreamEvent[]): void;
  /** The last sight of the response object: items that it alone holds, then `response-end`. */
  end(response: JSONObject, out: StreamEvent[], warnings: readonly Warning[]): void;
}

export function createItemDecoder({ target, newId, request: { tools } }: DecodeContext): ItemDecoder {
  const { family, model } = target;
  const items = new Map<number, Item>();
  const callIds = new Set<string>();
  const itemIds = new Set<unknown>();
  let started = false;
  let refused = false;
  let waiting = false;
  let blocks = 0;

  const add = (index: number, wire: JSONObject): Item => {
    const item: Item = { wire, blocks: new Map(), text: "", held: "", done: false };
    items.set(index, item);
    itemIds.add(wire["id"]);
    return item;
  };

  const endBlock = (item: Item, out: StreamEvent[], encrypted?: string): void => {
    const block = item.open;
    if (block === undefined) return;
    item.open = undefined;
    if (block.kind === "text") out.push({ type: "text-end", id: block.id, ...maybe("citations", decodeCitations(block.notes, family)) });
    else if (block.kind === "refusal") out.push({ type: "text-end", id: block.id });
    else {
      const opaque = encrypted === undefined ? undefined : [{ family, model, kind: "encrypted-content", data: encrypted }];
      out.push({ type: "reasoning-end", id: block.id, ...maybe("opaque", opaque) });
    }
  };

  const blockOf = (item: Item, part: number, kind: Kind, out: StreamEvent[]): Block => {
    let block = item.open;
    if (block?.kind === kind && block.part === part) return block;
    const key = `${kind === "summary"}${part}`;
    block = item.blocks.get(key);
    if (block !== undefined) return block;
    endBlock(item, out);
    const spoken = kind === "text" || kind === "refusal";
    block = { id: `${spoken ? "t" : "r"}${blocks++}`, kind, part, text: "", scored: false, notes: [] };
    item.blocks.set(key, block);
    item.open = block;
    const { id, phase } = item.wire;
    const start = { id: block.id, ...maybe("itemId", string(id)) };
    if (!spoken) out.push({ type: "reasoning-start", form: kind, ...start });
    else if (kind === "refusal") out.push({ type: "text-start", refusal: (refused = true), ...start });
    else out.push({ type: "text-start", ...start, ...((phase === "commentary" || phase === "final_answer") && { phase }) });
    return block;
  };

  const say = (item: Item, part: number, kind: Kind, text: string, scores: unknown, out: StreamEvent[]): void => {
    const logprobs = scores === undefined || kind !== "text" ? undefined : decodeLogprobs(scores);
    if (item.done || (text === "" && logprobs === undefined)) return;
    const block = blockOf(item, part, kind, out);
    if (item.open !== block) return;
    block.text += text;
    if (kind === "summary" || kind === "raw") out.push({ type: "reasoning-delta", id: block.id, text });
    else if (logprobs === undefined) out.push({ type: "text-delta", id: block.id, text });
    else {
      block.scored = true;
      out.push({ type: "text-delta", id: block.id, text, logprobs });
    }
  };

  const complete = (item: Item, part: number, kind: Kind, wire: JSONObject, out: StreamEvent[]): void => {
    const text = string(wire[kind === "refusal" ? kind : "text"]) ?? "";
    const block = item.blocks.get(`${kind === "summary"}${part}`);
    const rest = block === undefined ? text : text.startsWith(block.text) ? text.slice(block.text.length) : "";
    say(item, part, kind, rest, block?.scored ? undefined : wire["logprobs"], out);
    const notes = objects(wire["annotations"]);
    const said = item.blocks.get(`${kind === "summary"}${part}`);
    if (said !== undefined && notes.length > 0) said.notes = notes;
  };

  const startCall = (item: Item, wire: JSONObject, out: StreamEvent[]): string => {
    const given = string(wire["call_id"]) ?? string(item.wire["call_id"]);
    const id = given && !callIds.has(given) ? given : newId("call");
    callIds.add((item.call = id));
    out.push({
      type: "tool-call-start",
      id,
      name: string(wire["name"]) ?? string(item.wire["name"]) ?? "",
      ...(wire["type"] === "custom_tool_call" && { custom: true }),
      ...maybe("namespace", string(wire["namespace"])),
      ...maybe("itemId", string(wire["id"])),
      ...extras(wire, "type id call_id name arguments input namespace status"),
    });
    return id;
  };

  const sayCall = (item: Item, text: string, out: StreamEvent[]): void => {
    if (text === "") return;
    item.text += text;
    out.push({ type: "tool-call-delta", id: item.call!, arguments: text });
  };

  const endCall = (item: Item, wire: JSONObject, out: StreamEvent[]): void => {
    const custom = wire["type"] === "custom_tool_call";
    const sent = wire[custom ? "input" : "arguments"];
    const whole = isObject(sent) ? JSON.stringify(sent) : (string(sent) ?? "");
    if (!custom && item.call === undefined && isWrapper(wire["name"] ?? item.wire["name"], tools)) {
      const calls = innerCalls(whole || item.held, tools);
      const base = string(wire["call_id"]) ?? string(item.wire["call_id"]) ?? newId("call");
      for (const [index, call] of (calls ?? []).entries()) {
        const id = startCall(item, { call_id: `${base}_${index}`, name: call.name }, out);
        out.push({ type: "tool-call-delta", id, arguments: call.arguments }, { type: "tool-call-end", id });
      }
      item.call = undefined;
      if (calls !== undefined) return;
    }
    const id = item.call ?? startCall(item, wire, out);
    const told = item.text + item.held;
    sayCall(item, whole.startsWith(item.text) ? whole.slice(item.text.length) : whole === "" ? item.held : "", out);
    if (whole === "" && told === "" && !custom) sayCall(item, "{}", out);
    const last = string(wire["call_id"]);
    const callId = last && last !== id && !callIds.has(last) && item.wire["call_id"] ? last : undefined;
    if (callId !== undefined) callIds.add(callId);
    out.push({ type: "tool-call-end", id, ...maybe("callId", callId) });
    item.call = undefined;
  };

  /** Ends what is still open, whatever the item said it was. */
  const close = (item: Item, out: StreamEvent[]): void => {
    endBlock(item, out);
    if (item.call !== undefined) out.push({ type: "tool-call-end", id: item.call });
    item.call = undefined;
    item.done = true;
  };

  const done = (index: number, wire: JSONObject, out: StreamEvent[]): void => {
    const item = items.get(index) ?? add(index, wire);
    if (item.done) return;
    itemIds.add(wire["id"]);
    switch (wire["type"]) {
      case "message":
        for (const [part, each] of objects(wire["content"]).entries()) {
          complete(item, part, each["type"] === "refusal" ? "refusal" : "text", each, out);
        }
        break;
      case "reasoning":
        for (const [part, each] of objects(wire["summary"]).entries()) complete(item, part, "summary", each, out);
        for (const [part, each] of objects(wire["content"]).entries()) complete(item, part, "raw", each, out);
        if (item.blocks.size === 0) blockOf(item, 0, "summary", out);
        endBlock(item, out, string(wire["encrypted_content"]));
        break;
      case "function_call":
      case "custom_tool_call":
        endCall(item, wire, out);
        break;
      default: {
        waiting ||= WAITING.includes(wire["type"] as string) && wire["call_id"] != null;
        const image = imageFile(wire);
        if (image !== undefined) out.push({ type: "part", part: image });
        out.push({ type: "part", part: { type: "provider", family, codec: ID, raw: wire } });
        const { action } = wire;
        for (const source of objects(isObject(action) ? action["sources"] : undefined)) {
          const url = maybe("url", string(source["url"]));
          const title = maybe("title", string(source["title"]) ?? string(source["name"]));
          if (url ?? title) out.push({ type: "part", part: { type: "source", source: { ...url, ...title } } });
        }
      }
    }
    close(item, out);
  };

  const callDelta: ItemDecoder["callDelta"] = (index, itemId, text, out) => {
    const item = items.get(index) ?? add(index, {});
    const { wire } = item;
    if (item.done) return;
    // Without a name or an id yet, in a wrapper of calls, or behind a proxy that changes ids, the end of the item tells what the call is called by.
    if (
      item.held !== "" ||
      !wire["name"] ||
      !wire["call_id"] ||
      isWrapper(wire["name"], tools) ||
      (wire["id"] !== undefined && itemId !== undefined && wire["id"] !== itemId)
    ) {
      item.held += text;
      return;
    }
    if (item.call === undefined) startCall(item, wire, out);
    sayCall(item, text, out);
  };

  return {
    place(index, id, fresh) {
      if (typeof index === "number") return index;
      let last = -1;
      for (const [at, { wire }] of items) {
        if (id !== undefined && wire["id"] === id) return at;
        last = Math.max(last, at);
      }
      return fresh || (items.get(last)?.done ?? true) ? last + 1 : last;
    },
    start(response, out) {
      if (started) return;
      started = true;
      out.push({
        type: "response-start",
        ...maybe("id", string(response["id"])),
        ...maybe("model", string(response["model"])),
        ...maybe("created", number(response["created_at"])),
      });
    },
    added(index, wire) {
      if (!items.has(index)) add(index, wire);
    },
    delta(index, part, kind, text, logprobs, out) {
      say(items.get(index) ?? add(index, {}), part, kind, text, logprobs, out);
    },
    whole(index, part, kind, wire, out) {
      complete(items.get(index) ?? add(index, {}), part, kind, wire, out);
    },
    annotation(index, part, annotation, out) {
      const item = items.get(index) ?? add(index, {});
      if (item.done || !isObject(annotation)) return;
      const block = blockOf(item, part, "text", out);
      block.notes = [...block.notes, annotation];
    },
    callDelta,
    callWhole(index, itemId, text, out) {
      const item = items.get(index);
      const told = item === undefined ? "" : item.text + item.held;
      if (text.length > told.length && text.startsWith(told)) callDelta(index, itemId, text.slice(told.length), out);
    },
    done,
    end(response, out, warnings) {
      const told = new Set(itemIds);
      for (const [index, wire] of objects(response["output"]).entries()) {
        const item = items.get(index);
        if (item === undefined ? wire["id"] === undefined || !told.has(wire["id"]) : item.wire["type"] === wire["type"])
          done(index, wire, out);
      }
      for (const [index, item] of items) {
        if (item.done) continue;
        const { type } = item.wire;
        const called = (type === "function_call" || type === "custom_tool_call") && (item.call !== undefined || item.held !== "");
        if (called) done(index, { ...item.wire, arguments: "", input: "" }, out);
        else close(item, out);
      }
      const extra = unnamed(response, KNOWN);
      out.push({
        type: "response-end",
        finishReason: decodeFinishReason(response, waiting || callIds.size > 0, refused),
        ...maybe("usage", decodeUsage(response)),
        ...maybe("serviceTier", string(response["service_tier"])),
        ...(extra && { providerMetadata: { [family]: extra } }),
        ...(warnings.length > 0 && { warnings }),
      });
    },
  };
}
