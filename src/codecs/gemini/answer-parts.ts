import type { Citation, Part, Source } from "../../ir/content.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { Cost } from "../../ir/response.ts";
import type { Usage } from "../../ir/usage.ts";
import { encodeGrounding } from "./citations.ts";
import { encodeClientFile } from "./media.ts";
import { carriedSignature } from "./signature.ts";
import { argumentObject } from "./tools.ts";
import { encodeUsage } from "./usage.ts";
import { GEMINI, GOOGLE, listOf, objectOf } from "./wire.ts";

/** What the parts of one candidate say beside themselves. */
export interface Collected {
  readonly texts: { readonly text: string; readonly citations?: readonly Citation[] }[];
  readonly sources: Source[];
}

/** One part of an answer; `undefined` when it has no place among the parts of this wire. */
export function encodeAnswerPart(part: Part, collected: Collected): JSONObject | undefined {
  const signature = carriedSignature(part.opaque);
  const signed = signature === undefined ? undefined : { thoughtSignature: signature };
  switch (part.type) {
    case "text":
    case "refusal": {
      const citations = part.type === "text" ? part.citations : undefined;
      if (citations !== undefined) collected.texts.push({ text: part.text, citations });
      return part.text === "" && signed === undefined ? undefined : { text: part.text, ...signed };
    }
    case "reasoning":
      return part.text === "" && signed === undefined ? undefined : { text: part.text, thought: true, ...signed };
    case "tool-call":
      return { functionCall: { id: part.id, name: part.name, args: argumentObject(part.arguments, part.custom) }, ...signed };
    case "file":
      return { ...encodeClientFile(part), ...signed };
    case "source":
      collected.sources.push(part.source);
      return undefined;
    case "provider":
      return part.codec === GEMINI ? { ...part.raw, ...signed } : undefined;
    case "tool-result":
      return undefined;
    default:
      return part satisfies never;
  }
}

/** The fields of candidate `index` that are no content: the provider's own where it is Google, else sources in its words. */
export function candidateFields(
  metadata: Readonly<Record<string, JSONObject>> | undefined,
  index: number,
  collected: Collected,
): JSONObject {
  const { promptFeedback: _feedback, modelStatus: _status, otherCandidates, ...first } = objectOf(metadata?.[GOOGLE]);
  const own = index === 0 ? first : objectOf(listOf(otherCandidates)[index - 1]);
  if (own.groundingMetadata !== undefined) return own;
  const grounding = encodeGrounding(collected.texts, collected.sources);
  return grounding === undefined ? own : { ...own, groundingMetadata: grounding };
}

/** The fields of the response object that close it. */
export function closingFields(
  metadata: Readonly<Record<string, JSONObject>> | undefined,
  usage: Usage | undefined,
  extension: JSONObject | undefined,
): JSONObject {
  const { promptFeedback, modelStatus } = objectOf(metadata?.[GOOGLE]);
  const counted = encodeUsage(usage);
  return {
    ...(promptFeedback === undefined ? undefined : { promptFeedback }),
    ...(counted === undefined ? undefined : { usageMetadata: counted }),
    ...(modelStatus === undefined ? undefined : { modelStatus }),
    ...(extension === undefined ? undefined : { crosspoint: extension }),
  };
}

/** When the answer began; nothing for a number that no date can hold. */
export function createTime(created: number | undefined): { readonly createTime: string } | undefined {
  const known = created !== undefined && Math.abs(created) < 8.64e12;
  return known ? { createTime: new Date(created * 1000).toISOString() } : undefined;
}

/** What an extension may see. */
export function shareOf(usage: Usage | undefined, cost: Cost | undefined): { usage?: Usage; cost?: Cost } {
  return { ...(usage === undefined ? undefined : { usage }), ...(cost === undefined ? undefined : { cost }) };
}

/** True for an answer that the provider refused before it began: such a response has no candidates. */
export function isBlocked(metadata: Readonly<Record<string, JSONObject>> | undefined): boolean {
  return objectOf(objectOf(metadata?.[GOOGLE]).promptFeedback).blockReason !== undefined;
}
