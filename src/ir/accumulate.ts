import type { Citation, Opaque, Part, Source, TextPart, TokenLogprob, ToolCallPart } from "./content.ts";
import { CrosspointError } from "./error.ts";
import type { ReasoningStart, ResponseEnd, ResponseStart, StreamEvent, TextStart, ToolCallStart } from "./event.ts";
import type { Choice, FinishReason, ModelResponse } from "./response.ts";
import type { Usage } from "./usage.ts";

/** What the events alone tell of a response; the pipeline adds where it came from. */
export type Accumulated = Omit<ModelResponse, "provider" | "deployment" | "attempts" | "requestId" | "rateLimit">;

export interface Accumulator {
  push(events: readonly StreamEvent[]): void;
  /** The response so far; blocks that are still open count with what they have. */
  result(): Accumulated;
  /** True after `response-end`. */
  readonly ended: boolean;
}

interface Block {
  readonly start: TextStart | ReasoningStart | ToolCallStart;
  text: string;
  callId?: string;
  logprobs?: TokenLogprob[];
  citations?: readonly Citation[];
  opaque?: readonly Opaque[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** More answers than any provider gives; a hostile number must not fill the memory. */
const MAX_CHOICES = 1_024;

const unknownUsage: Usage = { input: {}, output: {} };

interface State {
  start?: ResponseStart | undefined;
  end?: ResponseEnd;
  order: (Block | { readonly part: Part; readonly choice: number })[];
  /** Made when there is a second block: most answers have one. */
  open?: Map<string, Block> | undefined;
  last?: Block | undefined;
}

/** Folds the events of one response into the whole of it. */
export function createAccumulator(): Accumulator {
  const state: State = { order: [] };
  return {
    push(events) {
      for (const event of events) push(state, event);
    },
    result: () => resultOf(state),
    get ended() {
      return state.end !== undefined;
    },
  };
}

/** Folds all events of one response. */
export function accumulate(events: readonly StreamEvent[]): Accumulated {
  const state: State = { order: [] };
  for (const event of events) push(state, event);
  return resultOf(state);
}

function blockOf(state: State, id: string): Block {
  if (state.last?.start.id === id) return state.last;
  const found = state.open?.get(id);
  if (found === undefined) throw new CrosspointError("BAD_RESPONSE", `the stream continues block "${id}", which was not started`);
  return (state.last = found);
}

function startBlock(state: State, start: Block["start"]): void {
  const block: Block = { start, text: "" };
  if (state.last !== undefined) (state.open ??= new Map([[state.last.start.id, state.last]])).set(start.id, block);
  state.last = block;
  state.order.push(block);
}

function push(state: State, event: StreamEvent): void {
  switch (event.type) {
    case "text-delta": {
      const block = blockOf(state, event.id);
      block.text += event.text;
      if (event.logprobs !== undefined) (block.logprobs ??= []).push(...event.logprobs);
      break;
    }
    case "reasoning-delta":
      blockOf(state, event.id).text += event.text;
      break;
    case "tool-call-delta":
      blockOf(state, event.id).text += event.arguments;
      break;
    case "text-start":
    case "reasoning-start":
    case "tool-call-start":
      startBlock(state, event);
      break;
    case "text-end": {
      const block = blockOf(state, event.id);
      if (event.citations !== undefined) block.citations = event.citations;
      if (event.opaque !== undefined) block.opaque = event.opaque;
      break;
    }
    case "tool-call-end":
      if (event.callId !== undefined) blockOf(state, event.id).callId = event.callId;
      if (event.opaque !== undefined) blockOf(state, event.id).opaque = event.opaque;
      break;
    case "reasoning-end":
      if (event.opaque !== undefined) blockOf(state, event.id).opaque = event.opaque;
      break;
    case "part":
      state.order.push({ part: event.part, choice: event.choice ?? 0 });
      break;
    case "response-start":
      state.start = event;
      break;
    case "response-restart":
      state.order = [];
      state.open = undefined;
      state.last = undefined;
      state.start = undefined;
      break;
    case "response-end":
      state.end = event;
      break;
    default:
      event satisfies never;
  }
}

function resultOf({ start, end, order }: State): Accumulated {
  const finishReason: FinishReason = end?.finishReason ?? { unified: "other" };
  const others = end?.otherFinishReasons;
  const content: Part[] = [];
  const choices = [content];
  for (const entry of order) {
    const index = "part" in entry ? entry.choice : (entry.start.choice ?? 0);
    if (!(index >= 0 && index < MAX_CHOICES)) throw new CrosspointError("BAD_RESPONSE", `the answer has a choice number ${index}`);
    while (choices.length <= index) choices.push([]);
    choices[index]!.push("part" in entry ? entry.part : toPart(entry));
  }
  const { text, reasoning, toolCalls, sources } = summarize(content);
  const usage = end?.usage ?? unknownUsage;
  const warnings = end?.warnings ?? [];
  const model = start?.model ?? "";
  const response: Mutable<Accumulated> = { model, text, reasoning, toolCalls, sources, content, finishReason, usage, warnings };
  if (start?.id !== undefined) response.id = start.id;
  if (start?.created !== undefined) response.created = start.created;
  if (others !== undefined) response.choices = choices.map((parts, index) => choice(parts, index, finishReason, others));
  if (end?.cost !== undefined) response.cost = end.cost;
  if (end?.serviceTier !== undefined) response.serviceTier = end.serviceTier;
  if (end?.providerMetadata !== undefined) response.providerMetadata = end.providerMetadata;
  return response;
}

function choice(content: Part[], index: number, first: FinishReason, others: readonly FinishReason[]): Choice {
  return { content, finishReason: index === 0 ? first : (others[index - 1] ?? { unified: "other" }) };
}

function toPart(block: Block): Part {
  const part = bare(block);
  const { start, opaque } = block;
  if (start.itemId !== undefined) part.itemId = start.itemId;
  if (opaque !== undefined) part.opaque = opaque;
  return part;
}

function bare({ start, text, citations, logprobs, callId }: Block): Mutable<Part> {
  switch (start.type) {
    case "text-start": {
      if (start.refusal === true) return { type: "refusal", text };
      const part: Mutable<TextPart> = { type: "text", text };
      if (citations !== undefined) part.citations = citations;
      if (logprobs !== undefined) part.logprobs = logprobs;
      if (start.phase !== undefined) part.phase = start.phase;
      return part;
    }
    case "reasoning-start":
      return start.form === undefined ? { type: "reasoning", text } : { type: "reasoning", text, form: start.form };
    case "tool-call-start": {
      const part: Mutable<ToolCallPart> = { type: "tool-call", id: callId ?? start.id, name: start.name, arguments: text };
      if (start.custom !== undefined) part.custom = start.custom;
      if (start.namespace !== undefined) part.namespace = start.namespace;
      if (start.providerOptions !== undefined) part.providerOptions = start.providerOptions;
      return part;
    }
    default:
      return start satisfies never;
  }
}

function summarize(content: readonly Part[]): Pick<ModelResponse, "text" | "reasoning" | "toolCalls" | "sources"> {
  let text = "";
  let reasoning = "";
  const toolCalls: ToolCallPart[] = [];
  const sources: Source[] = [];
  let comments = false;
  let answers = false;
  let seen: Set<string> | undefined;
  const addSource = (source: Source): void => {
    const key = source.url ?? source.fileId ?? source.id ?? source.filename ?? source.title ?? "";
    if (key === "" || (seen ??= new Set()).has(key)) return;
    seen.add(key);
    sources.push(source);
  };
  for (const part of content) {
    if (part.type === "text") {
      text += part.text;
      if (part.phase === "commentary") comments = true;
      else if (part.phase !== undefined) answers = true;
      if (part.citations !== undefined) for (const { source } of part.citations) addSource(source);
    } else if (part.type === "reasoning") reasoning += part.text;
    else if (part.type === "tool-call") toolCalls.push(part);
    else if (part.type === "source") addSource(part.source);
  }
  if (comments && answers) text = content.map((part) => (part.type === "text" && part.phase !== "commentary" ? part.text : "")).join("");
  return { text, reasoning, toolCalls, sources };
}
