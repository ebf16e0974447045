import { expect } from "vitest";
import type { Message, ModelRequest, Part, ToolCallPart, ToolResultPart } from "../../../src/ir/index.ts";
import type { CodecId, Target } from "../../../src/ir/target.ts";

const ID: Record<CodecId, RegExp> = {
  "openai-chat": /^[^]{1,64}$/,
  "openai-responses": /^[a-zA-Z0-9_-]{1,64}$/,
  "anthropic-messages": /^[a-zA-Z0-9_-]{1,64}$/,
  gemini: /^[^]+$/,
};
const NAME: Record<CodecId, RegExp> = {
  "openai-chat": /^[a-zA-Z0-9_-]{1,64}$/,
  "openai-responses": /^[a-zA-Z0-9_-]{1,64}$/,
  "anthropic-messages": /^[a-zA-Z0-9_-]{1,128}$/,
  gemini: /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/,
};
const MEDIA: Record<string, "image" | "audio" | "video" | "pdf"> = {
  "image/png": "image",
  "image/*": "image",
  "audio/wav": "audio",
  "video/mp4": "video",
  "application/pdf": "pdf",
};

const partsOf = ({ content }: Message): readonly Part[] => (typeof content === "string" ? [{ type: "text", text: content }] : content);

/** Checks what each wire demands, written apart from the code that sees to it. */
export function expectAcceptable(request: ModelRequest, target: Target): void {
  const { messages } = request;
  expectPairs(messages, target);
  expectTools(request, target);
  for (const message of messages) {
    if (message.role === "assistant" || isStrict(target)) expect(partsOf(message)).not.toHaveLength(0);
    for (const part of partsOf(message)) expectPart(part, message, request, target);
  }
  const spoken = messages.filter((message) => message.role !== "system");
  if (isStrict(target)) expect(spoken[0]?.role).toBe("user");
  const last = spoken.at(-1);
  if (target.traits.prefill === false) expect(last?.role).not.toBe("assistant");
  if (target.codec === "anthropic-messages" && last?.role === "assistant") {
    const tail = partsOf(last).at(-1);
    if (tail?.type === "text") expect(tail.text).toBe(tail.text.trimEnd());
  }
  // Whatever walks the request must come to its end and find only well-formed text.
  expect(
    JSON.stringify({ ...request, toolChoice: undefined }, (_key, value: unknown) => (value instanceof Uint8Array ? undefined : value)),
  ).not.toMatch(/(?<!\\)(?:\\\\)*\\ud[89a-f]/i);
}

const isStrict = (target: Target): boolean => target.codec === "anthropic-messages" || target.codec === "gemini";

function expectPairs(messages: readonly Message[], target: Target): void {
  const ids = new Set<string>();
  for (let index = 0; index < messages.length;) {
    const calls: ToolCallPart[] = [];
    let end = index;
    for (; messages[end]?.role === "assistant"; end += 1) {
      if (target.codec === "openai-chat" && calls.length > 0) expect.fail("a call without its result before the next assistant message");
      calls.push(...partsOf(messages[end]!).filter((part) => part.type === "tool-call"));
    }
    const results: ToolResultPart[] = [];
    for (; messages[end]?.role === "tool"; end += 1) results.push(...(partsOf(messages[end]!) as readonly ToolResultPart[]));
    expect(results.map((result) => result.callId)).toEqual(calls.map((call) => call.id));
    for (const [at, call] of calls.entries()) {
      expect(call.id).toMatch(target.quirks.toolCallIds === "alnum9" ? /^[a-zA-Z0-9]{9}$/ : ID[target.codec]);
      expect(call.name).toMatch(NAME[target.codec]);
      expect(ids).not.toContain(call.id);
      ids.add(call.id);
      expect(results[at]!.name ?? call.name).toBe(call.name);
      expect(results[at]!.custom === true).toBe(call.custom === true);
    }
    index = end === index ? index + 1 : end;
  }
}

function expectTools({ tools, toolChoice, parallelToolCalls }: ModelRequest, target: Target): void {
  const seen = new Set<string>();
  for (const tool of tools ?? []) {
    if (tool.type === "provider") {
      expect(tool.family).toBe(target.family);
      continue;
    }
    expect(tool.name).toMatch(NAME[target.codec]);
    const key = JSON.stringify(target.codec === "openai-responses" && tool.type !== "custom" ? [tool.name, tool.namespace] : [tool.name]);
    expect(seen).not.toContain(key);
    seen.add(key);
  }
  if (tools !== undefined && tools.length > 0 && typeof toolChoice === "object") {
    for (const name of "tool" in toolChoice ? [toolChoice.tool] : toolChoice.tools) expect(name).toMatch(NAME[target.codec]);
  }
  void parallelToolCalls;
}

function expectPart(part: Part, message: Message, request: ModelRequest, target: Target): void {
  const { codec, family, model, quirks, traits } = target;
  for (const opaque of part.opaque ?? []) {
    expect(opaque.family).toBe(family);
    expect([undefined, model, `${model}-20260101`]).toContain(opaque.model);
  }
  const signed = (part.opaque?.length ?? 0) > 0;
  switch (part.type) {
    case "text":
    case "refusal":
      if (codec === "anthropic-messages") expect(part.text.trim()).not.toBe("");
      if (codec === "gemini" && !signed) expect(part.text).not.toBe("");
      break;
    case "reasoning":
      expect(message.role).toBe("assistant");
      if (codec === "anthropic-messages") expect(signed).toBe(true);
      if (codec === "openai-responses" && (quirks.stateless === true || request.store === false)) {
        const parts = partsOf(message);
        expect(parts.slice(parts.indexOf(part)).some((each) => each.type === "reasoning" && (each.opaque?.length ?? 0) > 0)).toBe(true);
      }
      break;
    case "tool-call":
      expect(message.role).toBe("assistant");
      break;
    case "tool-result": {
      expect(message.role).toBe("tool");
      if (typeof part.output === "string" || part.output.type !== "content") break;
      for (const each of part.output.parts) {
        expectPart(each, message, request, target);
        if (traits.toolResultMedia === false && codec !== "openai-chat") expect(each.type).not.toBe("file");
        if (codec === "anthropic-messages" && part.isError === true) expect(each.type).not.toBe("file");
      }
      break;
    }
    case "file": {
      const kind = MEDIA[part.mediaType];
      if (traits.input !== undefined && kind !== undefined) expect(traits.input).toContain(kind);
      break;
    }
    case "provider":
      expect([part.family, part.codec]).toEqual([family, codec]);
      break;
    case "source":
      expect(message.role).toBe("assistant");
      break;
    default:
      part satisfies never;
  }
}
