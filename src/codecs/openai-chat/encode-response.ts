import type { Part } from "../../ir/content.ts";
import type { JSONObject, JSONValue } from "../../ir/json.ts";
import type { Choice, ModelResponse } from "../../ir/response.ts";
import type { EncodeContext } from "../codec.ts";
import { annotations, audioField, imageField, logprobsField } from "./answer-fields.ts";
import { encodeCallState, encodeDetails, type Thought } from "./carriers.ts";
import { WIRE_REASON } from "./finish-reason.ts";
import { tierField } from "./service-tier.ts";
import { encodeUsage } from "./usage.ts";
import { asText, compact, type Wire } from "./wire.ts";

export function encodeResponse(response: ModelResponse, context: EncodeContext): JSONObject {
  const choices: readonly Choice[] = response.choices ?? [response];
  const { usage, cost, serviceTier, providerMetadata } = response;
  return compact<Wire>({
    id: response.id ?? context.newId("chatcmpl"),
    object: "chat.completion",
    created: response.created ?? context.now,
    model: asText(response.model) ?? context.client.request.model,
    choices: choices.map((choice, index) => encodeChoice(choice, index, context)),
    usage: encodeUsage(usage),
    service_tier: tierField(serviceTier),
    system_fingerprint: fingerprint(providerMetadata),
    crosspoint: context.extension?.(cost === undefined ? { usage } : { usage, cost }),
  });
}

export function fingerprint(metadata: ModelResponse["providerMetadata"]): string | undefined {
  for (const each of Object.values(metadata ?? {})) if (typeof each["system_fingerprint"] === "string") return each["system_fingerprint"];
  return undefined;
}

function encodeChoice({ content, finishReason }: Choice, index: number, context: EncodeContext): JSONObject {
  const legacy = context.client.legacyFunctions === true;
  let text: string | undefined;
  let refusal: string | undefined;
  const thoughts: Thought[] = [];
  const calls: JSONObject[] = [];
  const images: JSONObject[] = [];
  const notes: JSONObject[] = [];
  let audio: JSONObject | undefined;
  let logprobs: JSONValue = null;
  for (const part of content) {
    if (part.type === "text") {
      notes.push(...annotations(part, text?.length ?? 0));
      text = (text ?? "") + part.text;
      if (part.logprobs !== undefined) logprobs = logprobsField(part.logprobs);
    } else if (part.type === "refusal") refusal = (refusal ?? "") + part.text;
    else if (part.type === "reasoning") thoughts.push(part);
    else if (part.type === "tool-call") calls.push(encodeCall(part));
    else if (part.type === "source") notes.push(...annotations(part, 0));
    else if (part.type === "file") {
      audio = audioField(part) ?? audio;
      const image = imageField(part);
      if (image !== undefined) images.push(image);
    }
  }
  const thought = thoughts.map((each) => each.text).join("");
  const reason = WIRE_REASON[finishReason.unified];
  return {
    index,
    message: compact<Wire>({
      role: "assistant",
      content: text ?? null,
      refusal: refusal ?? null,
      reasoning_content: asText(thought),
      reasoning_details: encodeDetails(thoughts),
      annotations: notes.length === 0 ? undefined : notes,
      tool_calls: calls.length === 0 || legacy ? undefined : calls,
      function_call: legacy ? calls[0]?.["function"] : undefined,
      audio,
      images: images.length === 0 ? undefined : images,
    }),
    logprobs,
    finish_reason: legacy && reason === "tool_calls" ? "function_call" : reason,
  };
}

function encodeCall(part: Extract<Part, { readonly type: "tool-call" }>): JSONObject {
  const { id, name, custom } = part;
  return {
    id,
    ...(custom === true
      ? { type: "custom", custom: { name, input: part.arguments } }
      : { type: "function", function: { name, arguments: asText(part.arguments) ?? "{}" } }),
    ...encodeCallState(part.opaque),
  };
}
