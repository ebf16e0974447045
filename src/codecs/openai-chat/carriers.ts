import type { Opaque, Part, ReasoningPart } from "../../ir/content.ts";
import type { JSONObject } from "../../ir/json.ts";
import { asArray, asObject, asText, carriedState, type Wire } from "./wire.ts";

/** How opaque state travels through clients of this wire: sealed, in fields that its own conventions know. */
export interface Thought {
  text: string;
  opaque?: readonly Opaque[];
}

/**
 * `reasoning_details` for what was thought, or `undefined` when there is no state to carry. The text goes along where several
 * thoughts share one `reasoning_content`, so that each finds its own state again, and in streams (`whole` false), because
 * the official client's helper keeps only the last delta of `reasoning_content`.
 */
export function encodeDetails(thoughts: readonly Thought[], whole = true): readonly JSONObject[] | undefined {
  const several = !whole || thoughts.filter((thought) => thought.text !== "").length > 1;
  const details: Wire[] = [];
  for (const { text, opaque } of thoughts) {
    const data = sealedOf(opaque);
    const shared = { format: "crosspoint", index: details.length };
    if (several && text !== "")
      details.push({ type: "reasoning.text", text, ...(data === undefined ? undefined : { signature: data }), ...shared });
    else if (data !== undefined) details.push({ type: "reasoning.encrypted", data, ...shared });
  }
  return details.some((each) => each["data"] ?? each["signature"]) ? details : undefined;
}

function sealedOf(opaque: readonly Opaque[] | undefined): string | undefined {
  return opaque?.find((each) => each.sealed !== undefined)?.sealed;
}

/** The reasoning that a client sent back. State that is not ours is left out: nothing tells whose it is. */
export function decodeReasoning(message: JSONObject): Part[] {
  const parts: ReasoningPart[] = [];
  let shown = asText(message["reasoning_content"]) ?? asText(message["reasoning"]) ?? "";
  for (const each of asArray(message["reasoning_details"])) {
    const detail = asObject(each);
    const data = asText(detail?.["data"]) ?? asText(detail?.["signature"]);
    const opaque = data?.startsWith("xp1.") === true ? { opaque: [carriedState(data, "", "")] } : undefined;
    const text = asText(detail?.["text"]);
    if (text !== undefined) {
      parts.push({ type: "reasoning", text, ...opaque });
      shown = "";
    } else if (opaque !== undefined) {
      parts.push({ type: "reasoning", text: shown, ...opaque });
      shown = "";
    }
  }
  if (shown !== "") parts.unshift({ type: "reasoning", text: shown });
  return parts;
}

/** `extra_content` that carries a call's state: sealed, or raw when it is Google's own. */
export function encodeCallState(opaque: readonly Opaque[] | undefined): { extra_content: JSONObject } | undefined {
  const own = opaque?.find((each) => each.family === "google" && each.kind === "thought-signature");
  const data = sealedOf(opaque) ?? own?.data;
  return data === undefined ? undefined : { extra_content: { google: { thought_signature: data } } };
}

export function stateOfCall(entry: JSONObject): readonly Opaque[] | undefined {
  const data = asText(asObject(asObject(entry["extra_content"])?.["google"])?.["thought_signature"]);
  return data === undefined ? undefined : [carriedState(data, "google", "thought-signature")];
}
