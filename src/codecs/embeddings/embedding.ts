import type { JSONObject } from "../../ir/json.ts";
import type { Usage } from "../../ir/usage.ts";

/** What an embedding model is asked. */
export interface EmbedRequest {
  /** `provider/model`, a bare name, or a name from the `models` option. */
  readonly model: string;
  readonly input: string | readonly string[];
  /** Length of each vector, where the model can shorten it. */
  readonly dimensions?: number;
  /** What the vectors are for (Gemini `taskType`): `RETRIEVAL_QUERY`, … */
  readonly taskType?: string;
  readonly user?: string;
  readonly providerOptions?: Readonly<Record<string, JSONObject>>;
}

export interface Embeddings {
  /** One vector for each input, in its order. */
  readonly embeddings: readonly (readonly number[])[];
  readonly usage: Usage;
  /** The model that answered, as the provider names it. */
  readonly model?: string;
}

/** One wire of embeddings, both directions. */
export interface EmbeddingCodec {
  readonly id: "openai" | "gemini";
  /** `options` are the provider's own, merged verbatim. */
  encodeRequest(
    model: string,
    input: readonly string[],
    request: EmbedRequest,
    options: JSONObject | undefined,
  ): { path: string; body: JSONObject };
  /** Throws BAD_RESPONSE when the vectors do not match the `count` of inputs. */
  decodeResponse(body: unknown, count: number): Embeddings;
}
