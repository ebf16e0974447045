import type { Message, Opaque, Part, ReasoningPart, ToolCallPart, ToolOutput, ToolResultPart } from "../../ir/content.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { ModelRequest } from "../../ir/request.ts";
import type { Warning } from "../../ir/response.ts";
import { optionsFor, type Target } from "../../ir/target.ts";
import { reportUnsupported } from "../codec.ts";
import { encodeAnnotations, encodeContent } from "./content.ts";
import { ID, isObject, maybe, NATIVE, type Wire } from "./wire.ts";

/** What OpenAI's item ids begin with; it refuses others. */
const ID_PREFIX = { message: "msg", function_call: "fc", custom_tool_call: "ctc", reasoning: "rs" } as const;

/**
 * The leading system messages, joined, are the `instructions`. One that came as `developer`, or that carries options or a cache
 * hint, stays an item and ends the run: a client's own leading system item is marked so by `decodeRequest`.
 */
export function takeInstructions(messages: readonly Message[]): { instructions?: string; rest: number } {
  const texts: string[] = [];
  for (const { role, content, developer, cache, providerOptions } of messages) {
    if (role !== "system" || developer === true || (cache ?? providerOptions) !== undefined) break;
    const plain = typeof content === "string" ? content : plainText(content);
    if (plain === undefined) break;
    texts.push(plain);
  }
  return texts.length === 0 ? { rest: 0 } : { instructions: texts.join("\n"), rest: texts.length };
}

function plainText(parts: readonly Part[]): string | undefined {
  const plain = parts.every((part) => part.type === "text" && (part.cache ?? part.providerOptions) === undefined);
  return plain ? parts.map((part) => (part as { text: string }).text).join("\n") : undefined;
}

interface OpenMessage {
  readonly wire: Wire;
  readonly content: JSONObject[];
}

interface OpenReasoning {
  readonly id: string | undefined;
  readonly summary: JSONObject[];
  readonly content: JSONObject[];
  readonly options: JSONObject | undefined;
  encrypted?: string;
  readonly feature: string;
}

/** The messages from `first` on as the flat list of items. */
export function encodeInput(request: ModelRequest, first: number, target: Target, warnings: Warning[]): JSONObject[] {
  const items: JSONObject[] = [];
  const calls = new Map<string, ToolCallPart>();
  const { messages, tools = [] } = request;
  const typed = new Set(tools.flatMap((tool) => (tool.type === undefined && tool.outputSchema !== undefined ? tool.name : [])));
  let open: OpenMessage | undefined;
  let reasoning: OpenReasoning | undefined;

  const idOf = (id: string | undefined, type: keyof typeof ID_PREFIX): { id?: string } | undefined =>
    target.quirks.stateless || (target.family === NATIVE && id?.startsWith(ID_PREFIX[type]) === false) ? undefined : maybe("id", id);

  const closeReasoning = (): void => {
    if (reasoning === undefined) return;
    const { id, summary, content, options, encrypted, feature } = reasoning;
    reasoning = undefined;
    // Open models have no encrypted form: a host without memory gets their reasoning back in clear.
    const clear = target.quirks.stateless === true && content.length > 0;
    if (encrypted === undefined && !clear && !(request.store === true && id !== undefined)) {
      if (target.unsupported !== "drop") {
        warnings.push({ type: "compatibility", feature, details: "reasoning without encrypted content of this provider was left out" });
      }
      return;
    }
    items.push({
      type: "reasoning",
      ...idOf(id, "reasoning"),
      summary,
      ...(content.length > 0 && { content }),
      ...maybe("encrypted_content", encrypted),
      ...options,
    });
  };

  const pushReasoning = (part: ReasoningPart, feature: string): void => {
    if (reasoning !== undefined && reasoning.id !== part.itemId) closeReasoning();
    reasoning ??= { id: part.itemId, summary: [], content: [], options: optionsFor(part.providerOptions, target), feature };
    if (part.text !== "") {
      if (part.form === "raw") reasoning.content.push({ type: "reasoning_text", text: part.text });
      else reasoning.summary.push({ type: "summary_text", text: part.text });
    }
    const encrypted = ownState(part.opaque, target);
    if (encrypted === undefined) return;
    reasoning.encrypted = encrypted;
    closeReasoning();
  };

  const pushCall = (part: ToolCallPart): void => {
    const type = part.custom === true ? "custom_tool_call" : "function_call";
    calls.set(part.id, part);
    items.push({
      type,
      ...idOf(part.itemId, type),
      call_id: part.id,
      name: part.name,
      ...(part.custom === true ? { input: part.arguments } : { arguments: part.arguments.trim() === "" ? "{}" : part.arguments }),
      ...(target.family === NATIVE && maybe("namespace", part.namespace)),
      ...optionsFor(part.providerOptions, target),
    });
  };

  const pushResult = (part: ToolResultPart, feature: string): void => {
    const call = calls.get(part.callId);
    const custom = part.custom ?? call?.custom === true;
    const output = encodeOutput(part, target, feature);
    items.push({
      type: custom ? "custom_tool_call_output" : "function_call_output",
      call_id: part.callId,
      output: typeof output === "string" && typed.has(call?.name ?? part.name ?? "") ? asJson(output) : output,
      ...optionsFor(part.providerOptions, target),
    });
  };

  for (const [m, message] of messages.entries()) {
    if (m < first) continue;
    const assistant = message.role === "assistant";
    const options = optionsFor(message.providerOptions, target);
    const role = message.role === "system" && message.developer === true ? "developer" : message.role === "tool" ? "user" : message.role;
    let key: string | undefined;
    const openFor = (wanted: string, fields: () => JSONObject): JSONObject[] => {
      if (open === undefined || key !== wanted) {
        closeReasoning();
        flush();
        open = { wire: { type: "message", role, ...fields() }, content: [] };
        key = wanted;
      }
      return open.content;
    };
    const flush = (): void => {
      if (open === undefined) return;
      const { wire, content } = open;
      open = undefined;
      const only = content[0];
      const bare =
        wire["id"] === undefined && content.length === 1 && only !== undefined && Object.keys(only).length === 2 && "text" in only;
      items.push({ ...wire, content: bare ? only["text"]! : content, ...options });
    };

    const parts: readonly Part[] = typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
    for (const [p, part] of parts.entries()) {
      const feature = `messages[${m}].content[${p}]`;
      if (assistant && (part.type === "text" || part.type === "refusal")) {
        const phase = part.type === "text" ? part.phase : undefined;
        const { message: itemOptions, ...partOptions } = optionsFor(part.providerOptions, target) ?? {};
        const content = openFor(`${part.itemId}|${phase}`, () => {
          const id = idOf(part.itemId, "message");
          return {
            ...id,
            ...(id && { status: "completed" }),
            ...maybe("phase", phase),
            ...(isObject(itemOptions) ? itemOptions : undefined),
          };
        });
        if (part.type === "refusal") content.push({ type: "refusal", refusal: part.text, ...partOptions });
        else {
          const annotations = part.citations && encodeAnnotations(part.citations, target.family);
          content.push({ type: "output_text", text: part.text, ...(annotations?.length ? { annotations } : undefined), ...partOptions });
        }
        continue;
      }
      if (!assistant && (part.type === "text" || part.type === "file")) {
        openFor("", () => ({})).push(encodeContent(part, target, feature));
        continue;
      }
      flush();
      if (part.type !== "reasoning") closeReasoning();
      switch (part.type) {
        case "reasoning":
          pushReasoning(part, feature);
          break;
        case "tool-call":
          pushCall(part);
          break;
        case "tool-result":
          pushResult(part, feature);
          break;
        case "provider":
          if (part.codec === ID && part.family === target.family) items.push(part.raw);
          else reportUnsupported(target, warnings, feature, `a block of ${part.family}`);
          break;
        case "file":
          // A generated image that this wire's own item after it carries is not sent twice.
          if (!parts.some((each) => each.type === "provider" && part.itemId !== undefined && each.raw["id"] === part.itemId)) {
            reportUnsupported(target, warnings, feature, "an assistant's turn holds no files on this wire");
          }
          break;
        case "source":
          break;
        case "text":
        case "refusal":
          reportUnsupported(target, warnings, feature, `a ${part.type} part in a ${message.role} message`);
          break;
        default:
          part satisfies never;
      }
    }
    closeReasoning();
    flush();
  }
  return items;
}

function ownState(opaque: readonly Opaque[] | undefined, target: Target): string | undefined {
  return opaque?.find(({ family, kind }) => family === target.family && kind === "encrypted-content")?.data;
}

function encodeOutput({ output, isError }: ToolResultPart, target: Target, feature: string): string | JSONObject[] {
  const value: ToolOutput = typeof output === "string" ? { type: "text", text: output } : output;
  switch (value.type) {
    case "text":
      return isError === true ? JSON.stringify({ error: value.text }) : value.text;
    case "json":
      return stringify(isError === true ? { error: value.value } : value.value);
    case "denied":
      return value.reason ?? "Tool call execution denied.";
    case "content":
      return value.parts.flatMap((part, index) => {
        if (part.type !== "provider") return [encodeContent(part, target, `${feature}.output[${index}]`)];
        return part.codec === ID && part.family === target.family ? [part.raw] : [];
      });
    default:
      return value satisfies never;
  }
}

/** The output of a tool with an output schema must be JSON: plain text becomes a JSON string. */
function asJson(output: string): string {
  try {
    JSON.parse(output);
    return output;
  } catch {
    return JSON.stringify(output);
  }
}

/** JSON text; what JSON cannot hold (cycles, big integers) becomes text instead of an exception. */
function stringify(value: unknown): string {
  const above: unknown[] = [];
  return (
    JSON.stringify(value, function (this: unknown, _key, each: unknown) {
      if (typeof each === "bigint") return String(each);
      if (typeof each !== "object" || each === null) return each;
      while (above.length > 0 && above.at(-1) !== this) above.pop();
      if (above.includes(each)) return "[Circular]";
      above.push(each);
      return each;
    }) ?? "null"
  );
}
