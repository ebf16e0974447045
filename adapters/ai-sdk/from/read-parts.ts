import type { Citation, FilePart, JSONObject, Opaque, Part, Source, StreamEvent } from "crosspoint";
import { isObject } from "../part-state.ts";
import { STATE, type Origin } from "./model.ts";

/** Turns the parts of an answer of the AI SDK, whole or streamed, into events. Parts are judged by what they hold: they come from outside. */
export interface PartReader {
  read(part: JSONObject, out: StreamEvent[]): void;
  /** Ends what is still open. */
  end(out: StreamEvent[]): void;
}

interface Open {
  readonly kind: "text" | "reasoning" | "tool-call";
  readonly id: string;
  readonly name?: string;
  text: string;
  /** What any of its parts said beside the text: signatures come with deltas. */
  metadata?: JSONObject;
}

export function createPartReader(origin: Origin, model: string): PartReader {
  const open = new Map<string, Open>();
  /** Calls that the provider runs itself: their input is told whole. */
  const executed = new Set<string>();
  let blocks = 0;

  const opaqueOf = (metadata: unknown): { opaque: readonly Opaque[] } | undefined =>
    isObject(metadata) ? { opaque: [{ family: origin.family, model, kind: STATE, data: JSON.stringify(metadata) }] } : undefined;
  const note = (block: Open, { providerMetadata }: JSONObject): void => {
    if (isObject(providerMetadata)) block.metadata = { ...block.metadata, ...providerMetadata };
  };
  const start = (kind: Open["kind"], id: string, out: StreamEvent[], name?: string): Open => {
    const block: Open = {
      kind,
      id: kind === "tool-call" ? id : `${kind}-${blocks++}`,
      text: "",
      ...(name === undefined ? undefined : { name }),
    };
    open.set(`${kind}:${id}`, block);
    if (kind === "tool-call") out.push({ type: "tool-call-start", id, name: name ?? "" });
    else out.push({ type: `${kind}-start`, id: block.id });
    return block;
  };
  const say = (block: Open, text: string, out: StreamEvent[]): void => {
    block.text += text;
    if (block.kind === "tool-call") out.push({ type: "tool-call-delta", id: block.id, arguments: text });
    else out.push({ type: `${block.kind}-delta`, id: block.id, text });
  };
  const close = (kind: Open["kind"], id: string, part: JSONObject | undefined, out: StreamEvent[]): void => {
    const block = open.get(`${kind}:${id}`);
    if (block === undefined) return;
    open.delete(`${kind}:${id}`);
    if (part !== undefined) note(block, part);
    const citations = part === undefined ? [] : citationsOf(part["citations"]);
    out.push({
      type: `${kind}-end`,
      id: block.id,
      ...opaqueOf(block.metadata),
      ...(kind === "text" && citations.length > 0 ? { citations } : undefined),
    });
  };
  const call = (part: JSONObject, out: StreamEvent[]): void => {
    const id = textOf(part["toolCallId"]);
    const input = typeof part["input"] === "string" ? part["input"] : JSON.stringify(part["input"] ?? {});
    if (part["providerExecuted"] === true) return keep(part, out);
    const block = open.get(`tool-call:${id}`) ?? start("tool-call", id, out, textOf(part["toolName"]));
    if (input.startsWith(block.text)) {
      if (input.length > block.text.length) say(block, input.slice(block.text.length), out);
    }
    close("tool-call", id, part, out);
  };
  /** A part that only its own provider understands goes back to it as it is. */
  const keep = (part: JSONObject, out: StreamEvent[]): void => {
    out.push({ type: "part", part: { type: "provider", family: origin.family, codec: origin.codec, raw: part } });
  };

  return {
    read(part, out) {
      const { type } = part;
      const id = textOf(part["id"]);
      const delta = textOf(part["delta"]);
      switch (type) {
        case "text":
        case "reasoning": {
          const key = `whole-${blocks}`;
          say(start(type, key, out), textOf(part["text"]), out);
          close(type, key, part, out);
          break;
        }
        case "text-start":
        case "reasoning-start":
          note(start(type === "text-start" ? "text" : "reasoning", id, out), part);
          break;
        case "text-delta":
        case "reasoning-delta": {
          const kind = type === "text-delta" ? "text" : "reasoning";
          const block = open.get(`${kind}:${id}`) ?? start(kind, id, out);
          note(block, part);
          if (delta !== "") say(block, delta, out);
          break;
        }
        case "text-end":
        case "reasoning-end":
          close(type === "text-end" ? "text" : "reasoning", id, part, out);
          break;
        case "tool-input-start":
          if (part["providerExecuted"] === true) executed.add(id);
          else start("tool-call", id, out, textOf(part["toolName"]));
          break;
        case "tool-input-delta": {
          const block = open.get(`tool-call:${id}`);
          if (block !== undefined && delta !== "") say(block, delta, out);
          break;
        }
        case "tool-input-end": // the call itself follows
          break;
        case "tool-call":
          call(part, out);
          break;
        case "tool-result":
        case "custom":
          keep(part, out);
          break;
        case "file": {
          const file = fileOf(part);
          if (file !== undefined) out.push({ type: "part", part: { ...file, ...opaqueOf(part["providerMetadata"]) } });
          break;
        }
        case "source":
          out.push({ type: "part", part: { type: "source", source: sourceOf(part) } satisfies Part });
          break;
        default: // reasoning files, approvals, pings and raw chunks have no place in an answer
      }
    },
    end(out) {
      for (const key of open.keys()) {
        const { kind } = open.get(key)!;
        close(kind, key.slice(kind.length + 1), undefined, out);
      }
    },
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function fileOf({ mediaType, data }: JSONObject): FilePart | undefined {
  const raw: unknown = isObject(data) && data["type"] === "data" ? data["data"] : data;
  const type = textOf(mediaType) || "application/octet-stream";
  if (raw instanceof Uint8Array) return { type: "file", mediaType: type, data: { type: "bytes", bytes: raw } };
  if (typeof raw === "string") return { type: "file", mediaType: type, data: { type: "base64", base64: raw } };
  const url: unknown = isObject(raw) ? raw["url"] : undefined;
  if (url instanceof URL || typeof url === "string") return { type: "file", mediaType: type, data: { type: "url", url: String(url) } };
  return undefined;
}

function sourceOf(part: JSONObject): Source {
  const source: { -readonly [K in keyof Source]: Source[K] } = {};
  for (const key of ["id", "url", "title", "mediaType", "filename"] as const) {
    const value = part[key];
    if (typeof value === "string" && value !== "") source[key] = value;
  }
  return source;
}

function citationsOf(value: unknown): Citation[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).flatMap(({ source, startIndex, endIndex, citedText }): Citation | Citation[] => {
    if (!isObject(source)) return [];
    return {
      source: sourceOf(source),
      ...(typeof startIndex === "number" ? { answerStart: startIndex } : undefined),
      ...(typeof endIndex === "number" ? { answerEnd: endIndex } : undefined),
      ...(typeof citedText === "string" ? { citedText } : undefined),
    };
  });
}
