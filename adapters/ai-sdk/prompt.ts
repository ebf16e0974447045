import {
  CrosspointError,
  type FilePart,
  type JSONObject,
  type Message,
  type Part,
  type ProviderPart,
  type TextPart,
  type ToolOutput,
} from "crosspoint";
import { onlyProvider, type Addressee } from "./addressee.ts";
import { fromReference, mediaTypeOf, readFileData } from "./file-data.ts";
import { isObject, KEY, objectAt, readState } from "./part-state.ts";
import { snakeKeys, type ToolNames } from "./tools.ts";
import type { PromptMessage, PromptPart, OptionsInput, ToolContentPart, ToolOutputInput } from "./types.ts";

/** The conversation in the layer's words. */
export function readPrompt(prompt: readonly PromptMessage[], to: Addressee, names: ToolNames): Message[] {
  const messages: Message[] = [];
  const reading: Reading = { to, names, typed: new Map() };
  for (const { role, content, providerOptions } of prompt) {
    const { cache } = providerOptions === undefined ? {} : readState(providerOptions);
    const parts = typeof content === "string" ? content : content.flatMap((part) => readPart(part, reading));
    const results = role === "tool" && typeof parts !== "string" ? parts : undefined;
    if (results?.length === 0) continue; // nothing but approvals
    messages.push({
      // Results with a type of their own are items of the caller's turn.
      role: results?.every(({ type }) => type === "provider") === true ? "user" : role,
      content: parts,
      ...(cache === undefined ? undefined : { cache }),
    });
  }
  return messages;
}

interface Reading {
  readonly to: Addressee;
  readonly names: ToolNames;
  /** Calls of tools that have a type of their own on the wire, by id: their results have one too. */
  readonly typed: Map<string, ProviderPart>;
}

function readPart(part: PromptPart, reading: Reading): Part | Part[] {
  const { to, names, typed } = reading;
  const own = objectAt(part.providerOptions, KEY);
  if (part.type === "tool-result") {
    const call = typed.get(part.toolCallId);
    if (call !== undefined) return typedResult(call, part.toolCallId, part.output);
  }
  const raw = own?.["raw"];
  // A provider's own block is replayed as it was; its face in the AI SDK's words is only a view of it.
  if (own !== undefined && isObject(raw)) {
    const whole = providerPart(own, raw, part.providerOptions);
    if (part.type === "tool-call" && part.providerExecuted !== true) for (const each of whole) typed.set(part.toolCallId, each);
    return whole;
  }
  if (own?.["covered"] === true) return [];
  const { form, citations, phase, custom, namespace, title, context, citable, transcript, detail, ...shared } = readState(
    part.providerOptions,
  );
  switch (part.type) {
    case "text":
      if (own?.["refusal"] === true) return { type: "refusal", text: part.text, ...shared };
      return {
        type: "text",
        text: part.text,
        ...(citations === undefined ? undefined : { citations }),
        ...(phase === undefined ? undefined : { phase }),
        ...shared,
      };
    case "reasoning":
      return { type: "reasoning", text: part.text, ...(form === undefined ? undefined : { form }), ...shared };
    case "file":
      return {
        type: "file",
        mediaType: mediaTypeOf(part.mediaType),
        data: readFileData(part.data, to),
        ...(part.filename === undefined ? undefined : { filename: part.filename }),
        ...present({ title, context, citable, transcript, detail }),
        ...shared,
      };
    case "tool-call":
      return {
        type: "tool-call",
        id: part.toolCallId,
        name: names.toWire(part.toolName),
        arguments: readArguments(part.input, own?.["arguments"], custom),
        ...(custom === undefined ? undefined : { custom }),
        ...(namespace === undefined ? undefined : { namespace }),
        ...shared,
      };
    case "tool-result": {
      // The AI SDK copies the state of a call to its result: none of it is the result's own but the hint for the cache.
      const { cache } = shared;
      return {
        type: "tool-result",
        callId: part.toolCallId,
        name: names.toWire(part.toolName),
        output: readOutput(part.output, to),
        ...(part.output.type === "error-text" || part.output.type === "error-json" ? { isError: true } : undefined),
        ...(custom === undefined ? undefined : { custom }),
        ...(cache === undefined ? undefined : { cache }),
      };
    }
    case "reasoning-file": // pictures that a model made while it thought are for its reader only
    case "custom": // another provider's own block
    case "tool-approval-response":
      return [];
    default:
      part satisfies never;
      throw new CrosspointError(
        "BAD_REQUEST",
        `the prompt has a part of unknown type ${JSON.stringify((part as { type?: unknown }).type)}`,
        {
          param: "prompt",
        },
      );
  }
}

function providerPart(own: JSONObject, raw: object, options: OptionsInput | undefined): ProviderPart[] {
  const { family, codec } = own;
  if (typeof family !== "string" || typeof codec !== "string") return [];
  const { opaque, cache } = readState(options);
  return [
    {
      type: "provider",
      family,
      codec,
      raw: raw as ProviderPart["raw"],
      ...(opaque === undefined ? undefined : { opaque }),
      ...(cache === undefined ? undefined : { cache }),
    },
  ];
}

/** The result of a call that has a type of its own, `x_call`, is an `x_call_output`. */
function typedResult(call: ProviderPart, callId: string, output: ToolOutputInput): ProviderPart {
  const value = output.type === "execution-denied" || output.type === "content" ? undefined : output.value;
  const fields = isObject(value)
    ? (snakeKeys(value) as ProviderPart["raw"])
    : { output: typeof value === "string" ? value : JSON.stringify(value ?? output) };
  return {
    type: "provider",
    family: call.family,
    codec: call.codec,
    raw: { type: `${call.raw["type"] as string}_output`, call_id: callId, ...fields },
  };
}

/** The arguments as text. What the model sent as broken JSON is kept, unless it was repaired on the way. */
function readArguments(input: unknown, sent: unknown, custom: boolean | undefined): string {
  const untouched = typeof input === "string" || (isObject(input) && Object.keys(input).length === 0);
  if (typeof sent === "string" && untouched) return sent;
  if (typeof input === "string") return custom === true || isJSON(input) ? input : JSON.stringify(input);
  if (custom === true && isObject(input) && typeof input["input"] === "string") return input["input"];
  return JSON.stringify(input ?? {});
}

export function isJSON(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readOutput(output: ToolOutputInput, to: Addressee): ToolOutput {
  switch (output.type) {
    case "text":
    case "error-text":
      return { type: "text", text: output.value };
    case "json":
    case "error-json":
      return { type: "json", value: (output.value ?? null) as Extract<ToolOutput, { type: "json" }>["value"] };
    case "execution-denied":
      return { type: "denied", ...(output.reason === undefined ? undefined : { reason: output.reason }) };
    case "content":
      return { type: "content", parts: output.value.flatMap((part) => readContent(part, to)) };
    default:
      output satisfies never;
      throw new CrosspointError("BAD_REQUEST", "a tool result has an output of unknown type", { param: "prompt" });
  }
}

function readContent(part: ToolContentPart, to: Addressee): TextPart | FilePart | never[] {
  const { cache, detail } = readState(part.providerOptions);
  const shared = present({ cache, detail });
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text, ...present({ cache }) };
    case "file":
    case "file-data":
    case "image-data":
    case "media":
      return {
        type: "file",
        mediaType: mediaTypeOf(part.mediaType),
        data: readFileData(part.data, to),
        ...("filename" in part && part.filename !== undefined ? { filename: part.filename } : undefined),
        ...shared,
      };
    case "file-url":
    case "image-url":
      return { type: "file", mediaType: kindOf(part.type), data: readFileData(part.url, to), ...shared };
    case "file-id":
    case "image-file-id": {
      const { fileId } = part;
      const reference = typeof fileId === "string" ? { [onlyProvider(to, "family") ?? ""]: fileId } : fileId;
      return { type: "file", mediaType: kindOf(part.type), data: fromReference(reference, to), ...shared };
    }
    case "custom":
      return [];
    default:
      return part satisfies never;
  }
}

function kindOf(type: string): string {
  return type.startsWith("image") ? "image/*" : "application/octet-stream";
}

/** The fields that are there. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
