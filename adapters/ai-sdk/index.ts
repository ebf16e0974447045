export { createCrosspointProvider, type CrosspointProviderOptions } from "./provider.ts";
export { fromAISDK } from "./from/from-ai-sdk.ts";
export type { AISDKModel } from "./from/model.ts";
export type { CrosspointCallOptions } from "./crosspoint-options.ts";
export { crosspointOf } from "./answer-metadata.ts";
export type { AttemptMetadata, CrosspointMetadata } from "./answer-metadata.ts";
export type {
  CrosspointEmbeddingModel,
  CrosspointEmbeddingModelV3,
  CrosspointLanguageModel,
  CrosspointLanguageModelV3,
  CrosspointProvider,
  CrosspointProviderV3,
} from "./types.ts";
