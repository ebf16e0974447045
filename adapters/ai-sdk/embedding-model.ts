import type { Crosspoint } from "crosspoint";
import { attemptMetadata, costFields } from "./answer-metadata.ts";
import { createAddressee } from "./addressee.ts";
import { readOptions } from "./call-options.ts";
import type { CrosspointCallOptions } from "./crosspoint-options.ts";
import { markError } from "./errors.ts";
import { KEY } from "./part-state.ts";
import type { CrosspointEmbeddingModel, JsonObject } from "./types.ts";
import { toCallWarning } from "./usage.ts";

/** A model of the layer as an embedding model of specification V4; longer lists than its limit are sent side by side. */
export function createEmbeddingModel(
  crosspoint: Crosspoint,
  modelId: string,
  provider: string,
  defaults: CrosspointCallOptions | undefined,
): CrosspointEmbeddingModel {
  const to = createAddressee(crosspoint, modelId);
  return {
    specificationVersion: "v4",
    provider,
    modelId,
    maxEmbeddingsPerCall: 2048,
    supportsParallelCalls: true,
    async doEmbed({ values, dimensions, abortSignal, providerOptions, headers }) {
      try {
        const { call, providerOptions: rest, warnings } = readOptions(providerOptions, to, defaults);
        const { attribution, apiKey, retries, deadline, timeout, user } = call;
        const response = await crosspoint.embed({
          model: modelId,
          input: values,
          ...(dimensions === undefined ? undefined : { dimensions }),
          ...(abortSignal === undefined ? undefined : { signal: abortSignal }),
          ...(headers === undefined ? undefined : { headers }),
          ...(rest === undefined ? undefined : { providerOptions: rest }),
          ...(attribution === undefined ? undefined : { attribution }),
          ...(apiKey === undefined ? undefined : { apiKey }),
          ...(retries === undefined ? undefined : { retries }),
          ...(deadline === undefined ? undefined : { deadline }),
          ...(timeout === undefined ? undefined : { timeout }),
          ...(user === undefined ? undefined : { user }),
        });
        const { input } = response.usage;
        const own = {
          provider: response.provider,
          deployment: response.deployment,
          ...costFields(response.cost),
          attempts: response.attempts.map(attemptMetadata),
          warnings,
        };
        return {
          embeddings: response.embeddings.map((vector) => [...vector]),
          ...(input.total === undefined ? undefined : { usage: { tokens: input.total } }),
          providerMetadata: { [KEY]: own as unknown as JsonObject },
          response: { headers: { "x-crosspoint-provider": response.provider, "x-crosspoint-deployment": response.deployment } },
          warnings: warnings.map(toCallWarning),
        };
      } catch (error) {
        throw markError(error, { signal: abortSignal });
      }
    },
  };
}
