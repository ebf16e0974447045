import type { FilePart, Message, Part, ReasoningPart, ToolCallPart, ToolResultPart } from "../../ir/content.ts";
import type { JSONObject, JSONValue } from "../../ir/json.ts";
import type { ModelRequest } from "../../ir/request.ts";
import type { Warning } from "../../ir/response.ts";
import { optionsFor, type Target } from "../../ir/target.ts";
import { reportUnsupported } from "../codec.ts";
import { encodeFile } from "./content.ts";
import { asArray, CODEC, ownState, type Wire } from "./wire.ts";

/** Lets an endpoint that insists on signatures take a call that was made elsewhere: https://ai.google.dev/gemini-api/docs/thought-signatures. */
const UNSIGNED = "skip_thought_signature_validator";
const DENIED = "Tool call execution denied.";

interface Pass {
  readonly request: ModelRequest;
  readonly target: Target;
  readonly warnings: Warning[];
  readonly out: JSONObject[];
  /** Files of tool results, on their way into a user message after the tool messages. */
  moved: JSONObject[];
  hinted: boolean;
}

export function encodeMessages(request: ModelRequest, target: Target, warnings: Warning[], instruction?: string): readonly JSONObject[] {
  const out: JSONObject[] = [];
  const pass: Pass = { request, target, warnings, out, moved: [], hinted: false };
  if (instruction !== undefined) out.push({ role: "system", content: instruction });
  const { messages } = request;
  for (let index = 0; index < messages.length; index++) {
    const message = messages[index]!;
    const { role, content, name } = message;
    if (role !== "tool") flush(pass);
    if (typeof content === "string" && (role === "user" || (role === "assistant" && index < messages.length - 1)) && !decorated(message)) {
      const plain: Wire = { role, content };
      if (name !== undefined) plain["name"] = name;
      if (role === "assistant" && target.quirks.reasoningOnToolTurns !== true) out.push(plain);
      else if (role === "user") out.push(plain);
      else out.push(encodeAssistant(message, index, pass));
    } else if (role === "assistant") out.push(encodeAssistant(message, index, pass));
    else encodeTurn(message, index, pass);
  }
  flush(pass);
  return target.quirks.assistantAfterTools === true ? separated(out, warnings) : out;
}

/** Lets the assistant speak between tool results and the user. */
function separated(messages: readonly JSONObject[], warnings: Warning[]): readonly JSONObject[] {
  const apart = messages.flatMap((message, index) =>
    message["role"] === "user" && messages[index - 1]?.["role"] === "tool" ? [{ role: "assistant", content: "OK." }, message] : [message],
  );
  if (apart.length > messages.length)
    warnings.push({ type: "compatibility", feature: "messages", details: "assistant turn added between tool results and the user" });
  return apart;
}

function decorated(message: Message): boolean {
  return message.cache !== undefined || message.providerOptions !== undefined;
}

function partsOf({ content }: Message): readonly Part[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function flush(pass: Pass): void {
  if (pass.moved.length === 0) return;
  pass.out.push({ role: "user", content: pass.moved });
  pass.moved = [];
}

/** A system, user or tool message. Tool results are messages of their own. */
function encodeTurn(message: Message, index: number, pass: Pass): void {
  const { target, out, warnings } = pass;
  const { quirks } = target;
  const content: JSONObject[] = [];
  const parts = partsOf(message);
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]!;
    if (part.type === "tool-result") {
      const name = quirks.toolResultName === true ? (part.name ?? nameOf(part.callId, pass)) : undefined;
      const result: Wire = { role: "tool", tool_call_id: part.callId, content: encodeResult(part, index, at, pass) };
      if (name !== undefined) result["name"] = name;
      out.push(withOptions(result, part, target));
      continue;
    }
    const encoded = encodePart(part, index, at, pass);
    if (encoded !== undefined) content.push(encoded);
  }
  if (message.cache !== undefined && content.length > 0) content.push({ ...content.pop(), ...hint(message, pass, `messages[${index}]`) });
  if (content.length === 0) return;
  flush(pass);
  let role: string = message.role === "tool" ? "user" : message.role;
  if (role === "system") {
    if (target.traits.system === false) {
      role = "user";
      warnings.push({
        type: "compatibility",
        feature: `messages[${index}].role`,
        details: "sent as user: the model takes no instructions",
      });
    } else if (target.traits.lateSystem === false && out.some((each) => each["role"] !== "system")) {
      role = "user";
      warnings.push({
        type: "compatibility",
        feature: `messages[${index}].role`,
        details: "sent as user: the model takes instructions at the beginning alone",
      });
    } else if (quirks.developerRole === true && (message.developer === true || target.traits.reasoning === true)) role = "developer";
  }
  out.push({
    role,
    content: simplest(content, quirks.plainTextContent === true),
    ...(message.name === undefined ? undefined : { name: message.name }),
    ...optionsFor(message.providerOptions, target),
  });
}

function textOf(content: readonly JSONObject[], separator: string): string {
  return content.flatMap((part) => (part["type"] === "text" ? (part["text"] as string) : [])).join(separator);
}

/** One plain text part is a string; several are joined where the host takes strings only. */
function simplest(content: readonly JSONObject[], join: boolean): string | readonly JSONObject[] {
  const isPlain = (part: JSONObject): boolean => part["type"] === "text" && Object.keys(part).length === 2;
  if (content.length === 1 && isPlain(content[0]!)) return content[0]!["text"] as string;
  return join && content.every((part) => part["type"] === "text") ? textOf(content, "\n") : content;
}

function encodePart(part: Part, index: number, at: number, pass: Pass): JSONObject | undefined {
  const { target, warnings } = pass;
  const path = `messages[${index}].content[${at}]`;
  if (part.type === "text" || part.type === "file") {
    const encoded: JSONObject = part.type === "text" ? { type: "text", text: part.text } : encodeFile(part, target, at, path);
    if (part.type === "file") {
      for (const key of ["title", "context", "citable"] as const) {
        if (part[key] !== undefined) reportUnsupported(target, warnings, `${path}.${key}`, "the wire has no such field");
      }
    }
    if (part.cache === undefined && part.providerOptions === undefined) return encoded;
    return { ...encoded, ...hint(part, pass, path), ...optionsFor(part.providerOptions, target) };
  }
  if (part.type === "provider" && part.codec === CODEC && (part.family === target.family || part.family === CODEC)) return part.raw;
  if (part.type !== "source") reportUnsupported(target, warnings, path, `a ${part.type} part has no place here`);
  return undefined;
}

/** The mark that ends a cached prefix, in the host's own field. */
function hint({ cache }: Pick<Message, "cache">, pass: Pass, path: string): JSONObject | undefined {
  if (cache === undefined) return undefined;
  const { target, warnings } = pass;
  const field = target.quirks.cacheHints;
  const { ttl } = cache;
  if (field === "cache_control")
    return { [field]: { type: "ephemeral", ...(ttl === undefined ? undefined : { ttl: ttl === "5m" ? "5m" : "1h" }) } };
  if (field !== undefined)
    return { [field]: { mode: "explicit", ...(ttl === undefined ? undefined : { ttl: ttl === "12h" ? "12h" : "30m" }) } };
  if (!pass.hinted)
    warnings.push({ type: "compatibility", feature: `${path}.cache`, details: "left out: the provider caches by itself, if at all" });
  pass.hinted = true;
  return undefined;
}

function nameOf(callId: string, { request }: Pass): string | undefined {
  for (const { content } of request.messages) {
    if (typeof content === "string") continue;
    for (const part of content) if (part.type === "tool-call" && part.id === callId) return part.name;
  }
  return undefined;
}

/** The text of a result. Files move to a user message, unless the host takes them here. */
function encodeResult(part: ToolResultPart, index: number, at: number, pass: Pass): string | readonly JSONObject[] {
  const { target, warnings, moved } = pass;
  const { output, isError } = part;
  const wrap = (text: string): string => (isError === true ? JSON.stringify({ error: text }) : text);
  if (typeof output === "string") return wrap(output);
  if (output.type === "text") return wrap(output.text);
  if (output.type === "denied") return output.reason ?? DENIED;
  if (output.type === "json") return isError === true ? jsonText({ error: output.value }) : jsonText(output.value);
  const content: JSONObject[] = [];
  let files = 0;
  for (const [place, each] of output.parts.entries()) {
    const encoded = encodePart(each, index, place, pass);
    if (encoded === undefined) continue;
    if (encoded["type"] === "text" || target.quirks.toolResultImages === true) content.push(encoded);
    else {
      if (files++ === 0) moved.push({ type: "text", text: `Files of the result of tool call ${part.callId}:` });
      moved.push(encoded);
    }
  }
  if (files > 0) {
    warnings.push({
      type: "compatibility",
      feature: `messages[${index}].content[${at}]`,
      details: "files of the tool result moved to a user message",
    });
    if (content.length === 0) return wrap("The files follow in the next user message.");
  }
  if (isError === true) return wrap(textOf(content, "\n"));
  return content.length === 0 ? "" : simplest(content, target.quirks.plainTextContent === true);
}

/** JSON of a value that may hold what JSON cannot: big integers become text, cycles a note. */
function jsonText(value: JSONValue): string {
  const big = (_: string, each: unknown): unknown => (typeof each === "bigint" ? String(each) : each);
  try {
    return JSON.stringify(value, big) ?? "null";
  } catch {
    return '"[result that is no JSON]"';
  }
}

function encodeAssistant(message: Message, index: number, pass: Pass): JSONObject {
  const { target, warnings, request } = pass;
  const { quirks, traits } = target;
  const texts: JSONObject[] = [];
  const calls: JSONObject[] = [];
  const thoughts: ReasoningPart[] = [];
  const extra: Wire = {};
  const parts = partsOf(message);
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]!;
    if (part.type === "tool-call") {
      const signature =
        ownState(part.opaque, target, "thought-signature")?.data ?? (traits.signedCalls && calls.length === 0 ? UNSIGNED : undefined);
      calls.push(encodeCall(part, signature, target));
    } else if (part.type === "reasoning") {
      const isOver = traits.reasoningTurns === "current" && index < request.messages.findLastIndex(({ role }) => role === "user");
      if (!isOver && ownState(part.opaque, target) !== undefined) thoughts.push(part);
    } else if (part.type === "refusal") extra["refusal"] = ((extra["refusal"] as string | undefined) ?? "") + part.text;
    else if (part.type === "file" && soundId(part, target) !== undefined) extra["audio"] = { id: soundId(part, target) };
    else if (part.type === "text" || part.type === "provider") {
      const encoded = encodePart(part, index, at, pass);
      if (encoded !== undefined) texts.push(encoded);
    } else if (part.type !== "source")
      reportUnsupported(target, warnings, `messages[${index}].content[${at}]`, `an assistant's ${part.type} cannot be sent back`);
  }
  if (message.cache !== undefined && texts.length > 0) texts.push({ ...texts.pop(), ...hint(message, pass, `messages[${index}]`) });
  const spare = calls.length > 0 || extra["refusal"] !== undefined || extra["audio"] !== undefined;
  const encoded: Wire = { role: "assistant", content: texts.length === 0 ? (spare ? null : "") : joined(texts), ...extra };
  if (calls.length > 0) encoded["tool_calls"] = calls;
  replay(encoded, thoughts, texts, target);
  if (quirks.reasoningOnToolTurns === true && (calls.length > 0 || traits.reasoningTurns === "every")) encoded["reasoning_content"] ??= "";
  if (quirks.prefixFlag === true && index === request.messages.length - 1 && calls.length === 0) encoded["prefix"] = true;
  if (message.name !== undefined) encoded["name"] = message.name;
  return withOptions(encoded, message, target);
}

/** Options win; hardly any message or part has some, and then nothing is copied. */
function withOptions(encoded: Wire, { providerOptions }: Pick<Message, "providerOptions">, target: Target): Wire {
  const options = optionsFor(providerOptions, target);
  return options === undefined ? encoded : { ...encoded, ...options };
}

/** Hosts' templates want one string; parts stay parts only where one carries more than text. */
function joined(texts: readonly JSONObject[]): string | readonly JSONObject[] {
  return texts.every((part) => part["type"] === "text" && Object.keys(part).length === 2) ? textOf(texts, "") : texts;
}

function soundId(part: FilePart, target: Target): string | undefined {
  const { data } = part;
  const kept = ownState(part.opaque, target, "audio")?.data;
  return (
    kept ??
    (data.type === "id" && part.mediaType.startsWith("audio/") && (data.family === target.family || data.family === CODEC)
      ? data.id
      : undefined)
  );
}

function encodeCall(part: ToolCallPart, signature: string | undefined, target: Target): JSONObject {
  const { id, name, custom } = part;
  const call: Wire =
    custom === true
      ? { id, type: "custom", custom: { name, input: part.arguments } }
      : { id, type: "function", function: { name, arguments: validArguments(part.arguments) } };
  if (signature !== undefined) call["extra_content"] = { google: { thought_signature: signature } };
  return withOptions(call, part, target);
}

/** Hosts parse the arguments of earlier calls. What looks like an object goes as it is; only the rest is parsed here. */
function validArguments(text: string): string {
  if (text.startsWith("{") && text.endsWith("}")) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? text : "{}";
  } catch {
    return "{}";
  }
}

/** Gives the target its own reasoning back in the field that it reads. */
function replay(encoded: Wire, thoughts: readonly ReasoningPart[], texts: readonly JSONObject[], target: Target): void {
  const field = target.quirks.replayReasoning;
  if (field === undefined || thoughts.length === 0) return;
  const text = thoughts.map((part) => part.text).join("");
  if (field === "thinking-parts") {
    if (text !== "") encoded["content"] = [{ type: "thinking", thinking: [{ type: "text", text }] }, ...texts];
  } else if (field === "reasoning_details") {
    const details = thoughts.flatMap((part) => parseDetails(ownState(part.opaque, target, "reasoning-details")?.data));
    if (details.length > 0) encoded[field] = details;
    else if (text !== "") encoded["reasoning"] = text;
  } else encoded[field] = text;
}

function parseDetails(data: string | undefined): readonly JSONObject[] {
  try {
    return asArray(JSON.parse(data ?? "[]")) as readonly JSONObject[];
  } catch {
    return [];
  }
}
