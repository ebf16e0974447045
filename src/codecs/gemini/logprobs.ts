import type { TokenLogprob } from "../../ir/content.ts";
import type { JSONObject, JSONValue } from "../../ir/json.ts";
import { isObject, listOf, objectOf } from "./wire.ts";

/** `logprobsResult` by token; `undefined` when there is none. */
export function decodeLogprobs(result: JSONValue | undefined): TokenLogprob[] | undefined {
  if (!isObject(result)) return undefined;
  const top = listOf(result.topCandidates);
  const tokens = listOf(result.chosenCandidates).map((chosen, index) => {
    const others = listOf(objectOf(top[index]).candidates);
    return { ...decodeToken(chosen), ...(others.length === 0 ? undefined : { top: others.map(decodeToken) }) };
  });
  return tokens.length === 0 ? undefined : tokens;
}

function decodeToken(value: JSONValue): { readonly token: string; readonly logprob: number } {
  const { token, logProbability } = objectOf(value);
  return { token: typeof token === "string" ? token : "", logprob: typeof logProbability === "number" ? logProbability : 0 };
}

export function encodeLogprobs(logprobs: readonly TokenLogprob[] | undefined): JSONObject | undefined {
  if (logprobs === undefined || logprobs.length === 0) return undefined;
  const encode = ({ token, logprob }: { readonly token: string; readonly logprob: number }): JSONObject => ({
    token,
    logProbability: logprob,
  });
  return {
    chosenCandidates: logprobs.map(encode),
    ...(logprobs.some(({ top }) => top !== undefined)
      ? { topCandidates: logprobs.map(({ top }) => ({ candidates: (top ?? []).map(encode) })) }
      : undefined),
  };
}
