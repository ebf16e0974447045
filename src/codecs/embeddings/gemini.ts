import type { JSONObject } from "../../ir/json.ts";
import type { EmbeddingCodec, Embeddings, EmbedRequest } from "./embedding.ts";
import { badRequest, checkCount, isVector, usageOf } from "./openai.ts";

interface Content {
  readonly parts?: readonly { readonly text?: unknown }[];
}
interface EmbedBody {
  readonly content?: Content;
  readonly taskType?: unknown;
  readonly outputDimensionality?: unknown;
}
interface Answer {
  readonly embeddings?: readonly { readonly values?: unknown }[];
  readonly embedding?: { readonly values?: unknown };
  readonly usageMetadata?: { readonly promptTokenCount?: number };
}

const modelPath = (model: string): string => (model.includes("/") ? model : `models/${model}`);

/** Gemini's `:batchEmbedContents`. */
export const geminiEmbeddings: EmbeddingCodec = {
  id: "gemini",
  encodeRequest(model, input, request, options) {
    const settings = {
      ...(request.taskType === undefined ? undefined : { taskType: request.taskType }),
      ...(request.dimensions === undefined ? undefined : { outputDimensionality: request.dimensions }),
      ...options,
    };
    const path = modelPath(model);
    return {
      path: `/${path}:batchEmbedContents`,
      body: { requests: input.map((text) => ({ model: path, content: { parts: [{ text }] }, ...settings })) },
    };
  },
  decodeResponse(body, count) {
    const { embeddings, embedding, usageMetadata } = (body ?? {}) as Answer;
    const list = Array.isArray(embeddings) ? embeddings : embedding === undefined ? [] : [embedding];
    return {
      embeddings: checkCount(list.map((each) => each?.values).filter(isVector), count),
      usage: usageOf(usageMetadata?.promptTokenCount, usageMetadata),
    };
  },
};

/** What a client asked over Gemini's wire: `:embedContent` (one) or `:batchEmbedContents`. */
export function decodeGeminiEmbedRequest(body: unknown, model: string, batch: boolean): EmbedRequest {
  const requests = batch ? (body as { requests?: unknown } | null)?.requests : [body];
  if (!Array.isArray(requests) || requests.length === 0) throw badRequest("requests", "a list");
  const input = requests.map((each: EmbedBody | null, index) => {
    const parts = each?.content?.parts;
    if (!Array.isArray(parts) || !parts.every((part) => typeof part?.text === "string")) {
      throw badRequest(batch ? `requests[${index}].content` : "content", "an object with text parts");
    }
    return parts.map((part) => part.text as string).join("");
  });
  const { taskType, outputDimensionality } = requests[0] as EmbedBody;
  return {
    model,
    input,
    ...(typeof taskType === "string" ? { taskType } : undefined),
    ...(typeof outputDimensionality === "number" ? { dimensions: outputDimensionality } : undefined),
  };
}

/** The answer in Gemini's form. */
export function encodeGeminiEmbeddings({ embeddings, usage }: Embeddings, batch: boolean): JSONObject {
  const list = embeddings.map((values) => ({ values }));
  const total = usage.input.total;
  return {
    ...(batch ? { embeddings: list } : { embedding: list[0]! }),
    ...(total === undefined ? undefined : { usageMetadata: { promptTokenCount: total } }),
  };
}
