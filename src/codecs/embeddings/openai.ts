import { toBase64 } from "../base64.ts";
import { CrosspointError } from "../../ir/error.ts";
import type { JSONObject } from "../../ir/json.ts";
import { makeUsage } from "../../ir/usage.ts";
import type { EmbeddingCodec, Embeddings, EmbedRequest } from "./embedding.ts";

interface Body {
  readonly data?: readonly { readonly index?: number; readonly embedding?: unknown }[];
  readonly model?: string;
  readonly usage?: { readonly prompt_tokens?: number; readonly total_tokens?: number };
}

/** OpenAI's `POST /embeddings`. */
export const openaiEmbeddings: EmbeddingCodec = {
  id: "openai",
  encodeRequest(model, input, request, options) {
    return {
      path: "/embeddings",
      body: {
        model,
        input,
        encoding_format: "float",
        ...(request.dimensions === undefined ? undefined : { dimensions: request.dimensions }),
        ...(request.user === undefined ? undefined : { user: request.user }),
        ...options,
      },
    };
  },
  decodeResponse(body, count) {
    const { data, model, usage } = (body ?? {}) as Body;
    const vectors: (readonly number[])[] = [];
    if (Array.isArray(data)) {
      for (const [position, item] of data.entries()) {
        const vector = typeof item?.embedding === "string" ? fromBase64(item.embedding) : item?.embedding;
        if (isVector(vector)) vectors[typeof item.index === "number" ? item.index : position] = vector;
      }
    }
    return {
      embeddings: checkCount(vectors, count),
      usage: usageOf(usage?.prompt_tokens ?? usage?.total_tokens, usage),
      ...(typeof model === "string" ? { model } : undefined),
    };
  },
};

/** What a client asked over OpenAI's wire. Inputs of token numbers are refused: they mean something to one tokenizer only. */
export function decodeOpenAIEmbedRequest(body: unknown): { request: EmbedRequest; base64: boolean } {
  const { model, input, dimensions, user, encoding_format: format, ...rest } = (body ?? {}) as Record<string, unknown>;
  if (typeof model !== "string") throw badRequest("model", "a string");
  if (typeof input !== "string" && !(Array.isArray(input) && input.length > 0 && input.every((each) => typeof each === "string"))) {
    throw badRequest("input", "a string or a list of strings");
  }
  if (dimensions !== undefined && typeof dimensions !== "number") throw badRequest("dimensions", "a number");
  return {
    base64: format === "base64",
    request: {
      model,
      input: input as string | string[],
      ...(dimensions === undefined ? undefined : { dimensions }),
      ...(typeof user === "string" ? { user } : undefined),
      ...(Object.keys(rest).length === 0 ? undefined : { providerOptions: { openai: rest as JSONObject } }),
    },
  };
}

/** The answer in OpenAI's form. */
export function encodeOpenAIEmbeddings(embeddings: Embeddings, model: string, base64: boolean): JSONObject {
  const tokens = embeddings.usage.input.total ?? 0;
  return {
    object: "list",
    data: embeddings.embeddings.map((vector, index) => ({ object: "embedding", index, embedding: base64 ? packVector(vector) : vector })),
    model: embeddings.model ?? model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

export function badRequest(param: string, expected: string): CrosspointError {
  return new CrosspointError("BAD_REQUEST", `${param} must be ${expected}`, { param });
}

export function isVector(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((number) => typeof number === "number");
}

export function checkCount(vectors: readonly (readonly number[])[], count: number): readonly (readonly number[])[] {
  if (vectors.length !== count || vectors.includes(undefined as never)) {
    throw new CrosspointError("BAD_RESPONSE", `the provider returned ${vectors.length} embeddings for ${count} inputs`);
  }
  return vectors;
}

export function usageOf(tokens: number | undefined, raw: object | undefined): Embeddings["usage"] {
  return makeUsage({
    ...(tokens === undefined ? undefined : { input: { total: tokens } }),
    output: { total: 0 },
    ...(raw === undefined ? undefined : { raw: raw as JSONObject }),
  });
}

/** Little-endian 32-bit floats, as OpenAI packs them. */
function fromBase64(text: string): readonly number[] | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    return Array.from({ length: bytes.length >> 2 }, (_, index) => view.getFloat32(index * 4, true));
  } catch {
    return undefined;
  }
}

function packVector(vector: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((number, index) => view.setFloat32(index * 4, number, true));
  return toBase64(new Uint8Array(view.buffer));
}
