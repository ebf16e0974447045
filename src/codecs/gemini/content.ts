import type { Part, ToolOutput, ToolResultPart } from "../../ir/content.ts";
import type { JSONObject, JSONValue } from "../../ir/json.ts";
import type { ModelRequest } from "../../ir/request.ts";
import type { Warning } from "../../ir/response.ts";
import { optionsFor, type Target } from "../../ir/target.ts";
import { reportUnsupported } from "../codec.ts";
import { encodeFile } from "./media.ts";
import { ownSignature } from "./signature.ts";
import { argumentObject } from "./tools.ts";
import { GEMINI, isObject, merge, objectOf, SKIP_SIGNATURE, textOf, type Content } from "./wire.ts";

interface Encoding {
  readonly target: Target;
  readonly warnings: Warning[];
  /** Tool names by call id. */
  readonly names: Map<string, string>;
  /** Whether the thoughts of the current message may go back. */
  thoughts: boolean;
}

/** `contents` and the parts of `systemInstruction`. */
export function encodeMessages(
  request: ModelRequest,
  target: Target,
  warnings: Warning[],
): { readonly contents: Content[]; readonly system: JSONObject[] } {
  const encoding: Encoding = { target, warnings, names: new Map(), thoughts: false };
  const contents: Content[] = [];
  const system: JSONObject[] = [];
  let leading = true;
  let cached = false;
  for (const [index, message] of request.messages.entries()) {
    const where = `messages[${index}]`;
    leading &&= message.role === "system";
    cached ||= message.cache !== undefined;
    if (message.name !== undefined) reportUnsupported(target, warnings, `${where}.name`, "the wire has no field for it");
    const role = message.role === "assistant" ? "model" : "user";
    const last = contents.at(-1);
    // Turns of the same role in a row are one turn.
    const parts = leading ? system : last?.role === role ? last.parts : [];
    if (typeof message.content === "string") {
      if (message.content !== "") parts.push({ text: message.content });
    } else {
      // Thoughts are this family's own when anything beside them is signed by it.
      encoding.thoughts = message.content.some((part) => ownSignature(part.opaque, target) !== undefined);
      for (const [place, part] of message.content.entries()) {
        cached ||= part.cache !== undefined;
        encodePart(part, encoding, `${where}.content[${place}]`, parts);
      }
    }
    if (message.role === "system" && !leading) {
      warnings.push({ type: "compatibility", feature: where, details: "a system message after the first turn is sent as a user turn" });
    }
    if (!leading && parts.length > 0 && parts !== last?.parts) contents.push({ role, parts });
  }
  if (cached) warnings.push({ type: "unsupported", feature: "cache", details: "the provider caches prefixes by itself" });
  if (target.traits.signedCalls === true) signCalls(contents, warnings);
  if (system.length === 0 || (contents.length > 0 && target.traits.system !== false)) return { contents, system };
  warnings.push({
    type: "compatibility",
    feature: "messages[0]",
    details: "the system message is sent at the head of the first user turn",
  });
  const first = contents[0]?.role === "user" ? contents.shift()! : undefined;
  return { contents: [{ role: "user", parts: [...system, ...(first?.parts ?? [])] }, ...contents], system: [] };
}

function encodePart(part: Part, encoding: Encoding, where: string, parts: JSONObject[]): void {
  const { target, warnings, names } = encoding;
  const signature = ownSignature(part.opaque, target);
  const options = optionsFor(part.providerOptions, target);
  const push = (encoded: JSONObject): void => {
    const signed = signature === undefined || target.quirks.coreFieldsOnly === true ? encoded : { ...encoded, thoughtSignature: signature };
    parts.push(merge(signed, options));
  };
  switch (part.type) {
    case "text":
    case "refusal":
      if (part.text !== "" || signature !== undefined) push({ text: part.text });
      break;
    case "reasoning":
      // What others thought is not this model's own thought.
      if (encoding.thoughts || options?.thought === true) push({ text: part.text, thought: true });
      break;
    case "file": {
      const level = part.detail === undefined ? undefined : LEVELS[part.detail];
      const fits = level === undefined || options?.mediaResolution !== undefined || target.traits.signedCalls === true;
      if (!fits) reportUnsupported(target, warnings, `${where}.detail`, "the model has one resolution for all parts");
      push({ ...encodeFile(part, target, where), ...(fits && level !== undefined ? { mediaResolution: { level } } : undefined) });
      break;
    }
    case "tool-call": {
      names.set(part.id, part.name);
      push({ functionCall: { ...callId(part.id, target), name: part.name, args: argumentObject(part.arguments, part.custom) } });
      break;
    }
    case "tool-result":
      encodeResult(part, encoding, where, push, parts);
      break;
    case "source":
      break;
    case "provider":
      if (part.family === target.family && part.codec === GEMINI) push(part.raw);
      else reportUnsupported(target, warnings, where, `a block of ${part.family} has no form here`);
      break;
    default:
      part satisfies never;
  }
}

const LEVELS: Readonly<Record<string, string | undefined>> = {
  low: "MEDIA_RESOLUTION_LOW",
  high: "MEDIA_RESOLUTION_HIGH",
  original: "MEDIA_RESOLUTION_ULTRA_HIGH",
};

/** Vertex AI refuses ids of function calls. */
function callId(id: string, { quirks }: Target): { readonly id: string } | undefined {
  return quirks.vertex === true || quirks.coreFieldsOnly === true || id === "" ? undefined : { id };
}

function encodeResult(
  part: ToolResultPart,
  { target, warnings, names }: Encoding,
  where: string,
  push: (part: JSONObject) => void,
  parts: JSONObject[],
): void {
  const output: ToolOutput = typeof part.output === "string" ? { type: "text", text: part.output } : part.output;
  const media: JSONObject[] = [];
  let value: JSONValue;
  switch (output.type) {
    case "text":
      value = output.text;
      break;
    case "json":
      value = output.value;
      break;
    case "denied":
      value = output.reason ?? "Tool call execution denied.";
      break;
    case "content": {
      const texts: string[] = [];
      for (const [index, each] of output.parts.entries()) {
        const place = `${where}.output.parts[${index}]`;
        if (each.type === "text") texts.push(each.text);
        else if (each.type === "file") media.push(encodeFile(each, target, place));
        else reportUnsupported(target, warnings, place, `a block of ${each.family} has no form in a tool result`);
      }
      value = texts.length === 0 ? "Tool executed successfully." : texts.join("\n");
      break;
    }
    default:
      return output satisfies never;
  }
  const inside = media.length > 0 && target.traits.toolResultMedia !== false && target.quirks.coreFieldsOnly !== true;
  const failed = part.isError === true || output.type === "denied";
  const name = part.name ?? names.get(part.callId) ?? "tool";
  push({
    functionResponse: {
      ...callId(part.callId, target),
      name,
      response: encodeOutput(value, failed),
      ...(inside ? { parts: media } : undefined),
    },
  });
  if (inside) return;
  for (const file of media) parts.push(file, { text: `The tool "${name}" returned this file.` });
}

/** An object is the response itself; anything else goes under `output` or `error` (Gemini API, FunctionResponse.response). */
function encodeOutput(value: JSONValue, failed: boolean): JSONObject {
  if (isObject(value) && Object.hasOwn(value, "error") === failed) return value;
  return { [failed ? "error" : "output"]: value };
}

/** The first call of a turn needs a signature; one that another model made never had it. */
function signCalls(contents: readonly Content[], warnings: Warning[]): void {
  const unsigned: string[] = [];
  for (const { role, parts } of contents) {
    const first = role === "model" ? parts.findIndex((part) => isObject(part.functionCall)) : -1;
    const call = parts[first];
    if (call === undefined || call.thoughtSignature !== undefined) continue;
    parts[first] = { ...call, thoughtSignature: SKIP_SIGNATURE };
    unsigned.push(textOf(objectOf(call.functionCall).name) ?? "");
  }
  if (unsigned.length === 0) return;
  const tools = [...new Set(unsigned)].join(", ");
  warnings.push({
    type: "compatibility",
    feature: "messages",
    details: `calls without a thought signature are sent with a placeholder: ${tools}`,
  });
}
