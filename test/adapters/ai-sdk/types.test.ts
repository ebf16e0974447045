import type { LanguageModelV3, LanguageModelV4, ProviderV3, ProviderV4 } from "@ai-sdk/provider";
import type { LanguageModel } from "ai";
import { expectTypeOf, test } from "vitest";
import type { CrosspointLanguageModel, CrosspointLanguageModelV3, CrosspointProvider, CrosspointProviderV3 } from "crosspoint/ai-sdk";

test("the face has the AI SDK's types", () => {
  expectTypeOf<CrosspointLanguageModel>().toExtend<LanguageModelV4>();
  expectTypeOf<CrosspointLanguageModel>().toExtend<LanguageModel>();
  expectTypeOf<CrosspointProvider>().toExtend<ProviderV4>();
  expectTypeOf<CrosspointLanguageModelV3>().toExtend<LanguageModelV3>();
  expectTypeOf<CrosspointProviderV3>().toExtend<ProviderV3>();
});
