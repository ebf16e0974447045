import type { Citation, FilePart, SourcePart, TextPart, TokenLogprob } from "../../ir/content.ts";
import type { JSONObject } from "../../ir/json.ts";
import { toBase64 } from "../base64.ts";
import { CODEC, compact, type Wire } from "./wire.ts";

/** `url_citation` annotations of a part whose text begins at `offset` of the whole. */
export function annotations(part: TextPart | SourcePart, offset: number): readonly JSONObject[] {
  const cited: readonly Citation[] = part.type === "source" ? [part] : (part.citations ?? []);
  return cited.flatMap(({ source, answerStart, answerEnd }) => {
    const { url, title = url } = source;
    if (url === undefined) return [];
    const place = { start_index: (answerStart ?? 0) + offset, end_index: (answerEnd ?? 0) + offset };
    return [{ type: "url_citation", url_citation: { ...place, title, url } }];
  });
}

function encodeToken({ token, logprob, bytes }: Pick<TokenLogprob, "token" | "logprob" | "bytes">): Wire {
  return { token, logprob, bytes: bytes ?? null };
}

export function logprobsField(tokens: readonly TokenLogprob[]): JSONObject {
  return { content: tokens.map((each) => ({ ...encodeToken(each), top_logprobs: (each.top ?? []).map(encodeToken) })), refusal: null };
}

function base64Of({ data }: FilePart): string | undefined {
  return data.type === "base64" ? data.base64 : data.type === "bytes" ? toBase64(data.bytes) : undefined;
}

/** The `audio` of a message; `undefined` for a file that is no sound. */
export function audioField(part: FilePart): JSONObject | undefined {
  const data = base64Of(part);
  if (!part.mediaType.startsWith("audio/") || data === undefined) return undefined;
  const expires = part.providerOptions?.[CODEC]?.["expires_at"];
  return compact<Wire>({ id: part.itemId ?? "audio", data, transcript: part.transcript ?? "", expires_at: expires ?? 0 });
}

/** A generated image, by OpenRouter's convention: https://openrouter.ai/docs/features/multimodal/image-generation. */
export function imageField(part: FilePart): JSONObject | undefined {
  if (!part.mediaType.startsWith("image/")) return undefined;
  const data = base64Of(part);
  const url = part.data.type === "url" ? part.data.url : data === undefined ? undefined : `data:${part.mediaType};base64,${data}`;
  return url === undefined ? undefined : { type: "image_url", image_url: { url } };
}
