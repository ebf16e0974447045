import type { Message, Opaque, Part, ToolResultPart } from "../../ir/content.ts";
import type { JSONObject } from "../../ir/json.ts";
import { decodeContent } from "./content.ts";
import type { ClientRequest, ClientRoute } from "../codec.ts";
import { decodeSettings } from "./settings.ts";
import { badRequest, extras, ID, isObject, maybe, NATIVE, objects, string, unnamed } from "./wire.ts";
import { imageFile } from "./image.ts";

/** Fields that become something else; all others stay in the options of this wire. */
const NAMED =
  "model input instructions stream stream_options max_output_tokens temperature top_p top_logprobs service_tier prompt_cache_key user " +
  "safety_identifier metadata store parallel_tool_calls reasoning text include tools tool_choice background";

/**
 * A client's request. `instructions` become the leading system message; a system item that would otherwise lead is marked with
 * its role in the options, so that the two stay apart. `previous_response_id` stays in the options: it is not resolved here.
 */
export function decodeRequest(body: unknown, route: ClientRoute): ClientRequest {
  if (!isObject(body)) throw badRequest("body", "must be a JSON object");
  const { model = route.model, instructions, stream } = body;
  if (typeof model !== "string" || model === "") throw badRequest("model", "must be a non-empty string");
  if (body["conversation"] !== undefined && body["conversation"] !== null) {
    throw badRequest("conversation", "conversations are kept by the provider and cannot be used here; send the items");
  }
  if (body["background"] !== undefined && body["background"] !== null && body["background"] !== false) {
    throw badRequest("background", "background responses are not available");
  }
  if (stream !== undefined && stream !== null && typeof stream !== "boolean") throw badRequest("stream", "must be a boolean");
  const messages: Message[] = [];
  if (typeof instructions === "string") messages.push({ role: "system", content: instructions });
  else if (instructions !== undefined && instructions !== null) throw badRequest("instructions", "must be a string");
  decodeInput(body["input"], messages);

  const { settings, options } = decodeSettings(body);
  const merged = { ...unnamed(body, NAMED), ...options };
  return {
    request: { model, messages, ...settings, ...(Object.keys(merged).length > 0 && { providerOptions: { [ID]: merged } }) },
    stream: stream === true || route.stream === true,
    warnings: [],
  };
}

function decodeInput(input: unknown, messages: Message[]): void {
  if (typeof input === "string") {
    messages.push({ role: "user", content: input });
    return;
  }
  if (!Array.isArray(input)) throw badRequest("input", "must be a string or a list of items");
  let turn: Part[] | undefined;
  let results: ToolResultPart[] | undefined;

  const add = (...parts: Part[]): void => {
    results = undefined;
    const last = turn?.at(-1);
    const next = parts[0];
    // Two messages without ids would flow into one.
    const merges = isSpoken(last) && isSpoken(next) && last.itemId === undefined && next.itemId === undefined;
    if (turn === undefined || merges) messages.push({ role: "assistant", content: (turn = []) });
    turn.push(...parts);
  };

  for (const [index, item] of (input as unknown[]).entries()) {
    const param = `input[${index}]`;
    if (!isObject(item)) throw badRequest(param, "must be an object");
    const need = (key: string): string => {
      const value = item[key];
      if (typeof value !== "string") throw badRequest(`${param}.${key}`, "must be a string");
      return value;
    };
    const id = maybe("itemId", string(item["id"]));
    switch (item["type"] ?? "message") {
      case "message": {
        const role = need("role");
        if (role === "assistant") {
          const parts = decodeAssistant(item, param);
          if (parts.length > 0) add(...parts);
          break;
        }
        if (role !== "user" && role !== "system" && role !== "developer") throw badRequest(`${param}.role`, `unknown role "${role}"`);
        turn = results = undefined;
        messages.push(
          decodeMessage(
            item,
            role,
            param,
            messages.every((message) => message.role === "system"),
          ),
        );
        break;
      }
      case "reasoning":
        add(...decodeReasoning(item, id));
        break;
      case "function_call":
        add({
          type: "tool-call",
          id: need("call_id"),
          name: need("name"),
          arguments: need("arguments"),
          ...maybe("namespace", string(item["namespace"])),
          ...id,
          ...extras(
            { ...item, status: item["status"] === "completed" ? null : item["status"] },
            "type id call_id name arguments namespace",
          ),
        });
        break;
      case "custom_tool_call":
        add({
          type: "tool-call",
          id: need("call_id"),
          name: need("name"),
          arguments: need("input"),
          custom: true,
          ...maybe("namespace", string(item["namespace"])),
          ...id,
          ...extras(item, "type id call_id name input namespace"),
        });
        break;
      case "function_call_output":
      case "custom_tool_call_output": {
        const output = item["output"];
        const path = `${param}.output`;
        if (typeof output !== "string" && !Array.isArray(output)) throw badRequest(path, "must be a string or a list of parts");
        turn = undefined;
        if (results === undefined) messages.push({ role: "tool", content: (results = []) });
        results.push({
          type: "tool-result",
          callId: need("call_id"),
          ...maybe("name", string(item["name"])),
          output:
            typeof output === "string"
              ? output
              : { type: "content", parts: output.map((part, at) => decodeContent(part, `${path}[${at}]`)) as never },
          ...(item["type"] === "custom_tool_call_output" && { custom: true }),
          ...extras(item, "type call_id output"),
        });
        break;
      }
      case "item_reference":
        throw badRequest(`${param}.type`, "item_reference points into a provider's memory and cannot be used here; send the item itself");
      default: {
        need("type");
        const image = imageFile(item);
        add(...(image ? [image] : []), { type: "provider", family: NATIVE, codec: ID, raw: item });
      }
    }
  }
}

function isSpoken(part: Part | undefined): part is Part {
  return part?.type === "text" || part?.type === "refusal";
}

function decodeParts(content: unknown, param: string): Part[] {
  if (!Array.isArray(content)) throw badRequest(`${param}.content`, "must be a string or a list of parts");
  return content.map((part: unknown, index) => decodeContent(part, `${param}.content[${index}]`));
}

function decodeMessage(item: JSONObject, role: "user" | "system" | "developer", param: string, leading: boolean): Message {
  const { content } = item;
  const decoded = typeof content === "string" ? content : decodeParts(content, param);
  const rest = unnamed({ ...item, status: item["status"] === "completed" ? null : item["status"] }, "type role content");
  const marked = role === "system" && leading ? { role, ...rest } : rest;
  return {
    role: role === "user" ? "user" : "system",
    content: decoded,
    ...(role === "developer" && { developer: true }),
    ...(marked && { providerOptions: { [ID]: marked } }),
  };
}

function decodeAssistant(item: JSONObject, param: string): Part[] {
  const { content, phase } = item;
  const id = maybe("itemId", string(item["id"]));
  const stage = phase === "commentary" || phase === "final_answer" ? { phase } : undefined;
  const parts: Part[] = typeof content === "string" ? [{ type: "text", text: content }] : decodeParts(content, param);
  const rest = unnamed({ ...item, status: item["status"] === "completed" ? null : item["status"] }, "type id role content phase");
  return parts.map((part, index) => {
    if (!isSpoken(part)) throw badRequest(`${param}.content[${index}].type`, "an assistant's message holds text and refusals");
    const own = part.providerOptions?.[ID];
    const options = index === 0 && rest ? { providerOptions: { [ID]: { ...own, message: rest } } } : undefined;
    return { ...part, ...id, ...(part.type === "text" && stage), ...options } as Part;
  });
}

/** Several texts of one item become several parts; what is encrypted stands on the last. */
function decodeReasoning(item: JSONObject, id: { readonly itemId?: string } | undefined): Part[] {
  const data = string(item["encrypted_content"]);
  const opaque: Opaque | undefined =
    data === undefined
      ? undefined
      : data.startsWith("xp1.")
        ? { family: "sealed", kind: "sealed", data }
        : { family: NATIVE, kind: "encrypted-content", data };
  const texts = [
    ...objects(item["summary"]).map((entry) => ({ form: "summary", text: string(entry["text"]) ?? "" }) as const),
    ...objects(item["content"]).map((entry) => ({ form: "raw", text: string(entry["text"]) ?? "" }) as const),
  ];
  const options = extras(
    { ...item, status: item["status"] === "completed" ? null : item["status"] },
    "type id summary content encrypted_content",
  );
  const parts: Partial<(typeof texts)[number]>[] = texts.length > 0 ? texts : [{}];
  return parts.map(({ form, text = "" }, index): Part => {
    const last = index === parts.length - 1;
    return {
      type: "reasoning",
      text,
      ...maybe("form", form),
      ...id,
      ...(last && opaque && { opaque: [opaque] }),
      ...(index === 0 && options),
    };
  });
}
