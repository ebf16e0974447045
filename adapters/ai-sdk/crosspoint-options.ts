import type { CallOptions, ModelRequest } from "crosspoint";

/** What `providerOptions.crosspoint` of a call takes. */
export interface CrosspointCallOptions
  extends
    Pick<
      CallOptions,
      "attribution" | "apiKey" | "retries" | "deadline" | "timeout" | "firstEventTimeout" | "idleTimeout" | "fallbacks" | "unsupported"
    >,
    Pick<
      ModelRequest,
      | "reasoning"
      | "parallelToolCalls"
      | "verbosity"
      | "serviceTier"
      | "promptCacheKey"
      | "cache"
      | "user"
      | "safetyIdentifier"
      | "metadata"
      | "store"
      | "logprobs"
      | "topLogprobs"
      | "logitBias"
      | "modalities"
    > {}
