import type { FilePart, Message, Part, TextPart, ToolOutput, ToolResultPart } from "../../ir/content.ts";
import type { JSONObject, JSONValue } from "../../ir/json.ts";
import { bad, fields, optional } from "./client-fields.ts";
import { decodeFile } from "./media.ts";
import { clientSignature } from "./signature.ts";
import { GEMINI, GOOGLE, isObject, textOf } from "./wire.ts";

/** A call that has no result yet. */
interface OpenCall {
  readonly id: string;
  readonly name: string;
  /** The client gave it no id. */
  readonly invented: boolean;
}

interface Conversation {
  readonly messages: Message[];
  readonly open: OpenCall[];
  calls: number;
}

/** `systemInstruction` and `contents` as messages. */
export function decodeMessages(systemInstruction: JSONValue | undefined, contents: JSONValue | undefined): Message[] {
  const conversation: Conversation = { messages: [], open: [], calls: 0 };
  if (systemInstruction != null) {
    const parts = partsOf(systemInstruction, "systemInstruction").map((part, index) =>
      decodePart(part, `systemInstruction.parts[${index}]`),
    );
    const content = parts.filter((part) => part !== undefined);
    if (content.length > 0) conversation.messages.push({ role: "system", content });
  }
  if (contents == null) throw bad("contents", "is missing");
  const list = Array.isArray(contents) ? (contents as JSONValue[]) : [contents];
  for (const [index, content] of list.entries()) decodeTurn(content, `contents[${index}]`, conversation);
  if (conversation.messages.every(({ role }) => role === "system")) throw bad("contents", "has no parts");
  return conversation.messages;
}

function partsOf(content: JSONValue, where: string): JSONObject[] {
  if (typeof content === "string") return [{ text: content }];
  const { parts } = fields(content, where);
  if (parts == null) return [];
  return (Array.isArray(parts) ? (parts as JSONValue[]) : [parts]).map((part, index) =>
    typeof part === "string" ? { text: part } : fields(part, `${where}.parts[${index}]`),
  );
}

function decodeTurn(content: JSONValue, where: string, conversation: Conversation): void {
  const { messages } = conversation;
  const said = isObject(content) ? (content.role ?? "user") : "user";
  if (said !== "user" && said !== "model" && said !== "function") throw bad(`${where}.role`, 'must be "user" or "model"');
  const model = said === "model";
  // A turn of the model that came in pieces (a stored stream) is one turn; a user's turns stay apart.
  let current: Part[] | undefined = model && messages.at(-1)?.role === "assistant" ? (messages.at(-1)!.content as Part[]) : undefined;
  let role: Message["role"] | undefined = current && "assistant";
  for (const [index, wire] of partsOf(content, where).entries()) {
    const place = `${where}.parts[${index}]`;
    const part = "functionResponse" in wire ? decodeResult(wire, place, conversation) : decodePart(wire, place, conversation);
    if (part === undefined) continue;
    const needed = part.type === "tool-result" ? "tool" : model ? "assistant" : "user";
    if (current === undefined || role !== needed) {
      current = [];
      role = needed;
      messages.push({ role, content: current });
    }
    const last = current.at(-1);
    const joined = model && last !== undefined ? join(last, part) : undefined;
    if (joined === undefined) current.push(part);
    else current[current.length - 1] = joined;
  }
}

/** Pieces of one text or one thought; a signature ends the piece that it comes with. */
function join(last: Part, part: Part): Part | undefined {
  if (last.type !== part.type || (last.type !== "text" && last.type !== "reasoning") || last.opaque !== undefined) return undefined;
  const { text, opaque } = part as TextPart;
  return { ...last, text: last.text + text, ...(opaque === undefined ? undefined : { opaque }) };
}

function decodePart(wire: JSONObject, where: string, conversation?: Conversation): Part | undefined {
  const { thoughtSignature, ...part } = wire;
  const opaque = clientSignature(thoughtSignature);
  if (part.text != null) {
    const { text, thought, ...rest } = part;
    if (typeof text !== "string") throw bad(`${where}.text`, "must be a string");
    if (thought === true) return { type: "reasoning", text, ...opaque, ...keep({ thought, ...rest }) };
    return text === "" && opaque === undefined ? undefined : { type: "text", text, ...opaque, ...keep(rest) };
  }
  if (part.functionCall != null && conversation !== undefined) {
    const { functionCall, ...rest } = part;
    const { id, name, args } = fields(functionCall, `${where}.functionCall`);
    if (textOf(name) === undefined) throw bad(`${where}.functionCall.name`, "must be a string");
    if (args != null && !isObject(args)) throw bad(`${where}.functionCall.args`, "must be an object");
    const given = optional(id, "string", `${where}.functionCall.id`);
    const call = { id: given || `call_${conversation.calls++}`, name: name as string, invented: !given };
    conversation.open.push(call);
    return { type: "tool-call", id: call.id, name: call.name, arguments: JSON.stringify(args ?? {}), ...opaque, ...keep(rest) };
  }
  const { inlineData, fileData, mediaResolution, ...rest } = part;
  if (inlineData != null || fileData != null) {
    const key = inlineData == null ? "fileData" : "inlineData";
    const data = fields(inlineData ?? fileData, `${where}.${key}`);
    const file = part.thought === true ? undefined : decodeFile(inlineData == null ? undefined : data, data);
    if (file === undefined && part.thought !== true) throw bad(`${where}.${key}`, inlineData == null ? "needs fileUri" : "needs data");
    const { displayName } = data;
    const extra = {
      ...rest,
      ...(mediaResolution == null ? undefined : { mediaResolution }),
      ...(displayName == null ? undefined : { [key]: { displayName } }),
    };
    if (file !== undefined) return { ...file, ...detailOf(mediaResolution), ...opaque, ...keep(extra) };
  }
  if (Object.keys(part).length === 0) return opaque === undefined ? undefined : { type: "text", text: "", ...opaque };
  return { type: "provider", family: GOOGLE, codec: GEMINI, raw: part, ...opaque };
}

function detailOf(resolution: JSONValue | undefined): Pick<FilePart, "detail"> | undefined {
  const level = isObject(resolution) ? /_(LOW|HIGH)$/.exec(textOf(resolution.level) ?? "")?.[1] : undefined;
  return level === undefined ? undefined : { detail: level === "LOW" ? "low" : "high" };
}

/** What the IR has no field for rides along and goes back verbatim. */
function keep(rest: JSONObject): { readonly providerOptions: { readonly gemini: JSONObject } } | undefined {
  return Object.keys(rest).length === 0 ? undefined : { providerOptions: { gemini: rest } };
}

function decodeResult(wire: JSONObject, where: string, conversation: Conversation): ToolResultPart {
  const { functionResponse, thoughtSignature, ...rest } = wire;
  const at = `${where}.functionResponse`;
  const { id, name, response, parts, ...extra } = fields(functionResponse, at);
  if (textOf(name) === undefined) throw bad(`${at}.name`, "must be a string");
  if (response != null && !isObject(response)) throw bad(`${at}.response`, "must be an object");
  const callId = answered(conversation, optional(id, "string", `${at}.id`), name as string);
  const { output, isError } = decodeOutput(response ?? {});
  const files = (Array.isArray(parts) ? (parts as JSONValue[]) : []).map((part, index) => {
    const place = `${at}.parts[${index}]`;
    const file = decodePart(fields(part, place), place);
    if (file?.type !== "file") throw bad(place, "must hold inlineData or fileData");
    return file;
  });
  const whole: ToolOutput =
    files.length === 0
      ? output
      : { type: "content", parts: [{ type: "text", text: output.type === "text" ? output.text : JSON.stringify(output.value) }, ...files] };
  // A response that is no plain text goes back as it was, beside its files.
  const original = files.length > 0 && output.type === "json" ? { ...extra, response: response ?? {} } : extra;
  return {
    type: "tool-result",
    callId,
    name: name as string,
    output: whole,
    ...(isError ? { isError } : undefined),
    ...clientSignature(thoughtSignature),
    ...keep({ ...rest, ...(Object.keys(original).length === 0 ? undefined : { functionResponse: original }) }),
  };
}

function decodeOutput(response: JSONObject): {
  readonly output: { readonly type: "text"; readonly text: string } | { readonly type: "json"; readonly value: JSONValue };
  readonly isError: boolean;
} {
  const isError = Object.hasOwn(response, "error");
  const only = Object.keys(response).length === 1 ? (isError ? response.error : response.output) : undefined;
  if (typeof only === "string") return { output: { type: "text", text: only }, isError };
  return { output: { type: "json", value: only ?? response }, isError };
}

/** The call that a result belongs to: by its id, else the oldest open call of its name. */
function answered(conversation: Conversation, id: string | undefined, name: string): string {
  const { open } = conversation;
  let at = id ? open.findIndex((call) => call.id === id) : -1;
  if (at < 0) at = open.findIndex((call) => call.name === name && (!id || call.invented));
  if (at < 0) return id || `call_${conversation.calls++}`;
  return open.splice(at, 1)[0]!.id;
}
