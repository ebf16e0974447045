import type { EncodeContext } from "../codec.ts";
import type { Opaque, Part } from "../../ir/content.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { ModelResponse } from "../../ir/response.ts";
import { encodeCitations } from "./citations.ts";
import { encodeFinishReason } from "./finish-reason.ts";
import { encodeUsage } from "./usage.ts";
import { CODEC, FAMILY, toInput, type Block } from "./wire.ts";

/** The state of a part as this wire can carry it: its own raw, another family's as a sealed envelope. */
export function carried(opaque: readonly Opaque[] | undefined): { redacted?: boolean; data: string } | undefined {
  const own = opaque?.find(({ family }) => family === FAMILY);
  if (own !== undefined) return { redacted: own.kind === "redacted", data: own.data };
  const sealed = opaque?.find((each) => each.sealed !== undefined)?.sealed;
  return sealed === undefined ? undefined : { data: sealed };
}

/** An empty thinking block that carries the state of the text or tool call behind it. */
function carrier(opaque: readonly Opaque[] | undefined): Block[] {
  const state = carried(opaque);
  return state === undefined ? [] : [{ type: "thinking", thinking: "", signature: state.data }];
}

/** The blocks that show a part. */
export function encodePart(part: Part): Block[] {
  switch (part.type) {
    case "text":
    case "refusal": {
      const before = carrier(part.opaque);
      if (part.text === "") return before;
      const citations = part.type === "text" ? encodeCitations(part.citations, FAMILY) : undefined;
      return [...before, { type: "text", text: part.text, citations: citations ?? null }];
    }
    case "reasoning": {
      const state = carried(part.opaque);
      if (state?.redacted === true && part.text === "") return [{ type: "redacted_thinking", data: state.data }];
      return part.text === "" && state === undefined ? [] : [{ type: "thinking", thinking: part.text, signature: state?.data ?? "" }];
    }
    case "tool-call": {
      const input = part.custom ? { input: part.arguments } : toInput(part.arguments);
      return [...carrier(part.opaque), { ...toolUse(part.id, part.name, part.providerOptions?.[CODEC]), input }];
    }
    case "provider":
      return part.codec === CODEC && typeof part.raw["type"] === "string" ? [part.raw as Block] : [];
    case "file":
    case "source":
    case "tool-result":
      return [];
    default:
      return part satisfies never;
  }
}

/** A `tool_use` block before its input is known. */
export function toolUse(id: string, name: string, options: JSONObject | undefined): Block {
  return { type: "tool_use", id, name, input: {}, caller: { type: "direct" }, ...options };
}

type Head = Pick<ModelResponse, "model" | "usage"> & Partial<Pick<ModelResponse, "id" | "finishReason" | "providerMetadata">>;

/** A message with every field that the official types require. */
export function encodeMessage(head: Head, content: readonly Block[], context: EncodeContext): JSONObject {
  return {
    id: head.id ?? context.newId("msg"),
    type: "message",
    role: "assistant",
    model: head.model || context.client.request.model,
    content,
    ...encodeStop(head),
    diagnostics: null,
    ...head.providerMetadata?.[FAMILY],
    usage: encodeUsage(head.usage),
  };
}

/** The fields that a message shares with the delta that ends its stream. */
export function encodeStop({
  finishReason,
  providerMetadata,
}: Partial<Pick<ModelResponse, "finishReason" | "providerMetadata">>): JSONObject {
  const { stop_details = null, container = null } = providerMetadata?.[FAMILY] ?? {};
  return {
    stop_reason: finishReason === undefined ? null : encodeFinishReason(finishReason),
    stop_sequence: finishReason?.stopSequence ?? null,
    stop_details,
    container,
  };
}

export function encodeResponse(response: ModelResponse, context: EncodeContext): JSONObject {
  const extension = context.extension?.(response);
  return {
    ...encodeMessage(response, response.content.flatMap(encodePart), context),
    ...(extension !== undefined && { crosspoint: extension }),
  };
}
