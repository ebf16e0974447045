import { CrosspointError } from "../../ir/error.ts";
import type { StreamEvent } from "../../ir/event.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { FunctionTool } from "../../ir/tool.ts";
import type { DecodeContext } from "../codec.ts";
import { asNumber, asObject, asText } from "./wire.ts";

interface Call {
  readonly wireId: string | undefined;
  id?: string;
  name?: string;
  custom: boolean;
  arguments: string;
  signature?: string;
  ended?: boolean;
}

export interface ToolCalls {
  /** One entry of `tool_calls`; `place` numbers it where the wire does not. */
  delta(entry: JSONObject, place: number | undefined, out: StreamEvent[]): void;
  end(out: StreamEvent[]): void;
  readonly any: boolean;
}

interface ToolCallsSetup {
  readonly context: DecodeContext;
  readonly choice: { readonly choice: number } | undefined;
  readonly callId: (given: string | undefined) => string;
  readonly begin: (out: StreamEvent[]) => void;
}

/**
 * Puts tool-call deltas together. Hosts leave out the index, number from 1, use an index again for the next call, send the name
 * late, or send empty or changing ids; a call begins where its index is new, or where a new id comes with a name.
 */
export function createToolCalls({ context, choice, callId, begin }: ToolCallsSetup): ToolCalls {
  const byIndex = new Map<number, Call>();
  const calls: Call[] = [];
  let last: Call | undefined;

  const find = (index: number | undefined, wireId: string | undefined, name: string | undefined, text: string): Call => {
    const current = index === undefined ? last : byIndex.get(index);
    if (current !== undefined) {
      const other = wireId !== undefined && wireId !== current.wireId;
      const again = name !== undefined && current.name !== undefined;
      const fresh = other
        ? again || (index === undefined && current.wireId !== undefined)
        : again && wireId === undefined && (name !== current.name || (text !== "" && isJSON(current.arguments)));
      if (!fresh) return current;
    }
    const call: Call = { wireId, custom: false, arguments: "" };
    calls.push(call);
    if (index !== undefined) byIndex.set(index, call);
    return call;
  };

  return {
    delta(entry, place, out) {
      const body = asObject(entry["function"]) ?? asObject(entry["custom"]) ?? {};
      const name = asText(asText(body["name"])?.trim());
      const given = body["arguments"] ?? body["input"];
      const text = typeof given === "string" ? given : given == null ? "" : JSON.stringify(given);
      const call = find(asNumber(entry["index"]) ?? place, asText(entry["id"]), name, text);
      last = call;
      if (call.ended) return;
      const signature = asText(asObject(asObject(entry["extra_content"])?.["google"])?.["thought_signature"]);
      if (signature !== undefined) call.signature = signature;
      call.arguments += text;
      let pending = text;
      if (call.name === undefined) {
        if (name === undefined) return;
        call.name = name;
        call.custom = entry["type"] === "custom" || entry["custom"] !== undefined;
        pending = call.arguments;
        begin(out);
        call.id = callId(call.wireId ?? asText(entry["id"]));
        const tool = context.request.tools?.find((each) => each.type !== "provider" && each.name === name);
        const namespace = tool?.type === "custom" ? undefined : (tool as FunctionTool | undefined)?.namespace;
        out.push({
          type: "tool-call-start",
          id: call.id,
          name,
          ...(call.custom ? { custom: true } : undefined),
          ...(namespace === undefined ? undefined : { namespace }),
          ...choice,
        });
      }
      if (pending !== "") out.push({ type: "tool-call-delta", id: call.id!, arguments: pending });
    },

    end(out) {
      for (const call of calls) {
        if (call.ended) continue;
        call.ended = true;
        const { id, signature } = call;
        if (id === undefined) {
          if (call.wireId === undefined && call.arguments === "") continue;
          throw new CrosspointError("BAD_RESPONSE", "the provider sent a tool call without a name");
        }
        if (call.arguments === "" && !call.custom) out.push({ type: "tool-call-delta", id, arguments: "{}" });
        const { family, model } = context.target;
        out.push({
          type: "tool-call-end",
          id,
          ...(signature === undefined ? undefined : { opaque: [{ family, model, kind: "thought-signature", data: signature }] }),
        });
      }
    },

    get any() {
      return calls.some((call) => call.id !== undefined);
    },
  };
}

function isJSON(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
