import type { Citation, FilePart, Opaque, Part, Source, TokenLogprob } from "../../ir/content.ts";
import { CrosspointError, type ErrorCode } from "../../ir/error.ts";
import type { ReasoningStart, ResponseEnd, ResponseStart, StreamEvent, TextStart, ToolCallStart } from "../../ir/event.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { EncodeContext, StreamEncoder } from "../codec.ts";
import { tierField } from "../openai-chat/service-tier.ts";
import { base64Of, encodeAnnotations, encodeLogprobs } from "./content.ts";
import { encodeEcho } from "./echo.ts";
import { errorFields } from "./errors.ts";
import { encodeStatus } from "./finish-reason.ts";
import { encodeUsage } from "./usage.ts";
import { ID, maybe, NATIVE, string, type Wire } from "./wire.ts";

/** An output item that the client was told of. */
interface Item {
  readonly wire: Wire;
  readonly index: number;
  /** What tells whether the next block belongs to this item too. */
  readonly key: string;
  /** Blocks that have not ended. */
  live: number;
}

/** A text, a reasoning text or the arguments of a call, as it grows. */
interface Block {
  readonly item: Item;
  readonly part: Wire;
  /** The field of `part` that grows. */
  readonly field: string;
  /** The event's name before `.delta` and `.done`. */
  readonly name: string;
  readonly at: JSONObject;
  /** The frame of a delta up to its text. */
  readonly head: string;
  readonly logprobs: TokenLogprob[];
  citations?: readonly Citation[] | undefined;
}

export interface Writer extends StreamEncoder {
  /** The response object as it stands. */
  response(): JSONObject;
}

export function encodeStream(context: EncodeContext): StreamEncoder {
  return createWriter(context, true);
}

/**
 * Builds the response object from events and, when `streaming`, the frames that tell of it. A message, or a run of reasoning,
 * is one item as long as its blocks follow each other under one item id; an item ends when another begins. Sources that
 * follow a text become its annotations, so a text ends only with the next event.
 */
export function createWriter(context: EncodeContext, streaming: boolean): Writer {
  const { newId, now, client } = context;
  const output: Wire[] = [];
  const open: Item[] = [];
  const blocks = new Map<string, Block>();
  const carried = new Set<string>();
  const namespaces = new Map<string, string>();
  for (const tool of client.request.tools ?? []) if (tool.type === undefined && tool.namespace) namespaces.set(tool.name, tool.namespace);
  let out = "";
  let sequence = 0;
  let response: Wire | undefined;
  let current: Item | undefined;
  let ending: Block | undefined;
  let sources: Source[] = [];
  let refused = false;
  let native = false;
  let over = false;

  const frame = (type: string, fields: JSONObject): void => {
    if (streaming) out += `event: ${type}\ndata: ${JSON.stringify({ type, ...fields, sequence_number: sequence++ })}\n\n`;
  };

  const start = (event?: ResponseStart): Wire => {
    if (response !== undefined) return response;
    response = {
      id: event?.id ?? newId("resp"),
      object: "response",
      created_at: event?.created ?? now,
      status: "in_progress",
      model: event?.model || client.request.model,
      ...encodeEcho(context),
      output: [],
    };
    frame("response.created", { response });
    frame("response.in_progress", { response });
    return response;
  };

  const closeItem = (item: Item): void => {
    open.splice(open.indexOf(item), 1);
    if (item.wire["status"] === "in_progress") item.wire["status"] = "completed";
    frame("response.output_item.done", { output_index: item.index, item: item.wire });
  };
  /** Ends the items that nothing more is coming for. */
  const settle = (): void => {
    for (const item of open.filter(({ live }) => live === 0)) closeItem(item);
    current = undefined;
  };
  const openItem = (wire: Wire, key = ""): Item => {
    start();
    settle();
    current = { wire, index: output.length, key, live: 0 };
    output.push(wire);
    open.push(current);
    frame("response.output_item.added", { output_index: current.index, item: wire });
    return current;
  };
  const whole = (wire: Wire): void => {
    openItem(wire);
    settle();
  };

  const openBlock = (id: string, item: Item, part: Wire, field: string, name: string, place: JSONObject): void => {
    item.live++;
    const at = { item_id: item.wire["id"]!, output_index: item.index, ...place };
    const head = `event: response.${name}.delta\ndata: ${JSON.stringify({ type: `response.${name}.delta`, ...at }).slice(0, -1)},"delta":`;
    blocks.set(id, { item, part, field, name, at, head, logprobs: [] });
  };

  const say = (block: Block | undefined, text: string, logprobs?: readonly TokenLogprob[]): void => {
    if (block === undefined || (text === "" && logprobs === undefined)) return;
    (block.part[block.field] as string) += text;
    if (logprobs !== undefined) block.logprobs.push(...logprobs);
    if (!streaming) return;
    const scores =
      block.name !== "output_text" ? "" : `,"logprobs":${logprobs === undefined ? "[]" : JSON.stringify(encodeLogprobs(logprobs))}`;
    out += `${block.head}${JSON.stringify(text)}${scores},"sequence_number":${sequence++}}\n\n`;
  };

  const textStart = (event: TextStart): void => {
    const { id, itemId, phase, refusal } = event;
    const key = `message|${itemId}|${phase}`;
    const item =
      current?.key === key
        ? current
        : openItem(
            {
              id: itemId ?? newId("msg"),
              type: "message",
              status: "in_progress",
              role: "assistant",
              ...maybe("phase", phase),
              content: [],
            },
            key,
          );
    const content = item.wire["content"] as Wire[];
    const part: Wire =
      refusal === true ? { type: "refusal", refusal: "" } : { type: "output_text", text: "", annotations: [], logprobs: [] };
    if (refusal === true) refused = true;
    const [field, name] = refusal === true ? ["refusal", "refusal"] : ["text", "output_text"];
    openBlock(id, item, part, field, name, { content_index: content.length });
    frame("response.content_part.added", { ...blocks.get(id)!.at, part });
    content.push(part);
  };

  const reasoningStart = (event: ReasoningStart): void => {
    const { id, itemId, form } = event;
    const key = `reasoning|${itemId}`;
    const item = current?.key === key ? current : openItem({ id: itemId ?? newId("rs"), type: "reasoning", summary: [] }, key);
    const raw = form === "raw";
    if (raw) item.wire["content"] ??= [];
    const list = item.wire[raw ? "content" : "summary"] as Wire[];
    const part: Wire = { type: raw ? "reasoning_text" : "summary_text", text: "" };
    if (raw) openBlock(id, item, part, "text", "reasoning_text", { content_index: list.length });
    else openBlock(id, item, part, "text", "reasoning_summary_text", { summary_index: list.length });
  };
  /** A part of reasoning exists from its first words on: what is shown to nobody has none. */
  const think = (block: Block | undefined, text: string): void => {
    if (block === undefined || text === "") return;
    if (block.part["text"] === "") {
      const raw = block.name === "reasoning_text";
      frame(raw ? "response.content_part.added" : "response.reasoning_summary_part.added", { ...block.at, part: block.part });
      (block.item.wire[raw ? "content" : "summary"] as Wire[]).push(block.part);
    }
    say(block, text);
  };

  const callStart = (event: ToolCallStart): void => {
    const { id, itemId, name, custom } = event;
    const space = maybe("namespace", event.namespace ?? namespaces.get(name));
    const call = { call_id: id, name, ...space, ...(event.providerOptions?.[ID] as Wire | undefined) };
    const wire: Wire =
      custom === true
        ? { id: itemId ?? newId("ctc"), type: "custom_tool_call", ...call, input: "", status: "in_progress" }
        : { id: itemId ?? newId("fc"), type: "function_call", ...call, arguments: "", status: "in_progress" };
    const item = openItem(wire);
    if (custom === true) openBlock(id, item, wire, "input", "custom_tool_call_input", {});
    else openBlock(id, item, wire, "arguments", "function_call_arguments", {});
  };

  const endBlock = (block: Block): void => {
    const { item, part, field, name, at, logprobs } = block;
    const call = name.endsWith("_input") || name.endsWith("_arguments");
    if (name === "output_text") {
      const cited = [...(block.citations ?? []), ...sources.map((source): Citation => ({ source }))];
      sources = [];
      const annotations = encodeAnnotations(cited, NATIVE);
      for (const [index, annotation] of annotations.entries()) {
        frame("response.output_text.annotation.added", { ...at, annotation_index: index, annotation });
      }
      part["annotations"] = annotations;
      part["logprobs"] = encodeLogprobs(logprobs);
    }
    const shown = call || part["text"] !== "" || name === "output_text";
    if (shown)
      frame(`response.${name}.done`, { ...at, [field]: part[field]!, ...(name === "output_text" && { logprobs: part["logprobs"]! }) });
    if (!call && shown)
      frame(`response.${name === "reasoning_summary_text" ? "reasoning_summary_part" : "content_part"}.done`, { ...at, part });
    item.live--;
    if (call || item !== current) {
      if (item.live === 0) closeItem(item);
    }
  };
  const finishText = (): void => {
    if (ending === undefined) return;
    const block = ending;
    ending = undefined;
    endBlock(block);
  };

  /** State of another family goes before its text or call in a reasoning item of its own; it is known only if it has come. */
  const carry = (id: string, events: readonly StreamEvent[], from: number): void => {
    const end = events.find((event, at) => at > from && (event.type === "tool-call-end" || event.type === "text-end") && event.id === id);
    const sealed = end !== undefined && "opaque" in end ? carrier(end.opaque) : undefined;
    if (sealed === undefined || carried.has(sealed)) return;
    carried.add(sealed);
    whole({ id: newId("rs"), type: "reasoning", summary: [], encrypted_content: sealed });
  };

  const partOf = (part: Part): void => {
    if (part.type === "provider") {
      if (part.codec !== ID) return;
      native = true;
      whole(string(part.raw["id"]) ? { ...part.raw } : { ...part.raw, id: newId("item") });
    } else if (part.type === "source") {
      // This wire's own items bring their sources along.
      if (!native) sources.push(part.source);
    } else if (part.type === "file") generated(part);
  };
  const generated = (part: FilePart): void => {
    const base64 = base64Of(part);
    // One with an item id is the picture of the item behind it.
    if (part.itemId !== undefined || base64 === undefined || !part.mediaType.startsWith("image/")) return;
    const format = part.mediaType.slice(6).replace("svg+xml", "svg");
    whole({ id: newId("ig"), type: "image_generation_call", status: "completed", result: base64, output_format: format });
  };

  const finish = (event: ResponseEnd): void => {
    const body = start();
    settle();
    over = true;
    const { usage, cost } = event;
    Object.assign(body, encodeStatus(event.finishReason, refused), {
      output,
      ...(event.finishReason.unified !== "error" && { completed_at: Math.max(now, Number(body["created_at"])) }),
      ...maybe("usage", usage && encodeUsage(usage)),
      ...maybe("service_tier", tierField(event.serviceTier)),
      ...maybe("crosspoint", context.extension?.({ ...maybe("usage", usage), ...maybe("cost", cost) })),
    });
    frame(`response.${body["status"] as string}`, { response: body });
  };

  const fail = (error: CrosspointError): void => {
    if (over) return;
    over = true;
    const fields = errorFields(error);
    const { code, message, param } = fields;
    frame("error", { code: code ?? null, message: message!, param: param ?? null, error: fields });
    // Where the response began elsewhere, as when bytes are passed on, another identity would be an error of ours.
    if (response === undefined) return;
    Object.assign(response, { status: "failed", error: { code: FAILURES[error.code] ?? "server_error", message }, output });
    frame("response.failed", { response });
  };

  const handle = (event: StreamEvent, events: readonly StreamEvent[], at: number): void => {
    if (event.type === "part" && event.part.type === "source") {
      if (event.choice === undefined) partOf(event.part);
      return;
    }
    if (ending !== undefined) finishText();
    switch (event.type) {
      case "text-delta":
        say(blocks.get(event.id), event.text, event.logprobs);
        break;
      case "reasoning-delta":
        think(blocks.get(event.id), event.text);
        break;
      case "tool-call-delta":
        say(blocks.get(event.id), event.arguments);
        break;
      case "response-start":
        start(event);
        break;
      case "text-start":
      case "reasoning-start":
      case "tool-call-start":
        // The wire has one answer.
        if (event.choice) break;
        native = false;
        if (event.type !== "reasoning-start") carry(event.id, events, at);
        if (event.type === "text-start") textStart(event);
        else if (event.type === "reasoning-start") reasoningStart(event);
        else callStart(event);
        break;
      case "text-end":
        ending = blocks.get(event.id);
        if (ending !== undefined) ending.citations = event.citations;
        break;
      case "reasoning-end": {
        const block = blocks.get(event.id);
        if (block === undefined) break;
        const encrypted = carrier(event.opaque);
        if (encrypted !== undefined) block.item.wire["encrypted_content"] = encrypted;
        endBlock(block);
        // State ends an item: the next reasoning begins another.
        if (encrypted !== undefined && current === block.item) settle();
        break;
      }
      case "tool-call-end": {
        const block = blocks.get(event.id);
        if (block === undefined) break;
        if (block.field === "arguments" && block.part["arguments"] === "") say(block, "{}");
        if (event.callId !== undefined) block.part["call_id"] = event.callId;
        endBlock(block);
        break;
      }
      case "part":
        if (!event.choice) partOf(event.part);
        break;
      case "response-restart":
        fail(new CrosspointError("STREAM_INTERRUPTED", "the answer began anew after part of it was sent"));
        break;
      case "response-end":
        finish(event);
        break;
      default:
        event satisfies never;
    }
  };

  const flush = (): string => {
    const frames = out;
    out = "";
    return frames;
  };

  return {
    push(events) {
      for (const [at, event] of events.entries()) {
        if (over) break;
        handle(event, events, at);
      }
      return flush();
    },
    fail(error) {
      fail(error);
      return flush();
    },
    response: () => start(),
  };
}

/** The words that `response.error` has for our classes; the others are `server_error`. The event before it is exact. */
const FAILURES: Partial<Record<ErrorCode, string>> = {
  RATE_LIMITED: "rate_limit_exceeded",
  BAD_REQUEST: "invalid_prompt",
  CONTEXT_WINDOW_EXCEEDED: "invalid_prompt",
  CONTENT_POLICY: "invalid_prompt",
};

/** What a reasoning item's `encrypted_content` may hold: this wire's own state as it is, another's in its envelope. */
function carrier(opaque: readonly Opaque[] | undefined): string | undefined {
  const own = opaque?.find(({ family, kind }) => family === NATIVE && kind === "encrypted-content");
  return own?.data ?? opaque?.find(({ sealed }) => sealed !== undefined)?.sealed;
}
