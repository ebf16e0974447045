import { createAccumulator, type Accumulated } from "../ir/accumulate.ts";
import type { FilePart, Message, Part, ToolResultPart } from "../ir/content.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { JSONObject, JSONValue } from "../ir/json.ts";
import type { ModelRequest } from "../ir/request.ts";
import { finishWord } from "./finish-word.ts";

/** A part of a message in the conventions' form; `type` says which fields there are. */
export type ContentPart = JSONObject & { readonly type: string };

export interface ContentMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly parts: readonly ContentPart[];
  readonly name?: string;
  /** Of an answer. */
  readonly finish_reason?: string;
}

/** What was said in a call, in the form of the GenAI semantic conventions. Bytes of media are never part of it. */
export interface Content {
  readonly systemInstructions?: readonly ContentPart[];
  readonly inputMessages: readonly ContentMessage[];
  readonly outputMessages?: readonly ContentMessage[];
  readonly toolDefinitions?: readonly JSONObject[];
}

export type CaptureContent = "none" | "span" | "event" | "span+event";

export interface ContentOptions {
  /**
   * Where prompts and answers are written. Default `none`, or what the variable OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT says. `span`: as
   * attributes; `event`: as a log record `gen_ai.client.inference.operation.details` where the program takes log records, else as an event of the span.
   */
  readonly captureContent?: CaptureContent;
  /** Sees what would be written and returns, at once, what is written; `undefined` or a promise writes nothing. What it throws drops the content. */
  readonly contentHook?: (content: Content) => Content | undefined;
  /** Every match becomes `[REDACTED]`, after the hook. */
  readonly redact?: readonly RegExp[];
  /** Characters of one text; the rest is cut. All messages together have sixteen times as many, the newest first. Default 16,384. */
  readonly maxContentLength?: number;
}

const FROM_ENV: Readonly<Record<string, CaptureContent>> = {
  true: "span",
  span_only: "span",
  event_only: "event",
  span_and_event: "span+event",
};

/** What the standard variable asks for. */
export function captureFromEnv(value: string | undefined): CaptureContent {
  return FROM_ENV[value?.trim().toLowerCase() ?? ""] ?? "none";
}

/** Collects what an attempt says. */
export interface Capture {
  push(events: readonly StreamEvent[]): void;
  /** `undefined` where the hook wants nothing written. */
  content(): Content | undefined;
}

export function openCapture(request: ModelRequest, options: ContentOptions): Capture {
  let accumulator = createAccumulator();
  let broken = false;
  return {
    push(events) {
      if (broken) return;
      try {
        for (const event of events) {
          if (event.type === "response-restart") accumulator = createAccumulator();
          else accumulator.push([event]);
        }
      } catch {
        broken = true; // an answer that does not fold fails elsewhere
      }
    },
    content() {
      try {
        const whole = toContent(request, broken ? undefined : accumulator.result(), accumulator.ended);
        const chosen = options.contentHook === undefined ? whole : options.contentHook(whole);
        return chosen === undefined || isPromise(chosen) ? undefined : bound(chosen, options);
      } catch {
        return undefined; // telemetry never breaks a call
      }
    },
  };
}

/** Nothing waits for a promise; its failure must not end the program. */
export function isPromise(given: unknown): boolean {
  if (!(given instanceof Promise)) return false;
  given.catch(() => {});
  return true;
}

function toContent(request: ModelRequest, answer: Accumulated | undefined, ended: boolean): Content {
  const system = request.messages.filter(({ role }) => role === "system");
  const tools = request.tools?.map((tool) => {
    if (tool.type === "provider") {
      const name = [tool.raw["name"], tool.raw["type"]].find((each) => typeof each === "string");
      return { type: "provider", name: name ?? tool.family };
    }
    const description = tool.description === undefined ? undefined : { description: tool.description };
    return { type: "function", name: tool.name, ...description, ...(tool.type !== "custom" && tool.inputSchema !== undefined && { parameters: tool.inputSchema }) }; // oxfmt-ignore
  });
  return {
    ...(system.length > 0 && { systemInstructions: system.flatMap(partsOf) }),
    inputMessages: request.messages.filter(({ role }) => role !== "system").map(toMessage),
    ...(answer !== undefined && { outputMessages: outputOf(answer, ended) }),
    ...(tools !== undefined && tools.length > 0 && { toolDefinitions: tools }),
  };
}

function outputOf(answer: Accumulated, ended: boolean): ContentMessage[] {
  return (answer.choices ?? [answer]).map(({ content, finishReason }) => ({
    role: "assistant",
    parts: content.flatMap(toParts),
    finish_reason: ended ? finishWord(finishReason) : "error",
  }));
}

function toMessage(message: Message): ContentMessage {
  const { role, name } = message;
  return { role, parts: partsOf(message), ...(name === undefined ? undefined : { name }) };
}

function partsOf({ content }: Message): ContentPart[] {
  return typeof content === "string" ? [{ type: "text", content }] : content.flatMap(toParts);
}

function toParts(part: Part): ContentPart[] {
  switch (part.type) {
    case "text":
    case "refusal":
      return [{ type: "text", content: part.text }];
    case "reasoning":
      return part.text === "" ? [] : [{ type: "reasoning", content: part.text }];
    case "tool-call":
      return [
        { type: "tool_call", id: part.id, name: part.name, arguments: part.custom === true ? part.arguments : parsed(part.arguments) },
      ];
    case "tool-result":
      return [{ type: "tool_call_response", id: part.callId, response: responseOf(part) }];
    case "file":
      return [filePart(part)];
    case "provider":
      return [{ type: "provider", family: part.family }];
    case "source":
      return [];
    default:
      return part satisfies never;
  }
}

function responseOf({ output }: ToolResultPart): JSONValue {
  if (typeof output === "string") return output;
  switch (output.type) {
    case "text":
      return output.text;
    case "json":
      return output.value;
    case "content":
      return output.parts.flatMap(toParts);
    case "denied":
      return { denied: true, ...(output.reason === undefined ? undefined : { reason: output.reason }) };
    default:
      return output satisfies never;
  }
}

function filePart({ mediaType, data }: FilePart): ContentPart {
  const half = mediaType.split("/")[0]!;
  const modality = half === "image" || half === "video" || half === "audio" ? half : "document";
  const mime = mediaType.endsWith("*") ? undefined : { mime_type: mediaType };
  switch (data.type) {
    case "url":
      return { type: "uri", modality, ...mime, uri: data.url.startsWith("data:") ? "" : data.url };
    case "id":
      return { type: "file", modality, ...mime, file_id: data.id };
    case "text":
      return { type: "text", content: data.text };
    case "base64":
      return { type: "blob", modality, ...mime, content: "", size: Math.floor((data.base64.length * 3) / 4) };
    case "bytes":
      return { type: "blob", modality, ...mime, content: "", size: data.bytes.length };
    default:
      return data satisfies never;
  }
}

function parsed(text: string): JSONValue {
  try {
    return JSON.parse(text) as JSONValue;
  } catch {
    return text;
  }
}

const MAX_TEXT = 16_384;
const MAX_DEPTH = 64;
const FORM = new Set(["type", "role", "finish_reason", "modality", "mime_type"]);

/** Redacted, every text cut to its bound, and the oldest messages emptied where all together are too long. */
function bound(content: Content, { redact = [], maxContentLength = MAX_TEXT }: ContentOptions): Content {
  const secrets = redact.map((pattern) => new RegExp(pattern, pattern.flags.replace(/[gy]/g, "") + "g"));
  const clear = (text: string): string => secrets.reduce((kept, secret) => kept.replace(secret, "[REDACTED]"), text);
  const cut = (text: string): string => {
    const kept = clear(text);
    return kept.length <= maxContentLength
      ? kept.toWellFormed()
      : `${kept.slice(0, maxContentLength).toWellFormed()}…[${kept.length - maxContentLength} more]`;
  };
  const walk = (value: unknown, depth: number): unknown => {
    if (typeof value === "string") return cut(value);
    // The number of a card in arguments may be a number.
    if (typeof value === "number" && clear(String(value)) !== String(value)) return clear(String(value));
    if (typeof value !== "object" || value === null) return value;
    if (depth > MAX_DEPTH) return "…";
    if (Array.isArray(value)) return value.map((item) => walk(item, depth + 1));
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [cut(key), walk(field, depth + 1)]));
  };
  /** The words of the form itself stay as they are. */
  const item = <T extends object>(given: T): T =>
    Object.fromEntries(
      Object.entries(given).map(([key, field]: [string, unknown]) => [
        key,
        FORM.has(key) ? field : key === "parts" ? (field as object[]).map(item) : walk(field, 0),
      ]),
    ) as T;
  const [systemInstructions, inputMessages, outputMessages, toolDefinitions] = [
    content.systemInstructions?.map(item),
    content.inputMessages.map(item),
    content.outputMessages?.map(item),
    content.toolDefinitions?.map(item),
  ];
  let room = maxContentLength * 16;
  const fit = <T>(items: readonly T[], empty: (item: T) => T): T[] => {
    const kept: T[] = [];
    for (const item of items.toReversed()) {
      const size = JSON.stringify(item).length;
      kept.push(size <= room ? item : empty(item));
      room -= Math.min(size, room);
    }
    return kept.reverse();
  };
  const emptied = (message: ContentMessage): ContentMessage => ({ ...message, parts: [{ type: "text", content: "…" }] });
  // What the model said first counts most, then the newest of what it was told.
  const output = outputMessages === undefined ? undefined : { outputMessages: fit(outputMessages, emptied) };
  const system = systemInstructions === undefined ? undefined : { systemInstructions: fit(systemInstructions, ({ type }) => ({ type, content: "…" })) }; // oxfmt-ignore
  const input = { inputMessages: fit(inputMessages, emptied) };
  const tools = toolDefinitions === undefined ? undefined : { toolDefinitions: fit(toolDefinitions, ({ type, name }) => ({ type: type ?? "function", name: name ?? "" })) }; // oxfmt-ignore
  return { ...system, ...input, ...output, ...tools };
}

/** Content as span attributes: JSON texts, because tools that read spans want text there. */
export function contentAttributes({ systemInstructions, inputMessages, outputMessages, toolDefinitions }: Content): Record<string, string> {
  return {
    "gen_ai.input.messages": JSON.stringify(inputMessages),
    ...(systemInstructions === undefined ? undefined : { "gen_ai.system_instructions": JSON.stringify(systemInstructions) }),
    ...(outputMessages === undefined ? undefined : { "gen_ai.output.messages": JSON.stringify(outputMessages) }),
    ...(toolDefinitions === undefined ? undefined : { "gen_ai.tool.definitions": JSON.stringify(toolDefinitions) }),
  };
}
