import { AIMessageChunk, type AIMessage, type UsageMetadata } from "@langchain/core/messages";
import { concat } from "@langchain/core/utils/stream";
import {
  makeUsage,
  type FinishReason,
  type JSONObject,
  type ModelCallOptions,
  type StreamEvent,
  type Usage,
  type Warning,
} from "crosspoint";
import { readContent } from "../read-blocks.ts";
import { isRecord, text } from "../schema.ts";
import { NATIVE } from "./write-history.ts";

/** Turns the chunks of a LangChain model into events. A whole message is one chunk. */
export interface ChunkReader {
  read(chunk: AIMessage | AIMessageChunk): StreamEvent[];
  /** Ends what is open. */
  end(warnings: readonly Warning[]): StreamEvent[];
}

interface Open {
  readonly type: "text" | "reasoning";
  readonly id: string;
}

export function createChunkReader({ newId, target }: ModelCallOptions): ChunkReader {
  let sum: AIMessageChunk | AIMessage | undefined;
  let open: Open | undefined;
  /** Calls by the index, or else the id, that their chunks bear. */
  const calls = new Map<string | number, { id: string; started: boolean; name: string; early: string }>();

  const close = (out: StreamEvent[]): void => {
    if (open !== undefined) out.push({ type: `${open.type}-end`, id: open.id });
    open = undefined;
  };
  const say = (type: Open["type"], said: string, out: StreamEvent[]): void => {
    if (said === "") return;
    if (open?.type !== type) {
      close(out);
      open = { type, id: newId(type) };
      out.push({ type: `${type}-start`, id: open.id });
    }
    out.push({ type: `${type}-delta`, id: open.id, text: said });
  };
  const call = (key: string | number, id: string | undefined, name: string | undefined, args: string, out: StreamEvent[]): void => {
    let current = calls.get(key);
    if (current === undefined) calls.set(key, (current = { id: id ?? newId("call"), started: false, name: "", early: "" }));
    if (!current.started) {
      current.name += name ?? "";
      current.early += args;
      if (current.name === "") return;
      close(out);
      current.started = true;
      out.push({ type: "tool-call-start", id: current.id, name: current.name });
      if (current.early !== "") out.push({ type: "tool-call-delta", id: current.id, arguments: current.early });
    } else if (args !== "") out.push({ type: "tool-call-delta", id: current.id, arguments: args });
  };

  return {
    read(chunk) {
      const out: StreamEvent[] = [];
      if (sum === undefined) {
        const model = modelOf(chunk);
        out.push({
          type: "response-start",
          ...(chunk.id === undefined ? undefined : { id: chunk.id }),
          ...(model === undefined ? undefined : { model }),
        });
        sum = chunk;
      } else sum = concat(sum as AIMessageChunk, chunk as AIMessageChunk);
      const extra = chunk.additional_kwargs ?? {};
      const thought = text(extra["reasoning_content"]);
      if (thought !== undefined) say("reasoning", thought, out);
      const summary = isRecord(extra["reasoning"]) ? extra["reasoning"]["summary"] : undefined;
      for (const each of Array.isArray(summary) ? summary.filter(isRecord) : []) say("reasoning", text(each["text"]) ?? "", out);
      for (const part of readContent(chunk.content, {})) {
        if (part.type === "text" || part.type === "reasoning") say(part.type, part.text, out);
        else if (part.type === "file") out.push({ type: "part", part });
      }
      const pieces = (chunk as AIMessageChunk).tool_call_chunks ?? [];
      for (const { index, id, name, args } of pieces) call(index ?? id ?? calls.size, id, name, args ?? "", out);
      if (pieces.length === 0) {
        for (const { id, name, args } of chunk.tool_calls ?? []) call(id ?? calls.size, id, name, JSON.stringify(args), out);
        for (const { id, name, args } of chunk.invalid_tool_calls ?? []) call(id ?? calls.size, id, name, args ?? "", out);
      }
      return out;
    },
    end(warnings) {
      const out: StreamEvent[] = [];
      close(out);
      for (const { id, started } of calls.values()) if (started) out.push({ type: "tool-call-end", id });
      if (sum === undefined) return out;
      const native = nativeOf(sum);
      if (native !== undefined)
        out.push({ type: "part", part: { type: "provider", family: target.family, codec: target.codec, raw: { [NATIVE]: native } } });
      const usage = readUsage(sum.usage_metadata);
      out.push({ type: "response-end", finishReason: finishOf(sum), ...(usage === undefined ? undefined : { usage }), warnings });
      return out;
    },
  };
}

function modelOf({ response_metadata: metadata }: AIMessage | AIMessageChunk): string | undefined {
  return text(metadata?.["model_name"]) ?? text(metadata?.["model"]);
}

/** What plain text and calls do not hold of a message: its blocks, and what stands beside them. */
function nativeOf(message: AIMessage | AIMessageChunk): JSONObject | undefined {
  const { content, additional_kwargs: extra, response_metadata: metadata } = message;
  if (typeof content === "string" && Object.keys(extra ?? {}).length === 0) return undefined;
  const kept = ["model_provider", "model_name", "model", "output_version", "id", "output"].filter((key) => metadata?.[key] !== undefined);
  return {
    content: content as JSONObject[string],
    additional_kwargs: extra as JSONObject,
    response_metadata: Object.fromEntries(kept.map((key) => [key, metadata[key] as JSONObject[string]])),
  };
}

const REASONS: readonly (readonly [RegExp, FinishReason["unified"]])[] = [
  [/tool|function/i, "tool-calls"],
  [/length|max_?(?:output_)?tokens|incomplete/i, "length"],
  [/filter|safety|refus|block|prohibit|recitation/i, "content-filter"],
  [/^(?:stop|end_turn|stop_sequence|completed?|eos)/i, "stop"],
];

function finishOf({ response_metadata: metadata, tool_calls: calls }: AIMessage | AIMessageChunk): FinishReason {
  const fields = metadata ?? {};
  const raw = ["finish_reason", "finishReason", "stop_reason", "stopReason", "status"]
    .map((key) => fields[key] as unknown)
    .find((each) => typeof each === "string") as string | undefined;
  const told = raw === undefined ? undefined : REASONS.find(([pattern]) => pattern.test(raw))?.[1];
  const called = (calls?.length ?? 0) > 0 && (told === undefined || told === "stop");
  return {
    unified: called ? "tool-calls" : (told ?? (raw === undefined ? "stop" : "other")),
    ...(raw === undefined ? undefined : { raw }),
  };
}

function readUsage(usage: UsageMetadata | undefined): Usage | undefined {
  if (!isRecord(usage)) return undefined;
  const { input_tokens: input, output_tokens: output, input_token_details: read = {}, output_token_details: written = {} } = usage;
  return makeUsage({
    input: {
      total: input,
      ...counts({ cacheRead: read.cache_read, cacheWrite: read.cache_creation, audio: read.audio, image: read.image, video: read.video }),
    },
    output: { total: output, ...counts({ reasoning: written.reasoning, audio: written.audio, image: written.image }) },
  });
}

function counts<K extends string>(given: Readonly<Record<K, number | undefined>>): { [key in K]?: number } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === "number")) as { [key in K]?: number };
}
