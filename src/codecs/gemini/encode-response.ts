import type { JSONObject } from "../../ir/json.ts";
import type { Choice, ModelResponse } from "../../ir/response.ts";
import type { EncodeContext } from "../codec.ts";
import { candidateFields, closingFields, createTime, encodeAnswerPart, isBlocked, shareOf, type Collected } from "./answer-parts.ts";
import { encodeFinishReason } from "./finish-reason.ts";
import { encodeLogprobs } from "./logprobs.ts";

export function encodeResponse(response: ModelResponse, context: EncodeContext): JSONObject {
  const { providerMetadata, usage, cost } = response;
  const choices: readonly Choice[] = response.choices ?? [response];
  const blocked = isBlocked(providerMetadata) && response.content.length === 0;
  return {
    ...(blocked ? undefined : { candidates: choices.map((choice, index) => encodeCandidate(choice, index, providerMetadata)) }),
    ...closingFields(providerMetadata, usage, context.extension?.(shareOf(usage, cost))),
    modelVersion: response.model,
    ...createTime(response.created),
    responseId: response.id ?? context.newId("resp"),
  };
}

function encodeCandidate({ content, finishReason }: Choice, index: number, metadata: ModelResponse["providerMetadata"]): JSONObject {
  const collected: Collected = { texts: [], sources: [] };
  const parts = content.map((part) => encodeAnswerPart(part, collected)).filter((part) => part !== undefined);
  const logprobs = encodeLogprobs(content.flatMap((part) => (part.type === "text" && part.logprobs) || []));
  return {
    content: { parts: parts.length === 0 ? [{ text: "" }] : parts, role: "model" },
    finishReason: encodeFinishReason(finishReason),
    index,
    ...candidateFields(metadata, index, collected),
    ...(logprobs === undefined ? undefined : { logprobsResult: logprobs }),
  };
}
