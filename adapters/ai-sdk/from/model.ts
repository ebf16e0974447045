import type { CodecId } from "crosspoint";
import { familyOf } from "../file-data.ts";

/** A language model of any specification that is in use. */
export interface AISDKModel {
  readonly specificationVersion: "v2" | "v3" | "v4";
  readonly provider: string;
  readonly modelId: string;
  doGenerate(options: never): PromiseLike<object>;
  doStream(options: never): PromiseLike<{ readonly stream: ReadableStream<unknown> }>;
}

/** The kind of opaque state that holds a part's `providerMetadata` whole. */
export const STATE = "ai-sdk";

/** What the layer must know of a model: who understands its state, and whose rules its conversations follow. */
export interface Origin {
  readonly family: string;
  readonly codec: CodecId;
}

const CODECS: Readonly<Record<string, CodecId>> = { anthropic: "anthropic-messages", google: "gemini" };

/** `openai.responses`, `anthropic.messages`, `google.generative-ai`, `google.vertex.chat`: the family is in front. */
export function originOf(provider: string): Origin {
  const family = familyOf(provider.split(".")[0]!);
  const own = Object.hasOwn(CODECS, family) ? CODECS[family]! : "openai-chat";
  return { family, codec: provider.endsWith(".responses") ? "openai-responses" : own };
}
