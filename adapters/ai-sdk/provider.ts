import type { Crosspoint } from "crosspoint";
import type { CrosspointCallOptions } from "./crosspoint-options.ts";
import { createEmbeddingModel } from "./embedding-model.ts";
import { noSuchModel } from "./errors.ts";
import { createLanguageModel } from "./language-model.ts";
import type { CrosspointProvider, CrosspointProviderV3 } from "./types.ts";
import { toEmbeddingModelV3, toLanguageModelV3 } from "./v3.ts";

/** How the layer shows itself to the AI SDK. */
export interface CrosspointProviderOptions {
  /** `v4` for `ai` 7, `v3` for `ai` 6 (which refuses V4). Default `v4`. */
  readonly specification?: "v4" | "v3";
  /** Holds for every call; `providerOptions.crosspoint` of a call goes over it. */
  readonly defaults?: CrosspointCallOptions;
  /** What a model's `provider` says, in telemetry for example. Default `crosspoint`. */
  readonly name?: string;
  /** URLs that go to the provider as they are; the AI SDK downloads others. Default: what all providers that may answer take. */
  readonly supportedUrls?: Record<string, RegExp[]>;
}

/**
 * The layer as a provider of the AI SDK: `provider("smart")`, `provider.languageModel(…)`, `provider.embeddingModel(…)`. It retries and falls back by itself;
 * its errors tell the AI SDK not to retry once more.
 */
export function createCrosspointProvider(
  crosspoint: Crosspoint,
  options: CrosspointProviderOptions & { readonly specification: "v3" },
): CrosspointProviderV3;
export function createCrosspointProvider(
  crosspoint: Crosspoint,
  options?: CrosspointProviderOptions & { readonly specification?: "v4" },
): CrosspointProvider;
export function createCrosspointProvider(
  crosspoint: Crosspoint,
  options: CrosspointProviderOptions = {},
): CrosspointProvider | CrosspointProviderV3 {
  const { specification = "v4", defaults, name = "crosspoint", supportedUrls } = options;
  const language = (modelId: string) => createLanguageModel({ crosspoint, modelId, provider: name, defaults, supportedUrls });
  const embedding = (modelId: string) => createEmbeddingModel(crosspoint, modelId, name, defaults);
  return specification === "v3"
    ? assemble(
        "v3",
        (modelId) => toLanguageModelV3(language(modelId)),
        (modelId) => toEmbeddingModelV3(embedding(modelId)),
      )
    : assemble("v4", language, embedding);
}

function assemble<Version extends "v3" | "v4", Language, Embedding>(
  specificationVersion: Version,
  languageModel: (modelId: string) => Language,
  embeddingModel: (modelId: string) => Embedding,
) {
  const provider = function (modelId: string): Language {
    if (new.target !== undefined) throw new TypeError("call the provider without new");
    return languageModel(modelId);
  };
  return Object.assign(provider, {
    specificationVersion,
    languageModel,
    chat: languageModel,
    embeddingModel,
    textEmbeddingModel: embeddingModel,
    imageModel(modelId: string): never {
      throw noSuchModel(modelId, "imageModel");
    },
  });
}
